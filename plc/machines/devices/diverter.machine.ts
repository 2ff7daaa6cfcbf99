import { setup } from 'xstate';
import { notGood, openConditions } from '../../logic/interlock.ts';
import type { Condition } from '../../model/condition.ts';
import type { DiverterState } from '../../model/isa88.ts';
import { DIVERTER_STATES } from '../../model/isa88.ts';
import type { Reason } from '../../model/reason.ts';
import { reason } from '../../model/reason.ts';
import { goodNumber, isOn } from '../../model/tag.ts';
import type { EventBase, MachineOutput } from '../contract.ts';
import type { KitContext, MachineEvent, View } from '../kit.ts';
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
} from '../kit.ts';
import { notYours, release } from '../owner.ts';
import type { Moded } from './device-mode.ts';
import {
  acquireInMode,
  changeMode,
  commandRefusals,
  modeInForce,
  NEW_MODED,
  stopFor,
} from './device-mode.ts';
import type { FlowAbove, FlowMemory } from './flow-watch.ts';
import { flowReasons, NO_FLOW, watchFlow } from './flow-watch.ts';
import { travelLimitMs } from './travel.ts';

/** What a diverter or distributor machine is made with. */
export interface DiverterInput {
  readonly id: string;
  readonly positions: number;
  readonly travelS: number;
  /** Distributor: what must have brought all its product before it turns. Diverter: nothing. */
  readonly above: FlowAbove;
  readonly permissives: readonly Condition[];
}

export interface DiverterContext extends KitContext, Moded {
  readonly id: string;
  readonly state: DiverterState;
  readonly made: DiverterInput;
  readonly flow: FlowMemory;
  /** Position asked for; null until the first request, when it stands wherever it stood. */
  readonly position: number | null;
  readonly deadlineMs: number | null;
  readonly reasons: readonly Reason[];
}

function diverterView(context: DiverterContext): View {
  const { id, state, owner, position, deadlineMs, reasons, mode, lastStop } = context;
  const isOff = state === 'Faulted' || state === 'OutOfService';
  return {
    writes: position === null ? {} : { [`${id}.Req`]: position },
    publishes: { [`${id}.State`]: codeOf(DIVERTER_STATES, state) },
    alarms: { [`${id}.Fault`]: state === 'Faulted' },
    status: {
      kind: 'device',
      device: id,
      owner,
      reasons,
      module: {
        mode: modeInForce(context),
        chosenMode: mode,
        firstOut: isOff ? (reasons[0] ?? null) : null,
        lastStop,
        startsInHour: null,
        canJog: false,
      },
    },
    wakeAtMs: deadlineMs,
  };
}

const { effect, enter } = effects<DiverterContext>(diverterView);

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
  const unheard = commandRefusals(context, event);
  if (unheard.length > 0) return unheard;
  const wanted = wantedPosition(context, event);
  if (wanted === null) return [invalidArg('position')];
  const stays = wanted === context.position && context.state === 'InPosition';
  if (stays) return [];
  const { id, made, flow } = context;
  return [
    ...flowReasons(id, made.above, flow, event),
    ...openConditions(id, made.permissives, (tag) => event.inputs[tag], 'permissive.open'),
  ];
}

/** What each scan brings up to date. */
function watched({ made, flow }: DiverterContext, event: EventBase) {
  return { flow: watchFlow(made.above, flow, event) };
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
    look: effect((context, event) => ({ set: watched(context, event) })),
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
        ...watched(context, event),
        deadlineMs: event.nowMs + travelLimitMs(context.made.travelS),
        reasons: signalReasons(context, event),
      },
    })),
    arrive: effect(() => ({ set: { deadlineMs: null, reasons: [] } })),
    noteTravel: effect((context, event) => {
      const reasons = [reason('device.travel', { device: context.id })];
      return { set: { deadlineMs: null, reasons, lastStop: stopFor(event, reasons) } };
    }),
    noteOutOfService: effect(({ id }) => ({
      set: {
        deadlineMs: null,
        outOfService: true,
        reasons: [reason('device.out-of-service', { device: id })],
      },
    })),
    putBack: effect(() => ({ set: { outOfService: false }, out: [ACCEPTED] })),
    changeMode: effect((context, event) => changeMode(context, event, context.state !== 'Turning')),
    acquire: effect((context, event) =>
      acquireInMode(context, event, context.state === 'InPosition' ? [] : context.reasons),
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
    isOut: ({ context }) => context.outOfService,
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
 * A diverter or distributor (DOMAIN 3). A distributor never turns while product flows; the owner of
 * a plain diverter, a flap that may swing under product, sees to that himself.
 * While its position cannot be seen it counts as turning, without a deadline: a lost link is no
 * stuck flap.
 * Commands: POSITION {position}, RESET, MODE {mode}, OUT_OF_SERVICE {on}, ACQUIRE, RELEASE.
 */
export const diverterMachine = base.createMachine({
  id: 'diverter',
  context: ({ input }) => ({
    ...newContext(input.id, 'Turning'),
    state: 'Turning',
    made: input,
    ...NEW_MODED,
    flow: NO_FLOW,
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
    MODE: { actions: 'changeMode' },
    '*': { actions: 'refuse' },
  },
  states: {
    InPosition: {
      entry: ['arrive', { type: 'enter', params: { state: 'InPosition' } }],
      on: {
        SCAN: [
          { guard: 'isOut', target: 'OutOfService' },
          { guard: 'isThere', actions: 'look' },
          { target: 'Turning' },
        ],
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
          { guard: 'isOut', target: 'OutOfService' },
          { guard: 'unseen', actions: 'waitForSignal' },
          { guard: 'isThere', target: 'InPosition', actions: 'look' },
          { guard: 'late', target: 'Faulted', actions: 'noteTravel' },
          { actions: 'look' },
        ],
        POSITION: [...turn],
        OUT_OF_SERVICE: [...serviceOut],
      },
    },
    Faulted: {
      entry: { type: 'enter', params: { state: 'Faulted' } },
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
          { guard: 'putBack', target: 'Turning', actions: 'putBack' },
          { actions: 'refuse' },
        ],
      },
    },
  },
});
