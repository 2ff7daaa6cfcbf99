/**
 * Rules of one dose (DOMAIN 4). All masses kg, flows kg/s, times ms of process time unless named
 * otherwise.
 */

/** Pulses that may correct a dose which is short. */
export const JOGS_MAX = 5;
/** No flow: less than this share of the expected flow ... */
const NO_FLOW_SHARE = 0.2;
/** ... for this long. */
export const NO_FLOW_MS = 10_000;
/**
 * The coarse flow of so many seconds is left for the fine flow: the fall after the switch, and a
 * margin.
 */
export const FINE_AMOUNT_S = 3;
const JOG_MIN_MS = 200;
const JOG_MAX_MS = 500;

/** What a feeder delivers at its two speeds. */
export interface Flows {
  readonly coarseKgPerS: number;
  readonly fineKgPerS: number;
}

/** The flows that a feeder's settings promise. */
export function nominalFlows(feeder: {
  readonly coarseHz: number;
  readonly fineHz: number;
  readonly kgPerHourPerHz: number;
}): Flows {
  const perHz = feeder.kgPerHourPerHz / 3_600;
  return { coarseKgPerS: feeder.coarseHz * perHz, fineKgPerS: feeder.fineHz * perHz };
}

/** One weight with its time. */
export interface Weighing {
  readonly atMs: number;
  readonly kg: number;
}

/** How long weights are kept, and how many at most. */
const TREND_MS = 2_000;
const TREND_MAX = 50;
/** A dose of fewer divisions than this is averaged for longer: its share of one weighs more. */
const SMALL_DOSE_DIVISIONS = 500;
const AVERAGING_MS = 1_500;
const AVERAGING_SMALL_MS = 4_000;

/**
 * The recent weights with one more. The newest of those that are too old stays: a weight holds
 * until the next one, and one that does not change is not told again. A weight at the same time
 * replaces the last.
 */
export function withWeighing(
  trend: readonly Weighing[],
  next: Weighing,
  keptMs = TREND_MS,
): Weighing[] {
  const before = trend.filter((one) => one.atMs < next.atMs);
  const firstYoung = before.findIndex((one) => next.atMs - one.atMs <= keptMs);
  const from = firstYoung < 0 ? before.length - 1 : firstYoung - 1;
  return [...before.slice(Math.max(0, from)), next].slice(-TREND_MAX);
}

/** Flow over the recent weights, kg/s, never negative; null while there are fewer than three. */
export function measuredFlow(trend: readonly Weighing[]): number | null {
  const first = trend[0];
  const last = trend.at(-1);
  if (first === undefined || last === undefined || trend.length < 3) return null;
  return Math.max(0, ((last.kg - first.kg) * 1_000) / (last.atMs - first.atMs));
}

/**
 * Mean weight over the recent time, null when there is none: finer than one division, because
 * the noise spreads over several. Each weight counts for as long as it held.
 */
export function meanKg(trend: readonly Weighing[]): number | null {
  const last = trend.at(-1);
  const first = trend[0];
  if (first === undefined || last === undefined) return null;
  if (last.atMs === first.atMs) return last.kg;
  const held = trend.slice(1).map((next, index) => {
    const one = trend[index] ?? next;
    return one.kg * (next.atMs - one.atMs);
  });
  return held.reduce((sum, one) => sum + one, 0) / (last.atMs - first.atMs);
}

/** The weight is smoothed over so long while the fine flow runs, ms. */
const SMOOTHING_MS = 1_000;

/**
 * What the weight really is while product flows evenly: the mean of the last second, moved on by
 * the flow of half of it. A single reading is off by its noise, and the first that is too high
 * would cut too early: by more than the mass in flight where the fine flow is slow.
 */
export function smoothedKg(trend: readonly Weighing[], flowKgPerS: number): number | null {
  const last = trend.at(-1);
  if (last === undefined) return null;
  const firstYoung = trend.findIndex((one) => last.atMs - one.atMs <= SMOOTHING_MS);
  const window = trend.slice(Math.max(0, firstYoung));
  const mean = meanKg(window);
  const lengthMs = last.atMs - (window[0]?.atMs ?? last.atMs);
  return mean === null ? null : mean + (flowKgPerS * lengthMs) / 2_000;
}

/**
 * How long a settled weight is averaged, ms: one reading is only as good as one division, and a
 * dose of few divisions needs a better one.
 */
