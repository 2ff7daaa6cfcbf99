import { setup } from 'xstate';
import { reason } from '../model/reason.ts';
import type { MachineOutput } from './contract.ts';
import { downtime } from './downtime.ts';
import type { MachineEvent } from './kit.ts';
import {
  ACCEPTED,
  effects,
  isCommand,
  newContext,
  passed,
  refused,
  refuseUnknown,
  senderOf,
} from './kit.ts';
import type { RouteContext, RouteInput } from './route-rules.ts';
import {
  fullReasons,
  highHoppers,
  isInPosition,
  isUp,
  pauseCommands,
  plannedWay,
  routeView,
  startOrder,
  startRefusals,
  tripOf,
} from './route-rules.ts';

import {
  allCleared,
  both,
  clear,
  finish,
  holdAfterRestart,
  isHeldByOther,
  lastStarted,
  position,
  RETRY_MS,
  releaseAll,
  reserve,
  runOn,
  soundHorn,
  startNext,
  startupReasons,
  stopAll,
  stopFrom,
  tripped,
  tripRunning,
} from './route-steps.ts';

const { effect, enter } = effects<RouteContext>(routeView);

const base = setup({
  types: {} as {
    context: RouteContext;
    events: MachineEvent;
    emitted: MachineOutput;
    input: RouteInput;
  },
  actions: {
    enter,
    look: effect(() => ({})),
    accept: effect(() => ({ out: [ACCEPTED] })),
    refuse: effect(refuseUnknown),
    refuseBusy: effect(({ id }) => ({ out: [refused(reason('route.busy', { route: id }))] })),
    refuseStart: effect((context, event) => ({ out: [refused(...startRefusals(context, event))] })),
    plan: effect((context, event) => ({
      set: {
        plan: plannedWay(context, event),
        requestedBy: senderOf(event)?.id ?? null,
        forPerson: senderOf(event)?.kind === 'person',
        started: 0,
        clearing: null,
        paused: [],
        refusals: [],
        reasons: [],
      },
    })),
    noteRefusal: effect((context, event) => ({
      set:
        event.type === 'REFUSED' && !isCommand(event) && event.command !== 'RELEASE'
          ? { refusals: [...context.refusals, ...event.reasons].slice(0, 20) }
          : {},
    })),
    reserve: effect(reserve),
    giveBack: effect((context, event) => ({
      set: { reasons: context.refusals, deadlineMs: event.nowMs + RETRY_MS },
      out: releaseAll(context),
    })),
    position: effect(position),
    soundHorn: effect(soundHorn),
    startNext: effect(startNext),
    noteRunning: effect((_context, event) => ({
      set: { runningSinceUtcMs: event.utcMs, deadlineMs: null },
    })),
    watchHoppers: effect((context, event) => {
      const paused = highHoppers(context, event.inputs);
      return { set: { paused }, out: pauseCommands(context, paused) };
    }),
    closeSource: effect((context, event) => stopFrom(context, event, 0)),
    noteFull: effect((context, event) => ({
      set: { reasons: context.plan === null ? [] : fullReasons(context.plan, event.inputs) },
    })),
    tripRunning: effect(tripRunning),
    tripStarting: effect((context, event) =>
      both(stopAll(context, event), tripped(context, event, startupReasons(context, event))),
    ),
    stopAll: effect(stopAll),
    clear: effect(clear),
    runOn: effect(runOn),
    finish: effect(finish),
    holdAfterRestart: effect(holdAfterRestart),
    endDowntime: effect((context, event) => ({
      set: { tripped: [], reasons: [], trippedSinceUtcMs: null },
      out:
        context.trippedSinceUtcMs === null
          ? []
          : [downtime(context.id, context.trippedSinceUtcMs, event.utcMs, context.tripped)],
    })),
    forgetPlan: effect(() => ({ set: { plan: null, requestedBy: null } })),
  },
  guards: {
    mayStart: ({ context, event }) => startRefusals(context, event).length === 0,
    due: ({ context, event }) => passed(context.deadlineMs, event.nowMs),
    heldByOther: ({ context }) => isHeldByOther(context),
    wasRefused: ({ context }) => context.refusals.length > 0,
    inPosition: ({ context, event }) =>
      event.nowMs > context.sinceMs &&
      (context.plan?.diverters ?? []).every((one) => isInPosition(one.id, event.inputs)),
    startFailed: ({ context, event }) => startupReasons(context, event).length > 0,
    lastIsUp: ({ context, event }) => {
      const last = lastStarted(context);
      return last === null || isUp(last, event.inputs);
    },
    allStarted: ({ context, event }) => {
      const last = lastStarted(context);
      const order = context.plan === null ? [] : startOrder(context.plan);
      return context.started >= order.length && (last === null || isUp(last, event.inputs));
    },
    deviceStopped: ({ context, event }) =>
      tripOf(context, event.inputs, context.clearing?.stopped ?? 0) !== null,
    full: ({ context, event }) =>
      context.plan !== null && fullReasons(context.plan, event.inputs).length > 0,
    allCleared: ({ context }) => allCleared(context),
    hasTripped: ({ context }) => context.tripped.length > 0,
    isBusy: ({ context }) => context.state !== 'Idle' && context.state !== 'Tripped',
  },
});

