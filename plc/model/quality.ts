/**
 * How far a value can be trusted.
 * - `good`: measured or computed as intended and young enough.
 * - `uncertain`: the source itself doubts it (OPC UA Uncertain, sensor at its limit).
 * - `stale`: it was good, but nothing confirmed it for longer than the tag's maximum age.
 * - `bad`: there is no usable value (link lost, sensor failed, never read).
 * The order is the order of trust; a derived value inherits the worst of its sources.
 */
export const QUALITIES = ['good', 'uncertain', 'stale', 'bad'] as const;

export type Quality = (typeof QUALITIES)[number];

/** Rank of a quality: 0 good ... 3 bad. Also the code used on the wire and in the database. */
export function qualityCode(quality: Quality): number {
  return QUALITIES.indexOf(quality);
}

/** The quality for a wire code; an unknown code is bad. */
export function qualityOfCode(code: number): Quality {
  return QUALITIES[code] ?? 'bad';
}
