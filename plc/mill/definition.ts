import type { AlarmDefinition } from '../model/alarm.ts';
import type { CarryOverRule } from '../model/carry-over.ts';
import type { Condition } from '../model/condition.ts';
import type { ConnectionDefinition } from '../model/connection.ts';
import type { TagDefinition } from '../model/tag.ts';
import type { Tariff } from '../model/tariff.ts';
import type { Text } from '../model/text.ts';
import type { TagCollection } from './collection.ts';
import type { DeviceSettings } from './device-settings.ts';

export type { Condition } from '../model/condition.ts';
export type * from './device-settings.ts';

export type DeviceTypeName = keyof DeviceSettings;

/** Types that are driven by a motor and so share its tags, states and machine. */
export const DRIVE_TYPES = [
  'motor',
  'fan',
  'conveyor',
  'elevator',
  'feeder',
  'mixer',
  'hammerMill',
  'press',
  'sieve',
  'crumbler',
  'coater',
  'pump',
] as const satisfies readonly DeviceTypeName[];
export type DriveTypeName = (typeof DRIVE_TYPES)[number];

/** Types with two limit switches that are closed without power, and share the machine of a gate. */
export const GATE_TYPES = ['gate', 'valve'] as const satisfies readonly DeviceTypeName[];
/** Types that turn to a numbered position, and share a machine. */
export const POSITIONER_TYPES = [
  'diverter',
  'distributor',
] as const satisfies readonly DeviceTypeName[];

interface DeviceBase {
  /** The mill's equipment number, unique, letters and digits. */
  readonly id: string;
  readonly text: Text;
  readonly area: string;
  /** Connection of its signals; Modbus devices also name the unit and their first register. */
  readonly connection: string;
  readonly unitId: number | null;
  readonly registerBase: number;
  /** Centre of its symbol on the display of its area, in a 1600 x 800 grid. */
  readonly at: { readonly x: number; readonly y: number };
  readonly permissives: readonly Condition[];
  readonly interlocks: readonly Condition[];
}

export type DeviceOf<K extends DeviceTypeName> = DeviceBase & {
  readonly type: K;
  readonly settings: DeviceSettings[K];
};

export type DeviceDefinition = { [K in DeviceTypeName]: DeviceOf<K> }[DeviceTypeName];

type OfTypes<T extends readonly DeviceTypeName[]> = Extract<
  DeviceDefinition,
  { readonly type: T[number] }
>;

export function isDrive(device: DeviceDefinition): device is OfTypes<typeof DRIVE_TYPES> {
  return (DRIVE_TYPES as readonly string[]).includes(device.type);
}

export function isGate(device: DeviceDefinition): device is OfTypes<typeof GATE_TYPES> {
  return (GATE_TYPES as readonly string[]).includes(device.type);
}

export function isPositioner(device: DeviceDefinition): device is OfTypes<typeof POSITIONER_TYPES> {
  return (POSITIONER_TYPES as readonly string[]).includes(device.type);
}

/**
 * Product flows from one device to the next; `port` is the position of a diverter that leads there.
 */
export interface FlowDefinition {
  readonly from: string;
  readonly to: string;
  readonly port: number | null;
}

/** A way for product: from any of its sources to any of its destinations, along the flows. */
export interface RouteDefinition {
  readonly id: string;
  readonly text: Text;
  readonly sources: readonly string[];
  readonly destinations: readonly string[];
  /** Fans that run while the route runs, and on for `aspirationRunOnS`. */
  readonly aspiration: readonly string[];
  readonly aspirationRunOnS: number;
}

/** One step of a route from its source to its destination; `port` where it passes a diverter. */
export interface RouteStep {
  readonly device: string;
  readonly port: number | null;
}

