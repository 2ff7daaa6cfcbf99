import type { ProcedureState } from '../../model/isa88.ts';
import type { Reason } from '../../model/reason.ts';
import { reason } from '../../model/reason.ts';
import type { MachineEvent } from '../kit.ts';
import { passed, senderOf, textArg } from '../kit.ts';
import type { LineContext } from './batch.context.ts';
import { isHeldOnPurpose, moveControls } from './batch.control.ts';
import { followDecisions } from './batch.decisions.ts';
import {
  downstreamFaults,
  endDownstream,
  moveDownstream,
  resetRefills,
  resumeDownstream,
} from './batch.downstream.ts';
import { isForOther, moveHandAdds } from './batch.hand.ts';
import { askAgain, askLater, heldUnits, makeBatches } from './batch.making.ts';
import {
  end,
  follow,
  goTo,
  holdQueue,
  mayFollow,
  showWaiting,
  standStill,
  startReasons,
  unrelease,
} from './batch.orders.ts';
import { endDowntime, recordBatches } from './batch.records.ts';
import { holdTails, moveTails } from './batch.tails.ts';
import { mixedAll, weighedAll } from './batch.transfer.ts';
import type { Turn } from './batch.turn.ts';
import { accept, mixerPhase, note, scaleState, tell, turn, wakeAt } from './batch.turn.ts';

/**
 * Units must be quiet, or running again, within this, ms: a drive's horn and run-up, a gate's
 * travel.
 */
const QUIET_MS = 60_000;

interface Given {
  readonly context: LineContext;
  readonly event: MachineEvent;
}

/** Looks at a context as a turn would, without changing it. */
function seen({ context, event }: Given): Turn {
  const { id, state, setup, work } = context;
  return { id, state, setup, event, work, out: [] };
}

const QUIET = ['Empty', 'Full', 'Held', 'Faulted'];

function isQuiet(one: Turn): boolean {
  const scales = one.setup.scales.every(({ id }) => QUIET.includes(scaleState(one, id) ?? 'Held'));
  return scales && ['Empty', 'Held'].includes(mixerPhase(one) ?? 'Held');
}

function nothingHeld(one: Turn): boolean {
  const isHeld = (unit: string, state: string | null) =>
    state === 'Held' && !isHeldOnPurpose(one, unit);
  const scales = one.setup.scales.every(({ id }) => !isHeld(id, scaleState(one, id)));
  return scales && !isHeld(one.setup.mixer, mixerPhase(one));
}

/** Conditions of the line's drawing, by name. All are total. */
export const lineGuards = {
  canStart: (given: Given) => startReasons(seen(given))?.length === 0,
  isActive: ({ context, event }: Given) =>
    context.work.active !== null && context.work.active.order.orderId === textArg(event, 'orderId'),
  hasReasons: ({ context }: Given) => context.work.reasons.length > 0,
  finished: ({ context }: Given) => context.work.active === null,
  quiet: (given: Given) => isQuiet(seen(given)) || tooLong(given),
  allGoing: (given: Given) => nothingHeld(seen(given)),
  tooLong: (given: Given) => tooLong(given),
  stopRequested: ({ context }: Given) => context.work.active?.stopRequested === true,
  goesOn: ({ context }: Given) => context.work.active?.stopRequested === false,
  /** The stopping point of an order: no batch of it is on scales or in the mixer. */
  isPaused: ({ context: { work } }: Given) =>
    work.dosing === null && work.mixing?.orderId !== work.active?.order.orderId,
  isLastOver: ({ context, event }: Given) =>
    context.work.recent[0]?.order.orderId === textArg(event, 'orderId'),
  mayFollow: (given: Given) => given.context.work.mixing === null && mayFollow(seen(given)),
};

function tooLong({ context, event }: Given): boolean {
  return passed(context.sinceMs + QUIET_MS, event.nowMs);
}

function tellScales(one: Turn, command: string): void {
  for (const { id } of one.setup.scales) tell(one, id, command);
}

/** One scan of work: batches, product behind the mixer, the next order, and whether all is done. */
export const work = turn((one) => {
  const { active } = one.work;
  moveTails(one);
  moveHandAdds(one);
  moveControls(one);
  if (active === null) return;
  followDecisions(one);
  heldUnits(one);
  note(one.work.reasons, ...downstreamFaults(one, active));
  if (one.work.reasons.length > 0) return;
  makeBatches(one);
  const arrived = moveDownstream(one, active);
  if (arrived && mixedAll(one, active)) {
    end(one, active, active.stopRequested ? 'Stopped' : 'Complete');
  } else if (mayFollow(one)) {
    follow(one);
  } else if (weighedAll(one, active)) {
    showWaiting(one);
  }
});

