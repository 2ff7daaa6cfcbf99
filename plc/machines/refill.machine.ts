import { setup } from 'xstate';
import { ROUTE_STATES } from '../model/isa88.ts';
import { goodNumber, isOff } from '../model/tag.ts';
import type { EventBase, MachineOutput } from './contract.ts';
import type { KitContext, MachineEvent } from './kit.ts';
import {
  ACCEPTED,
  earliest,
  effects,
  input,
  newContext,
  numberArg,
  passed,
  refuseUnknown,
  send,
  stateOf,
} from './kit.ts';

/** What the refill of one bin is made with. */
export interface RefillInput {
  readonly id: string;
  readonly bin: string;
  readonly route: string;
  /** Storage bins with its material, in the order in which they are emptied. */
  readonly sources: readonly string[];
  readonly startPct: number;
  readonly stopPct: number;
  /** Turn among the bins of the same route: an emptier bin asks earlier. */
  readonly turn: number;
  /** Refills of other bins by the same route. */
  readonly rivals: readonly string[];
}

export interface RefillContext extends KitContext {
  readonly state: 'Full' | 'Waiting' | 'Asked' | 'Filling';
  readonly made: RefillInput;
  readonly source: string | null;
  /** An emptier bin waits for the route that this one has. */
  readonly wanted: boolean;
  /** When it asks for the route (again), and when it reminds those who have it, process ms. */
  readonly askAtMs: number | null;
  readonly remindAtMs: number | null;
}

/**
 * Bins that want the same route ask for it after a time that grows with their level, so that the
 * emptiest one is first, and bins of equal level take turns in the order of the mill definition.
 */
const ASK_MS_PER_PCT = 200;
const ASK_MS_PER_TURN = 50;
/** A route that was asked must have begun within this, ms. */
const ANSWER_MS = 1_000;
/** While the route is taken, the others are told of the wait this often, ms. */
const REMIND_MS = 30_000;
/**
 * A bin that has the route lets an emptier one have it once it is so far above its start level, %:
 * each change of material costs the route a clean-out, so it is not given up for less.
 */
const YIELD_PCT = 10;

const { effect, enter } = effects<RefillContext>(({ askAtMs, remindAtMs }) => ({
  wakeAtMs: earliest(askAtMs, remindAtMs),
}));

function levelPct(event: EventBase): number | null {
  return goodNumber(event.inputs['LevelPct']);
}

function routeState(event: EventBase) {
  return stateOf(ROUTE_STATES, input(event.inputs, 'RouteState'));
}

function bestSource({ made }: RefillContext, event: EventBase): string | null {
  return made.sources.find((one) => isOff(event.inputs[`${one}.Low`])) ?? null;
}

function tellRivals({ made }: RefillContext, event: EventBase): MachineOutput[] {
  const level = levelPct(event);
  if (level === null) return [];
  return made.rivals.map((rival) => send(rival, 'YIELD', { levelPct: level }));
}

function patienceMs({ made }: RefillContext, event: EventBase): number {
  return (levelPct(event) ?? 100) * ASK_MS_PER_PCT + made.turn * ASK_MS_PER_TURN;
}

