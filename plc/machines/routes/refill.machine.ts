import { setup } from 'xstate';
import { isOff } from '../../model/tag.ts';
import type { EventBase, MachineOutput } from '../contract.ts';
import type { Effect, MachineEvent } from '../kit.ts';
import {
  ACCEPTED,
  effects,
  flagArg,
  newContext,
  numberArg,
  passed,
  refuseUnknown,
  send,
  senderOf,
} from '../kit.ts';
import { lotsTold } from '../stock/lots-news.ts';
import type { RefillContext, RefillInput } from './refill.context.ts';
import { batchesLeft, isUrgent, letsStand, levelPct, totalDemand } from './refill-need.ts';
import {
  bestSource,
  isFull,
  isMuchEmptier,
  isNearlyEmpty,
  isSafe,
  mustFill,
  mustYield,
  refillView,
  routeState,
  watched,
} from './refill-rules.ts';

/**
 * Bins that want the same route ask for it after a time that grows with their level, so that the
 * emptiest one is first, and bins of equal level take turns in the order of the mill definition.
 * Before all of them comes the bin whose order starves first, of twins the emptiest.
 */
const ASK_MS_PER_PCT = 200;
const ASK_MS_PER_TURN = 50;
const ASK_MS_PER_BATCH = 200;
const ASK_MS_PER_PCT_OF_TWIN = 20;
/** A route that was asked must have begun within this, ms. */
const ANSWER_MS = 1_000;
/** While the route is taken, the others are told of the wait this often, ms. */
const REMIND_MS = 30_000;
/** While no source holds enough, it is looked again after this, ms. */
const SOURCE_LOOK_MS = 10_000;

const { effect, enter } = effects<RefillContext>(refillView);

type Step = Effect<RefillContext>;

function tellRivals(context: RefillContext, event: EventBase): MachineOutput[] {
  const level = levelPct(event);
  if (level === null) return [];
  const forOrder = isUrgent(context, event);
  const batches = batchesLeft(context, event);
  const args = { levelPct: level, forOrder, ...(batches === null ? {} : { batches }) };
  return context.made.rivals.map((rival) => send(rival, 'YIELD', args));
}

function patienceMs(context: RefillContext, event: EventBase): number {
  const turnMs = context.made.turn * ASK_MS_PER_TURN;
  const left = isUrgent(context, event) ? batchesLeft(context, event) : null;
  const level = levelPct(event) ?? 100;
  if (left !== null) return left * ASK_MS_PER_BATCH + level * ASK_MS_PER_PCT_OF_TWIN + turnMs;
  return level * ASK_MS_PER_PCT + turnMs;
}

/** Asks for the route: at once when it is idle, in its queue for a running order's need. */
function ask(context: RefillContext, event: EventBase, wait: boolean): Step {
  const source = bestSource(context, event);
  const { route, bin } = context.made;
  const priority = isUrgent(context, event) ? 'order' : 'routine';
  const args = { source, destination: bin, priority, ...(wait ? { wait } : {}) };
  return {
    set: { source, askAtMs: wait ? null : event.nowMs + ANSWER_MS },
    out: source === null ? [] : [send(route, 'START', args)],
  };
}

/** DEMAND {kg, batchKg}: what the sender will take from the bin; told on to what fills it. */
function noteDemand(context: RefillContext, event: MachineEvent): Step {
  const by = senderOf(event);
  const kg = numberArg(event, 'kg');
  const batchKg = numberArg(event, 'batchKg');
  if (by?.kind !== 'machine' || kg === null || batchKg === null) {
    return refuseUnknown(context, event);
  }
  const demands = { ...context.demands, [by.id]: { kg, batchKg } };
  const total = totalDemand({ demands });
  const share = context.made.upstream.length;
  const told = { kg: total.kg / share, batchKg: total.batchKg / share };
  return {
    set: { ...watched({ ...context, demands }, event), demands },
    out: [ACCEPTED, ...context.made.upstream.map((refill) => send(refill, 'DEMAND', { ...told }))],
  };
}

