import type { AlarmPriority, Comparison } from '../model/alarm.ts';
import type {
  ModbusArea,
  ModbusEncoding,
  ScanClassMs,
  TagDataType,
  TagDirection,
} from '../model/tag.ts';
import type { Text } from '../model/text.ts';
import type { Unit } from '../model/unit.ts';
import type { Collection } from './collection.ts';

/** Where a tag sits in the register block of its Modbus device, counted from the device's base. */
export interface RegisterTemplate {
  readonly area: ModbusArea;
  readonly offset: number;
  readonly encoding: ModbusEncoding;
  readonly bit?: number;
  /** Registers of a string. */
  readonly length?: number;
  readonly scale?: number;
}

/** A number, or how it follows from the device's settings. */
export type FromSettings<S> = number | ((settings: S) => number);

/** One tag that each device of a type has. */
export interface TagTemplate<S> {
  readonly role: string;
  readonly dataType: TagDataType;
  readonly direction: TagDirection;
  readonly text: Text;
  readonly unit: Unit;
  readonly low: FromSettings<S>;
  readonly high: FromSettings<S>;
  /** What of it is kept in history; every change unless said. */
  readonly collection?: Collection;
  /** Share of the range below which the field need not tell a change, %. */
  readonly fieldDeadbandPct?: number;
  /** How often the field is asked for it; 100 ms unless said otherwise. */
  readonly scanMs?: ScanClassMs;
  /** Each value between two publishes counts. */
  readonly everyValue?: boolean;
  readonly maxAgeMs?: number;
  readonly states?: Readonly<Record<number, Text>>;
  readonly register?: RegisterTemplate;
  /** Only devices with such settings have it; all have it when absent. */
  readonly onlyIf?: (settings: S) => boolean;
}

/** One alarm that each device of a type has. Without `when`, the device's machine raises it. */
export interface AlarmTemplate<S> {
  readonly name: string;
  readonly priority: AlarmPriority;
  readonly text: Text;
  readonly cause: Text;
  readonly consequence: Text;
  readonly action: Text;
  readonly timeToRespondS: number;
  readonly when?: {
    readonly role: string;
    readonly comparison: Comparison;
    readonly limit: boolean | FromSettings<S>;
    readonly deadband?: number;
    readonly onDelayS?: number;
  };
}

/** What a device type brings along: its name for people, its tags and its alarms. */
export interface DeviceType<S> {
  readonly text: Text;
  readonly tags: readonly TagTemplate<S>[];
  readonly alarms: readonly AlarmTemplate<S>[];
}

/** The number that `from` gives for these settings. */
export function settle<S>(from: FromSettings<S>, settings: S): number {
  return typeof from === 'number' ? from : from(settings);
}
