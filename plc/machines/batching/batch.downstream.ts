import { storedNature } from '../../model/lots.ts';
import type { Reason } from '../../model/reason.ts';
import { reason } from '../../model/reason.ts';
import { isCommand, textArg } from '../kit.ts';
import type { Claim, OrderRun, Stage } from './batch.context.ts';
import { baggerState, moveFinish, pressPhase } from './batch.finish.ts';
import { free, RETRY_MS } from './batch.stage.ts';
import { hasTheWay, moveTransfer, routeState, transferRoute } from './batch.transfer.ts';
import type { Turn } from './batch.turn.ts';
import { accept, begun, hasProduct, note, tell, wakeAt } from './batch.turn.ts';

/** Tells the finished bin, where it has a machine of its own, what comes. */
export function fillBin(one: Turn, run: OrderRun): void {
  const { flow, order } = run;
  if (!one.setup.tracedBins.includes(order.destination)) return;
  const { orderId, lot, product } = order;
  const nature = storedNature(order);
  tell(one, order.destination, 'FILL', { orderId, lot, product, nature });
  const retryAtMs = one.event.nowMs + RETRY_MS;
  flow.fill = { unit: order.destination, state: 'asked', retryAtMs, refused: [] };
  wakeAt(one, retryAtMs);
}

/** A bin that did not refuse in the scan in which it was asked takes the order. */
function followFill(one: Turn, run: OrderRun): void {
  const { fill } = run.flow;
  if (fill === null || fill.state !== 'asked') return;
  if (fill.refused.length === 0 && one.event.nowMs > fill.retryAtMs - RETRY_MS) {
    fill.state = 'granted';
  } else if (one.event.nowMs >= fill.retryAtMs) {
    fillBin(one, run);
  } else {
    wakeAt(one, fill.retryAtMs);
  }
}

/** Moves mash, pellets and bags of one order along; true when its product is where it should be. */
export function moveDownstream(one: Turn, run: OrderRun): boolean {
  const { flow } = run;
  flow.waitsFor = [];
  followFill(one, run);
  moveTransfer(one, run);
  const arrived = moveFinish(one, run);
  const refused = [
    flow.transfer,
    flow.bagging,
    ...flow.presses.flatMap(({ stage, claim }): (Stage | Claim)[] => [stage, claim]),
    ...(flow.bagger === null ? [] : [flow.bagger]),
    ...(flow.fill === null ? [] : [flow.fill]),
  ].flatMap((part) => ('state' in part && part.state !== 'asked' ? [] : part.refused));
  note(flow.waitsFor, ...refused);
  return arrived;
}

function claimsOf({ flow }: OrderRun): Claim[] {
  return [
    ...flow.presses.map(({ claim }) => claim),
    ...(flow.bagger === null ? [] : [flow.bagger]),
  ];
}

/** ALLOCATED {unit, orderId}: the unit works for that order now. */
export function allocated(one: Turn): void {
  accept(one);
  const unit = textArg(one.event, 'unit');
  const orderId = textArg(one.event, 'orderId');
  const run = begun(one).find(({ order }) => order.orderId === orderId);
  const own = run === undefined ? undefined : claimsOf(run).find((claim) => claim.unit === unit);
  if (own === undefined || own.state === 'free') {
    // Asked for and given up meanwhile: it is nobody's.
    if (unit !== null && orderId !== null) tell(one, `${unit}:allocation`, 'FREE', { orderId });
    return;
  }
  own.state = 'granted';
  own.refused = [];
}

/** Whose START, FILL or ALLOCATE was refused is shown why. */
export function downstreamRefused(one: Turn): void {
  const { event } = one;
  if (!('from' in event) || isCommand(event)) return;
  for (const run of begun(one)) {
    const { flow } = run;
    for (const part of claimsOf(run)) {
      const asked = part.state === 'asked' && event.command === 'ALLOCATE';
      if (asked && event.from.startsWith(`${part.unit}:`)) part.refused = event.reasons;
    }
    if (event.command === 'FILL' && flow.fill?.unit === event.from) {
      flow.fill.refused = event.reasons;
    }
    if (event.command !== 'START') continue;
    if (event.from === transferRoute(one, run) && hasTheWay(one, run)) {
      flow.transfer.refused = event.reasons;
    }
    for (const { press, claim, stage } of flow.presses) {
      if (event.from === press.unit && claim.state === 'granted') stage.refused = event.reasons;
    }
    if (event.from === flow.bagger?.unit && flow.bagger.state === 'granted') {
      flow.bagging.refused = event.reasons;
    }
  }
}

const PRESS_AT_FAULT = ['Choked', 'Faulted', 'Held'];

