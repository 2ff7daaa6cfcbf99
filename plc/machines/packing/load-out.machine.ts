import { setup } from 'xstate';
import type { Reason } from '../../model/reason.ts';
import { reason } from '../../model/reason.ts';
import type { RouteProduct } from '../../model/route-product.ts';
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
import type { LoadOutContext, LoadOutInput } from './load-out-rules.ts';
import {
  dripLotOf,
  hasMoved,
  isBinEmpty,
  isLoaded,
  isTimeToClose,
  learntTails,
  loadHoldReasons,
  loadJob,
  loadOutView,
  loadRecords,
  loadRefusals,
  loadRoute,
  nextPulseMs,
  rememberedLoads,
  weighed,
} from './load-out-rules.ts';

const { effect, enter } = effects<LoadOutContext>(loadOutView);

type Step = Effect<LoadOutContext>;

/** The weight is read so long after the way has run empty, ms. */
const SETTLE_MS = 5_000;
/** The driver is shown so long that his compartment is done, ms. */
const MOVE_ON_MS = 60_000;
/** It looks so often whether product still comes, ms. */
const LOOK_MS = 10_000;

/** What a finished bin of this spout holds now. */
function follow(context: LoadOutContext, event: MachineEvent): Step {
  if (event.type !== 'TOLD' || isCommand(event) || event.document.kind !== 'bin') return {};
  const { bin, content } = event.document;
  if (context.made.routes[bin] === undefined) return {};
  const { [bin]: _before, ...others } = context.contents;
  return { set: { contents: content === null ? others : { ...others, [bin]: content } } };
}

function take(context: LoadOutContext, event: MachineEvent): Step {
  const begun = { netKg: 0, closedKg: null, pulseMs: null, pulses: 0, ending: false };
  const job = loadJob(context, event);
  return { set: { ...begun, job, roseMs: event.nowMs }, out: [ACCEPTED] };
}

function startRoute({ id, job }: LoadOutContext): Step {
  if (job === null) return {};
  const { bin, route, content, targetKg } = job;
  const { orderId, lot, nature } = content;
  const product: RouteProduct | null =
    orderId === null || lot === null || nature === null
      ? null
      : { orderId, lot, nature, kind: 'feed', kg: targetKg };
  const way = { source: bin, destination: id, ...(product === null ? {} : { product }) };
  return { set: { deadlineMs: null }, out: [send(route, 'START', way)] };
}

function stopRoute({ job }: LoadOutContext): MachineOutput[] {
  return job === null ? [] : [send(job.route, 'STOP')];
}

function hold(context: LoadOutContext, event: MachineEvent, reasons: readonly Reason[]): Step {
  return {
    set: { reasons, heldSinceUtcMs: event.utcMs, deadlineMs: null },
    out: [...stopRoute(context), downtime(context.id, event.utcMs, null, reasons)],
  };
}

function endHold(context: LoadOutContext, event: MachineEvent): Step {
  const since = context.heldSinceUtcMs;
  return {
    set: { reasons: [], heldSinceUtcMs: null, roseMs: event.nowMs },
    out: since === null ? [] : [downtime(context.id, since, event.utcMs, context.reasons)],
  };
}

/** Counts down from when the way has run empty until the weight is read. */
function clear(context: LoadOutContext, event: MachineEvent): Step {
  const isEmpty = event.nowMs > context.sinceMs && loadRoute(context, event) === 'Idle';
  const deadlineMs = isEmpty ? (context.deadlineMs ?? event.nowMs + SETTLE_MS) : null;
  return { set: { ...weighed(context, event), deadlineMs } };
}

const failure = (context: LoadOutContext, event: MachineEvent): Reason[] => {
  const own = loadHoldReasons(context, event);
  const { id, job } = context;
  return own.length > 0 || job === null
    ? own
    : [reason('route.device-stopped', { device: id, route: job.route })];
};

