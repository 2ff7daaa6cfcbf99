import { binReasons } from '../../logic/lot-register.ts';
import { fillsUpAt, priceAt, untilChangeMs } from '../../logic/tariff.ts';
import { ROUTE_STATES } from '../../model/isa88.ts';
import type { LotsStatus } from '../../model/lots.ts';
import type { Reason } from '../../model/reason.ts';
import { reason } from '../../model/reason.ts';
import { goodNumber, isOff } from '../../model/tag.ts';
import type { Tariff } from '../../model/tariff.ts';
import type { EventBase } from '../contract.ts';
import type { KitContext, View } from '../kit.ts';
import { earliest, input, stateOf } from '../kit.ts';

/** What the refill of one bin is made with. */
export interface RefillInput {
  readonly id: string;
  readonly bin: string;
  readonly material: string | null;
  readonly capacityKg: number;
  readonly route: string;
  /** Storage bins with its material, in the order in which they are emptied. */
  readonly sources: readonly string[];
  readonly startPct: number;
  readonly stopPct: number;
  /** Turn among the bins of the same route: an emptier bin asks earlier. */
  readonly turn: number;
  /** Refills of other bins by the same route. */
  readonly rivals: readonly string[];
  /** Refills of its sources, which are told of the demand in turn. */
  readonly upstream: readonly string[];
  /** Those of its sources that are refilled themselves: small hoppers, not silos. */
  readonly hoppers: readonly string[];
  /**
   * A run is cut short before this only for an order's need or a nearly empty bin: the drives of
   * the route may be started so often in an hour, ms.
   */
  readonly runMinMs: number;
  /** Hours of energy that its route heeds; null where it does not grind. */
  readonly tariff: Tariff | null;
}

/** What one line will take from the bin, kg. */
interface Demand {
  readonly kg: number;
  readonly batchKg: number;
}

export interface RefillContext extends KitContext {
  readonly state: 'Full' | 'Waiting' | 'Asked' | 'Queued' | 'Filling';
  readonly made: RefillInput;
  readonly source: string | null;
  /** What the lines will take, by who said so. */
  readonly demands: Readonly<Record<string, Demand>>;
  /** An emptier bin, or one that an order needs, waits for the route that this one has. */
  readonly wanted: boolean;
  readonly wantedForOrder: boolean;
  /** One of those that wait is nearly empty. */
  readonly wantedSoon: boolean;
  /** When it asks for the route (again), and when it reminds those who have it, process ms. */
  readonly askAtMs: number | null;
  readonly remindAtMs: number | null;
  /** When the tariff may change, process ms. */
  readonly tariffAtMs: number | null;
  /** Storage out of which nothing may be taken, by the register of lots. */
  readonly lotsIn: LotsStatus['bins'];
  /** Why it is not being filled though it should be. */
  readonly reasons: readonly Reason[];
}

/** With less than so many batches in the bin, an order will starve unless it is filled now. */
const URGENT_BATCHES = 4;
/** It is not filled for less than this below its stop level, %: each run costs a clean-out. */
const WORTH_PCT = 15;
/** In peak hours a bin that no order needs waits until this share of its start level. */
const PEAK_SHARE = 0.5;
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

export function levelPct(event: EventBase): number | null {
  return goodNumber(event.inputs['LevelPct']);
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

export function totalDemand({ demands }: Pick<RefillContext, 'demands'>): Demand {
  const all = Object.values(demands);
  return {
    kg: all.reduce((sum, one) => sum + one.kg, 0),
    batchKg: all.reduce((sum, one) => sum + one.batchKg, 0),
  };
}

function contentKg({ made }: RefillContext, level: number): number {
  return (level / 100) * made.capacityKg;
}

/** Batches that the bin is good for; null while no order needs it. */
export function batchesLeft(context: RefillContext, event: EventBase): number | null {
  const level = levelPct(event);
  const { kg, batchKg } = totalDemand(context);
  if (level === null || kg <= 0 || batchKg <= 0) return null;
  return contentKg(context, level) / batchKg;
}

/** An order will take more than there is, and soon. */
export function isUrgent(context: RefillContext, event: EventBase): boolean {
  const left = batchesLeft(context, event);
  const { kg, batchKg } = totalDemand(context);
  return left !== null && left < Math.min(URGENT_BATCHES, kg / batchKg);
}

/** The level below which it is filled now, by the hours of the tariff, %. */
function startPctNow({ made }: RefillContext, event: EventBase): number {
  const { tariff, startPct, stopPct } = made;
  if (tariff === null) return startPct;
  if (priceAt(tariff, event.utcMs) === 'peak') return startPct * PEAK_SHARE;
  return fillsUpAt(tariff, event.utcMs) ? Math.max(startPct, stopPct - WORTH_PCT) : startPct;
}

/** Energy is dear and no order needs the bin soon: grinding can wait. */
function canWaitForPeak(context: RefillContext, event: EventBase): boolean {
  const { tariff } = context.made;
  if (tariff === null || priceAt(tariff, event.utcMs) !== 'peak') return false;
  return !isUrgent(context, event) && (levelPct(event) ?? 0) >= startPctNow(context, event);
}

/** Filled by level, by what the orders will take, and by the hours of the tariff. */
export function mustFill(context: RefillContext, event: EventBase): boolean {
  const level = levelPct(event);
  const { stopPct } = context.made;
  if (level === null || level >= stopPct) return false;
  if (isUrgent(context, event)) return true;
  if (canWaitForPeak(context, event)) return false;
  const isShort = totalDemand(context).kg > contentKg(context, level);
  return level < startPctNow(context, event) || (isShort && level < stopPct - WORTH_PCT);
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
  if (isUrgent(context, event)) return false;
  if (context.wantedForOrder) return true;
  if (!context.wantedSoon && event.nowMs - context.sinceMs < runMinMs) return false;
  if (context.wanted && level >= startPct + YIELD_PCT) return true;
  return canWaitForPeak(context, event) && level >= startPct * PEAK_SHARE + YIELD_PCT;
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
