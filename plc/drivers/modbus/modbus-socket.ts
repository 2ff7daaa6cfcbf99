import { Socket } from 'node:net';
import modbusSerial from 'modbus-serial';
import type { ModbusArea } from '../../model/tag.ts';
import type { DriverClock } from '../driver.ts';

/**
 * The device answered with an exception (Modbus Application Protocol 1.1b3, 7): it lives, but
 * refuses.
 */
export class ModbusRefusal extends Error {
  readonly code: number;

  constructor(message: string, code: number) {
    super(message);
    this.name = 'ModbusRefusal';
    this.code = code;
  }

  /**
   * A gateway says that the unit behind it cannot be reached or does not answer (codes 0x0A, 0x0B).
   */
  get unitIsSilent(): boolean {
    return this.code === 0x0a || this.code === 0x0b;
  }
}

/**
 * Nothing usable came: a time-out, a malformed answer or a closed socket. The socket must be made
 * anew before the next request, because a late answer could be taken for the answer to it.
 */
export class NoUsableAnswer extends Error {
  override readonly name = 'NoUsableAnswer';
}

type Client = InstanceType<typeof modbusSerial.default>;
type Next<T> = (error: (Error & { modbusCode?: number }) | null, result?: T) => void;

/**
 * One TCP socket to a Modbus server, with the protocol spoken by modbus-serial. At most one request
 * may be in flight; the caller sees to it. Every wait has a limit.
 */
export class ModbusSocket {
  readonly #host: string;
  readonly #port: number;
  readonly #clock: DriverClock;
  #socket: Socket | null = null;
  #client: Client | null = null;
  #interrupt: ((reason: Error) => void) | null = null;

  constructor(host: string, port: number, clock: DriverClock) {
    this.#host = host;
    this.#port = port;
    this.#clock = clock;
  }

  get isOpen(): boolean {
    return this.#client !== null;
  }

  /** Connects anew. @throws {NoUsableAnswer} when there is no connection within `timeoutMs`. */
  async open(timeoutMs: number): Promise<void> {
    this.close('opened anew');
    const socket = new Socket();
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.once('close', () => this.#lost(socket, 'the server closed the connection'));
    try {
      await this.#within<void>(timeoutMs, 'no connection', (next) => {
        socket.once('error', (error) => next(error));
        socket.once('connect', () => next(null));
        socket.connect(this.#port, this.#host);
      });
      const client = new modbusSerial.default();
      await client.linkTCP(socket, { port: this.#port });
      if (this.#socket !== socket) throw new NoUsableAnswer('the server closed the connection');
      this.#client = client;
    } catch (cause) {
      this.#lost(socket, 'not opened');
      throw cause;
    }
  }

  /** Drops the socket; a request in flight fails with {@link NoUsableAnswer}. */
  close(reason = 'closed'): void {
    const socket = this.#socket;
    this.#socket = null;
    this.#client = null;
    this.#interrupt?.(new NoUsableAnswer(reason));
    socket?.destroy();
  }

  /**
   * Reads registers, or bits as 0 and 1.
   * @throws {ModbusRefusal | NoUsableAnswer}
   */
  async read(
    unitId: number,
    area: ModbusArea,
    start: number,
    count: number,
    timeoutMs: number,
  ): Promise<number[]> {
    type Answer = { readonly data: readonly (number | boolean)[] };
    const answer = await this.#ask<Answer>(timeoutMs, (client, next) => {
      if (area === 'coil') client.writeFC1(unitId, start, count, next);
      else if (area === 'discrete') client.writeFC2(unitId, start, count, next);
      else if (area === 'holding') client.writeFC3(unitId, start, count, next);
      else client.writeFC4(unitId, start, count, next);
    });
    if (answer.data.length < count) {
      this.close('malformed answer');
      throw new NoUsableAnswer(`${answer.data.length} values came where ${count} were asked for`);
    }
    return answer.data.slice(0, count).map(Number);
  }

  /**
   * Writes one coil, one register (function 6) or several (function 16).
   * @throws {ModbusRefusal | NoUsableAnswer} after the latter nobody knows whether it was taken.
   */
  async write(
    unitId: number,
    area: 'coil' | 'holding',
    start: number,
    words: readonly number[],
    timeoutMs: number,
  ): Promise<void> {
    const first = words[0] ?? 0;
    await this.#ask<unknown>(timeoutMs, (client, next) => {
      if (area === 'coil') client.writeFC5(unitId, start, first !== 0, next);
      else if (words.length === 1) client.writeFC6(unitId, start, first, next);
      else client.writeFC16(unitId, start, [...words], next);
    });
  }

  async #ask<T>(timeoutMs: number, send: (client: Client, next: Next<T>) => void): Promise<T> {
    const client = this.#client;
    if (client === null) throw new NoUsableAnswer('not connected');
    try {
      return await this.#within<T>(timeoutMs, 'no answer', (next) => send(client, next));
    } catch (cause) {
      if (!(cause instanceof ModbusRefusal)) this.close('no usable answer');
      throw cause;
    }
  }

  /**
   * Settles with what `begin` calls back, or fails after `timeoutMs` or when the socket is closed.
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
        () => end(new NoUsableAnswer(`${late} within ${timeoutMs} ms`)),
        timeoutMs,
      );
      this.#interrupt = end;
      begin((error, result) => end(error === null ? null : faultOf(error), result));
    });
  }

  #lost(socket: Socket, reason: string): void {
    if (this.#socket === socket) this.close(reason);
  }
}

function faultOf(error: Error & { modbusCode?: number }): Error {
  if (error.modbusCode !== undefined) {
    return new ModbusRefusal(error.message, error.modbusCode);
  }
  if (error instanceof NoUsableAnswer) return error;
  return new NoUsableAnswer(error.message, { cause: error });
}