/** A press of the order stands, and its product with it. */
function pressFaults(one: Turn, run: OrderRun, found: Reason[]): void {
  for (const { press, stage, used } of run.flow.presses) {
    const phase = pressPhase(one, press.id) ?? '';
    const wanted = stage.step !== 'rest' || hasProduct(one, press.bin);
    if (!used || stage.step === 'done' || !wanted || !PRESS_AT_FAULT.includes(phase)) continue;
    const why =
      phase === 'Choked'
        ? reason('press.choke', { device: press.id })
        : reason('device.faulted', { device: press.unit });
    note(found, why);
  }
}

function baggerFaults(one: Turn, run: OrderRun, found: Reason[]): void {
  const { bagging, bagger } = run.flow;
  if (bagger?.state !== 'granted' || bagging.step === 'done') return;
  const state = baggerState(one, bagger.unit) ?? '';
  const object = bagger.unit;
  if (['Held', 'Aborted'].includes(state)) {
    note(found, reason('device.faulted', { device: object }));
  } else if (bagging.step === 'on' && state === 'Stopped') {
    // A person stopped it: only a person's RESUME starts it again.
    bagging.step = 'rest';
    note(found, reason('command.not-in-state', { object, state, command: 'COMPLETE' }));
  }
}

/** What went wrong behind the mixer and needs a person; empty while all goes on. */
export function downstreamFaults(one: Turn, run: OrderRun): Reason[] {
  const found: Reason[] = [];
  // What was reset a moment ago is given time to come up.
  if (one.event.nowMs < run.flow.lookFromMs) {
    wakeAt(one, run.flow.lookFromMs);
    return found;
  }
  const { transfer } = run.flow;
  const route = transferRoute(one, run);
  const wanted = transfer.step !== 'rest' || hasProduct(one, one.setup.surge);
  const moves = transfer.step !== 'done' && wanted && hasTheWay(one, run);
  if (moves && routeState(one, route) === 'Tripped') {
    note(found, reason('route.device-stopped', { device: route, route }));
  }
  pressFaults(one, run, found);
  baggerFaults(one, run, found);
  return found;
}

/** After a hold: what has tripped is reset, what is held goes on; a person has asked for it. */
export function resumeDownstream(one: Turn, run: OrderRun): void {
  const { flow } = run;
  const route = transferRoute(one, run);
  flow.lookFromMs = one.event.nowMs + RETRY_MS;
  if (hasTheWay(one, run) && routeState(one, route) === 'Tripped') tell(one, route, 'RESET');
  for (const { press, used, stage } of flow.presses) {
    const phase = pressPhase(one, press.id) ?? '';
    if (!used || stage.step === 'done') continue;
    if (phase === 'Held') tell(one, press.unit, 'RESUME');
    if (phase === 'Faulted' || phase === 'Choked') tell(one, press.unit, 'RESET');
  }
  if (flow.bagger?.state !== 'granted') return;
  if (baggerState(one, flow.bagger.unit) === 'Held') tell(one, flow.bagger.unit, 'UNHOLD');
  if (baggerState(one, flow.bagger.unit) === 'Aborted') tell(one, flow.bagger.unit, 'CLEAR');
}

/**
 * Refill routes that tripped are reset when a person lets the line go on: at once, or as soon as
 * they have cleared. Forgotten when they run again by themselves.
 */
export function resetRefills(one: Turn): void {
  const { work, setup, event } = one;
  const tripped = (route: string) => routeState(one, route) === 'Tripped';
  if (event.type === 'RESUME') {
    work.toReset = setup.refillRoutes.filter(tripped);
    work.resetAtMs = event.nowMs;
  }
  work.toReset = work.toReset.filter(tripped);
  if (work.toReset.length === 0) return;
  if (event.nowMs >= work.resetAtMs) {
    for (const route of work.toReset) tell(one, route, 'RESET');
    work.resetAtMs = event.nowMs + RETRY_MS;
  }
  wakeAt(one, work.resetAtMs);
}

/** The order is aborted: what runs behind the mixer is told to end in its own orderly way. */
export function endDownstream(one: Turn, run: OrderRun): void {
  const { flow, order } = run;
  const running = (stage: Stage) => stage.step === 'asked' || stage.step === 'on';
  if (running(flow.transfer)) tell(one, transferRoute(one, run), 'STOP');
  for (const { press, stage } of flow.presses) {
    if (running(stage)) tell(one, press.unit, 'STOP');
  }
  if (running(flow.bagging) && flow.bagger !== null) tell(one, flow.bagger.unit, 'STOP');
  for (const claim of claimsOf(run)) free(one, claim, order.orderId);
  flow.transfer.step = 'done';
}
