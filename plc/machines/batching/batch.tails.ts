import type { Reason } from '../../model/reason.ts';
import { reason } from '../../model/reason.ts';
import { senderOf, textArg } from '../kit.ts';
import type { OrderRun } from './batch.context.ts';
import {
  downstreamFaults,
  endDownstream,
  moveDownstream,
  resetRefills,
  resumeDownstream,
} from './batch.downstream.ts';
import { baggerState } from './batch.finish.ts';
import { owedDoses } from './batch.hand.ts';
import { end, refuseOrder, runTo } from './batch.orders.ts';
import type { Turn } from './batch.turn.ts';
import { accept, mixerPhase, tell } from './batch.turn.ts';

function hold(one: Turn, run: OrderRun, reasons: readonly Reason[]): void {
  if (run.state === 'Held') return;
  run.reasons = [...reasons];
  runTo(one, run, 'Held');
}

/** Orders behind the mixer go on by themselves; one that cannot is held, and no other with it. */
export function moveTails(one: Turn): void {
  resetRefills(one);
  for (const run of one.work.tails) {
    if (run.state === 'Held') continue;
    const faults = downstreamFaults(one, run);
    if (faults.length > 0) hold(one, run, faults);
    else if (moveDownstream(one, run)) end(one, run, run.stopRequested ? 'Stopped' : 'Complete');
  }
}

/** The controller was restarted: a person lets each of them go on. */
export function holdTails(one: Turn): void {
  for (const run of one.work.tails) hold(one, run, [reason('restart.held')]);
}

function holdTail(one: Turn, run: OrderRun): void {
  const { bagger, bagging } = run.flow;
  const bags = bagger?.state === 'granted' && bagging.step === 'on';
  if (bags && baggerState(one, bagger.unit) !== 'Held') tell(one, bagger.unit, 'HOLD');
  hold(one, run, [reason('operator.hold', { user: senderOf(one.event)?.id ?? one.id })]);
}

function isInMixer(one: Turn, run: OrderRun): boolean {
  return one.work.mixing?.orderId === run.order.orderId;
}

function resumeTail(one: Turn, run: OrderRun): void {
  run.reasons = [];
  resetRefills(one);
  resumeDownstream(one, run);
  if (isInMixer(one, run) && mixerPhase(one) === 'Held') tell(one, one.setup.mixerUnit, 'RESUME');
  runTo(one, run, run.stopRequested ? 'Stopping' : 'Running');
}

function abortTail(one: Turn, run: OrderRun): void {
  const user = senderOf(one.event)?.id ?? one.id;
  run.reasons = [reason('operator.abort', { user })];
  if (isInMixer(one, run)) {
    tell(one, one.setup.mixerUnit, 'ABORT', { user });
    const owed = owedDoses(one).filter(({ doseId }) => doseId.startsWith(`${run.order.orderId}/`));
    for (const { scale } of owed.filter(({ state }) => state !== 'done'))
      tell(one, scale, 'ABORT', { user });
  }
  endDownstream(one, run);
  end(one, run, 'Aborted');
}

/** HOLD, RESUME, STOP or ABORT of an order that is behind the mixer; of others it is refused. */
export function commandTail(one: Turn): void {
  const id = textArg(one.event, 'orderId');
  const run = one.work.tails.find(({ order }) => order.orderId === id);
  const command = one.event.type;
  // All of it is weighed: there is no batch before which it could pause.
  const fits =
    run !== undefined && command !== 'PAUSE' && (command === 'RESUME') === (run.state === 'Held');
  const always = command === 'ABORT' || command === 'STOP';
  if (run === undefined || !(fits || always)) {
    refuseOrder(one);
    return;
  }
  accept(one);
  if (command === 'HOLD') holdTail(one, run);
  else if (command === 'RESUME') resumeTail(one, run);
  else if (command === 'ABORT') abortTail(one, run);
}
