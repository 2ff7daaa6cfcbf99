import { MIXER_PHASES, ROUTE_STATES } from '../../model/isa88.ts';
import { reason } from '../../model/reason.ts';
import type { RouteProduct } from '../../model/route-product.ts';
import { isOff } from '../../model/tag.ts';
import { input, stateOf } from '../kit.ts';
import type { LinePress, OrderRun } from './batch.context.ts';
import { newStage } from './batch.context.ts';
import { goesOn } from './batch.control.ts';
import { advance, claim, free, mayClaimAgain, nextOf } from './batch.stage.ts';
import type { Turn } from './batch.turn.ts';
import { begun, hasProduct, isLow, note, tell, wakeAt } from './batch.turn.ts';

/** The surge hopper must be empty this long before the route that empties it is stopped, ms. */
const SURGE_EMPTY_MS = 10_000;
/** The mixer is told again that its way is free after this, ms. */
const WAY_AGAIN_MS = 1_000;

export function routeState(one: Turn, route: string) {
  return stateOf(ROUTE_STATES, input(one.event.inputs, `${route}.State`));
}

/** The route that takes the mash of this order away. */
export function transferRoute(one: Turn, run: OrderRun): string {
  const { routes } = one.setup;
  return run.order.procedure.pelleted ? routes.mixToPress : routes.mixToFinished;
}

/**
 * What is known of the product on its way, for the routes that check it (carry-over). A flush
 * counts with its whole mass where all of it goes one way.
 */
export function productOf({ order }: Pick<OrderRun, 'order'>): RouteProduct {
  const { orderId, lot, nature, kind } = order;
  const isOneWay = !order.procedure.pelleted || order.presses.length === 1;
  return { orderId, lot, nature, kind, kg: kind === 'flush' && isOneWay ? order.orderKg : 0 };
}

function isMixing({ work }: Turn, run: OrderRun): boolean {
  return work.mixing?.orderId === run.order.orderId;
}

/** No batch of the order is being weighed and none will come. */
export function weighedAll({ work }: Turn, run: OrderRun): boolean {
  if (work.dosing?.orderId === run.order.orderId) return false;
  return run.stopRequested || run.batchesStarted >= run.batchesPlanned;
}

/** No batch of the order is under way and none will come. */
export function mixedAll(one: Turn, run: OrderRun): boolean {
  return weighedAll(one, run) && !isMixing(one, run);
}

/** One order at a time empties the surge hopper: the oldest that is not done with it. */
export function hasTheWay(one: Turn, run: OrderRun): boolean {
  return begun(one).find(({ flow }) => flow.transfer.step !== 'done') === run;
}

function surgeEmptied(one: Turn, run: OrderRun): boolean {
  const { flow } = run;
  if (!mixedAll(one, run) || !isLow(one, one.setup.surge)) {
    flow.surgeLowSinceMs = null;
    return false;
  }
  flow.surgeLowSinceMs ??= one.event.nowMs;
  wakeAt(one, flow.surgeLowSinceMs + SURGE_EMPTY_MS);
  return one.event.nowMs - flow.surgeLowSinceMs >= SURGE_EMPTY_MS;
}

/** Presses that may make this order: its own choice of the line's that lead to its bin. */
export function pressesFor(one: Turn, { order }: Pick<OrderRun, 'order'>): LinePress[] {
  return one.setup.presses.filter(
    ({ id, destinations }) =>
      destinations.includes(order.destination) &&
      (order.presses.length === 0 || order.presses.includes(id)),
  );
}

function takesMore(one: Turn, bin: string): boolean {
  return isOff(one.event.inputs[`${bin}.High`]);
}

/**
 * A press more for the order: asked for when its bin is empty, given up when another order has
 * it.
 */
