import type { DriveSettings } from '../../plc/mill/definition.ts';
import { lag, wander } from './chance.ts';
import type { Item, MillState, Say, Step } from './item.ts';
import { hasFault, rounded } from './item.ts';

const CONTACTOR_S = 0.2;
/** A thermal overload relay acts above 120 % of full load within this, s. */
const OVERLOAD_S = 10;
/** The relay lets go once the command has been away for this, s. */
const RELAY_REST_S = 5;
const COAST_S = 3;

/** Motor, contactor and protection of a drive. */
export interface Motor {
  running: boolean;
  contactorS: number;
  speedPct: number;
  amps: number;
  kWh: number;
  tripped: boolean;
  overloadS: number;
  restS: number;
  ampsNoise: number;
  /** Its delta contactor is in; stays false where it has none. */
  delta: boolean;
}

/** How its windings are joined: fed direct, or by contactors for star and delta. */
export type Winding = 'direct' | 'star' | 'delta' | 'none' | 'short';

export function createMotor(): Motor {
  return {
    running: false,
    contactorS: 0,
    speedPct: 0,
    amps: 0,
    kWh: 0,
    tripped: false,
    overloadS: 0,
    restS: RELAY_REST_S,
    ampsNoise: 0,
    delta: false,
  };
}

/** What a motor is asked to do in a step. */
export interface MotorDemand {
  readonly wanted: boolean;
  /** Work beyond idling, 1 at full load. */
  readonly load: number;
  /** Product jams it: it cannot be reset before that is cleared. */
  readonly jammed: boolean;
  /** Time to full speed, s. */
  readonly runUpS: number;
  readonly coastS?: number;
  readonly winding?: Winding;
}

function protect(
  now: Step,
  id: string,
  motor: Motor,
  demand: MotorDemand,
  ratedAmps: number,
): void {
  motor.overloadS = motor.amps > 1.2 * ratedAmps ? motor.overloadS + now.dtS : 0;
  motor.restS = demand.wanted ? 0 : motor.restS + now.dtS;
  const cut = now.faulty(id, 'trip') || now.faulty(id, 'burst-vent');
  // Star and delta together join the three phases: its breaker opens at once.
  const cleared = demand.winding === 'short';
  if (motor.overloadS >= OVERLOAD_S || cut || cleared) motor.tripped = true;
  else if (motor.restS >= RELAY_REST_S && !demand.jammed) motor.tripped = false;
}

/** True while a hard-wired interlock of the field holds a device. */
export function isHeld(item: Pick<Item, 'lockedBy'>): boolean {
  return item.lockedBy.some((one) => one.behaviour.locks?.(one) === true);
}

/** True when a motor stands, is cold and would do nothing in a step. */
export function isResting(now: Step, id: string, motor: Motor, wanted: boolean): boolean {
  const still = !wanted && !motor.running && motor.speedPct === 0 && motor.amps < 0.01;
  return still && !motor.tripped && motor.restS >= RELAY_REST_S && !now.mill.faults.hasAny(id);
}

/** One step of a motor: protection, contactor, speed, current (first order, 2.5 s) and energy. */
export function stepMotor(
  now: Step,
  item: Pick<Item, 'id' | 'emergencyStops' | 'lockedBy'>,
  settings: DriveSettings,
  motor: Motor,
  demand: MotorDemand,
): void {
  const { id } = item;
  protect(now, id, motor, demand, settings.ratedAmps);
  const pressed = now.faulty(id, 'local-start');
  const powered =
    (pressed || (demand.wanted && !now.faulty(id, 'local'))) &&
    !motor.tripped &&
    !isHeld(item) &&
    !item.emergencyStops.some((stop) => now.faulty(stop, 'e-stop'));
  const closed = powered || (motor.running && now.faulty(id, 'welded'));
  motor.contactorS = closed === motor.running ? 0 : motor.contactorS + now.dtS;
  if (motor.contactorS >= CONTACTOR_S) {
    motor.running = closed;
    motor.contactorS = 0;
  }
  const full = now.faulty(id, 'underspeed') ? 70 : 100;
  const rise = (100 / demand.runUpS) * now.dtS;
  const fall = (100 / (demand.coastS ?? COAST_S)) * now.dtS;
  const winding = demand.winding ?? 'direct';
  const turns = motor.running && winding !== 'none' && winding !== 'short';
  motor.delta = motor.running && winding === 'delta';
  const target = turns ? full : 0;
  motor.speedPct += Math.max(-fall, Math.min(rise, target - motor.speedPct));
  stepCurrent(now, settings, motor, demand, full);
}

function stepCurrent(
  now: Step,
  settings: DriveSettings,
  motor: Motor,
  { load, winding }: MotorDemand,
  full: number,
): void {
  const { idleAmps, ratedAmps } = settings;
  const spread = ratedAmps - idleAmps;
  let target = 0;
  if (motor.running) {
    // A soft starter holds the current below full load while the drive runs up.
    const runUp = motor.speedPct < full ? 0.8 * spread * (1 - motor.speedPct / full) : 0;
    motor.ampsNoise = wander(now.mill.chance, motor.ampsNoise, 0.006 * ratedAmps, 1, now.dtS);
    // In star a winding has 1/sqrt(3) of the voltage: the line carries a third of the current.
    const share = winding === 'star' ? 1 / 3 : winding === 'none' ? 0 : 1;
    target = share * (idleAmps + spread * load + runUp);
  }
  motor.amps = lag(motor.amps, target, motor.running ? 2.5 : 0.2, now.dtS);
  const kW = (motor.amps / ratedAmps) * settings.ratedKw;
  motor.kWh += (kW * now.dtS) / 3600;
}

export function ampsShown(motor: Motor): number {
  if (!motor.running) return motor.amps < 0.05 ? 0 : rounded(motor.amps, 1);
  return Math.max(0, rounded(motor.amps + motor.ampsNoise, 1));
}

/** Says the tags that every drive has. */
export function measureMotor(mill: MillState, id: string, motor: Motor, say: Say): void {
  say('RunFb', motor.running && !hasFault(mill, id, 'feedback-lost'));
  say('Trip', motor.tripped);
  say('Local', hasFault(mill, id, 'local') || hasFault(mill, id, 'local-start'));
  say('DeltaFb', motor.delta);
  say('Amps', ampsShown(motor));
}
