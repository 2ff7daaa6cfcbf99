import { binReasons } from '../../logic/lot-register.ts';
import { untilChangeMs } from '../../logic/tariff.ts';
import { ROUTE_STATES } from '../../model/isa88.ts';
import type { Reason } from '../../model/reason.ts';
import { reason } from '../../model/reason.ts';
import { goodNumber, isOff } from '../../model/tag.ts';
import type { EventBase } from '../contract.ts';
import type { View } from '../kit.ts';
import { earliest, input, stateOf } from '../kit.ts';
import type { RefillContext } from './refill.context.ts';
import {
  canShareRoute,
  canSpareRoute,
  canWaitForPeak,
  isShort,
  isUrgent,
  levelPct,
  startPctNow,
  WORTH_PCT,
} from './refill-need.ts';

/**
 * A bin that has the route lets an emptier one have it once it is so far above its start level, %:
 * each change of material costs the route a clean-out, so it is not given up for less.
 */
const YIELD_PCT = 10;

/**
 * Of bins that are nearly as full as each other the one that has the route keeps it: a mill is not
 * cleaned out and loaded anew for a difference that the next batch makes.
 */
const EMPTIER_PCT = 15;

/** Nearly empty: below this share of its start level. */
const SOON_SHARE = 0.5;

/** A bin at this level does not wait for the end of a run. */
export function isNearlyEmpty({ made }: RefillContext, level: number): boolean {
  return level < made.startPct * SOON_SHARE;
}

/** A rival at this level has so much less than this bin that it is worth a change. */
export function isMuchEmptier(rivalPct: number, event: EventBase): boolean {
  return rivalPct < (levelPct(event) ?? 0) - EMPTIER_PCT;
}

export function refillView(context: RefillContext): View {
  const { id, askAtMs, remindAtMs, tariffAtMs, reasons } = context;
  return {
    status: { kind: 'device', device: id, owner: null, reasons },
    wakeAtMs: earliest(askAtMs, remindAtMs, tariffAtMs),
  };
}

export function routeState(event: EventBase) {
  return stateOf(ROUTE_STATES, input(event.inputs, 'RouteState'));
}

/**
 * A hopper that is refilled itself must hold this before a run from it begins, %: begun just above
 * its low level the run would end at once, and a mill may be started only a few times an hour.
 */
const HOPPER_WORTH_PCT = 30;

/** A lot in quarantine, expired, or with a drug in it is not brought to a dosing bin. */
function unsafe({ lotsIn }: RefillContext, source: string): Reason[] {
  return binReasons([], lotsIn[source], null);
}

/** Nothing is known against what lies in this storage bin. */
export function isSafe(context: RefillContext, source: string): boolean {
  return unsafe(context, source).length === 0;
}

function isWorth(context: RefillContext, source: string, event: EventBase): boolean {
  const { made } = context;
  if (!isSafe(context, source)) return false;
  if (!isOff(event.inputs[`${source}.Low`])) return false;
  if (!made.hoppers.includes(source)) return true;
  return (goodNumber(event.inputs[`${source}.LevelPct`]) ?? 0) >= HOPPER_WORTH_PCT;
}

/** The first storage bin that is known to hold enough for a run; null: there is none. */
export function bestSource(context: RefillContext, event: EventBase): string | null {
  return context.made.sources.find((one) => isWorth(context, one, event)) ?? null;
}

/** Filled by level, by what the orders will take, and by the hours of the tariff. */
export function mustFill(context: RefillContext, event: EventBase): boolean {
  const level = levelPct(event);
  const { stopPct } = context.made;
  if (level === null || level >= stopPct) return false;
  if (isUrgent(context, event)) return true;
  if (canWaitForPeak(context, event)) return false;
  return (
    level < startPctNow(context, event) || (isShort(context, event) && level < stopPct - WORTH_PCT)
  );
}

/** It has enough, or its level cannot be trusted. */
export function isFull({ made }: RefillContext, event: EventBase): boolean {
  const level = levelPct(event);
  return level === null || level >= made.stopPct;
}

/** It leaves the route to a bin that needs it more, or to the end of the peak hours. */
export function mustYield(context: RefillContext, event: EventBase): boolean {
  const level = levelPct(event) ?? 0;
  const { startPct, runMinMs } = context.made;
  const ranLong = event.nowMs - context.sinceMs >= runMinMs;
  if (isUrgent(context, event)) {
    return context.wantedByStanding && ranLong && canShareRoute(context, event);
  }
  if (context.wantedForOrder && canSpareRoute(context, event)) return true;
  if (!context.wantedSoon && !ranLong) return false;
  if (context.wanted && level >= startPct + YIELD_PCT) return true;
  return canWaitForPeak(context, event) && level >= startPctNow(context, event) + YIELD_PCT;
}

function hindrances(context: RefillContext, event: EventBase): Reason[] {
  const { bin, material, route, startPct } = context.made;
  const level = levelPct(event);
  if (context.state === 'Filling' || level === null) return [];
  if (!mustFill(context, event)) {
    return level < startPct ? [reason('refill.peak', { bin })] : [];
  }
  if (bestSource(context, event) === null) {
    const held = context.made.sources.flatMap((source) => unsafe(context, source));
    return [reason('refill.no-source', { bin, material: material ?? '?' }), ...held];
  }
  const state = routeState(event);
  if (state === 'Tripped') return [reason('refill.route-tripped', { bin, route })];
  return state === 'Idle' ? [] : [reason('refill.waits', { bin, route })];
}

/** The members that each scan brings up to date. */
export function watched(context: RefillContext, event: EventBase): Partial<RefillContext> {
  const { tariff } = context.made;
  const reasons = hindrances(context, event);
  if (tariff === null) return { reasons };
  return { reasons, tariffAtMs: event.nowMs + untilChangeMs(tariff, event.utcMs) };
}
