import { setup } from 'xstate';
import { reason } from '../../model/reason.ts';
import { isOff } from '../../model/tag.ts';
import type { MachineOutput } from '../contract.ts';
import type { Effect, MachineEvent } from '../kit.ts';
import { ACCEPTED, effects, isCommand, newContext, refused, refuseUnknown, send } from '../kit.ts';
import { lotsTold, NO_NEWS } from './lots-news.ts';
import type { TransferContext, TransferInput } from './transfer.context.ts';
import {
  endReasons,
  isTimeToStop,
  jobOf,
  LOOK_MS,
  measured,
  routeState,
  transferRefusals,
  transferView,
} from './transfer.context.ts';

const { effect, enter } = effects<TransferContext>(transferView);
type Step = Effect<TransferContext>;

function follow(context: TransferContext, event: MachineEvent): Step {
  const news = lotsTold(event);
  if (news !== null) return { set: { news } };
  if (event.type !== 'TOLD' || isCommand(event) || event.document.kind !== 'bin') return {};
  const { bin, content } = event.document;
  if (context.made.bins[bin] === undefined) return {};
  const { [bin]: _before, ...others } = context.contents;
  return { set: { contents: content === null ? others : { ...others, [bin]: content } } };
}

/** A finished bin is told what comes, and when all of it is there. */
function tellBin({ made, contents, job }: TransferContext, command: 'FILL' | 'FILLED') {
  if (job === null || made.bins[job.destination]?.kind !== 'finished') return [];
  const content = contents[job.source];
  const args = command === 'FILL' && content !== undefined ? { ...content } : {};
  return [send(job.destination, command, args)];
}

function begin(context: TransferContext, event: MachineEvent): Step {
  const job = jobOf(context, event);
  const fresh = { job, baseKg: null, movesFromMs: null, runsFromMs: null, reasons: [] };
  const now = { ...context, ...fresh };
  return { set: fresh, out: [ACCEPTED, ...tellBin(now, 'FILL')] };
}

function startRoute({ job, made, contents }: TransferContext, wait: boolean): MachineOutput[] {
  if (job === null) return [];
  const { source, destination, targetKg } = job;
  const content = contents[source];
  const { orderId = null, lot = null, nature = null } = content ?? {};
  const product =
    orderId === null || lot === null || nature === null
      ? {}
      : { product: { orderId, lot, nature, kind: 'feed', kg: targetKg } };
  return [
    send(made.route, 'START', { source, destination, ...product, ...(wait ? { wait } : {}) }),
  ];
}

function leaveLine({ job, made }: TransferContext): MachineOutput[] {
  return job === null ? [] : [send(made.route, 'CANCEL', { destination: job.destination })];
}

const base = setup({
  types: {} as {
    context: TransferContext;
    events: MachineEvent;
    emitted: MachineOutput;
    input: TransferInput;
  },
  actions: {
    enter,
    look: effect((context, event) => ({ set: measured(context, event) })),
    follow: effect(follow),
    accept: effect(() => ({ out: [ACCEPTED] })),
    refuse: effect(refuseUnknown),
    begin: effect(begin),
    refuseStart: effect((context, event) => ({
      out: [refused(...transferRefusals(context, event))],
    })),
    wake: effect((_context, event) => ({ set: { lookAtMs: event.nowMs + LOOK_MS } })),
    ask: effect((context, event) => ({
      set: { lookAtMs: event.nowMs + LOOK_MS },
      out: startRoute(context, false),
    })),
    getInLine: effect((context, event) => ({
      set: {
        lookAtMs: event.nowMs + LOOK_MS,
        reasons: [reason('route.busy', { route: context.made.route })],
      },
      out: startRoute(context, true),
    })),
    leaveLine: effect((context) => ({ out: leaveLine(context) })),
    forgetReasons: effect(() => ({ set: { reasons: [] } })),
    noteRefusal: effect((_context, event) => ({
      set: event.type === 'REFUSED' && !isCommand(event) ? { reasons: event.reasons } : {},
    })),
    noteExpired: effect((context) => ({
      set: { reasons: [reason('route.wait-over', { route: context.made.route })] },
    })),
    noteRestart: effect(() => ({
      set: { reasons: [reason('restart.held')], lookAtMs: null },
    })),
    stopRoute: effect(({ made, job }) => ({
      out: [send(made.route, 'STOP', job === null ? {} : { kg: job.movedKg })],
    })),
    finish: effect((context, event) => {
      const now = { ...context, ...measured(context, event) };
      return { set: { reasons: endReasons(now) }, out: tellBin(now, 'FILLED') };
    }),
    giveUp: effect((context) => ({ out: tellBin(context, 'FILLED') })),
    rest: effect(() => ({
      set: { job: null, baseKg: null, movesFromMs: null, runsFromMs: null, lookAtMs: null },
    })),
  },
  guards: {
    mayStart: ({ context, event }) => transferRefusals(context, event).length === 0,
    isIdle: ({ event }) => routeState(event) === 'Idle',
    isTripped: ({ event }) => ['Tripped', null].includes(routeState(event)),
    taken: ({ event }) => !['Idle', 'Tripped', null].includes(routeState(event)),
    isEnough: ({ context, event }) => isTimeToStop(context, event),
    sourceEmpty: ({ context, event }) =>
      context.job !== null && !isOff(event.inputs[`${context.job.source}.Low`]),
    routeEnded: ({ event }) => ['Idle', 'Tripped', 'Clearing', null].includes(routeState(event)),
    cleared: ({ event }) => ['Idle', 'Tripped', null].includes(routeState(event)),
    wasFill: ({ event }) =>
      event.type === 'REFUSED' && !isCommand(event) && event.command === 'FILL',
    wasBusy: ({ event }) =>
      event.type === 'REFUSED' &&
      !isCommand(event) &&
      event.reasons.every(({ code }) => code === 'route.busy'),
    isBusy: ({ context }) => context.state !== 'Idle' && context.state !== 'Held',
  },
});

