import { setup } from 'xstate';
import type { MachineOutput } from '../contract.ts';
import type { MachineEvent } from '../kit.ts';
import { ACCEPTED, effects, newContext, refused, refuseUnknown } from '../kit.ts';
import { acquire, notYours, release } from '../owner.ts';
import type { CoolerContext, CoolerInput } from './cooler-rules.ts';
import {
  burns,
  coolerView,
  cooling,
  DAMPER_MS,
  fireOutRefusals,
  isLetDown,
  mayLetDown,
  resting,
  startRefusals,
  TOP_M,
} from './cooler-rules.ts';

const { effect, enter } = effects<CoolerContext>(coolerView);

const base = setup({
  types: {} as {
    context: CoolerContext;
    events: MachineEvent;
    emitted: MachineOutput;
    input: CoolerInput;
  },
  actions: {
    enter,
    look: effect((context, event) => ({ set: resting(context, event) })),
    watch: effect((context, event) => ({ set: cooling(context, event) })),
    rest: effect((context, event) => ({
      set: {
        ...resting(context, event),
        unfedSinceMs: null,
        topM: TOP_M,
        warmSinceMs: null,
        coolSinceMs: null,
        tooWarm: false,
      },
    })),
    noteFire: effect((_context, event) => ({
      set: { fire: true, shutByMs: event.nowMs + DAMPER_MS },
    })),
    noteOut: effect(() => ({
      set: { fire: false, shutByMs: null, damperOpen: false },
      out: [ACCEPTED],
    })),
    accept: effect(() => ({ out: [ACCEPTED] })),
    refuse: effect(refuseUnknown),
    refuseStart: effect((context, event) => ({ out: [refused(...startRefusals(context, event))] })),
    refuseFireOut: effect((context, event) => ({
      out: [refused(...fireOutRefusals(context, event))],
    })),
    refuseOwned: effect((context, event) => {
      const owned = notYours(context, event);
      return owned === null ? refuseUnknown(context, event) : { out: [refused(owned)] };
    }),
    acquire: effect((context, event) =>
      acquire(context, event, context.fire ? context.reasons : []),
    ),
    release: effect(release),
  },
  guards: {
    mayStart: ({ context, event }) => startRefusals(context, event).length === 0,
    mayCommand: ({ context, event }) => notYours(context, event) === null,
    isOut: ({ context, event }) => fireOutRefusals(context, event).length === 0,
    burns: ({ context, event }) => burns(context, event),
    burnt: ({ context }) => context.fire,
    deep: ({ context, event }) => mayLetDown(context, event),
    letDown: ({ context, event }) => isLetDown(context, event),
  },
});

const fire = { guard: 'burns', target: 'Fire', actions: 'noteFire' } as const;
const stop = [
  { guard: 'mayCommand', target: 'Off', actions: 'accept' },
  { actions: 'refuseOwned' },
] as const;

/**
 * A counter-flow cooler (DOMAIN 4): lets down its bed when it is deep enough, deeper while product
 * leaves it warm, and runs empty when the press above it has stopped. It starts only while its fan
 * runs, and lets nothing out without air. Exhaust above its limit means fire: it lets nothing out,
 * shuts its air damper and shows `Fire`, by which what feeds it and its fan are interlocked, until
 * an engineer says that the fire is out.
 * Commands: START, STOP, FIRE_OUT, ACQUIRE, RELEASE.
 */
export const coolerMachine = base.createMachine({
  id: 'cooler',
  context: ({ input: made }) => ({
    ...newContext(made.id, 'Off'),
    state: 'Off',
    made,
    owner: null,
    unfedSinceMs: null,
    bedM: null,
    topM: TOP_M,
    warmSinceMs: null,
    coolSinceMs: null,
    tooWarm: false,
    fire: false,
    shutByMs: null,
    damperOpen: false,
    reasons: [],
  }),
  initial: 'Off',
  on: {
    SCAN: { actions: 'watch' },
    RESTORED: { target: '.Off' },
    REFUSED: { actions: 'look' },
    ACQUIRE: { actions: 'acquire' },
    RELEASE: { actions: 'release' },
    '*': { actions: 'refuse' },
  },
  states: {
    Off: {
      entry: [{ type: 'enter', params: { state: 'Off' } }, 'rest'],
      on: {
        SCAN: [fire, { guard: 'burnt', target: 'Fire', actions: 'noteFire' }, { actions: 'look' }],
        START: [
          { guard: 'mayStart', target: 'Cooling', actions: 'accept' },
          { actions: 'refuseStart' },
        ],
        STOP: { actions: 'accept' },
      },
    },
    Cooling: {
      entry: { type: 'enter', params: { state: 'Cooling' } },
      on: {
        SCAN: [
          fire,
          { guard: 'deep', target: 'Discharging', actions: 'watch' },
          { actions: 'watch' },
        ],
        START: { actions: 'accept' },
        STOP: [...stop],
      },
    },
    Discharging: {
      entry: { type: 'enter', params: { state: 'Discharging' } },
      on: {
        SCAN: [
          fire,
          { guard: 'letDown', target: 'Cooling', actions: 'watch' },
          { actions: 'watch' },
        ],
        START: { actions: 'accept' },
        STOP: [...stop],
      },
    },
    Fire: {
      entry: [{ type: 'enter', params: { state: 'Fire' } }, 'rest'],
      on: {
        SCAN: { actions: 'look' },
        START: { actions: 'refuseStart' },
        STOP: { actions: 'accept' },
        FIRE_OUT: [
          { guard: 'isOut', target: 'Off', actions: 'noteOut' },
          { actions: 'refuseFireOut' },
        ],
      },
    },
  },
});
