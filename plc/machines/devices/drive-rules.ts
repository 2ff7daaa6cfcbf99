import { clockTime } from '../../logic/clock-time.ts';
import { notGood, openConditions, violated } from '../../logic/interlock.ts';
import type { Condition } from '../../model/condition.ts';
import type { MotorState } from '../../model/isa88.ts';
import type { Reason } from '../../model/reason.ts';
import { reason } from '../../model/reason.ts';
import { goodNumber, isOff, isOn } from '../../model/tag.ts';
import type { EventBase, Inputs } from '../contract.ts';
import type { KitContext, MachineEvent } from '../kit.ts';
import { numberArg, senderOf } from '../kit.ts';
import type { Moded } from './device-mode.ts';
import { commandRefusals, stopFor } from './device-mode.ts';

/** What a drive machine is made with; times in s as in the mill definition. */
export interface DriveInput {
  readonly id: string;
  readonly hornS: number;
  readonly feedbackS: number;
  readonly runUpS: number;
  readonly startsPerHourMax: number;
  /** Where the mill's clocks are: people are told times of day. */
  readonly timeZone: string;
  readonly permissives: readonly Condition[];
  readonly interlocks: readonly Condition[];
  /** Conditions whose violation trips it until a reset (plug, belt drift, hot bearing). */
  readonly protections: readonly Condition[];
  /** How its run-up is seen: by speed, by frequency (feeders), or not at all. */
  readonly runUpBy: 'SpeedPct' | 'Hz' | null;
  /** An elevator: underspeed of 20 % stops it, and once choked it is never jogged (DOMAIN 3). */
  readonly isElevator: boolean;
  /** Brought up in star, then changed over to delta. */
  readonly isStarDelta: boolean;
  /** A mill is up only when its current has fallen to this, A: to idle (DOMAIN 4); null: any. */
  readonly idleAmps: number | null;
  /** Rated power and current, from which its energy is computed; null: it has a meter. */
  readonly rated: { readonly kW: number; readonly amps: number } | null;
  /** Feeder: largest and initial frequency, Hz; null for a drive of fixed speed. */
  readonly hz: { readonly max: number; readonly initial: number } | null;
  /** The unit that sets this feeder's frequency though a route owns it. */
  readonly unit: string | null;
  /** The machine that sounds the horn. */
  readonly horn: string | null;
}

/** What of a drive's context survives a restart, beside its mode. */
export const DRIVE_COUNTERS = ['starts', 'runMs', 'kWh', 'recentStartsMs', 'choked'] as const;

/**
 * Starting: sounding the horn, contactor in (in star, where it has one), no winding while star
 * changes to delta, delta in.
 */
export type StartStep = 'horn' | 'contactor' | 'change' | 'delta';

/** What a drive remembers. */
export interface DriveContext extends KitContext, Moded {
  readonly id: string;
  readonly state: MotorState;
  readonly made: DriveInput;
  readonly step: StartStep | null;
  readonly deadlineMs: number | null;
  /** How long it is jogged, ms; null while it is not. */
  readonly jogMs: number | null;
  /** When the jog ends; null until its contactor is in. */
  readonly jogUntilMs: number | null;
  readonly hzRef: number;
  readonly starts: number;
  readonly runMs: number;
  /** Energy computed from its current. */
  readonly kWh: number;
  /** Until when run time has been counted; null while it does not run. */
  readonly countedMs: number | null;
  readonly recentStartsMs: readonly number[];
  /** Elevator: it stopped on a plug or underspeed and has not been run up since. */
  readonly choked: boolean;
  /** Its overload relay is out now. */
  readonly relayOut: boolean;
  /** Since when it runs without a command, or too slowly. */
  readonly oddSinceMs: number | null;
  readonly reasons: readonly Reason[];
}

const HOUR_MS = 3_600_000;
/** Underspeed must last this long: the speed passes 80 % once on its way up. */
export const UNDERSPEED_MS = 1_000;
/** How long a jog lasts unless said otherwise, and at most: a person watches it at the machine. */
const JOG_S = 2;
const JOG_S_MAX = 10;

/** True where the contactor is commanded; nowhere else may the output be on. */
export function energized({ state, step }: Pick<DriveContext, 'state' | 'step'>): boolean {
  return state === 'Running' || (state === 'Starting' && step !== null && step !== 'horn');
}

