import modbusSerial from 'modbus-serial';
import type { ModbusTransport } from '../../model/connection.ts';
import type { ModbusArea } from '../../model/tag.ts';
import type { DriverClock } from '../driver.ts';
import { dataIn, exceptionIn } from './answer-check.ts';
import { CheckedPort } from './checked-port.ts';
import { ModbusRefusal } from './exceptions.ts';
import type { Framing } from './framing.ts';
import { MbapFraming, RtuFraming } from './framing.ts';
import type { Line } from './line.ts';
import { openLine } from './line.ts';

/**
 * Nothing usable came: a time-out, a malformed answer or a lost line. The line must be made anew
 * before the next request, because a late answer could be taken for the answer to it.
 */
export class NoUsableAnswer extends Error {
  override readonly name = 'NoUsableAnswer';
  /** The time was up; the answer may still come. */
  readonly isLate: boolean;

  constructor(message: string, options?: ErrorOptions & { isLate?: boolean }) {
    super(message, options);
    this.isLate = options?.isLate ?? false;
  }
}

/** RTU answers bear no number: after a failure the line is left alone for so long, ms. */
const QUIET_AFTER_FAILURE_MS = 50;
/** Silence between frames: 3.5 characters of 11 bits, never less than this, ms (1.02, 2.5.1.1). */
const SILENCE_MIN_MS = 1.75;

type Library = InstanceType<typeof modbusSerial.default>;
type Next<T> = (error: Error | null, result?: T) => void;

/**
 * Requests to the units behind one line, made by modbus-serial. At most one
 * request may be in flight; the caller sees to it. Every wait has a limit. Each request fails with
 * {@link ModbusRefusal} when the device answers with an exception, else with
 * {@link NoUsableAnswer}; after the latter of a write nobody knows whether it was taken.
 */
export class ModbusClient {
  readonly #transport: ModbusTransport;
  readonly #clock: DriverClock;
  readonly #framing: Framing;
  /** Before each request, ms; null where frames need no silence between them. */
  readonly #silenceMs: number | null;
  #line: Line | null = null;
  #library: Library | null = null;
  #closed = Promise.resolve();
  #interrupt: ((reason: Error) => void) | null = null;
  #answered: Next<Buffer> | null = null;
  #mayComeLate = false;

  constructor(transport: ModbusTransport, clock: DriverClock) {
    this.#transport = transport;
    this.#clock = clock;
    this.#framing = transport.kind === 'tcp' ? new MbapFraming() : new RtuFraming();
    this.#silenceMs =
      transport.kind === 'serial'
        ? Math.max(SILENCE_MIN_MS, (3.5 * 11 * 1_000) / transport.baudRate)
        : null;
  }

  get isOpen(): boolean {
    return this.#library !== null;
  }

