import { setup } from 'xstate';
import { pi, ramp } from '../../logic/pid.ts';
import { MOTOR_STATES } from '../../model/isa88.ts';
import type { Reason } from '../../model/reason.ts';
import { reason } from '../../model/reason.ts';
import { goodNumber } from '../../model/tag.ts';
import type { EventBase, MachineOutput } from '../contract.ts';
import type { Effect, KitContext, MachineEvent } from '../kit.ts';
import { earliest, effects, input, newContext, refuseUnknown, send, stateOf } from '../kit.ts';
import type { MillWatch, WatchInput } from './hammer-mill-watch.ts';
import {
  energyPerTonne,
  isScreenBroken,
  NOTHING_WATCHED,
  watchedMill,
} from './hammer-mill-watch.ts';

/** What the load control of a hammer mill is made with. */
export interface HammerMillInput extends WatchInput {
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
  /** Since when it is beyond its trip limit, process ms. */
  readonly tripSinceMs: number | null;
  /** Direction of the present or next run: it changes between runs, so that hammers wear evenly. */
  readonly reverse: boolean;
  /** It has ground since its direction was last changed. */
  readonly ground: boolean;
  /** When it looks at the motor's load next while that turns, process ms. */
  readonly lookAtMs: number | null;
  readonly watch: MillWatch;
  readonly screenBroken: boolean;
}

const STEP_MS = 1_000;
/** How often it looks at the load: an overload of 2 s must not be seen a second late, ms. */
const LOOK_MS = 200;
/** Ramp of the feed, Hz/s: about 2 % of 50 Hz (DOMAIN 4). */
const RAMP_HZ_PER_S = 1;
const OVERLOAD_PCT = 110;
const OVERLOAD_MS = 2_000;
const TRIP_PCT = 115;
/** Beyond its trip limit for so long though its feed has stopped, ms. */
const TRIP_MS = 3_000;
const KP_HZ_PER_PCT = 0.15;
const TI_S = 8;

const { effect, enter } = effects<HammerMillContext>((context) => ({
  writes: { [`${context.made.mill}.Reverse`]: context.reverse },
  publishes: {
    [`${context.made.mill}.LoadPct`]: context.loadPct,
    [`${context.made.mill}.KWhPerT`]: energyPerTonne(context.watch),
  },
  alarms: { [`${context.made.mill}.ScreenBroken`]: context.screenBroken },
  status: { kind: 'device', device: context.id, owner: null, reasons: reasonsOf(context) },
  wakeAtMs: earliest(
    context.lookAtMs,
    context.overSinceMs === null ? null : context.overSinceMs + OVERLOAD_MS,
    context.tripSinceMs === null ? null : context.tripSinceMs + TRIP_MS,
  ),
}));

function reasonsOf({ state, made, screenBroken }: HammerMillContext): Reason[] {
  return [
    ...(state === 'BackedOff' ? [reason('mill.backed-off', { device: made.mill })] : []),
    ...(screenBroken ? [reason('mill.screen-broken', { device: made.mill })] : []),
  ];
}

function loadPct({ made }: HammerMillContext, event: EventBase): number | null {
  const amps = goodNumber(event.inputs['Amps']);
  return amps === null ? null : Math.round((1000 * amps) / made.ratedAmps) / 10;
}

function millState(event: EventBase) {
  return stateOf(MOTOR_STATES, input(event.inputs, 'MillState'));
}

function runs(event: EventBase): boolean {
  const feeder = stateOf(MOTOR_STATES, input(event.inputs, 'FeederState'));
  return millState(event) === 'Running' && feeder === 'Running';
}

function watch(context: HammerMillContext, event: MachineEvent): Effect<HammerMillContext> {
  const load = loadPct(context, event);
  const over = load !== null && load > OVERLOAD_PCT;
  const trips = load !== null && load > TRIP_PCT;
  // It turns about only at a standstill, and once for each run.
  const turns = context.ground && millState(event) === 'Stopped';
  return {
    set: {
      loadPct: load,
      tripSinceMs: trips ? (context.tripSinceMs ?? event.nowMs) : null,
      reverse: turns ? !context.reverse : context.reverse,
      ground: context.ground && !turns,
      lookAtMs: millState(event) === 'Stopped' ? null : event.nowMs + LOOK_MS,
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
  const wanted = ramp(context.hz, output, RAMP_HZ_PER_S, dtS);
  // Amps that fell at a steady flow call for a look at the screen, not for more meal through it.
  const hz = context.watch.fallenSinceMs === null ? wanted : Math.min(context.hz, wanted);
  const measured = goodNumber(event.inputs['Hz']) ?? 0;
  const step = { hz: measured, loadPct: load, dtS };
  const seen = watchedMill(context.watch, made, event, step);
  return {
    ...feedAt(context, event, hz),
    set: {
      hz,
      integral,
      steppedMs: event.nowMs,
      watch: seen,
      screenBroken: isScreenBroken(seen, event),
    },
  };
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
    beginFeed: effect((context, event) => {
      const feed = feedAt(context, event, context.made.hz.start);
      return { ...feed, set: { ...feed.set, ground: true } };
    }),
    beginRun: effect(() => ({ set: { watch: NOTHING_WATCHED, screenBroken: false } })),
    trip: effect(({ made }) => ({ out: [send(made.mill, 'STOP')] })),
    stopFeed: effect((context, event) => feedAt(context, event, 0)),
    forget: effect(() => ({ set: { overSinceMs: null } })),
    refuse: effect(refuseUnknown),
  },
  guards: {
    runs: ({ event }) => runs(event),
    standsStill: ({ event }) => !runs(event),
    overloaded: ({ context, event }) =>
      context.overSinceMs !== null && event.nowMs - context.overSinceMs >= OVERLOAD_MS,
    beyondTrip: ({ context, event }) =>
      context.tripSinceMs !== null && event.nowMs - context.tripSinceMs >= TRIP_MS,
    recovered: ({ context, event }) => {
      const load = loadPct(context, event);
      return load !== null && load < context.made.loadSetPct;
    },
  },
});

/**
 * Load control of a hammer mill (DOMAIN 4): while the mill and its feeder run, the feeder's
 * frequency holds the motor's load; above 110 % for 2 s the feed stops until the load is below
 * its set point again, and beyond 115 % in spite of that the mill stops. The route starts and
 * stops both drives; this machine sets frequency and direction, which changes between runs, and
 * watches the screen. It takes no commands.
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
    tripSinceMs: null,
    reverse: false,
    ground: false,
    lookAtMs: null,
    watch: NOTHING_WATCHED,
    screenBroken: false,
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
        SCAN: [
          { guard: 'runs', target: 'Feeding', actions: ['beginRun', 'watch'] },
          { actions: 'watch' },
        ],
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
          { guard: 'beyondTrip', target: 'Idle', actions: ['trip', 'watch'] },
          { guard: 'recovered', target: 'Feeding', actions: 'watch' },
          { actions: 'watch' },
        ],
      },
    },
  },
});