const base = setup({
  types: {} as {
    context: LoadOutContext;
    events: MachineEvent;
    emitted: MachineOutput;
    input: LoadOutInput;
  },
  actions: {
    enter,
    follow: effect(follow),
    look: effect((context, event) => ({ set: { dripLot: dripLotOf(context, event) } })),
    accept: effect(() => ({ out: [ACCEPTED] })),
    refuse: effect(refuseUnknown),
    refuseStart: effect((context, event) => ({ out: [refused(...loadRefusals(context, event))] })),
    refuseResume: effect((context, event) => ({
      out: [refused(...loadHoldReasons(context, event))],
    })),
    take: effect(take),
    startRoute: effect(startRoute),
    stopRoute: effect((context) => ({ set: { deadlineMs: null }, out: stopRoute(context) })),
    flow: effect((context, event) => ({
      set: { ...weighed(context, event), deadlineMs: event.nowMs + LOOK_MS },
    })),
    noteClosed: effect((context, event) => {
      const now = weighed(context, event);
      return { set: { ...now, closedKg: now.netKg ?? context.netKg } };
    }),
    beginPulse: effect(({ pulseMs, pulses }, event) => ({
      set: { deadlineMs: event.nowMs + (pulseMs ?? 0), pulses: pulses + 1 },
    })),
    weigh: effect((context, event) => ({ set: weighed(context, event) })),
    clear: effect(clear),
    learn: effect((context) => ({
      set: {
        tailsKg: learntTails(context),
        closedKg: null,
        pulseMs: nextPulseMs(context),
        deadlineMs: null,
      },
    })),
    end: effect(() => ({ set: { ending: true } })),
    writeDown: effect((context, event) => ({
      set: {
        deadlineMs: event.nowMs + MOVE_ON_MS,
        lastLoads: rememberedLoads(context),
        dripLot: context.job?.content.lot ?? null,
      },
      out: loadRecords(context, event),
    })),
    rest: effect(() => ({ set: { job: null, netKg: 0, deadlineMs: null, reasons: [] } })),
    noteHold: effect((context, event) => hold(context, event, failure(context, event))),
    noteHoldByUser: effect((context, event) =>
      hold(context, event, [reason('operator.hold', { user: senderOf(event)?.id ?? '?' })]),
    ),
    noteRestart: effect((context, event) => hold(context, event, [reason('restart.held')])),
    noteRefusal: effect((context, event) =>
      event.type === 'REFUSED' && !isCommand(event) ? hold(context, event, event.reasons) : {},
    ),
    endHold: effect(endHold),
  },
  guards: {
    mayStart: ({ context, event }) => loadRefusals(context, event).length === 0,
    mayResume: ({ context, event }) => loadHoldReasons(context, event).length === 0,
    mustHold: ({ context, event }) => loadHoldReasons(context, event).length > 0,
    routeRuns: ({ context, event }) => loadRoute(context, event) === 'Running',
    routeFailed: ({ context, event }) =>
      event.nowMs > context.sinceMs &&
      ['Tripped', 'Idle'].includes(loadRoute(context, event) ?? 'Tripped'),
    tripped: ({ context, event }) => (loadRoute(context, event) ?? 'Tripped') === 'Tripped',
    isFine: ({ context }) => context.pulseMs !== null,
    timeToClose: ({ context, event }) => isTimeToClose(context, event),
    due: ({ context, event }) => passed(context.deadlineMs, event.nowMs),
    // It became full, and moved on by itself, while the last of it still came.
    movedOnFull: ({ context, event }) => isLoaded(context) && hasMoved(context, event),
    // Not what gives nothing for a while: product may hang in a bin that is not empty.
    ranEmpty: ({ context }) => context.job?.untilEmpty === true && isBinEmpty(context),
    lacks: ({ context }) => nextPulseMs(context) !== null,
    isStarted: ({ context }) => context.netKg > 0,
    isBusy: ({ context }) => !['Idle', 'Done', 'Held'].includes(context.state),
    moved: ({ context, event }) =>
      hasMoved(context, event) || passed(context.deadlineMs, event.nowMs),
  },
});

const mustHold = { guard: 'mustHold', target: '#Held', actions: ['weigh', 'noteHold'] } as const;
const failed = { guard: 'routeFailed', target: '#Held', actions: 'noteHold' } as const;
const movedOn = { guard: 'movedOnFull', target: '#Done', actions: 'stopRoute' } as const;
const rest = { guard: 'ranEmpty', target: '#Clearing', actions: ['weigh', 'end'] } as const;
const whileLoading = {
  STOP: { target: '#Clearing', actions: ['end', 'accept'] },
  HOLD: { target: '#Held', actions: ['noteHoldByUser', 'accept'] },
  REFUSED: { target: '#Held', actions: 'noteRefusal' },
} as const;

