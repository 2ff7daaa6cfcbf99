import type { Blend } from './blend.ts';
import { MG_PER_KG } from './blend.ts';
import type { BinState } from './devices/bin.ts';
import type { ScaleState } from './devices/scale.ts';
import type { Item, MillState, NamedMasses, Turnover } from './item.ts';

/** In, out and content of a bin or scale, kg. `initialKg` was in it when the mill was new. */
export interface StoreAccount {
  readonly initialKg: number;
  readonly inKg: number;
  readonly outKg: number;
  readonly contentKg: number;
}

/** One substance's way through the mill, kg. */
export interface SubstanceAccount {
  readonly material: string;
  readonly lot: string;
  /** At the start, by truck, or as steam. */
  readonly suppliedKg: number;
  readonly heldKg: number;
  readonly baggedKg: number;
  readonly lostKg: number;
  /** Exact to the milligram: must be 0. */
  readonly balanceMg: number;
}

/** Where all mass of the mill came from, is, and went. */
export interface Ledger {
  readonly timeMs: number;
  readonly bins: Readonly<Record<string, StoreAccount>>;
  readonly scales: Readonly<Record<string, StoreAccount>>;
  /**
   * Product in all other devices (conveyors, mixer, press, cooler, bagger ...), kg; empty ones left
   * out.
   */
  readonly inTransit: Readonly<Record<string, number>>;
  readonly inTransitKg: number;
  readonly bags: { readonly count: number; readonly kg: number };
  readonly sources: Readonly<Record<string, number>>;
  readonly losses: Readonly<Record<string, number>>;
  readonly substances: readonly SubstanceAccount[];
  /** Sources less held, bagged and lost: must be 0. */
  readonly balanceMg: number;
}

function heldBy(item: Item): readonly Blend[] {
  return item.behaviour.held?.(item.state) ?? [];
}

function sumMg(blends: readonly Blend[]): number {
  return blends.reduce((sum, blend) => sum + blend.mg, 0);
}

function totals(masses: NamedMasses): Record<string, number> {
  return Object.fromEntries(
    Object.entries(masses).map(([name, bySubstance]) => [
      name,
      Object.values(bySubstance).reduce((sum, mg) => sum + mg, 0) / MG_PER_KG,
    ]),
  );
}

function massesOf(masses: NamedMasses, substance: number): number {
  return Object.values(masses).reduce((sum, one) => sum + (one[substance] ?? 0), 0);
}

function partsOf(blends: readonly Blend[]): Map<number, number> {
  const parts = new Map<number, number>();
  for (const blend of blends) {
    for (const { substance, mg } of blend.parts) {
      parts.set(substance, (parts.get(substance) ?? 0) + mg);
    }
  }
  return parts;
}

function substanceAccounts(state: MillState): SubstanceAccount[] {
  const held = partsOf(state.items.flatMap(heldBy));
  const bagged = partsOf([state.bags.content]);
  return state.substances.map(({ material, lot }, substance) => {
    const supplied = massesOf(state.sources, substance);
    const lost = massesOf(state.losses, substance);
    const heldMg = held.get(substance) ?? 0;
    const baggedMg = bagged.get(substance) ?? 0;
    return {
      material,
      lot,
      suppliedKg: supplied / MG_PER_KG,
      heldKg: heldMg / MG_PER_KG,
      baggedKg: baggedMg / MG_PER_KG,
      lostKg: lost / MG_PER_KG,
      balanceMg: supplied - lost - heldMg - baggedMg,
    };
  });
}

function accountOf(turnover: Turnover, contentMg: number): StoreAccount {
  return {
    initialKg: (contentMg - turnover.inMg + turnover.outMg) / MG_PER_KG,
    inKg: turnover.inMg / MG_PER_KG,
    outKg: turnover.outMg / MG_PER_KG,
    contentKg: contentMg / MG_PER_KG,
  };
}

function accountsOf(state: MillState, type: 'bin' | 'scale'): Record<string, StoreAccount> {
  return Object.fromEntries(
    state.items
      .filter((item) => item.device.type === type)
      .map((item) => [
        item.id,
        accountOf(item.state as BinState | ScaleState, sumMg(heldBy(item))),
      ]),
  );
}

/** The mass balance of the mill. */
export function ledger(state: MillState): Ledger {
  const inTransit: Record<string, number> = {};
  let inTransitMg = 0;
  for (const item of state.items) {
    if (item.device.type === 'bin' || item.device.type === 'scale') continue;
    const mg = sumMg(heldBy(item));
    if (mg > 0) inTransit[item.id] = mg / MG_PER_KG;
    inTransitMg += mg;
  }
  const heldMg = sumMg(state.items.flatMap(heldBy));
  const all = state.substances.map((_, substance) => substance);
  const suppliedMg = all.reduce((sum, one) => sum + massesOf(state.sources, one), 0);
  const lostMg = all.reduce((sum, one) => sum + massesOf(state.losses, one), 0);
  return {
    timeMs: state.timeMs,
    bins: accountsOf(state, 'bin'),
    scales: accountsOf(state, 'scale'),
    inTransit,
    inTransitKg: inTransitMg / MG_PER_KG,
    bags: { count: state.bags.count, kg: state.bags.content.mg / MG_PER_KG },
    sources: totals(state.sources),
    losses: totals(state.losses),
    substances: substanceAccounts(state),
    balanceMg: suppliedMg - lostMg - heldMg - state.bags.content.mg,
  };
}

/** What lies in a bin, the lowest layer first: kg by material and lot. For traces and tests. */
export function contentOf(
  state: MillState,
  id: string,
): { kg: number; parts: { material: string; lot: string; kg: number }[] }[] {
  const item = state.byId.get(id);
  return (item === undefined ? [] : heldBy(item)).map((blend) => ({
    kg: blend.mg / MG_PER_KG,
    parts: blend.parts.map((part) => ({
      material: state.substances[part.substance]?.material ?? '',
      lot: state.substances[part.substance]?.lot ?? '',
      kg: part.mg / MG_PER_KG,
    })),
  }));
}
