import type { Reason } from '../../model/reason.ts';
import { reason } from '../../model/reason.ts';
import type { QueuedStart } from '../../model/route-product.ts';
import type { MachineOutput } from '../contract.ts';
import type { Effect, MachineEvent } from '../kit.ts';
import { ACCEPTED, refused, send, senderOf } from '../kit.ts';
import type { RouteRequest } from './route-request.ts';
import { requestOf } from './route-request.ts';
import type { RouteContext } from './route-rules.ts';

/** A START that waits, with when it began to and how long it will. */
export interface Waiting extends RouteRequest {
  readonly sinceMs: number;
  readonly untilMs: number;
}

/** So many may wait for one route; the next is refused. */
const QUEUE_MAX = 8;

type Step = Effect<RouteContext>;

function rank({ priority }: RouteRequest): number {
  return priority === 'order' ? 0 : 1;
}

/** A running order's need before a routine refill, then in the order of asking. */
function inOrder(queue: readonly Waiting[]): Waiting[] {
  return queue.toSorted((a, b) => rank(a) - rank(b) || a.sinceMs - b.sinceMs);
}

function isSame(one: RouteRequest, other: RouteRequest): boolean {
  return one.by === other.by && one.destination === other.destination;
}

/** Tells a machine that its turn has come (SERVED) or will not come (EXPIRED). */
function told(
  { id }: RouteContext,
  request: RouteRequest,
  command: 'SERVED' | 'EXPIRED',
  reasons: readonly Reason[] = [],
): MachineOutput[] {
  if (!request.byMachine) return [];
  return [send(request.by, command, { route: id, destination: request.destination, reasons })];
}

/** Why a START cannot wait for this route; empty when it may. */
export function queueRefusals({ id, queue }: RouteContext, event: MachineEvent): Reason[] {
  const request = requestOf(event);
  if (!request.wait) return [reason('route.busy', { route: id })];
  const others = queue.filter((one) => !isSame(one, request));
  return others.length < QUEUE_MAX
    ? []
    : [reason('route.queue-full', { route: id, limit: QUEUE_MAX })];
}

/** Puts a START into the queue; asked again for the same bin, it keeps its place. */
export function enqueue(context: RouteContext, event: MachineEvent): Step {
  const refusals = queueRefusals(context, event);
  if (refusals.length > 0) return { out: [refused(...refusals)] };
  const request = requestOf(event);
  const before = context.queue.find((one) => isSame(one, request));
  const sinceMs = before?.sinceMs ?? event.nowMs;
  const waiting = { ...request, sinceMs, untilMs: sinceMs + request.waitMs };
  const others = context.queue.filter((one) => !isSame(one, request));
  return { set: { queue: inOrder([...others, waiting]) }, out: [ACCEPTED] };
}

/** CANCEL {destination}: who asked takes it back; a person may take back anybody's. */
export function cancel(context: RouteContext, event: MachineEvent): Step {
  const { by, byMachine, destination } = requestOf(event);
  const queue = context.queue.filter(
    (one) => one.destination !== destination || (byMachine && one.by !== by),
  );
  const gone = context.queue.filter((one) => !queue.includes(one) && one.by !== by);
  return {
    set: { queue },
    out: [ACCEPTED, ...gone.flatMap((one) => told(context, one, 'EXPIRED'))],
  };
}

/** A machine that stops the route wants nothing more of it. */
export function withdrawn(context: RouteContext, event: MachineEvent): Partial<RouteContext> {
  const by = senderOf(event);
  if (by?.kind !== 'machine') return {};
  return { queue: context.queue.filter((one) => one.by !== by.id) };
}

/** Those that have waited too long are told so and leave the queue. */
export function swept(context: RouteContext, event: MachineEvent): Step {
  const late = context.queue.filter((one) => event.nowMs >= one.untilMs);
  if (late.length === 0) return {};
  return {
    set: { queue: context.queue.filter((one) => event.nowMs < one.untilMs) },
    out: late.flatMap((one) => told(context, one, 'EXPIRED', [waitOver(context, one)])),
  };
}

export function waitOver({ id: route }: RouteContext, { by, waitMs }: RouteRequest): Reason {
  return reason('route.wait-over', { by, route, waitS: Math.round(waitMs / 1000) });
}

/** The queue without its first, who is told that it has the route now. */
export function served(context: RouteContext): Step {
  const [first, ...queue] = context.queue;
  return first === undefined ? {} : { set: { queue }, out: told(context, first, 'SERVED') };
}

/** The queue without its first, whose way is not open any more. */
export function dropped(context: RouteContext, reasons: readonly Reason[]): Step {
  const [first, ...queue] = context.queue;
  if (first === undefined) return {};
  return { set: { queue, reasons }, out: told(context, first, 'EXPIRED', reasons) };
}

/** Tells whoever has the route that it gave up waiting for another one's devices. */
export function toldGivenUp(context: RouteContext, reasons: readonly Reason[]): MachineOutput[] {
  return context.request === null ? [] : told(context, context.request, 'EXPIRED', reasons);
}

/** The queue as people see it. */
export function shownQueue(queue: readonly Waiting[]): QueuedStart[] {
  return queue.map(({ by, source, destination, priority, sinceMs, untilMs }) => ({
    by,
    source,
    destination,
    priority,
    sinceMs,
    untilMs,
  }));
}
