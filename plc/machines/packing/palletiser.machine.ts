import { setup } from 'xstate';
import type { Reason } from '../../model/reason.ts';
import { reason } from '../../model/reason.ts';
import { isOff } from '../../model/tag.ts';
import type { MachineOutput } from '../contract.ts';
import { downtime } from '../downtime.ts';
import type { Effect, MachineEvent } from '../kit.ts';
import { ACCEPTED, effects, newContext, passed, refused, refuseUnknown, senderOf } from '../kit.ts';
import type { PalletiserContext, PalletiserInput } from './palletiser-rules.ts';
import {
  baggerBegins,
  baggerIsDone,
  hear,
  holdReasons,
  isEmpty,
  palletiserView,
  suspendReasons,
  watch,
} from './palletiser-rules.ts';

const { effect, enter } = effects<PalletiserContext>(palletiserView);

/** What it has in its grippers is put down within this, ms. */
const LAST_BAG_MS = 15_000;
/** Bags on the belt arrive and the pallet leaves within this, or it is held, ms. */
const EMPTY_MS = 120_000;

type Step = Effect<PalletiserContext>;

function hold(context: PalletiserContext, event: MachineEvent, reasons: readonly Reason[]): Step {
  const first = context.heldSinceUtcMs === null;
  return {
    set: { reasons, heldSinceUtcMs: context.heldSinceUtcMs ?? event.utcMs, heldByRestart: false },
    out: first ? [downtime(context.id, event.utcMs, null, reasons)] : [],
  };
}

function endHold(context: PalletiserContext, event: MachineEvent): Step {
  const since = context.heldSinceUtcMs;
  return {
    set: { reasons: [], heldSinceUtcMs: null, heldByRestart: false },
    out: since === null ? [] : [downtime(context.id, since, event.utcMs, context.reasons)],
  };
}

function holdByRestart(context: PalletiserContext, event: MachineEvent): Step {
  const step = hold(context, event, [reason('restart.held')]);
  return { ...step, set: { ...step.set, heldByRestart: true } };
}

const by = (event: MachineEvent) => ({ user: senderOf(event)?.id ?? '?' });
const until = (ms: number) => (_context: PalletiserContext, event: MachineEvent) => ({
  set: { deadlineMs: event.nowMs + ms },
});

const base = setup({
  types: {} as {
    context: PalletiserContext;
    events: MachineEvent;
    emitted: MachineOutput;
    input: PalletiserInput;
  },
  actions: {
    enter,
    watch: effect(watch),
    hear: effect((context, event) => ('record' in event ? hear(context, event.record) : {})),
    accept: effect(() => ({ out: [ACCEPTED] })),
    refuse: effect(refuseUnknown),
    refuseStart: effect((context, event) => ({ out: [refused(...holdReasons(context, event))] })),
    startNext: effect(() => ({ set: { startsNext: true } })),
    settle: effect(() => ({
      set: {
        deadlineMs: null,
        reasons: [],
        starvedSinceMs: null,
        lastCame: false,
        startsNext: false,
        follows: false,
      },
    })),
    rest: effect(() => ({ set: { deadlineMs: null, reasons: [] } })),
    forget: effect(() => ({ set: { follows: false } })),
    waitLastBag: effect(until(LAST_BAG_MS)),
    waitEmpty: effect(until(EMPTY_MS)),
    noteSuspension: effect((context, event) => ({
      set: { reasons: suspendReasons(context, event) },
    })),
    noteHold: effect((context, event) => hold(context, event, holdReasons(context, event))),
    noteNotEmptied: effect((context, event) =>
      hold(context, event, [reason('palletiser.not-emptied', { device: context.id })]),
    ),
    noteHoldByUser: effect((context, event) =>
      hold(context, event, [reason('operator.hold', by(event))]),
    ),
    noteAbort: effect((context, event) =>
      hold(context, event, [reason('operator.abort', by(event))]),
    ),
    noteRestart: effect(holdByRestart),
    endHold: effect(endHold),
  },
  guards: {
    maySet: ({ context, event }) => holdReasons(context, event).length === 0,
    mustHold: ({ context, event }) => holdReasons(context, event).length > 0,
    mustSuspend: ({ context, event }) => suspendReasons(context, event).length > 0,
    startsNext: ({ context }) => context.startsNext,
    begins: ({ context, event }) =>
      baggerBegins(context, event) && holdReasons(context, event).length === 0,
    goesOn: ({ context, event }) =>
      context.heldByRestart &&
      baggerBegins(context, event) &&
      holdReasons(context, event).length === 0,
    isDone: ({ event }) => baggerIsDone(event),
    emptied: ({ context, event }) => isEmpty(context, event),
    late: ({ context, event }) => passed(context.deadlineMs, event.nowMs),
    atRest: ({ context, event }) =>
      event.nowMs > context.sinceMs &&
      (isOff(event.inputs['Stacking']) || passed(context.deadlineMs, event.nowMs)),
    later: ({ context, event }) => event.nowMs > context.sinceMs,
    isAtWork: ({ context }) =>
      !['Stopped', 'Idle', 'Complete', 'Aborted', 'Held'].includes(context.state),
  },
});

