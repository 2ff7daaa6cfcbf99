import { notGood } from '../../logic/interlock.ts';
import type { MotorState } from '../../model/isa88.ts';
import { MOTOR_STATES } from '../../model/isa88.ts';
import type { Reason } from '../../model/reason.ts';
import { reason } from '../../model/reason.ts';
import { goodNumber, isOn } from '../../model/tag.ts';
import type { EventBase } from '../contract.ts';
import type { KitContext, MachineEvent, View } from '../kit.ts';
import { earliest, input, senderOf, stateOf } from '../kit.ts';
import { notYours } from '../owner.ts';

/** What a cooler machine is made with. */
export interface CoolerInput {
  readonly id: string;
  readonly fan: string;
  /** The press that feeds it; null: only its level counts. */
  readonly press: string | null;
  /** How deep its bed is at a level of 100 %, m. */
  readonly bedM: number;
  /** Above this in the exhaust it burns, degC. */
  readonly exhaustHighC: number;
}

export interface CoolerContext extends KitContext {
  readonly state: 'Off' | 'Cooling' | 'Discharging' | 'Fire';
  readonly made: CoolerInput;
  readonly owner: string | null;
  /** Since when nothing more comes, process ms: after a last cooling time it runs empty. */
  readonly unfedSinceMs: number | null;
  readonly bedM: number | null;
  /** Depth at which it discharges now, m: a longer bed cools for longer. */
  readonly topM: number;
  /** Since when the product that leaves is too warm, or is well cooled: process ms. */
  readonly warmSinceMs: number | null;
  readonly coolSinceMs: number | null;
  /** It leaves too warm though the bed is as long as it may be. */
  readonly tooWarm: boolean;
  /** It burnt, and no engineer has said since that the fire is out. */
  readonly fire: boolean;
  /** Until when its damper must be shut, process ms; null: it is, or need not be. */
  readonly shutByMs: number | null;
  readonly damperOpen: boolean;
  readonly reasons: readonly Reason[];
}

/** What survives a restart: a fire is over by an engineer's word alone. */
export const COOLER_COUNTERS = ['fire'] as const;

/** The bed lies between 0.6 and 1.2 m (DOMAIN 4); so deep it is let down, and by so much, m. */
export const TOP_M = 0.95;
export const TOP_M_MAX = 1.2;
const LET_DOWN_M = 0.2;
/** The last bed is cooled this long before it runs empty, ms. */
const LAST_COOLING_MS = 60_000;
/** Product leaves within this of the air that it was cooled with, K (DOMAIN 4). */
const WARM_K = 5;
const WELL_COOLED_K = 4;
/** Too warm for so long, the bed is made longer; so long after that it must have helped, ms. */
const LENGTHEN_MS = 30_000;
const WARM_ALARM_MS = 300_000;
/** Well cooled for so long, the bed is made as long as usual again, ms. */
const SHORTEN_MS = 600_000;
/** A fire is over when the exhaust is so far below its limit, K. */
const OUT_BELOW_K = 10;
/** The air damper shuts within this, ms. */
export const DAMPER_MS = 8_000;

export function coolerView(context: CoolerContext): View {
  const { id, state, fire } = context;
  return {
    writes: { [`${id}.DischargeCmd`]: state === 'Discharging', [`${id}.DamperShut`]: fire },
    publishes: { [`${id}.BedM`]: context.bedM, [`${id}.Fire`]: fire },
    alarms: {
      [`${id}.ExhaustHot`]: fire,
      [`${id}.DamperOpen`]: context.damperOpen,
      [`${id}.ProductWarm`]: context.tooWarm,
    },
    status: { kind: 'device', device: id, owner: context.owner, reasons: context.reasons },
    wakeAtMs: earliest(
      after(context.unfedSinceMs, LAST_COOLING_MS),
      after(context.warmSinceMs, context.topM < TOP_M_MAX ? LENGTHEN_MS : WARM_ALARM_MS),
      context.topM > TOP_M ? after(context.coolSinceMs, SHORTEN_MS) : null,
      context.shutByMs,
    ),
  };
}

function after(sinceMs: number | null, ms: number): number | null {
  return sinceMs === null ? null : sinceMs + ms;
}

function motorOf(event: EventBase, role: string): MotorState | null {
  return stateOf(MOTOR_STATES, input(event.inputs, role));
}

export function hasAir(event: EventBase): boolean {
  return motorOf(event, 'FanState') === 'Running';
}

function exhaustDoubt({ id }: CoolerContext, event: EventBase): Reason[] {
  const doubt = notGood(`${id}.ExhaustT`, event.inputs['ExhaustT']);
  return doubt === null ? [] : [doubt];
}

/** What is wrong with it now, for people: fire, air, a probe that cannot be trusted. */
function hindrances(context: CoolerContext, event: EventBase): Reason[] {
  const { id, made, fire } = context;
  return [
    ...(fire ? [reason('cooler.fire', { device: id })] : []),
    ...(hasAir(event) ? [] : [reason('cooler.no-fan', { device: made.fan })]),
    ...exhaustDoubt(context, event),
  ];
}

