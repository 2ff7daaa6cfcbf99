import type { Formula } from './schema.ts';

/** One ingredient that another one takes the place of. */
export interface Substitution {
  readonly material: string;
  readonly by: string;
}

/**
 * A formula with ingredients replaced kilogram for kilogram, and what its lists do not allow. What
 * is in the formula already gets the share of what it replaces.
 */
export function substituted(
  formula: Formula,
  substitutions: readonly Substitution[],
): { readonly formula: Formula; readonly notAllowed: readonly Substitution[] } {
  const notAllowed = substitutions.filter(
    ({ material, by }) =>
      !formula.items.some((one) => one.material === material && one.substitutes?.includes(by)),
  );
  const items: Formula['items'] = [];
  for (const item of formula.items) {
    const by = substitutions.find(({ material }) => material === item.material)?.by;
    const material = by ?? item.material;
    const at = items.findIndex((one) => one.material === material);
    const there = items[at];
    if (there === undefined) items.push({ ...item, material });
    else items[at] = { ...there, pct: there.pct + item.pct };
  }
  return { formula: { ...formula, items }, notAllowed };
}
