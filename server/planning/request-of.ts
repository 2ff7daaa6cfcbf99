import { controlRecipe } from '../../recipes/control-recipe.ts';
import type { Formula, Material, Procedure } from '../../recipes/schema.ts';
import type { PlanRequest } from './plan-types.ts';

/** The members of a request that do not come from the formula. */
export type Wanted = Omit<
  PlanRequest,
  'recipe' | 'substitutes' | 'dieMm' | 'screenMm' | 'kind' | 'planId'
>;

/** A wish with everything left open that may be. */
export function wanted(orderKg: number, more: Partial<Wanted> = {}): Wanted {
  return {
    orderKg,
    batchKg: null,
    line: null,
    press: null,
    destination: null,
    bagger: null,
    packaging: 'bags',
    bagKg: 25,
    dueTimeMs: null,
    customer: null,
    ...more,
  };
}

/** A request with its own copy of formula and procedure (ISA-88 control recipe). */
export function requestOf(
  planId: string,
  { formula, procedure }: { readonly formula: Formula; readonly procedure: Procedure },
  materials: ReadonlyMap<string, Material>,
  of: Wanted,
): PlanRequest {
  return {
    planId,
    kind: 'feed',
    recipe: controlRecipe(formula, procedure, materials),
    substitutes: Object.fromEntries(
      formula.items.flatMap(({ material, substitutes }) =>
        substitutes === undefined ? [] : [[material, substitutes]],
      ),
    ),
    dieMm: formula.dieMm ?? null,
    screenMm: formula.screenMm ?? null,
    ...of,
  };
}