/** True while it is started or runs. */
function isActive({ state }: DriveContext): boolean {
  return state === 'Starting' || state === 'Running';
}

/** True when its mode may be changed into or out of Manual. */
export function isAtRest(context: DriveContext): boolean {
  return !isActive(context) && context.state !== 'Stopping';
}

/** When an oddity has lasted too long. */
export function oddDeadline(context: DriveContext): number | null {
  return context.oddSinceMs === null ? null : context.oddSinceMs + oddLimitMs(context);
}

function oddLimitMs(context: DriveContext): number {
  return context.state === 'Running' ? UNDERSPEED_MS : context.made.feedbackS * 1000;
}

function readOf(inputs: Inputs) {
  return (tag: string) => inputs[tag];
}

function signalsNotGood(made: DriveInput, inputs: Inputs): Reason[] {
  return ['RunFb', 'Trip', 'Local', ...(made.isStarDelta ? ['DeltaFb'] : [])]
    .map((role) => notGood(`${made.id}.${role}`, inputs[role]))
    .filter((one) => one !== null);
}

/**
 * Why it may not run: a signal that cannot be trusted, or an interlock or protection that is
 * open.
 */
export function interlockReasons(context: DriveContext, event: EventBase): Reason[] {
  const { made } = context;
  return [
    ...signalsNotGood(made, event.inputs),
    ...openConditions(made.id, [...made.interlocks, ...made.protections], readOf(event.inputs)),
  ];
}

/** Why it must trip until a reset: overload, or a protection that is violated for certain. */
export function tripReasons(context: DriveContext, event: EventBase): Reason[] {
  const { made } = context;
  const overload = isOn(event.inputs['Trip']) ? [reason('device.trip', { device: made.id })] : [];
  const broken = violated(made.protections, readOf(event.inputs));
  return [
    ...overload,
    ...broken.map((one) => reason('protection.tripped', { device: made.id, tag: one.tag })),
  ];
}

/** Starts within the last hour; the same list while none of them has grown old. */
function recentStarts({ recentStartsMs }: DriveContext, nowMs: number): readonly number[] {
  const [oldest] = recentStartsMs;
  if (oldest === undefined || nowMs - oldest < HOUR_MS) return recentStartsMs;
  return recentStartsMs.filter((at) => nowMs - at < HOUR_MS);
}

/** When one start less counts; null when there is none. */
export function nextCoolMs({ recentStartsMs }: DriveContext): number | null {
  return recentStartsMs[0] === undefined ? null : recentStartsMs[0] + HOUR_MS;
}

/**
 * Started as often within the hour as it may be; with when it may be started again, in process ms
 * and as the time of day.
 */
function hotReasons(context: DriveContext, { nowMs, utcMs }: EventBase): Reason[] {
  const { id: device, made } = context;
  const limit = made.startsPerHourMax;
  const recent = recentStarts(context, nowMs);
  if (recent.length < limit) return [];
  const untilMs = (recent.at(-limit) ?? nowMs) + HOUR_MS;
  const at = clockTime(made.timeZone, utcMs + untilMs - nowMs);
  return [reason('device.starts-per-hour', { device, limit, untilMs, at })];
}

/**
 * Why a drive that stands cannot be counted on by who would have it: it is told before anything
 * else of a route moves.
 */
export function acquireHindrances(context: DriveContext, event: EventBase): readonly Reason[] {
  if (isUnusable(context)) return context.reasons;
  return isActive(context) ? [] : hotReasons(context, event);
}

export function isUnusable({ state }: DriveContext): boolean {
  return ['Faulted', 'LocalOff', 'Interlocked', 'OutOfService'].includes(state);
}

/** Why it does not start: interlocks, permissives, too many starts. Empty when it may. */
export function startReasons(context: DriveContext, event: EventBase): Reason[] {
  const { made } = context;
  return [
    ...interlockReasons(context, event),
    ...openConditions(made.id, made.permissives, readOf(event.inputs), 'permissive.open'),
    ...hotReasons(context, event),
  ];
}

/** Why a START of this sender is refused. */
export function startRefusals(context: DriveContext, event: MachineEvent): Reason[] {
  const unheard = commandRefusals(context, event);
  return unheard.length > 0 ? unheard : startReasons(context, event);
}

