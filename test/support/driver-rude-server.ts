/** Goal: a TCP server that is no OPC UA server: it says nothing, rubbish, or hangs up. */
import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer } from 'node:net';

export type Manner = 'silent' | 'rubbish' | 'reset';

export class RudeServer {
  readonly #manner: Manner;
  readonly #rubbish: () => Buffer;
  readonly #sockets = new Set<Socket>();
  #server: Server | null = null;
  connections = 0;

  constructor(manner: Manner, rubbish: () => Buffer = () => Buffer.alloc(0)) {
    this.#manner = manner;
    this.#rubbish = rubbish;
  }

  /** Listens, on a free port unless told. */
  async start(port = 0): Promise<number> {
    const server = createServer((socket) => this.#greet(socket));
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    this.#server = server;
    return (server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    const server = this.#server;
    this.#server = null;
    if (server !== null) await new Promise((resolve) => server.close(resolve));
  }

  #greet(socket: Socket): void {
    this.connections += 1;
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    if (this.#manner === 'reset') socket.resetAndDestroy();
    else socket.on('data', () => this.#answer(socket));
  }

  #answer(socket: Socket): void {
    if (this.#manner === 'rubbish' && socket.writable) socket.write(this.#rubbish());
  }
}
