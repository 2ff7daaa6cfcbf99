import type { ScanClassMs } from '../model/tag.ts';

/** Unless its template says otherwise, a value unconfirmed for this long is stale, ms. */
export const MAX_AGE_DEFAULT_MS = 4_000;

/** A tag that is seldom asked for may be older before it counts as stale. */
export function maxAgeMsOf(scanMs: ScanClassMs): number {
  return Math.max(MAX_AGE_DEFAULT_MS, 2.5 * scanMs);
}
