import type { DeviceTypeName, DriveSettings } from '../../../plc/mill/definition.ts';
import type { Blend } from '../blend.ts';
import { AMBIENT_C, MG_PER_KG, pour, take } from '../blend.ts';
import type { Carrier } from '../carrier.ts';
import { blendsOf, carry, createCarrier, pick } from '../carrier.ts';
import { lag } from '../chance.ts';
import { drawFor, headFor, landingOf } from '../flow.ts';
import type { Behaviour, Item, MillState, Say, Step } from '../item.ts';
import { hasFault, lose, rounded } from '../item.ts';
import type { Motor, Winding } from '../motor.ts';
import { createMotor, isResting, measureMotor, stepMotor } from '../motor.ts';
import { condense, stepConditioner } from './conditioner.ts';

/**
 * Motors that may carry product: conveyors, legs, the hammer mill, the press and its conditioner.
 */
export type CarrierDriveType =
  | 'motor'
  | 'fan'
  | 'conveyor'
  | 'pump'
  | 'elevator'
  | 'hammerMill'
  | 'press'
  | 'sieve'
  | 'crumbler'
  | 'coater';

/** Where the mill file gives no throughput, t/h. */
const CAPACITY_DEFAULT_T_PER_H = 10;
const CELLS = 12;
/** A boot holds so many seconds of full flow; plugged from the second figure on. */
const BOOT_S = 10;
const PLUG_S = 6;
/**
 * A plugged drive trips after this, and someone clears it by hand when it has stood for that long,
 * s.
 */
const PLUG_TRIP_S = 4;
const HAND_CLEAR_S = 60;
/** Share of its run-on time that product needs to travel through: the rest of it is margin. */
const TRANSIT_SHARE: Readonly<Record<CarrierDriveType, number>> = {
  motor: 0.7,
  fan: 0.5,
  conveyor: 0.5,
  pump: 0.2,
  elevator: 0.4,
  hammerMill: 0.15,
  press: 0.2,
  sieve: 0.5,
  crumbler: 0.3,
  coater: 0.5,
};
/** Motor load at rated throughput; mills and presses reach full load before it. */
const LOAD_AT_CAPACITY: Readonly<Record<CarrierDriveType, number>> = {
  motor: 0.7,
  fan: 0.7,
  conveyor: 0.7,
  pump: 0.7,
  elevator: 0.7,
  hammerMill: 1.09,
  press: 1.09,
  sieve: 0.5,
  crumbler: 0.8,
  coater: 0.5,
};

/** Meal that falls through a hole in the screen is not ground any further. */
const HOLED_SCREEN_WORK = 0.55;

export interface CarrierDriveState {
  motor: Motor;
  carrier: Carrier;
  /** Product picked up, smoothed over 2 s, kg/s. */
  throughputKgPerS: number;
  /** What it has moved since the mill was new, mg. */
  totalMg: number;
  plugS: number;
  /** Filled while it stood: buckets cannot dig themselves out, someone must. */
  packed: boolean;
  standingS: number;
  bearingC: number;
  /** Steam let into it, kg/s; 0 for all but a conditioner. */
  steamKgPerS: number;
  /** Temperature of the product at its outlet as its sensor shows it, degC. */
  outletC: number;
}

/** Bounds that follow from a drive's settings. */
export interface CarrierBounds {
  readonly capacityMgPerS: number;
  readonly bootMg: number;
  readonly plugMg: number;
  readonly transitS: number;
}

export function boundsOf(type: CarrierDriveType, settings: DriveSettings): CarrierBounds {
  const tPerH = settings.capacityTPerH > 0 ? settings.capacityTPerH : CAPACITY_DEFAULT_T_PER_H;
  const capacityMgPerS = Math.round((tPerH * 1000 * MG_PER_KG) / 3600);
  return {
    capacityMgPerS,
    bootMg: capacityMgPerS * BOOT_S,
    plugMg: capacityMgPerS * PLUG_S,
    transitS: Math.max(2, settings.cleanOutS * TRANSIT_SHARE[type]),
  };
}

