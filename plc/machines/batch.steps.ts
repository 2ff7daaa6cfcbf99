import type { ProcedureState } from '../model/isa88.ts';
import type { Reason } from '../model/reason.ts';
import { reason } from '../model/reason.ts';
import type { LineContext } from './batch.context.ts';
import {
  downstreamFaults,
  endDownstream,
  moveDownstream,
  resumeDownstream,
} from './batch.downstream.ts';
import { askAgain, followDecisions, heldUnits, makeBatches } from './batch.making.ts';
import { end, goTo, holdQueue, standStill, startReasons } from './batch.orders.ts';
import { endDowntime, recordBatches } from './batch.records.ts';
import type { Turn } from './batch.turn.ts';
import { accept, mixerPhase, scaleState, tell, turn, wakeAt } from './batch.turn.ts';
import type { MachineEvent } from './kit.ts';
import { passed, senderOf, textArg } from './kit.ts';

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
  const scales = one.setup.scales.every(({ id }) => scaleState(one, id) !== 'Held');
  return scales && mixerPhase(one) !== 'Held';
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
  stopRequested: ({ context }: Given) => context.work.stopRequested,
};

function tooLong({ context, event }: Given): boolean {
  return passed(context.sinceMs + QUIET_MS, event.nowMs);
}

function tellUnits(one: Turn, command: string, args: Record<string, unknown> = {}): void {
  for (const { id } of one.setup.scales) tell(one, id, command, args);
  tell(one, one.setup.mixerUnit, command, args);
}

/** One scan of work: batches, product behind the mixer, and whether all is done. */
export const work = turn((one) => {
  followDecisions(one);
  heldUnits(one);
  downstreamFaults(one);
  if (one.work.reasons.length > 0) return;
  makeBatches(one);
  const arrived = moveDownstream(one);
  const { active, dosing, mixing, stopRequested } = one.work;
  if (!arrived || active === null || dosing !== null || mixing !== null) return;
  if (stopRequested) end(one, 'Stopped');
  else if (active.batchesDone >= active.batchesPlanned) end(one, 'Complete');
});

/** While it is held, product behind the mixer still runs out. */
export const runOut = turn((one) => {
  if (one.work.active !== null) moveDownstream(one);
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
  tellUnits(one, 'HOLD');
  goTo(one, 'Holding');
  standStill(one);
  wakeAt(one, one.event.nowMs + QUIET_MS);
});

/** The controller was restarted: what runs is held, what waits is released by a person again. */
export const restored = turn((one) => {
  holdQueue(one);
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
    if (scaleState(one, id) === 'Held') tell(one, id, 'RESUME');
  }
  if (mixerPhase(one) === 'Held') tell(one, one.setup.mixerUnit, 'RESUME');
  resumeDownstream(one);
  goTo(one, 'Restarting');
  wakeAt(one, one.event.nowMs + QUIET_MS);
});

/** Units are starting up again; woken when one of them changes, or when it takes too long. */
export const watch = turn((one) => {
  wakeAt(one, one.event.nowMs + QUIET_MS);
});

export const running = turn((one) => {
  const state: ProcedureState = one.work.stopRequested ? 'Stopping' : 'Running';
  endDowntime(one);
  recordBatches(one, 'Running');
  goTo(one, state);
});

/** STOP: the batches under way are finished, no other is begun. */
export const stop = turn((one) => {
  accept(one);
  one.work.stopRequested = true;
  if (one.state === 'Running') goTo(one, 'Stopping');
});

/** ABORT: everything stops now; what lies on scales and in the mixer stays there for a person. */
export const abort = turn((one) => {
  accept(one);
  const user = senderOf(one.event)?.id ?? one.id;
  one.work.reasons = [reason('operator.abort', { user })];
  tellUnits(one, 'ABORT', { user });
  endDownstream(one);
  goTo(one, 'Aborting');
  wakeAt(one, one.event.nowMs + QUIET_MS);
});

export const aborted = turn((one) => {
  end(one, 'Aborted');
});
