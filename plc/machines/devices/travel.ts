/** Travel times of the mill definition are those of a sound device; this much later it is stuck. */
const MARGIN = 1.5;
const MARGIN_MS = 1_000;

/** How long to wait for a position, ms: the travel time with a margin for wear and for the scan. */
export function travelLimitMs(travelS: number): number {
  return travelS * 1000 * MARGIN + MARGIN_MS;
}
