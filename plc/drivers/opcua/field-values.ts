import type { DataValue, Variant, VariantOptions } from 'node-opcua';
import { DataType, Int64ToBigInt, UInt64ToBigInt, VariantArrayType } from 'node-opcua';
import type { Quality } from '../../model/quality.ts';
import type { TagDataType, TagScalar, TagValue } from '../../model/tag.ts';
import { doubt, good } from '../../model/tag.ts';

const DATA_TYPES: Readonly<Record<TagDataType, DataType>> = {
  bool: DataType.Boolean,
  int16: DataType.Int16,
  uint16: DataType.UInt16,
  int32: DataType.Int32,
  uint32: DataType.UInt32,
  float: DataType.Float,
  double: DataType.Double,
  string: DataType.String,
};

/** The largest number of single precision, (2 - 2^-23) * 2^127. */
const FLOAT32_MAX = (2 - 2 ** -23) * 2 ** 127;
const RANGES: Readonly<Record<Exclude<TagDataType, 'bool' | 'string'>, readonly [number, number]>> =
  {
    int16: [-32_768, 32_767],
    uint16: [0, 65_535],
    int32: [-2_147_483_648, 2_147_483_647],
    uint32: [0, 4_294_967_295],
    float: [-FLOAT32_MAX, FLOAT32_MAX],
    double: [-Number.MAX_VALUE, Number.MAX_VALUE],
  };

/** What fits a node; whole numbers of 64 bits only as far as ours are exact. */
const NODE_RANGES: Readonly<Partial<Record<DataType, readonly [number, number]>>> = {
  [DataType.SByte]: [-128, 127],
  [DataType.Byte]: [0, 255],
  [DataType.Int16]: RANGES.int16,
  [DataType.UInt16]: RANGES.uint16,
  [DataType.Int32]: RANGES.int32,
  [DataType.UInt32]: RANGES.uint32,
  [DataType.Int64]: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  [DataType.UInt64]: [0, Number.MAX_SAFE_INTEGER],
  [DataType.Float]: RANGES.float,
  [DataType.Double]: RANGES.double,
};

/** The overflow bit with the info type that gives it its meaning (OPC UA Part 4, 7.39.1). */
const OVERFLOW = 0x480;

/**
 * Quality by the two severity bits of a status code: good, uncertain, bad, reserved (OPC UA Part 4,
 * 7.39.1).
 */
export function qualityOfStatus(code: number): Exclude<Quality, 'stale'> {
  const severity = code >>> 30;
  if (severity === 0) return 'good';
  return severity === 1 ? 'uncertain' : 'bad';
}

/** Whether the server had to throw older values of the item away. */
export function hasOverflow(code: number): boolean {
  return (code & OVERFLOW) === OVERFLOW;
}

/**
 * What a data value means for a tag: its quality from the status code, its source time where the
 * server gives one, else the server's. Null: it is bad, or of another kind than the tag's (text for
 * a number, a list).
 */
export function tagValueOf(
  dataType: TagDataType,
  { value, statusCode, sourceTimestamp, serverTimestamp }: DataValue,
  nowMs: number,
): TagValue | null {
  const quality = qualityOfStatus(statusCode.value);
  if (quality === 'bad' || value.arrayType !== VariantArrayType.Scalar) return null;
  const scalar = scalarOf(dataType, value);
  if (scalar === null) return null;
  const sure = good(scalar, nowMs, timeOf(sourceTimestamp) ?? timeOf(serverTimestamp) ?? nowMs);
  return quality === 'good' ? sure : doubt(sure, quality);
}

/**
 * A value of the past, as if it had been received when it was true; by our clock, as all other
 * values are. Null also where the server does not say when that was.
 * @param skewMs the server's clock minus ours, ms.
 */
export function pastValueOf(
  dataType: TagDataType,
  value: DataValue,
  skewMs: number,
): TagValue | null {
  const thenMs = timeOf(value.sourceTimestamp) ?? timeOf(value.serverTimestamp);
  return thenMs === null ? null : tagValueOf(dataType, value, thenMs - skewMs);
}

