import { setup } from 'xstate';
import type { Reason } from '../../model/reason.ts';
import { reason } from '../../model/reason.ts';
import { isOff } from '../../model/tag.ts';
import type { MachineOutput } from '../contract.ts';
import { downtime } from '../downtime.ts';
import type { Effect, MachineEvent } from '../kit.ts';
import {
  ACCEPTED,
  effects,
  isCommand,
  newContext,
  passed,
  refused,
  refuseUnknown,
  send,
  senderOf,
} from '../kit.ts';
import { NO_PACKING } from './bagger-packing.ts';
import {
  expiredReasons,
  hasFailed,
  isAtRest,
  isRefusedByRoute,
  isRunning,
  served,
  startRoute,
  waitsOn,
} from './bagger-route.ts';
import type { BaggerContext, BaggerInput } from './bagger-rules.ts';
import {
  baggerView,
  holdReasons,
  isEmptied,
  jobOf,
  startRefusals,
  suspendReasons,
  unholdRefusals,
  watch,
} from './bagger-rules.ts';

const { effect, enter } = effects<BaggerContext>(baggerView);

/** A bag that was begun is finished within this; a fault may leave one hanging, ms. */
const LAST_BAG_MS = 20_000;

type Step = Effect<BaggerContext>;

function takeJob(context: BaggerContext, event: MachineEvent): Step {
  const job = jobOf(context, event);
  const same = job?.orderId != null && job.orderId === context.job?.orderId;
  const packing = same ? context.packing : { ...context.packing, orderRejects: 0, orderMetal: 0 };
  return {
    set: { job, packing, ending: false, startsNext: true, orderBags: same ? context.orderBags : 0 },
    out: [ACCEPTED],
  };
}

function hold(context: BaggerContext, event: MachineEvent, reasons: readonly Reason[]): Step {
  const first = context.heldSinceUtcMs === null;
  return {
    set: { reasons, heldSinceUtcMs: context.heldSinceUtcMs ?? event.utcMs },
    out: first ? [downtime(context.id, event.utcMs, null, reasons)] : [],
  };
}

function endHold(context: BaggerContext, event: MachineEvent): Step {
  const since = context.heldSinceUtcMs;
  return {
    set: { reasons: [], heldSinceUtcMs: null },
    out: since === null ? [] : [downtime(context.id, since, event.utcMs, context.reasons)],
  };
}

const base = setup({
  types: {} as {
    context: BaggerContext;
    events: MachineEvent;
    emitted: MachineOutput;
    input: BaggerInput;
  },
  actions: {
    enter,
    watch: effect(watch),
    accept: effect(() => ({ out: [ACCEPTED] })),
    refuse: effect(refuseUnknown),
    refuseStart: effect((context, event) => ({ out: [refused(...startRefusals(context, event))] })),
    tellEmptied: effect(({ job }) => ({ out: job === null ? [] : [send(job.source, 'EMPTIED')] })),
    refuseUnhold: effect((context, event) => ({
      out: [refused(...unholdRefusals(context, event))],
    })),
    takeJob: effect(takeJob),
    startRoute: effect(startRoute),
    stopRoute: effect(({ made }, event) => ({
      set: { deadlineMs: event.nowMs + LAST_BAG_MS, routeWait: null },
      out: [send(made.route, 'STOP')],
    })),
    end: effect(() => ({ set: { ending: true } })),
    noteSuspension: effect((context, event) => ({
      set: { reasons: suspendReasons(context, event) },
    })),
    noteHold: effect((context, event) => hold(context, event, holdReasons(context, event))),
    noteHoldByUser: effect((context, event) =>
      hold(context, event, [reason('operator.hold', { user: senderOf(event)?.id ?? '?' })]),
    ),
    noteAbort: effect((context, event) =>
      hold(context, event, [reason('operator.abort', { user: senderOf(event)?.id ?? '?' })]),
    ),
    noteRestart: effect((context, event) => hold(context, event, [reason('restart.held')])),
    noteRefusal: effect((context, event) =>
      event.type === 'REFUSED' && !isCommand(event) ? hold(context, event, event.reasons) : {},
    ),
    served: effect(served),
    noteExpired: effect((context, event) => hold(context, event, expiredReasons(event))),
    endHold: effect(endHold),
    forgetRejects: effect(({ packing }) => ({ set: { packing: { ...packing, rejectsInRow: 0 } } })),
    settle: effect(() => ({ set: { deadlineMs: null, reasons: [], starvedSinceMs: null } })),
    rest: effect(() => ({ set: { deadlineMs: null, ending: false } })),
  },
  guards: {
    hasJob: ({ context, event }) => startRefusals(context, event).length === 0,
    startsNext: ({ context }) => context.startsNext,
    routeRuns: ({ context, event }) => isRunning(context, event),
    routeFailed: ({ context, event }) => hasFailed(context, event),
    routeRefused: ({ context, event }) => isRefusedByRoute(context, event),
    awaitsTurn: ({ context }) => context.routeWait === 'turn',
    waitsOn: ({ event }) => waitsOn(event),
    mustHold: ({ context, event }) => holdReasons(context, event).length > 0,
    mayUnhold: ({ context, event }) => unholdRefusals(context, event).length === 0,
    emptied: ({ context, event }) => isEmptied(context, event),
    mustSuspend: ({ context, event }) => suspendReasons(context, event).length > 0,
    // The last bag is closed and the route has cleared, or neither will happen any more.
    atRest: ({ context, event }) => {
      const cleared = isAtRest(event);
      const seen = event.nowMs > context.sinceMs;
      return (
        (seen && cleared && isOff(event.inputs['Filling'])) ||
        passed(context.deadlineMs, event.nowMs)
      );
    },
    later: ({ context, event }) => event.nowMs > context.sinceMs,
    isAtWork: ({ context }) =>
      !['Stopped', 'Idle', 'Complete', 'Aborted', 'Held'].includes(context.state),
  },
});

