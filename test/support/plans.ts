/** Goal: requests and starts of plans, as the tests of planner and sequence need them. */
import { reference } from '../../plc/mill/mills/reference.ts';
import type { FeedNature } from '../../plc/model/carry-over.ts';
import { loadRecipes } from '../../recipes/load.ts';
import { newMillStart } from '../../server/planning/mill-stock.ts';
import type { PlanInput, PlanRequest, PlanStart } from '../../server/planning/plan-types.ts';
import type { Wanted } from '../../server/planning/request-of.ts';
import { requestOf, wanted } from '../../server/planning/request-of.ts';
import { millWays } from '../../server/planning/ways.ts';

const recipes = await loadRecipes();
const ways = millWays(reference);

export const PLAN_START_MS = Date.UTC(2026, 10, 25);

/** A wish for one of the mill's formulas; its nature may be another one. */
export function wish(
  planId: string,
  formulaCode: string,
  orderKg: number,
  more: Partial<Wanted> = {},
  nature: FeedNature | null = null,
): PlanRequest {
  const formula = recipes.formulas.get(formulaCode);
  const procedure = recipes.procedures.get(formula?.procedure ?? '');
  if (formula === undefined || procedure === undefined) throw new Error(`no ${formulaCode}`);
  const one = requestOf(planId, { formula, procedure }, recipes.materials, wanted(orderKg, more));
  return nature === null ? one : { ...one, recipe: { ...one.recipe, nature } };
}

/** The reference mill as new, but for what the test says. */
export function planInput(start: Partial<PlanStart> = {}): PlanInput {
  const fresh = newMillStart(reference, PLAN_START_MS);
  return { ways, carryOver: reference.carryOver, start: { ...fresh, ...start } };
}
