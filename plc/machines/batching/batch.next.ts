import type { Order } from '../../model/order.ts';
import type { Reason } from '../../model/reason.ts';
import { reason } from '../../model/reason.ts';
import { goodNumber } from '../../model/tag.ts';
import { input } from '../kit.ts';
import type { LinePress, OrderRun } from './batch.context.ts';
import { pressesFor } from './batch.transfer.ts';
import type { Turn } from './batch.turn.ts';
import { begun, isLow } from './batch.turn.ts';

/**
 * With less than this share of a batch in its bin, a press is empty when the first batch of the
 * next order is weighed and mixed.
 */
const NEARLY_EMPTY_SHARE = 0.5;

/**
 * A bin whose content is traced takes one lot until it is empty; in another one feed without drugs
 * may lie upon its like.
 */
function mayLieUpon(one: Turn, order: Order): boolean {
  const content = one.work.contents[order.destination];
  if (content?.lot === order.lot) return true;
  if (one.setup.tracedBins.includes(order.destination)) return false;
  const plain = content?.nature.drugClass === 'none' && order.nature.drugClass === 'none';
  return plain && content.formulaCode === order.formulaCode;
}

/** The finished bin must be empty or hold the same product, and no order may be using it. */
export function destinationReasons(one: Turn, order: Order): Reason[] {
  const bin = order.destination;
  const user = begun(one).find((run) => run.order.destination === bin)?.order.orderId;
  if (user !== undefined) return [reason('bin.in-use', { bin, order: user })];
  const low = input(one.event.inputs, `${bin}.Low`);
  if (low.quality !== 'good') {
    return [reason('input.not-good', { tag: `${bin}.Low`, quality: low.quality })];
  }
  if (low.value === true || mayLieUpon(one, order)) return [];
  const content = one.work.contents[bin];
  return [reason('bin.other-content', { bin, content: content?.formulaCode ?? '?' })];
}

/** An order whose mash is not all away will go on filling the bins of its presses. */
function isBeingFilled(one: Turn, { id }: LinePress): boolean {
  return begun(one).some(
    ({ order, flow }) =>
      flow.transfer.step !== 'done' &&
      (order.presses.includes(id) || flow.presses.some(({ press }) => press.id === id)),
  );
}

function isNearlyEmpty(one: Turn, { bin, binKg }: LinePress, batchKg: number): boolean {
  const level = goodNumber(one.event.inputs[`${bin}.LevelPct`]);
  if (isLow(one, bin)) return true;
  return level !== null && (level / 100) * binKg <= batchKg * NEARLY_EMPTY_SHARE;
}

/** Its mash can go where it should by the time it is mixed. */
function isReady(one: Turn, run: OrderRun): boolean {
  if (destinationReasons(one, run.order).length > 0) return false;
  if (!run.order.procedure.pelleted) return true;
  return pressesFor(one, run).some(
    (press) => !isBeingFilled(one, press) && isNearlyEmpty(one, press, run.eachKg),
  );
}

function isPlain({ order }: OrderRun): boolean {
  return order.kind === 'feed' && order.nature.drugClass === 'none';
}

/**
 * An order may go before one that was planned earlier only where no rule of carry-over hangs on
 * their sequence, and where it takes neither the press nor the bin of that one.
 */
function mayPass(run: OrderRun, earlier: OrderRun): boolean {
  const { presses, destination } = run.order;
  const shared = earlier.order.presses.some((press) => presses.includes(press));
  return isPlain(run) && isPlain(earlier) && !shared && destination !== earlier.order.destination;
}

function releasedOrders({ work }: Turn): OrderRun[] {
  return work.queue.filter((run) => run.autoStart);
}

/**
 * Why the order that is next does not begin though nothing else of the line is in its way: its
 * press still has work, and whatever of the other orders is ready first may go before it. Once it
 * had begun, none could. Empty when there is no such order: then its first batch is prepared.
 */
export function pressReasons(one: Turn, run: OrderRun): Reason[] {
  const later = releasedOrders(one).filter((other) => other !== run);
  if (isReady(one, run) || !later.some((other) => mayPass(other, run))) return [];
  return pressesFor(one, run).map(({ id: unit, bin }) => reason('unit.not-emptied', { bin, unit }));
}

/**
 * The order that begins next: the first of the queue that a person has released. While its press
 * or its bin is not ready, another one that is ready and may pass it goes first, so that the line
 * does not stand with work before it.
 */
export function nextOrder(one: Turn): OrderRun | undefined {
  const released = releasedOrders(one);
  const [first] = released;
  if (first === undefined || isReady(one, first)) return first;
  const other = released.find(
    (run, place) =>
      released.slice(0, place).every((earlier) => mayPass(run, earlier)) && isReady(one, run),
  );
  return other ?? first;
}
