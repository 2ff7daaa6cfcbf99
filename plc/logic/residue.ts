import type { CarryOverRule, DrugClass, FeedNature } from '../model/carry-over.ts';
import type { Reason } from '../model/reason.ts';
import { inBoth, reason } from '../model/reason.ts';
import { DRUG_CLASS_TEXTS } from '../model/reasons-carry-over.ts';
import type { Residue, RouteProduct } from '../model/route-product.ts';
import type { Text } from '../model/text.ts';
import { carryOver } from './carry-over.ts';

/** Residues by place (device or hopper); a place that is not there is clean. */
export type Residues = Readonly<Record<string, Residue>>;

const NO_RULE: Text = {
  vi: 'Không có quy tắc nào cho phép',
  en: 'No rule allows it',
};

/** The largest flush that any rule of this class asks for, kg; null where none does. */
function largestFlushKg(rules: readonly CarryOverRule[], drugClass: DrugClass): number | null {
  const masses = rules.flatMap(({ after, verdict }) =>
    after === drugClass && verdict.kind === 'flush' ? [verdict.flushKg] : [],
  );
  return masses.length === 0 ? null : Math.max(...masses);
}

/**
 * Why this product may not pass a place with this residue; null when it may. A feed that is
 * forbidden directly after the drug needs the largest flush of that class in between: what passed
 * last is the flush then (21 CFR 225.65). Where the matrix knows no flush, only cleaning helps.
 */
function hindrance(
  rules: readonly CarryOverRule[],
  place: string,
  residue: Residue,
  next: FeedNature,
): Reason | null {
  const { verdict, rule } = carryOver(rules, residue.nature, next);
  if (verdict.kind === 'allowed') return null;
  const { drugClass } = residue.nature;
  const largest = verdict.kind === 'forbidden' ? largestFlushKg(rules, drugClass) : null;
  const flushKg = verdict.kind === 'flush' ? verdict.flushKg : largest;
  if (flushKg !== null && residue.flushedKg >= flushKg) return null;
  const why = rule?.why ?? NO_RULE;
  const drug = DRUG_CLASS_TEXTS[drugClass];
  const objects = { place, ...inBoth('drug', drug), lot: residue.lot, ...inBoth('why', why) };
  if (flushKg === null) return reason('carry-over.clean', objects);
  const missingKg = flushKg - residue.flushedKg;
  return reason('carry-over.flush', { ...objects, flushKg, missingKg });
}

/** The first place of each medicated lot that left something: people are told once of each. */
function firstPlaces(residues: Residues, places: readonly string[]): [string, Residue][] {
  const seen = new Map<string, [string, Residue]>();
  for (const place of places) {
    const residue = residues[place];
    if (residue === undefined) continue;
    const key = `${residue.lot} ${residue.flushedKg}`;
    if (!seen.has(key)) seen.set(key, [place, residue]);
  }
  return [...seen.values()];
}

/** Why this product may not go this way (DOMAIN 4, carry-over); empty when it may. */
export function residueReasons(
  rules: readonly CarryOverRule[],
  residues: Residues,
  places: readonly string[],
  product: RouteProduct,
): Reason[] {
  if (isFlush(product)) return [];
  return firstPlaces(residues, places)
    .map(([place, residue]) => hindrance(rules, place, residue, product.nature))
    .filter((one) => one !== null);
}

/** Why a product that nobody named may not go this way: something is left of a drug. */
export function unknownReasons(residues: Residues, places: readonly string[]): Reason[] {
  return firstPlaces(residues, places).map(([place, { lot, nature }]) => {
    const drug = inBoth('drug', DRUG_CLASS_TEXTS[nature.drugClass]);
    return reason('carry-over.unknown', { place, ...drug, lot });
  });
}

/** Material without a drug, sent through to take the rests along. */
function isFlush({ kind, nature }: RouteProduct): boolean {
  return kind === 'flush' && nature.drugClass === 'none';
}

/**
 * What the places hold once this product is on its way over them: a medicated one leaves its own
 * rest, any other feed that was let in leaves none. A flush counts only when it has passed.
 */
export function afterEntering(
  places: readonly string[],
  product: RouteProduct,
): Record<string, Residue | null> {
  if (isFlush(product)) return {};
  const { orderId, lot, nature } = product;
  const left = nature.drugClass === 'none' ? null : { orderId, lot, nature, flushedKg: 0 };
  return Object.fromEntries(places.map((place) => [place, left]));
}

/** What the places hold after so much of a flush has passed; nothing changes for other products. */
export function afterPassing(
  residues: Residues,
  places: readonly string[],
  product: RouteProduct,
  kg: number,
): Record<string, Residue | null> {
  if (!isFlush(product) || kg <= 0) return {};
  return Object.fromEntries(
    places.flatMap((place) => {
      const residue = residues[place];
      return residue === undefined
        ? []
        : [[place, { ...residue, flushedKg: residue.flushedKg + kg }]];
    }),
  );
}

/** Residues with these changes: null is clean. */
export function changedResidues(
  residues: Residues,
  changes: Readonly<Record<string, Residue | null>>,
): Residues {
  const all = Object.entries({ ...residues, ...changes });
  return Object.fromEntries(all.filter((entry): entry is [string, Residue] => entry[1] !== null));
}
