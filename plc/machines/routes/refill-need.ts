import { binReasons } from '../../logic/lot-register.ts';
import { fillsUpAt, priceAt, untilChangeMs } from '../../logic/tariff.ts';
import { goodNumber } from '../../model/tag.ts';
import type { EventBase } from '../contract.ts';
import type { Demand, RefillContext } from './refill.context.ts';

/**
 * What a bin needs: by its level, by what the orders will take, and by the hours of the tariff. The
 * orders take the fullest of twins (bins with the same material over the same scale), so what twins
 * hold counts together.
 */

/** With less than so many batches in it and its twins an order will starve unless it is filled. */
const URGENT_BATCHES = 4;
/** It is not filled for less than this below its stop level, %: each run costs a clean-out. */
export const WORTH_PCT = 15;
/** With so many it can leave the route to an order's need, and will not want it back at once. */
const SPARE_BATCHES = 2 * URGENT_BATCHES;
/** With so many it shares the route with a bin for which a line stands, though both are short. */
const SHARE_BATCHES = 2;
/** In peak hours a bin whose orders can wait is filled below this share of its start level. */
const PEAK_SHARE = 0.5;
/** A line makes no more batches than this in an hour (DOMAIN 2: 10.4, and faster for a while). */
const BATCHES_PER_HOUR = 15;
const HOUR_MS = 3_600_000;

export function levelPct(event: EventBase): number | null {
  return goodNumber(event.inputs['LevelPct']);
}

/** What the lines will take from the bin itself: of twins each is told its share. */
export function totalDemand({ demands }: Pick<RefillContext, 'demands'>): Demand {
  const all = Object.values(demands);
  return {
    kg: all.reduce((sum, one) => sum + one.kg, 0),
    batchKg: all.reduce((sum, one) => sum + one.batchKg, 0),
  };
}

/**
 * What the bin and its twins hold, kg; a twin whose level is not known counts as empty, and so does
 * one with a lot out of which nothing is dosed.
 */
function heldKg({ made, lotsIn }: RefillContext, event: EventBase, level: number): number {
  const twins = Object.entries(made.twins).map(([twin, capacityKg]) => {
    if (binReasons([], lotsIn[twin], null).length > 0) return 0;
    return ((goodNumber(event.inputs[`${twin}.LevelPct`]) ?? 0) / 100) * capacityKg;
  });
  return twins.reduce((sum, kg) => sum + kg, (level / 100) * made.capacityKg);
}

/** What the orders will take from the bin and its twins. */
function demandOfAll(context: RefillContext): Demand {
  const { kg, batchKg } = totalDemand(context);
  const count = 1 + Object.keys(context.made.twins).length;
  return { kg: kg * count, batchKg: batchKg * count };
}

/** Batches that the bin and its twins are good for; null while no order needs them. */
export function batchesLeft(context: RefillContext, event: EventBase): number | null {
  const level = levelPct(event);
  const { kg, batchKg } = demandOfAll(context);
  if (level === null || kg <= 0 || batchKg <= 0) return null;
  return heldKg(context, event, level) / batchKg;
}

/** An order will take more than there is, and soon. */
export function isUrgent(context: RefillContext, event: EventBase): boolean {
  const left = batchesLeft(context, event);
  const { kg, batchKg } = totalDemand(context);
  return left !== null && left < Math.min(URGENT_BATCHES, kg / batchKg);
}

/** No order of its own suffers when it leaves the route to a bin whose order starves. */
export function canSpareRoute(context: RefillContext, event: EventBase): boolean {
  const left = batchesLeft(context, event);
  const { kg, batchKg } = totalDemand(context);
  return left === null || left >= Math.min(SPARE_BATCHES, kg / batchKg);
}

/** There is not enough for the next batch: a line stands for it, or soon will. */
export function letsStand(batches: number | null): boolean {
  return batches !== null && batches < 1;
}

/** Its own orders go on for a while when it leaves the route to a bin for which a line stands. */
export function canShareRoute(context: RefillContext, event: EventBase): boolean {
  const left = batchesLeft(context, event);
  return left === null || left >= SHARE_BATCHES;
}

/** The orders will take more than there is, now or later. */
export function isShort(context: RefillContext, event: EventBase): boolean {
  const level = levelPct(event);
  return level !== null && demandOfAll(context).kg > heldKg(context, event, level);
}

/** The level below which it is filled now, by the hours of the tariff, %. */
export function startPctNow({ made }: RefillContext, event: EventBase): number {
  const { tariff, startPct, stopPct } = made;
  if (tariff === null) return startPct;
  if (priceAt(tariff, event.utcMs) === 'peak') return startPct * PEAK_SHARE;
  return fillsUpAt(tariff, event.utcMs) ? Math.max(startPct, stopPct - WORTH_PCT) : startPct;
}

/** Energy is dear, and what there is will last until it is not, however fast the orders go on. */
export function canWaitForPeak(context: RefillContext, event: EventBase): boolean {
  const { tariff } = context.made;
  const level = levelPct(event);
  if (tariff === null || level === null || priceAt(tariff, event.utcMs) !== 'peak') return false;
  if (level < startPctNow(context, event)) return false;
  const { kg, batchKg } = demandOfAll(context);
  const hours = untilChangeMs(tariff, event.utcMs) / HOUR_MS;
  return heldKg(context, event, level) >= Math.min(kg, hours * BATCHES_PER_HOUR * batchKg);
}
