/** Steps of the grid within what a value may be off: rounding takes at most an eighth of it. */
const STEPS_PER_TOLERANCE = 4;

/**
 * The step that values of a measurement are rounded to when they are stored: a power of two, so
 * that the last bits of a stored number are zeros and take no room (Gorilla, Pelkonen et al., 2015,
 * section 4.1.2). `tolerance` is what a stored value may be off, > 0; rounding to the step takes at
 * most an eighth of it. Both in the measurement's unit.
 */
export function gridOf(tolerance: number): number {
  return 2 ** Math.floor(Math.log2(tolerance / STEPS_PER_TOLERANCE));
}

/** The nearest point of the grid; a zero has no sign. */
export function onGrid(value: number, grid: number): number {
  const rounded = Math.round(value / grid) * grid;
  // A value so large that its own steps are wider is on the grid already.
  return Number.isFinite(rounded) ? rounded + 0 : value;
}
