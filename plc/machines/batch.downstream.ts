import { PACKML_STATES, PRESS_PHASES, ROUTE_STATES } from '../model/isa88.ts';
import { reason } from '../model/reason.ts';
import { goodNumber } from '../model/tag.ts';
import type { Stage } from './batch.context.ts';
import type { Turn } from './batch.turn.ts';
import { hasProduct, isLow, note, tell, wakeAt } from './batch.turn.ts';
import { input, stateOf } from './kit.ts';

/** A machine that refused or stopped by itself is asked again after this, ms. */
const RETRY_MS = 5_000;
/** The surge hopper must be empty this long before the route that empties it is stopped, ms. */
const SURGE_EMPTY_MS = 10_000;

/** A machine that the line starts and later ends, seen from the line. */
interface Helper {
  readonly id: string;
  /** It does nothing and could be started. */
  readonly resting: boolean;
  readonly start: Readonly<Record<string, unknown>>;
  readonly startWhen: boolean;
  readonly endWhen: boolean;
  readonly end: string;
  /** At rest after its end: its work is really done, it did not stop half-way. */
  readonly emptied: boolean;
}

function ask(one: Turn, stage: Stage, helper: Helper): void {
  stage.step = 'asked';
  stage.retryAtMs = one.event.nowMs + RETRY_MS;
  tell(one, helper.id, 'START', helper.start);
}

/** One step of starting, watching and ending a machine; asked again when it did not come up. */
function advance(one: Turn, stage: Stage, helper: Helper): void {
  const mayRetry = one.event.nowMs >= stage.retryAtMs;
  if (stage.step === 'rest' && helper.startWhen && helper.resting) {
    if (mayRetry) ask(one, stage, helper);
  } else if (stage.step === 'rest' && helper.startWhen) {
    // Left running by what was before, or by a person: it does already what is wanted.
    stage.step = 'on';
  } else if (stage.step === 'asked') {
    if (!helper.resting) stage.step = 'on';
    else if (mayRetry) stage.step = 'rest';
  } else if (stage.step === 'on' && helper.resting) {
    stage.step = 'rest';
    stage.retryAtMs = one.event.nowMs + RETRY_MS;
  } else if (stage.step === 'on' && helper.endWhen) {
    stage.step = 'ending';
    tell(one, helper.id, helper.end);
  } else if (stage.step === 'ending' && helper.resting) {
    stage.step = helper.emptied ? 'done' : 'rest';
  }
  if (stage.retryAtMs > one.event.nowMs) wakeAt(one, stage.retryAtMs);
}

export function routeState(one: Turn, route: string) {
  return stateOf(ROUTE_STATES, input(one.event.inputs, `${route}.State`));
}

export function pressPhase(one: Turn) {
  return stateOf(PRESS_PHASES, input(one.event.inputs, `${one.setup.press}.Phase`));
}

export function baggerState(one: Turn) {
  return stateOf(PACKML_STATES, input(one.event.inputs, `${one.setup.bagger}.State`));
}

/** The route that takes the mash of the present order away. */
export function transferRoute(one: Turn): string {
  const { routes } = one.setup;
  return one.work.active?.order.procedure.pelleted ? routes.mixToPress : routes.mixToFinished;
}

/** No batch is under way and none will come. */
export function mixedAll(one: Turn): boolean {
  const { active, dosing, mixing, stopRequested } = one.work;
  if (active === null || dosing !== null || mixing !== null) return false;
  return stopRequested || active.batchesStarted >= active.batchesPlanned;
}

function surgeEmptied(one: Turn): boolean {
  const { work, event, setup } = one;
  if (!mixedAll(one) || !isLow(one, setup.surge)) {
    work.surgeLowSinceMs = null;
    return false;
  }
  work.surgeLowSinceMs ??= event.nowMs;
  wakeAt(one, work.surgeLowSinceMs + SURGE_EMPTY_MS);
  return event.nowMs - work.surgeLowSinceMs >= SURGE_EMPTY_MS;
}

function moveTransfer(one: Turn, destination: string): void {
  const { work, setup } = one;
  const empty = surgeEmptied(one);
  // Nothing was ever mixed (stopped before the first batch): there is nothing to take away.
  if (work.transfer.step === 'rest' && empty) {
    work.transfer.step = 'done';
    return;
  }
  const pelleted = work.active?.order.procedure.pelleted === true;
  const startWhen = work.mixing !== null || hasProduct(one, setup.surge);
  if (work.transfer.step === 'rest' && startWhen && work.active !== null) {
    const { orderId, lot, product, nature } = work.active.order;
    tell(one, destination, 'FILL', { orderId, lot, product, nature });
  }
  advance(one, work.transfer, {
    id: transferRoute(one),
    resting: routeState(one, transferRoute(one)) === 'Idle',
    start: { source: setup.surge, destination: pelleted ? setup.pressBin : destination },
    startWhen,
    endWhen: empty,
    end: 'STOP',
    emptied: isLow(one, setup.surge),
  });
}

function movePress(one: Turn, destination: string, setC: number): void {
  const { work, setup } = one;
  const upstreamDone = work.transfer.step === 'done';
  const product = hasProduct(one, setup.pressBin);
  if (work.press.step === 'rest' && upstreamDone && work.active?.batchesDone === 0 && !product) {
    work.press.step = 'done';
    return;
  }
  advance(one, work.press, {
    id: setup.pressUnit,
    resting: pressPhase(one) === 'Stopped',
    start: { destination, setC },
    startWhen: product || upstreamDone,
    endWhen: upstreamDone,
    end: 'STOP',
    emptied: isLow(one, setup.pressBin),
  });
}

