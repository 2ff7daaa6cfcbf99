/**
 * How many in-tolerance doses are averaged, and the share of their mean error that is corrected
 * (DOMAIN 4).
 */
const WINDOW = 4;
const GAIN = 0.5;

/** What is known of one bin at one feeder speed: the product that still falls after the cut-off. */
export interface InFlight {
  /** Mass that is expected to arrive after the cut-off, kg, never below 0. */
  readonly kg: number;
  /** Errors (actual - target, kg) of the last in-tolerance doses, newest last, at most four. */
  readonly errorsKg: readonly number[];
  /** The lot it was learnt from: another lot flows differently. */
  readonly lot: string | null;
}

/** Before anything was learnt: the flow of so many seconds. */
export function firstInFlight(flowKgPerS: number, delayS: number, lot: string | null): InFlight {
  return { kg: flowKgPerS * delayS, errorsKg: [], lot };
}

/**
 * The estimate to dose with; after a lot change the mass is a starting point and its errors are
 * forgotten.
 */
export function forLot(of: InFlight, lot: string | null): InFlight {
  return of.lot === lot ? of : { kg: of.kg, errorsKg: [], lot };
}

/**
 * Learns from a dose that ended in tolerance: half of the mean error of the last four is taken
 * into the mass in flight. A dose out of tolerance says something about a disturbance, not about
 * the flow: do not learn from it.
 * @param errorKg actual minus target as first weighed, before any jog.
 */
export function learn(of: InFlight, errorKg: number): InFlight {
  const errorsKg = [...of.errorsKg, errorKg].slice(-WINDOW);
  const mean = errorsKg.reduce((sum, one) => sum + one, 0) / errorsKg.length;
  return { ...of, errorsKg, kg: Math.max(0, of.kg + GAIN * mean) };
}
