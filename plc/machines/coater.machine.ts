import { setup } from 'xstate';
import { clamp } from '../logic/pid.ts';
import { MOTOR_STATES } from '../model/isa88.ts';
import { goodNumber } from '../model/tag.ts';
import type { EventBase, MachineOutput } from './contract.ts';
import type { Effect, KitContext, MachineEvent } from './kit.ts';
import {
  ACCEPTED,
  effects,
  input,
  invalidArg,
  newContext,
  numberArg,
  refused,
  refuseUnknown,
  send,
  stateOf,
} from './kit.ts';

/** What the liquid control of a coating drum is made with. */
export interface CoaterInput {
  readonly id: string;
  readonly pump: string;
  readonly hzMax: number;
  readonly kgPerHourPerHz: number;
  /** Most liquid that it lays on, % of the product. */
  readonly pctMax: number;
}

export interface CoaterContext extends KitContext {
  readonly state: 'Off' | 'Coating';
  readonly made: CoaterInput;
  /** Liquid asked for, % of the product; 0: none. */
  readonly pct: number;
  readonly hz: number;
  /** What the meter says of the pump's calibration: kg/h per Hz, as a share of the nominal. */
  readonly calibration: number;
  readonly steppedMs: number;
}

const STEP_MS = 500;
/** Below this there is no product to coat, t/h. */
const BELT_MIN_T_PER_H = 0.5;
/** How fast the calibration follows the meter, per step; and how far it may go. */
const FOLLOW = 0.05;
const CALIBRATION_BOUND = 0.2;

const { effect, enter } = effects<CoaterContext>((context) => ({
  wakeAtMs: context.state === 'Coating' ? context.steppedMs + STEP_MS : null,
}));

function beltTPerH(event: EventBase): number {
  return goodNumber(event.inputs['BeltTPerH']) ?? 0;
}

/** Product passes through the turning drum and liquid is asked for. */
function coats({ pct }: CoaterContext, event: EventBase): boolean {
  const turns = stateOf(MOTOR_STATES, input(event.inputs, 'DrumState')) === 'Running';
  return pct > 0 && turns && beltTPerH(event) >= BELT_MIN_T_PER_H;
}

function calibrated(context: CoaterContext, event: EventBase): number {
  const liquidKgPerH = goodNumber(event.inputs['LiquidKgPerH']);
  const expected = context.hz * context.made.kgPerHourPerHz;
  if (liquidKgPerH === null || expected <= 0) return context.calibration;
  const next = context.calibration + FOLLOW * (liquidKgPerH / expected - context.calibration);
  return clamp(next, 1 - CALIBRATION_BOUND, 1 + CALIBRATION_BOUND);
}

/** The pump follows the belt weigher, corrected by what its meter says (DOMAIN 4: +-2 %). */
function control(context: CoaterContext, event: MachineEvent): Effect<CoaterContext> {
  if (event.nowMs - context.steppedMs < STEP_MS) return {};
  const { made, pct } = context;
  const calibration = calibrated(context, event);
  const wantedKgPerH = beltTPerH(event) * 10 * pct;
  const hz = clamp(wantedKgPerH / (made.kgPerHourPerHz * calibration), 0, made.hzMax);
  return {
    set: { hz, calibration, steppedMs: event.nowMs },
    out: [send(made.pump, 'SET_HZ', { hz: Math.round(hz * 100) / 100 })],
  };
}

function take({ made }: CoaterContext, event: MachineEvent): Effect<CoaterContext> {
  const pct = numberArg(event, 'pct');
  if (pct === null || pct < 0 || pct > made.pctMax) return { out: [refused(invalidArg('pct'))] };
  return { set: { pct }, out: [ACCEPTED] };
}

const base = setup({
  types: {} as {
    context: CoaterContext;
    events: MachineEvent;
    emitted: MachineOutput;
    input: CoaterInput;
  },
  actions: {
    enter,
    look: effect(() => ({})),
    take: effect(take),
    control: effect(control),
    startPump: effect(({ made }) => ({ out: [send(made.pump, 'START', { horn: false })] })),
    stopPump: effect(({ made }) => ({ set: { hz: 0 }, out: [send(made.pump, 'STOP')] })),
    forget: effect(() => ({ set: { pct: 0 } })),
    refuse: effect(refuseUnknown),
  },
  guards: {
    coats: ({ context, event }) => coats(context, event),
    rests: ({ context, event }) => !coats(context, event),
  },
});

/**
 * The liquid of a coating drum (DOMAIN 4): its pump runs while product passes and follows the
 * flow over the belt weigher. Commands: SET {pct}, liquid in % of the product; 0 for none.
 */
export const coaterMachine = base.createMachine({
  id: 'coater',
  context: ({ input: made }) => ({
    ...newContext(made.id, 'Off'),
    state: 'Off',
    made,
    pct: 0,
    hz: 0,
    calibration: 1,
    steppedMs: 0,
  }),
  initial: 'Off',
  on: {
    SCAN: { actions: 'look' },
    // After a restart nothing is laid on before the press says so again.
    RESTORED: { target: '.Off', actions: 'forget' },
    REFUSED: { actions: 'look' },
    SET: { actions: 'take' },
    '*': { actions: 'refuse' },
  },
  states: {
    Off: {
      entry: { type: 'enter', params: { state: 'Off' } },
      on: { SCAN: [{ guard: 'coats', target: 'Coating' }, { actions: 'look' }] },
    },
    Coating: {
      entry: [{ type: 'enter', params: { state: 'Coating' } }, 'startPump'],
      exit: 'stopPump',
      on: { SCAN: [{ guard: 'rests', target: 'Off' }, { actions: 'control' }] },
    },
  },
});