const begin = [
  { guard: 'maySet', target: '#Resetting', actions: ['startNext', 'accept'] },
  { actions: 'refuseStart' },
] as const;
const follow = { guard: 'begins', target: '#Resetting', actions: ['startNext', 'watch'] } as const;
const look = { actions: 'watch' } as const;
const mustHold = { guard: 'mustHold', target: '#Holding', actions: ['noteHold', 'watch'] } as const;
const isDone = { guard: 'isDone', target: '#Completing', actions: 'watch' } as const;
const whileStacking = {
  START: { actions: 'accept' },
  COMPLETE: { target: '#Completing', actions: 'accept' },
  STOP: { target: '#Stopping', actions: 'accept' },
  HOLD: { target: '#Holding', actions: ['noteHoldByUser', 'accept'] },
} as const;
const state = (name: PalletiserContext['state']) =>
  ({ type: 'enter', params: { state: name } }) as const;

/**
 * A palletiser by PackML (ISA-TR88.00.02): it follows its bagger, is Suspended while bags or empty
 * pallets are missing or a full one is not taken away, Held for its own fault. Each pallet is
 * written down once with the bags that are on it; the rest of an order leaves as a pallet of its
 * own. Commands: START, COMPLETE, STOP, HOLD, UNHOLD, ABORT, CLEAR, RESET.
 */
