/**
 * Goal: the three accounts of each ingredient after a day: what the doses say, what the stock
 * keeper's book says, and what really left the simulated dosing bins and lies in the bins.
 */
import type { Mill } from '../../../plc/mill/definition.ts';
import { contentOf } from '../../../simulators/process/index.ts';
import { trucksOf } from '../truck-yard.ts';
import type { VirtualMill } from '../virtual-mill.ts';

/** Bins of raw material: what lies behind them is product. */
const RAW: readonly string[] = ['pit', 'silo', 'hopper', 'dosing', 'micro', 'tank'];
/** They agree within this share of what was there (issue: 0.1 %), and a kg of rounding. */
const SHARE = 0.001;
const ROUNDING_KG = 1;

export interface IngredientAccount {
  readonly material: string;
  /** In stock at the beginning, by truck and by hand, kg. */
  readonly suppliedKg: number;
  readonly dosedKg: number;
  /** What the simulator says left the dosing bins, but for doses under way, kg. */
  readonly leftKg: number;
  readonly bookKg: number;
  /** What the simulator has in the bins that the book knows of, and in doses under way, kg. */
  readonly storedKg: number;
}

function add(sums: Map<string, number>, material: string, kg: number): void {
  sums.set(material, (sums.get(material) ?? 0) + kg);
}

/** Bins whose feeder leads to a scale. */
function dosingBins(mill: Mill): string[] {
  const typeOf = (id: string) => mill.deviceById.get(id)?.type;
  return mill.flows.flatMap(({ from, to }) => {
    const isDosed = mill.flows.some((one) => one.from === to && typeOf(one.to) === 'scale');
    return typeOf(from) === 'bin' && isDosed ? [from] : [];
  });
}

function rawBins(mill: Mill): string[] {
  return mill.devices.flatMap((one) =>
    one.type === 'bin' && RAW.includes(one.settings.kind) ? [one.id] : [],
  );
}

/** Conveyors, elevators and the like on which only raw material lies: before the scales. */
function rawWays(mill: Mill): string[] {
  const product = new Set(mill.lines.map(({ mixer }) => mixer));
  for (const id of product) {
    for (const { from, to } of mill.flows) if (from === id) product.add(to);
  }
  const dosing = new Set(dosingBins(mill));
  const feeds = new Set(mill.flows.flatMap(({ from, to }) => (dosing.has(from) ? [to] : [])));
  return mill.devices
    .filter(({ type, id }) => type !== 'bin' && type !== 'scale' && !product.has(id))
    .map(({ id }) => id)
    .filter((id) => !feeds.has(id));
}

function inBook(running: VirtualMill): Map<string, number> {
  const sums = new Map<string, number>();
  const raw = new Set(rawBins(running.controller.mill));
  for (const document of running.status('stock')) {
    if (document.kind !== 'stock' || !raw.has(document.bin)) continue;
    const { layers, bookKg, material } = document;
    const portions = layers.flat();
    for (const one of portions) add(sums, one.material ?? '?', one.kg);
    // More went out than the book had in it: it owes that.
    const owedKg = portions.reduce((sum, one) => sum + one.kg, 0) - bookKg;
    add(sums, material ?? '?', -owedKg);
  }
  return sums;
}

/** In simulated bins and on their ways; a truck counts once it is weighed out, as in the book. */
function inBins(running: VirtualMill): Map<string, number> {
  const sums = new Map<string, number>();
  const { mill } = running.controller;
  for (const place of [...rawBins(mill), ...rawWays(mill)]) {
    for (const { parts } of contentOf(running.field, place)) {
      for (const { material, kg } of parts) add(sums, material, kg);
    }
  }
  const open = new Set(
    trucksOf(running).flatMap(({ lot, state }) => (state === 'Complete' ? [] : [lot])),
  );
  for (const { lot, material, suppliedKg } of running.ledger().substances) {
    if (open.has(lot)) add(sums, material, -suppliedKg);
  }
  return sums;
}

/** What lies in feeders, and on scales of doses that are not written down yet, by material. */
function underWay(running: VirtualMill): Map<string, number> {
  const sums = new Map<string, number>();
  const { mill } = running.controller;
  const { inTransit, scales } = running.ledger();
  for (const bin of dosingBins(mill)) {
    const feeder = mill.flows.find(({ from }) => from === bin)?.to ?? '';
    add(sums, materialOf(mill, bin), inTransit[feeder] ?? 0);
  }
  for (const document of running.status('line')) {
    if (document.kind !== 'line') continue;
    for (const { scale, material, state } of document.doses) {
      if (state !== 'dosing' && state !== 'deciding') continue;
      const done = document.doses.filter((one) => one.scale === scale && one.state === 'done');
      const doneKg = done.reduce((sum, { actualKg }) => sum + (actualKg ?? 0), 0);
      add(sums, material, (scales[scale]?.contentKg ?? 0) - doneKg);
    }
  }
  return sums;
}

function materialOf(mill: Mill, bin: string): string {
  const device = mill.deviceById.get(bin);
  return (device?.type === 'bin' ? device.settings.material : null) ?? '?';
}

/** All ingredients that were dosed. */
export function ingredientAccounts(
  running: VirtualMill,
  dosed: ReadonlyMap<string, number>,
): IngredientAccount[] {
  const { mill } = running.controller;
  const { bins, substances } = running.ledger();
  const left = new Map<string, number>();
  for (const id of dosingBins(mill)) add(left, materialOf(mill, id), bins[id]?.outKg ?? 0);
  const supplied = new Map<string, number>();
  for (const { material, suppliedKg } of substances) add(supplied, material, suppliedKg);
  const [book, stored, moving] = [inBook(running), inBins(running), underWay(running)];
  return [...dosed].map(([material, dosedKg]) => ({
    material,
    suppliedKg: supplied.get(material) ?? 0,
    dosedKg,
    leftKg: (left.get(material) ?? 0) - (moving.get(material) ?? 0),
    bookKg: book.get(material) ?? 0,
    storedKg: (stored.get(material) ?? 0) + (moving.get(material) ?? 0),
  }));
}

/** Whether the accounts of an ingredient agree to 0.1 %. */
export function agrees(account: IngredientAccount): boolean {
  const { suppliedKg, dosedKg, leftKg, bookKg, storedKg } = account;
  const allowedKg = (kg: number) => SHARE * kg + ROUNDING_KG;
  return (
    Math.abs(dosedKg - leftKg) <= allowedKg(leftKg) &&
    Math.abs(bookKg - storedKg) <= allowedKg(suppliedKg)
  );
}
