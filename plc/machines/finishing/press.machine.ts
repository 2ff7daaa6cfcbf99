import { setup } from 'xstate';
import type { Reason } from '../../model/reason.ts';
import { reason } from '../../model/reason.ts';
import { goodNumber } from '../../model/tag.ts';
import type { MachineOutput } from '../contract.ts';
import { downtime } from '../downtime.ts';
import type { Effect, MachineEvent } from '../kit.ts';
import {
  ACCEPTED,
  effects,
  isCommand,
  newContext,
  numberArg,
  passed,
  refused,
  refuseUnknown,
  send,
  textArg,
} from '../kit.ts';
import { productArg } from '../routes/route-request.ts';
import { controlled } from './press-control.ts';
import type { PressContext, PressInput } from './press-rules.ts';
import {
  hasRunEmpty,
  isChoked,
  motor,
  pressView,
  routeState,
  startRefusals,
  watched,
} from './press-rules.ts';
import { newRun, runRecord } from './press-run.ts';

const { effect, enter } = effects<PressContext>(pressView);

/** Warm enough to press: within this of the set point, K; or after so long, ms. */
const WARM_BAND_K = 4;
const WARMING_LIMIT_MS = 90_000;
/** A choked press turns on so long to clear itself, ms (DOMAIN 4: 20 s). */
const TURN_ON_MS = 20_000;

type Step = Effect<PressContext>;

function setHz(context: PressContext, hz: number): MachineOutput {
  return send(context.made.feeder, 'SET_HZ', { hz: Math.round(hz * 100) / 100 });
}

function startRoute(context: PressContext): Step {
  const { route, source, hz } = context.made;
  const { destination, second, product } = context;
  const more = { ...(second === null ? {} : { second }), ...(product === null ? {} : { product }) };
  return {
    set: {
      hz: hz.warm,
      feedIntegral: 0,
      steamIntegral: 0,
      deadlineMs: null,
      worked: false,
      idleSinceMs: null,
    },
    out: [
      ...finishing(context),
      setHz(context, hz.warm),
      send(route, 'START', { source, destination, ...more }),
    ],
  };
}

/** Crumbler and coater are told what this product asks of them; after a restart again. */
function finishing({ made, crumbleMm, coatPct }: PressContext): MachineOutput[] {
  const { coater, crumbler } = made;
  return [
    ...(crumbler === null ? [] : [send(crumbler, 'SET', { mm: crumbleMm })]),
    ...(coater === null ? [] : [send(coater, 'SET', { pct: coatPct })]),
  ];
}

function stopFeed(context: PressContext): Step {
  return {
    set: { hz: 0, steamOn: false, steamPct: 0 },
    out: [setHz(context, 0), send(context.made.feeder, 'STOP')],
  };
}

/** The main drive is off: what feeds it stops in the same scan (DOMAIN 4). */
function stopConditioner({ made }: PressContext): Step {
  return { out: [send(made.conditioner, 'STOP')] };
}

function takeOrder({ made }: PressContext, event: MachineEvent): Step {
  return {
    set: {
      destination: textArg(event, 'destination') ?? '',
      second: textArg(event, 'second'),
      product: productArg(event),
      setC: numberArg(event, 'setC') ?? 0,
      setPct: numberArg(event, 'loadPct') ?? made.loadSetPct,
      crumbleMm: numberArg(event, 'crumbleMm') ?? 0,
      coatPct: numberArg(event, 'coatPct') ?? 0,
      run: newRun(event),
      ending: false,
      reasons: [],
    },
  };
}

/** The run is over: its record, and the drives beside its way stop. */
function endRun(context: PressContext, event: MachineEvent): Step {
  const { helpers, coater } = context.made;
  return {
    set: { run: null },
    out: [
      ...runRecord(context, event),
      ...helpers.map((one) => send(one, 'STOP')),
      ...(coater === null ? [] : [send(coater, 'SET', { pct: 0 })]),
    ],
  };
}

function control(context: PressContext, event: MachineEvent): Step {
  const set = { ...watched(context, event), ...controlled(context, event) };
  const changed = set.hz !== undefined && Math.abs(set.hz - context.hz) >= 0.01;
  return { set, out: changed ? [setHz(context, set.hz ?? 0)] : [] };
}

function stopped(context: PressContext, event: MachineEvent, reasons: readonly Reason[]): Step {
  if (context.stoppedSinceUtcMs !== null) return { set: { reasons } };
  return {
    set: { reasons, stoppedSinceUtcMs: event.utcMs },
    out: [downtime(context.made.press, event.utcMs, null, reasons)],
  };
}

