/** Goal: the order that the system tests run, made from the recipe files as the server makes it. */
import type { Order } from '../../plc/model/order.ts';
import { loadRecipes } from '../../recipes/load.ts';

/** 1.5 t broiler finisher in three batches, pelleted, to bags of 25 kg from FB901. */
export async function finisherOrder(orderId = '2611-0001'): Promise<Order> {
  const { formulas, procedures } = await loadRecipes();
  const formula = [...formulas.values()].find((one) => one.code === 'BROILER-FIN');
  const procedure = [...procedures.values()].find((one) => one.id === formula?.procedure);
  if (formula === undefined || procedure === undefined) throw new Error('no broiler finisher');
  return {
    orderId,
    formulaCode: formula.code,
    formulaVersion: formula.version,
    product: formula.text,
    items: formula.items,
    procedure: {
      id: procedure.id,
      pelleted: procedure.pelleted,
      dryMixS: procedure.dryMixS,
      wetMixS: procedure.wetMixS,
      conditionerC: formula.conditionerC,
    },
    orderKg: 1_500,
    batchKg: 500,
    line: 'LINE1',
    destination: 'FB901',
    packaging: 'bags',
    bagKg: 25,
    lot: `TP-${orderId}`,
  };
}
