/**
 * Goal: a Modbus TCP server that answers one request too late, in the worst way: just when the
 * number of the transaction comes again on the same connection, before the answer to that one.
 */
import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer } from 'node:net';

/** Reading any number of input registers: each holds its own number plus this. */
export const REGISTER_OFFSET = 1_000;

export class LateModbusServer {
  readonly #slowRegister: number;
  readonly #sockets = new Set<Socket>();
  #server: Server | null = null;
  /** How many reads of the slow register are answered late; the others in time. */
  late: number;
  connections = 0;
  requests = 0;
  /** Late answers that were sent after all. */
  sentLate = 0;

  constructor(slowRegister: number, late: number) {
    this.#slowRegister = slowRegister;
    this.late = late;
  }

  get port(): number {
    return (this.#server?.address() as AddressInfo | undefined)?.port ?? 0;
  }

  async start(): Promise<void> {
    const server = createServer((socket) => this.#accept(socket));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.#server = server;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    const server = this.#server;
    this.#server = null;
    if (server !== null) await new Promise((resolve) => server.close(resolve));
  }

  #accept(socket: Socket): void {
    this.connections++;
    this.#sockets.add(socket);
    const held = new Map<number, Buffer>();
    let received = Buffer.alloc(0);
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      while (received.length >= 12) {
        this.#answer(socket, received.subarray(0, 12), held);
        received = received.subarray(12);
      }
    });
  }

  #answer(socket: Socket, request: Buffer, held: Map<number, Buffer>): void {
    this.requests++;
    const transaction = request.readUInt16BE(0);
    const start = request.readUInt16BE(8);
    const late = held.get(transaction);
    if (late !== undefined) {
      held.delete(transaction);
      this.sentLate++;
      socket.write(late);
    }
    const answer = answerTo(request, start, request.readUInt16BE(10));
    if (start === this.#slowRegister && this.late > 0) {
      this.late--;
      held.set(transaction, answer);
    } else socket.write(answer);
  }
}

function answerTo(request: Buffer, start: number, count: number): Buffer {
  const answer = Buffer.alloc(9 + 2 * count);
  request.copy(answer, 0, 0, 8);
  answer.writeUInt16BE(3 + 2 * count, 4);
  answer.writeUInt8(2 * count, 8);
  for (let i = 0; i < count; i++) answer.writeUInt16BE(start + i + REGISTER_OFFSET, 9 + 2 * i);
  return answer;
}
