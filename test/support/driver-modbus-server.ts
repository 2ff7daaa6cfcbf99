/**
 * Goal: a small Modbus TCP server on a real socket that answers by the specification (Modbus
 * Application Protocol 1.1b3, Messaging on TCP/IP 1.0b) and misbehaves on request: silent units,
 * late answers, refusals.
 */
import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import { ModbusTestUnit } from './driver-modbus-unit.ts';

export class ModbusTestServer {
  readonly units = new Map<number, ModbusTestUnit>();
  readonly #sockets = new Set<Socket>();
  #server: Server | null = null;
  #port = 0;
  connections = 0;
  /** Speaks RTU frames, as a serial device server does. */
  readonly isRtu: boolean;

  constructor({ isRtu = false } = {}) {
    this.isRtu = isRtu;
  }

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
      for (;;) {
        const length = this.isRtu ? rtuLength(received) : mbapLength(received);
        if (length === null || received.length < length) return;
        this.answer(received.subarray(0, length), (frame) => {
          if (socket.writable) socket.write(frame);
        });
        received = received.subarray(length);
      }
    });
  }

  /** Answers one whole frame. */
  answer(frame: Buffer, send: (answer: Buffer) => void): void {
    const head = this.isRtu ? 0 : 6;
    const unit = this.units.get(frame.readUInt8(head));
    if (unit === undefined) return;
    unit.requests++;
    if (unit.silent || unit.loseAnswers-- > 0) return;
    const pdu = unit.respond(frame.subarray(head + 1, this.isRtu ? -2 : undefined));
    const answer = this.isRtu ? rtuFrame(frame, pdu) : mbapFrame(frame, pdu);
    if (unit.delayMs === 0) send(answer);
    else setTimeout(() => send(answer), unit.delayMs);
  }
}

/** How long the TCP request is that begins here; null while that is not known. */
export function mbapLength(received: Buffer): number | null {
  return received.length < 8 ? null : 6 + received.readUInt16BE(4);
}

function mbapFrame(request: Buffer, pdu: Buffer): Buffer {
  const header = Buffer.from(request.subarray(0, 7));
  header.writeUInt16BE(pdu.length + 1, 4);
  return Buffer.concat([header, pdu]);
}

/** How long the RTU request is that begins here; null while that is not known. */
export function rtuLength(received: Buffer): number | null {
  if (received.length < 8) return null;
  const code = received.readUInt8(1);
  if (code === 15 || code === 16) return 9 + received.readUInt8(6);
  if (code === 22) return 10;
  if (code !== 23) return 8;
  return received.length < 11 ? null : 13 + received.readUInt8(10);
}

function rtuFrame(request: Buffer, pdu: Buffer): Buffer {
  return withCrc(Buffer.concat([request.subarray(0, 1), pdu]));
}

/** A frame with its check sum (Modbus over Serial Line 1.02, 6.2.2). */
export function withCrc(frame: Buffer): Buffer {
  let crc = 0xffff;
  for (const byte of frame) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
  }
  return Buffer.concat([frame, Buffer.from([crc & 0xff, crc >> 8])]);
}
