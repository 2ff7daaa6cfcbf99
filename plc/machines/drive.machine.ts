import { setup } from 'xstate';
import { reason } from '../model/reason.ts';
import { isOff, isOn } from '../model/tag.ts';
import type { MachineOutput } from './contract.ts';
import type { DriveContext, DriveInput } from './drive-rules.ts';
import {
  countStart,
  driveView,
  interlockReasons,
  oddTooLong,
  startReasons,
  startRefusals,
  tripReasons,
  upToSpeed,
  watched,
} from './drive-rules.ts';
import type { Effect, MachineEvent } from './kit.ts';
import {
  ACCEPTED,
  effects,
  flagArg,
  invalidArg,
  newContext,
  numberArg,
  passed,
  refused,
  refuseUnknown,
  send,
  senderOf,
} from './kit.ts';
import { acquire, notYours, release } from './owner.ts';

const { effect, effectWith, enter } = effects<DriveContext>(driveView);

function wantsHorn(context: DriveContext, event: MachineEvent): boolean {
  const { horn, hornS } = context.made;
  return horn !== null && hornS > 0 && (flagArg(event, 'horn') ?? true);
}

/** Frequency set point: by whoever may command the feeder, or by the unit whose load it holds. */
function setHz(context: DriveContext, event: MachineEvent): Effect<DriveContext> {
  const { hz, unit } = context.made;
  const wanted = numberArg(event, 'hz');
  const owned = senderOf(event)?.id === unit ? null : notYours(context, event);
  if (owned !== null) return { out: [refused(owned)] };
  if (hz === null || wanted === null) return { out: [refused(invalidArg('hz'))] };
  return { set: { hzRef: Math.min(hz.max, Math.max(0, wanted)) }, out: [ACCEPTED] };
}

function stopRefusal(context: DriveContext, event: MachineEvent) {
  return senderOf(event)?.id === context.made.unit ? null : notYours(context, event);
}

const base = setup({
  types: {} as {
    context: DriveContext;
    events: MachineEvent;
    emitted: MachineOutput;
    input: DriveInput;
  },
  actions: {
    enter,
    accept: effect(() => ({ out: [ACCEPTED] })),
    refuse: effect(refuseUnknown),
    refuseStart: effect((context, event) => ({ out: [refused(...startRefusals(context, event))] })),
    refuseOwned: effect((context, event) => {
      const owned = notYours(context, event);
      return owned === null ? refuseUnknown(context, event) : { out: [refused(owned)] };
    }),
    refuseReset: effect((context, event) => ({
      out: [refused(...tripReasons(context, event), ...stillRuns(context, event))],
    })),
    watch: effect((context, event) => ({ set: watched(context, event) })),
    showHindrances: effect((context, event) => ({
      set: { ...watched(context, event), reasons: startReasons(context, event) },
    })),
    showInterlocks: effect((context, event) => ({
      set: { ...watched(context, event), reasons: interlockReasons(context, event) },
    })),
    soundHorn: effect((context, event) => ({
      set: { step: 'horn', deadlineMs: event.nowMs + context.made.hornS * 1000, reasons: [] },
      out:
        context.made.horn === null
          ? []
          : [send(context.made.horn, 'HORN', { s: context.made.hornS })],
    })),
    closeContactor: effect((context, event) => ({
      set: {
        ...countStart(context, event.nowMs),
        step: 'contactor',
        deadlineMs: event.nowMs + context.made.feedbackS * 1000,
        reasons: [],
      },
    })),
    awaitSpeed: effect((context, event) => ({
      set: { deadlineMs: event.nowMs + context.made.runUpS * 1000 },
    })),
    awaitStandstill: effect((context, event) => ({
      set: { deadlineMs: event.nowMs + context.made.feedbackS * 1000 },
    })),
    settle: effect(() => ({ set: { step: null, deadlineMs: null, oddSinceMs: null } })),
    rest: effect((context, event) => ({
      set: {
        ...watched(context, event),
        step: null,
        deadlineMs: null,
        oddSinceMs: null,
        countedMs: null,
      },
    })),
    noteTrip: effect((context, event) => ({ set: { reasons: tripReasons(context, event) } })),
    noteInterlock: effect((context, event) => ({
      set: { reasons: interlockReasons(context, event) },
    })),
    note: effectWith<{
      code:
        | 'device.no-feedback'
        | 'device.feedback-lost'
        | 'device.no-speed'
        | 'device.welded'
        | 'device.local'
        | 'device.out-of-service';
    }>((context, _event, { code }) => ({
      set: { reasons: [reason(code, { device: context.id })] },
    })),
    forget: effect(() => ({ set: { reasons: [] } })),
    setHz: effect(setHz),
    acquire: effect((context, event) =>
      acquire(context, event, unusable(context) ? context.reasons : []),
    ),
    release: effect(release),
  },
  guards: {
    mayStart: ({ context, event }) => startRefusals(context, event).length === 0,
    mayStop: ({ context, event }) => stopRefusal(context, event) === null,
    mayCommand: ({ context, event }) => notYours(context, event) === null,
    hornWanted: ({ context, event }) => wantsHorn(context, event),
    tripped: ({ context, event }) => tripReasons(context, event).length > 0,
    interlocked: ({ context, event }) => interlockReasons(context, event).length > 0,
    local: ({ event }) => isOn(event.inputs['Local']),
    remote: ({ event }) => isOff(event.inputs['Local']),
    running: ({ event }) => isOn(event.inputs['RunFb']),
    still: ({ event }) => isOff(event.inputs['RunFb']),
    atSpeed: ({ context, event }) => upToSpeed(context, event.inputs),
    late: ({ context, event }) => passed(context.deadlineMs, event.nowMs),
    oddTooLong: ({ context, event }) => oddTooLong(context, event),
    mayReset: ({ context, event }) =>
      tripReasons(context, event).length === 0 && stillRuns(context, event).length === 0,
    takenOut: ({ context, event }) =>
      flagArg(event, 'on') === true && notYours(context, event) === null,
    putBack: ({ event }) => flagArg(event, 'on') === false,
  },
});

