import { setup } from 'xstate';
import { pi, ramp } from '../logic/pid.ts';
import { MOTOR_STATES } from '../model/isa88.ts';
import { goodNumber } from '../model/tag.ts';
import type { EventBase, MachineOutput } from './contract.ts';
import type { Effect, KitContext, MachineEvent } from './kit.ts';
import { earliest, effects, input, newContext, refuseUnknown, send, stateOf } from './kit.ts';

/** What the load control of a hammer mill is made with. */
export interface HammerMillInput {
  readonly id: string;
  readonly mill: string;
  readonly feeder: string;
  readonly ratedAmps: number;
  readonly loadSetPct: number;
  /** Frequency at which feeding begins, and the most that the control may ask for, Hz. */
  readonly hz: { readonly start: number; readonly max: number };
}

export interface HammerMillContext extends KitContext {
  readonly state: 'Idle' | 'Feeding' | 'BackedOff';
  readonly made: HammerMillInput;
  readonly hz: number;
  readonly integral: number;
  readonly steppedMs: number;
  /** Since when the motor is overloaded, process ms. */
  readonly overSinceMs: number | null;
  readonly loadPct: number | null;
}

const STEP_MS = 1_000;
/** Ramp of the feed, Hz/s: about 2 % of 50 Hz (DOMAIN 4). */
const RAMP_HZ_PER_S = 1;
const OVERLOAD_PCT = 110;
const OVERLOAD_MS = 2_000;
const KP_HZ_PER_PCT = 0.15;
const TI_S = 8;

const { effect, enter } = effects<HammerMillContext>((context) => ({
  publishes: { [`${context.made.mill}.LoadPct`]: context.loadPct },
  wakeAtMs: earliest(
    context.state === 'Feeding' ? context.steppedMs + STEP_MS : null,
    context.overSinceMs === null ? null : context.overSinceMs + OVERLOAD_MS,
  ),
}));

function loadPct({ made }: HammerMillContext, event: EventBase): number | null {
  const amps = goodNumber(event.inputs['Amps']);
  return amps === null ? null : Math.round((1000 * amps) / made.ratedAmps) / 10;
}

function runs(event: EventBase): boolean {
  const of = (role: string) => stateOf(MOTOR_STATES, input(event.inputs, role));
  return of('MillState') === 'Running' && of('FeederState') === 'Running';
}

function watch(context: HammerMillContext, event: MachineEvent): Effect<HammerMillContext> {
  const load = loadPct(context, event);
  const over = load !== null && load > OVERLOAD_PCT;
  return {
    set: {
      loadPct: load,
      overSinceMs: over ? (context.overSinceMs ?? event.nowMs) : null,
    },
  };
}

function control(context: HammerMillContext, event: MachineEvent): Effect<HammerMillContext> {
  const dtS = (event.nowMs - context.steppedMs) / 1000;
  if (dtS * 1000 < STEP_MS) return {};
  const load = loadPct(context, event);
  // Without a trustworthy current nothing is fed.
  if (load === null) return feedAt(context, event, 0);
  const { made } = context;
  const limits = { kp: KP_HZ_PER_PCT, tiS: TI_S, low: 0, high: made.hz.max };
  const { output, integral } = pi(limits, context.integral, made.loadSetPct - load, 0, dtS);
  const hz = ramp(context.hz, output, RAMP_HZ_PER_S, dtS);
  return { ...feedAt(context, event, hz), set: { hz, integral, steppedMs: event.nowMs } };
}

function feedAt(
  context: HammerMillContext,
  event: MachineEvent,
  hz: number,
): Effect<HammerMillContext> {
  return {
    set: { hz, integral: hz, steppedMs: event.nowMs },
    out: [send(context.made.feeder, 'SET_HZ', { hz: Math.round(hz * 100) / 100 })],
  };
}

const base = setup({
  types: {} as {
    context: HammerMillContext;
    events: MachineEvent;
    emitted: MachineOutput;
    input: HammerMillInput;
  },
  actions: {
    enter,
    watch: effect(watch),
    control: effect(control),
    beginFeed: effect((context, event) => feedAt(context, event, context.made.hz.start)),
    stopFeed: effect((context, event) => feedAt(context, event, 0)),
    forget: effect(() => ({ set: { overSinceMs: null } })),
    refuse: effect(refuseUnknown),
  },
  guards: {
    runs: ({ event }) => runs(event),
    standsStill: ({ event }) => !runs(event),
    overloaded: ({ context, event }) =>
      context.overSinceMs !== null && event.nowMs - context.overSinceMs >= OVERLOAD_MS,
    recovered: ({ context, event }) => {
      const load = loadPct(context, event);
      return load !== null && load < context.made.loadSetPct;
    },
  },
});

/**
 * Load control of a hammer mill (DOMAIN 4): while the mill and its feeder run, the feeder's
 * frequency holds the motor's load; above 110 % for 2 s the feed stops until the load is below
 * its set point again. The route starts and stops both drives; this machine only sets the
 * frequency. It takes no commands.
 */
export const hammerMillMachine = base.createMachine({
  id: 'hammerMill',
  context: ({ input: made }) => ({
    ...newContext(made.id, 'Idle'),
    state: 'Idle',
    made,
    hz: 0,
    integral: 0,
    steppedMs: 0,
    overSinceMs: null,
    loadPct: null,
  }),
  initial: 'Idle',
  on: {
    SCAN: { actions: 'watch' },
    RESTORED: { target: '.Idle' },
    REFUSED: { actions: 'watch' },
    '*': { actions: 'refuse' },
  },
  states: {
    Idle: {
      entry: { type: 'enter', params: { state: 'Idle' } },
      on: {
        SCAN: [{ guard: 'runs', target: 'Feeding', actions: 'watch' }, { actions: 'watch' }],
      },
    },
    Feeding: {
      entry: [{ type: 'enter', params: { state: 'Feeding' } }, 'beginFeed'],
      on: {
        SCAN: [
          { guard: 'standsStill', target: 'Idle', actions: 'watch' },
          { guard: 'overloaded', target: 'BackedOff' },
          { actions: ['watch', 'control'] },
        ],
      },
    },
    BackedOff: {
      entry: [{ type: 'enter', params: { state: 'BackedOff' } }, 'stopFeed', 'forget'],
      on: {
        SCAN: [
          { guard: 'standsStill', target: 'Idle', actions: 'watch' },
          { guard: 'recovered', target: 'Feeding', actions: 'watch' },
          { actions: 'watch' },
        ],
      },
    },
  },
});