export function createCarrierDrive(): CarrierDriveState {
  return {
    motor: createMotor(),
    carrier: createCarrier(CELLS),
    throughputKgPerS: 0,
    totalMg: 0,
    plugS: 0,
    packed: false,
    standingS: 0,
    bearingC: AMBIENT_C,
    steamKgPerS: 0,
    outletC: AMBIENT_C,
  };
}

type CarrierItem = Item<CarrierDriveType, CarrierDriveState>;

/** What a press adds to the physics of a carrier. */
export interface Extra {
  /** A choked die lets nothing through. */
  readonly blocked: boolean;
  /** Work beyond what the throughput asks for, 1 = full load. */
  readonly load: number;
  treat?(parcel: Blend): void;
}

const NO_EXTRA: Extra = { blocked: false, load: 0 };

/**
 * Fills beyond the plug switch trip the drive; after it has stood a while someone clears it by
 * hand. A leg that filled while it stood moves nothing before that.
 */
function stepPlug(now: Step, item: CarrierItem, bounds: CarrierBounds): boolean {
  const { state } = item;
  const { boot } = state.carrier;
  const full = boot.mg >= bounds.plugMg;
  if (full && !state.motor.running && item.device.type === 'elevator') state.packed = true;
  const plugged = full || state.packed;
  state.plugS = plugged && state.motor.running ? state.plugS + now.dtS : 0;
  if (state.plugS >= PLUG_TRIP_S) state.motor.tripped = true;
  state.standingS = state.motor.running ? 0 : state.standingS + now.dtS;
  if (!plugged || now.on(item, 'Cmd') || state.standingS < HAND_CLEAR_S) return plugged;
  lose(now.mill, `${item.id} cleared by hand`, take(boot, boot.mg));
  state.packed = false;
  return false;
}

function stepBearing(now: Step, item: CarrierItem, load: number): void {
  const { state } = item;
  const hot = now.faulty(item.id, 'hot-bearing');
  const warm = AMBIENT_C + (state.motor.running ? 12 + 10 * Math.min(1.5, load) : 0);
  state.bearingC = lag(state.bearingC, hot ? 95 : warm, hot ? 60 : 400, now.dtS);
}

/** How the contactors that are commanded join its windings. */
function windingOf(now: Step, item: CarrierItem): Winding {
  if (item.device.settings.starter !== 'starDelta') return 'direct';
  const star = now.on(item, 'StarCmd');
  const delta = now.on(item, 'DeltaCmd');
  if (star && delta) return 'short';
  if (star) return 'star';
  return delta ? 'delta' : 'none';
}

export function stepCarrierDrive(now: Step, item: CarrierItem, extra: Extra = NO_EXTRA): void {
  const { state, device } = item;
  const bounds = boundsOf(device.type, device.settings);
  const { motor, carrier } = state;
  const jammed = stepPlug(now, item, bounds) || extra.blocked;
  const share = state.throughputKgPerS / (bounds.capacityMgPerS / MG_PER_KG);
  const crowding = 0.1 * Math.min(1, carrier.boot.mg / bounds.plugMg);
  const work = now.faulty(item.id, 'screen-broken') ? HOLED_SCREEN_WORK : 1;
  const load = LOAD_AT_CAPACITY[device.type] * share * work + crowding + extra.load;
  stepMotor(now, item, device.settings, motor, {
    wanted: now.on(item, 'Cmd'),
    load: item.inlets.length === 0 ? 0.6 * (motor.speedPct / 100) : load,
    jammed,
    runUpS: Math.max(0.5, device.settings.runUpS * 0.6),
    coastS: device.type === 'hammerMill' ? 40 : 3,
    winding: windingOf(now, item),
  });
  const blocked = extra.blocked || state.packed;
  if (item.inlets.length > 0) stepProduct(now, item, bounds, { ...extra, blocked });
  stepBearing(now, item, load);
}

