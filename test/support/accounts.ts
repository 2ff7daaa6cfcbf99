import { expect } from 'vitest';
import type { Stack } from './stack.ts';
import type { BatchView, OrderView } from './views.ts';

/** The simulator's account of where all mass is, as far as the tests compare it. */
export interface LedgerView {
  readonly bins: Readonly<Record<string, { outKg: number; contentKg: number }>>;
  readonly scales: Readonly<Record<string, { contentKg: number }>>;
  readonly inTransit: Readonly<Record<string, number>>;
  readonly bags: { readonly count: number; readonly kg: number };
  readonly sources: Readonly<Record<string, number>>;
  readonly losses: Readonly<Record<string, number>>;
  readonly balanceMg: number;
}

export type OrderDetail = OrderView & { readonly batches: readonly BatchView[] };

const SHARE = 0.001;

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

/** Mass that lies in the scales and behind them: in equipment numbered from 500 on. */
function downstreamKg(ledger: LedgerView): number {
  const held: [string, number][] = [
    ...Object.entries(ledger.bins).map(([id, bin]): [string, number] => [id, bin.contentKg]),
    ...Object.entries(ledger.scales).map(([id, scale]): [string, number] => [id, scale.contentKg]),
    ...Object.entries(ledger.inTransit),
  ];
  return sum(held.filter(([id]) => Number(/\d+/.exec(id)) >= 500).map(([, kg]) => kg));
}

/**
 * Compares what is in the database with what physically happened, from an earlier ledger to now:
 * each dosing bin lost what its doses say, to 0.1 %; no dose and no bag is missing or double.
 */
export async function expectAccountsAgree(
  stack: Stack,
  order: OrderDetail,
  before: LedgerView,
): Promise<void> {
  const after = await stack.simulator<LedgerView>('/ledger');
  expect(after.balanceMg).toBe(0);
  const doses = order.batches.flatMap((batch) => batch.doses);
  expect(new Set(doses.map((dose) => dose.doseId)).size).toBe(doses.length);
  for (const bin of new Set(doses.map((dose) => dose.bin))) {
    const dosedKg = sum(doses.filter((dose) => dose.bin === bin).map((dose) => dose.actualKg));
    const leftKg = (after.bins[bin]?.outKg ?? 0) - (before.bins[bin]?.outKg ?? 0);
    expect
      .soft(Math.abs(dosedKg - leftKg) / leftKg, `${bin}: doses ${dosedKg} kg, left ${leftKg} kg`)
      .toBeLessThan(SHARE);
  }
  const dosedKg = sum(doses.map((dose) => dose.actualKg));
  const lossesKg = sum(Object.values(after.losses)) - sum(Object.values(before.losses));
  const steamKg = (after.sources['steam'] ?? 0) - (before.sources['steam'] ?? 0);
  const heldKg = downstreamKg(after) - downstreamKg(before);
  const baggedKg = after.bags.kg - before.bags.kg;
  const accountedKg = baggedKg + lossesKg + heldKg - steamKg;
  const account = { dosedKg, steamKg, baggedKg, lossesKg, heldKg };
  expect
    .soft(Math.abs(dosedKg - accountedKg) / dosedKg, JSON.stringify(account))
    .toBeLessThan(SHARE);
  expect.soft(order.bags, 'bags in the database').toBe(after.bags.count - before.bags.count);
  // The bag scale shows steps of 10 g, so each bag may differ by half of one.
  const bagStepsKg = order.bags * 0.005;
  expect.soft(Math.abs(order.producedKg - baggedKg), 'kg in bags').toBeLessThan(bagStepsKg);
}