export const palletiserMachine = base.createMachine({
  id: 'palletiser',
  context: ({ input: made }) => ({
    ...newContext(made.id, 'Idle'),
    state: 'Idle',
    made,
    startsNext: false,
    baggerWorked: false,
    follows: false,
    heldByRestart: false,
    waiting: [],
    pallets: null,
    due: [],
    dueAtMs: null,
    orderId: null,
    orderPallets: 0,
    starvedSinceMs: null,
    noPalletSinceMs: null,
    lastCame: false,
    bagsSeen: null,
    deadlineMs: null,
    reasons: [],
    heldSinceUtcMs: null,
  }),
  initial: 'Idle',
  on: {
    SCAN: look,
    HEARD: { actions: 'hear' },
    RESTORED: [
      { guard: 'isAtWork', target: '#Held', actions: ['noteRestart', 'watch', 'forget'] },
      { actions: ['watch', 'forget'] },
    ],
    REFUSED: look,
    ABORT: { target: '#Aborting', actions: ['noteAbort', 'accept'] },
    '*': { actions: 'refuse' },
  },
  states: {
    Stopped: {
      id: 'Stopped',
      entry: [state('Stopped'), 'rest', 'forget'],
      on: {
        START: [...begin],
        STOP: { actions: 'accept' },
        RESET: { target: 'Resetting', actions: 'accept' },
      },
    },
    Resetting: {
      id: 'Resetting',
      entry: state('Resetting'),
      on: {
        SCAN: [
          { guard: 'startsNext', target: 'Starting', actions: 'watch' },
          { target: 'Idle', actions: 'watch' },
        ],
        STOP: { target: 'Stopping', actions: 'accept' },
      },
    },
    Idle: {
      entry: [state('Idle'), 'rest'],
      on: {
        SCAN: [follow, look],
        START: [...begin],
        STOP: { target: 'Stopped', actions: 'accept' },
        RESET: { actions: 'accept' },
      },
    },
    Starting: {
      entry: [state('Starting'), 'settle'],
      on: { SCAN: [mustHold, { target: 'Execute', actions: 'watch' }], ...whileStacking },
    },
    Execute: {
      id: 'Execute',
      entry: [state('Execute'), 'settle'],
      on: {
        SCAN: [
          mustHold,
          isDone,
          { guard: 'mustSuspend', target: 'Suspending', actions: ['watch', 'noteSuspension'] },
          look,
        ],
        ...whileStacking,
      },
    },
    Suspending: {
      entry: state('Suspending'),
      on: { SCAN: [mustHold, { target: 'Suspended', actions: 'watch' }], ...whileStacking },
    },
    Suspended: {
      entry: state('Suspended'),
      on: {
        SCAN: [
          mustHold,
          isDone,
          { guard: 'mustSuspend', actions: ['watch', 'noteSuspension'] },
          { target: 'Unsuspending', actions: 'watch' },
        ],
        ...whileStacking,
      },
    },
    Unsuspending: {
      entry: state('Unsuspending'),
      on: { SCAN: [mustHold, { target: 'Execute', actions: 'watch' }], ...whileStacking },
    },
    Completing: {
      id: 'Completing',
      entry: [state('Completing'), 'settle', 'waitEmpty'],
      on: {
        SCAN: [
          mustHold,
          { guard: 'emptied', target: 'Complete', actions: 'watch' },
          // Its bagger goes on after all: so does this pallet.
          { guard: 'begins', target: 'Complete', actions: 'watch' },
          { guard: 'late', target: 'Holding', actions: ['noteNotEmptied', 'watch'] },
          look,
        ],
        ...whileStacking,
        COMPLETE: { actions: 'accept' },
      },
    },
    Complete: {
      entry: [state('Complete'), 'rest'],
      on: {
        SCAN: [follow, look],
        START: [...begin],
        STOP: { target: 'Stopped', actions: 'accept' },
        COMPLETE: { actions: 'accept' },
        RESET: { target: 'Resetting', actions: 'accept' },
      },
    },
    Holding: {
      id: 'Holding',
      entry: [state('Holding'), 'waitLastBag'],
      on: {
        SCAN: [{ guard: 'atRest', target: 'Held', actions: 'watch' }, look],
        HOLD: { actions: 'accept' },
      },
    },
    Held: {
      id: 'Held',
      entry: state('Held'),
      on: {
        SCAN: [{ guard: 'goesOn', target: 'Unholding', actions: ['endHold', 'watch'] }, look],
        UNHOLD: [
          { guard: 'maySet', target: 'Unholding', actions: ['endHold', 'accept'] },
          { actions: 'refuseStart' },
        ],
        HOLD: { actions: 'accept' },
        STOP: { target: 'Stopping', actions: ['endHold', 'accept'] },
      },
    },
    Unholding: {
      entry: state('Unholding'),
      on: { SCAN: [mustHold, { target: 'Execute', actions: 'watch' }], ...whileStacking },
    },
    Stopping: {
      id: 'Stopping',
      entry: [state('Stopping'), 'waitLastBag'],
      on: { SCAN: [{ guard: 'atRest', target: 'Stopped', actions: 'watch' }, look] },
    },
    Aborting: {
      id: 'Aborting',
      entry: state('Aborting'),
      on: {
        SCAN: [{ guard: 'later', target: 'Aborted', actions: 'watch' }, look],
        ABORT: { actions: 'accept' },
      },
    },
    Aborted: {
      entry: [state('Aborted')],
      on: {
        CLEAR: { target: 'Clearing', actions: ['endHold', 'accept'] },
        ABORT: { actions: 'accept' },
      },
    },
    Clearing: {
      entry: state('Clearing'),
      on: { SCAN: [{ guard: 'later', target: 'Stopped', actions: 'watch' }, look] },
    },
  },
});