/**
 * A spout over bulk trucks (DOMAIN 4): one compartment after the other, each from a released
 * finished bin after the last-load check. Coarse until what is on its way fills it, then weighed,
 * then short fine openings for what lacks; the load is written down once. What stops amid it is
 * Held.
 * Commands: START {bin, lot, truck, compartmentKg, untilEmpty, last, cleaned, certificate}, STOP
 * (close with what it has), HOLD, RESUME.
 */
export const loadOutMachine = base.createMachine({
  id: 'load-out',
  context: ({ input: made }) => ({
    ...newContext(made.id, 'Idle'),
    state: 'Idle',
    made,
    contents: {},
    job: null,
    lastLoads: {},
    dripLot: null,
    netKg: 0,
    roseMs: 0,
    closedKg: null,
    tailsKg: {},
    pulseMs: null,
    pulses: 0,
    ending: false,
    deadlineMs: null,
    reasons: [],
    heldSinceUtcMs: null,
  }),
  initial: 'Idle',
  on: {
    SCAN: { actions: 'look' },
    RESTORED: [{ guard: 'isBusy', target: '#Held', actions: 'noteRestart' }, { actions: 'look' }],
    REFUSED: { actions: 'look' },
    TOLD: { actions: 'follow' },
    '*': { actions: 'refuse' },
  },
  states: {
    Idle: {
      id: 'Idle',
      entry: [{ type: 'enter', params: { state: 'Idle' } }, 'rest'],
      on: {
        START: [
          { guard: 'mayStart', target: 'Starting', actions: 'take' },
          { actions: 'refuseStart' },
        ],
        STOP: { actions: 'accept' },
      },
    },
    Starting: {
      entry: [{ type: 'enter', params: { state: 'Starting' } }, 'startRoute'],
      on: {
        SCAN: [
          rest,
          mustHold,
          failed,
          { guard: 'routeRuns', target: 'Running', actions: 'weigh' },
          { actions: 'weigh' },
        ],
        ...whileLoading,
      },
    },
    Running: {
      always: [{ guard: 'isFine', target: 'Fine' }, { target: 'Coarse' }],
    },
    Coarse: {
      entry: [{ type: 'enter', params: { state: 'Coarse' } }, 'flow'],
      on: {
        SCAN: [
          movedOn,
          rest,
          mustHold,
          failed,
          { guard: 'timeToClose', target: 'Clearing', actions: 'noteClosed' },
          { actions: 'flow' },
        ],
        ...whileLoading,
      },
    },
    Fine: {
      entry: [{ type: 'enter', params: { state: 'Fine' } }, 'beginPulse'],
      on: {
        SCAN: [
          movedOn,
          rest,
          mustHold,
          failed,
          { guard: 'due', target: 'Clearing', actions: 'weigh' },
          { actions: 'weigh' },
        ],
        ...whileLoading,
      },
    },
    Clearing: {
      id: 'Clearing',
      entry: [{ type: 'enter', params: { state: 'Clearing' } }, 'stopRoute'],
      on: {
        SCAN: [
          movedOn,
          mustHold,
          { guard: 'tripped', target: 'Held', actions: 'noteHold' },
          { guard: 'due', target: 'Weighed', actions: ['clear', 'learn'] },
          { actions: 'clear' },
        ],
        STOP: { actions: ['end', 'accept'] },
        HOLD: whileLoading.HOLD,
      },
    },
    Weighed: {
      always: [
        { guard: 'lacks', target: 'Starting' },
        { guard: 'isStarted', target: 'Done' },
        { target: 'Idle' },
      ],
    },
    Done: {
      id: 'Done',
      entry: [{ type: 'enter', params: { state: 'Done' } }, 'writeDown'],
      on: {
        SCAN: [{ guard: 'moved', target: 'Idle' }, { actions: 'look' }],
        RESTORED: { target: 'Idle' },
        STOP: { target: 'Idle', actions: 'accept' },
      },
    },
    Held: {
      id: 'Held',
      entry: { type: 'enter', params: { state: 'Held' } },
      on: {
        SCAN: { actions: 'look' },
        RESUME: [
          { guard: 'mayResume', target: 'Starting', actions: ['endHold', 'accept'] },
          { actions: 'refuseResume' },
        ],
        STOP: [
          { guard: 'isStarted', target: 'Done', actions: ['endHold', 'accept'] },
          { target: 'Idle', actions: ['endHold', 'accept'] },
        ],
      },
    },
  },
});
