import { MOTOR_STATES } from '../../model/isa88.ts';
import type { Reason } from '../../model/reason.ts';
import { reason } from '../../model/reason.ts';
import { goodNumber } from '../../model/tag.ts';
import type { EventBase } from '../contract.ts';
import type { KitContext, View } from '../kit.ts';
import { input, stateOf } from '../kit.ts';

/** The fan that blows outside air through a silo, and the air that is worth it. */
export interface AerationFan {
  readonly fan: string;
  /** The air must be so much cooler than the warmest grain, K. */
  readonly coolerK: number;
  /** Air that is damper wets the grain, % relative humidity. */
  readonly humidityPctMax: number;
}

export interface AerationInput {
  readonly id: string;
  readonly cable: string;
  readonly silo: string;
  /** Above this the grain spoils, degC (DOMAIN 4: 40). */
  readonly highC: number;
  /** Null: the silo is only watched. */
  readonly aeration: AerationFan | null;
}

/** The lowest reading of a quarter of a day. */
interface Low {
  readonly quarter: number;
  readonly lowC: number;
}

export interface AerationContext extends KitContext {
  readonly state: 'Resting' | 'Aerating';
  readonly made: AerationInput;
  /** Lowest readings of the last week, the newest last. */
  readonly lows: readonly Low[];
  readonly warming: boolean;
  readonly lookAtMs: number;
  /** Not started again before this, process ms: the fan could not or would not run. */
  readonly restUntilMs: number;
  /** What the fan said when it was asked last. */
  readonly fanReasons: readonly Reason[];
  readonly reasons: readonly Reason[];
}

/** Grain is slow: it is looked at once a minute. */
const LOOK_MS = 60_000;
/** Nothing is asked of a fan again before this; it also bounds its starts per hour. */
export const REST_MS = 900_000;
/** A fan that was started runs after its horn and run-up. */
export const START_MS = 60_000;
/** It goes on until the air is so much of the difference nearer, and so much damper. */
const STOP_SHARE = 0.5;
const STOP_HUMIDITY_PCT = 5;
const QUARTER_MS = 6 * 3_600_000;
/** Quarters of a week. */
const LOWS_MAX = 28;
/** So much in a week is an alarm (DOMAIN 4), and below the other it has gone. */
const WARMING_K = 2;
const WARMING_OVER_K = 1.5;

function grainC(event: EventBase): number | null {
  return goodNumber(event.inputs['MaxT']);
}

export function fanState(event: EventBase) {
  return stateOf(MOTOR_STATES, input(event.inputs, 'FanState'));
}

/** Why the air is not blown through now; `on`: it is, and may be a little nearer and damper. */
export function airReasons({ made }: AerationContext, event: EventBase, on: boolean): Reason[] {
  const { silo, aeration, highC } = made;
  if (aeration === null) return [];
  const [grain, air] = [grainC(event), goodNumber(event.inputs['AirT'])];
  const humidityPct = goodNumber(event.inputs['AirHumidityPct']);
  if (grain === null || air === null || humidityPct === null) {
    return [reason('aeration.no-reading', { silo })];
  }
  const { coolerK, humidityPctMax } = aeration;
  const cool = grain - air >= coolerK * (on ? STOP_SHARE : 1);
  const dry = humidityPct <= humidityPctMax + (on ? STOP_HUMIDITY_PCT : 0);
  // Grain that heats itself is worse off than grain that takes up a little water.
  return [
    ...(cool ? [] : [reason('aeration.air-warm', { silo, limit: coolerK })]),
    ...(dry || grain > highC ? [] : [reason('aeration.air-damp', { silo, limit: humidityPctMax })]),
  ];
}

/** The members that each look brings up to date: the lowest readings of the week, the rise. */
export function watched(context: AerationContext, event: EventBase): Partial<AerationContext> {
  const reasons = [...context.fanReasons, ...airReasons(context, event, false)];
  const base = { lookAtMs: event.nowMs + LOOK_MS, reasons };
  const nowC = grainC(event);
  if (nowC === null) return base;
  const quarter = Math.floor(event.utcMs / QUARTER_MS);
  const before = context.lows.filter((one) => quarter - one.quarter < LOWS_MAX);
  const last = before.at(-1);
  const lows =
    last?.quarter === quarter
      ? [...before.slice(0, -1), { quarter, lowC: Math.min(last.lowC, nowC) }]
      : [...before, { quarter, lowC: nowC }].slice(-LOWS_MAX);
  const riseK = nowC - Math.min(...lows.map(({ lowC }) => lowC));
  // Readings come in tenths, which binary fractions miss by a little.
  const limitK = (context.warming ? WARMING_OVER_K : WARMING_K) - 0.001;
  return { ...base, lows, warming: riseK >= limitK };
}

export function aerationView(context: AerationContext): View {
  const { made, reasons, warming, lookAtMs, state } = context;
  return {
    alarms: { [`${made.cable}.Warming`]: warming },
    status: {
      kind: 'device',
      device: made.cable,
      owner: null,
      reasons: state === 'Aerating' ? [reason('aeration.runs', { silo: made.silo })] : reasons,
    },
    wakeAtMs: lookAtMs,
  };
}
