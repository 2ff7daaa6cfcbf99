import { and, setup } from 'xstate';
import type { MachineOutput } from '../contract.ts';
import { downtime } from '../downtime.ts';
import type { MachineEvent } from '../kit.ts';
import { ACCEPTED, effects, isCommand, newContext, refused, refuseUnknown } from '../kit.ts';
import {
  change,
  changeRefusals,
  clearForChange,
  giveUpChange,
  goOn,
  takeNext,
  tripChanging,
} from './route-change.ts';
import { routeGuards } from './route-guards.ts';
import { cancel, dropped, enqueue, served, swept, withdrawn } from './route-queue.ts';
import { requestOf } from './route-request.ts';
import { noteCleaned, noteEntering, passedArg, takeResidues } from './route-residue.ts';
import type { RouteContext, RouteInput } from './route-rules.ts';
import {
  fullReasons,
  highHoppers,
  pathRefusals,
  pauseCommands,
  requestRefusals,
  reserved,
  routeView,
} from './route-rules.ts';
import {
  both,
  clear,
  finish,
  giveBack,
  giveUp,
  holdAfterRestart,
  letPass,
  planned,
  position,
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
    look: effect(swept),
    accept: effect(() => ({ out: [ACCEPTED] })),
    refuse: effect(refuseUnknown),
    enqueue: effect(enqueue),
    cancel: effect(cancel),
    withdraw: effect((context, event) => ({
      set: { ...withdrawn(context, event), ...passedArg(event) },
    })),
    refuseStart: effect((context, event) => ({
      out: [refused(...requestRefusals(context, requestOf(event), event.inputs))],
    })),
    refusePath: effect((context, event) => ({
      out: [refused(...pathRefusals(context, requestOf(event)))],
    })),
    refuseChange: effect((context, event) => ({
      out: [refused(...changeRefusals(context, event))],
    })),
    takeResidues: effect(takeResidues),
    noteCleaned: effect(noteCleaned),
    plan: effect((context, event) => planned(context, requestOf(event), event)),
    planNext: effect((context, event) => {
      const next = context.queue[0];
      return next === undefined ? {} : both(planned(context, next, event), served(context));
    }),
    dropNext: effect((context, event) => {
      const next = context.queue[0];
      if (next === undefined) return {};
      return dropped(context, requestRefusals(context, next, event.inputs));
    }),
    // What is told of a requester is no hindrance for the route.
    noteRefusal: effect((context, event) => ({
      set:
        event.type === 'REFUSED' &&
        !isCommand(event) &&
        event.command !== 'RELEASE' &&
        context.plan !== null &&
        reserved(context.plan).includes(event.from)
          ? { refusals: [...context.refusals, ...event.reasons].slice(0, 20) }
          : {},
    })),
    reserve: effect(reserve),
    giveBack: effect(giveBack),
    giveUp: effect(giveUp),
    letPass: effect(letPass),
    position: effect(position),
    soundHorn: effect(soundHorn),
    startNext: effect(startNext),
    noteRunning: effect((context, event) =>
      both(noteEntering(context), {
        set: { runningSinceUtcMs: event.utcMs, deadlineMs: null, kept: [], waitUntilMs: null },
      }),
    ),
    watchHoppers: effect((context, event) => {
      const paused = highHoppers(context, event.inputs);
      const step = { set: { paused }, out: pauseCommands(context, paused) };
      return both(swept(context, event), step);
    }),
    closeSource: effect((context, event) => stopFrom(context, event, 0)),
    noteFull: effect((context, event) => ({
      set: { reasons: context.plan === null ? [] : fullReasons(context.plan, event.inputs) },
    })),
    tripRunning: effect(tripRunning),
    tripStarting: effect((context, event) =>
      both(stopAll(context, event), tripped(context, event, startupReasons(context, event))),
    ),
    goOn: effect(goOn),
    change: effect(change),
    clearForChange: effect((context, event) =>
      both(swept(context, event), clearForChange(context, event)),
    ),
    tripChanging: effect(tripChanging),
    giveUpChange: effect(giveUpChange),
    takeNext: effect(takeNext),
    stopAll: effect(stopAll),
    clear: effect((context, event) => both(swept(context, event), clear(context, event))),
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
    forgetPlan: effect(() => ({
      set: { plan: null, second: null, request: null, product: null, waitUntilMs: null },
    })),
  },
  guards: routeGuards,
});

const busy = {
  START: [{ guard: 'hasNoPath', actions: 'refusePath' }, { actions: 'enqueue' }],
} as const;
const start = [
  { guard: 'mayStart', target: '#Starting', actions: ['plan', 'accept'] },
  { guard: 'mustQueue', actions: 'enqueue' },
  { actions: 'refuseStart' },
] as const;
const atRest = {
  STOP: { actions: ['accept', 'withdraw'] },
  CLEANED: { actions: 'noteCleaned' },
} as const;
const keptStopped = { guard: 'keptStopped', target: '#Clearing', actions: 'tripStarting' } as const;

