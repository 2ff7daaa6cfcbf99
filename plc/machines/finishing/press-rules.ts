import { notGood } from '../../logic/interlock.ts';
import type { PressPhase } from '../../model/isa88.ts';
import { MOTOR_STATES, PRESS_PHASES, ROUTE_STATES } from '../../model/isa88.ts';
import type { Reason } from '../../model/reason.ts';
import { reason } from '../../model/reason.ts';
import type { RouteProduct } from '../../model/route-product.ts';
import { goodNumber, isOff, isOn } from '../../model/tag.ts';
import type { EventBase } from '../contract.ts';
import type { KitContext, MachineEvent, View } from '../kit.ts';
import { codeOf, earliest, input, invalidArg, numberArg, stateOf, textArg } from '../kit.ts';
import { loadOf } from './press-control.ts';
import type { PressRun } from './press-run.ts';
import { measuredRun } from './press-run.ts';

/** What a press unit is made with. */
export interface PressInput {
  readonly id: string;
  readonly press: string;
  readonly feeder: string;
  readonly conditioner: string;
  readonly route: string;
  /** The bin above it. */
  readonly source: string;
  readonly ratedAmps: number;
  readonly idleAmps: number;
  readonly capacityTPerH: number;
  readonly kgPerHourPerHz: number;
  readonly loadSetPct: number;
  readonly hz: { readonly warm: number; readonly max: number };
  /** Boilers that give it steam; one with enough pressure will do. Empty: steam is always there. */
  readonly boilers: readonly { readonly id: string; readonly lowBar: number }[];
  /** Drives beside its way that run while it does: the conveyor of its fines. */
  readonly helpers: readonly string[];
  /** The unit that lays liquid on its product, or null. */
  readonly coater: string | null;
  /** The unit that sets the gap of its crumbler, or null. */
  readonly crumbler: string | null;
}

export interface PressContext extends KitContext {
  readonly state: PressPhase;
  readonly made: PressInput;
  readonly destination: string;
  /** Where the route goes on to when that is full, and what it carries. */
  readonly second: string | null;
  readonly product: RouteProduct | null;
  readonly setC: number;
  /** Motor load that its feed holds for this product, %. */
  readonly setPct: number;
  /** Gap of its crumbler, mm, 0 for whole pellets; liquid laid on, % of the pellets. */
  readonly crumbleMm: number;
  readonly coatPct: number;
  /** What this run is for and what has come of it so far; null before the first. */
  readonly run: PressRun | null;
  /** It has pressed in this run: a fall to idle now is a choke. */
  readonly worked: boolean;
  /** STOP was asked: it presses until its bin is empty and ends then. */
  readonly ending: boolean;
  readonly hz: number;
  readonly feedIntegral: number;
  readonly steamOn: boolean;
  readonly steamPct: number;
  readonly steamIntegral: number;
  readonly steppedMs: number;
  readonly loadPct: number | null;
  /** Since when the load is beyond the trip limit, the bin empty, the press idle: process ms. */
  readonly overSinceMs: number | null;
  readonly emptySinceMs: number | null;
  readonly idleSinceMs: number | null;
  readonly deadlineMs: number | null;
  readonly reasons: readonly Reason[];
  readonly stoppedSinceUtcMs: number | null;
}

const SET_C_MIN = 20;
const SET_C_MAX = 110;
/** Load that a product may ask for, % of full load (DOMAIN 4). */
const LOAD_PCT_MIN = 85;
const LOAD_PCT_MAX = 92;
const CHOKE_PCT = 115;
const CHOKE_MS = 1_500;
const SLIP_PCT = 10;
/** Fed steadily and idle for so long, the die lets nothing in any more. */
const IDLE_CHOKE_MS = 10_000;
/** From this load on the press works, % of full load. */
const WORKING_PCT = 60;
/** The bin low for so long, there is no feed any more: steam shuts. */
const STEAM_OFF_MS = 30_000;
/** Empty bin and idle press for so long: the last of it is through. */
const RUN_EMPTY_MS = 30_000;
/** Above idle by this, the press still works, % of full load. */
const IDLE_BAND_PCT = 5;

/** Phases in which product may be fed and steam let in; in all others both are shut. */
export function isFeeding({ state }: Pick<PressContext, 'state'>): boolean {
  return state === 'Warming' || state === 'Pressing';
}