const begin = [
  { guard: 'hasJob', target: '#Resetting', actions: 'takeJob' },
  { actions: 'refuseStart' },
] as const;
const holdNow = { target: '#Holding', actions: ['noteHoldByUser', 'accept'] } as const;
const abort = { target: '#Aborting', actions: ['noteAbort', 'accept'] } as const;
/** Its turn at the route has come, or will not: then it asks again, unless the job may not go. */
const routeTold = {
  SERVED: { actions: 'served' },
  EXPIRED: [
    { guard: 'waitsOn', actions: ['accept', 'startRoute'] },
    { target: '#Holding', actions: ['accept', 'noteExpired'] },
  ],
} as const;
const askToEnd = { actions: ['end', 'accept'] } as const;
const whileBagging = {
  ...routeTold,
  REFUSED: [
    { guard: 'routeRefused', target: '#Holding', actions: 'noteRefusal' },
    { actions: 'watch' },
  ],
  START: { actions: 'accept' },
  STOP: askToEnd,
  COMPLETE: askToEnd,
  HOLD: holdNow,
  ABORT: abort,
} as const;
const mustHold = { guard: 'mustHold', target: '#Holding', actions: ['noteHold', 'watch'] } as const;
const emptied = {
  guard: 'emptied',
  target: '#Completing',
  actions: ['tellEmptied', 'watch'],
} as const;

/**
 * A bag filler by PackML (ISA-TR88.00.02): Suspended while its source is refilled, its outlet is
 * blocked or its route busy, Held for its own fault. It starts and stops its route, and writes each
 * bag down exactly once.
 * Commands: START {orderId, lot, source, bagKg, product?}, STOP and COMPLETE (bag until the source
 * is empty), HOLD, UNHOLD, ABORT, CLEAR, RESET.
 */
