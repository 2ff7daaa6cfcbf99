import type { Text } from './text.ts';

/**
 * Class of the drugs in a feed as regards what a rest of them does in the next one; `none` for feed
 * without drugs. A class, not a substance: the matrix of carry-over has one row for each.
 */
export const DRUG_CLASSES = [
  'none',
  'ionophore',
  'coccidiostat',
  'antibiotic',
  'anthelmintic',
] as const;
export type DrugClass = (typeof DRUG_CLASSES)[number];

export const DRUG_CLASS_TEXTS: Readonly<Record<DrugClass, Text>> = {
  none: { vi: 'Không thuốc', en: 'No drug' },
  ionophore: { vi: 'Ionophore', en: 'Ionophore' },
  coccidiostat: { vi: 'Trị cầu trùng', en: 'Coccidiostat' },
  antibiotic: { vi: 'Kháng sinh', en: 'Antibiotic' },
  anthelmintic: { vi: 'Tẩy giun sán', en: 'Anthelmintic' },
};

/** Animals that feed is made for, as far as carry-over tells them apart. */
export const SPECIES = [
  'broiler',
  'layer',
  'duck',
  'piglet',
  'pig',
  'sow',
  'cattle',
  'shrimp',
  'fish',
] as const;
export type Species = (typeof SPECIES)[number];

export const SPECIES_TEXTS: Readonly<Record<Species, Text>> = {
  broiler: { vi: 'gà thịt', en: 'broilers' },
  layer: { vi: 'gà đẻ', en: 'layers' },
  duck: { vi: 'vịt', en: 'ducks' },
  piglet: { vi: 'heo con', en: 'piglets' },
  pig: { vi: 'heo thịt', en: 'pigs' },
  sow: { vi: 'heo nái', en: 'sows' },
  cattle: { vi: 'bò', en: 'cattle' },
  shrimp: { vi: 'tôm', en: 'shrimp' },
  fish: { vi: 'cá', en: 'fish' },
};

/** What a product is as regards carry-over. */
export interface FeedNature {
  readonly drugClass: DrugClass;
  readonly species: Species;
  /** Close to slaughter or laying: no rest of a drug is allowed in it. */
  readonly withdrawal: boolean;
}

/**
 * What must happen between two products on the same way (DOMAIN 4): nothing, a flush of this mass,
 * cleaning by hand, or the next one is never made after the first.
 */
export type CarryOverVerdict =
  | { readonly kind: 'allowed' }
  | { readonly kind: 'flush'; readonly flushKg: number }
  | { readonly kind: 'clean' }
  | { readonly kind: 'forbidden' };

/** One rule of the matrix; members that are null fit everything. */
export interface CarryOverRule {
  readonly after: DrugClass;
  readonly species: readonly Species[] | null;
  readonly withdrawal: boolean | null;
  /** The next product has the same drug class. */
  readonly sameClass: boolean | null;
  readonly verdict: CarryOverVerdict;
  readonly why: Text;
}