function goOn(context: PressContext, event: MachineEvent): Step {
  const since = context.stoppedSinceUtcMs;
  return {
    set: { reasons: [], stoppedSinceUtcMs: null, overSinceMs: null, deadlineMs: null },
    out: since === null ? [] : [downtime(context.made.press, since, event.utcMs, context.reasons)],
  };
}

function driveReasons({ made }: PressContext): Reason[] {
  return [reason('route.device-stopped', { device: made.press, route: made.route })];
}

const base = setup({
  types: {} as {
    context: PressContext;
    events: MachineEvent;
    emitted: MachineOutput;
    input: PressInput;
  },
  actions: {
    enter,
    watch: effect((context, event) => ({ set: watched(context, event) })),
    accept: effect(() => ({ out: [ACCEPTED] })),
    refuse: effect(refuseUnknown),
    refuseStart: effect((context, event) => ({ out: [refused(...startRefusals(context, event))] })),
    takeOrder: effect(takeOrder),
    endRun: effect(endRun),
    startRoute: effect(startRoute),
    stopConditioner: effect(stopConditioner),
    noteRefusal: effect((_context, event) => ({
      set: event.type === 'REFUSED' && !isCommand(event) ? { reasons: event.reasons } : {},
    })),
    // Not before the route runs: they may still be emptying themselves after the run before.
    beginWarming: effect(({ made }, event) => ({
      set: { deadlineMs: event.nowMs + WARMING_LIMIT_MS, steppedMs: event.nowMs },
      out: made.helpers.map((one) => send(one, 'START')),
    })),
    control: effect(control),
    end: effect(() => ({ set: { ending: true } })),
    stopFeed: effect(stopFeed),
    stopRoute: effect(({ made }) => ({ out: [send(made.route, 'STOP')] })),
    stopDrive: effect(({ made }) => ({
      set: { deadlineMs: null },
      out: [send(made.press, 'STOP')],
    })),
    resetRoute: effect(({ made }) => ({ out: [send(made.route, 'RESET')] })),
    turnOn: effect((_context, event) => ({ set: { deadlineMs: event.nowMs + TURN_ON_MS } })),
    noteChoke: effect((context, event) => {
      const { run, made } = context;
      const step = stopped(context, event, [reason('press.choke', { device: made.press })]);
      const counted = run === null ? null : { ...run, chokes: run.chokes + 1 };
      return { ...step, set: { ...step.set, run: counted } };
    }),
    noteStop: effect((context, event) => stopped(context, event, driveReasons(context))),
    noteRestart: effect((context, event) => stopped(context, event, [reason('restart.held')])),
    goOn: effect(goOn),
    rest: effect(() => ({
      set: { hz: 0, steamOn: false, steamPct: 0, deadlineMs: null, ending: false },
    })),
  },
  guards: {
    mayStart: ({ context, event }) => startRefusals(context, event).length === 0,
    routeRefused: ({ context, event }) =>
      'from' in event && !isCommand(event) && event.from === context.made.route,
    routeRuns: ({ event }) => routeState(event) === 'Running',
    // The route answers in the next round of the same scan: what it shows then is its answer.
    routeFailed: ({ context, event }) =>
      event.nowMs > context.sinceMs && ['Tripped', 'Idle'].includes(routeState(event) ?? 'Tripped'),
    routeTripped: ({ event }) => ['Tripped', null].includes(routeState(event)),
    routeEnds: ({ event }) => ['Clearing', 'Idle'].includes(routeState(event) ?? ''),
    routeEnded: ({ context, event }) =>
      event.nowMs > context.sinceMs && routeState(event) === 'Idle',
    driveStopped: ({ event }) => motor(event, 'PressState') !== 'Running',
    choked: ({ context, event }) => isChoked(context, event),
    warm: ({ context, event }) => {
      const temperatureC = goodNumber(event.inputs['ConditionerT']);
      const late = passed(context.deadlineMs, event.nowMs);
      return late || (temperatureC !== null && temperatureC >= context.setC - WARM_BAND_K);
    },
    runEmpty: ({ context, event }) => hasRunEmpty(context, event),
    turnedOn: ({ context, event }) => passed(context.deadlineMs, event.nowMs),
    isAtWork: ({ context }) => !['Stopped', 'Choked', 'Faulted', 'Held'].includes(context.state),
  },
});