/** A dosing and mixing line (ISA-88 process cell part): what the batch machine works with. */
export interface LineDefinition {
  readonly id: string;
  readonly text: Text;
  readonly scales: readonly string[];
  /** Meters that dose liquids straight into its mixer; absent: it has none. */
  readonly meters?: readonly string[];
  readonly mixer: string;
  readonly surge: string;
  /** Finished bins that are filled for orders of this line only. */
  readonly finishedBins: readonly string[];
  /** Presses that its mash can go to and baggers that its bins lead to; lines may share both. */
  readonly presses: readonly string[];
  readonly baggers: readonly string[];
  readonly routes: {
    readonly mixToPress: string;
    readonly mixToFinished: string;
  };
}

/** A press with the bin above it and the route that it presses along. */
export interface PressLineDefinition {
  readonly press: string;
  readonly bin: string;
  readonly route: string;
  /** Conveyor that brings the fines of its sieve back to the bin, or null. */
  readonly fines: string | null;
  /** Coating drum behind it, or null. */
  readonly coater: string | null;
  /** Crumbler behind its cooler; none when absent. */
  readonly crumbler?: string;
}

/** A bagger with the finished bins that its route brings it product from. */
export interface BaggingLineDefinition {
  readonly bagger: string;
  readonly bins: readonly string[];
  readonly route: string;
}

/** Bins that are refilled from storage by a route when their level falls. */
export interface RefillDefinition {
  readonly id: string;
  readonly route: string;
  readonly startPct: number;
  readonly stopPct: number;
}

/** What the laboratory must find for a truck to be accepted (DOMAIN 4). */
export interface IntakeLimits {
  readonly moisturePctMax: number;
  readonly proteinPctMin: number;
  /** Aflatoxin B1, micrograms per kg. */
  readonly mycotoxinPpbMax: number;
}

export interface MaterialDefinition {
  readonly code: string;
  readonly text: Text;
  /** Without limits any sample is accepted (liquids). */
  readonly limits?: IntakeLimits;
  /** A drug: two persons bring it to its bin, by the label of its lot. */
  readonly drug?: boolean;
  /** Mass of its usual sack, kg; 25 without it. */
  readonly sackKg?: number;
}

export interface AreaDefinition {
  readonly id: string;
  readonly text: Text;
}

/**
 * One drawing of the HMI (ISA-101 level 2, or level 1 where it is the only one): areas that are
 * looked at together, on a grid of 1600 x 800. Each area is on one display.
 */
export interface DisplayDefinition {
  readonly id: string;
  readonly text: Text;
  readonly areas: readonly string[];
}

/** What a mill file writes. `defineMill` checks it and expands it into a `Mill`. */
export interface MillDefinition {
  readonly id: string;
  readonly text: Text;
  readonly timeZone: string;
  readonly connections: readonly ConnectionDefinition[];
  readonly areas: readonly AreaDefinition[];
  /** In the order of the flow of product. */
  readonly displays: readonly DisplayDefinition[];
  readonly materials: readonly MaterialDefinition[];
  readonly devices: readonly DeviceDefinition[];
  readonly flows: readonly FlowDefinition[];
  readonly routes: readonly RouteDefinition[];
  readonly lines: readonly LineDefinition[];
  /** Every press and bagger of the mill, those of its lines among them. */
  readonly pressLines: readonly PressLineDefinition[];
  readonly baggingLines: readonly BaggingLineDefinition[];
  readonly refills: readonly RefillDefinition[];
  /** The matrix of carry-over (DOMAIN 4): the first rule that fits counts. */
  readonly carryOver: readonly CarryOverRule[];
  /** Hours of the energy tariff, which grinding heeds; without it all hours are the same. */
  readonly tariff?: Tariff;
  /** Tags without a device. */
  readonly plainTags: readonly TagDefinition[];
  /** What is kept in history of single tags, where it is not what their device's type says. */
  readonly collections?: readonly TagCollection[];
}

/** A checked mill: the definition and all that follows from it, with look-ups. */
export interface Mill extends MillDefinition {
  readonly tags: readonly TagDefinition[];
  readonly alarms: readonly AlarmDefinition[];
  readonly tagByName: ReadonlyMap<string, TagDefinition>;
  readonly deviceById: ReadonlyMap<string, DeviceDefinition>;
}