function stepProduct(now: Step, item: CarrierItem, bounds: CarrierBounds, extra: Extra): void {
  const { state } = item;
  const speed = state.motor.speedPct / 100;
  const moving = speed > 0.05 && state.motor.running && !extra.blocked ? speed : 0;
  carry(state.carrier, (moving * now.dtS) / bounds.transitS, landingOf(now, item));
  const reachMg = Math.round(bounds.capacityMgPerS * 1.1 * moving * now.dtS);
  if (moving > 0) {
    const drawMg = Math.round(bounds.capacityMgPerS * 0.9 * moving * headFor(now, item) * now.dtS);
    const free = Math.max(0, bounds.plugMg / 2 - state.carrier.boot.mg);
    if (drawMg > 0) pour(state.carrier.boot, drawFor(now, item, Math.min(drawMg, free)));
  }
  const pickedMg = pick(state.carrier, reachMg, (parcel) => {
    if (state.steamKgPerS > 0) condense(now, state.steamKgPerS, parcel);
    extra.treat?.(parcel);
  });
  state.totalMg += pickedMg;
  const rate = pickedMg / MG_PER_KG / now.dtS;
  state.throughputKgPerS = lag(state.throughputKgPerS, rate, 2, now.dtS);
  stepConditioner(now, state);
}

/** True when it stands, empty and cold. */
export function isStanding(now: Step, item: CarrierItem): boolean {
  const { motor, carrier, bearingC, outletC, steamKgPerS, throughputKgPerS } = item.state;
  const cold = Math.max(bearingC, outletC) - AMBIENT_C < 0.05 && steamKgPerS === 0;
  return (
    cold &&
    throughputKgPerS < 0.001 &&
    isResting(now, item.id, motor, now.on(item, 'Cmd')) &&
    blendsOf(carrier).every((blend) => blend.mg === 0)
  );
}

/** Says the tags of a drive on the field's own controller. */
export function measureCarrierDrive(
  mill: MillState,
  item: Item<DeviceTypeName, CarrierDriveState>,
  say: Say,
): void {
  const { motor } = item.state;
  measureMotor(mill, item.id, motor, say);
  say('SpeedPct', rounded(motor.speedPct, 1));
  say('kWh', rounded(motor.kWh, 2));
}

/** The product side that all carriers share. */
export const carrierProduct: Pick<
  Behaviour<CarrierDriveType, CarrierDriveState>,
  'room' | 'put' | 'held'
> = {
  room(_now, item) {
    return Math.max(
      0,
      boundsOf(item.device.type, item.device.settings).bootMg - item.state.carrier.boot.mg,
    );
  },
  put(_now, item, parcel) {
    pour(item.state.carrier.boot, parcel);
  },
  held: (state) => blendsOf(state.carrier),
};

/** Conveyor, elevator, hammer mill, fan or plain motor. */
export const carrierDrive: Behaviour<CarrierDriveType, CarrierDriveState> = {
  pace: 'coarse',
  create: () => createCarrierDrive(),
  step: (now, item) => stepCarrierDrive(now, item),
  idle: (now, item) => isStanding(now, item),
  locks: ({ state, device }) =>
    device.type === 'elevator'
      ? state.carrier.boot.mg >= boundsOf(device.type, device.settings).plugMg
      : device.type === 'hammerMill' && !state.motor.running,
  ...carrierProduct,
  measure(item, say, mill) {
    measureCarrierDrive(mill, item, say);
    const { state, device } = item;
    if (device.type === 'elevator') {
      const bounds = boundsOf(device.type, device.settings);
      say('Align', hasFault(mill, item.id, 'belt-drift'));
      say('Plug', state.carrier.boot.mg >= bounds.plugMg);
      say('BearingT', rounded(state.bearingC, 1));
    }
    if (device.type === 'hammerMill') {
      const rough = hasFault(mill, item.id, 'vibration') ? 7 : 0;
      const share = state.motor.speedPct / 100;
      const work = 0.6 * Math.min(1, state.throughputKgPerS);
      say('BearingT', rounded(state.bearingC, 1));
      say('Vibration', rounded(share * (1.8 + rough + work), 1));
    }
  },
};