const BAGGER_AT_REST = ['Stopped', 'Idle', 'Complete'];

function moveBagging(one: Turn, upstreamDone: boolean): void {
  const { work, setup, event } = one;
  const order = work.active?.order;
  if (order === undefined) return;
  const product = hasProduct(one, order.destination);
  if (work.bagging.step === 'rest' && upstreamDone && work.active?.batchesDone === 0 && !product) {
    work.bagging.step = 'done';
    return;
  }
  const before = work.bagging.step;
  advance(one, work.bagging, {
    id: setup.bagger,
    resting: BAGGER_AT_REST.includes(baggerState(one) ?? ''),
    start: {
      orderId: order.orderId,
      lot: order.lot,
      source: order.destination,
      bagKg: order.bagKg,
    },
    startWhen: product || upstreamDone,
    endWhen: upstreamDone,
    end: 'COMPLETE',
    emptied: baggerState(one) === 'Complete',
  });
  if (before === 'rest' && work.bagging.step === 'asked') {
    work.baggerStartG ??= goodNumber(input(event.inputs, `${setup.bagger}.TotalG`));
  }
  countBags(one);
}

/** Bags and their mass since bagging of this order began. */
function countBags(one: Turn): void {
  const { work, setup, event } = one;
  const { active, bagging, baggerStartG } = work;
  if (active === null || bagging.step === 'rest' || bagging.step === 'asked') return;
  const bags = goodNumber(input(event.inputs, `${setup.bagger}.OrderBags`));
  const totalG = goodNumber(input(event.inputs, `${setup.bagger}.TotalG`));
  if (bags !== null) active.bags = Math.max(active.bags, bags);
  if (totalG !== null && baggerStartG !== null && totalG >= baggerStartG) {
    active.baggedKg = (totalG - baggerStartG) / 1_000;
  }
}

/** Moves mash, pellets and bags along; true when the order's product is where it should be. */
export function moveDownstream(one: Turn): boolean {
  const order = one.work.active?.order;
  if (order === undefined) return false;
  const { work } = one;
  const { pelleted, conditionerC } = order.procedure;
  const last = pelleted ? work.press : work.transfer;
  const madeBefore = last.step === 'done';
  moveTransfer(one, order.destination);
  if (pelleted) movePress(one, order.destination, conditionerC ?? 80);
  const made = last.step === 'done';
  if (made && !madeBefore) tell(one, order.destination, 'FILLED');
  if (order.packaging === 'bulk') return made;
  moveBagging(one, made);
  return work.bagging.step === 'done';
}

/** What went wrong behind the mixer and needs a person; empty while all goes on. */
export function downstreamFaults(one: Turn): void {
  const { work, setup } = one;
  const route = transferRoute(one);
  const at = (stage: Stage) => stage.step !== 'done' && stage.step !== 'rest';
  if (at(work.transfer) && routeState(one, route) === 'Tripped') {
    note(work.reasons, reason('route.device-stopped', { device: route, route }));
  }
  const phase = pressPhase(one) ?? '';
  if (at(work.press) && phase === 'Choked') {
    note(work.reasons, reason('press.choke', { device: setup.press }));
  } else if (at(work.press) && (phase === 'Faulted' || phase === 'Held')) {
    note(work.reasons, reason('device.faulted', { device: setup.pressUnit }));
  }
  const bagger = baggerState(one) ?? '';
  if (at(work.bagging) && ['Held', 'Aborted'].includes(bagger)) {
    note(work.reasons, reason('device.faulted', { device: setup.bagger }));
  } else if (work.bagging.step === 'on' && bagger === 'Stopped') {
    // A person stopped it: only a person's RESUME starts it again.
    work.bagging.step = 'rest';
    const object = setup.bagger;
    note(
      work.reasons,
      reason('command.not-in-state', { object, state: bagger, command: 'COMPLETE' }),
    );
  }
}

/** After a hold: what has tripped is reset, what is held goes on; a person has asked for it. */
export function resumeDownstream(one: Turn): void {
  for (const route of [transferRoute(one), ...one.setup.refillRoutes]) {
    if (routeState(one, route) === 'Tripped') tell(one, route, 'RESET');
  }
  const phase = pressPhase(one) ?? '';
  if (phase === 'Held') tell(one, one.setup.pressUnit, 'RESUME');
  if (phase === 'Faulted' || phase === 'Choked') tell(one, one.setup.pressUnit, 'RESET');
  if (baggerState(one) === 'Held') tell(one, one.setup.bagger, 'UNHOLD');
  if (baggerState(one) === 'Aborted') tell(one, one.setup.bagger, 'CLEAR');
}

/** The order is aborted: what runs behind the mixer is told to end in its own orderly way. */
export function endDownstream(one: Turn): void {
  const { work, setup } = one;
  const running = (stage: Stage) => stage.step === 'asked' || stage.step === 'on';
  if (running(work.transfer)) tell(one, transferRoute(one), 'STOP');
  if (running(work.press)) tell(one, setup.pressUnit, 'STOP');
  if (running(work.bagging)) tell(one, setup.bagger, 'STOP');
}
