/** A counter of 32 bits goes on from 0 behind this. */
const PULSES_MAX = 4_294_967_296;
/** So many pulses in a scan are never a jump, however short the scan was. */
const JUMP_PULSES_MIN = 50;
/** Above its range a meter may read by this share before its count is not believed. */
const OVER_RANGE = 1.2;

/** Pulses between two readings of a counter that begins anew at its end. */
export function pulsesSince(before: number, now: number): number {
  return now >= before ? now - before : PULSES_MAX - before + now;
}

/**
 * True when so many pulses cannot have come in that time: the meter was changed or set to zero,
 * and its count says nothing about the dose.
 * @param pulsesPerS the most that the meter can give.
 */
export function isJump(pulses: number, forMs: number, pulsesPerS: number): boolean {
  const most = OVER_RANGE * pulsesPerS * (forMs / 1_000);
  return pulses > Math.max(JUMP_PULSES_MIN, most);
}