function claimPress(one: Turn, run: OrderRun): void {
  const { flow, order } = run;
  for (const pending of flow.presses) {
    if (mayClaimAgain(one, pending.claim)) free(one, pending.claim, order.orderId);
  }
  if (flow.presses.some(({ claim: { state } }) => state === 'asked')) return;
  const had = flow.presses.filter(({ claim: { state } }) => state === 'granted');
  const others = pressesFor(one, run).filter(
    (press) => !had.some((own) => own.press.id === press.id),
  );
  const press = nextOf(others, ({ bin }) => isLow(one, bin), flow.tries);
  if (press === undefined) return;
  flow.tries += 1;
  if (!isLow(one, press.bin)) {
    note(flow.waitsFor, reason('unit.not-emptied', { bin: press.bin, unit: press.id }));
    return;
  }
  flow.presses = flow.presses.filter((own) => own.press.id !== press.id);
  flow.presses.push({
    press,
    claim: claim(one, press.id, order.orderId),
    stage: newStage(),
    used: false,
  });
}

/** The bin that mash goes to next; null while there is none that takes it. */
function chooseTarget(one: Turn, run: OrderRun): string | null {
  const { flow, order } = run;
  if (!order.procedure.pelleted) return order.destination;
  const own = flow.presses.filter(({ claim: { state } }) => state === 'granted');
  const open = own.filter(({ press }) => takesMore(one, press.bin));
  const target = open.find(({ press }) => press.bin === flow.transferTo) ?? open[0];
  if (target !== undefined) {
    target.used = true;
    return target.press.bin;
  }
  claimPress(one, run);
  for (const { press } of own) note(flow.waitsFor, reason('bin.high', { bin: press.bin }));
  return null;
}

/** The mash of an order from the surge hopper to press bins or finished bin. */
export function moveTransfer(one: Turn, run: OrderRun): void {
  const { flow } = run;
  const { transfer } = flow;
  if (transfer.step === 'done' || !hasTheWay(one, run)) return;
  const empty = surgeEmptied(one, run);
  // Nothing was ever mixed (stopped before the first batch), or all of it is away.
  if (transfer.step === 'rest' && empty) {
    transfer.step = 'done';
    return;
  }
  const wanted = isMixing(one, run) || hasProduct(one, one.setup.surge);
  if (transfer.step === 'rest' && wanted) flow.transferTo = chooseTarget(one, run);
  const route = transferRoute(one, run);
  advance(one, transfer, {
    id: route,
    resting: routeState(one, route) === 'Idle',
    start: { source: one.setup.surge, destination: flow.transferTo, product: productOf(run) },
    startWhen: wanted && flow.transferTo !== null && filledBinReady(run),
    endWhen: empty,
    end: 'STOP',
    emptied: isLow(one, one.setup.surge),
  });
  openWay(one, run);
}

function filledBinReady({ flow }: OrderRun): boolean {
  return flow.fill === null || flow.fill.state === 'granted';
}

/**
 * The mixer may discharge: the way below it runs, for this order, and the surge hopper is empty
 * (DOMAIN 4). Told again until the mixer has gone on.
 */
function openWay(one: Turn, run: OrderRun): void {
  const { work, setup, event } = one;
  if (!isMixing(one, run) || work.mixing === null || run.flow.transfer.step !== 'on') return;
  const waiting = input(event.inputs, `${setup.mixer}.Phase`);
  if (stateOf(MIXER_PHASES, waiting) !== 'Waiting') return;
  if (!isLow(one, setup.surge) || routeState(one, transferRoute(one, run)) !== 'Running') return;
  if (!goesOn(work.mixing, setup.mixer)) return;
  if (event.nowMs < work.wayToldMs + WAY_AGAIN_MS) {
    wakeAt(one, work.wayToldMs + WAY_AGAIN_MS);
    return;
  }
  work.wayToldMs = event.nowMs;
  tell(one, setup.mixerUnit, 'WAY_FREE', { batchId: work.mixing.batchId });
}

/** Gives back what was asked for or granted and is not needed. */
export function freeUnused(one: Turn, run: OrderRun): void {
  for (const { claim: own, used } of run.flow.presses) {
    if (!used && run.flow.transfer.step === 'done') free(one, own, run.order.orderId);
  }
}
