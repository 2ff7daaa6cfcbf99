import type { ModbusAddress, ModbusEncoding, TagScalar, WordOrder } from '../../plc/model/tag.ts';

/** Registers that a value of an encoding takes. */
export function wordsOf(encoding: ModbusEncoding): number {
  return encoding === 'int32' || encoding === 'uint32' || encoding === 'float32' ? 2 : 1;
}

interface Bounds {
  readonly low: number;
  readonly high: number;
}

const BOUNDS: Readonly<Record<'int16' | 'uint16' | 'int32' | 'uint32', Bounds>> = {
  int16: { low: -32_768, high: 32_767 },
  uint16: { low: 0, high: 65_535 },
  int32: { low: -2_147_483_648, high: 2_147_483_647 },
  uint32: { low: 0, high: 4_294_967_295 },
};

/** Bytes in the order of the wire; A is the highest. Its own inverse for all four orders. */
function ordered(bytes: Buffer, order: WordOrder): Buffer {
  if (bytes.length !== 4) return order === 'BADC' || order === 'DCBA' ? bytes.swap16() : bytes;
  const places = [...order].map((letter) => letter.charCodeAt(0) - 65);
  return Buffer.from(places.map((place) => bytes[place] ?? 0));
}

function encodeNumber(address: ModbusAddress, value: number): Buffer {
  const raw = (value - address.offset) / address.scale;
  const bytes = Buffer.alloc(2 * wordsOf(address.encoding));
  if (address.encoding === 'float32') bytes.writeFloatBE(raw);
  else {
    const encoding = address.encoding === 'bool' ? 'uint16' : address.encoding;
    const { low, high } = BOUNDS[encoding];
    const whole = Math.min(high, Math.max(low, Math.round(raw)));
    if (encoding === 'int16') bytes.writeInt16BE(whole);
    else if (encoding === 'uint16') bytes.writeUInt16BE(whole);
    else if (encoding === 'int32') bytes.writeInt32BE(whole);
    else bytes.writeUInt32BE(whole);
  }
  return bytes;
}

/**
 * The registers of a value: raw = (value - offset) / scale, rounded and kept within the encoding.
 */
export function encodeWords(address: ModbusAddress, value: TagScalar): number[] {
  if (address.encoding === 'bool') return [value === true ? 1 << (address.bit ?? 0) : 0];
  const bytes = ordered(encodeNumber(address, Number(value)), address.wordOrder);
  return Array.from({ length: bytes.length / 2 }, (_, index) => bytes.readUInt16BE(2 * index));
}

/** The value of registers: raw x scale + offset. */
export function decodeWords(address: ModbusAddress, words: readonly number[]): TagScalar {
  const bytes = Buffer.alloc(2 * words.length);
  words.forEach((word, index) => {
    bytes.writeUInt16BE(word, 2 * index);
  });
  if (address.encoding === 'bool') return ((words[0] ?? 0) & (1 << (address.bit ?? 0))) !== 0;
  const plain = ordered(bytes, address.wordOrder);
  const raw = {
    int16: () => plain.readInt16BE(),
    uint16: () => plain.readUInt16BE(),
    int32: () => plain.readInt32BE(),
    uint32: () => plain.readUInt32BE(),
    float32: () => plain.readFloatBE(),
  }[address.encoding]();
  const value = raw * address.scale + address.offset;
  // The scale is decimal: 4250 x 0.01 is 42.5, not 42.500000000000004.
  return Number(value.toPrecision(12));
}