const busy = { START: { actions: 'refuseBusy' } } as const;
const start = [
  { guard: 'mayStart', target: '#Starting', actions: ['plan', 'accept'] },
  { actions: 'refuseStart' },
] as const;

/**
 * A route (DOMAIN 3): reserves its devices for one owner, turns diverters, warns, starts
 * aspiration and then the downstream end first, the source last; stops and clears upstream first;
 * trips whatever feeds a device that stopped. While another route holds one of its devices it
 * waits and tries again.
 * Commands: START {source, destination}, STOP, RESET. START on a tripped route resets it as well.
 */
export const routeMachine = base.createMachine({
  id: 'route',
  context: ({ input }) => ({
    ...newContext(input.id, 'Idle'),
    state: 'Idle',
    made: input,
    plan: null,
    requestedBy: null,
    forPerson: false,
    started: 0,
    deadlineMs: null,
    clearing: null,
    paused: [],
    refusals: [],
    tripped: [],
    reasons: [],
    runningSinceUtcMs: null,
    trippedSinceUtcMs: null,
  }),
  initial: 'Idle',
  on: {
    SCAN: { actions: 'look' },
    RESTORED: [
      { guard: 'isBusy', target: '#Tripped', actions: 'holdAfterRestart' },
      { actions: 'look' },
    ],
    REFUSED: { actions: 'noteRefusal' },
    '*': { actions: 'refuse' },
  },
  states: {
    Idle: {
      entry: [{ type: 'enter', params: { state: 'Idle' } }, 'forgetPlan'],
      on: { START: [...start], STOP: { actions: 'accept' }, RESET: { actions: 'accept' } },
    },
    Starting: {
      id: 'Starting',
      entry: { type: 'enter', params: { state: 'Starting' } },
      initial: 'Reserving',
      on: { ...busy, STOP: { target: '#Clearing', actions: ['accept', 'stopAll'] } },
      states: {
        Reserving: {
          entry: 'reserve',
          on: {
            SCAN: [
              { guard: 'heldByOther', target: 'Waiting' },
              { guard: 'wasRefused', target: '#Clearing', actions: 'tripStarting' },
              { guard: 'due', target: 'Positioning' },
              { actions: 'look' },
            ],
          },
        },
        Waiting: {
          entry: 'giveBack',
          on: { SCAN: [{ guard: 'due', target: 'Reserving' }, { actions: 'look' }] },
        },
        Positioning: {
          entry: [{ type: 'enter', params: { state: 'Starting' } }, 'position'],
          on: {
            SCAN: [
              { guard: 'wasRefused', target: '#Clearing', actions: 'tripStarting' },
              { guard: 'inPosition', target: 'Horn' },
              { guard: 'due', target: '#Clearing', actions: ['tripRunning', 'stopAll'] },
              { actions: 'look' },
            ],
          },
        },
        Horn: {
          entry: 'soundHorn',
          on: { SCAN: [{ guard: 'due', target: 'Devices' }, { actions: 'look' }] },
        },
        Devices: {
          entry: 'startNext',
          on: {
            SCAN: [
              { guard: 'startFailed', target: '#Clearing', actions: 'tripStarting' },
              { guard: 'allStarted', target: '#Running' },
              { guard: 'lastIsUp', actions: 'startNext' },
              { actions: 'look' },
            ],
          },
        },
      },
    },
    Running: {
      id: 'Running',
      entry: [{ type: 'enter', params: { state: 'Running' } }, 'noteRunning'],
      on: {
        ...busy,
        SCAN: [
          { guard: 'deviceStopped', target: 'Clearing', actions: 'tripRunning' },
          { guard: 'full', target: 'Clearing', actions: ['noteFull', 'closeSource'] },
          { actions: 'watchHoppers' },
        ],
        STOP: { target: 'Clearing', actions: ['accept', 'closeSource'] },
      },
    },
    Clearing: {
      id: 'Clearing',
      entry: { type: 'enter', params: { state: 'Clearing' } },
      initial: 'Emptying',
      on: { ...busy, STOP: { actions: 'accept' } },
      states: {
        Emptying: {
          always: { guard: 'allCleared', target: 'Aspiration' },
          on: {
            SCAN: [{ guard: 'deviceStopped', actions: 'tripRunning' }, { actions: 'clear' }],
          },
        },
        Aspiration: {
          entry: 'runOn',
          on: {
            SCAN: [{ guard: 'due', target: '#Finished', actions: 'finish' }, { actions: 'look' }],
          },
        },
      },
    },
    Finished: {
      id: 'Finished',
      always: [{ guard: 'hasTripped', target: 'Tripped' }, { target: 'Idle' }],
    },
    Tripped: {
      id: 'Tripped',
      entry: { type: 'enter', params: { state: 'Tripped' } },
      on: {
        START: [
          {
            guard: 'mayStart',
            target: '#Starting',
            actions: ['endDowntime', 'plan', 'accept'],
          },
          { actions: 'refuseStart' },
        ],
        STOP: { actions: 'accept' },
        RESET: { target: 'Idle', actions: ['endDowntime', 'accept'] },
      },
    },
  },
});
