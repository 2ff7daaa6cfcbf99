/** Goal: orders that the system tests run, made from the recipe files as the server makes them. */
import type { Order } from '../../plc/model/order.ts';
import { controlRecipe } from '../../recipes/control-recipe.ts';
import { loadRecipes } from '../../recipes/load.ts';

type Plan = Pick<Order, 'orderId' | 'orderKg' | 'batchKg' | 'line' | 'destination'>;

/** An order of a formula for bags of 25 kg. */
export async function orderOf(formulaCode: string, plan: Plan): Promise<Order> {
  const { formulas, procedures, materials } = await loadRecipes();
  const formula = [...formulas.values()].find((one) => one.code === formulaCode);
  const procedure = [...procedures.values()].find((one) => one.id === formula?.procedure);
  if (formula === undefined || procedure === undefined) throw new Error(`no ${formulaCode}`);
  return {
    ...plan,
    ...controlRecipe(formula, procedure, materials),
    packaging: 'bags',
    bagKg: 25,
    lot: `TP-${plan.orderId}`,
    kind: 'feed',
    presses: [],
    bagger: null,
    dueTimeMs: null,
    customer: null,
  };
}

/** 1.5 t broiler finisher in three batches, pelleted, to bags of 25 kg from FB901. */
export function finisherOrder(orderId = '2611-0001'): Promise<Order> {
  const plan = { orderId, orderKg: 1_500, batchKg: 500, line: 'LINE1', destination: 'FB901' };
  return orderOf('BROILER-FIN', plan);
}