function heed(context: RefillContext, event: MachineEvent): Step {
  const rivalPct = numberArg(event, 'levelPct') ?? 100;
  const forOrder = flagArg(event, 'forOrder') ?? false;
  const mine = isUrgent(context, event);
  return {
    set: {
      wanted: context.wanted || isMuchEmptier(rivalPct, event),
      wantedForOrder: context.wantedForOrder || (forOrder && !mine),
      wantedSoon: context.wantedSoon || isNearlyEmpty(context, rivalPct),
      wantedByStanding:
        context.wantedByStanding || (forOrder && letsStand(numberArg(event, 'batches'))),
    },
    out: [ACCEPTED],
  };
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
    look: effect((context, event) => ({ set: watched(context, event) })),
    rest: effect((context, event) => ({
      set: { ...watched(context, event), askAtMs: null, remindAtMs: null, source: null },
    })),
    await: effect((context, event) => ({
      set: {
        ...watched(context, event),
        askAtMs: event.nowMs + patienceMs(context, event),
        remindAtMs: null,
      },
    })),
    awaitSource: effect((context, event) => ({
      set: { ...watched(context, event), askAtMs: event.nowMs + SOURCE_LOOK_MS },
    })),
    stopWaiting: effect(() => ({ set: { askAtMs: null, remindAtMs: null } })),
    waitAgain: effect((_context, event) => ({ set: { remindAtMs: event.nowMs + REMIND_MS } })),
    begin: effect(() => ({
      set: {
        askAtMs: null,
        remindAtMs: null,
        wanted: false,
        wantedForOrder: false,
        wantedSoon: false,
        wantedByStanding: false,
        reasons: [],
      },
    })),
    remind: effect((context, event) => ({
      set: { ...watched(context, event), askAtMs: null, remindAtMs: event.nowMs + REMIND_MS },
      out: tellRivals(context, event),
    })),
    heed: effect(heed),
    followLots: effect((context, event) => {
      const lotsIn = lotsTold(event)?.bins ?? context.lotsIn;
      return { set: { lotsIn, ...watched({ ...context, lotsIn }, event) } };
    }),
    noteDemand: effect(noteDemand),
    accept: effect(() => ({ out: [ACCEPTED] })),
    ask: effect((context, event) => ask(context, event, false)),
    getInLine: effect((context, event) => {
      const step = ask(context, event, true);
      return {
        set: { ...step.set, remindAtMs: event.nowMs + REMIND_MS },
        out: [...(step.out ?? []), ...tellRivals(context, event)],
      };
    }),
    leaveLine: effect(({ made }) => ({
      out: [send(made.route, 'CANCEL', { destination: made.bin })],
    })),
    stopRoute: effect(({ made }) => ({ out: [send(made.route, 'STOP')] })),
    refuse: effect(refuseUnknown),
  },
  guards: {
    mustFill: ({ context, event }) => mustFill(context, event),
    needsNothing: ({ context, event }) => !mustFill(context, event),
    isFull: ({ context, event }) => isFull(context, event),
    sourceEmpty: ({ context, event }) =>
      context.source === null ||
      !isOff(event.inputs[`${context.source}.Low`]) ||
      !isSafe(context, context.source),
    routeTaken: ({ event }) => routeState(event) !== 'Idle',
    /** Also at the moment it is taken, so that it is not asked for any more. */
    mustRemind: ({ context, event }) =>
      routeState(event) !== 'Idle' &&
      (context.remindAtMs === null || passed(context.remindAtMs, event.nowMs)),
    /** An order will starve: it gets in line at the route. Asked again only after a while. */
    mustQueue: ({ context, event }) =>
      !['Idle', 'Tripped', null].includes(routeState(event)) &&
      isUrgent(context, event) &&
      (context.remindAtMs === null || passed(context.remindAtMs, event.nowMs)) &&
      bestSource(context, event) !== null,
    mustYield: ({ context, event }) => mustYield(context, event),
    isTurn: ({ context, event }) =>
      routeState(event) === 'Idle' &&
      passed(context.askAtMs, event.nowMs) &&
      bestSource(context, event) !== null,
    noSource: ({ context, event }) =>
      routeState(event) === 'Idle' &&
      passed(context.askAtMs, event.nowMs) &&
      bestSource(context, event) === null,
    mustWait: ({ context, event }) => routeState(event) === 'Idle' && context.askAtMs === null,
    unanswered: ({ context, event }) => passed(context.askAtMs, event.nowMs),
    routeTripped: ({ event }) => ['Tripped', null].includes(routeState(event)),
    routeEnded: ({ event }) => {
      const state = routeState(event);
      return state === 'Idle' || state === 'Tripped' || state === 'Clearing';
    },
  },
});

/**
 * Refill of a dosing bin (DOMAIN 4): by level, by what the running and queued orders will take
 * from it, and by the hours of the energy tariff, it has the route bring its material from
 * storage. It ends that at its stop level, when the storage runs empty (and goes on from the next
 * one), or when a bin waits for the route that needs it more. It never starts a route that has
 * tripped. Commands, from machines: DEMAND {kg, batchKg}, YIELD {levelPct, forOrder, batches},
 * and SERVED and EXPIRED of the route whose queue it is in.
 */
export const refillMachine = base.createMachine({
  id: 'refill',
  context: ({ input: made }) => ({
    ...newContext(made.id, 'Full'),
    state: 'Full',
    made,
    source: null,
    demands: {},
    wanted: false,
    wantedForOrder: false,
    wantedSoon: false,
    wantedByStanding: false,
    askAtMs: null,
    remindAtMs: null,
    tariffAtMs: null,
    lotsIn: {},
    reasons: [],
  }),
  initial: 'Full',
  on: {
    SCAN: { actions: 'look' },
    RESTORED: { target: '.Full' },
    REFUSED: { actions: 'look' },
    TOLD: { actions: 'followLots' },
    YIELD: { actions: 'accept' },
    DEMAND: { actions: 'noteDemand' },
    SERVED: { target: '.Filling', actions: 'accept' },
    EXPIRED: { actions: 'accept' },
    '*': { actions: 'refuse' },
  },
  states: {
    Full: {
      entry: [{ type: 'enter', params: { state: 'Full' } }, 'rest'],
      on: { SCAN: [{ guard: 'mustFill', target: 'Waiting' }, { actions: 'look' }] },
    },
    Waiting: {
      entry: [{ type: 'enter', params: { state: 'Waiting' } }, 'stopWaiting'],
      on: {
        SCAN: [
          { guard: 'needsNothing', target: 'Full' },
          { guard: 'mustQueue', target: 'Queued' },
          { guard: 'mustRemind', actions: 'remind' },
          { guard: 'isTurn', target: 'Asked' },
          { guard: 'noSource', actions: 'awaitSource' },
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
    Queued: {
      entry: [{ type: 'enter', params: { state: 'Queued' } }, 'getInLine'],
      on: {
        SERVED: { target: 'Filling', actions: 'accept' },
        EXPIRED: { target: 'Waiting', actions: 'accept' },
        REFUSED: { target: 'Waiting', actions: 'waitAgain' },
        SCAN: [
          { guard: 'isFull', target: 'Full', actions: 'leaveLine' },
          { guard: 'routeTripped', target: 'Waiting', actions: 'leaveLine' },
          { guard: 'mustRemind', actions: 'remind' },
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
