/**
 * The application layer of Modbus: MODBUS Application Protocol Specification V1.1b3, clauses 6 and
 * 7. Each request is checked in the order of its state diagram: function code, quantity, address,
 * then the data.
 */

/** Exception codes (clause 7). `targetFailed`: a gateway's device does not answer. */
export const EXCEPTION = {
  illegalFunction: 0x01,
  illegalAddress: 0x02,
  illegalValue: 0x03,
  deviceFailure: 0x04,
  targetFailed: 0x0b,
} as const;
export type ExceptionCode = (typeof EXCEPTION)[keyof typeof EXCEPTION];

/** A request that is answered with an exception. */
export class ModbusException extends Error {
  readonly code: ExceptionCode;

  constructor(code: ExceptionCode) {
    super(`Modbus exception ${code}`);
    this.name = 'ModbusException';
    this.code = code;
  }
}

export type BitArea = 'coil' | 'discrete';
export type WordArea = 'input' | 'holding';

/** The data of one unit. Each throws `ModbusException(illegalAddress)` for what is not mapped. */
export interface UnitData {
  readBits(area: BitArea, address: number, quantity: number): boolean[];
  readWords(area: WordArea, address: number, quantity: number): number[];
  writeBits(address: number, bits: readonly boolean[]): void;
  writeWords(address: number, words: readonly number[]): void;
}

/** Most that one request may ask for (clauses 6.1-6.17). */
const LIMIT = {
  readBits: 2_000,
  readWords: 125,
  writeBits: 1_968,
  writeWords: 123,
  readWriteRead: 125,
  readWriteWrite: 121,
} as const;

function illegalValue(when: boolean): void {
  if (when) throw new ModbusException(EXCEPTION.illegalValue);
}

function checkQuantity(quantity: number, most: number): void {
  illegalValue(quantity < 1 || quantity > most);
}

function checkRange(address: number, quantity: number): void {
  if (address + quantity > 65_536) throw new ModbusException(EXCEPTION.illegalAddress);
}

function wordsAt(data: Buffer, start: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => data.readUInt16BE(start + 2 * index));
}

function packBits(bits: readonly boolean[]): Buffer {
  const packed = Buffer.alloc(Math.ceil(bits.length / 8));
  bits.forEach((bit, index) => {
    if (bit) packed[index >> 3] = (packed[index >> 3] ?? 0) | (1 << (index & 7));
  });
  return packed;
}

function packWords(words: readonly number[]): Buffer {
  const packed = Buffer.alloc(2 * words.length);
  words.forEach((word, index) => {
    packed.writeUInt16BE(word, 2 * index);
  });
  return packed;
}

function counted(data: Buffer): Buffer {
  return Buffer.concat([Buffer.from([data.length]), data]);
}

/** Answers the data of a request (without its function code) with the data of the response. */
type Answer = (unit: UnitData, data: Buffer) => Buffer;

function readBits(area: BitArea): Answer {
  return (unit, data) => {
    illegalValue(data.length !== 4);
    const [address = 0, quantity = 0] = wordsAt(data, 0, 2);
    checkQuantity(quantity, LIMIT.readBits);
    checkRange(address, quantity);
    return counted(packBits(unit.readBits(area, address, quantity)));
  };
}

function readWords(area: WordArea): Answer {
  return (unit, data) => {
    illegalValue(data.length !== 4);
    const [address = 0, quantity = 0] = wordsAt(data, 0, 2);
    checkQuantity(quantity, LIMIT.readWords);
    checkRange(address, quantity);
    return counted(packWords(unit.readWords(area, address, quantity)));
  };
}

/** 05: the value is 0x0000 or 0xFF00 and nothing else (clause 6.5). */
const writeCoil: Answer = (unit, data) => {
  illegalValue(data.length !== 4);
  const [address = 0, value = 0] = wordsAt(data, 0, 2);
  illegalValue(value !== 0x0000 && value !== 0xff00);
  unit.writeBits(address, [value === 0xff00]);
  return data;
};

