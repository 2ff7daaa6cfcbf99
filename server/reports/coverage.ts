import type { Period } from './period.ts';

/** A minute of `recorded_minute`. */
export interface RecordedMinute extends Record<string, unknown> {
  readonly ms: number;
  /** Recording ended in it: the controller was not running afterwards. */
  readonly ends: boolean;
}

const MINUTE_MS = 60_000;
/** A quiet mill stores each tag again every 15 minutes: less silence than this is no gap. */
const SILENCE_MAX_MS = 16 * MINUTE_MS;

/**
 * Share of the period that has passed and in which history was recorded, %, 0 when none of it has
 * passed.
 */
export function coveragePct(
  minutes: readonly RecordedMinute[],
  { fromMs, toMs }: Period,
  nowMs: number,
): number {
  const endMs = Math.min(toMs, nowMs);
  if (endMs <= fromMs) return 0;
  let coveredMs = 0;
  minutes.forEach(({ ms, ends }, at) => {
    const nextMs = minutes[at + 1]?.ms ?? nowMs;
    const holds = !ends && nextMs - ms <= SILENCE_MAX_MS;
    const untilMs = holds ? nextMs : Math.min(ms + MINUTE_MS, nextMs);
    coveredMs += Math.max(0, Math.min(untilMs, endMs) - Math.max(ms, fromMs));
  });
  return Math.min(100, (coveredMs / (endMs - fromMs)) * 100);
}
