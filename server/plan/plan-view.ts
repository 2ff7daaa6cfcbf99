import type { PlannedOrderView, PlanView } from '../contract/plan.ts';
import type { Plan, PlannedOrder } from '../planning/plan-types.ts';
import type { PlanRow } from './plan-store.ts';

const iso = (timeMs: number) => new Date(timeMs).toISOString();
const plain = <T extends { readonly objects: object }>(list: readonly T[]) =>
  list.map((one) => ({ ...one, objects: { ...one.objects } }));

function orderView(planned: PlannedOrder, row: PlanRow | undefined): PlannedOrderView {
  const { order, press, batches, stages, doses, changes, reasons, notes } = planned;
  return {
    planId: planned.planId,
    state: row?.state ?? 'planned',
    kind: order.kind,
    flushFor: row?.flushFor ?? planned.flushFor,
    formula: order.formulaCode,
    formulaVersion: order.formulaVersion,
    product: order.product,
    orderKg: order.orderKg,
    batches: { ...batches },
    line: order.line,
    press,
    destination: order.destination,
    packaging: order.packaging,
    bagger: order.bagger,
    due: order.dueTimeMs === null ? null : iso(order.dueTimeMs),
    customer: order.customer,
    createdBy: row?.createdBy ?? '',
    releasedBy: row?.releasedBy ?? null,
    stages: stages.map(({ stage, unit, startMs, endMs }) => ({
      ...{ stage, unit, start: iso(startMs), end: iso(endMs) },
    })),
    doses: doses.map(({ material, scale, bin, targetKg, toleranceKg }) => ({
      ...{ material, scale, bin, targetKg, toleranceKg },
    })),
    changes: changes.map((one) => ({ ...one })),
    reasons: plain([...(row?.reasons ?? []), ...reasons]),
    notes: plain(notes),
  };
}

/** A plan as the interface shows it, with who made each order of the queue. */
export function planView(revision: number, rows: readonly PlanRow[], plan: Plan): PlanView {
  const rowOf = new Map(rows.map((row) => [row.planId, row]));
  return {
    revision,
    orders: plan.orders.map((one) => orderView(one, rowOf.get(one.planId))),
    end: iso(plan.endMs),
    flushes: plan.flushes,
    dieChanges: plan.dieChanges,
    screenChanges: plan.screenChanges,
  };
}
