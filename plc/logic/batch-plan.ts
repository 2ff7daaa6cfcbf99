import type { FormulaItem, Order } from '../model/order.ts';
import type { Reason } from '../model/reason.ts';
import { reason } from '../model/reason.ts';
import { toleranceOf } from './dosing.ts';

/** A bin that a scale can be filled from. */
export interface DosingBin {
  readonly bin: string;
  readonly feeder: string;
  readonly material: string | null;
  readonly lot: string | null;
}

/** A scale of a line with what it can weigh. */
export interface DosingScale {
  readonly id: string;
  readonly capacityKg: number;
  /** Smallest dose it may weigh, kg (DOMAIN 4: 20 d main, 50 d micro). */
  readonly minimumKg: number;
  readonly tolerancePct: number;
  readonly toleranceKg: number;
  /** Filled by pumps: it empties into the mixer after the dry mix. */
  readonly liquid: boolean;
  readonly bins: readonly DosingBin[];
  /** A hand-add: materials that persons may weigh on it; absent: it is filled by feeders. */
  readonly byHand?: readonly string[];
  /** A meter: what it doses goes straight into the mixer, after the dry mix. */
  readonly metered?: boolean;
}

/** One dose of a batch as planned. */
export interface PlannedDose {
  readonly scale: string;
  readonly bin: string;
  readonly feeder: string;
  readonly material: string;
  readonly lot: string | null;
  readonly targetKg: number;
  readonly toleranceKg: number;
  /** Contains a drug: two persons release it when it is out of tolerance. */
  readonly drug: boolean;
}

/** The tolerance of a drug, % of its target (DOMAIN 4). */
const DRUG_TOLERANCE_PCT = 1;

/**
 * How many batches an order takes and what each weighs: all the same, none above the wanted
 * size.
 */
export function batchSizes(orderKg: number, batchKg: number): { count: number; eachKg: number } {
  // 1500 kg in batches of 500.0000001 kg is three batches, not four.
  const count = Math.max(1, Math.ceil(orderKg / batchKg - 1e-9));
  return { count, eachKg: orderKg / count };
}

interface Place {
  readonly scale: DosingScale;
  readonly bin: DosingBin;
}

function placesOf(material: string, scales: readonly DosingScale[]): Place[] {
  return scales.flatMap((scale) =>
    scale.bins.filter((bin) => bin.material === material).map((bin) => ({ scale, bin })),
  );
}

/** Doses of one scale come largest first: the mains are in before the rest (DOMAIN 4). */
function largestFirst(doses: readonly PlannedDose[]): PlannedDose[] {
  return [...doses].sort((a, b) => b.targetKg - a.targetKg);
}

/** What is known to lie in a bin, kg; 0: it is at its low level; null: nothing is known of it. */
export type ContentOf = (bin: string) => number | null;

/**
 * The fullest of these bins, of which all but those at their low level may be taken; null: there
 * is none. Of one whose level is not known only its switch says that it is not empty: it is last.
 */
export function fullest<B>(bins: readonly B[], contentOf: (bin: B) => number | null): B | null {
  const filled = bins.filter((one) => contentOf(one) !== 0);
  const most = Math.max(...filled.map((one) => contentOf(one) ?? 0));
  return filled.find((one) => (contentOf(one) ?? 0) === most) ?? null;
}

/**
 * Chooses where a material is weighed: a place whose minimum the dose reaches, with product in
 * its bin. Of several such bins of one scale it is the fullest: so they are emptied alike, by
 * whichever mill they are filled, and none runs empty in a dose while another is full.
 */
function choose(
  item: FormulaItem,
  targetKg: number,
  places: readonly Place[],
  contentOf: ContentOf,
): Place | Reason {
  const fine = places.filter(({ scale }) => targetKg >= scale.minimumKg - 1e-9);
  const filled = fine.filter(({ bin }) => contentOf(bin.bin) !== 0);
  const alike = filled.filter(({ scale }) => scale === filled[0]?.scale);
  const chosen = fullest(alike, ({ bin }) => contentOf(bin.bin)) ?? fine[0];
  if (chosen !== undefined) return chosen;
  const finest = places[0];
  if (finest === undefined) return reason('bin.none-for-material', { material: item.material });
  return reason('dose.below-minimum', {
    material: item.material,
    targetKg: rounded(targetKg),
    minimumKg: rounded(finest.scale.minimumKg),
    scale: finest.scale.id,
  });
}

/** A hand-add that takes what no bin or no scale can (DOMAIN 4). */
function byHand(
  { material }: FormulaItem,
  targetKg: number,
  scales: readonly DosingScale[],
): Place | null {
  const places = placesOf(material, scales);
  // A liquid is not carried in sacks.
  if (places.some(({ scale }) => scale.liquid)) return null;
  const scale = scales.find(
    (one) =>
      one.byHand?.includes(material) === true &&
      targetKg >= one.minimumKg - 1e-9 &&
      targetKg <= one.capacityKg,
  );
  if (scale === undefined) return null;
  return { scale, bin: { bin: scale.id, feeder: scale.id, material, lot: null } };
}

function rounded(kg: number): number {
  return Math.round(kg * 1_000) / 1_000;
}

function overfull(doses: readonly PlannedDose[], scales: readonly DosingScale[]): Reason[] {
  return scales.flatMap((scale) => {
    const kg = doses
      .filter((dose) => dose.scale === scale.id)
      .reduce((sum, dose) => sum + dose.targetKg, 0);
    if (kg <= scale.capacityKg) return [];
    return reason('dose.exceeds-scale', {
      scale: scale.id,
      kg: rounded(kg),
      capacityKg: scale.capacityKg,
    });
  });
}

/**
 * Plans the doses of one batch, all reasons against it listed. Pure.
 * @param contentOf what lies in a bin: of several with the material the fullest is taken.
 */
export function planDoses(
  items: readonly FormulaItem[],
  batchKg: number,
  scales: readonly DosingScale[],
  contentOf: ContentOf = () => null,
): { doses: PlannedDose[]; reasons: Reason[] } {
  const total = items.reduce((sum, item) => sum + item.pct, 0);
  const doses: PlannedDose[] = [];
  const reasons: Reason[] = [];
  for (const item of items) {
    // A formula may miss 100 % by 0.05: the batch still weighs what was ordered.
    const targetKg = (batchKg * item.pct) / total;
    const fed = choose(item, targetKg, placesOf(item.material, scales), contentOf);
    const place = 'code' in fed ? (byHand(item, targetKg, scales) ?? fed) : fed;
    if ('code' in place) reasons.push(place);
    else {
      doses.push({
        scale: place.scale.id,
        bin: place.bin.bin,
        feeder: place.bin.feeder,
        material: item.material,
        lot: place.bin.lot,
        targetKg: Math.round(targetKg * 10_000) / 10_000,
        toleranceKg: toleranceOf(
          targetKg,
          item.drug ? { ...place.scale, tolerancePct: DRUG_TOLERANCE_PCT } : place.scale,
        ),
        drug: item.drug,
      });
    }
  }
  return { doses: largestFirst(doses), reasons: [...reasons, ...overfull(doses, scales)] };
}

/** Every reason why a line cannot make this order, whatever else it is doing. */
export function orderReasons(
  order: Order,
  mixerKg: number,
  scales: readonly DosingScale[],
): Reason[] {
  const { eachKg } = batchSizes(order.orderKg, order.batchKg);
  const { reasons } = planDoses(order.items, eachKg, scales);
  if (order.batchKg <= mixerKg) return reasons;
  return [reason('order.batch-size', { batchKg: order.batchKg, mixerKg }), ...reasons];
}
