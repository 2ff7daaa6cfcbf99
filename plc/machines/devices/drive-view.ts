import { MOTOR_STATES } from '../../model/isa88.ts';
import type { ModuleStatus } from '../../model/status.ts';
import type { View } from '../kit.ts';
import { codeOf, earliest } from '../kit.ts';
import { modeInForce } from './device-mode.ts';
import type { DriveContext } from './drive-rules.ts';
import { energized, nextCoolMs, oddDeadline } from './drive-rules.ts';

const HOUR_MS = 3_600_000;
/** Run hours are published in hundredths, and energy with them. */
const RUN_STEP_MS = HOUR_MS / 100;

/** Its contactors: the line; and of star and delta never both, so that no short is switched. */
function contactors(context: DriveContext): Record<string, boolean> {
  const { id, made, state, step } = context;
  const on = energized(context);
  if (!made.isStarDelta) return { [`${id}.Cmd`]: on };
  return {
    [`${id}.Cmd`]: on,
    [`${id}.StarCmd`]: on && step === 'contactor',
    [`${id}.DeltaCmd`]: on && (state === 'Running' || step === 'delta'),
  };
}

function isUnusable({ state }: DriveContext): boolean {
  return ['Faulted', 'LocalOff', 'Interlocked', 'OutOfService'].includes(state);
}

function moduleStatus(context: DriveContext): ModuleStatus {
  const { mode, lastStop, reasons, recentStartsMs, made } = context;
  return {
    mode: modeInForce(context),
    chosenMode: mode,
    firstOut: isUnusable(context) ? (reasons[0] ?? null) : null,
    lastStop,
    startsInHour: { count: recentStartsMs.length, max: made.startsPerHourMax },
    canJog: true,
  };
}

/** A time that is over: woken in the next scan. */
const NEXT_SCAN = 0;

/** All that a drive shows: contactors, frequency, state, counts, fault alarm and status. */
export function driveView(context: DriveContext): View {
  const { id, made, owner, reasons } = context;
  return {
    writes: {
      ...contactors(context),
      ...(made.hz === null ? {} : { [`${id}.HzRef`]: energized(context) ? context.hzRef : 0 }),
    },
    publishes: {
      [`${id}.State`]: codeOf(MOTOR_STATES, context.state),
      [`${id}.Starts`]: context.starts,
      [`${id}.RunHours`]: Math.floor(context.runMs / RUN_STEP_MS) / 100,
      ...(made.rated === null ? {} : { [`${id}.kWh`]: Math.floor(context.kWh * 100) / 100 }),
    },
    alarms: { [`${id}.Fault`]: context.state === 'Faulted' && !isToldByRelay(context) },
    status: { kind: 'device', device: id, owner, reasons, module: moduleStatus(context) },
    wakeAtMs: earliest(
      context.deadlineMs,
      context.jogUntilMs,
      oddDeadline(context),
      nextRunStep(context),
      nextCoolMs(context),
      runsUp(context) ? NEXT_SCAN : null,
    ),
  };
}

/** What speed and current say of its run-up is looked at in every scan, and only then. */
function runsUp({ state, made }: DriveContext): boolean {
  return state === 'Starting' && (made.runUpBy !== null || made.idleAmps !== null);
}

/**
 * An overload has its own alarm on the Trip tag; a second one would say the same. But once its
 * relay has cooled that one is over, while the drive still waits for its reset.
 */
function isToldByRelay({ relayOut, reasons }: DriveContext): boolean {
  return relayOut && reasons.some((one) => one.code === 'device.trip');
}

function nextRunStep(context: DriveContext): number | null {
  if (context.countedMs === null) return null;
  return context.countedMs + RUN_STEP_MS - (context.runMs % RUN_STEP_MS);
}