/** While it is held, product behind the mixer still runs out. */
export const runOut = turn((one) => {
  moveTails(one);
  moveControls(one);
  if (one.work.active !== null) moveDownstream(one, one.work.active);
});

/** The line is free: product behind the mixer goes on, and sacks of the last batch. */
export const rest = turn((one) => {
  moveTails(one);
  moveHandAdds(one);
  moveControls(one);
  followDecisions(one);
  askLater(one);
  showWaiting(one);
});

/** A held order that is all weighed leaves the scales to the next one that a person releases. */
export const followHeld = turn((one) => {
  moveTails(one);
  follow(one);
});

function heldBy(one: Turn): Reason[] {
  if (one.event.type === 'RESTORED') return [reason('restart.held')];
  const by = senderOf(one.event);
  const user = by?.kind === 'person' ? by.id : null;
  return user === null ? one.work.reasons : [reason('operator.hold', { user })];
}

/** HOLD, or something that went wrong: dosing and mixing stop where they are. */
export const startHold = turn((one) => {
  one.work.reasons = heldBy(one);
  if (one.event.type === 'HOLD') accept(one);
  tellScales(one, 'HOLD');
  tell(one, one.setup.mixerUnit, 'HOLD');
  goTo(one, 'Holding');
  standStill(one);
  wakeAt(one, one.event.nowMs + QUIET_MS);
});

/** The controller was restarted: what runs is held, what waits is released by a person again. */
export const restored = turn((one) => {
  holdQueue(one);
  holdTails(one);
  if (one.work.active === null) return;
  if (one.work.reasons.length === 0) one.work.reasons = heldBy(one);
  if (one.work.active.state !== 'Held') {
    recordBatches(one, 'Held');
    goTo(one, 'Held');
  }
  standStill(one);
});

export const nowHeld = turn((one) => {
  recordBatches(one, 'Held');
  goTo(one, 'Held');
});

/** RESUME (ISA-88 Restart): every unit goes on with what it has. */
export const restart = turn((one) => {
  accept(one);
  one.work.reasons = [];
  one.work.waitsFor = [];
  askAgain(one);
  for (const { id } of one.setup.scales) {
    if (scaleState(one, id) === 'Held' && !isHeldOnPurpose(one, id)) tell(one, id, 'RESUME');
  }
  const isHeld = mixerPhase(one) === 'Held' && !isHeldOnPurpose(one, one.setup.mixer);
  if (isHeld) tell(one, one.setup.mixerUnit, 'RESUME');
  resetRefills(one);
  if (one.work.active !== null) resumeDownstream(one, one.work.active);
  goTo(one, 'Restarting');
  wakeAt(one, one.event.nowMs + QUIET_MS);
});

/** Units are starting up again; woken when one of them changes, or when it takes too long. */
export const watch = turn((one) => {
  moveTails(one);
  wakeAt(one, one.event.nowMs + QUIET_MS);
});

export const running = turn((one) => {
  const state: ProcedureState = one.work.active?.stopRequested ? 'Stopping' : 'Running';
  endDowntime(one);
  recordBatches(one, 'Running');
  goTo(one, state);
});

/** PAUSE: no further batch is begun; the order is Paused when those under way are out. */
export const pause = turn((one) => {
  accept(one);
  goTo(one, 'Pausing');
});

export const nowPaused = turn((one) => goTo(one, 'Paused'));

/** RESUME of a paused order: its next batch begins. */
export const goOn = turn((one) => {
  accept(one);
  goTo(one, 'Running');
});

/** STOP: the batches under way are finished, no other is begun. */
export const stop = turn((one) => {
  accept(one);
  if (one.work.active !== null) one.work.active.stopRequested = true;
  if (['Running', 'Pausing', 'Paused'].includes(one.state)) goTo(one, 'Stopping');
});

/** ABORT: everything stops now; what lies on scales and in the mixer stays there for a person. */
export const abort = turn((one) => {
  accept(one);
  const user = senderOf(one.event)?.id ?? one.id;
  one.work.reasons = [reason('operator.abort', { user })];
  const { active, mixing } = one.work;
  for (const { id } of one.setup.scales) {
    const { orderId = '' } = active?.order ?? {};
    if (!isForOther(one, id, orderId)) tell(one, id, 'ABORT', { user });
  }
  // The mixer may still hold a batch of the order before: that one goes on.
  const others = mixing !== null && mixing.orderId !== active?.order.orderId;
  if (!others) tell(one, one.setup.mixerUnit, 'ABORT', { user });
  if (active !== null) endDownstream(one, active);
  goTo(one, 'Aborting');
  wakeAt(one, one.event.nowMs + QUIET_MS);
});

export const aborted = turn((one) => {
  moveTails(one);
  unrelease(one, reason('order.after-abort', { order: one.work.active?.order.orderId ?? '' }));
  if (one.work.active !== null) end(one, one.work.active, 'Aborted');
});