function stillRuns(context: DriveContext, event: MachineEvent) {
  return isOn(event.inputs['RunFb']) ? [reason('device.welded', { device: context.id })] : [];
}

function unusable(context: DriveContext): boolean {
  return ['Faulted', 'LocalOff', 'Interlocked', 'OutOfService'].includes(context.state);
}

/** What ends a run at once, in the order of how grave it is. */
const faultsOfARun = [
  { guard: 'tripped', target: '#Faulted', actions: 'noteTrip' },
  { guard: 'interlocked', target: '#Interlocked', actions: 'noteInterlock' },
  { guard: 'local', target: '#LocalOff' },
] as const;

/** What a drive at rest becomes by itself. */
const faultsAtRest = [
  { guard: 'tripped', target: '#Faulted', actions: 'noteTrip' },
  { guard: 'local', target: '#LocalOff' },
  {
    guard: 'oddTooLong',
    target: '#Faulted',
    actions: { type: 'note', params: { code: 'device.welded' } },
  },
] as const;

const outOfService = {
  guard: 'takenOut',
  target: '#OutOfService',
  actions: 'accept',
} as const;

/**
 * A driven machine: motor, conveyor, elevator, fan, feeder, mixer, hammer mill or press drive
 * (DOMAIN 3).
 * Commands: START {horn?}, STOP, RESET, OUT_OF_SERVICE {on}, ACQUIRE, RELEASE; feeders SET_HZ {hz}.
 */
