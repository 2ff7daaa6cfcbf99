import { setup } from 'xstate';
import { notGood, openConditions } from '../../logic/interlock.ts';
import type { Condition } from '../../model/condition.ts';
import type { GateState } from '../../model/isa88.ts';
import { GATE_STATES } from '../../model/isa88.ts';
import type { Reason } from '../../model/reason.ts';
import { reason } from '../../model/reason.ts';
import { isOff, isOn } from '../../model/tag.ts';
import type { EventBase, MachineOutput } from '../contract.ts';
import type { KitContext, MachineEvent, View } from '../kit.ts';
import {
  ACCEPTED,
  codeOf,
  effects,
  flagArg,
  newContext,
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
  stoppedBy,
} from './device-mode.ts';
import { travelLimitMs } from './travel.ts';

/** What a gate machine is made with. */
export interface GateInput {
  readonly id: string;
  readonly travelS: number;
  readonly permissives: readonly Condition[];
  readonly interlocks: readonly Condition[];
}

export interface GateContext extends KitContext, Moded {
  readonly id: string;
  readonly state: GateState;
  readonly made: GateInput;
  readonly deadlineMs: number | null;
  readonly reasons: readonly Reason[];
}

function gateView(context: GateContext): View {
  const { id, state, owner, deadlineMs, reasons, mode, lastStop } = context;
  return {
    writes: { [`${id}.OpenCmd`]: isEnergized(context) },
    publishes: { [`${id}.State`]: codeOf(GATE_STATES, state) },
    alarms: { [`${id}.Fault`]: state === 'Faulted' },
    status: {
      kind: 'device',
      device: id,
      owner,
      reasons,
      module: {
        mode: modeInForce(context),
        chosenMode: mode,
        firstOut: unusable(context) ? (reasons[0] ?? null) : null,
        lastStop,
        startsInHour: null,
        canJog: false,
      },
    },
    wakeAtMs: deadlineMs,
  };
}

const { effect, enter } = effects<GateContext>(gateView);

/** True where it is held open or driven there; nowhere else may the output be on. */
function isEnergized({ state }: GateContext): boolean {
  return state === 'Opening' || state === 'Open';
}

/** Why it left its open place, where it was in it or on the way there. */
function leaving(context: GateContext, event: EventBase, reasons: readonly Reason[]) {
  return isEnergized(context) ? { lastStop: stopFor(event, reasons) } : {};
}

/** Why it must be closed: a limit switch that cannot be trusted, or an open interlock. */
function interlockReasons({ made }: GateContext, event: EventBase): Reason[] {
  const switches = ['OpenLS', 'CloseLS'].map((role) =>
    notGood(`${made.id}.${role}`, event.inputs[role]),
  );
  return [
    ...switches.filter((one) => one !== null),
    ...openConditions(made.id, made.interlocks, (tag) => event.inputs[tag]),
  ];
}

function openRefusals(context: GateContext, event: MachineEvent): Reason[] {
  const unheard = commandRefusals(context, event);
  if (unheard.length > 0) return unheard;
  const { made } = context;
  return [
    ...interlockReasons(context, event),
    ...openConditions(made.id, made.permissives, (tag) => event.inputs[tag], 'permissive.open'),
  ];
}

function unusable(context: GateContext): boolean {
  return ['Faulted', 'Interlocked', 'OutOfService'].includes(context.state);
}

const base = setup({
  types: {} as {
    context: GateContext;
    events: MachineEvent;
    emitted: MachineOutput;
    input: GateInput;
  },
  actions: {
    enter,
    look: effect(() => ({})),
    accept: effect(() => ({ out: [ACCEPTED] })),
    refuse: effect(refuseUnknown),
    refuseOpen: effect((context, event) => ({ out: [refused(...openRefusals(context, event))] })),
    refuseOwned: effect((context, event) => {
      const owned = notYours(context, event);
      return owned === null ? refuseUnknown(context, event) : { out: [refused(owned)] };
    }),
    setOff: effect(({ made }, event) => ({
      set: { deadlineMs: event.nowMs + travelLimitMs(made.travelS), reasons: [] },
    })),
    arrive: effect(() => ({ set: { deadlineMs: null, reasons: [] } })),
    noteTravel: effect((context, event) => {
      const reasons = [reason('device.travel', { device: context.id })];
      return { set: { deadlineMs: null, reasons, ...leaving(context, event, reasons) } };
    }),
    noteInterlock: effect((context, event) => {
      const reasons = interlockReasons(context, event);
      return { set: { deadlineMs: null, reasons, ...leaving(context, event, reasons) } };
    }),
    noteOutOfService: effect(({ id }) => ({
      set: {
        deadlineMs: null,
        outOfService: true,
        reasons: [reason('device.out-of-service', { device: id })],
      },
    })),
    noteClose: effect((context, event) => ({
      set: leaving(context, event, [stoppedBy(context, event)]),
      out: [ACCEPTED],
    })),
    putBack: effect(() => ({ set: { outOfService: false }, out: [ACCEPTED] })),
    changeMode: effect((context, event) =>
      changeMode(context, event, !isEnergized(context) && context.state !== 'Closing'),
    ),
    acquire: effect((context, event) =>
      acquireInMode(context, event, unusable(context) ? context.reasons : []),
    ),
    release: effect(release),
  },
  guards: {
    interlocked: ({ context, event }) => interlockReasons(context, event).length > 0,
    isOpen: ({ event }) => isOn(event.inputs['OpenLS']) && isOff(event.inputs['CloseLS']),
    isClosed: ({ event }) => isOn(event.inputs['CloseLS']) && isOff(event.inputs['OpenLS']),
    late: ({ context, event }) => passed(context.deadlineMs, event.nowMs),
    mayOpen: ({ context, event }) => openRefusals(context, event).length === 0,
    mayCommand: ({ context, event }) => notYours(context, event) === null,
    takenOut: ({ context, event }) =>
      flagArg(event, 'on') === true && notYours(context, event) === null,
    putBack: ({ event }) => flagArg(event, 'on') === false,
    isOut: ({ context }) => context.outOfService,
  },
});

