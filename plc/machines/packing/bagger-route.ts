import { ROUTE_STATES } from '../../model/isa88.ts';
import type { Reason } from '../../model/reason.ts';
import { reason } from '../../model/reason.ts';
import type { EventBase } from '../contract.ts';
import type { Effect, MachineEvent } from '../kit.ts';
import { ACCEPTED, input, isCommand, send, stateOf } from '../kit.ts';
import type { BaggerContext } from './bagger-rules.ts';

/** Its route waits so long for its turn, and for a chute that leads to another bagger, s. */
const ROUTE_WAIT_S = 7_200;

/**
 * What a bagger waits for at its route: its turn, because the route is still busy with the job
 * before, or that it comes up. Null: it runs, or is not wanted.
 */
export type RouteWait = 'turn' | 'start' | null;

type Step = Effect<BaggerContext>;

function routeState(event: EventBase) {
  return stateOf(ROUTE_STATES, input(event.inputs, 'RouteState'));
}

/** The route has cleared. */
export function isAtRest(event: EventBase): boolean {
  return ['Idle', 'Tripped'].includes(routeState(event) ?? '');
}

/** A START or STOP of its route was refused. */
export function isRefusedByRoute({ made }: BaggerContext, event: MachineEvent): boolean {
  return 'from' in event && !isCommand(event) && event.from === made.route;
}

/** Asks for the route; one that is busy is waited for in its queue. */
export function startRoute(context: BaggerContext, event: MachineEvent): Step {
  const { made, job, id } = context;
  const set = { startsNext: false, deadlineMs: null };
  if (job === null) return { set };
  const { source, product } = job;
  const way = {
    source,
    destination: id,
    wait: true,
    waitS: ROUTE_WAIT_S,
    ...(product === null ? {} : { product }),
  };
  const isFree = ['Idle', 'Tripped', null].includes(routeState(event));
  return {
    set: { ...set, routeWait: isFree ? 'start' : 'turn', routeAskedMs: event.nowMs },
    out: [send(made.route, 'START', way)],
  };
}

/** SERVED: the route is its own from now on, and comes up. */
export function served(_context: BaggerContext, event: MachineEvent): Step {
  return { set: { routeWait: 'start', routeAskedMs: event.nowMs }, out: [ACCEPTED] };
}

/** What speaks against the job itself, and not only that it took long. */
function objections(event: MachineEvent): readonly Reason[] {
  const all = isCommand(event) ? event.args['reasons'] : [];
  return (Array.isArray(all) ? (all as Reason[]) : []).filter(
    ({ code }) => code !== 'route.wait-over',
  );
}

/** EXPIRED because it took too long, and no rule is against the job: it gets in line again. */
export function waitsOn(event: MachineEvent): boolean {
  return objections(event).length === 0;
}

/** The reasons of an EXPIRED against the job. */
export function expiredReasons(event: MachineEvent): readonly Reason[] {
  return objections(event);
}

/** The route runs for this bagger. */
export function isRunning({ routeWait }: BaggerContext, event: EventBase): boolean {
  return routeWait !== 'turn' && routeState(event) === 'Running';
}

/** The route is at rest though it was started: it did not come up, or gave up. */
export function hasFailed({ routeWait, routeAskedMs }: BaggerContext, event: EventBase): boolean {
  if (routeWait !== 'start' || event.nowMs <= routeAskedMs) return false;
  return ['Tripped', 'Idle'].includes(routeState(event) ?? 'Tripped');
}

/** The route has stopped, or is known not to come: a reason to hold. */
export function routeFaults(context: BaggerContext, event: EventBase): Reason[] {
  const { id, made, routeWait } = context;
  const state = routeState(event);
  const isAwaited =
    routeWait === 'turn'
      ? state !== 'Tripped'
      : routeWait === 'start' && !hasFailed(context, event);
  if (state === 'Running' || (isAwaited && state !== null)) return [];
  return [reason('route.device-stopped', { device: id, route: made.route })];
}

/** An outside cause to be suspended: the route is not there yet. */
export function routeSuspensions(context: BaggerContext, event: EventBase): Reason[] {
  const isThere = context.routeWait === null || isRunning(context, event);
  return isThere ? [] : [reason('route.busy', { route: context.made.route })];
}

/** From the moment in which the route runs it can be starved, and not before. */
export function watchedRoute(context: BaggerContext, event: EventBase): Partial<BaggerContext> {
  const arrives = context.routeWait !== null && isRunning(context, event);
  return arrives ? { routeWait: null, starvedSinceMs: null } : {};
}
