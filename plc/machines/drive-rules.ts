import { notGood, openConditions, violated } from '../logic/interlock.ts';
import type { Condition } from '../model/condition.ts';
import type { MotorState } from '../model/isa88.ts';
import { MOTOR_STATES } from '../model/isa88.ts';
import type { Reason } from '../model/reason.ts';
import { reason } from '../model/reason.ts';
import { goodNumber, isOn } from '../model/tag.ts';
import type { EventBase, Inputs } from './contract.ts';
import type { KitContext, MachineEvent, View } from './kit.ts';
import { codeOf, earliest } from './kit.ts';
import { notYours } from './owner.ts';

/** What a drive machine is made with; times in s as in the mill definition. */
export interface DriveInput {
  readonly id: string;
  readonly hornS: number;
  readonly feedbackS: number;
  readonly runUpS: number;
  readonly startsPerHourMax: number;
  readonly permissives: readonly Condition[];
  readonly interlocks: readonly Condition[];
  /** Conditions whose violation trips it until a reset (plug, belt drift, hot bearing). */
  readonly protections: readonly Condition[];
  /** How its run-up is seen: by speed, by frequency (feeders), or not at all. */
  readonly runUpBy: 'SpeedPct' | 'Hz' | null;
  /** Underspeed of 20 % stops it (elevators, DOMAIN 3). */
  readonly stopsOnUnderspeed: boolean;
  /** Feeder: largest and initial frequency, Hz; null for a drive of fixed speed. */
  readonly hz: { readonly max: number; readonly initial: number } | null;
  /** The unit that sets this feeder's frequency though a route owns it. */
  readonly unit: string | null;
  /** The machine that sounds the horn. */
  readonly horn: string | null;
}

/** What a drive remembers. `starts` and `runMs` survive a restart. */
export interface DriveContext extends KitContext {
  readonly state: MotorState;
  readonly made: DriveInput;
  readonly owner: string | null;
  /** Starting: sounding the horn, or contactor in. */
  readonly step: 'horn' | 'contactor' | null;
  readonly deadlineMs: number | null;
  readonly hzRef: number;
  readonly starts: number;
  readonly runMs: number;
  /** Until when run time has been counted; null while it does not run. */
  readonly countedMs: number | null;
  readonly recentStartsMs: readonly number[];
  /** Since when it runs without a command, or too slowly. */
  readonly oddSinceMs: number | null;
  readonly reasons: readonly Reason[];
}

const HOUR_MS = 3_600_000;
/** Run hours are published in hundredths. */
const RUN_STEP_MS = HOUR_MS / 100;
/** Underspeed must last this long: the speed passes 80 % once on its way up. */
export const UNDERSPEED_MS = 1_000;

/** True where the contactor is commanded; nowhere else may the output be on. */
export function energized(context: Pick<DriveContext, 'state' | 'step'>): boolean {
  return (
    context.state === 'Running' || (context.state === 'Starting' && context.step === 'contactor')
  );
}

/** All that a drive shows: command, frequency, state, counts, fault alarm and status. */
export function driveView(context: DriveContext): View {
  const { id, made } = context;
  const on = energized(context);
  return {
    writes: {
      [`${id}.Cmd`]: on,
      ...(made.hz === null ? {} : { [`${id}.HzRef`]: on ? context.hzRef : 0 }),
    },
    publishes: {
      [`${id}.State`]: codeOf(MOTOR_STATES, context.state),
      [`${id}.Starts`]: context.starts,
      [`${id}.RunHours`]: Math.floor(context.runMs / RUN_STEP_MS) / 100,
    },
    alarms: { [`${id}.Fault`]: context.state === 'Faulted' && !isTrip(context.reasons) },
    status: { kind: 'device', device: id, owner: context.owner, reasons: context.reasons },
    wakeAtMs: earliest(context.deadlineMs, oddDeadline(context), nextRunStep(context)),
  };
}

/** An overload has its own alarm on the Trip tag; a second one would say the same. */
function isTrip(reasons: readonly Reason[]): boolean {
  return reasons.some((one) => one.code === 'device.trip');
}

function oddDeadline(context: DriveContext): number | null {
  return context.oddSinceMs === null ? null : context.oddSinceMs + oddLimitMs(context);
}

function oddLimitMs(context: DriveContext): number {
  return context.state === 'Running' ? UNDERSPEED_MS : context.made.feedbackS * 1000;
}

function nextRunStep(context: DriveContext): number | null {
  if (context.countedMs === null) return null;
  return context.countedMs + RUN_STEP_MS - (context.runMs % RUN_STEP_MS);
}

function readOf(inputs: Inputs) {
  return (tag: string) => inputs[tag];
}

function signalsNotGood(made: DriveInput, inputs: Inputs): Reason[] {
  return ['RunFb', 'Trip', 'Local']
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
    ...broken.map((one) => reason('interlock.open', { device: made.id, tag: one.tag })),
  ];
}

function recentStarts(context: DriveContext, nowMs: number): number[] {
  return context.recentStartsMs.filter((at) => nowMs - at < HOUR_MS);
}

/** Why it does not start: interlocks, permissives, too many starts. Empty when it may. */
export function startReasons(context: DriveContext, event: EventBase): Reason[] {
  const { made } = context;
  const limit = made.startsPerHourMax;
  const hot = recentStarts(context, event.nowMs).length >= limit;
  return [
    ...interlockReasons(context, event),
    ...openConditions(made.id, made.permissives, readOf(event.inputs)),
    ...(hot ? [reason('device.starts-per-hour', { device: made.id, limit })] : []),
  ];
}

/** Why a START of this sender is refused. */
export function startRefusals(context: DriveContext, event: MachineEvent): Reason[] {
  const owned = notYours(context, event);
  return owned === null ? startReasons(context, event) : [owned];
}

/** True when it has reached its speed: 80 % of full, or of the frequency asked for (DOMAIN 3). */
export function upToSpeed(context: DriveContext, inputs: Inputs): boolean {
  const { runUpBy } = context.made;
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
  return context.made.stopsOnUnderspeed && !upToSpeed(context, inputs);
}

/** True when the oddity has lasted too long. */
export function oddTooLong(context: DriveContext, event: EventBase): boolean {
  const at = oddDeadline(context);
  return at !== null && event.nowMs >= at && isOdd(context, event.inputs);
}

/** The members that each scan brings up to date. */
export function watched(context: DriveContext, event: EventBase): Partial<DriveContext> {
  const { nowMs } = event;
  const counted = context.countedMs;
  return {
    oddSinceMs: isOdd(context, event.inputs) ? (context.oddSinceMs ?? nowMs) : null,
    ...(counted === null ? {} : { runMs: context.runMs + nowMs - counted, countedMs: nowMs }),
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
