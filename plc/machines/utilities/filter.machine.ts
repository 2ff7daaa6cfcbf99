import { setup } from 'xstate';
import type { FilterState } from '../../model/isa88.ts';
import { FILTER_STATES, MOTOR_STATES } from '../../model/isa88.ts';
import type { Reason } from '../../model/reason.ts';
import { reason } from '../../model/reason.ts';
import { goodNumber, isOff, isOn } from '../../model/tag.ts';
import type { EventBase, MachineOutput } from '../contract.ts';
import type { Effect, KitContext, MachineEvent, View } from '../kit.ts';
import {
  ACCEPTED,
  codeOf,
  effects,
  input,
  newContext,
  passed,
  refused,
  refuseUnknown,
  stateOf,
} from '../kit.ts';

/** What a bag filter's machine is made with. */
export interface FilterInput {
  readonly id: string;
  readonly fan: string;
  /** Differential pressure at which it is pulsed, and below which it is clean enough, mbar. */
  readonly startMbar: number;
  readonly stopMbar: number;
}

export interface FilterContext extends KitContext {
  readonly state: FilterState;
  readonly made: FilterInput;
  readonly pulses: number;
  /** Since when its fan runs, process ms. */
  readonly ranSinceMs: number | null;
  readonly deadlineMs: number | null;
  /** A person stopped it: it rests until it is started, or its fan starts anew. */
  readonly stopped: boolean;
  /** Its valves answered in this pulse; they did not in the last one that ended. */
  readonly answered: boolean;
  readonly failed: boolean;
}

/** One pulse over all rows of bags, and the wait for the pressure to settle, ms. */
const PULSE_MS = 10_000;
const WAIT_MS = 20_000;
/** Without the fan's air against it the cake falls best: it is pulsed for so long then, ms. */
const TRAIL_MS = 30_000;
/** A fan that ran for less leaves nothing worth a pulse, ms. */
const WORKED_MS = 30_000;
/** While the pressure cannot be read it is pulsed this often, ms. */
const BLIND_MS = 600_000;

const isCleaning = ({ state }: FilterContext) => state === 'Pulsing' || state === 'Trailing';

function filterView(context: FilterContext): View {
  const { id, state, made, failed } = context;
  const reasons: Reason[] = failed ? [reason('filter.not-cleaned', { device: id })] : [];
  return {
    writes: { [`${id}.CleanCmd`]: isCleaning(context) },
    publishes: {
      [`${id}.State`]: codeOf(FILTER_STATES, state),
      [`${id}.Pulses`]: context.pulses,
    },
    alarms: { [`${id}.NotCleaned`]: failed },
    status: { kind: 'device', device: made.id, owner: null, reasons },
    wakeAtMs: context.deadlineMs,
  };
}

const { effect, enter } = effects<FilterContext>(filterView);

/** Whether its fan runs; null where that cannot be told. */
function fanRuns(event: EventBase): boolean | null {
  const state = stateOf(MOTOR_STATES, input(event.inputs, 'FanState'));
  return state === null ? null : state === 'Running';
}

/** Air is blown into no filter that burns, or that cannot be seen. */
function hindrances({ id }: FilterContext, event: EventBase): Reason[] {
  const shut = ['VentBurst', 'Isolated'].filter((role) => !isOff(event.inputs[role]));
  return shut.map((role) => reason('interlock.open', { device: id, tag: `${id}.${role}` }));
}

function watch(context: FilterContext, event: EventBase): Effect<FilterContext> {
  const runs = fanRuns(event) === true;
  const began = runs && context.ranSinceMs === null;
  return {
    set: {
      ranSinceMs: runs ? (context.ranSinceMs ?? event.nowMs) : null,
      ...(began ? { stopped: false } : {}),
      answered: context.answered || isOn(event.inputs['Cleaning']),
    },
  };
}

/** What one pulse was worth: its valves answered, or they did not. */
function endPulse({ pulses, answered }: FilterContext, event: EventBase): Effect<FilterContext> {
  const failed = !answered && !isOn(event.inputs['Cleaning']);
  return { set: { pulses: pulses + 1, failed } };
}

function isClogging({ made, ranSinceMs, sinceMs }: FilterContext, event: EventBase): boolean {
  const mbar = goodNumber(event.inputs['DiffMbar']);
  if (ranSinceMs === null) return false;
  return mbar === null ? event.nowMs - sinceMs >= BLIND_MS : mbar >= made.startMbar;
}

