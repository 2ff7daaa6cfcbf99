import { batchSizes, orderReasons } from '../../logic/batch-plan.ts';
import type { ProcedureState } from '../../model/isa88.ts';
import type { Order } from '../../model/order.ts';
import type { Reason } from '../../model/reason.ts';
import { reason } from '../../model/reason.ts';
import { invalidArg, isCommand, refused, senderOf, textArg } from '../kit.ts';
import type { OrderRun } from './batch.context.ts';
import { KNOWN_IDS_MAX, newFlow, QUEUE_MAX, RECENT_MAX, TAILS_MAX } from './batch.context.ts';
import { fillBin } from './batch.downstream.ts';
import { baggersFor } from './batch.finish.ts';
import { destinationReasons, nextOrder, pressReasons } from './batch.next.ts';
import { beginDowntime, endDowntime, recordBatchesOf, recordOrder } from './batch.records.ts';
import { pressesFor, weighedAll } from './batch.transfer.ts';
import type { Turn } from './batch.turn.ts';
import {
  accept,
  begun,
  hasProduct,
  isLow,
  mixerPhase,
  note,
  scaleState,
  tell,
  wakeAt,
} from './batch.turn.ts';

/** While the next order waits for its press, its bin is looked at this often, ms. */
const PRESS_LOOK_MS = 2_000;

/** The order that a SUBMIT brings; the edge has checked its members (link contract). */
function orderArg(one: Turn): Order | null {
  const value = isCommand(one.event) ? one.event.args['order'] : null;
  if (typeof value !== 'object' || value === null || !('orderId' in value)) return null;
  return value as Order;
}

function submitReasons(one: Turn, order: Order): Reason[] {
  const { work, setup } = one;
  if (work.knownIds.includes(order.orderId)) {
    return [reason('order.exists', { order: order.orderId })];
  }
  const reasons: Reason[] = [];
  if (work.queue.length >= QUEUE_MAX) {
    reasons.push(reason('order.queue-full', { limit: QUEUE_MAX }));
  }
  if (!setup.finishedBins.includes(order.destination)) {
    reasons.push(reason('target.unknown', { object: order.destination }));
  }
  reasons.push(...wayReasons(one, order), ...orderReasons(order, setup.mixerKg, setup.scales));
  // What lies in the bin when earlier orders are done is seen when this one starts.
  const first = begun(one).length === 0 && work.queue.length === 0;
  return first ? [...reasons, ...destinationReasons(one, order)] : reasons;
}

/** Its product must be able to get to its bin, and from there to a bagger. */
function wayReasons(one: Turn, order: Order): Reason[] {
  const { setup } = one;
  const bin = order.destination;
  const known = [...setup.presses, ...setup.baggers].map(({ id }) => id);
  const unknown = [...order.presses, ...(order.bagger === null ? [] : [order.bagger])]
    .filter((id) => !known.includes(id))
    .map((object) => reason('target.unknown', { object }));
  if (!setup.finishedBins.includes(bin)) return unknown;
  const run = { order };
  const { pelleted } = order.procedure;
  const led = pelleted ? pressesFor(one, run).length > 0 : setup.mashBins.includes(bin);
  const packed = order.packaging === 'bulk' || baggersFor(one, run).length > 0;
  return [
    ...unknown,
    ...(led
      ? []
      : [
          pelleted
            ? reason('press.none-leads', { line: one.id, bin })
            : reason('route.no-path', {
                route: setup.routes.mixToFinished,
                source: setup.surge,
                destination: bin,
              }),
        ]),
    ...(packed ? [] : [reason('bagger.none-leads', { line: one.id, bin })]),
  ];
}

