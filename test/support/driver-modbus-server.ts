/**
 * Goal: a small Modbus TCP server on a real socket that answers by the specification (Modbus
 * Application Protocol 1.1b3, Messaging on TCP/IP 1.0b) and misbehaves on request: silent units,
 * late answers, refusals.
 */
import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer } from 'node:net';

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
  requests = 0;
}

export class ModbusTestServer {
  readonly units = new Map<number, ModbusTestUnit>();
  readonly #sockets = new Set<Socket>();
  #server: Server | null = null;
  #port = 0;
  connections = 0;

  get port(): number {
    return this.#port;
  }

  get openSockets(): number {
    return this.#sockets.size;
  }

  unit(id: number): ModbusTestUnit {
    const unit = this.units.get(id) ?? new ModbusTestUnit();
    this.units.set(id, unit);
    return unit;
  }

  /** Listens; on the same port as before after a stop. */
  async start(): Promise<void> {
    if (this.#server !== null) return;
    const server = createServer((socket) => this.#accept(socket));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.#port, '127.0.0.1', resolve);
    });
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    for (const socket of this.#sockets) socket.destroy();
    if (server !== null) await new Promise((resolve) => server.close(resolve));
  }

  #accept(socket: Socket): void {
    this.connections++;
    this.#sockets.add(socket);
    let received = Buffer.alloc(0);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      while (received.length >= 8 && received.length >= 6 + received.readUInt16BE(4)) {
        const end = 6 + received.readUInt16BE(4);
        this.#answer(socket, received.subarray(0, end));
        received = received.subarray(end);
      }
    });
  }

  #answer(socket: Socket, request: Buffer): void {
    const unit = this.units.get(request.readUInt8(6));
    if (unit === undefined) return;
    unit.requests++;
    if (unit.silent || unit.loseAnswers-- > 0) return;
    const pdu = respond(unit, request.subarray(7));
    const header = Buffer.from(request.subarray(0, 7));
    header.writeUInt16BE(pdu.length + 1, 4);
    const answer = Buffer.concat([header, pdu]);
    if (unit.delayMs === 0) socket.write(answer);
    else setTimeout(() => socket.writable && socket.write(answer), unit.delayMs);
  }
}

function respond(unit: ModbusTestUnit, pdu: Buffer): Buffer {
  const code = pdu.readUInt8(0);
  const start = pdu.readUInt16BE(1);
  const second = pdu.readUInt16BE(3);
  const refuse = (exception: number) => Buffer.from([code | 0x80, exception]);
  switch (code) {
    case 1:
    case 2:
      if (second < 1 || second > 2_000) return refuse(EXCEPTION.illegalValue);
      return bits(code, code === 1 ? unit.coils : unit.discretes, start, second, refuse);
    case 3:
    case 4:
      if (second < 1 || second > 125) return refuse(EXCEPTION.illegalValue);
      return registers(code, code === 3 ? unit.holding : unit.input, start, second, refuse);
    case 5:
      if (second !== 0 && second !== 0xff00) return refuse(EXCEPTION.illegalValue);
      if (!unit.coils.has(start)) return refuse(EXCEPTION.illegalAddress);
      unit.coils.set(start, second === 0xff00);
      return Buffer.from(pdu);
    case 6:
      return setRegisters(unit, start, [second]) ? Buffer.from(pdu) : refuse(2);
    case 16: {
      if (pdu.readUInt8(5) !== second * 2) return refuse(EXCEPTION.illegalValue);
      const words = Array.from({ length: second }, (_, i) => pdu.readUInt16BE(6 + 2 * i));
      return setRegisters(unit, start, words) ? Buffer.from(pdu.subarray(0, 5)) : refuse(2);
    }
    default:
      return refuse(EXCEPTION.illegalFunction);
  }
}

type Refuse = (exception: number) => Buffer;

function bits(
  code: number,
  area: Map<number, boolean>,
  start: number,
  count: number,
  refuse: Refuse,
): Buffer {
  if (!area.has(start)) return refuse(EXCEPTION.illegalAddress);
  const bytes = Buffer.alloc(Math.ceil(count / 8));
  for (let i = 0; i < count; i++) {
    const index = i >> 3;
    if (area.get(start + i)) bytes.writeUInt8(bytes.readUInt8(index) | (1 << (i & 7)), index);
  }
  return Buffer.concat([Buffer.from([code, bytes.length]), bytes]);
}

function registers(
  code: number,
  area: Map<number, number>,
  start: number,
  count: number,
  refuse: Refuse,
): Buffer {
  if (!area.has(start)) return refuse(EXCEPTION.illegalAddress);
  const bytes = Buffer.alloc(count * 2);
  for (let i = 0; i < count; i++) bytes.writeUInt16BE(area.get(start + i) ?? 0, 2 * i);
  return Buffer.concat([Buffer.from([code, bytes.length]), bytes]);
}

function setRegisters(unit: ModbusTestUnit, start: number, words: readonly number[]): boolean {
  if (words.some((_, i) => unit.readOnly.has(start + i))) return false;
  words.forEach((word, i) => {
    if (!unit.stuck.has(start + i)) unit.holding.set(start + i, word);
  });
  return true;
}
