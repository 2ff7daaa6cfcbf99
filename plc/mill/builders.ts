import { MOTOR_STATES } from '../model/isa88.ts';
import type { Text } from '../model/text.ts';
import type {
  Condition,
  DeviceOf,
  DeviceSettings,
  DeviceTypeName,
  DriveSettings,
  DriveTypeName,
  FlowDefinition,
} from './definition.ts';

/** What a mill file says of each device beside its settings. */
export interface Placement {
  readonly area: string;
  readonly connection: string;
  readonly at: readonly [number, number];
  readonly unitId?: number;
  readonly registerBase?: number;
  readonly permissives?: readonly Condition[];
  readonly interlocks?: readonly Condition[];
}

/** A device of any type, with all its settings written out. */
export function device<K extends DeviceTypeName>(
  type: K,
  id: string,
  text: Text,
  place: Placement,
  settings: DeviceSettings[K],
): DeviceOf<K> {
  return {
    type,
    id,
    text,
    settings,
    area: place.area,
    connection: place.connection,
    unitId: place.unitId ?? null,
    registerBase: place.registerBase ?? 0,
    at: { x: place.at[0], y: place.at[1] },
    permissives: place.permissives ?? [],
    interlocks: place.interlocks ?? [],
  };
}

const DRIVE_DEFAULTS = {
  hornS: 5,
  feedbackS: 2,
  runUpS: 8,
  cleanOutS: 20,
  startsPerHourMax: 12,
  starter: 'direct',
  capacityTPerH: 0,
} as const;

type DriveOptions<K extends DriveTypeName> = Omit<
  DeviceSettings[K],
  keyof typeof DRIVE_DEFAULTS | 'ratedAmps' | 'idleAmps'
> &
  Partial<DriveSettings>;

/**
 * A driven device. From the rated power follow full-load amps (about 1.9 A/kW at 400 V three-phase,
 * cos phi 0.85, efficiency 0.9) and idle amps (35 %), unless given.
 */
export function drive<K extends DriveTypeName>(
  type: K,
  id: string,
  text: Text,
  place: Placement,
  options: DriveOptions<K>,
): DeviceOf<K> {
  const ratedAmps = Math.round((options as DriveSettings).ratedKw * 19) / 10;
  const settings = {
    ...DRIVE_DEFAULTS,
    ratedAmps,
    idleAmps: Math.round(ratedAmps * 3.5) / 10,
    ...options,
  };
  return device(type, id, text, place, settings as unknown as DeviceSettings[K]);
}

/** Product flows along the devices in this order. */
export function chain(...ids: readonly string[]): FlowDefinition[] {
  return ids.slice(1).map((to, index) => ({ from: ids[index] ?? to, to, port: null }));
}

/** A diverter leads to these devices: position 1 to the first, 2 to the second ... */
export function branch(from: string, ...to: readonly string[]): FlowDefinition[] {
  return to.map((one, index) => ({ from, to: one, port: index + 1 }));
}

/** Several devices lead into one. */
export function join(from: readonly string[], to: string): FlowDefinition[] {
  return from.map((one) => ({ from: one, to, port: null }));
}

export function is(tag: string, limit: boolean): Condition {
  return { tag, comparison: 'is', limit };
}

/** The drive runs: as a condition of another device. */
export function runs(device: string): Condition {
  return { tag: `${device}.State`, comparison: 'is', limit: MOTOR_STATES.indexOf('Running') };
}

/** The same place with what must hold before it starts. */
export function once(place: Placement, ...permissives: readonly Condition[]): Placement {
  return { ...place, permissives };
}

/** Above this in its exhaust a cooler burns, degC (DOMAIN 4). */
export const EXHAUST_HIGH_C = 60;

/** The same place of a drive that stops when the cooler behind it burns (DOMAIN 4). */
export function unburnt(place: Placement, cooler: string): Placement {
  const interlocks = [...(place.interlocks ?? []), is(`${cooler}.Fire`, false)];
  return { ...place, interlocks };
}

/**
 * The place of what feeds hot product to a cooler: not before its fan runs, and only while its
 * exhaust is known to be cool (DOMAIN 4: no fan, no press feed).
 */
export function fedToCooler(place: Placement, cooler: string, fan: string): Placement {
  const cool: Condition = {
    tag: `${cooler}.ExhaustT`,
    comparison: 'below',
    limit: EXHAUST_HIGH_C,
  };
  const { interlocks = [], ...rest } = unburnt(once(place, runs(fan)), cooler);
  return { ...rest, interlocks: [...interlocks, cool] };
}

/** The same place of a drive that stops when the drawer of its magnet is out (DOMAIN 4). */
export function behindMagnet(place: Placement, magnet: string): Placement {
  const interlocks = [...(place.interlocks ?? []), is(`${magnet}.InPlace`, true)];
  return { ...place, interlocks };
}
