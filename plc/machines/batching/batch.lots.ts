import type { DosingScale } from '../../logic/batch-plan.ts';
import { binReasons } from '../../logic/lot-register.ts';
import type { Order } from '../../model/order.ts';
import type { Reason } from '../../model/reason.ts';
import { lotsTold } from '../stock/lots-news.ts';
import type { Turn } from './batch.turn.ts';

/** The register of lots has changed. */
export function lotsChanged(one: Turn): void {
  one.work.lotsIn = lotsTold(one.event)?.bins ?? one.work.lotsIn;
}

/** Why this order may not be dosed from a bin: quarantine, expiry, rests of a drug (DOMAIN 4). */
export function unsafeReasons(one: Turn, order: Order, bin: string): Reason[] {
  return binReasons(one.setup.carryOver, one.work.lotsIn[bin], order.nature);
}

/** The scales of the line with the bins that the order may be dosed from. */
export function safeScales(one: Turn, order: Order): readonly DosingScale[] {
  if (Object.keys(one.work.lotsIn).length === 0) return one.setup.scales;
  return one.setup.scales.map((scale) => ({
    ...scale,
    bins: scale.bins.filter(({ bin }) => unsafeReasons(one, order, bin).length === 0),
  }));
}

/** Why the bins of these materials are left out, where they are. */
export function leftOut(one: Turn, order: Order): Reason[] {
  const wanted = new Set(order.items.map(({ material }) => material));
  return one.setup.scales
    .flatMap(({ bins }) => bins)
    .filter(({ material }) => material !== null && wanted.has(material))
    .flatMap(({ bin }) => unsafeReasons(one, order, bin));
}