/** What ends feeding at once, in the scan in which it is seen. */
const faults = [
  { guard: 'choked', target: '#Choked', actions: ['stopFeed', 'noteChoke'] },
  {
    guard: 'driveStopped',
    target: '#Faulted',
    actions: ['stopFeed', 'stopConditioner', 'noteStop'],
  },
  { guard: 'routeTripped', target: '#Faulted', actions: ['stopFeed', 'noteStop'] },
  { guard: 'routeEnds', target: '#Clearing', actions: 'stopFeed' },
  { guard: 'runEmpty', target: '#Clearing', actions: ['stopFeed', 'stopRoute'] },
] as const;
const reset = { target: '#Stopped', actions: ['goOn', 'resetRoute', 'accept'] } as const;
const askToEnd = { actions: ['end', 'accept'] } as const;

/**
 * A pellet press as a unit (DOMAIN 4): starts its route, warms up, holds load and temperature,
 * stops feed and steam at a choke or a trip of the main drive in the same scan, and at STOP
 * presses until its bin is empty.
 * Commands: START {destination, setC, orderId, lot, loadPct?, crumbleMm?, coatPct?, second?,
 * product?}, STOP, RESET, RESUME.
 */
export const pressMachine = base.createMachine({
  id: 'press',
  context: ({ input: made }) => ({
    ...newContext(made.id, 'Stopped'),
    state: 'Stopped',
    made,
    destination: '',
    second: null,
    product: null,
    setC: 0,
    setPct: made.loadSetPct,
    crumbleMm: 0,
    coatPct: 0,
    run: null,
    worked: false,
    ending: false,
    hz: 0,
    feedIntegral: 0,
    steamOn: false,
    steamPct: 0,
    steamIntegral: 0,
    steppedMs: 0,
    loadPct: null,
    overSinceMs: null,
    emptySinceMs: null,
    idleSinceMs: null,
    deadlineMs: null,
    reasons: [],
    stoppedSinceUtcMs: null,
  }),
  initial: 'Stopped',
  on: {
    SCAN: { actions: 'watch' },
    RESTORED: [
      { guard: 'isAtWork', target: '#Held', actions: 'noteRestart' },
      { actions: 'watch' },
    ],
    REFUSED: { actions: 'watch' },
    '*': { actions: 'refuse' },
  },
  states: {
    Stopped: {
      id: 'Stopped',
      entry: [{ type: 'enter', params: { state: 'Stopped' } }, 'endRun', 'rest'],
      on: {
        START: [
          { guard: 'mayStart', target: 'Starting', actions: ['takeOrder', 'accept'] },
          { actions: 'refuseStart' },
        ],
        STOP: { actions: 'accept' },
        RESET: { actions: 'accept' },
      },
    },
    Starting: {
      entry: [{ type: 'enter', params: { state: 'Starting' } }, 'startRoute'],
      on: {
        REFUSED: [
          { guard: 'routeRefused', target: 'Stopped', actions: 'noteRefusal' },
          { actions: 'watch' },
        ],
        SCAN: [
          { guard: 'routeRuns', target: 'Warming' },
          { guard: 'routeFailed', target: 'Faulted', actions: 'noteStop' },
          { actions: 'watch' },
        ],
        STOP: askToEnd,
      },
    },
    Warming: {
      entry: [{ type: 'enter', params: { state: 'Warming' } }, 'beginWarming'],
      on: {
        SCAN: [...faults, { guard: 'warm', target: 'Pressing' }, { actions: 'control' }],
        STOP: askToEnd,
      },
    },
    Pressing: {
      entry: { type: 'enter', params: { state: 'Pressing' } },
      on: { SCAN: [...faults, { actions: 'control' }], STOP: askToEnd },
    },
    Choked: {
      id: 'Choked',
      entry: [{ type: 'enter', params: { state: 'Choked' } }, 'turnOn'],
      on: {
        SCAN: [{ guard: 'turnedOn', actions: 'stopDrive' }, { actions: 'watch' }],
        STOP: { actions: 'accept' },
        RESET: reset,
      },
    },
    Clearing: {
      id: 'Clearing',
      entry: { type: 'enter', params: { state: 'Clearing' } },
      on: {
        SCAN: [
          { guard: 'routeTripped', target: 'Faulted', actions: 'noteStop' },
          { guard: 'routeEnded', target: 'Stopped', actions: 'watch' },
          { actions: 'watch' },
        ],
        STOP: { actions: 'accept' },
      },
    },
    Held: {
      id: 'Held',
      entry: { type: 'enter', params: { state: 'Held' } },
      on: {
        RESUME: { target: 'Starting', actions: ['goOn', 'accept'] },
        STOP: askToEnd,
        RESET: reset,
      },
    },
    Faulted: {
      id: 'Faulted',
      entry: { type: 'enter', params: { state: 'Faulted' } },
      on: { STOP: { actions: 'accept' }, RESET: reset },
    },
  },
});
