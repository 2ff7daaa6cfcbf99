import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import type { ModbusConnection } from '../../plc/model/connection.ts';
import type { LinkCondition, UnitCondition, UnitFailure } from '../faults/link-condition.ts';
import { GOOD_LINK, GOOD_UNIT } from '../faults/link-condition.ts';
import { HeldBack } from './held-back.ts';
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
  private readonly sockets = new Set<Socket>();
  private readonly held: HeldBack;
  /** Answers of each unit, to find the one out of so many that comes late. */
  private readonly answers = new Map<number, number>();
  private condition: LinkCondition = GOOD_LINK;
  private server: Server | null = null;

  constructor(connection: ModbusConnection, units: readonly ModbusUnit[]) {
    this.connection = connection.id;
    this.held = new HeldBack(connection.id);
    const { transport } = connection;
    if (transport.kind === 'serial') throw new Error(`${connection.id} is on a serial line`);
    this.host = transport.host;
    this.port = transport.port;
    this.units = new Map(units.map((unit) => [unit.unitId, unit]));
  }

  get up(): boolean {
    return this.server?.listening === true;
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
    return this.unitCondition(unitId).failure;
  }

  /** Takes one unit down (it fails this way) or brings it back (null), with no fault behind it. */
  failUnit(unitId: number, failure: UnitFailure | null): void {
    const units = new Map(this.condition.units);
    units.set(unitId, { ...this.unitCondition(unitId), failure });
    this.setCondition({ ...this.condition, units });
  }

  setCondition(condition: LinkCondition): void {
    const wasHalfOpen = this.condition.halfOpen;
    this.condition = condition;
    for (const [unitId, unit] of this.units) {
      unit.setWordOrder(this.unitCondition(unitId).wordOrder);
    }
    if (condition.halfOpen === wasHalfOpen) return;
    for (const socket of this.sockets) {
      if (condition.halfOpen) socket.pause();
      else socket.resume();
    }
  }

  pass(nowMs: number): void {
    // A half-open link lets nothing out, late answers included.
    if (!this.condition.halfOpen) this.held.pass(nowMs);
  }

  private unitCondition(unitId: number): UnitCondition {
    return this.condition.units.get(unitId) ?? GOOD_UNIT;
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
    this.held.clear();
    await closed;
  }

  private serve(socket: Socket): void {
    this.sockets.add(socket);
    socket.setNoDelay(true);
    let rest: Buffer = Buffer.alloc(0);
    socket.on('data', (data) => {
      rest = this.answerAll(socket, rest.length === 0 ? data : Buffer.concat([rest, data]));
    });
    socket.on('drain', () => {
      if (!this.condition.halfOpen) socket.resume();
    });
    // A client that resets its connection is gone; 'close' follows and forgets it.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.sockets.delete(socket));
    if (this.condition.halfOpen) socket.pause();
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
    const { failure } = this.unitCondition(unitId);
    if (failure === 'silent') return;
    const unit = failure === null ? this.units.get(unitId) : undefined;
    const answer =
      unit === undefined ? exceptionPdu(pdu[0] ?? 0, EXCEPTION.targetFailed) : answerPdu(unit, pdu);
    this.send(socket, unitId, framed(frame, answer));
  }

  /** Sends an answer now, or as late as the link's faults make it. */
  private send(socket: Socket, unitId: number, answer: Buffer): void {
    const write = (): void => {
      if (!socket.destroyed && !socket.write(answer)) socket.pause();
    };
    const { slow } = this.condition;
    const { late } = this.unitCondition(unitId);
    if (late !== null) {
      const count = (this.answers.get(unitId) ?? 0) + 1;
      this.answers.set(unitId, count);
      if (count % late.every === 0) {
        this.held.hold(write, late.delayMs);
        return;
      }
    }
    if (slow === null) write();
    else this.held.holdInOrder(write, slow.delayMs, slow.jitterMs);
  }
}
