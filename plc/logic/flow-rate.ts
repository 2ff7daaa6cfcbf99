/** What a feeder really brings of one material at its two speeds, learnt; null: not known yet. */
export interface FlowRate {
  readonly coarseKgPerS: number | null;
  readonly fineKgPerS: number | null;
  /** Doses that it was learnt from. */
  readonly doses: number;
}

export const UNKNOWN_RATE: FlowRate = { coarseKgPerS: null, fineKgPerS: null, doses: 0 };

/** The newest dose counts for this share. */
const GAIN = 0.25;

function towards(known: number | null, seen: number | null): number | null {
  if (seen === null || seen <= 0) return known;
  return known === null ? seen : known + GAIN * (seen - known);
}

/** Learns from the flows that a dose in tolerance was seen to have, kg/s; null: none was steady. */
export function learnRate(
  of: FlowRate,
  seen: { readonly coarseKgPerS: number | null; readonly fineKgPerS: number | null },
): FlowRate {
  return {
    coarseKgPerS: towards(of.coarseKgPerS, seen.coarseKgPerS),
    fineKgPerS: towards(of.fineKgPerS, seen.fineKgPerS),
    doses: of.doses + 1,
  };
}