const writeRegister: Answer = (unit, data) => {
  illegalValue(data.length !== 4);
  const [address = 0, value = 0] = wordsAt(data, 0, 2);
  unit.writeWords(address, [value]);
  return data;
};

const writeCoils: Answer = (unit, data) => {
  illegalValue(data.length < 6);
  const [address = 0, quantity = 0] = wordsAt(data, 0, 2);
  checkQuantity(quantity, LIMIT.writeBits);
  const bytes = Math.ceil(quantity / 8);
  illegalValue(data[4] !== bytes || data.length !== 5 + bytes);
  checkRange(address, quantity);
  const bits = Array.from(
    { length: quantity },
    (_, index) => (((data[5 + (index >> 3)] ?? 0) >> (index & 7)) & 1) === 1,
  );
  unit.writeBits(address, bits);
  return data.subarray(0, 4);
};

const writeRegisters: Answer = (unit, data) => {
  illegalValue(data.length < 6);
  const [address = 0, quantity = 0] = wordsAt(data, 0, 2);
  checkQuantity(quantity, LIMIT.writeWords);
  illegalValue(data[4] !== 2 * quantity || data.length !== 5 + 2 * quantity);
  checkRange(address, quantity);
  unit.writeWords(address, wordsAt(data, 5, quantity));
  return data.subarray(0, 4);
};

/** 22: (present AND and-mask) OR (or-mask AND NOT and-mask) (clause 6.16). */
const maskWrite: Answer = (unit, data) => {
  illegalValue(data.length !== 6);
  const [address = 0, and = 0, or = 0] = wordsAt(data, 0, 3);
  const [present = 0] = unit.readWords('holding', address, 1);
  unit.writeWords(address, [((present & and) | (or & ~and)) & 0xffff]);
  return data;
};

/** 23: the write is done before the read (clause 6.17). */
const readWrite: Answer = (unit, data) => {
  illegalValue(data.length < 11);
  const [readAt = 0, readCount = 0, writeAt = 0, writeCount = 0] = wordsAt(data, 0, 4);
  checkQuantity(readCount, LIMIT.readWriteRead);
  checkQuantity(writeCount, LIMIT.readWriteWrite);
  illegalValue(data[8] !== 2 * writeCount || data.length !== 9 + 2 * writeCount);
  checkRange(readAt, readCount);
  checkRange(writeAt, writeCount);
  // A read that is refused must not leave half the request done.
  unit.readWords('holding', readAt, readCount);
  unit.writeWords(writeAt, wordsAt(data, 9, writeCount));
  return counted(packWords(unit.readWords('holding', readAt, readCount)));
};

const FUNCTIONS: Readonly<Record<number, Answer>> = {
  1: readBits('coil'),
  2: readBits('discrete'),
  3: readWords('holding'),
  4: readWords('input'),
  5: writeCoil,
  6: writeRegister,
  15: writeCoils,
  16: writeRegisters,
  22: maskWrite,
  23: readWrite,
};

/** An exception response: the function code with its highest bit set, and the exception's code. */
export function exceptionPdu(functionCode: number, code: ExceptionCode): Buffer {
  return Buffer.from([(functionCode | 0x80) & 0xff, code]);
}

/** Answers one request PDU. Never throws: a fault of the unit itself is exception 04. */
export function answerPdu(unit: UnitData, pdu: Buffer): Buffer {
  const functionCode = pdu[0] ?? 0;
  const answer = FUNCTIONS[functionCode];
  if (answer === undefined) return exceptionPdu(functionCode, EXCEPTION.illegalFunction);
  try {
    return Buffer.concat([Buffer.from([functionCode]), answer(unit, pdu.subarray(1))]);
  } catch (error) {
    const code = error instanceof ModbusException ? error.code : EXCEPTION.deviceFailure;
    return exceptionPdu(functionCode, code);
  }
}