export const baggerMachine = base.createMachine({
  id: 'bagger',
  context: ({ input: made }) => ({
    ...newContext(made.id, 'Stopped'),
    state: 'Stopped',
    made,
    job: null,
    startsNext: false,
    ending: false,
    routeWait: null,
    routeAskedMs: 0,
    seen: null,
    orderBags: 0,
    packing: NO_PACKING,
    starvedSinceMs: null,
    deadlineMs: null,
    reasons: [],
    heldSinceUtcMs: null,
  }),
  initial: 'Stopped',
  on: {
    SCAN: { actions: 'watch' },
    RESTORED: [
      { guard: 'isAtWork', target: '#Held', actions: 'noteRestart' },
      { actions: 'watch' },
    ],
    REFUSED: { actions: 'watch' },
    ABORT: abort,
    '*': { actions: 'refuse' },
  },
  states: {
    Stopped: {
      id: 'Stopped',
      entry: [{ type: 'enter', params: { state: 'Stopped' } }, 'rest'],
      on: {
        START: [...begin],
        STOP: { actions: 'accept' },
        COMPLETE: { actions: 'accept' },
        RESET: { target: 'Resetting', actions: 'accept' },
      },
    },
    Resetting: {
      id: 'Resetting',
      entry: [{ type: 'enter', params: { state: 'Resetting' } }, 'settle'],
      on: {
        SCAN: [
          { guard: 'startsNext', target: 'Starting', actions: 'watch' },
          { target: 'Idle', actions: 'watch' },
        ],
      },
    },
    Idle: {
      entry: [{ type: 'enter', params: { state: 'Idle' } }, 'rest'],
      on: {
        START: [...begin],
        STOP: { target: 'Stopped', actions: 'accept' },
        COMPLETE: { actions: 'accept' },
        RESET: { actions: 'accept' },
      },
    },
    Starting: {
      entry: [{ type: 'enter', params: { state: 'Starting' } }, 'startRoute'],
      on: {
        ...routeTold,
        REFUSED: { target: 'Holding', actions: 'noteRefusal' },
        SCAN: [
          { guard: 'routeRuns', target: 'Execute', actions: 'watch' },
          // Blocked from outside: it is suspended from Execute on, as PackML has it.
          { guard: 'awaitsTurn', target: 'Execute', actions: 'watch' },
          { guard: 'routeFailed', target: 'Holding', actions: ['noteHold', 'watch'] },
          { actions: 'watch' },
        ],
        STOP: askToEnd,
        COMPLETE: askToEnd,
        HOLD: holdNow,
      },
    },
    Execute: {
      entry: [{ type: 'enter', params: { state: 'Execute' } }, 'settle'],
      on: {
        SCAN: [
          mustHold,
          emptied,
          { guard: 'mustSuspend', target: 'Suspending', actions: ['watch', 'noteSuspension'] },
          { actions: 'watch' },
        ],
        ...whileBagging,
      },
    },
    Suspending: {
      entry: { type: 'enter', params: { state: 'Suspending' } },
      on: { SCAN: [mustHold, { target: 'Suspended', actions: 'watch' }], ...whileBagging },
    },
    Suspended: {
      entry: { type: 'enter', params: { state: 'Suspended' } },
      on: {
        SCAN: [
          mustHold,
          emptied,
          { guard: 'mustSuspend', actions: ['watch', 'noteSuspension'] },
          { target: 'Unsuspending', actions: 'watch' },
        ],
        ...whileBagging,
      },
    },
    Unsuspending: {
      entry: { type: 'enter', params: { state: 'Unsuspending' } },
      on: { SCAN: [mustHold, { target: 'Execute', actions: 'watch' }], ...whileBagging },
    },
    Completing: {
      id: 'Completing',
      entry: [{ type: 'enter', params: { state: 'Completing' } }, 'stopRoute'],
      on: {
        SCAN: [{ guard: 'atRest', target: 'Complete', actions: 'watch' }, { actions: 'watch' }],
        STOP: { actions: 'accept' },
        COMPLETE: { actions: 'accept' },
        ABORT: abort,
      },
    },
    Complete: {
      entry: [{ type: 'enter', params: { state: 'Complete' } }, 'settle', 'rest'],
      on: {
        START: [...begin],
        STOP: { actions: 'accept' },
        COMPLETE: { actions: 'accept' },
        RESET: { target: 'Resetting', actions: 'accept' },
      },
    },
    Holding: {
      id: 'Holding',
      entry: [{ type: 'enter', params: { state: 'Holding' } }, 'stopRoute'],
      on: {
        SCAN: [{ guard: 'atRest', target: 'Held', actions: 'watch' }, { actions: 'watch' }],
        HOLD: { actions: 'accept' },
        ABORT: abort,
      },
    },
    Held: {
      id: 'Held',
      entry: { type: 'enter', params: { state: 'Held' } },
      on: {
        UNHOLD: [
          {
            guard: 'mayUnhold',
            target: 'Unholding',
            actions: ['endHold', 'forgetRejects', 'accept'],
          },
          { actions: 'refuseUnhold' },
        ],
        HOLD: { actions: 'accept' },
        STOP: { target: 'Stopping', actions: ['endHold', 'accept'] },
        COMPLETE: askToEnd,
        ABORT: abort,
      },
    },
    Unholding: {
      entry: [{ type: 'enter', params: { state: 'Unholding' } }, 'startRoute'],
      on: {
        ...routeTold,
        REFUSED: { target: 'Holding', actions: 'noteRefusal' },
        SCAN: [
          { guard: 'routeRuns', target: 'Execute', actions: 'watch' },
          // Blocked from outside: it is suspended from Execute on, as PackML has it.
          { guard: 'awaitsTurn', target: 'Execute', actions: 'watch' },
          { guard: 'routeFailed', target: 'Holding', actions: ['noteHold', 'watch'] },
          { actions: 'watch' },
        ],
        COMPLETE: askToEnd,
        HOLD: holdNow,
      },
    },
    Stopping: {
      entry: [{ type: 'enter', params: { state: 'Stopping' } }, 'stopRoute'],
      on: {
        SCAN: [{ guard: 'atRest', target: 'Stopped', actions: 'watch' }, { actions: 'watch' }],
      },
    },
    Aborting: {
      id: 'Aborting',
      entry: [{ type: 'enter', params: { state: 'Aborting' } }, 'stopRoute'],
      on: {
        SCAN: [{ guard: 'later', target: 'Aborted', actions: 'watch' }, { actions: 'watch' }],
        ABORT: { actions: 'accept' },
      },
    },
    Aborted: {
      entry: { type: 'enter', params: { state: 'Aborted' } },
      on: {
        CLEAR: { target: 'Clearing', actions: ['endHold', 'accept'] },
        ABORT: { actions: 'accept' },
      },
    },
    Clearing: {
      entry: { type: 'enter', params: { state: 'Clearing' } },
      on: { SCAN: [{ guard: 'later', target: 'Stopped', actions: 'watch' }, { actions: 'watch' }] },
    },
  },
});
