import type { Formula } from './schema.ts';

/** One ingredient of a batch, kg. */
export interface ScaledItem {
  readonly material: string;
  readonly pct: number;
  readonly kg: number;
}

/** A formula for one batch: a sum that misses 100 % by 0.05 still gives the whole batch. */
export function scaledTo(formula: Pick<Formula, 'items'>, batchKg: number): ScaledItem[] {
  const sum = formula.items.reduce((total, { pct }) => total + pct, 0);
  return formula.items.map(({ material, pct }) => ({
    material,
    pct,
    kg: sum > 0 ? (batchKg * pct) / sum : 0,
  }));
}