/**
 * A route (DOMAIN 3): reserves its devices for one owner, turns diverters, warns, starts
 * aspiration and then the downstream end first, the source last; stops and clears upstream first;
 * trips whatever feeds a device that stopped. While another route holds one of its devices, or one
 * of its drives was started too often to be started now, it waits and tries again. At a high level,
 * or when asked, it goes on to another destination: close the source, clear, switch, reopen.
 * Commands: START {source, destination, second?, product?, wait?, waitS?, priority?}, CANCEL
 * {destination}, CHANGE {destination, second?}, STOP {kg?}, RESET, CLEANED {source, destination}.
 * START on a tripped route resets it as well. With `wait` a START gets in line while it is busy.
 */
export const routeMachine = base.createMachine({
  id: 'route',
  context: ({ input }) => ({
    ...newContext(input.id, 'Idle'),
    state: 'Idle',
    made: input,
    plan: null,
    second: null,
    next: null,
    kept: [],
    request: null,
    product: null,
    passedKg: null,
    queue: [],
    waitUntilMs: null,
    residues: {},
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
    CANCEL: { actions: 'cancel' },
    RESIDUES: { actions: 'takeResidues' },
    '*': { actions: 'refuse' },
  },
  states: {
    Idle: {
      id: 'Idle',
      entry: [{ type: 'enter', params: { state: 'Idle' } }, 'forgetPlan'],
      on: {
        SCAN: [
          { guard: 'nextMayStart', target: '#Starting', actions: 'planNext' },
          { guard: 'isAwaited', actions: 'dropNext' },
          { actions: 'look' },
        ],
        START: [...start],
        RESET: { actions: 'accept' },
        ...atRest,
      },
    },
    Starting: {
      id: 'Starting',
      entry: { type: 'enter', params: { state: 'Starting' } },
      initial: 'Reserving',
      on: { ...busy, STOP: { target: '#Clearing', actions: ['accept', 'withdraw', 'stopAll'] } },
      states: {
        Reserving: {
          entry: 'reserve',
          on: {
            SCAN: [
              keptStopped,
              { guard: 'mustWait', target: 'Waiting' },
              { guard: 'wasRefused', target: '#Clearing', actions: 'tripStarting' },
              { guard: 'due', target: 'Positioning' },
              { actions: 'look' },
            ],
          },
        },
        Waiting: {
          entry: 'giveBack',
          on: {
            SCAN: [
              keptStopped,
              {
                guard: and(['waitedTooLong', 'keepsRunning']),
                target: '#Clearing',
                actions: ['giveUp', 'stopAll'],
              },
              { guard: 'waitedTooLong', target: '#Idle', actions: 'giveUp' },
              { guard: 'due', target: 'Reserving' },
              { actions: 'look' },
            ],
          },
        },
        Positioning: {
          entry: [{ type: 'enter', params: { state: 'Starting' } }, 'position'],
          on: {
            SCAN: [
              keptStopped,
              { guard: 'flowsStill', target: 'Passing' },
              { guard: 'wasRefused', target: '#Clearing', actions: 'tripStarting' },
              { guard: 'inPosition', target: 'Horn' },
              { guard: 'due', target: '#Clearing', actions: ['tripRunning', 'stopAll'] },
              { actions: 'look' },
            ],
          },
        },
        Passing: {
          entry: 'letPass',
          on: {
            SCAN: [
              keptStopped,
              { guard: 'waitedTooLong', target: '#Clearing', actions: 'tripStarting' },
              { guard: 'due', target: 'Positioning' },
              { actions: 'look' },
            ],
          },
        },
        Horn: {
          entry: 'soundHorn',
          on: { SCAN: [keptStopped, { guard: 'due', target: 'Devices' }, { actions: 'look' }] },
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
          { guard: 'mayGoOn', target: 'Changing', actions: 'goOn' },
          { guard: 'full', target: 'Clearing', actions: ['noteFull', 'closeSource'] },
          { actions: 'watchHoppers' },
        ],
        CHANGE: [
          { guard: 'mayChange', target: 'Changing', actions: ['accept', 'change'] },
          { actions: 'refuseChange' },
        ],
        STOP: { target: 'Clearing', actions: ['accept', 'withdraw', 'closeSource'] },
      },
    },
    Changing: {
      id: 'Changing',
      entry: { type: 'enter', params: { state: 'Changing' } },
      on: {
        ...busy,
        SCAN: [
          { guard: 'stoppedInChange', target: 'Clearing', actions: 'tripChanging' },
          { guard: 'allCleared', target: 'Starting', actions: 'takeNext' },
          { actions: 'clearForChange' },
        ],
        STOP: { target: 'Clearing', actions: ['accept', 'withdraw', 'giveUpChange'] },
      },
    },
    Clearing: {
      id: 'Clearing',
      entry: { type: 'enter', params: { state: 'Clearing' } },
      initial: 'Emptying',
      on: {
        ...busy,
        STOP: { actions: ['accept', 'withdraw'] },
        // It shows Tripped while it still clears itself, so it takes the reset of one.
        RESET: { guard: 'hasTripped', actions: ['endDowntime', 'accept'] },
      },
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
            guard: 'isOpen',
            target: '#Starting',
            actions: ['endDowntime', 'plan', 'accept'],
          },
          { actions: 'refuseStart' },
        ],
        ...atRest,
        RESET: { target: 'Idle', actions: ['endDowntime', 'accept'] },
      },
    },
  },
});