const base = setup({
  types: {} as {
    context: FilterContext;
    events: MachineEvent;
    emitted: MachineOutput;
    input: FilterInput;
  },
  actions: {
    enter,
    watch: effect(watch),
    accept: effect(() => ({ out: [ACCEPTED] })),
    refuse: effect(refuseUnknown),
    refuseStart: effect((context, event) => ({ out: [refused(...hindrances(context, event))] })),
    rest: effect((_context, event) => ({ set: { deadlineMs: event.nowMs + BLIND_MS } })),
    beginPulse: effect((_context, event) => ({
      set: { deadlineMs: event.nowMs + PULSE_MS, answered: false },
    })),
    beginTrail: effect((_context, event) => ({
      set: { deadlineMs: event.nowMs + TRAIL_MS, answered: false, ranSinceMs: null },
    })),
    wait: effect((_context, event) => ({ set: { deadlineMs: event.nowMs + WAIT_MS } })),
    endPulse: effect(endPulse),
    stop: effect(() => ({ set: { stopped: true }, out: [ACCEPTED] })),
    allow: effect(() => ({ set: { stopped: false }, out: [ACCEPTED] })),
  },
  guards: {
    mustNot: ({ context, event }) =>
      hindrances(context, event).length > 0 || fanRuns(event) === null,
    mayStart: ({ context, event }) => hindrances(context, event).length === 0,
    isClogging: ({ context, event }) => !context.stopped && isClogging(context, event),
    fanStopped: ({ context, event }) =>
      !context.stopped &&
      fanRuns(event) === false &&
      context.ranSinceMs !== null &&
      event.nowMs - context.ranSinceMs >= WORKED_MS,
    over: ({ context, event }) => passed(context.deadlineMs, event.nowMs),
    isClean: ({ context, event }) =>
      (goodNumber(event.inputs['DiffMbar']) ?? 0) <= context.made.stopMbar,
  },
});

const mustNot = { guard: 'mustNot', target: '#Quiet', actions: 'watch' } as const;
const trail = { guard: 'fanStopped', target: '#Trailing', actions: 'watch' } as const;
const stop = { target: '#Quiet', actions: 'stop' } as const;
const start = [
  { guard: 'mayStart', target: '#Pulsing', actions: 'allow' },
  { actions: 'refuseStart' },
] as const;

/**
 * The cleaning of a bag filter (DOMAIN 3): pulses while its differential pressure is high, once
 * more when its fan has stopped after its run-on, and never into a filter whose vent has burst or
 * whose explosion isolation has shut. Commands: START (one pulse now), STOP.
 */
export const filterMachine = base.createMachine({
  id: 'filter',
  context: ({ input: made }) => ({
    ...newContext(made.id, 'Quiet'),
    state: 'Quiet',
    made,
    pulses: 0,
    ranSinceMs: null,
    deadlineMs: null,
    stopped: false,
    answered: false,
    failed: false,
  }),
  initial: 'Quiet',
  on: {
    SCAN: { actions: 'watch' },
    RESTORED: { actions: 'watch' },
    REFUSED: { actions: 'watch' },
    START: [...start],
    STOP: stop,
    '*': { actions: 'refuse' },
  },
  states: {
    Quiet: {
      id: 'Quiet',
      entry: [{ type: 'enter', params: { state: 'Quiet' } }, 'rest'],
      on: {
        SCAN: [
          { guard: 'mustNot', actions: 'watch' },
          { guard: 'isClogging', target: 'Pulsing', actions: 'watch' },
          trail,
          { guard: 'over', target: 'Quiet', actions: 'watch', reenter: true },
          { actions: 'watch' },
        ],
      },
    },
    Pulsing: {
      id: 'Pulsing',
      entry: [{ type: 'enter', params: { state: 'Pulsing' } }, 'beginPulse'],
      on: {
        SCAN: [
          mustNot,
          { guard: 'over', target: 'Settling', actions: ['endPulse', 'watch'] },
          { actions: 'watch' },
        ],
        START: { actions: 'accept' },
      },
    },
    Settling: {
      entry: [{ type: 'enter', params: { state: 'Settling' } }, 'wait'],
      on: {
        SCAN: [
          mustNot,
          trail,
          { guard: 'isClean', target: 'Quiet', actions: 'watch' },
          { guard: 'over', target: 'Pulsing', actions: 'watch' },
          { actions: 'watch' },
        ],
      },
    },
    Trailing: {
      id: 'Trailing',
      entry: [{ type: 'enter', params: { state: 'Trailing' } }, 'beginTrail'],
      on: {
        SCAN: [
          mustNot,
          { guard: 'over', target: 'Quiet', actions: ['endPulse', 'watch'] },
          { actions: 'watch' },
        ],
        START: { actions: 'accept' },
      },
    },
  },
});
