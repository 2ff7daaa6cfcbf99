import type { ModbusAddress, ModbusEncoding, TagScalar, WordOrder } from '../../model/tag.ts';
import { registersOf } from '../../model/tag.ts';

type NumberEncoding = Exclude<ModbusEncoding, 'bool' | 'string'>;

/** The largest number of single precision, (2 - 2^-23) * 2^127. */
const FLOAT32_MAX = (2 - 2 ** -23) * 2 ** 127;
/** Integers of 64 bits only as far as a number holds every one of them: up to 2^53 - 1. */
const RAW_RANGE: Readonly<Record<NumberEncoding, readonly [number, number]>> = {
  int16: [-32_768, 32_767],
  uint16: [0, 65_535],
  int32: [-2_147_483_648, 2_147_483_647],
  uint32: [0, 4_294_967_295],
  int64: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  uint64: [0, Number.MAX_SAFE_INTEGER],
  float32: [-FLOAT32_MAX, FLOAT32_MAX],
  float64: [-Number.MAX_VALUE, Number.MAX_VALUE],
};

/** Reads a raw number at a byte; not finite where the bytes hold none that can be told exactly. */
const READ: Readonly<Record<NumberEncoding, (bytes: Buffer, at: number) => number>> = {
  int16: (bytes, at) => bytes.readInt16BE(at),
  uint16: (bytes, at) => bytes.readUInt16BE(at),
  int32: (bytes, at) => bytes.readInt32BE(at),
  uint32: (bytes, at) => bytes.readUInt32BE(at),
  int64: (bytes, at) => exact(bytes.readInt32BE(at), bytes.readUInt32BE(at + 4)),
  uint64: (bytes, at) => exact(bytes.readUInt32BE(at), bytes.readUInt32BE(at + 4)),
  float32: (bytes, at) => bytes.readFloatBE(at),
  float64: (bytes, at) => bytes.readDoubleBE(at),
};

const WRITE: Readonly<Record<NumberEncoding, (bytes: Buffer, raw: number) => void>> = {
  int16: (bytes, raw) => bytes.writeInt16BE(raw),
  uint16: (bytes, raw) => bytes.writeUInt16BE(raw),
  int32: (bytes, raw) => bytes.writeInt32BE(raw),
  uint32: (bytes, raw) => bytes.writeUInt32BE(raw),
  int64: (bytes, raw) => bytes.writeBigInt64BE(BigInt(raw)),
  uint64: (bytes, raw) => bytes.writeBigUInt64BE(BigInt(raw)),
  float32: (bytes, raw) => bytes.writeFloatBE(raw),
  float64: (bytes, raw) => bytes.writeDoubleBE(raw),
};

/**
 * Reads one tag's value out of an answer: at a byte for registers, at a bit for coils and discrete
 * inputs (packed as on the wire, the first in the lowest bit). Null when they hold no usable value.
 */
export type Decoder = (bytes: Buffer, at: number) => TagScalar | null;

/** What can be written, or why the value cannot. */
export type Encoded = { readonly words: readonly number[] } | { readonly fault: string };

/** Made once for each tag, so that a read costs no look-ups and no memory but the value's. */
export function decoderOf(address: ModbusAddress): Decoder {
  const { encoding, wordOrder } = address;
  if (address.area === 'coil' || address.area === 'discrete') {
    return (bits, at) => ((bits[at >> 3] ?? 0) & (1 << (at & 7))) !== 0;
  }
  if (encoding === 'bool') {
    const mask = maskInOrder(address);
    return (bytes, at) => (bytes.readUInt16BE(at) & mask) !== 0;
  }
  const size = 2 * registersOf(address);
  const plain = Buffer.alloc(size);
  if (encoding === 'string') {
    return (bytes, at) => {
      bytes.copy(plain, 0, at, at + size);
      return textOf(swapsBytes(wordOrder) ? plain.swap16() : plain);
    };
  }
  const read = READ[encoding];
  const scaled = scaling(address);
  if (wordOrder === 'ABCD') return (bytes, at) => scaled(read(bytes, at));
  return (bytes, at) => {
    bytes.copy(plain, 0, at, at + size);
    return scaled(read(reorder(plain, wordOrder), 0));
  };
}

/** The engineering value in these registers (or, for coils and discrete inputs, in bit 0). */
export function decode(address: ModbusAddress, words: readonly number[]): TagScalar | null {
  if (words.length < registersOf(address)) return null;
  if (address.area === 'coil' || address.area === 'discrete') return words[0] !== 0;
  return decoderOf(address)(bytesOf(words), 0);
}