/**
 * Why a JOG of this sender is refused: only a person jogs, in Manual, with all that holds for a
 * start; a choked elevator never.
 */
export function jogRefusals(context: DriveContext, event: MachineEvent): Reason[] {
  const { id: device, mode, choked } = context;
  if (mode !== 'Manual' || senderOf(event)?.kind !== 'person') {
    return [reason('device.jog-manual', { device })];
  }
  const stopped = choked ? [reason('device.jog-choked', { device })] : [];
  return [...stopped, ...startRefusals(context, event)];
}

/** How long a JOG asks for, ms. */
export function jogMsOf(event: MachineEvent): number {
  return Math.min(JOG_S_MAX, Math.max(0, numberArg(event, 's') ?? JOG_S)) * 1000;
}

/** True when it has reached its speed: 80 % of full, or of the frequency asked for (DOMAIN 3). */
export function upToSpeed(context: DriveContext, inputs: Inputs): boolean {
  const { runUpBy, idleAmps } = context.made;
  if (context.state === 'Starting' && idleAmps !== null) {
    const amps = goodNumber(inputs['Amps']);
    if (amps === null || amps > idleAmps) return false;
  }
  if (runUpBy === null) return true;
  const speed = goodNumber(inputs[runUpBy]);
  return speed !== null && speed >= 0.8 * (runUpBy === 'Hz' ? context.hzRef : 100);
}

/**
 * True while something is odd that must not last: runs without a command, or below 80 % of its
 * speed.
 */
export function isOdd(context: DriveContext, inputs: Inputs): boolean {
  if (context.state !== 'Running') return isOn(inputs['RunFb']);
  return context.made.isElevator && !upToSpeed(context, inputs);
}

/** True when the oddity has lasted too long. */
export function oddTooLong(context: DriveContext, event: EventBase): boolean {
  const at = oddDeadline(context);
  return at !== null && event.nowMs >= at && isOdd(context, event.inputs);
}

/** True when it has run in delta and does not any more. */
export function lostDelta({ made }: DriveContext, inputs: Inputs): boolean {
  return made.isStarDelta && isOff(inputs['DeltaFb']);
}

/** Energy of `ms` at the current that is drawn now; nothing while that is not known. */
function energyKWh({ made }: DriveContext, inputs: Inputs, ms: number): number {
  const amps = goodNumber(inputs['Amps']);
  if (made.rated === null || amps === null) return 0;
  return (made.rated.kW * (amps / made.rated.amps) * ms) / HOUR_MS;
}

/** The members that each scan brings up to date. */
export function watched(context: DriveContext, event: EventBase): Partial<DriveContext> {
  const { nowMs, inputs } = event;
  const ranMs = context.countedMs === null ? 0 : nowMs - context.countedMs;
  return {
    relayOut: isOn(inputs['Trip']),
    oddSinceMs: isOdd(context, inputs) ? (context.oddSinceMs ?? nowMs) : null,
    recentStartsMs: recentStarts(context, nowMs),
    ...(context.countedMs === null ? {} : { runMs: context.runMs + ranMs, countedMs: nowMs }),
    ...(ranMs > 0 ? { kWh: context.kWh + energyKWh(context, inputs, ranMs) } : {}),
  };
}

/** One more start, at this time. */
export function countStart(context: DriveContext, nowMs: number): Partial<DriveContext> {
  return {
    starts: context.starts + 1,
    recentStartsMs: [...recentStarts(context, nowMs), nowMs],
    countedMs: nowMs,
  };
}

/** Why an elevator counts as choked: its plug switch or its speed stopped it. */
function isChoke(one: Reason): boolean {
  if (one.code === 'device.no-speed') return true;
  return one.code === 'protection.tripped' && String(one.objects['tag']).endsWith('.Plug');
}

/** These reasons hold it now; where they ended a run they are also its last stop. */
export function heldBy(
  context: DriveContext,
  event: EventBase,
  reasons: readonly Reason[],
): Partial<DriveContext> {
  const choked = context.choked || (context.made.isElevator && reasons.some(isChoke));
  return isActive(context)
    ? { reasons, choked, lastStop: stopFor(event, reasons) }
    : { reasons, choked };
}
