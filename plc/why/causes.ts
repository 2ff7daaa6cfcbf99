import type { Reason } from '../model/reason.ts';
import { reason } from '../model/reason.ts';
import type { LineStatus, RouteStatus, StatusDocument } from '../model/status.ts';
import type { WhyFacts } from './facts.ts';

type DocumentOf<K extends StatusDocument['kind']> = Extract<StatusDocument, { readonly kind: K }>;

/** Objects of a reason that stand for something that may have causes of its own, nearest first. */
const OBJECTS = ['tag', 'route', 'owner', 'device', 'scale', 'object', 'bin'] as const;

function ofKind<K extends StatusDocument['kind']>({ documents }: WhyFacts, kind: K) {
  return documents.filter((one): one is DocumentOf<K> => one.kind === kind);
}

export function routeOf(facts: WhyFacts, id: string): RouteStatus | undefined {
  return ofKind(facts, 'route').find((one) => one.route === id);
}

function lineOf(facts: WhyFacts, id: string): LineStatus | undefined {
  return ofKind(facts, 'line').find((one) => one.line === id);
}

function lineOfOrder(facts: WhyFacts, order: string): LineStatus | undefined {
  return ofKind(facts, 'line').find((line) =>
    line.orders.some((one) => one.order.orderId === order),
  );
}

/** Whether anything can be told of this id. */
export function isKnown(facts: WhyFacts, id: string): boolean {
  const { mill } = facts;
  return (
    mill.deviceById.has(baseOf(id)) ||
    [...mill.routes, ...mill.lines].some((one) => one.id === id) ||
    lineOfOrder(facts, id) !== undefined
  );
}

/** A unit on top of a device bears its id: `PM701:unit` is of PM701. */
export function baseOf(id: string): string {
  return id.split(':')[0] ?? id;
}

/** Why an order is not being made: its line's reasons, or the order before it. */
function orderReasons(line: LineStatus, order: string): Reason[] {
  const run = line.orders.find((one) => one.order.orderId === order);
  if (run?.state !== 'Queued') return [...line.reasons];
  const before = line.orders.find(
    ({ state }) => !['Queued', 'Complete', 'Aborted'].includes(state),
  );
  return before === undefined
    ? [reason('why.queued', { order }), ...line.reasons]
    : [reason('why.queued-behind', { order, before: before.order.orderId, object: line.line })];
}

/** A route that runs well holds its devices: that is all there is to say. */
function routeReasons(status: RouteStatus): Reason[] {
  const { reasons, state, route, source, destination, owner } = status;
  if (reasons.length > 0 || state === 'Idle') return [...reasons];
  const ends = { source: source ?? '?', destination: destination ?? '?', owner: owner ?? '?' };
  return [reason('why.route-runs', { route, ...ends })];
}

/** The reasons that the mill itself gives for what this object does or does not do. */
export function reasonsOf(facts: WhyFacts, id: string): Reason[] {
  const line = lineOf(facts, id);
  if (line !== undefined) return [...line.reasons];
  const ordering = lineOfOrder(facts, id);
  if (ordering !== undefined) return orderReasons(ordering, id);
  const route = routeOf(facts, id);
  if (route !== undefined) return [...routeReasons(route), ...unitReasons(facts, id)];
  const base = baseOf(id);
  const own = [base, `${base}:unit`, `${base}:refill`];
  return ofKind(facts, 'device')
    .filter((one) => own.includes(one.device))
    .flatMap((one) => one.reasons)
    .concat(sackReasons(facts, base));
}

/** What is being moved along a route on a person's command, or why it ended. */
function unitReasons(facts: WhyFacts, route: string): Reason[] {
  const unit = ofKind(facts, 'device').find((one) => one.device === `${route}:unit`);
  return [...(unit?.reasons ?? [])];
}

/** Sacks that a bin waits for, or that are to be dumped into a hopper. */
function sackReasons(facts: WhyFacts, id: string): Reason[] {
  return ofKind(facts, 'sacks')
    .flatMap(({ tasks }) => tasks)
    .filter(({ bin, hopper }) => bin === id || hopper === id)
    .map(({ bin, material, sacks, kg, hopper }) =>
      hopper === null
        ? reason('sacks.wanted-by-hand', { bin, material, sacks, kg })
        : reason('sacks.wanted', { bin, material, sacks, kg, hopper }),
    );
}

/** What this reason points at, nearest cause first; not what it is a reason of. */
export function causesOf({ code, objects }: Reason, of: string): string[] {
  // A route that runs is an answer, not a question.
  if (code === 'why.route-runs') return [];
  const named = OBJECTS.map((name) => objects[name]).filter(
    (one): one is string => typeof one === 'string',
  );
  // Whoever holds a device is the cause, not the device that is held.
  const held = code === 'route.reserved' ? named.filter((one) => one === objects['owner']) : named;
  return [...new Set(held)].filter((one) => baseOf(one) !== baseOf(of));
}
