import { clearOn, stopThrough } from '../logic/route-order.ts';
import type { Reason } from '../model/reason.ts';
import { reason } from '../model/reason.ts';
import type { MachineOutput } from './contract.ts';
import { downtime } from './downtime.ts';
import type { Effect, MachineEvent } from './kit.ts';
import { passed, send } from './kit.ts';
import type { RouteDevice } from './route-plan.ts';
import type { RouteContext } from './route-rules.ts';
import {
  isEmptied,
  isUp,
  movement,
  reserved,
  startCommands,
  startOrder,
  stopCommand,
  tripOf,
} from './route-rules.ts';

/** While another owner holds a device, the route tries again this often, ms. */
export const RETRY_MS = 2_000;
/** Diverters turn within their own deadlines; this is the backstop, ms. */
const POSITIONING_LIMIT_MS = 60_000;

type Step = Effect<RouteContext>;

export function releaseAll(context: RouteContext): MachineOutput[] {
  return context.plan === null ? [] : reserved(context.plan).map((id) => send(id, 'RELEASE'));
}

export function reserve({ plan, forPerson }: RouteContext, event: MachineEvent): Step {
  const out = plan === null ? [] : reserved(plan).map((id) => send(id, 'ACQUIRE', { forPerson }));
  return { set: { refusals: [], deadlineMs: event.nowMs + 1 }, out };
}

export function position({ plan }: RouteContext, event: MachineEvent): Step {
  return {
    set: { reasons: [], deadlineMs: event.nowMs + POSITIONING_LIMIT_MS },
    out: (plan?.diverters ?? []).map((one) => send(one.id, 'POSITION', { position: one.position })),
  };
}

export function soundHorn({ plan, made }: RouteContext, event: MachineEvent): Step {
  const s = Math.max(0, ...(plan?.devices ?? []).map((one) => one.hornS));
  const out = made.horn === null || s === 0 ? [] : [send(made.horn, 'HORN', { s })];
  return { set: { deadlineMs: event.nowMs + (out.length === 0 ? 0 : s * 1000) }, out };
}

export function lastStarted({ plan, started }: RouteContext): RouteDevice | null {
  return plan === null ? null : (startOrder(plan)[started - 1] ?? null);
}

export function startNext(context: RouteContext, event: MachineEvent): Step {
  const next = context.plan === null ? undefined : startOrder(context.plan)[context.started];
  if (next === undefined) return {};
  return {
    set: { started: context.started + 1, deadlineMs: event.nowMs + next.startLimitS * 1000 },
    out: startCommands(next),
  };
}

export function startupReasons(context: RouteContext, event: MachineEvent): Reason[] {
  if (context.refusals.length > 0) return [...context.refusals];
  const { plan, id: route } = context;
  if (plan === null) return [];
  const late = passed(context.deadlineMs, event.nowMs) ? lastStarted(context) : null;
  const order = startOrder(plan).slice(0, Math.max(0, context.started - 1));
  return [...order, ...(late === null ? [] : [late])]
    .filter((one) => !isUp(one, event.inputs))
    .map((one) => reason('route.device-stopped', { device: one.id, route }));
}

/** A route that is still starting stops only what it has started itself. */
function wasStarted(context: RouteContext, device: RouteDevice): boolean {
  if (context.plan === null || context.state !== 'Starting') return true;
  return startOrder(context.plan)
    .slice(0, context.started)
    .some((one) => one.id === device.id);
}

/** Stops from the source on through `through`; what is downstream of it runs on and clears. */
export function stopFrom(context: RouteContext, event: MachineEvent, through: number): Step {
  const devices = context.plan?.devices ?? [];
  const already = context.clearing?.stopped ?? 0;
  const clearing = stopThrough(
    context.clearing,
    Math.min(through, devices.length - 1),
    event.nowMs,
  );
  return {
    set: { clearing, deadlineMs: null },
    out: devices
      .slice(already, clearing.stopped)
      .filter((one) => wasStarted(context, one))
      .map(stopCommand),
  };
}

export function tripped(
  context: RouteContext,
  event: MachineEvent,
  reasons: readonly Reason[],
): Step {
  const first = context.trippedSinceUtcMs === null;
  return {
    set: {
      tripped: [...context.tripped, ...reasons].slice(0, 10),
      reasons: [...context.tripped, ...reasons].slice(0, 10),
      trippedSinceUtcMs: context.trippedSinceUtcMs ?? event.utcMs,
    },
    out: first ? [downtime(context.id, event.utcMs, null, reasons)] : [],
  };
}

export function both(one: Step, other: Step): Step {
  return { set: { ...one.set, ...other.set }, out: [...(one.out ?? []), ...(other.out ?? [])] };
}

export function tripRunning(context: RouteContext, event: MachineEvent): Step {
  const trip = tripOf(context, event.inputs, context.clearing?.stopped ?? 0);
  if (trip === null) return {};
  return both(stopFrom(context, event, trip.through), tripped(context, event, trip.reasons));
}

export function stopAll(context: RouteContext, event: MachineEvent): Step {
  return stopFrom(context, event, (context.plan?.devices.length ?? 0) - 1);
}

export function clear(context: RouteContext, event: MachineEvent): Step {
  const { plan, clearing } = context;
  if (plan === null || clearing === null) return {};
  const empty = isEmptied(plan, event.inputs);
  const next = clearOn(plan.devices, clearing, empty, event.nowMs);
  return {
    set: { clearing: next },
    out: plan.devices.slice(clearing.stopped, next.stopped).map(stopCommand),
  };
}

export function runOn(context: RouteContext, event: MachineEvent): Step {
  const ran = context.runningSinceUtcMs !== null && (context.plan?.aspiration.length ?? 0) > 0;
  return {
    set: { deadlineMs: event.nowMs + (ran ? context.made.aspirationRunOnS * 1000 : 0) },
  };
}

export function finish(context: RouteContext, event: MachineEvent): Step {
  return {
    set: {
      deadlineMs: null,
      clearing: null,
      paused: [],
      started: 0,
      refusals: [],
      runningSinceUtcMs: null,
    },
    out: [
      ...(context.plan?.aspiration ?? []).map(stopCommand),
      ...releaseAll(context),
      ...movement(context, event),
    ],
  };
}

export function holdAfterRestart(context: RouteContext, event: MachineEvent): Step {
  const step = tripped(context, event, [reason('restart.held')]);
  return both(finish(context, event), step);
}

export function allCleared({ plan, clearing }: RouteContext): boolean {
  return clearing === null || clearing.stopped >= (plan?.devices.length ?? 0);
}

export function isHeldByOther({ refusals }: RouteContext): boolean {
  return refusals.length > 0 && refusals.every((one) => one.code === 'route.reserved');
}
