/**
 * A seeded source of chance that lives in the state, so that a saved mill goes on as it would have.
 */
export interface Chance {
  seed: number;
}

/** The next number in 0..1 (mulberry32). */
export function uniform(chance: Chance): number {
  chance.seed = (chance.seed + 0x6d2b79f5) | 0;
  let mixed = Math.imul(chance.seed ^ (chance.seed >>> 15), 1 | chance.seed);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
}

/** Nearly normal with mean 0 and standard deviation 1: the sum of four uniforms, within +-3.5. */
export function normal(chance: Chance): number {
  const sum = uniform(chance) + uniform(chance) + uniform(chance) + uniform(chance);
  return (sum - 2) * Math.sqrt(3);
}

/** A wandering value around 0 with standard deviation `sigma` that forgets itself within `tauS`. */
export function wander(
  chance: Chance,
  value: number,
  sigma: number,
  tauS: number,
  dtS: number,
): number {
  const share = Math.min(1, dtS / tauS);
  return value * (1 - share) + sigma * Math.sqrt(2 * share) * normal(chance);
}

/** One step of a first-order lag towards `target`. */
export function lag(value: number, target: number, tauS: number, dtS: number): number {
  return value + (target - value) * (1 - Math.exp(-dtS / tauS));
}

/** A fixed number in 0..1 that follows from a name: devices of one type are not all alike. */
export function shareOfName(name: string): number {
  let hash = 2_166_136_261;
  for (const letter of name) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 16_777_619);
  return (hash >>> 0) / 4_294_967_296;
}
