import { isExpired, lotReasons, lotsNearOutlet } from '../../logic/lot-register.ts';
import type { BinLots, LotFacts, LotsStatus } from '../../model/lots.ts';
import type { StatusDocument } from '../../model/status.ts';
import type { EventBase } from '../contract.ts';
import type { KitContext, View } from '../kit.ts';
import { earliest } from '../kit.ts';

export interface LotsInput {
  readonly id: string;
}

/** Lots of a bin as the book has them: all, and those that may come out next. */
interface BinHeld {
  readonly all: readonly string[];
  readonly near: readonly string[];
}

export interface LotsContext extends KitContext {
  readonly state: 'Keeping';
  readonly made: LotsInput;
  readonly lots: Readonly<Record<string, LotFacts>>;
  readonly bins: Readonly<Record<string, BinHeld>>;
  /** Time of the last event: expiry is told by it. */
  readonly utcMs: number;
  readonly lookAtMs: number;
}

/** Lots in quarantine at once, and lots that are known; beyond, the oldest nowhere is forgotten. */
export const QUARANTINE_MAX = 500;
export const KNOWN_MAX = 2_000;
/** Expiry is looked at so often, ms. */
export const EXPIRY_LOOK_MS = 600_000;

export function newFacts(lot: string): LotFacts {
  return {
    lot,
    material: null,
    quarantinedBy: null,
    note: null,
    expiryTimeMs: null,
    nature: null,
  };
}

/** A lot that people and machines must heed. */
function matters(facts: LotFacts, utcMs: number): boolean {
  const drug = facts.nature?.drugClass ?? 'none';
  return facts.quarantinedBy !== null || drug !== 'none' || isExpired(facts, utcMs);
}

function binLots(context: LotsContext, { near }: BinHeld): BinLots {
  const facts = near.flatMap((lot) => context.lots[lot] ?? []);
  return {
    reasons: facts.flatMap((one) => lotReasons(one, context.utcMs)),
    drugs: facts.filter(({ nature }) => (nature?.drugClass ?? 'none') !== 'none'),
  };
}

/** What is shown: only lots and bins of which it matters. */
function shown(context: LotsContext): LotsStatus {
  const { id, lots, bins, utcMs } = context;
  const heeded = Object.values(lots).filter((one) => matters(one, utcMs));
  const names = new Set(heeded.map(({ lot }) => lot));
  const holding = Object.entries(bins).filter(([, { all }]) => all.some((lot) => names.has(lot)));
  return {
    keeper: id,
    lots: heeded.map((one) => ({
      ...one,
      expired: isExpired(one, utcMs),
      bins: holding.flatMap(([bin, { all }]) => (all.includes(one.lot) ? [bin] : [])),
    })),
    bins: Object.fromEntries(
      holding
        .map(([bin, held]) => [bin, binLots(context, held)] as const)
        .filter(([, { reasons, drugs }]) => reasons.length + drugs.length > 0),
    ),
  };
}

export function lotsView(context: LotsContext): View {
  return {
    status: { kind: 'lots', ...shown(context) },
    wakeAtMs: earliest(context.lookAtMs),
  };
}

type StockDocument = Extract<StatusDocument, { readonly kind: 'stock' }>;

/** The lots of a bin as its book was just shown. */
export function heldIn({ layers, capacityKg }: StockDocument): BinHeld {
  const all = layers.flat().flatMap(({ lot }) => (lot === null ? [] : [lot]));
  return { all: [...new Set(all)], near: lotsNearOutlet(layers, capacityKg) };
}

/** The register with what is now known of one lot; the oldest that lies nowhere makes room. */
export function learnt(
  { lots, bins }: LotsContext,
  facts: LotFacts,
): Readonly<Record<string, LotFacts>> {
  const { [facts.lot]: _before, ...others } = lots;
  const all = { ...others, [facts.lot]: facts };
  if (Object.keys(all).length <= KNOWN_MAX) return all;
  const held = new Set(Object.values(bins).flatMap((one) => one.all));
  const oldest = Object.values(all).find(
    ({ lot, quarantinedBy }) => quarantinedBy === null && !held.has(lot) && lot !== facts.lot,
  );
  return Object.fromEntries(Object.entries(all).filter(([lot]) => lot !== oldest?.lot));
}

/** What every event brings up to date. */
export function now(event: EventBase): Pick<LotsContext, 'utcMs' | 'lookAtMs'> {
  return { utcMs: event.utcMs, lookAtMs: event.nowMs + EXPIRY_LOOK_MS };
}
