import { setup } from 'xstate';
import { clamp } from '../../logic/pid.ts';
import { MOTOR_STATES } from '../../model/isa88.ts';
import { reason } from '../../model/reason.ts';
import type { MovementRecord } from '../../model/record.ts';
import { goodNumber } from '../../model/tag.ts';
import type { EventBase, MachineOutput } from '../contract.ts';
import type { Effect, KitContext, MachineEvent } from '../kit.ts';
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
} from '../kit.ts';

/** What the liquid control of a coating drum is made with. */
export interface CoaterInput {
  readonly id: string;
  readonly coater: string;
  readonly pump: string;
  /** What its pump draws from, and the material in it; null: not known. */
  readonly tank: string | null;
  readonly material: string | null;
  readonly hzMax: number;
  readonly kgPerHourPerHz: number;
  /** Most liquid that it lays on, % of the product. */
  readonly pctMax: number;
  /** Liquid may be off its share of the product by this, % of it (DOMAIN 4: 2). */
  readonly deviationPct: number;
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
  /** Product and liquid as they have flowed of late, t/h and kg/h. */
  readonly productTPerH: number;
  readonly liquidKgPerH: number;
  /** Since when the liquid is off its share, process ms. */
  readonly offSinceMs: number | null;
  readonly off: boolean;
  /** Liquid laid on that is not written down yet, kg, and since when. */
  readonly laidKg: number;
  readonly laidSinceUtcMs: number | null;
}

/** What survives a restart: liquid that has left its tank is written down all the same. */
export const COATER_COUNTERS = ['laidKg', 'laidSinceUtcMs'] as const;

/** So much liquid is written down at once, or what there is when its run ends, kg. */
const WRITTEN_KG = 250;

const STEP_MS = 500;
/** Below this there is no product to coat, t/h. */
const BELT_MIN_T_PER_H = 0.5;
/** How fast the calibration follows the meter, per step; and how far it may go. */
const FOLLOW = 0.05;
const CALIBRATION_BOUND = 0.2;

/** Flows are compared as they are over this, s: what is laid on lies on pellets of seconds ago. */
const SHARE_TAU_S = 10;
/** The pump is given so long to find the flow; off its share for so long it is told, ms. */
const BEGIN_MS = 30_000;
const OFF_MS = 15_000;

const { effect, enter } = effects<CoaterContext>((context) => ({
  alarms: { [`${context.made.coater}.RatioOff`]: context.off },
  status: {
    kind: 'device',
    device: context.id,
    owner: null,
    reasons: context.off ? [reason('coater.ratio-off', { device: context.made.coater })] : [],
  },
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

/** What product and liquid have been of late, and whether the liquid is off its share. */
function shared(context: CoaterContext, event: EventBase): Partial<CoaterContext> {
  const { made, pct, sinceMs } = context;
  const part = STEP_MS / 1_000 / SHARE_TAU_S;
  const liquid = goodNumber(event.inputs['LiquidKgPerH']) ?? 0;
  const productTPerH = context.productTPerH + part * (beltTPerH(event) - context.productTPerH);
  const liquidKgPerH = context.liquidKgPerH + part * (liquid - context.liquidKgPerH);
  const wantedKgPerH = productTPerH * 10 * pct;
  const isOff = Math.abs(liquidKgPerH - wantedKgPerH) > (made.deviationPct / 100) * wantedKgPerH;
  const judged = isOff && event.nowMs - sinceMs >= BEGIN_MS;
  const offSinceMs = judged ? (context.offSinceMs ?? event.nowMs) : null;
  const off = offSinceMs !== null && event.nowMs - offSinceMs >= OFF_MS;
  return { productTPerH, liquidKgPerH, offSinceMs, off };
}

/** The liquid of the last step, by its meter. */
function laidOn(context: CoaterContext, event: EventBase): Partial<CoaterContext> {
  const kgPerH = goodNumber(event.inputs['LiquidKgPerH']) ?? 0;
  const ms = Math.min(event.nowMs - context.steppedMs, 2 * STEP_MS);
  return {
    laidKg: context.laidKg + (kgPerH * ms) / 3_600_000,
    laidSinceUtcMs: context.laidSinceUtcMs ?? event.utcMs,
  };
}

/** The pump follows the belt weigher, corrected by what its meter says (DOMAIN 4: +-2 %). */
function control(context: CoaterContext, event: MachineEvent): Effect<CoaterContext> {
  if (event.nowMs - context.steppedMs < STEP_MS) return {};
  const { made, pct } = context;
  const calibration = calibrated(context, event);
  const wantedKgPerH = beltTPerH(event) * 10 * pct;
  const hz = clamp(wantedKgPerH / (made.kgPerHourPerHz * calibration), 0, made.hzMax);
  const laid = laidOn(context, event);
  const book = (laid.laidKg ?? 0) < WRITTEN_KG ? {} : written({ ...context, ...laid }, event);
  const set = { ...shared(context, event), ...laid, ...book.set };
  return {
    set: { ...set, hz, calibration, steppedMs: event.nowMs },
    out: [send(made.pump, 'SET_HZ', { hz: Math.round(hz * 100) / 100 }), ...(book.out ?? [])],
  };
}

/** The movement out of its tank, by its meter; nothing while there is nothing to write down. */
function written(context: CoaterContext, event: EventBase): Effect<CoaterContext> {
  const { made, laidKg, laidSinceUtcMs } = context;
  if (made.tank === null || laidSinceUtcMs === null || laidKg <= 0) return {};
  const record: MovementRecord = {
    kind: 'movement',
    movementId: `${made.coater}/${laidSinceUtcMs}`,
    from: made.tank,
    to: made.coater,
    material: made.material,
    lot: null,
    massKg: Math.round(laidKg * 10) / 10,
    startedTimeMs: laidSinceUtcMs,
    endedTimeMs: event.utcMs,
  };
  return { set: { laidKg: 0, laidSinceUtcMs: null }, out: [{ type: 'record', record }] };
}

function take(context: CoaterContext, event: MachineEvent): Effect<CoaterContext> {
  const pct = numberArg(event, 'pct');
  if (pct === null || pct < 0 || pct > context.made.pctMax) {
    return { out: [refused(invalidArg('pct'))] };
  }
  const { set = {}, out = [] } = written(context, event);
  return { set: { ...set, pct }, out: [...out, ACCEPTED] };
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
    stopPump: effect(({ made }) => ({
      set: { hz: 0, productTPerH: 0, liquidKgPerH: 0, offSinceMs: null, off: false },
      out: [send(made.pump, 'STOP')],
    })),
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
    productTPerH: 0,
    liquidKgPerH: 0,
    offSinceMs: null,
    off: false,
    laidKg: 0,
    laidSinceUtcMs: null,
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