const giveUp = { target: '#Idle', actions: ['noteRefusal', 'giveUp'] } as const;
const stop = { target: '#Ending', actions: ['accept', 'stopRoute'] } as const;

/**
 * Moves so much from one bin to another along a route of the mill, on a person's command: checks
 * way, room, mass, material, lots and drugs before, has the route when its turn comes, and closes
 * the source when what has arrived and what is on its way are the mass that was asked for. The
 * stock book moves the layers; a finished bin is told what comes.
 * Commands: START {source, destination, kg}, STOP, RESUME of people; SERVED and EXPIRED of the
 * route.
 */
export const transferMachine = base.createMachine({
  id: 'transfer',
  context: ({ input: made }) => ({
    ...newContext(made.id, 'Idle'),
    state: 'Idle',
    made,
    job: null,
    news: NO_NEWS,
    contents: {},
    baseKg: null,
    movesFromMs: null,
    runsFromMs: null,
    lookAtMs: null,
    reasons: [],
  }),
  initial: 'Idle',
  on: {
    SCAN: { actions: 'look' },
    TOLD: { actions: 'follow' },
    REFUSED: { actions: 'look' },
    RESTORED: [{ guard: 'isBusy', target: '#Held', actions: 'noteRestart' }, { actions: 'look' }],
    SERVED: { actions: 'accept' },
    EXPIRED: { actions: 'accept' },
    '*': { actions: 'refuse' },
  },
  states: {
    Idle: {
      id: 'Idle',
      entry: [{ type: 'enter', params: { state: 'Idle' } }, 'rest'],
      on: {
        START: [
          { guard: 'mayStart', target: 'Waiting', actions: 'begin' },
          { actions: 'refuseStart' },
        ],
        STOP: { actions: 'accept' },
      },
    },
    Waiting: {
      entry: [{ type: 'enter', params: { state: 'Waiting' } }, 'wake'],
      on: {
        REFUSED: giveUp,
        SCAN: [
          { guard: 'isIdle', target: 'Asked' },
          { guard: 'taken', target: 'Queued' },
          { actions: 'look' },
        ],
        STOP: { target: 'Idle', actions: ['accept', 'giveUp'] },
      },
    },
    Asked: {
      entry: [{ type: 'enter', params: { state: 'Asked' } }, 'ask'],
      on: {
        // Another one was faster in the same scan.
        REFUSED: [{ guard: 'wasBusy', target: 'Waiting' }, giveUp],
        SCAN: [{ guard: 'taken', target: 'Moving', actions: 'look' }, { actions: 'look' }],
        STOP: stop,
      },
    },
    Queued: {
      entry: [{ type: 'enter', params: { state: 'Queued' } }, 'getInLine'],
      on: {
        SERVED: { target: 'Moving', actions: ['accept', 'look'] },
        EXPIRED: { target: 'Idle', actions: ['accept', 'noteExpired', 'giveUp'] },
        REFUSED: giveUp,
        SCAN: [
          { guard: 'isTripped', target: 'Waiting', actions: 'leaveLine' },
          { actions: 'look' },
        ],
        STOP: { target: 'Idle', actions: ['accept', 'leaveLine', 'giveUp'] },
      },
    },
    Moving: {
      entry: [{ type: 'enter', params: { state: 'Moving' } }, 'forgetReasons'],
      on: {
        REFUSED: [{ guard: 'wasFill', target: 'Ending', actions: ['noteRefusal', 'stopRoute'] }],
        SCAN: [
          { guard: 'routeEnded', target: 'Ending', actions: 'look' },
          { guard: 'isEnough', target: 'Ending', actions: ['look', 'stopRoute'] },
          { guard: 'sourceEmpty', target: 'Ending', actions: ['look', 'stopRoute'] },
          { actions: 'look' },
        ],
        STOP: stop,
      },
    },
    Ending: {
      id: 'Ending',
      entry: { type: 'enter', params: { state: 'Ending' } },
      on: {
        SCAN: [{ guard: 'cleared', target: 'Idle', actions: 'finish' }, { actions: 'look' }],
        STOP: { actions: 'accept' },
      },
    },
    Held: {
      id: 'Held',
      entry: { type: 'enter', params: { state: 'Held' } },
      on: {
        RESUME: { target: 'Waiting', actions: ['accept', 'forgetReasons'] },
        STOP: { target: 'Idle', actions: ['accept', 'finish'] },
      },
    },
  },
});
