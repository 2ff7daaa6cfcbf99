import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import type { ModbusConnection } from '../../plc/model/connection.ts';
import type { FieldServer } from './image.ts';
import { answerPdu, EXCEPTION, exceptionPdu } from './modbus-pdu.ts';
import type { ModbusUnit } from './modbus-unit.ts';

/**
 * MBAP header: transaction, protocol, length (of unit and PDU), unit (Messaging Guide V1.0b,
 * 3.1.3).
 */
const HEADER_BYTES = 7;
const LENGTH_MIN = 2;
const LENGTH_MAX = 254;
const CLIENTS_MAX = 32;

/** How a unit fails: a gateway says so (exception 0B), or nothing comes back at all. */
export type UnitFailure = 'answers' | 'silent';

function framed(request: Buffer, pdu: Buffer): Buffer {
  const header = Buffer.from(request.subarray(0, HEADER_BYTES));
  header.writeUInt16BE(pdu.length + 1, 4);
  return Buffer.concat([header, pdu]);
}

/**
 * A Modbus TCP server in front of several units. It speaks MBAP itself, because the checks of the
 * specification are what a driver is tested against. Requests are answered in order, one at a time;
 * a client that does not read its answers is not read from either.
 */
export class ModbusServer implements FieldServer {
  readonly connection: string;
  private readonly host: string;
  private readonly port: number;
  private readonly units: ReadonlyMap<number, ModbusUnit>;
  private readonly failed = new Map<number, UnitFailure>();
  private readonly sockets = new Set<Socket>();
  private server: Server | null = null;

  constructor(connection: ModbusConnection, units: readonly ModbusUnit[]) {
    this.connection = connection.id;
    const { transport } = connection;
    if (transport.kind === 'serial') throw new Error(`${connection.id} is on a serial line`);
    this.host = transport.host;
    this.port = transport.port;
    this.units = new Map(units.map((unit) => [unit.unitId, unit]));
  }

  get up(): boolean {
    return this.server !== null;
  }

  /** The port listened on; with port 0, the one the system chose. 0 while down. */
  get listeningPort(): number {
    return (this.server?.address() as AddressInfo | null)?.port ?? 0;
  }

  get unitIds(): number[] {
    return [...this.units.keys()];
  }

  /** How a unit fails now, or null while it works. */
  failureOf(unitId: number): UnitFailure | null {
    return this.failed.get(unitId) ?? null;
  }

  /** Takes one unit down (it fails this way) or brings it back (null). */
  failUnit(unitId: number, failure: UnitFailure | null): void {
    if (failure === null) this.failed.delete(unitId);
    else this.failed.set(unitId, failure);
  }

  async start(): Promise<void> {
    if (this.server !== null) return;
    const server = createServer((socket) => this.serve(socket));
    server.maxConnections = CLIENTS_MAX;
    this.server = server;
    try {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(this.port, this.host, resolve);
      });
    } catch (cause) {
      this.server = null;
      const place = `${this.host}:${this.port}`;
      throw new Error(`Modbus server ${this.connection} cannot listen on ${place}`, { cause });
    }
  }

  async stop(): Promise<void> {
    const server = this.server;
    this.server = null;
    if (server === null) return;
    const closed = new Promise<void>((resolve) => {
      server.close(() => resolve());
    });
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  private serve(socket: Socket): void {
    this.sockets.add(socket);
    socket.setNoDelay(true);
    let rest: Buffer = Buffer.alloc(0);
    socket.on('data', (data) => {
      rest = this.answerAll(socket, rest.length === 0 ? data : Buffer.concat([rest, data]));
    });
    socket.on('drain', () => socket.resume());
    // A client that resets its connection is gone; 'close' follows and forgets it.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.sockets.delete(socket));
  }

  /** Answers each whole frame; returns the bytes of the frame that is not yet complete. */
  private answerAll(socket: Socket, received: Buffer): Buffer {
    let data = received;
    while (data.length >= HEADER_BYTES) {
      const length = data.readUInt16BE(4);
      if (length < LENGTH_MIN || length > LENGTH_MAX) {
        // The stream has lost its frames; only a new connection can find them again.
        socket.destroy();
        return Buffer.alloc(0);
      }
      const size = HEADER_BYTES - 1 + length;
      if (data.length < size) break;
      this.answer(socket, data.subarray(0, size));
      data = data.subarray(size);
    }
    return data;
  }

  private answer(socket: Socket, frame: Buffer): void {
    // Another protocol than Modbus (0) is discarded (Messaging Guide 4.4.2.1).
    if (frame.readUInt16BE(2) !== 0) return;
    const unitId = frame[6] ?? 0;
    const pdu = frame.subarray(HEADER_BYTES);
    const failure = this.failed.get(unitId);
    if (failure === 'silent') return;
    const unit = failure === undefined ? this.units.get(unitId) : undefined;
    const answer =
      unit === undefined ? exceptionPdu(pdu[0] ?? 0, EXCEPTION.targetFailed) : answerPdu(unit, pdu);
    if (!socket.write(framed(frame, answer))) socket.pause();
  }
}
