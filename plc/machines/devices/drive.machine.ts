import { newContext } from '../kit.ts';
import { NEW_MODED } from './device-mode.ts';
import { driveSetup } from './drive-setup.ts';

const noted = <C extends string>(code: C) => ({ type: 'note', params: { code } }) as const;

/** What ends a run at once, in the order of how grave it is. */
const faultsOfARun = [
  { guard: 'tripped', target: '#Faulted', actions: 'noteTrip' },
  { guard: 'interlocked', target: '#Interlocked', actions: 'noteInterlock' },
  { guard: 'local', target: '#LocalOff', actions: noted('device.local') },
] as const;

const jogOver = { guard: 'jogOver', target: '#Stopping', actions: 'noteJogOver' } as const;

/** A person presses again before a jog is over, or any of them when it is none. */
const jogOn = [{ guard: 'mayJogOn', actions: 'jogOn' }, { actions: 'refuseJog' }] as const;
/** Who wants it to run on after a jog lets it stop first. */
const startWhileOn = [{ guard: 'isJogging', actions: 'refuse' }, { actions: 'accept' }] as const;
const stop = [
  { guard: 'mayStop', target: '#Stopping', actions: 'noteStop' },
  { actions: 'refuseOwned' },
] as const;

/** What a drive at rest becomes by itself. */
const faultsAtRest = [
  { guard: 'tripped', target: '#Faulted', actions: 'noteTrip' },
  { guard: 'local', target: '#LocalOff', actions: noted('device.local') },
  { guard: 'oddTooLong', target: '#Faulted', actions: noted('device.welded') },
] as const;

const outOfService = [
  { guard: 'takenOut', target: '#OutOfService', actions: 'accept' },
  { actions: 'refuseOwned' },
] as const;

/**
 * A driven machine: motor, conveyor, elevator, fan, pump, feeder, mixer, hammer mill or press drive
 * (DOMAIN 3), started direct, from star to delta, or on a variable frequency.
 * Commands: START {horn?}, STOP, JOG {s?}, RESET, MODE {mode}, OUT_OF_SERVICE {on}, ACQUIRE,
 * RELEASE; feeders SET_HZ {hz}.
 */
export const driveMachine = driveSetup.createMachine({
  id: 'drive',
  context: ({ input }) => ({
    ...newContext(input.id, 'Stopped'),
    state: 'Stopped',
    made: input,
    ...NEW_MODED,
    step: null,
    deadlineMs: null,
    jogMs: null,
    jogUntilMs: null,
    hzRef: input.hz?.initial ?? 0,
    starts: 0,
    runMs: 0,
    kWh: 0,
    choked: false,
    countedMs: null,
    recentStartsMs: [],
    relayOut: false,
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
    MODE: { actions: 'changeMode' },
    JOG: { actions: 'refuseJog' },
    '*': { actions: 'refuse' },
  },
  states: {
    Stopped: {
      id: 'Stopped',
      entry: ['rest', { type: 'enter', params: { state: 'Stopped' } }],
      on: {
        SCAN: [
          { guard: 'isOut', target: '#OutOfService' },
          ...faultsAtRest,
          { guard: 'interlocked', target: '#Interlocked', actions: 'noteInterlock' },
          { actions: 'showHindrances' },
        ],
        START: [
          { guard: 'mayStart', target: 'Starting', actions: 'accept' },
          { actions: 'refuseStart' },
        ],
        JOG: [{ guard: 'mayJog', target: 'Starting', actions: 'askJog' }, { actions: 'refuseJog' }],
        STOP: { actions: 'accept' },
        RESET: { actions: 'accept' },
        OUT_OF_SERVICE: [...outOfService],
      },
    },
    Starting: {
      entry: { type: 'enter', params: { state: 'Starting' } },
      initial: 'Choosing',
      on: {
        START: [...startWhileOn],
        JOG: [...jogOn],
        STOP: [...stop],
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
              jogOver,
              { guard: 'running', target: 'RunUp' },
              { guard: 'late', target: '#Faulted', actions: noted('device.no-feedback') },
              { actions: 'watch' },
            ],
          },
        },
        RunUp: {
          entry: 'awaitSpeed',
          on: {
            SCAN: [
              ...faultsOfARun,
              jogOver,
              { guard: 'still', target: '#Faulted', actions: noted('device.feedback-lost') },
              { guard: 'atSpeedInStar', target: 'ChangeOver' },
              { guard: 'atSpeed', target: '#Running' },
              { guard: 'late', target: '#Faulted', actions: noted('device.no-speed') },
              { actions: 'watch' },
            ],
          },
        },
        ChangeOver: {
          entry: 'openStar',
          on: {
            SCAN: [
              ...faultsOfARun,
              jogOver,
              { guard: 'late', target: 'Delta' },
              { actions: 'watch' },
            ],
          },
        },
        Delta: {
          entry: 'closeDelta',
          on: {
            SCAN: [
              ...faultsOfARun,
              jogOver,
              { guard: 'still', target: '#Faulted', actions: noted('device.feedback-lost') },
              { guard: 'inDelta', target: '#Running' },
              { guard: 'late', target: '#Faulted', actions: noted('device.no-delta') },
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
          jogOver,
          { guard: 'still', target: 'Faulted', actions: noted('device.feedback-lost') },
          { guard: 'lostDelta', target: 'Faulted', actions: noted('device.no-delta') },
          { guard: 'oddTooLong', target: 'Faulted', actions: noted('device.no-speed') },
          { actions: 'watch' },
        ],
        START: [...startWhileOn],
        JOG: [...jogOn],
        STOP: [...stop],
      },
    },
    Stopping: {
      id: 'Stopping',
      entry: [{ type: 'enter', params: { state: 'Stopping' } }, 'awaitStandstill'],
      on: {
        SCAN: [
          { guard: 'tripped', target: '#Faulted', actions: 'noteTrip' },
          { guard: 'still', target: 'Stopped' },
          { guard: 'interlocked', target: '#Interlocked', actions: 'noteInterlock' },
          { guard: 'late', target: 'Faulted', actions: noted('device.welded') },
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
        OUT_OF_SERVICE: [...outOfService],
      },
    },
    LocalOff: {
      id: 'LocalOff',
      entry: ['rest', { type: 'enter', params: { state: 'LocalOff' } }],
      on: {
        SCAN: [
          { guard: 'tripped', target: 'Faulted', actions: 'noteTrip' },
          { guard: 'remote', target: 'Stopped', actions: 'forget' },
          { actions: 'watch' },
        ],
        STOP: { actions: 'accept' },
        OUT_OF_SERVICE: [...outOfService],
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
        OUT_OF_SERVICE: [...outOfService],
      },
    },
    OutOfService: {
      id: 'OutOfService',
      entry: [
        'rest',
        'takeOut',
        { type: 'enter', params: { state: 'OutOfService' } },
        noted('device.out-of-service'),
      ],
      on: {
        OUT_OF_SERVICE: [
          { guard: 'putBack', target: 'Stopped', actions: 'putBack' },
          { actions: 'refuse' },
        ],
        STOP: { actions: 'accept' },
      },
    },
  },
});
