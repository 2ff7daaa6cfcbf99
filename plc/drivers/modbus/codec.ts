import type { ModbusAddress, ModbusEncoding, TagScalar, WordOrder } from '../../model/tag.ts';

/** The largest number of single precision, (2 - 2^-23) * 2^127. */
const FLOAT32_MAX = (2 - 2 ** -23) * 2 ** 127;
const RAW_RANGE: Readonly<Record<ModbusEncoding, readonly [number, number]>> = {
  bool: [0, 1],
  int16: [-32_768, 32_767],
  uint16: [0, 65_535],
  int32: [-2_147_483_648, 2_147_483_647],
  uint32: [0, 4_294_967_295],
  float32: [-FLOAT32_MAX, FLOAT32_MAX],
};

/** How many 16-bit registers a value takes. */
export function wordsOf(encoding: ModbusEncoding): 1 | 2 {
  return encoding === 'int32' || encoding === 'uint32' || encoding === 'float32' ? 2 : 1;
}

/** What can be written, or why the value cannot. */
export type Encoded = { readonly words: readonly number[] } | { readonly fault: string };

/**
 * The engineering value in these words (for coils and discrete inputs: one word, 0 or 1).
 * Null when they hold no usable number (a float that is not finite, too few words).
 */
export function decode(address: ModbusAddress, words: readonly number[]): TagScalar | null {
  const first = words[0];
  if (first === undefined || words.length < wordsOf(address.encoding)) return null;
  if (address.encoding === 'bool') return decodeFlag(address, first);
  const raw = decodeRaw(address, words);
  return Number.isFinite(raw) ? toEngineering(raw, address) : null;
}

/**
 * The words that stand for an engineering value.
 * @param known what the register holds now; only a bit of it needs that, to leave the others alone.
 */
export function encode(address: ModbusAddress, value: TagScalar, known = 0): Encoded {
  if (address.encoding === 'bool') {
    if (typeof value !== 'boolean') return { fault: `${value} is not a flag` };
    return { words: [encodeFlag(address, value, known)] };
  }
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    return { fault: `${value} is not a number` };
  }
  const scaled = (value - address.offset) / address.scale;
  const raw = address.encoding === 'float32' ? scaled : Math.round(scaled);
  const [low, high] = RAW_RANGE[address.encoding];
  if (!(raw >= low && raw <= high)) return { fault: `${value} does not fit ${address.encoding}` };
  return { words: encodeRaw(address, raw) };
}

/** The bits of a register that a tag claims: one for a flag of a register, else all 16. */
export function maskOf(address: ModbusAddress): number {
  return address.encoding === 'bool' && address.bit !== null ? 1 << address.bit : 0xffff;
}

function decodeFlag(address: ModbusAddress, word: number): boolean {
  return (ordered([word], address.wordOrder)[0] & maskOf(address)) !== 0;
}

function encodeFlag(address: ModbusAddress, on: boolean, known: number): number {
  if (address.bit === null) return on ? 1 : 0;
  const mask = maskOf(address);
  const word = ordered([known], address.wordOrder)[0];
  return ordered([on ? word | mask : word & ~mask & 0xffff], address.wordOrder)[0];
}

function decodeRaw(address: ModbusAddress, words: readonly number[]): number {
  const view = new DataView(new ArrayBuffer(4));
  if (wordsOf(address.encoding) === 1) {
    view.setUint16(0, ordered([words[0] ?? 0], address.wordOrder)[0]);
    return address.encoding === 'int16' ? view.getInt16(0) : view.getUint16(0);
  }
  const [high, low] = ordered([words[0] ?? 0, words[1] ?? 0], address.wordOrder);
  view.setUint16(0, high);
  view.setUint16(2, low ?? 0);
  if (address.encoding === 'float32') return view.getFloat32(0);
  return address.encoding === 'int32' ? view.getInt32(0) : view.getUint32(0);
}

function encodeRaw(address: ModbusAddress, raw: number): number[] {
  const view = new DataView(new ArrayBuffer(4));
  if (wordsOf(address.encoding) === 1) {
    view.setInt16(0, raw);
    return ordered([view.getUint16(0)], address.wordOrder);
  }
  if (address.encoding === 'float32') view.setFloat32(0, raw);
  else view.setInt32(0, raw);
  return ordered([view.getUint16(0), view.getUint16(2)], address.wordOrder);
}

/**
 * Words between the order of the device and big endian; the same way there and back. The letters
 * name the bytes from the most significant, so BADC and DCBA also swap the bytes of a single
 * register.
 */
function ordered(words: readonly [number, ...number[]], order: WordOrder): [number, ...number[]] {
  const bytes = order === 'BADC' || order === 'DCBA' ? words.map(swapBytes) : [...words];
  if (order === 'CDAB' || order === 'DCBA') bytes.reverse();
  const [first = 0, ...rest] = bytes;
  return [first, ...rest];
}

function swapBytes(word: number): number {
  return ((word & 0xff) << 8) | (word >>> 8);
}

/** A scale of 0.01 divides by 100: 57 * 0.01 is 0.5700000000000001, 57 / 100 is 0.57. */
function toEngineering(raw: number, address: ModbusAddress): number {
  const divisor = Math.round(1 / address.scale);
  const isDecimal = divisor > 1 && Math.abs(address.scale * divisor - 1) < 1e-12;
  return (isDecimal ? raw / divisor : raw * address.scale) + address.offset;
}
