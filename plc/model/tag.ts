import type { Quality } from './quality.ts';
import type { Text } from './text.ts';
import type { Unit } from './unit.ts';

/** What a tag can hold. States travel as their number, with texts in `TagDefinition.states`. */
export type TagScalar = number | boolean | string;

/**
 * Times of a value: when the source says it was true, and when this system received it (ms UTC).
 */
interface ValueTimes {
  readonly sourceTimeMs: number;
  readonly receivedTimeMs: number;
}

/** A value that may be acted upon. */
export interface GoodValue<T extends TagScalar = TagScalar> extends ValueTimes {
  readonly quality: 'good';
  readonly value: T;
}

/**
 * A value that must not be acted upon. It has no `value` on purpose: whoever wants the last known
 * one must ask for `lastValue` and so say that it is not taken as good.
 */
export interface DoubtfulValue<T extends TagScalar = TagScalar> extends ValueTimes {
  readonly quality: Exclude<Quality, 'good'>;
  readonly lastValue: T | null;
}

/** A value never travels without its quality: narrow on `quality` before reading `value`. */
export type TagValue<T extends TagScalar = TagScalar> = GoodValue<T> | DoubtfulValue<T>;

export type TagDataType =
  | 'bool'
  | 'int16'
  | 'uint16'
  | 'int32'
  | 'uint32'
  | 'float'
  | 'double'
  | 'string';

/** Where an OPC UA tag lives: node identifier (`s=...` or `i=...`) under a namespace URI. */
export interface OpcUaAddress {
  readonly kind: 'opcua';
  readonly connection: string;
  readonly namespaceUri: string;
  readonly identifier: string;
}

export type ModbusArea = 'coil' | 'discrete' | 'input' | 'holding';
/** What registers can hold. Integers of 64 bits are told only where a number holds them exactly. */
export const MODBUS_ENCODINGS = [
  'bool',
  'int16',
  'uint16',
  'int32',
  'uint32',
  'int64',
  'uint64',
  'float32',
  'float64',
  'string',
] as const;
export type ModbusEncoding = (typeof MODBUS_ENCODINGS)[number];

/**
 * Where the bytes of a value stand; A is the most significant of four. Eight bytes follow the same
 * rule: CDAB and DCBA have the last register first, BADC and DCBA swap the bytes of each register.
 * A string keeps its registers in order, only the bytes within them may be swapped.
 */
export const WORD_ORDERS = ['ABCD', 'CDAB', 'BADC', 'DCBA'] as const;
export type WordOrder = (typeof WORD_ORDERS)[number];

/**
 * Where a Modbus tag lives. `register` is the protocol address (0-based). `bit` picks one bit of a
 * 16-bit register for a `bool` in the input or holding area. `length` is how many registers a
 * string takes, null for all else. Engineering value = raw * scale + offset.
 */
export interface ModbusAddress {
  readonly kind: 'modbus';
  readonly connection: string;
  readonly unitId: number;
  readonly area: ModbusArea;
  readonly register: number;
  readonly bit: number | null;
  readonly encoding: ModbusEncoding;
  readonly length: number | null;
  readonly wordOrder: WordOrder;
  readonly scale: number;
  readonly offset: number;
}

/** How many 16-bit registers a value takes; a coil or discrete input counts as one. */
export function registersOf(address: Pick<ModbusAddress, 'encoding' | 'length'>): number {
  switch (address.encoding) {
    case 'bool':
    case 'int16':
    case 'uint16':
      return 1;
    case 'int32':
    case 'uint32':
    case 'float32':
      return 2;
    case 'int64':
    case 'uint64':
    case 'float64':
      return 4;
    case 'string':
      return Math.max(1, address.length ?? 1);
  }
}

export type TagAddress = OpcUaAddress | ModbusAddress;

/**
 * - `input`: the field measures it, the controller reads it.
 * - `output`: the controller commands it and reads it back.
 * - `derived`: a machine of the controller computes it; it has no field address.
 */