export const driveMachine = base.createMachine({
  id: 'drive',
  context: ({ input }) => ({
    ...newContext(input.id, 'Stopped'),
    state: 'Stopped',
    made: input,
    owner: null,
    step: null,
    deadlineMs: null,
    hzRef: input.hz?.initial ?? 0,
    starts: 0,
    runMs: 0,
    countedMs: null,
    recentStartsMs: [],
    oddSinceMs: null,
    reasons: [],
  }),
  initial: 'Stopped',
  on: {
    SCAN: { actions: 'watch' },
    RESTORED: { actions: 'watch' },
    REFUSED: { actions: 'watch' },
    ACQUIRE: { actions: 'acquire' },
    RELEASE: { actions: 'release' },
    SET_HZ: { actions: 'setHz' },
    '*': { actions: 'refuse' },
  },
  states: {
    Stopped: {
      id: 'Stopped',
      entry: ['rest', { type: 'enter', params: { state: 'Stopped' } }],
      on: {
        SCAN: [
          ...faultsAtRest,
          { guard: 'interlocked', target: '#Interlocked', actions: 'noteInterlock' },
          { actions: 'showHindrances' },
        ],
        START: [
          { guard: 'mayStart', target: 'Starting', actions: 'accept' },
          { actions: 'refuseStart' },
        ],
        STOP: { actions: 'accept' },
        RESET: { actions: 'accept' },
        OUT_OF_SERVICE: [outOfService, { actions: 'refuseOwned' }],
      },
    },
    Starting: {
      entry: { type: 'enter', params: { state: 'Starting' } },
      initial: 'Choosing',
      on: {
        START: { actions: 'accept' },
        STOP: [
          { guard: 'mayStop', target: 'Stopping', actions: 'accept' },
          { actions: 'refuseOwned' },
        ],
      },
      states: {
        Choosing: { always: [{ guard: 'hornWanted', target: 'Horn' }, { target: 'Contactor' }] },
        Horn: {
          entry: 'soundHorn',
          on: {
            SCAN: [...faultsOfARun, { guard: 'late', target: 'Contactor' }, { actions: 'watch' }],
          },
        },
        Contactor: {
          entry: 'closeContactor',
          on: {
            SCAN: [
              ...faultsOfARun,
              { guard: 'running', target: 'RunUp' },
              {
                guard: 'late',
                target: '#Faulted',
                actions: { type: 'note', params: { code: 'device.no-feedback' } },
              },
              { actions: 'watch' },
            ],
          },
        },
        RunUp: {
          entry: 'awaitSpeed',
          on: {
            SCAN: [
              ...faultsOfARun,
              {
                guard: 'still',
                target: '#Faulted',
                actions: { type: 'note', params: { code: 'device.feedback-lost' } },
              },
              { guard: 'atSpeed', target: '#Running' },
              {
                guard: 'late',
                target: '#Faulted',
                actions: { type: 'note', params: { code: 'device.no-speed' } },
              },
              { actions: 'watch' },
            ],
          },
        },
      },
    },
    Running: {
      id: 'Running',
      entry: [{ type: 'enter', params: { state: 'Running' } }, 'settle'],
      on: {
        SCAN: [
          ...faultsOfARun,
          {
            guard: 'still',
            target: 'Faulted',
            actions: { type: 'note', params: { code: 'device.feedback-lost' } },
          },
          {
            guard: 'oddTooLong',
            target: 'Faulted',
            actions: { type: 'note', params: { code: 'device.no-speed' } },
          },
          { actions: 'watch' },
        ],
        START: { actions: 'accept' },
        STOP: [
          { guard: 'mayStop', target: 'Stopping', actions: 'accept' },
          { actions: 'refuseOwned' },
        ],
      },
    },
    Stopping: {
      entry: [{ type: 'enter', params: { state: 'Stopping' } }, 'awaitStandstill'],
      on: {
        SCAN: [
          { guard: 'tripped', target: '#Faulted', actions: 'noteTrip' },
          { guard: 'still', target: 'Stopped' },
          { guard: 'interlocked', target: '#Interlocked', actions: 'noteInterlock' },
          {
            guard: 'late',
            target: 'Faulted',
            actions: { type: 'note', params: { code: 'device.welded' } },
          },
          { actions: 'watch' },
        ],
        STOP: { actions: 'accept' },
      },
    },
    Faulted: {
      id: 'Faulted',
      entry: ['rest', { type: 'enter', params: { state: 'Faulted' } }],
      on: {
        STOP: { actions: 'accept' },
        RESET: [
          { guard: 'mayReset', target: 'Stopped', actions: ['forget', 'accept'] },
          { actions: 'refuseReset' },
        ],
        OUT_OF_SERVICE: [outOfService, { actions: 'refuseOwned' }],
      },
    },
    LocalOff: {
      id: 'LocalOff',
      entry: [
        'rest',
        { type: 'enter', params: { state: 'LocalOff' } },
        { type: 'note', params: { code: 'device.local' } },
      ],
      on: {
        SCAN: [
          { guard: 'tripped', target: 'Faulted', actions: 'noteTrip' },
          { guard: 'remote', target: 'Stopped', actions: 'forget' },
          { actions: 'watch' },
        ],
        STOP: { actions: 'accept' },
        OUT_OF_SERVICE: [outOfService, { actions: 'refuseOwned' }],
      },
    },
    Interlocked: {
      id: 'Interlocked',
      entry: ['rest', { type: 'enter', params: { state: 'Interlocked' } }],
      on: {
        SCAN: [
          ...faultsAtRest,
          { guard: 'interlocked', actions: 'showInterlocks' },
          { target: 'Stopped', actions: 'forget' },
        ],
        START: { actions: 'refuseStart' },
        STOP: { actions: 'accept' },
        OUT_OF_SERVICE: [outOfService, { actions: 'refuseOwned' }],
      },
    },
    OutOfService: {
      id: 'OutOfService',
      entry: [
        'rest',
        { type: 'enter', params: { state: 'OutOfService' } },
        { type: 'note', params: { code: 'device.out-of-service' } },
      ],
      on: {
        OUT_OF_SERVICE: [
          { guard: 'putBack', target: 'Stopped', actions: ['forget', 'accept'] },
          { actions: 'refuse' },
        ],
        STOP: { actions: 'accept' },
      },
    },
  },
});