/** A time that was set: controllers without one send the start of their calendar. */
function timeOf(time: Date | null): number | null {
  const ms = time?.getTime() ?? 0;
  return ms > 0 ? ms : null;
}

/**
 * The variant that carries a tag's value to a node of `nodeType`, or why it cannot be written. A
 * fraction is rounded for a node that holds whole numbers.
 * @param nodeType what the node really holds; null where it does not say: then the tag's own type.
 */
export function variantOf(
  dataType: TagDataType,
  nodeType: DataType | null,
  value: TagScalar,
): VariantOptions | { readonly fault: string } {
  const fault = faultOf(dataType, value);
  if (fault !== null) return { fault };
  const type = nodeType ?? DATA_TYPES[dataType];
  const misfit = { fault: `${value} does not fit the node, which holds ${DataType[type]}` };
  if (type === DataType.Boolean) {
    return typeof value === 'boolean' ? { dataType: type, value } : misfit;
  }
  if (type === DataType.String) {
    return typeof value === 'string' ? { dataType: type, value } : misfit;
  }
  const range = NODE_RANGES[type];
  if (range === undefined || typeof value !== 'number') return misfit;
  const isFraction = type === DataType.Float || type === DataType.Double;
  const sent = isFraction ? value : Math.round(value);
  if (sent < range[0] || sent > range[1]) return misfit;
  if (type === DataType.Int64 || type === DataType.UInt64) {
    const arrayType = VariantArrayType.Scalar;
    return { dataType: type, arrayType, value: wordsOf(BigInt(sent)) };
  }
  return { dataType: type, value: sent };
}

/** Whether a tag of this type is commonly held by a node of that type, nothing lost on the way. */
export function isHeldBy(dataType: TagDataType, nodeType: DataType | null): boolean {
  return nodeType === null || nodeType === DATA_TYPES[dataType];
}

/** Whether the field holds what was sent, a float compared with its own precision. */
export function isSameInField({ dataType, value }: VariantOptions, found: Variant): boolean {
  if (dataType === DataType.Float) return Object.is(Math.fround(Number(value)), found.value);
  if (dataType === DataType.Int64 || dataType === DataType.UInt64) {
    return String(value) === String(found.value);
  }
  return Object.is(value, found.value);
}

function faultOf(dataType: TagDataType, value: TagScalar): string | null {
  if (dataType === 'bool') return typeof value === 'boolean' ? null : `${value} is not a flag`;
  if (dataType === 'string') return typeof value === 'string' ? null : `${value} is not a text`;
  if (typeof value !== 'number' || Number.isNaN(value)) return `${value} is not a number`;
  const [low, high] = RANGES[dataType];
  const isWhole = dataType === 'float' || dataType === 'double' || Number.isInteger(value);
  return isWhole && value >= low && value <= high ? null : `${value} does not fit ${dataType}`;
}

function scalarOf(dataType: TagDataType, { dataType: nodeType, value }: Variant): TagScalar | null {
  const raw: unknown = value;
  if (dataType === 'bool') return typeof raw === 'boolean' ? raw : null;
  if (dataType === 'string') return typeof raw === 'string' ? raw : null;
  if (typeof raw === 'number') return Number.isFinite(raw) ? raw : null;
  if (nodeType === DataType.Int64) return safe(Int64ToBigInt(value));
  return nodeType === DataType.UInt64 ? safe(UInt64ToBigInt(value)) : null;
}

/** A whole number of 64 bits as the library takes it: the high and the low word. */
function wordsOf(value: bigint): [number, number] {
  const bits = BigInt.asUintN(64, value);
  return [Number(bits >> 32n), Number(bits & 0xffff_ffffn)];
}

/** A 64-bit number that a tag can hold to the last digit. */
function safe(value: bigint): number | null {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : null;
}
