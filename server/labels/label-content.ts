import type { DrugClass } from '../../plc/model/carry-over.ts';
import type { Reason } from '../../plc/model/reason.ts';
import { inBoth, reason } from '../../plc/model/reason.ts';
import type { Text } from '../../plc/model/text.ts';
import type { RecipeDocument, RecipeLabel } from '../contract/recipes.ts';
import { millDay } from '../mill-day.ts';

/** What was made, as its records say. */
export interface LabelledLot {
  readonly lot: string;
  readonly orderId: string;
  readonly formula: string;
  readonly version: number;
  readonly product: Text;
  readonly kind: string;
  readonly bagKg: number;
  readonly drugClass: DrugClass;
  /** When its first batch was begun, ms UTC; null: none was. */
  readonly madeMs: number | null;
}

/** A pallet of that lot; null: the label is that of a bag. */
export interface LabelledPallet {
  readonly palletId: string;
  readonly bags: number;
  readonly netKg: number | null;
}

/** Everything that stands on a label, ready to be drawn. Dates are `YYYY-MM-DD`. */
export interface LabelContent {
  readonly lot: string;
  readonly product: Text;
  readonly pallet: LabelledPallet | null;
  readonly netKg: number;
  readonly made: string;
  readonly until: string;
  readonly label: RecipeLabel;
  /** Main materials, the most first. */
  readonly materials: readonly Text[];
  /** What the symbol says: GS1 elements. */
  readonly code: { readonly gs1: boolean; readonly text: string };
}

export type LabelResult =
  | { readonly ok: true; readonly content: LabelContent }
  | { readonly ok: false; readonly reasons: readonly Reason[] };

const DAY_MS = 86_400_000;

/** Why no label is made: what is missing, and who must say it. Nothing is made up in its place. */
function refusals(lot: LabelledLot, document: RecipeDocument | null): Reason[] {
  const { formula, version, orderId } = lot;
  if (lot.kind !== 'feed') return [reason('label.not-feed', { lot: lot.lot })];
  const label = document?.label;
  if (label === undefined) return [reason('label.no-data', { formula, version })];
  const needsDrug = lot.drugClass === 'antibiotic' && label.antibiotics === undefined;
  return [
    ...(needsDrug ? [reason('label.no-antibiotics', { formula })] : []),
    ...label.quality
      .filter(({ low, high }) => low === undefined && high === undefined)
      .map(({ name }) => reason('label.no-range', { formula, ...inBoth('name', name) })),
    ...(lot.madeMs === null ? [reason('label.not-made', { orderId })] : []),
  ];
}

const yymmdd = (day: string) => day.slice(2).replaceAll('-', '');

/**
 * GS1 elements (01) article, (10) lot, (11) made, (17) use until, (21) pallet, (37) bags, (240)
 * formula. Without an article number of GS1 they are written in brackets, as the hand-add scanner
 * of this mill reads them too: a GS1 symbol would not be one.
 */
function codeOf(
  lot: LabelledLot,
  pallet: LabelledPallet | null,
  { made, until, gtin }: { made: string; until: string; gtin: string | undefined },
): LabelContent['code'] {
  const elements = [
    `(17)${yymmdd(until)}`,
    `(11)${yymmdd(made)}`,
    `(10)${lot.lot}`,
    `(240)${lot.formula}`,
    ...(pallet === null ? [] : [`(21)${pallet.palletId}`]),
  ].join('');
  return gtin === undefined
    ? { gs1: false, text: elements }
    : { gs1: true, text: `(01)${gtin}${elements}` };
}

/**
 * What the label of a lot says, in both languages (Law 32/2018/QH14 art. 46; Circular
 * 21/2019/TT-BNNPTNT appendix II as amended by 31/2022), or why it cannot be made.
 */
export function labelContent(
  lot: LabelledLot,
  pallet: LabelledPallet | null,
  document: RecipeDocument | null,
  mill: {
    readonly timeZone: string;
    readonly materialText: (code: string) => Text;
  },
): LabelResult {
  const reasons = refusals(lot, document);
  const label = document?.label;
  if (reasons.length > 0 || document === null || label === undefined || lot.madeMs === null) {
    return { ok: false, reasons };
  }
  const made = millDay(mill.timeZone, lot.madeMs);
  const until = millDay(mill.timeZone, lot.madeMs + label.shelfLifeDays * DAY_MS);
  const items = [...document.items].sort((a, b) => b.pct - a.pct);
  return {
    ok: true,
    content: {
      lot: lot.lot,
      product: lot.product,
      pallet,
      netKg: pallet === null ? lot.bagKg : (pallet.netKg ?? pallet.bags * lot.bagKg),
      made,
      until,
      label,
      materials: items.map(({ material }) => mill.materialText(material)),
      code: codeOf(lot, pallet, { made, until, gtin: label.gtin }),
    },
  };
}