/** SUBMIT {order}: into the queue, or refused with every reason. */
export function submit(one: Turn): void {
  const order = orderArg(one);
  const reasons = order === null ? [invalidArg('order')] : submitReasons(one, order);
  if (order === null || reasons.length > 0) {
    one.out.push(refused(...reasons));
    return;
  }
  const { count, eachKg } = batchSizes(order.orderKg, order.batchKg);
  const run: OrderRun = {
    order,
    state: 'Queued',
    autoStart: false,
    createdBy: senderOf(one.event)?.id ?? one.id,
    createdTimeMs: one.event.utcMs,
    startedTimeMs: null,
    finishedTimeMs: null,
    batchesPlanned: count,
    eachKg,
    batchesStarted: 0,
    batchesDone: 0,
    dosedKg: 0,
    bags: 0,
    baggedKg: 0,
    stopRequested: false,
    reasons: [],
    flow: newFlow(),
  };
  one.work.queue.push(run);
  one.work.knownIds = [...one.work.knownIds, order.orderId].slice(-KNOWN_IDS_MAX);
  accept(one);
  recordOrder(one, run);
}

/** A command for an order that is not the active one: refused with what it is instead. */
export function refuseOrder(one: Turn): void {
  const order = textArg(one.event, 'orderId') ?? '';
  const { queue, recent } = one.work;
  const run = [...begun(one), ...queue, ...recent].find((other) => other.order.orderId === order);
  const command = one.event.type;
  one.out.push(
    refused(
      run === undefined
        ? reason('order.unknown', { order })
        : reason('command.not-in-state', { object: order, state: run.state, command }),
    ),
  );
}

/** START {orderId}: the order begins as soon as the line is free. */
export function release(one: Turn): void {
  const id = textArg(one.event, 'orderId');
  const run = one.work.queue.find((other) => other.order.orderId === id);
  if (run === undefined) {
    refuseOrder(one);
    return;
  }
  run.autoStart = true;
  run.reasons = [];
  accept(one);
}

/** REMOVE {orderId}: out of the queue; its record says Aborted and by whom. */
export function remove(one: Turn): void {
  const id = textArg(one.event, 'orderId');
  const run = one.work.queue.find((other) => other.order.orderId === id);
  if (run === undefined) {
    refuseOrder(one);
    return;
  }
  one.work.queue = one.work.queue.filter((other) => other !== run);
  run.state = 'Aborted';
  run.finishedTimeMs = one.event.utcMs;
  run.reasons = [reason('operator.abort', { user: senderOf(one.event)?.id ?? '' })];
  accept(one);
  recordOrder(one, run);
  keepRecent(one, run);
}

function keepRecent(one: Turn, run: OrderRun): void {
  one.work.recent = [run, ...one.work.recent].slice(0, RECENT_MAX);
}

/** Why the next order cannot begin yet; null when there is none that wants to. */
export function startReasons(one: Turn): Reason[] | null {
  const run = nextOrder(one);
  if (run === undefined) return null;
  const { work, setup } = one;
  const reasons = [...destinationReasons(one, run.order), ...pressReasons(one, run)];
  if (work.tails.length >= TAILS_MAX) {
    reasons.push(reason('line.tails-full', { line: one.id, limit: TAILS_MAX }));
  }
  // Scales and mixer are waited for one by one while the batch before is on its way through.
  if (work.mixing !== null) return reasons;
  const swept = work.tails.every(({ flow }) => flow.transfer.step === 'done');
  if (swept && work.active === null && hasProduct(one, setup.surge)) {
    reasons.push(reason('bin.other-content', { bin: setup.surge, content: '?' }));
  }
  for (const { id } of one.setup.scales) {
    const state = scaleState(one, id) ?? 'Faulted';
    if (state !== 'Empty') {
      reasons.push(reason('command.not-in-state', { object: id, state, command: 'START' }));
    }
  }
  const phase = mixerPhase(one) ?? 'Held';
  if (phase !== 'Empty') {
    const object = one.setup.mixer;
    reasons.push(reason('command.not-in-state', { object, state: phase, command: 'START' }));
  }
  return reasons;
}

