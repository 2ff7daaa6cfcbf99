import { clearOn, stopThrough } from '../../logic/route-order.ts';
import type { Reason, ReasonCode } from '../../model/reason.ts';
import { reason } from '../../model/reason.ts';
import type { MachineOutput } from '../contract.ts';
import { downtime } from '../downtime.ts';
import type { Effect, MachineEvent } from '../kit.ts';
import { passed, send } from '../kit.ts';
import type { RouteDevice } from './route-plan.ts';
import { toldGivenUp, waitOver } from './route-queue.ts';
import type { RouteRequest } from './route-request.ts';
import { carried, notePassing } from './route-residue.ts';
import type { RouteContext } from './route-rules.ts';
import {
  isEmptied,
  isUp,
  movement,
  plannedWay,
  reserved,
  startCommands,
  startOrder,
  stopCommand,
  tripOf,
} from './route-rules.ts';

/** While another owner holds a device, the route tries again this often, ms. */
const RETRY_MS = 2_000;
/** For a running order it tries more often, so that it is before a routine refill, ms. */
const RETRY_ORDER_MS = 400;
/** Refusals of a device that pass by themselves. */
const PASSING: readonly ReasonCode[] = ['route.reserved', 'device.starts-per-hour'];
/** Diverters turn within their own deadlines; this is the backstop, ms. */
const POSITIONING_LIMIT_MS = 60_000;

type Step = Effect<RouteContext>;

/** When the last of the drives that were started too often may be started again; null: none was. */
function cooledMs(refusals: readonly Reason[]): number | null {
  const hot = refusals.filter(({ code }) => code === 'device.starts-per-hour');
  return hot.length === 0
    ? null
    : Math.max(...hot.map(({ objects }) => Number(objects['untilMs'])));
}

/**
 * While another holds a device, or a drive must cool down, everything else is given back, but what
 * runs on in a change. A drive is not asked again before it may be started, and waiting for that
 * is nobody's fault: the wait does not run out meanwhile.
 */
export function giveBack(context: RouteContext, event: MachineEvent): Step {
  const { plan, kept, request, refusals, waitUntilMs } = context;
  const retryMs = request?.priority === 'order' ? RETRY_ORDER_MS : RETRY_MS;
  const cooled = cooledMs(refusals);
  const atMs = Math.max(event.nowMs + retryMs, cooled ?? 0);
  const ids = plan === null ? [] : reserved(plan).filter((id) => !kept.includes(id));
  return {
    set: {
      reasons: refusals,
      deadlineMs: atMs,
      waitUntilMs: cooled === null ? waitUntilMs : Math.max(waitUntilMs ?? 0, atMs + RETRY_MS),
    },
    out: ids.map((id) => send(id, 'RELEASE')),
  };
}

/** The last product of the run before is still over a distributor: it is turned a moment later. */
export function letPass({ refusals }: RouteContext, event: MachineEvent): Step {
  return { set: { reasons: refusals, deadlineMs: event.nowMs + RETRY_ORDER_MS } };
}

/** It has waited long enough for devices that another one holds. */
export function giveUp(context: RouteContext): Step {
  const { request } = context;
  const late = request === null ? [] : [waitOver(context, request)];
  const reasons = [...late, ...context.reasons];
  return { set: { reasons, deadlineMs: null }, out: toldGivenUp(context, reasons) };
}

export function releaseAll(context: RouteContext): MachineOutput[] {
  return context.plan === null ? [] : reserved(context.plan).map((id) => send(id, 'RELEASE'));
}

/** The route belongs to this START now. */
export function planned(context: RouteContext, request: RouteRequest, event: MachineEvent): Step {
  const { source, second } = request;
  return {
    set: {
      plan: plannedWay(context, request),
      second: second === null ? null : plannedWay(context, { source, destination: second }),
      next: null,
      kept: [],
      request,
      product: carried(context.residues, request),
      passedKg: null,
      waitUntilMs: event.nowMs + request.waitMs,
      started: 0,
      clearing: null,
      paused: [],
      refusals: [],
      reasons: [],
    },
  };
}

/** Devices are told when a person started it and no machine: those in SemiAuto serve only then. */
export function reserve({ plan, request }: RouteContext, event: MachineEvent): Step {
  const forPerson = request?.byMachine === false;
  const out = plan === null ? [] : reserved(plan).map((id) => send(id, 'ACQUIRE', { forPerson }));
  return { set: { refusals: [], deadlineMs: event.nowMs + 1 }, out };
}

export function position({ plan }: RouteContext, event: MachineEvent): Step {
  return {
    set: { reasons: [], refusals: [], deadlineMs: event.nowMs + POSITIONING_LIMIT_MS },
    out: (plan?.diverters ?? []).map((one) => send(one.id, 'POSITION', { position: one.position })),
  };
}

export function soundHorn({ plan, made, kept }: RouteContext, event: MachineEvent): Step {
  const still = (plan?.devices ?? []).filter((one) => !kept.includes(one.id));
  const s = Math.max(0, ...still.map((one) => one.hornS));
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
  const running = plan.devices.filter((one) => context.kept.includes(one.id));
  return [...new Set([...running, ...order, ...(late === null ? [] : [late])])]
    .filter((one) => !isUp(one, event.inputs))
    .map((one) => reason('route.device-stopped', { device: one.id, route }));
}

/** A route that is still starting stops only what it has started itself. */
function wasStarted(context: RouteContext, device: RouteDevice): boolean {
  if (context.plan === null || context.state !== 'Starting') return true;
  if (context.kept.includes(device.id)) return true;
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
  const passing = notePassing(context);
  return {
    set: {
      ...passing.set,
      deadlineMs: null,
      clearing: null,
      next: null,
      kept: [],
      paused: [],
      started: 0,
      refusals: [],
      runningSinceUtcMs: null,
    },
    out: [
      ...(context.plan?.aspiration ?? []).map(stopCommand),
      ...releaseAll(context),
      ...movement(context, event),
      ...(passing.out ?? []),
    ],
  };
}

export function holdAfterRestart(context: RouteContext, event: MachineEvent): Step {
  const step = tripped(context, event, [reason('restart.held')]);
  const done = both(finish(context, event), step);
  return { ...done, set: { ...done.set, queue: [] } };
}

export function allCleared({ plan, clearing }: RouteContext): boolean {
  return clearing === null || clearing.stopped >= (plan?.devices.length ?? 0);
}

/** Another route has a device, or a drive was started too often: it passes, nobody need act. */
export function mustWait({ refusals }: RouteContext): boolean {
  return refusals.length > 0 && refusals.every(({ code }) => PASSING.includes(code));
}
