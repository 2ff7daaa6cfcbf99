import type { ModbusAddress, TagScalar, WordOrder } from '../../plc/model/tag.ts';
import { registersOf } from '../../plc/model/tag.ts';

type NumberEncoding = Exclude<ModbusAddress['encoding'], 'bool' | 'string'>;

/** How one kind of number stands in bytes, highest first. */
interface NumberForm {
  readonly low: number;
  readonly high: number;
  put(bytes: Buffer, raw: number): void;
  get(bytes: Buffer): number;
}

const FORMS: Readonly<Record<NumberEncoding, NumberForm>> = {
  int16: {
    low: -32_768,
    high: 32_767,
    put: (bytes, raw) => bytes.writeInt16BE(Math.round(raw)),
    get: (bytes) => bytes.readInt16BE(),
  },
  uint16: {
    low: 0,
    high: 65_535,
    put: (bytes, raw) => bytes.writeUInt16BE(Math.round(raw)),
    get: (bytes) => bytes.readUInt16BE(),
  },
  int32: {
    low: -2_147_483_648,
    high: 2_147_483_647,
    put: (bytes, raw) => bytes.writeInt32BE(Math.round(raw)),
    get: (bytes) => bytes.readInt32BE(),
  },
  uint32: {
    low: 0,
    high: 4_294_967_295,
    put: (bytes, raw) => bytes.writeUInt32BE(Math.round(raw)),
    get: (bytes) => bytes.readUInt32BE(),
  },
  int64: {
    low: Number.MIN_SAFE_INTEGER,
    high: Number.MAX_SAFE_INTEGER,
    put: (bytes, raw) => bytes.writeBigInt64BE(BigInt(Math.round(raw) || 0)),
    get: (bytes) => Number(bytes.readBigInt64BE()),
  },
  uint64: {
    low: 0,
    high: Number.MAX_SAFE_INTEGER,
    put: (bytes, raw) => bytes.writeBigUInt64BE(BigInt(Math.round(raw) || 0)),
    get: (bytes) => Number(bytes.readBigUInt64BE()),
  },
  float32: {
    low: Number.NEGATIVE_INFINITY,
    high: Number.POSITIVE_INFINITY,
    put: (bytes, raw) => bytes.writeFloatBE(raw),
    get: (bytes) => bytes.readFloatBE(),
  },
  float64: {
    low: Number.NEGATIVE_INFINITY,
    high: Number.POSITIVE_INFINITY,
    put: (bytes, raw) => bytes.writeDoubleBE(raw),
    get: (bytes) => bytes.readDoubleBE(),
  },
};

/** Bytes in the order of the wire; A is the highest. Its own inverse for all four orders. */
function ordered(bytes: Buffer, order: WordOrder, isString = false): Buffer {
  const [a, b, c] = [order.indexOf('A'), order.indexOf('B'), order.indexOf('C')];
  const result = Buffer.from(bytes);
  if (a > c && !isString) {
    for (let at = 0; at < bytes.length; at += 2) {
      result.writeUInt16BE(bytes.readUInt16BE(bytes.length - 2 - at), at);
    }
  }
  return a > b ? result.swap16() : result;
}

function bytesOf(address: ModbusAddress, value: TagScalar): Buffer {
  const bytes = Buffer.alloc(2 * registersOf(address));
  if (address.encoding === 'string') bytes.write(String(value), 'latin1');
  else if (address.encoding === 'bool') {
    bytes.writeUInt16BE(value === true ? 1 << (address.bit ?? 0) : 0);
  } else {
    const form = FORMS[address.encoding];
    const raw = (Number(value) - address.offset) / address.scale;
    form.put(bytes, Math.min(form.high, Math.max(form.low, raw)));
  }
  return bytes;
}

/**
 * The registers of a value: raw = (value - offset) / scale, rounded and kept within the encoding.
 */
export function encodeWords(address: ModbusAddress, value: TagScalar): number[] {
  const isString = address.encoding === 'string';
  const bytes = ordered(bytesOf(address, value), address.wordOrder, isString);
  return Array.from({ length: bytes.length / 2 }, (_, index) => bytes.readUInt16BE(2 * index));
}

/** The value of registers: raw x scale + offset. */
export function decodeWords(address: ModbusAddress, words: readonly number[]): TagScalar {
  const bytes = Buffer.alloc(2 * registersOf(address));
  words.forEach((word, index) => {
    bytes.writeUInt16BE(word, 2 * index);
  });
  const plain = ordered(bytes, address.wordOrder, address.encoding === 'string');
  if (address.encoding === 'bool') return (plain.readUInt16BE() & (1 << (address.bit ?? 0))) !== 0;
  if (address.encoding === 'string') return plain.toString('latin1').replace(/[\0 ]+$/, '');
  // Of a float there are two zeros; a device knows one.
  const raw = FORMS[address.encoding].get(plain) + 0;
  if (address.scale === 1 && address.offset === 0) return raw;
  // The scale is decimal: 4250 x 0.01 is 42.5, not 42.500000000000004.
  return Number((raw * address.scale + address.offset).toPrecision(12));
}