/** The next order becomes the active one. */
export function begin(one: Turn): void {
  const { work } = one;
  const run = nextOrder(one);
  if (run === undefined) return;
  const { order } = run;
  work.queue = work.queue.filter((other) => other !== run);
  work.active = run;
  Object.assign(work, { dosing: null, reasons: [], waitsFor: [] });
  const { formulaCode, lot, product, nature } = order;
  work.contents[order.destination] = { formulaCode, lot, product, nature };
  fillBin(one, run);
  run.state = 'Running';
  run.startedTimeMs = one.event.utcMs;
  run.reasons = [];
  recordOrder(one, run);
}

/** The order whose batches are all weighed may leave the scales to the next one. */
export function mayFollow(one: Turn): boolean {
  const { active } = one.work;
  return active !== null && weighedAll(one, active) && startReasons(one)?.length === 0;
}

/** The next order is weighed while the product of this one is still on its way. */
export function follow(one: Turn): void {
  const { work } = one;
  if (work.active === null) return;
  if (work.active.state === 'Held') endDowntime(one);
  work.tails.push(work.active);
  work.active = null;
  begin(one);
}

/** While the line is free, or its order all weighed: show what the next order waits for. */
export function showWaiting(one: Turn): void {
  const reasons = startReasons(one) ?? [];
  note(one.work.waitsFor, ...reasons);
  // The level of a press bin wakes nobody.
  const looks = reasons.some(({ code }) => code === 'unit.not-emptied');
  if (looks) wakeAt(one, one.event.nowMs + PRESS_LOOK_MS);
}

/** An order goes to another state, and says so in its record. */
export function runTo(one: Turn, run: OrderRun, state: ProcedureState): void {
  if (run.state === state) return;
  run.state = state;
  recordOrder(one, run);
}

/** The active order goes to another state. */
export function goTo(one: Turn, state: ProcedureState): void {
  const { active } = one.work;
  if (active === null || active.state === state) return;
  active.reasons = [...one.work.reasons];
  runTo(one, active, state);
}

/** An order is over: Complete, Stopped or Aborted. */
export function end(one: Turn, run: OrderRun, state: 'Complete' | 'Stopped' | 'Aborted'): void {
  const { work } = one;
  const { orderId, destination, packaging } = run.order;
  if (state !== 'Complete') recordBatchesOf(one, run, state);
  run.finishedTimeMs = one.event.utcMs;
  if (run === work.active) {
    endDowntime(one);
    goTo(one, state);
    Object.assign(work, { active: null, reasons: [], waitsFor: [] });
  } else {
    runTo(one, run, state);
    work.tails = work.tails.filter((other) => other !== run);
  }
  if (work.dosing?.orderId === orderId) work.dosing = null;
  if (work.mixing?.orderId === orderId) work.mixing = null;
  if (run.flow.fill !== null) tell(one, destination, 'FILLED', { orderId, lot: run.order.lot });
  if (packaging === 'bags' && state !== 'Aborted' && isLow(one, destination)) {
    delete work.contents[destination];
  }
  keepRecent(one, run);
}

/** The order stands still from now on, with why. */
export function standStill(one: Turn): void {
  beginDowntime(one, one.work.reasons);
}

/** After a restart nothing begins by itself: a person releases each order of the queue again. */
export function holdQueue(one: Turn): void {
  unrelease(one, reason('restart.held'));
}

/** No order of the queue begins before a person has released it again, for this reason. */
export function unrelease(one: Turn, why: Reason): void {
  for (const run of one.work.queue) {
    if (run.autoStart) run.reasons = [why];
    run.autoStart = false;
  }
}

/** RESET {orderId} of an order that is over: the line is Idle, and shows it no longer. */
export function reset(one: Turn): void {
  const id = textArg(one.event, 'orderId');
  if (!one.work.recent.some(({ order }) => order.orderId === id)) {
    refuseOrder(one);
    return;
  }
  one.work.recent = one.work.recent.filter(({ order }) => order.orderId !== id);
  accept(one);
}
