/** First wait after a failure, ms; doubled at each further failure. */
const FIRST_MS = 250;
/** Longest wait before its jitter, ms: a link that comes back is used again within 5 s. */
const LONGEST_MS = 1_500;
const JITTER = 0.2;

/** The longest that {@link backOffMs} ever asks for, ms. */
export const BACK_OFF_MAX_MS = LONGEST_MS * (1 + JITTER);

/**
 * How long to wait before trying again, ms: 250, 500, 1000, 1500, 1500 ... each +-20 % so that many
 * clients of one server do not return in step.
 * @param failures how many tries in succession have failed, from 1.
 * @param random a number in 0..1, drawn anew for each call.
 */
export function backOffMs(failures: number, random: () => number): number {
  const base = Math.min(LONGEST_MS, FIRST_MS * 2 ** (Math.max(1, failures) - 1));
  return base * (1 - JITTER + 2 * JITTER * random());
}

/**
 * Whether a moment set with {@link backOffMs} has come. A moment further away than any back-off
 * means that the clock was set back meanwhile, and waiting for it would be waiting for hours.
 */
export function isDue(momentMs: number, nowMs: number): boolean {
  return nowMs >= momentMs || momentMs - nowMs > BACK_OFF_MAX_MS;
}
