/**
 * First hour of each shift in the mill's local time; the last ends where the next day's first
 * begins.
 */
const SHIFT_STARTS_H = [6, 14, 22] as const;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export interface Period {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Difference of a zone's wall clock from UTC at an instant, ms. */
function zoneOffsetMs(timeMs: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(timeMs);
  const part = (type: string) => Number(parts.find((one) => one.type === type)?.value);
  const wall = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  );
  return wall - Math.floor(timeMs / 1_000) * 1_000;
}

/** The instant at which the zone's clocks show this wall time (as if it were UTC). */
function instantOf(wallMs: number, timeZone: string): number {
  const guess = wallMs - zoneOffsetMs(wallMs, timeZone);
  // Once more from there: near a change of summer time the first offset may be the other one.
  return wallMs - zoneOffsetMs(guess, timeZone);
}

/**
 * A production day of the mill, 06:00 to 06:00 local, or one of its shifts: 06-14, 14-22, 22-06.
 * `day` is its ISO date, `shift` 1..3 or null for the whole day.
 */
export function reportPeriod(day: string, shift: number | null, timeZone: string): Period {
  const midnight = Date.parse(`${day}T00:00:00Z`);
  const startH = SHIFT_STARTS_H[(shift ?? 1) - 1] ?? SHIFT_STARTS_H[0];
  const endH = shift === null ? undefined : (SHIFT_STARTS_H[shift] ?? undefined);
  const from = midnight + startH * HOUR_MS;
  const to =
    endH === undefined
      ? midnight + DAY_MS + SHIFT_STARTS_H[0] * HOUR_MS
      : midnight + endH * HOUR_MS;
  return { fromMs: instantOf(from, timeZone), toMs: instantOf(to, timeZone) };
}
