/**
 * Goal: one Modbus unit that answers by the specification (Modbus Application Protocol 1.1b3) and
 * misbehaves on request: silent, late, refusing, half-hearted.
 */
const EXCEPTION = { illegalFunction: 1, illegalAddress: 2, illegalValue: 3 } as const;

/** One unit's memory and its manners. */
export class ModbusTestUnit {
  readonly coils = new Map<number, boolean>();
  readonly discretes = new Map<number, boolean>();
  readonly holding = new Map<number, number>();
  readonly input = new Map<number, number>();
  /** Answers nothing. */
  silent = false;
  /** Swallows this many answers. */
  loseAnswers = 0;
  /** Holds each answer back for this long, ms. */
  delayMs = 0;
  /** Registers that must not be written. */
  readonly readOnly = new Set<number>();
  /** Registers that take a write without doing it. */
  readonly stuck = new Set<number>();
  /** Functions that it does not know. */
  readonly unknown = new Set([22, 23]);
  /** Refuses a read of which any register is missing; else only if the first one is. */
  isStrict = false;
  /** Answers every request with this exception. */
  exception: number | null = null;
  requests = 0;
  /** Function, start and count or value of each request. */
  readonly log: string[] = [];

  /** The PDU that answers a PDU. */
  respond(pdu: Buffer): Buffer {
    const code = pdu.readUInt8(0);
    this.log.push(`${code} ${pdu.readUInt16BE(1)} ${pdu.readUInt16BE(3)}`);
    const answer = this.exception ?? (this.unknown.has(code) ? 1 : respond(this, pdu));
    return typeof answer === 'number' ? Buffer.from([code | 0x80, answer]) : answer;
  }
}

/** The answer, or the exception. */
function respond(unit: ModbusTestUnit, pdu: Buffer): Buffer | number {
  const code = pdu.readUInt8(0);
  const start = pdu.readUInt16BE(1);
  const second = pdu.readUInt16BE(3);
  switch (code) {
    case 1:
    case 2:
      return readBits(unit, code, start, second);
    case 3:
    case 4:
      return readRegisters(unit, code, start, second);
    case 5:
      if (second !== 0 && second !== 0xff00) return EXCEPTION.illegalValue;
      return setCoils(unit, start, [second === 0xff00]) ?? Buffer.from(pdu);
    case 6:
      return setRegisters(unit, start, [second]) ?? Buffer.from(pdu);
    case 15: {
      const flags = Array.from({ length: second }, (_, i) => bitOf(pdu, 8 * 6 + i));
      return setCoils(unit, start, flags) ?? Buffer.from(pdu.subarray(0, 5));
    }
    case 16:
      if (pdu.readUInt8(5) !== second * 2) return EXCEPTION.illegalValue;
      return setRegisters(unit, start, wordsAt(pdu, 6, second)) ?? Buffer.from(pdu.subarray(0, 5));
    case 22: {
      const or = pdu.readUInt16BE(5);
      const word = ((unit.holding.get(start) ?? 0) & second) | (or & ~second & 0xffff);
      return setRegisters(unit, start, [word]) ?? Buffer.from(pdu);
    }
    case 23: {
      const words = wordsAt(pdu, 10, pdu.readUInt16BE(7));
      return (
        setRegisters(unit, pdu.readUInt16BE(5), words) ?? readRegisters(unit, code, start, second)
      );
    }
    default:
      return EXCEPTION.illegalFunction;
  }
}

function bitOf(bytes: Buffer, at: number): boolean {
  return (bytes.readUInt8(at >> 3) & (1 << (at & 7))) !== 0;
}

function wordsAt(pdu: Buffer, at: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => pdu.readUInt16BE(at + 2 * i));
}

function isMissing(
  unit: ModbusTestUnit,
  area: ReadonlyMap<number, unknown>,
  start: number,
  count: number,
): boolean {
  if (!unit.isStrict) return !area.has(start);
  return Array.from({ length: count }, (_, i) => start + i).some((at) => !area.has(at));
}

function readBits(
  unit: ModbusTestUnit,
  code: number,
  start: number,
  count: number,
): Buffer | number {
  if (count < 1 || count > 2_000) return EXCEPTION.illegalValue;
  const area = code === 1 ? unit.coils : unit.discretes;
  if (isMissing(unit, area, start, count)) return EXCEPTION.illegalAddress;
  const bytes = Buffer.alloc(Math.ceil(count / 8));
  for (let i = 0; i < count; i++) {
    const index = i >> 3;
    if (area.get(start + i)) bytes.writeUInt8(bytes.readUInt8(index) | (1 << (i & 7)), index);
  }
  return Buffer.concat([Buffer.from([code, bytes.length]), bytes]);
}

function readRegisters(
  unit: ModbusTestUnit,
  code: number,
  start: number,
  count: number,
): Buffer | number {
  if (count < 1 || count > 125) return EXCEPTION.illegalValue;
  const area = code === 4 ? unit.input : unit.holding;
  if (isMissing(unit, area, start, count)) return EXCEPTION.illegalAddress;
  const bytes = Buffer.alloc(count * 2);
  for (let i = 0; i < count; i++) bytes.writeUInt16BE(area.get(start + i) ?? 0, 2 * i);
  return Buffer.concat([Buffer.from([code, bytes.length]), bytes]);
}

function setCoils(unit: ModbusTestUnit, start: number, flags: readonly boolean[]): number | null {
  if (flags.some((_, i) => !unit.coils.has(start + i))) return EXCEPTION.illegalAddress;
  for (const [i, flag] of flags.entries()) unit.coils.set(start + i, flag);
  return null;
}

function setRegisters(
  unit: ModbusTestUnit,
  start: number,
  words: readonly number[],
): number | null {
  if (words.some((_, i) => unit.readOnly.has(start + i))) return EXCEPTION.illegalAddress;
  for (const [i, word] of words.entries()) {
    if (!unit.stuck.has(start + i)) unit.holding.set(start + i, word);
  }
  return null;
}
