import type { DataValue, VariantOptions } from 'node-opcua';
import { DataType, VariantArrayType } from 'node-opcua';
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
 * server gives one. A value of another kind than the tag's (text for a number, a list) is bad.
 * @param last what was told of the tag before; its value stays known when the new one is bad.
 */
export function tagValueOf(
  dataType: TagDataType,
  { value, statusCode, sourceTimestamp, serverTimestamp }: DataValue,
  last: TagValue,
  nowMs: number,
): TagValue {
  const quality = qualityOfStatus(statusCode.value);
  const scalar =
    value.arrayType === VariantArrayType.Scalar ? scalarOf(dataType, value.value) : null;
  if (quality === 'bad' || scalar === null) return doubt(last, 'bad');
  const sourceTimeMs = (sourceTimestamp ?? serverTimestamp)?.getTime() ?? nowMs;
  const sure = good(scalar, nowMs, sourceTimeMs);
  return quality === 'good' ? sure : doubt(sure, quality);
}

/** The variant that carries a tag's value in its own data type, or why it cannot be written. */
export function variantOf(
  dataType: TagDataType,
  value: TagScalar,
): VariantOptions | { readonly fault: string } {
  const fault = faultOf(dataType, value);
  return fault === null ? { dataType: DATA_TYPES[dataType], value } : { fault };
}

/** Whether the field holds what was written, a float compared with its own precision. */
export function isSameInField(dataType: TagDataType, written: TagScalar, found: unknown): boolean {
  if (dataType === 'float') return Object.is(Math.fround(Number(written)), found);
  return Object.is(written, found);
}

function faultOf(dataType: TagDataType, value: TagScalar): string | null {
  if (dataType === 'bool') return typeof value === 'boolean' ? null : `${value} is not a flag`;
  if (dataType === 'string') return typeof value === 'string' ? null : `${value} is not a text`;
  if (typeof value !== 'number' || Number.isNaN(value)) return `${value} is not a number`;
  const [low, high] = RANGES[dataType];
  const isWhole = dataType === 'float' || dataType === 'double' || Number.isInteger(value);
  return isWhole && value >= low && value <= high ? null : `${value} does not fit ${dataType}`;
}

function scalarOf(dataType: TagDataType, value: unknown): TagScalar | null {
  if (dataType === 'bool') return typeof value === 'boolean' ? value : null;
  if (dataType === 'string') return typeof value === 'string' ? value : null;
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
