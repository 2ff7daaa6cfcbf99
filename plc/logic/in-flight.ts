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
  /** An error far from the others that was not believed yet, kg; null: there is none. */
  readonly suspectKg?: number | null;
}

/** An error so many standard deviations from the others is an outlier. */
const OUTLIER_SIGMAS = 3;

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

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, one) => sum + one, 0) / values.length;
}

function sigmaOf(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const mean = meanOf(values);
  const squares = values.reduce((sum, one) => sum + (one - mean) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}

function isOutlier({ errorsKg }: InFlight, errorKg: number, guardKg: number): boolean {
  if (errorsKg.length < WINDOW) return false;
  const limitKg = Math.max(guardKg, OUTLIER_SIGMAS * sigmaOf(errorsKg));
  return Math.abs(errorKg - meanOf(errorsKg)) > limitKg;
}

/**
 * Learns from a dose that ended in tolerance: half of the mean error of the last four is taken
 * into the mass in flight. A dose out of tolerance says something about a disturbance, not about
 * the flow: do not learn from it. One error far from the others is not believed; a second one on
 * the same side is, and learning begins anew from the two.
 * @param errorKg actual minus target as first weighed, before any jog.
 * @param guardKg an error this near to the others is never an outlier, kg.
 */
export function learn(of: InFlight, errorKg: number, guardKg = Number.POSITIVE_INFINITY): InFlight {
  const outlier = isOutlier(of, errorKg, guardKg);
  const suspect = of.suspectKg ?? null;
  const confirmed = suspect !== null && Math.sign(suspect) === Math.sign(errorKg);
  if (outlier && !confirmed) return { ...of, suspectKg: errorKg };
  const before = outlier && suspect !== null ? [suspect] : of.errorsKg;
  const errorsKg = [...before, errorKg].slice(-WINDOW);
  const kg = Math.max(0, of.kg + GAIN * meanOf(errorsKg));
  return suspect === null ? { ...of, errorsKg, kg } : { ...of, errorsKg, kg, suspectKg: null };
}

/**
 * How sure the mass in flight is, 0 to 100 %: the share of the tolerance that two standard errors
 * of the last doses leave free. 0 before the second dose of a lot.
 */
export function confidencePct({ errorsKg }: InFlight, toleranceKg: number): number {
  if (errorsKg.length < 2 || toleranceKg <= 0) return 0;
  const doubtKg = (2 * sigmaOf(errorsKg)) / Math.sqrt(errorsKg.length);
  return Math.round(100 * Math.max(0, 1 - doubtKg / toleranceKg));
}
