/** A PI controller in the form output = feedForward + kp * error + integral. */
export interface PiSettings {
  /** Output per unit of error. */
  readonly kp: number;
  /** Integral time, s; more than 0. */
  readonly tiS: number;
  readonly low: number;
  readonly high: number;
}

export interface PiResult {
  readonly output: number;
  /** To be given back at the next step. */
  readonly integral: number;
}

export function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

/**
 * One step of a PI controller. Anti-windup: while the output is at a limit, the integral does not
 * go on in that direction, and it never exceeds what the limits leave it.
 */
export function pi(
  settings: PiSettings,
  integral: number,
  error: number,
  feedForward: number,
  dtS: number,
): PiResult {
  const { kp, tiS, low, high } = settings;
  const free = feedForward + kp * error + integral;
  const stuck = (free >= high && error > 0) || (free <= low && error < 0);
  const next = stuck ? integral : integral + (kp * error * dtS) / tiS;
  const bounded = clamp(next, low - high, high - low);
  return { output: clamp(feedForward + kp * error + bounded, low, high), integral: bounded };
}

/** Moves towards a wanted value by at most `ratePerS`. */
export function ramp(from: number, to: number, ratePerS: number, dtS: number): number {
  const step = ratePerS * dtS;
  return clamp(to, from - step, from + step);
}
