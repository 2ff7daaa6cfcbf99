import { setup } from 'xstate';
import { notGood } from '../logic/interlock.ts';
import type { DiverterState } from '../model/isa88.ts';
import { DIVERTER_STATES } from '../model/isa88.ts';
import type { Reason } from '../model/reason.ts';
import { reason } from '../model/reason.ts';
import { goodNumber, isOn } from '../model/tag.ts';
import type { EventBase, MachineOutput } from './contract.ts';
import type { KitContext, MachineEvent } from './kit.ts';
import {
  ACCEPTED,
  codeOf,
  effects,
  flagArg,
  invalidArg,
  newContext,
  numberArg,
  passed,
  refused,
  refuseUnknown,
} from './kit.ts';
import { acquire, notYours, release } from './owner.ts';
import { travelLimitMs } from './travel.ts';

/** What a diverter or distributor machine is made with. */
export interface DiverterInput {
  readonly id: string;
  readonly positions: number;
  readonly travelS: number;
}

export interface DiverterContext extends KitContext {
  readonly state: DiverterState;
  readonly made: DiverterInput;
  readonly owner: string | null;
  /** Position asked for; null until the first request, when it stands wherever it stood. */
  readonly position: number | null;
  readonly deadlineMs: number | null;
  readonly reasons: readonly Reason[];
}

const { effect, enter } = effects<DiverterContext>(
  ({ id, state, owner, position, deadlineMs, reasons }) => ({
    writes: position === null ? {} : { [`${id}.Req`]: position },
    publishes: { [`${id}.State`]: codeOf(DIVERTER_STATES, state) },
    alarms: { [`${id}.Fault`]: state === 'Faulted' },
    status: { kind: 'device', device: id, owner, reasons },
    wakeAtMs: deadlineMs,
  }),
);

function signalReasons({ id }: DiverterContext, event: EventBase): Reason[] {
  return ['Pos', 'InPos']
    .map((role) => notGood(`${id}.${role}`, event.inputs[role]))
    .filter((one) => one !== null);
}

function isThere(context: DiverterContext, event: EventBase): boolean {
  const at = goodNumber(event.inputs['Pos']);
  const wanted = context.position ?? at;
  return isOn(event.inputs['InPos']) && at !== null && at === wanted;
}

function wantedPosition(context: DiverterContext, event: MachineEvent): number | null {
  const position = numberArg(event, 'position');
  const { positions } = context.made;
  const fits = position !== null && Number.isInteger(position);
  return fits && position >= 1 && position <= positions ? position : null;
}

function turnRefusals(context: DiverterContext, event: MachineEvent): Reason[] {
  const owned = notYours(context, event);
  if (owned !== null) return [owned];
  return wantedPosition(context, event) === null ? [invalidArg('position')] : [];
}

const base = setup({
  types: {} as {
    context: DiverterContext;
    events: MachineEvent;
    emitted: MachineOutput;
    input: DiverterInput;
  },
  actions: {
    enter,
    look: effect(() => ({})),
    accept: effect(() => ({ out: [ACCEPTED] })),
    refuse: effect(refuseUnknown),
    refuseTurn: effect((context, event) => ({ out: [refused(...turnRefusals(context, event))] })),
    refuseOwned: effect((context, event) => {
      const owned = notYours(context, event);
      return owned === null ? refuseUnknown(context, event) : { out: [refused(owned)] };
    }),
    turn: effect((context, event) => ({
      set: { position: wantedPosition(context, event) },
      out: [ACCEPTED],
    })),
    setOff: effect(({ made }, event) => ({
      set: { deadlineMs: event.nowMs + travelLimitMs(made.travelS), reasons: [] },
    })),
    waitForSignal: effect((context, event) => ({
      set: {
        deadlineMs: event.nowMs + travelLimitMs(context.made.travelS),
        reasons: signalReasons(context, event),
      },
    })),
    arrive: effect(() => ({ set: { deadlineMs: null, reasons: [] } })),
    noteTravel: effect(({ id }) => ({
      set: { deadlineMs: null, reasons: [reason('device.travel', { device: id })] },
    })),
    noteOutOfService: effect(({ id }) => ({
      set: { deadlineMs: null, reasons: [reason('device.out-of-service', { device: id })] },
    })),
    acquire: effect((context, event) =>
      acquire(context, event, context.state === 'InPosition' ? [] : context.reasons),
    ),
    release: effect(release),
  },
  guards: {
    unseen: ({ context, event }) => signalReasons(context, event).length > 0,
    isThere: ({ context, event }) => isThere(context, event),
    late: ({ context, event }) => passed(context.deadlineMs, event.nowMs),
    mayTurn: ({ context, event }) => turnRefusals(context, event).length === 0,
    takenOut: ({ context, event }) =>
      flagArg(event, 'on') === true && notYours(context, event) === null,
    putBack: ({ event }) => flagArg(event, 'on') === false,
  },
});

const turn = [
  { guard: 'mayTurn', target: '#Turning', actions: 'turn', reenter: true },
  { actions: 'refuseTurn' },
] as const;
const serviceOut = [
  { guard: 'takenOut', target: '#OutOfService', actions: 'accept' },
  { actions: 'refuseOwned' },
] as const;

/**
 * A diverter or distributor (DOMAIN 3). Its owner sees to it that nothing flows while it turns.
 * While its position cannot be seen it counts as turning, without a deadline: a lost link is no
 * stuck flap.
 * Commands: POSITION {position}, RESET, OUT_OF_SERVICE {on}, ACQUIRE, RELEASE.
 */
export const diverterMachine = base.createMachine({
  id: 'diverter',
  context: ({ input }) => ({
    ...newContext(input.id, 'Turning'),
    state: 'Turning',
    made: input,
    owner: null,
    position: null,
    deadlineMs: null,
    reasons: [],
  }),
  initial: 'Turning',
  on: {
    SCAN: { actions: 'look' },
    RESTORED: { actions: 'look' },
    REFUSED: { actions: 'look' },
    ACQUIRE: { actions: 'acquire' },
    RELEASE: { actions: 'release' },
    '*': { actions: 'refuse' },
  },
  states: {
    InPosition: {
      entry: ['arrive', { type: 'enter', params: { state: 'InPosition' } }],
      on: {
        SCAN: [{ guard: 'isThere', actions: 'look' }, { target: 'Turning' }],
        POSITION: [...turn],
        RESET: { actions: 'accept' },
        OUT_OF_SERVICE: [...serviceOut],
      },
    },
    Turning: {
      id: 'Turning',
      entry: ['setOff', { type: 'enter', params: { state: 'Turning' } }],
      on: {
        SCAN: [
          { guard: 'unseen', actions: 'waitForSignal' },
          { guard: 'isThere', target: 'InPosition' },
          { guard: 'late', target: 'Faulted' },
          { actions: 'look' },
        ],
        POSITION: [...turn],
        OUT_OF_SERVICE: [...serviceOut],
      },
    },
    Faulted: {
      entry: ['noteTravel', { type: 'enter', params: { state: 'Faulted' } }],
      on: {
        RESET: { target: 'Turning', actions: 'accept' },
        OUT_OF_SERVICE: [...serviceOut],
      },
    },
    OutOfService: {
      id: 'OutOfService',
      entry: ['noteOutOfService', { type: 'enter', params: { state: 'OutOfService' } }],
      on: {
        OUT_OF_SERVICE: [
          { guard: 'putBack', target: 'Turning', actions: 'accept' },
          { actions: 'refuse' },
        ],
      },
    },
  },
});