const base = setup({
  types: {} as {
    context: RefillContext;
    events: MachineEvent;
    emitted: MachineOutput;
    input: RefillInput;
  },
  actions: {
    enter,
    look: effect(() => ({})),
    rest: effect(() => ({ set: { askAtMs: null, remindAtMs: null, source: null } })),
    await: effect((context, event) => ({
      set: { askAtMs: event.nowMs + patienceMs(context, event), remindAtMs: null },
    })),
    stopWaiting: effect(() => ({ set: { askAtMs: null, remindAtMs: null } })),
    begin: effect(() => ({ set: { askAtMs: null, remindAtMs: null, wanted: false } })),
    remind: effect((context, event) => ({
      set: { askAtMs: null, remindAtMs: event.nowMs + REMIND_MS },
      out: tellRivals(context, event),
    })),
    heed: effect((context, event) => {
      const rivalPct = numberArg(event, 'levelPct') ?? 100;
      const wanted = context.wanted || rivalPct < (levelPct(event) ?? 0);
      return { set: { wanted }, out: [ACCEPTED] };
    }),
    accept: effect(() => ({ out: [ACCEPTED] })),
    ask: effect((context, event) => {
      const source = bestSource(context, event);
      const { route, bin } = context.made;
      return {
        set: { source, askAtMs: event.nowMs + ANSWER_MS },
        out: source === null ? [] : [send(route, 'START', { source, destination: bin })],
      };
    }),
    stopRoute: effect(({ made }) => ({ out: [send(made.route, 'STOP')] })),
    refuse: effect(refuseUnknown),
  },
  guards: {
    isLow: ({ context, event }) => {
      const level = levelPct(event);
      return level !== null && level < context.made.startPct;
    },
    isFull: ({ context, event }) => {
      const level = levelPct(event);
      return level === null || level >= context.made.stopPct;
    },
    sourceEmpty: ({ context, event }) =>
      context.source === null || !isOff(event.inputs[`${context.source}.Low`]),
    routeIdle: ({ event }) => routeState(event) === 'Idle',
    routeTaken: ({ event }) => routeState(event) !== 'Idle',
    /** Also at the moment it is taken, so that it is not asked for any more. */
    mustRemind: ({ context, event }) =>
      routeState(event) !== 'Idle' &&
      (context.remindAtMs === null || passed(context.remindAtMs, event.nowMs)),
    mustYield: ({ context, event }) =>
      context.wanted && (levelPct(event) ?? 0) >= context.made.startPct + YIELD_PCT,
    isTurn: ({ context, event }) =>
      routeState(event) === 'Idle' &&
      passed(context.askAtMs, event.nowMs) &&
      bestSource(context, event) !== null,
    mustWait: ({ context, event }) => routeState(event) === 'Idle' && context.askAtMs === null,
    unanswered: ({ context, event }) => passed(context.askAtMs, event.nowMs),
    routeEnded: ({ event }) => {
      const state = routeState(event);
      return state === 'Idle' || state === 'Tripped' || state === 'Clearing';
    },
  },
});

/**
 * Refill of a dosing bin: below its start level it has the route bring its material from storage,
 * and ends it at its stop level, when the storage runs empty, or when an emptier bin waits for the
 * route and this one has enough for a while. It never starts a route that has tripped.
 */
export const refillMachine = base.createMachine({
  id: 'refill',
  context: ({ input: made }) => ({
    ...newContext(made.id, 'Full'),
    state: 'Full',
    made,
    source: null,
    wanted: false,
    askAtMs: null,
    remindAtMs: null,
  }),
  initial: 'Full',
  on: {
    SCAN: { actions: 'look' },
    RESTORED: { target: '.Full' },
    REFUSED: { actions: 'look' },
    YIELD: { actions: 'accept' },
    '*': { actions: 'refuse' },
  },
  states: {
    Full: {
      entry: [{ type: 'enter', params: { state: 'Full' } }, 'rest'],
      on: { SCAN: [{ guard: 'isLow', target: 'Waiting' }, { actions: 'look' }] },
    },
    Waiting: {
      entry: [{ type: 'enter', params: { state: 'Waiting' } }, 'stopWaiting'],
      on: {
        SCAN: [
          { guard: 'isFull', target: 'Full' },
          { guard: 'mustRemind', actions: 'remind' },
          { guard: 'isTurn', target: 'Asked' },
          { guard: 'mustWait', actions: 'await' },
          { actions: 'look' },
        ],
      },
    },
    Asked: {
      entry: [{ type: 'enter', params: { state: 'Asked' } }, 'ask'],
      on: {
        REFUSED: { target: 'Waiting' },
        SCAN: [
          { guard: 'routeTaken', target: 'Filling' },
          { guard: 'unanswered', target: 'Waiting' },
          { actions: 'look' },
        ],
      },
    },
    Filling: {
      entry: [{ type: 'enter', params: { state: 'Filling' } }, 'begin'],
      on: {
        YIELD: { actions: 'heed' },
        // Another bin was faster in the same scan.
        REFUSED: { target: 'Waiting' },
        SCAN: [
          { guard: 'routeEnded', target: 'Full' },
          { guard: 'isFull', target: 'Full', actions: 'stopRoute' },
          { guard: 'mustYield', target: 'Full', actions: 'stopRoute' },
          { guard: 'sourceEmpty', target: 'Full', actions: 'stopRoute' },
          { actions: 'look' },
        ],
      },
    },
  },
});
