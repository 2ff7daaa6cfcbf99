import { batchSizes, orderReasons } from '../logic/batch-plan.ts';
import type { ProcedureState } from '../model/isa88.ts';
import type { Order } from '../model/order.ts';
import type { Reason } from '../model/reason.ts';
import { reason } from '../model/reason.ts';
import type { OrderRun } from './batch.context.ts';
import { KNOWN_IDS_MAX, newStage, QUEUE_MAX, RECENT_MAX } from './batch.context.ts';
import { beginDowntime, endDowntime, recordBatches, recordOrder } from './batch.records.ts';
import type { Turn } from './batch.turn.ts';
import { accept, isLow, mixerPhase, scaleState } from './batch.turn.ts';
import { input, invalidArg, isCommand, refused, senderOf, textArg } from './kit.ts';

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
  reasons.push(...orderReasons(order, setup.mixerKg, setup.scales));
  // What lies in the bin when earlier orders are done is seen when this one starts.
  const first = work.active === null && work.queue.length === 0;
  return first ? [...reasons, ...destinationReasons(one, order)] : reasons;
}

/** The finished bin must be empty or hold the same product. */
function destinationReasons(one: Turn, order: Order): Reason[] {
  const bin = order.destination;
  const low = input(one.event.inputs, `${bin}.Low`);
  if (low.quality !== 'good') {
    return [reason('input.not-good', { tag: `${bin}.Low`, quality: low.quality })];
  }
  const content = one.work.contents[bin];
  if (low.value === true || content?.formulaCode === order.formulaCode) return [];
  return [reason('bin.other-content', { bin, content: content?.formulaCode ?? '?' })];
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
    reasons: [],
  };
  one.work.queue.push(run);
  one.work.knownIds = [...one.work.knownIds, order.orderId].slice(-KNOWN_IDS_MAX);
  accept(one);
  recordOrder(one, run);
}

/** A command for an order that is not the active one: refused with what it is instead. */
export function refuseOrder(one: Turn): void {
  const order = textArg(one.event, 'orderId') ?? '';
  const { active, queue, recent } = one.work;
  const run = [active, ...queue, ...recent].find((other) => other?.order.orderId === order);
  const command = one.event.type;
  one.out.push(
    refused(
      run === undefined || run === null
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

/** The first order of the queue that a person has released. */
function next(one: Turn): OrderRun | undefined {
  return one.work.queue.find((run) => run.autoStart);
}

/** Why the next order cannot begin yet; null when there is none that wants to. */
export function startReasons(one: Turn): Reason[] | null {
  const run = next(one);
  if (run === undefined) return null;
  const reasons = destinationReasons(one, run.order);
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
  const run = next(one);
  if (run === undefined) return;
  const { order } = run;
  work.queue = work.queue.filter((other) => other !== run);
  work.active = run;
  Object.assign(work, {
    dosing: null,
    mixing: null,
    transfer: newStage(),
    press: newStage(),
    bagging: newStage(),
    surgeLowSinceMs: null,
    baggerStartG: null,
    stopRequested: false,
    reasons: [],
    waitsFor: [],
  });
  const { formulaCode, lot, product } = order;
  work.contents[order.destination] = { formulaCode, lot, product };
  run.state = 'Running';
  run.startedTimeMs = one.event.utcMs;
  run.reasons = [];
  recordOrder(one, run);
}

/** While the line is free: show what the next order waits for. */
export function showWaiting(one: Turn): void {
  one.work.waitsFor = startReasons(one) ?? [];
}

/** The active order goes to another state, and says so in its record. */
export function goTo(one: Turn, state: ProcedureState): void {
  const { active } = one.work;
  if (active === null || active.state === state) return;
  active.state = state;
  active.reasons = [...one.work.reasons];
  recordOrder(one, active);
}

/** The active order is over: Complete, Stopped or Aborted. */
export function end(one: Turn, state: 'Complete' | 'Stopped' | 'Aborted'): void {
  const { work } = one;
  const run = work.active;
  if (run === null) return;
  if (state !== 'Complete') recordBatches(one, state);
  endDowntime(one);
  run.finishedTimeMs = one.event.utcMs;
  goTo(one, state);
  if (run.order.packaging === 'bags' && state !== 'Aborted' && isLow(one, run.order.destination)) {
    delete work.contents[run.order.destination];
  }
  work.active = null;
  work.dosing = null;
  work.mixing = null;
  work.stopRequested = false;
  work.reasons = [];
  work.waitsFor = [];
  keepRecent(one, run);
}

/** The order stands still from now on, with why. */
export function standStill(one: Turn): void {
  beginDowntime(one, one.work.reasons);
}

/** After a restart nothing begins by itself: a person releases each order of the queue again. */
export function holdQueue(one: Turn): void {
  for (const run of one.work.queue) {
    if (run.autoStart) run.reasons = [reason('restart.held')];
    run.autoStart = false;
  }
}