export type TagDirection = 'input' | 'output' | 'derived';

/** How often the field may be asked for a tag, ms: Modbus poll, OPC UA sampling. */
export const SCAN_CLASSES_MS = [100, 200, 1_000, 5_000, 60_000] as const;
export type ScanClassMs = (typeof SCAN_CLASSES_MS)[number];

/** One named signal of the mill, expanded from its device's type (or listed as a plain tag). */
export interface TagDefinition {
  /** `<device>.<role>`, unique in the mill, e.g. `EL101.SpeedPct`. */
  readonly name: string;
  readonly device: string | null;
  readonly role: string;
  readonly dataType: TagDataType;
  readonly unit: Unit;
  /**
   * Engineering range (OPC UA Part 8 EURange) in `unit`; 0..1 for flags, lowest..highest code for
   * states.
   */
  readonly range: { readonly low: number; readonly high: number };
  readonly text: Text;
  readonly direction: TagDirection;
  readonly address: TagAddress | null;
  /** A value not confirmed for longer than this is stale, ms. */
  readonly maxAgeMs: number;
  /** How often the field is asked for it. */
  readonly scanMs: ScanClassMs;
  /**
   * A change smaller than this need not be told by the field, in `unit` (OPC UA Part 8, absolute
   * deadband); 0: every change.
   */
  readonly fieldDeadband: number;
  /** Each value between two publishes counts and must not be lost: queued by an OPC UA server. */
  readonly everyValue: boolean;
  /** A change smaller than this need not be stored in history, in `unit`. */
  readonly deadband: number;
  /**
   * History keeps points of which the lines between them are never further from what was measured
   * than this, in `unit` (swinging door). Without it the deadband chooses what is stored.
   */
  readonly lineBound?: number;
  /** Stored again after this long without a change, ms; 15 minutes unless said. */
  readonly silenceMs?: number;
  /**
   * A total: what is stored is exactly what was read. Other measurements with a deadband or a bound
   * are rounded by at most an eighth of it, within it.
   */
  readonly isExact?: boolean;
  /** Texts of a state tag by its code. */
  readonly states: Readonly<Record<number, Text>> | null;
}

/** The zero of a data type: what an output is before anything was commanded, and what is safe. */
export function zeroOf(dataType: TagDataType): TagScalar {
  if (dataType === 'bool') return false;
  return dataType === 'string' ? '' : 0;
}

/** A good value, stamped with one time for source and receipt unless told otherwise. */
export function good<T extends TagScalar>(
  value: T,
  receivedTimeMs: number,
  sourceTimeMs = receivedTimeMs,
): GoodValue<T> {
  return { quality: 'good', value, sourceTimeMs, receivedTimeMs };
}

/** The same value with less trust. The last value and its times stay readable as such. */
export function doubt(of: TagValue, quality: Exclude<Quality, 'good'>): DoubtfulValue {
  return {
    quality,
    lastValue: lastValueOf(of),
    sourceTimeMs: of.sourceTimeMs,
    receivedTimeMs: of.receivedTimeMs,
  };
}

/** A tag of which nothing is known yet. */
export const UNKNOWN: DoubtfulValue = {
  quality: 'bad',
  lastValue: null,
  sourceTimeMs: 0,
  receivedTimeMs: 0,
};

/** For display and records only: the value if good, else the last one known. Never for a guard. */
export function lastValueOf(of: TagValue): TagScalar | null {
  return of.quality === 'good' ? of.value : of.lastValue;
}

/** True only for a good `true`. */
export function isOn(of: TagValue | undefined): boolean {
  return of?.quality === 'good' && of.value === true;
}

/** True only for a good `false`: not the same as `!isOn`, which also holds for an unknown. */
export function isOff(of: TagValue | undefined): boolean {
  return of?.quality === 'good' && of.value === false;
}

/** The number of a good numeric value, else null. */
export function goodNumber(of: TagValue | undefined): number | null {
  return of?.quality === 'good' && typeof of.value === 'number' ? of.value : null;
}
