import {
  AIR_STATES,
  DIVERTER_STATES,
  GATE_STATES,
  MOTOR_STATES,
  PACKML_STATES,
  ROUTE_STATES,
  SCALE_STATES,
} from '../../../server/contract/states.ts';
import { t } from '../i18n/language.ts';
import type { Look } from './looks.ts';
import { type Device, roleOf } from './mill.ts';
import { type TagView, UNKNOWN_VIEW, useTag } from './tags.ts';

export type { Look } from './looks.ts';

const LOOK_OF_STATE: Readonly<Record<string, Look>> = {
  Stopped: 'off',
  Closed: 'off',
  InPosition: 'off',
  Idle: 'off',
  Empty: 'off',
  Full: 'off',
  Complete: 'off',
  Undefined: 'unknown',
  Unknown: 'unknown',
  Ready: 'on',
  Low: 'fault',
  Running: 'on',
  Open: 'on',
  Execute: 'on',
  Filling: 'on',
  Jogging: 'on',
  Discharging: 'on',
  Faulted: 'fault',
  Aborted: 'fault',
  Aborting: 'fault',
  Tripped: 'fault',
  Interlocked: 'blocked',
  Held: 'blocked',
  Suspended: 'blocked',
  Waiting: 'asking',
  LocalOff: 'local',
  OutOfService: 'out',
};

const STATES_OF_TYPE: Readonly<Record<string, readonly string[]>> = {
  motor: MOTOR_STATES,
  fan: MOTOR_STATES,
  conveyor: MOTOR_STATES,
  elevator: MOTOR_STATES,
  feeder: MOTOR_STATES,
  mixer: MOTOR_STATES,
  hammerMill: MOTOR_STATES,
  press: MOTOR_STATES,
  sieve: MOTOR_STATES,
  crumbler: MOTOR_STATES,
  coater: MOTOR_STATES,
  pump: MOTOR_STATES,
  gate: GATE_STATES,
  valve: GATE_STATES,
  diverter: DIVERTER_STATES,
  distributor: DIVERTER_STATES,
  scale: SCALE_STATES,
  bagger: PACKML_STATES,
  palletiser: PACKML_STATES,
  airNet: AIR_STATES,
};

/** The names of the states of a device, in the order of their codes; none for what has no state. */
export function stateNamesOf(device: Device): readonly string[] {
  return STATES_OF_TYPE[device.type] ?? [];
}

/** A flag that is abnormal when it is on, for the types without a state of their own. */
const FAULT_FLAG_OF_TYPE: Readonly<Record<string, string>> = {
  safety: 'EStop',
  heartbeat: 'Safe',
  filter: 'VentBurst',
  checkweigher: 'Fault',
  metalDetector: 'Fault',
  loadOut: 'Fault',
};
/** A flag that says that it works now, likewise. */
const WORK_FLAG_OF_TYPE: Readonly<Record<string, string>> = {
  cooler: 'DischargeFb',
  magnet: 'InPlace',
  boiler: 'RunFb',
  compressor: 'RunFb',
  weighbridge: 'Occupied',
};

/** The words of a fault flag that is on; any other is a fault. */
const FAULT_WORDS: Readonly<Record<string, 'overview.estop' | 'overview.safe'>> = {
  safety: 'overview.estop',
  heartbeat: 'overview.safe',
};

/**
 * What a flag means as the state of its device: OK, or the word for its fault. Null where the
 * value's own
 * text says it.
 */
export function flagWord(device: Device, value: TagView['value']): string | null {
  if (FAULT_FLAG_OF_TYPE[device.type] === undefined || typeof value !== 'boolean') return null;
  if (!value) return 'OK';
  return t(FAULT_WORDS[device.type] ?? 'look.fault');
}

/** The tag that says what a device is doing, by its type; null where nothing does (bins). */
export function stateTagOf(device: Device): string | null {
  const role =
    STATES_OF_TYPE[device.type] === undefined
      ? (FAULT_FLAG_OF_TYPE[device.type] ?? WORK_FLAG_OF_TYPE[device.type])
      : 'State';
  if (role === undefined) return null;
  return roleOf(device.id, role)?.name ?? null;
}

/** The look of a state that is an index in `names`. */
function lookOfState(names: readonly string[], view: TagView): Look {
  if (view.quality === 'bad') return 'unknown';
  const name = typeof view.value === 'number' ? names[view.value] : undefined;
  return name === undefined ? 'unknown' : (LOOK_OF_STATE[name] ?? 'moving');
}

/**
 * The look that a value of the device's state tag means. Bad quality looks unknown, whatever it
 * was.
 */
export function lookOf(device: Device, view: TagView): Look {
  const names = STATES_OF_TYPE[device.type];
  if (names !== undefined) return lookOfState(names, view);
  if (view.quality === 'bad' || view.value === null) return 'unknown';
  if (FAULT_FLAG_OF_TYPE[device.type] !== undefined) return view.value === true ? 'fault' : 'off';
  return view.value === true ? 'on' : 'off';
}

/** The live look of a device; `off` for one that has no state. */
export function useLook(device: Device): () => { look: Look; view: TagView } {
  const tag = stateTagOf(device);
  if (tag === null) return () => ({ look: 'off', view: UNKNOWN_VIEW });
  const view = useTag(tag);
  return () => ({ look: lookOf(device, view()), view: view() });
}

/** The tag that says what a route is doing. */
export function routeStateTag(route: string): string {
  return `${route}.State`;
}

/** The live look of a route. */
export function useRouteLook(route: string): () => { look: Look; view: TagView } {
  const view = useTag(routeStateTag(route));
  return () => ({ look: lookOfState(ROUTE_STATES, view()), view: view() });
}

/** The letter that stands beside the shape, so that nothing is told by colour alone. */
export const LOOK_LETTER: Readonly<Record<Look, string>> = {
  off: '',
  on: '',
  moving: '…',
  blocked: 'I',
  asking: '!',
  local: 'L',
  out: 'O',
  fault: '!',
  unknown: '',
};

/** The value that tells most of a device of a type, shown beside its symbol. */
export const KEY_ROLE: Readonly<Record<string, string>> = {
  motor: 'Amps',
  magnet: 'PassedH',
  fan: 'Amps',
  conveyor: 'Amps',
  elevator: 'Amps',
  feeder: 'Hz',
  diverter: 'Pos',
  distributor: 'Pos',
  scale: 'Net',
  bin: 'LevelPct',
  mixer: 'ContentKg',
  hammerMill: 'LoadPct',
  press: 'ConditionerT',
  cooler: 'ProductT',
  bagger: 'OrderBags',
  sieve: 'Amps',
  crumbler: 'GapMm',
  coater: 'LiquidKgPerH',
  pump: 'Amps',
  weighbridge: 'Net',
  handAdd: 'Net',
  filter: 'DiffMbar',
  boiler: 'PressureBar',
  compressor: 'PressureBar',
  airNet: 'PressureBar',
  energyMeter: 'kW',
  temperatureCable: 'MaxT',
  weatherStation: 'AirT',
  flowMeter: 'FlowKgPerH',
  doseMeter: 'FlowKgPerH',
  palletiser: 'BagsOnPallet',
  checkweigher: 'LastKg',
  metalDetector: 'Rejects',
  loadOut: 'ActualKg',
};