export function pressView(context: PressContext): View {
  const { made, deadlineMs } = context;
  const steam = isFeeding(context) && context.steamOn;
  const { press } = made;
  // While it feeds it looks each second; in between only for what is over before the next look.
  const between = (sinceMs: number | null, forMs: number) =>
    isFeeding(context) && sinceMs !== null && sinceMs + forMs > context.steppedMs
      ? sinceMs + forMs
      : null;
  return {
    writes: {
      [`${press}.SteamOpen`]: steam,
      [`${press}.SteamPct`]: steam ? context.steamPct : 0,
      // What is still in the conditioner falls out before the die.
      [`${press}.BypassOpen`]: context.state === 'Choked',
    },
    publishes: {
      [`${press}.Phase`]: codeOf(PRESS_PHASES, context.state),
      [`${press}.SetC`]: context.setC,
      [`${press}.LoadPct`]: context.loadPct,
    },
    alarms: { [`${press}.Choked`]: context.state === 'Choked' },
    status: { kind: 'device', device: context.id, owner: null, reasons: context.reasons },
    wakeAtMs: earliest(
      deadlineMs,
      isFeeding(context) ? context.steppedMs + 1_000 : null,
      between(context.overSinceMs, CHOKE_MS),
      between(context.idleSinceMs, IDLE_CHOKE_MS),
    ),
  };
}

export function motor(event: EventBase, role: string) {
  return stateOf(MOTOR_STATES, input(event.inputs, role));
}

export function routeState(event: EventBase) {
  return stateOf(ROUTE_STATES, input(event.inputs, 'RouteState'));
}

/** The members that each scan brings up to date. */
export function watched(context: PressContext, event: EventBase): Partial<PressContext> {
  const { nowMs, inputs } = event;
  const load = loadOf(context, event);
  const idlePct = (100 * context.made.idleAmps) / context.made.ratedAmps + IDLE_BAND_PCT;
  const since = (holds: boolean, before: number | null) => (holds ? (before ?? nowMs) : null);
  const emptySinceMs = since(!isOff(inputs['Low']), context.emptySinceMs);
  const fed = motor(event, 'FeederState') === 'Running';
  const conditioned = motor(event, 'ConditionerState') === 'Running';
  const starved = emptySinceMs !== null && nowMs - emptySinceMs >= STEAM_OFF_MS;
  return {
    loadPct: load,
    overSinceMs: since(load !== null && load > CHOKE_PCT, context.overSinceMs),
    emptySinceMs,
    idleSinceMs: since(load !== null && load < idlePct, context.idleSinceMs),
    worked: context.worked || (context.state === 'Pressing' && (load ?? 0) > WORKING_PCT),
    steamOn: isFeeding(context) && fed && conditioned && !starved,
    run: measuredRun(context, event),
  };
}

/** Why it may not start: an argument is missing, or no boiler has pressure enough (DOMAIN 4). */
export function startRefusals({ made }: PressContext, event: MachineEvent): Reason[] {
  const setC = numberArg(event, 'setC');
  return [
    ...(textArg(event, 'destination') === null ? [invalidArg('destination')] : []),
    ...(setC === null || setC < SET_C_MIN || setC > SET_C_MAX ? [invalidArg('setC')] : []),
    ...(isLoad(numberArg(event, 'loadPct')) ? [] : [invalidArg('loadPct')]),
    ...steamReasons(made, event),
  ];
}

/** No load of its own, or one that presses hold. */
function isLoad(pct: number | null): boolean {
  return pct === null || (pct >= LOAD_PCT_MIN && pct <= LOAD_PCT_MAX);
}

/** Why there is no steam; empty while one boiler is known to have its pressure. */
function steamReasons(made: PressInput, event: EventBase): Reason[] {
  const found = made.boilers.map(({ id, lowBar }): Reason | null => {
    const tag = `${id}.PressureBar`;
    const bar = goodNumber(event.inputs[tag]);
    if (bar === null) return notGood(tag, event.inputs[tag]);
    return bar >= lowBar ? null : reason('press.no-steam', { device: made.press, boiler: id });
  });
  return found.includes(null) ? [] : found.filter((one) => one !== null);
}

/** It pressed, is fed as before from a bin that is not empty, and draws no more than idling. */
function fellIdle(context: PressContext, event: EventBase): boolean {
  const { worked, idleSinceMs, emptySinceMs } = context;
  if (context.state !== 'Pressing' || !worked || idleSinceMs === null) return false;
  const fed = motor(event, 'FeederState') === 'Running' && context.hz >= context.made.hz.warm / 2;
  return fed && emptySinceMs === null && event.nowMs - idleSinceMs >= IDLE_CHOKE_MS;
}

/** Overloaded for 1.5 s, idle while it is fed, or its rolls slip (DOMAIN 4). */
export function isChoked(context: PressContext, event: EventBase): boolean {
  if (fellIdle(context, event)) return true;
  const slipPct = goodNumber(event.inputs['RollSlipPct']);
  if (slipPct !== null && slipPct > SLIP_PCT) return true;
  const { overSinceMs } = context;
  return overSinceMs !== null && event.nowMs - overSinceMs >= CHOKE_MS;
}

/** STOP was asked, the bin above is known to be empty and the press has idled long enough. */
export function hasRunEmpty(context: PressContext, event: EventBase): boolean {
  const { ending, emptySinceMs, idleSinceMs } = context;
  if (!ending || emptySinceMs === null || idleSinceMs === null) return false;
  if (!isOn(event.inputs['Low'])) return false;
  return event.nowMs - Math.max(emptySinceMs, idleSinceMs) >= RUN_EMPTY_MS;
}