/** Why a START of this sender is refused. */
export function startRefusals(context: CoolerContext, event: MachineEvent): Reason[] {
  const owned = notYours(context, event);
  return owned === null ? hindrances(context, event) : [owned];
}

/** The exhaust is known to be hotter than it ever is by hot product alone. */
export function burns({ made }: CoolerContext, event: EventBase): boolean {
  const exhaustC = goodNumber(event.inputs['ExhaustT']);
  return exhaustC !== null && exhaustC > made.exhaustHighC;
}

/** Why nobody may say yet that the fire is out. */
export function fireOutRefusals(context: CoolerContext, event: MachineEvent): Reason[] {
  const { id, made } = context;
  if (senderOf(event)?.kind !== 'person') {
    return [reason('command.unknown', { command: event.type })];
  }
  const exhaustC = goodNumber(event.inputs['ExhaustT']);
  if (exhaustC === null) return exhaustDoubt(context, event);
  const limitC = made.exhaustHighC - OUT_BELOW_K;
  return exhaustC < limitC ? [] : [reason('cooler.still-hot', { device: id, limitC })];
}

function isFed({ made }: CoolerContext, event: EventBase): boolean {
  return made.press === null || motorOf(event, 'PressState') === 'Running';
}

function depthM({ made }: CoolerContext, event: EventBase): number | null {
  const levelPct = goodNumber(event.inputs['LevelPct']);
  return levelPct === null ? null : Math.round(levelPct * made.bedM) / 100;
}

function runsEmpty({ unfedSinceMs }: CoolerContext, event: EventBase): boolean {
  return unfedSinceMs !== null && event.nowMs - unfedSinceMs >= LAST_COOLING_MS;
}

/** Deep enough to be let down, or the last of it; without air nothing hot is let out. */
export function mayLetDown(context: CoolerContext, event: EventBase): boolean {
  const bedM = depthM(context, event);
  if (bedM === null || !hasAir(event)) return false;
  return bedM >= context.topM || runsEmpty(context, event);
}

/** Let down far enough, or without what shows that it may go on. */
export function isLetDown(context: CoolerContext, event: EventBase): boolean {
  const bedM = depthM(context, event);
  if (bedM === null || !hasAir(event)) return true;
  return bedM <= context.topM - LET_DOWN_M && !runsEmpty(context, event);
}

/** How much warmer the product leaves than the air came in, K; null while it is not known. */
function warmerK(event: EventBase): number | null {
  const productC = goodNumber(event.inputs['ProductT']);
  const airC = goodNumber(event.inputs['AirT']);
  return productC === null || airC === null ? null : productC - airC;
}

/** The bed gets longer while the product leaves too warm, and shorter again later. */
function nextBed(context: CoolerContext, event: EventBase): Partial<CoolerContext> {
  const { nowMs } = event;
  const overK = warmerK(event);
  const isLong = context.topM > TOP_M;
  const warmSinceMs = overK !== null && overK > WARM_K ? (context.warmSinceMs ?? nowMs) : null;
  const isCool = overK !== null && overK < WELL_COOLED_K;
  const coolSinceMs = isLong && isCool ? (context.coolSinceMs ?? nowMs) : null;
  const warmMs = warmSinceMs === null ? 0 : nowMs - warmSinceMs;
  if (!isLong && warmMs >= LENGTHEN_MS) {
    return { topM: TOP_M_MAX, warmSinceMs: nowMs, coolSinceMs: null, tooWarm: false };
  }
  if (coolSinceMs !== null && nowMs - coolSinceMs >= SHORTEN_MS) {
    return { topM: TOP_M, warmSinceMs: null, coolSinceMs: null, tooWarm: false };
  }
  const tooWarm = isLong && (warmMs >= WARM_ALARM_MS || (context.tooWarm && !isCool));
  return { warmSinceMs, coolSinceMs, tooWarm };
}

/** The members that each scan brings up to date while it cools. */
export function cooling(context: CoolerContext, event: EventBase): Partial<CoolerContext> {
  const bed = nextBed(context, event);
  const isLong = (bed.topM ?? context.topM) > TOP_M;
  return {
    ...bed,
    bedM: depthM(context, event),
    unfedSinceMs: isFed(context, event) ? null : (context.unfedSinceMs ?? event.nowMs),
    reasons: [
      ...hindrances(context, event),
      ...(isLong ? [reason('cooler.longer-bed', { device: context.id, m: TOP_M_MAX })] : []),
    ],
  };
}

/** Likewise at rest, and while it burns: only its bed, its damper and what hinders it. */
export function resting(context: CoolerContext, event: EventBase): Partial<CoolerContext> {
  const { fire, shutByMs } = context;
  const isShut = isOn(event.inputs['DamperShutLS']);
  const late = fire && !isShut && (shutByMs === null || event.nowMs >= shutByMs);
  return {
    bedM: depthM(context, event),
    shutByMs: isShut || late ? null : shutByMs,
    damperOpen: late,
    reasons: hindrances(context, event),
  };
}