  /** Opens the line anew. @throws {NoUsableAnswer} when it is not open within `timeoutMs`. */
  async open(timeoutMs: number): Promise<void> {
    this.close('opened anew');
    await this.#closed;
    let port: CheckedPort | null = null;
    try {
      await this.#within<void>(timeoutMs, 'no connection', (next) => {
        const line = openLine(this.#transport, {
          opened: () => next(null),
          received: (bytes) => port?.receive(bytes),
          lost: (reason) => this.#lost(line, reason),
        });
        this.#line = line;
      });
      if (this.#mayComeLate && this.#transport.kind !== 'tcp') {
        await this.#pause(QUIET_AFTER_FAILURE_MS);
      }
      const line = this.#line;
      if (line === null) throw new NoUsableAnswer('the line was lost');
      port = new CheckedPort(line, this.#framing, {
        answered: (answer) => this.#answered?.(null, answer),
        fault: (reason) => this.#lost(line, reason),
      });
      this.#library = new modbusSerial.default(port);
      this.#mayComeLate = false;
    } catch (cause) {
      this.close('not opened');
      throw cause;
    }
  }

  /** Drops the line; a request in flight fails. Ends when it can be opened by others. */
  close(reason = 'closed'): Promise<void> {
    const line = this.#line;
    this.#line = null;
    this.#library = null;
    this.#interrupt?.(new NoUsableAnswer(reason));
    if (line !== null) this.#closed = line.close();
    return this.#closed;
  }

  /** Reads registers, two bytes each, or bits, packed with the first in the lowest bit. */
  async read(
    unitId: number,
    area: ModbusArea,
    start: number,
    count: number,
    timeoutMs: number,
  ): Promise<Buffer> {
    const answer = await this.#ask(timeoutMs, (library, next) => {
      if (area === 'coil') library.writeFC1(unitId, start, count, next);
      else if (area === 'discrete') library.writeFC2(unitId, start, count, next);
      else if (area === 'holding') library.writeFC3(unitId, start, count, next);
      else library.writeFC4(unitId, start, count, next);
    });
    return dataIn(answer);
  }

  /** Writes one coil (function 5) or several (function 15). */
  async writeCoils(
    unitId: number,
    start: number,
    flags: readonly boolean[],
    timeoutMs: number,
  ): Promise<void> {
    await this.#ask(timeoutMs, (library, next) => {
      if (flags.length === 1) library.writeFC5(unitId, start, flags[0] === true, next);
      else library.writeFC15(unitId, start, [...flags], next);
    });
  }

  /** Writes one register (function 6) or several (function 16). */
  async writeRegisters(
    unitId: number,
    start: number,
    words: readonly number[],
    timeoutMs: number,
  ): Promise<void> {
    await this.#ask(timeoutMs, (library, next) => {
      if (words.length === 1) library.writeFC6(unitId, start, words[0] ?? 0, next);
      else library.writeFC16(unitId, start, [...words], next);
    });
  }

  /** Sets the bits of `mask` in a register to those of `bits`, no others (function 22). */
  async maskRegister(
    unitId: number,
    register: number,
    mask: number,
    bits: number,
    timeoutMs: number,
  ): Promise<void> {
    await this.#ask(timeoutMs, (library, next) => {
      library.writeFC22(unitId, register, ~mask & 0xffff, bits & mask, next);
    });
  }

  /** Writes registers and reads the same ones back in one request (function 23). */
  async exchange(
    unitId: number,
    start: number,
    words: readonly number[],
    timeoutMs: number,
  ): Promise<Buffer> {
    const { length } = words;
    const answer = await this.#ask(timeoutMs, (library, next) => {
      library.writeFC23(unitId, start, length, start, length, [...words], next);
    });
    return dataIn(answer);
  }

  /** The answer to what `send` asks through the library, which itself only tells of its faults. */
  async #ask(
    timeoutMs: number,
    send: (library: Library, next: (error: Error | null) => void) => void,
  ): Promise<Buffer> {
    if (this.#silenceMs !== null) await this.#pause(this.#silenceMs);
    const library = this.#library;
    if (library === null) throw new NoUsableAnswer('not connected');
    try {
      const answer = await this.#within<Buffer>(timeoutMs, 'no answer', (next) => {
        this.#answered = next;
        send(library, next);
      });
      const exception = exceptionIn(answer);
      if (exception !== null) throw new ModbusRefusal(exception);
      return answer;
    } catch (cause) {
      if (!(cause instanceof ModbusRefusal)) {
        this.#mayComeLate = true;
        void this.close('no usable answer');
      }
      throw cause;
    } finally {
      this.#answered = null;
    }
  }

  /**
   * Settles with what `begin` calls back, or fails after `timeoutMs` or when the line is closed.
   */
  #within<T>(timeoutMs: number, late: string, begin: (next: Next<T>) => void): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      let isSettled = false;
      const end = (error: Error | null, result?: T): void => {
        if (isSettled) return;
        isSettled = true;
        timer.cancel();
        this.#interrupt = null;
        if (error === null) resolve(result as T);
        else reject(error);
      };
      const timer = this.#clock.setTimer(
        () => end(new NoUsableAnswer(`${late} within ${timeoutMs} ms`, { isLate: true })),
        timeoutMs,
      );
      this.#interrupt = end;
      begin((error, result) => end(error === null ? null : faultOf(error), result));
    });
  }

  #pause(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        timer.cancel();
        this.#interrupt = null;
        resolve();
      };
      const timer = this.#clock.setTimer(end, delayMs);
      this.#interrupt = end;
    });
  }

  #lost(line: Line, reason: string): void {
    if (this.#line === line) void this.close(reason);
  }
}

function faultOf(error: Error): NoUsableAnswer {
  if (error instanceof NoUsableAnswer) return error;
  return new NoUsableAnswer(error.message, { cause: error });
}