const interlock = {
  guard: 'interlocked',
  target: '#Interlocked',
  actions: 'noteInterlock',
} as const;
const close = [
  { guard: 'mayCommand', target: '#Closing', actions: 'noteClose' },
  { actions: 'refuseOwned' },
] as const;
const serviceOut = [
  { guard: 'takenOut', target: '#OutOfService', actions: 'accept' },
  { actions: 'refuseOwned' },
] as const;

/**
 * A gate or slide with two limit switches (DOMAIN 3). It is closed without power, and closes by
 * itself on an interlock or when its switches cannot be trusted.
 * Commands: OPEN, CLOSE, RESET, MODE {mode}, OUT_OF_SERVICE {on}, ACQUIRE, RELEASE.
 */
export const gateMachine = base.createMachine({
  id: 'gate',
  context: ({ input }) => ({
    ...newContext(input.id, 'Closed'),
    state: 'Closed',
    made: input,
    ...NEW_MODED,
    deadlineMs: null,
    reasons: [],
  }),
  initial: 'Closed',
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
    Closed: {
      entry: ['arrive', { type: 'enter', params: { state: 'Closed' } }],
      on: {
        SCAN: [
          { guard: 'isOut', target: 'OutOfService' },
          interlock,
          { guard: 'isClosed', actions: 'arrive' },
          { target: 'Closing' },
        ],
        OPEN: [
          { guard: 'mayOpen', target: 'Opening', actions: 'accept' },
          { actions: 'refuseOpen' },
        ],
        CLOSE: { actions: 'accept' },
        RESET: { actions: 'accept' },
        OUT_OF_SERVICE: [...serviceOut],
      },
    },
    Opening: {
      entry: ['setOff', { type: 'enter', params: { state: 'Opening' } }],
      on: {
        SCAN: [
          interlock,
          { guard: 'isOpen', target: 'Open' },
          { guard: 'late', target: 'Faulted', actions: 'noteTravel' },
          { actions: 'look' },
        ],
        OPEN: { actions: 'accept' },
        CLOSE: [...close],
      },
    },
    Open: {
      entry: ['arrive', { type: 'enter', params: { state: 'Open' } }],
      on: {
        SCAN: [interlock, { guard: 'isOpen', actions: 'look' }, { target: 'Opening' }],
        OPEN: { actions: 'accept' },
        CLOSE: [...close],
      },
    },
    Closing: {
      id: 'Closing',
      entry: ['setOff', { type: 'enter', params: { state: 'Closing' } }],
      on: {
        SCAN: [
          interlock,
          { guard: 'isClosed', target: 'Closed' },
          { guard: 'late', target: 'Faulted', actions: 'noteTravel' },
          { actions: 'look' },
        ],
        OPEN: [
          { guard: 'mayOpen', target: 'Opening', actions: 'accept' },
          { actions: 'refuseOpen' },
        ],
        CLOSE: { actions: 'accept' },
      },
    },
    Faulted: {
      entry: { type: 'enter', params: { state: 'Faulted' } },
      on: {
        CLOSE: { actions: 'accept' },
        RESET: { target: 'Closing', actions: 'accept' },
        OUT_OF_SERVICE: [...serviceOut],
      },
    },
    Interlocked: {
      id: 'Interlocked',
      entry: { type: 'enter', params: { state: 'Interlocked' } },
      on: {
        SCAN: [{ guard: 'interlocked', actions: 'noteInterlock' }, { target: 'Closing' }],
        OPEN: { actions: 'refuseOpen' },
        CLOSE: { actions: 'accept' },
        OUT_OF_SERVICE: [...serviceOut],
      },
    },
    OutOfService: {
      id: 'OutOfService',
      entry: ['noteOutOfService', { type: 'enter', params: { state: 'OutOfService' } }],
      on: {
        CLOSE: { actions: 'accept' },
        OUT_OF_SERVICE: [
          { guard: 'putBack', target: 'Closing', actions: 'putBack' },
          { actions: 'refuse' },
        ],
      },
    },
  },
});
