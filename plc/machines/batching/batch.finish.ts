import { PACKML_STATES, PRESS_PHASES } from '../../model/isa88.ts';
import { reason } from '../../model/reason.ts';
import { goodNumber } from '../../model/tag.ts';
import { input, stateOf } from '../kit.ts';
import type { LineBagger, OrderRun, PressRun } from './batch.context.ts';
import { advance, claim, free, mayClaimAgain, nextOf } from './batch.stage.ts';
import { freeUnused, productOf } from './batch.transfer.ts';
import type { Turn } from './batch.turn.ts';
import { begun, hasProduct, isLow, note } from './batch.turn.ts';

/** Conditioner set point where an order names none, degC. */
const SET_C = 80;

export function pressPhase(one: Turn, press: string) {
  return stateOf(PRESS_PHASES, input(one.event.inputs, `${press}.Phase`));
}

export function baggerState(one: Turn, bagger: string) {
  return stateOf(PACKML_STATES, input(one.event.inputs, `${bagger}.State`));
}

/** Phases in which a press still has to do with the order that it was given back by. */
const CLEARING: readonly (string | null)[] = ['Clearing', 'Faulted', 'Held'];

/** How its pellets are pressed and finished (DOMAIN 4): load, crumbs and coating by the product. */
function finishOf({ pressLoadPct, crumbleMm, coatPct }: OrderRun['order']['procedure']) {
  return {
    ...(pressLoadPct === undefined ? {} : { loadPct: pressLoadPct }),
    crumbleMm: crumbleMm ?? 0,
    coatPct: coatPct ?? 0,
  };
}

function movePress(one: Turn, run: OrderRun, own: PressRun): void {
  const { order, flow } = run;
  const { press, stage } = own;
  const upstreamDone = flow.transfer.step === 'done';
  const phase = pressPhase(one, press.id);
  if (own.claim.state === 'free') {
    // What lies in its bin now is another order's.
    if (!CLEARING.includes(phase)) stage.step = 'done';
    return;
  }
  advance(one, stage, {
    id: press.unit,
    resting: phase === 'Stopped',
    start: {
      destination: order.destination,
      setC: order.procedure.conditionerC ?? SET_C,
      ...finishOf(order.procedure),
      orderId: order.orderId,
      lot: order.lot,
      nature: order.nature,
      product: productOf(run),
    },
    startWhen: hasProduct(one, press.bin) || upstreamDone,
    endWhen: upstreamDone,
    end: 'STOP',
    emptied: isLow(one, press.bin),
  });
  // Its bin is empty and takes the next order's mash while the press still clears itself.
  const clearing = stage.step === 'ending' && phase === 'Clearing' && isLow(one, press.bin);
  if (clearing || stage.step === 'done') free(one, own.claim, order.orderId);
}

/** Presses of the order; true when all that went to them is pressed. */
function movePresses(one: Turn, run: OrderRun): boolean {
  const used = run.flow.presses.filter((own) => own.used);
  for (const own of used) if (own.stage.step !== 'done') movePress(one, run, own);
  freeUnused(one, run);
  return run.flow.transfer.step === 'done' && used.every(({ stage }) => stage.step === 'done');
}

const BAGGER_AT_REST = ['Stopped', 'Idle', 'Complete'];

export function baggerAtRest(one: Turn, bagger: string): boolean {
  return BAGGER_AT_REST.includes(baggerState(one, bagger) ?? '');
}

/** Baggers that may pack this order: its own choice of the line's that its bin feeds. */
export function baggersFor(one: Turn, { order }: Pick<OrderRun, 'order'>): LineBagger[] {
  return one.setup.baggers.filter(
    ({ id, bins }) =>
      bins.includes(order.destination) && (order.bagger === null || order.bagger === id),
  );
}

/**
 * Flushes that were begun before this order and are to be bagged: they take the rests of a drug out
 * of the ways to their baggers. The order must not have those before them, for it could not use
 * them, and the flush would wait for the order.
 */
function flushesToBag(one: Turn, run: OrderRun): OrderRun[] {
  const runs = begun(one);
  return runs
    .slice(0, runs.indexOf(run))
    .filter(({ order }) => order.kind === 'flush' && order.packaging === 'bags')
    .filter(({ flow }) => flow.bagging.step !== 'done');
}

function claimBagger(one: Turn, run: OrderRun): void {
  const { flow, order } = run;
  const flushes = flushesToBag(one, run);
  const theirs = new Set(flushes.flatMap((flush) => baggersFor(one, flush).map(({ id }) => id)));
  const open = baggersFor(one, run).filter(({ id }) => !theirs.has(id));
  const [first] = flushes;
  if (first !== undefined && open.length === 0) {
    note(flow.waitsFor, reason('order.flush-first', { flush: first.order.orderId }));
    return;
  }
  if (flow.bagger !== null) {
    if (!mayClaimAgain(one, flow.bagger)) return;
    free(one, flow.bagger, order.orderId);
  }
  const bagger = nextOf(open, ({ id }) => baggerAtRest(one, id), flow.tries);
  if (bagger === undefined) return;
  flow.tries += 1;
  flow.bagger = claim(one, bagger.id, order.orderId);
}

function moveBagging(one: Turn, run: OrderRun, upstreamDone: boolean): void {
  const { flow, order } = run;
  const { bagging } = flow;
  const product = hasProduct(one, order.destination);
  if (bagging.step === 'done') return;
  if (bagging.step === 'rest' && upstreamDone && run.batchesDone === 0 && !product) {
    bagging.step = 'done';
    return;
  }
  const wanted = product || upstreamDone;
  if (flow.bagger?.state !== 'granted') {
    if (wanted) claimBagger(one, run);
    return;
  }
  const bagger = flow.bagger.unit;
  const before = bagging.step;
  const { orderId, lot, destination: source, bagKg } = order;
  advance(one, bagging, {
    id: bagger,
    resting: baggerAtRest(one, bagger),
    start: { orderId, lot, source, bagKg, product: productOf(run) },
    startWhen: wanted,
    endWhen: upstreamDone,
    end: 'COMPLETE',
    emptied: baggerState(one, bagger) === 'Complete',
  });
  if (before === 'rest' && bagging.step === 'asked') {
    flow.baggerStartG ??= goodNumber(input(one.event.inputs, `${bagger}.TotalG`));
  }
  countBags(one, run, bagger);
  if (flow.bagging.step === 'done') free(one, flow.bagger, orderId);
}

/** Bags and their mass since bagging of this order began. */
function countBags(one: Turn, run: OrderRun, bagger: string): void {
  const { bagging, baggerStartG } = run.flow;
  if (bagging.step === 'rest' || bagging.step === 'asked') return;
  const bags = goodNumber(input(one.event.inputs, `${bagger}.OrderBags`));
  const totalG = goodNumber(input(one.event.inputs, `${bagger}.TotalG`));
  if (bags !== null) run.bags = Math.max(run.bags, bags);
  if (totalG !== null && baggerStartG !== null && totalG >= baggerStartG) {
    run.baggedKg = (totalG - baggerStartG) / 1_000;
  }
}

/** Moves pellets and bags along; true when the order's product is where it should be. */
export function moveFinish(one: Turn, run: OrderRun): boolean {
  const { order, flow } = run;
  const made = order.procedure.pelleted ? movePresses(one, run) : flow.transfer.step === 'done';
  if (order.packaging === 'bulk') return made;
  moveBagging(one, run, made);
  return flow.bagging.step === 'done';
}