/** Why registers of this encoding can hold something that is not told, in words for engineers. */
export function unusableReason(encoding: ModbusEncoding): string {
  if (encoding === 'string') return 'holds characters that cannot be printed';
  if (encoding === 'int64' || encoding === 'uint64') {
    return 'holds an integer beyond 2^53, which cannot be told exactly';
  }
  return 'holds no finite number';
}

/**
 * The words that stand for an engineering value.
 * @param known what the register holds now; only a bit of it needs that, to leave the others alone.
 */
export function encode(address: ModbusAddress, value: TagScalar, known = 0): Encoded {
  const { encoding } = address;
  if (encoding === 'bool') {
    if (typeof value !== 'boolean') return { fault: `${value} is not a flag` };
    if (address.bit === null) return { words: [value ? 1 : 0] };
    const mask = maskInOrder(address);
    return { words: [value ? known | mask : known & ~mask & 0xffff] };
  }
  if (encoding === 'string') return encodeText(address, value);
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    return { fault: `${value} is not a number` };
  }
  const scaled = (value - address.offset) / address.scale;
  const raw = encoding.startsWith('float') ? scaled : Math.round(scaled);
  const [low, high] = RAW_RANGE[encoding];
  if (!(raw >= low && raw <= high)) return { fault: `${value} does not fit ${encoding}` };
  const bytes = Buffer.alloc(2 * registersOf(address));
  WRITE[encoding](bytes, raw);
  return { words: wordsOf(reorder(bytes, address.wordOrder)) };
}

/**
 * The bits of a register, as they stand on the wire, that a tag claims: one for a flag, else all.
 */
export function maskInOrder(address: ModbusAddress): number {
  if (address.encoding !== 'bool' || address.bit === null) return 0xffff;
  const mask = 1 << address.bit;
  return swapsBytes(address.wordOrder) ? ((mask & 0xff) << 8) | (mask >>> 8) : mask;
}

/** Registers as the bytes of the wire. */
export function bytesOf(words: readonly number[]): Buffer {
  const bytes = Buffer.alloc(2 * words.length);
  words.forEach((word, index) => {
    bytes.writeUInt16BE(word, 2 * index);
  });
  return bytes;
}

/** The bytes of the wire as registers. */
export function wordsOf(bytes: Buffer): number[] {
  return Array.from({ length: bytes.length >> 1 }, (_, index) => bytes.readUInt16BE(2 * index));
}

/** A value of 64 bits; beyond 2^53 neighbours become one number, so none of them is told. */
function exact(high: number, low: number): number {
  const value = high * 2 ** 32 + low;
  return Number.isSafeInteger(value) ? value : Number.NaN;
}

function swapsBytes(order: WordOrder): boolean {
  return order === 'BADC' || order === 'DCBA';
}

/** Bytes between the order of the device and big endian, in place; the same way there and back. */
function reorder(bytes: Buffer, order: WordOrder): Buffer {
  if (order === 'DCBA') return bytes.reverse();
  if (order === 'BADC') return bytes.swap16();
  // The last register first, the bytes in each as they were.
  return order === 'CDAB' ? bytes.reverse().swap16() : bytes;
}

/**
 * Raw to engineering. A scale of 0.01 divides by 100: 57 * 0.01 is 0.5700000000000001, 57 / 100 is
 * 0.57.
 */
function scaling({ scale, offset }: ModbusAddress): (raw: number) => number | null {
  const divisor = Math.round(1 / scale);
  const isDecimal = divisor > 1 && Math.abs(scale * divisor - 1) < 1e-12;
  return (raw) => {
    const value = (isDecimal ? raw / divisor : raw * scale) + offset;
    return Number.isFinite(value) ? value : null;
  };
}

/** Text up to its first NUL, without trailing spaces; null where a character cannot be printed. */
function textOf(bytes: Buffer): string | null {
  const end = bytes.indexOf(0);
  const text = bytes.toString('latin1', 0, end < 0 ? bytes.length : end);
  return isPrintable(text) ? text.trimEnd() : null;
}

function isPrintable(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text);
}

function encodeText(address: ModbusAddress, value: TagScalar): Encoded {
  if (typeof value !== 'string') return { fault: `${value} is not text` };
  const bytes = Buffer.alloc(2 * registersOf(address));
  if (!isPrintable(value)) return { fault: 'text beyond printable ASCII' };
  if (value.length > bytes.length) return { fault: `text of more than ${bytes.length} characters` };
  bytes.write(value, 'latin1');
  return { words: wordsOf(swapsBytes(address.wordOrder) ? bytes.swap16() : bytes) };
}
