import type { Order } from '../model/order.ts';
import type { DosingBin } from './batch-plan.ts';

/** What the orders of a line will still take from one bin, kg. */
export interface BinDemand {
  /** All of the running and the queued orders. */
  readonly kg: number;
  /** One batch of the order that needs it first. */
  readonly batchKg: number;
}

/** An order with how many of its batches are still to be dosed, in the order of making. */
export interface OrderToCome {
  readonly order: Pick<Order, 'items'>;
  readonly batches: number;
  readonly eachKg: number;
}

/**
 * What orders to come take from each bin. Bins of one material share its demand: which of them is
 * taken is seen only when the batch is made.
 */
export function binDemands(
  orders: readonly OrderToCome[],
  bins: readonly Pick<DosingBin, 'bin' | 'material'>[],
): Record<string, BinDemand> {
  const demands: Record<string, BinDemand> = {};
  const byMaterial = Map.groupBy(bins, (one) => one.material);
  for (const [material, sharing] of byMaterial) {
    let kg = 0;
    let batchKg = 0;
    for (const { order, batches, eachKg } of orders) {
      const item = order.items.find((one) => one.material === material);
      if (item === undefined || batches <= 0) continue;
      const each = (item.pct / 100) * eachKg;
      kg += each * batches;
      if (batchKg === 0) batchKg = each;
    }
    for (const { bin } of sharing) {
      demands[bin] = { kg: kg / sharing.length, batchKg: batchKg / sharing.length };
    }
  }
  return demands;
}