export function averagingMs(targetKg: number, divisionKg: number): number {
  return targetKg < SMALL_DOSE_DIVISIONS * divisionKg ? AVERAGING_SMALL_MS : AVERAGING_MS;
}

/** Mean time between the recent weights, ms; 0 while there is only one. */
export function scanInterval(trend: readonly Weighing[]): number {
  const first = trend[0];
  const last = trend.at(-1);
  if (first === undefined || last === undefined || trend.length < 2) return 0;
  return (last.atMs - first.atMs) / (trend.length - 1);
}

/** What is left for the fine flow: larger where the product really flows faster than promised. */
export function fineAmountKg(flows: Flows, measuredKgPerS: number | null): number {
  const coarse = Math.max(
    flows.coarseKgPerS,
    Math.min(measuredKgPerS ?? 0, flows.coarseKgPerS * 2),
  );
  return coarse * FINE_AMOUNT_S;
}

/**
 * True when the flow must be cut now. The weight is looked at once a scan: half a scan's flow is
 * added, so that on average the cut is neither early nor late and accuracy does not depend on
 * the scan.
 */
export function cutNow(
  gotKg: number,
  targetKg: number,
  inFlightKg: number,
  flowKgPerS: number,
  scanMs: number,
): boolean {
  return gotKg + inFlightKg + (flowKgPerS * scanMs) / 2_000 >= targetKg;
}

export type Verdict = 'in-tolerance' | 'under' | 'over';

/** Compares what a dose weighs with what was wanted; the limits belong to the tolerance. */
export function judge(actualKg: number, targetKg: number, toleranceKg: number): Verdict {
  const error = actualKg - targetKg;
  // A micro-gram of binary rounding must not decide.
  if (Math.abs(error) <= toleranceKg + 1e-9) return 'in-tolerance';
  return error < 0 ? 'under' : 'over';
}

/** Length of a pulse that brings what is missing, 200-500 ms. */
export function jogMs(missingKg: number, fineKgPerS: number): number {
  const wanted = fineKgPerS > 0 ? (missingKg / fineKgPerS) * 1_000 : JOG_MAX_MS;
  return Math.min(JOG_MAX_MS, Math.max(JOG_MIN_MS, wanted));
}

/**
 * A dose that takes longer than this needs a person, ms: twice the planned time and half a
 * minute.
 */
export function doseTimeLimitMs(targetKg: number, flows: Flows): number {
  const coarseS = targetKg / flows.coarseKgPerS;
  const fineS = Math.min(targetKg, flows.coarseKgPerS * FINE_AMOUNT_S) / flows.fineKgPerS;
  return 30_000 + 2_000 * (coarseS + fineS);
}

/** The last moment at which enough had arrived; flow is missing when that is 10 s ago. */
export interface FlowMark {
  readonly atMs: number;
  readonly kg: number;
}

/** Moves the mark when 20 % of what 10 s should bring has arrived since. */
export function movedMark(mark: FlowMark, now: Weighing, expectedKgPerS: number): FlowMark {
  const wanted = (NO_FLOW_SHARE * expectedKgPerS * NO_FLOW_MS) / 1_000;
  return now.kg - mark.kg >= wanted ? now : mark;
}

/** True when less than 20 % of the expected flow has come for 10 s, or as long as is waited. */
export function flowMissing(mark: FlowMark, nowMs: number, waitMs = NO_FLOW_MS): boolean {
  return nowMs - mark.atMs >= waitMs;
}

/** A bin that hangs is knocked so often before another one takes over, each time for so long. */
export const KNOCKS_MAX = 3;
export const KNOCK_MS = 2_000;
/** What a knock brings down is seen within this, ms. */
const AFTER_KNOCK_MS = 5_000;

/** How long flow may be missing before the next step is taken against it, ms. */
export function noFlowWaitMs(knocks: number): number {
  return knocks === 0 ? NO_FLOW_MS : AFTER_KNOCK_MS;
}

/** The default tolerance of a scale: the larger of a share of the target and a mass (DOMAIN 4). */
export function toleranceOf(
  targetKg: number,
  scale: { readonly tolerancePct: number; readonly toleranceKg: number },
): number {
  return Math.max((targetKg * scale.tolerancePct) / 100, scale.toleranceKg);
}
