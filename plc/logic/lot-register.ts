import type { CarryOverRule, FeedNature } from '../model/carry-over.ts';
import type { BinLots, LotFacts } from '../model/lots.ts';
import type { Reason } from '../model/reason.ts';
import { inBoth, reason } from '../model/reason.ts';
import { DRUG_CLASS_TEXTS } from '../model/reasons-carry-over.ts';
import type { StockPortion } from '../model/stock.ts';
import { carryOver } from './carry-over.ts';

/**
 * Book and level may differ by this share of a bin (DOMAIN 4): so far above the outlet a lot may
 * lie by the book and come out all the same, %.
 */
const NEAR_PCT = 3;

/** Lots of a bin that may come out next: of the lowest layer, and of those just above it. */
export function lotsNearOutlet(
  layers: readonly (readonly StockPortion[])[],
  capacityKg: number,
): string[] {
  const near = new Set<string>();
  let belowKg = 0;
  for (const layer of layers) {
    if (belowKg > (capacityKg * NEAR_PCT) / 100) break;
    for (const { lot, kg } of layer) {
      if (lot !== null) near.add(lot);
      belowKg += kg;
    }
  }
  return [...near];
}

export function isExpired({ expiryTimeMs }: LotFacts, utcMs: number): boolean {
  return expiryTimeMs !== null && utcMs > expiryTimeMs;
}

/** Why a lot must not be used at all; empty where nothing is known against it. */
export function lotReasons(facts: LotFacts | undefined, utcMs: number): Reason[] {
  if (facts === undefined) return [];
  const { lot, quarantinedBy, note, expiryTimeMs } = facts;
  const date = new Date(expiryTimeMs ?? 0).toISOString().slice(0, 10);
  return [
    ...(quarantinedBy === null
      ? []
      : [reason('lot.quarantined', { lot, user: quarantinedBy, note: note ?? '' })]),
    ...(isExpired(facts, utcMs) ? [reason('lot.expired', { lot, date })] : []),
  ];
}

/** Why feed of this kind must not have a lot with a drug, or rests of one, in it (DOMAIN 4). */
export function drugReasons(
  rules: readonly CarryOverRule[],
  { lot, nature }: Pick<LotFacts, 'lot' | 'nature'>,
  next: FeedNature | null,
): Reason[] {
  if (nature === null || nature.drugClass === 'none') return [];
  if (next !== null && carryOver(rules, nature, next).verdict.kind === 'allowed') return [];
  return [reason('lot.drug', { lot, ...inBoth('drug', DRUG_CLASS_TEXTS[nature.drugClass]) })];
}

/**
 * Why nothing may be taken out of a bin for this feed; `next` null: for what is not known, so that
 * no lot with a drug may be in it.
 */
export function binReasons(
  rules: readonly CarryOverRule[],
  lots: BinLots | undefined,
  next: FeedNature | null,
): Reason[] {
  if (lots === undefined) return [];
  return [...lots.reasons, ...lots.drugs.flatMap((one) => drugReasons(rules, one, next))];
}
