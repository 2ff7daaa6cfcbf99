import type { ModbusTransport } from '../../model/connection.ts';
import type { ModbusAddress, ModbusEncoding, TagScalar, WordOrder } from '../../model/tag.ts';
import { MODBUS_ENCODINGS, registersOf, WORD_ORDERS } from '../../model/tag.ts';
import type { DriverClock } from '../driver.ts';
import { decode, wordsOf } from './codec.ts';
import { ModbusRefusal } from './exceptions.ts';
import { ModbusClient } from './modbus-client.ts';

/** At most 125 registers are in one request (Modbus Application Protocol 1.1b3, 6.3). */
const REGISTERS_PER_READ_MAX = 125;
/** Text that begins at a register is shown for so many registers. */
const STRING_REGISTERS = 8;

/** Which registers of which device are looked at. */
export interface ProbeOptions {
  readonly transport: ModbusTransport;
  readonly unitId: number;
  readonly area: 'input' | 'holding';
  /** Protocol address of the first, from 0. */
  readonly start: number;
  readonly count: number;
  readonly timeoutMs: number;
  readonly clock: DriverClock;
}

/** What a register would mean in one encoding and word order. */
export interface RegisterReading {
  readonly encoding: ModbusEncoding;
  readonly wordOrder: WordOrder;
  /** Null: it would be no usable value. */
  readonly value: TagScalar | null;
}

/** One register as it was found. */
export interface ProbedRegister {
  readonly register: number;
  /** Null: the device refused it. */
  readonly word: number | null;
  /** Why, in words; null where it was read. */
  readonly refusal: string | null;
  /**
   * Every type in every word order that makes a difference to it, as far as the registers behind it
   * were read; a `bool` stands for bit 0.
   */
  readonly readings: readonly RegisterReading[];
}

/**
 * Reads a range once and shows each register in all types and word orders, so that an engineer sees
 * which one makes sense. A range with holes is halved until only the missing registers are left.
 * @throws {Error} when the device cannot be reached or does not answer.
 */
export async function probeRegisters(options: ProbeOptions): Promise<ProbedRegister[]> {
  const client = new ModbusClient(options.transport, options.clock);
  const found = new Map<number, number | string>();
  try {
    await client.open(options.timeoutMs);
    const end = Math.min(65_536, options.start + options.count);
    for (let at = options.start; at < end; at += REGISTERS_PER_READ_MAX) {
      await readInto(found, client, options, at, Math.min(REGISTERS_PER_READ_MAX, end - at));
    }
  } finally {
    await client.close();
  }
  return [...found.keys()].sort((a, b) => a - b).map((register) => probed(found, register));
}

async function readInto(
  found: Map<number, number | string>,
  client: ModbusClient,
  options: ProbeOptions,
  start: number,
  count: number,
): Promise<void> {
  try {
    const bytes = await client.read(options.unitId, options.area, start, count, options.timeoutMs);
    for (const [index, word] of wordsOf(bytes).entries()) found.set(start + index, word);
  } catch (cause) {
    if (!(cause instanceof ModbusRefusal) || cause.meaning.unitIsSilent) throw cause;
    const half = count >> 1;
    if (half === 0 || cause.meaning.retry !== 'split') {
      for (let at = start; at < start + count; at++) found.set(at, cause.message);
      return;
    }
    await readInto(found, client, options, start, half);
    await readInto(found, client, options, start + half, count - half);
  }
}

function probed(found: ReadonlyMap<number, number | string>, register: number): ProbedRegister {
  const own = found.get(register);
  if (typeof own !== 'number') {
    return { register, word: null, refusal: own ?? null, readings: [] };
  }
  const words: number[] = [];
  for (let at = register; words.length < STRING_REGISTERS; at++) {
    const word = found.get(at);
    if (typeof word !== 'number') break;
    words.push(word);
  }
  return { register, word: own, refusal: null, readings: readingsOf(words) };
}

function readingsOf(words: readonly number[]): RegisterReading[] {
  return MODBUS_ENCODINGS.flatMap((encoding) => {
    const length = encoding === 'string' ? words.length : null;
    const registers = registersOf({ encoding, length });
    if (registers > words.length) return [];
    const isWide = registers > 1 && encoding !== 'string';
    const orders = WORD_ORDERS.filter((order) => isWide || order === 'ABCD' || order === 'BADC');
    return orders.map((wordOrder) => {
      const address = addressOf(encoding, length, wordOrder);
      return { encoding, wordOrder, value: decode(address, words.slice(0, registers)) };
    });
  });
}

function addressOf(
  encoding: ModbusEncoding,
  length: number | null,
  wordOrder: WordOrder,
): ModbusAddress {
  return {
    kind: 'modbus',
    connection: '',
    unitId: 0,
    area: 'holding',
    register: 0,
    bit: encoding === 'bool' ? 0 : null,
    encoding,
    length,
    wordOrder,
    scale: 1,
    offset: 0,
  };
}
