/**
 * Goal: a TCP proxy that can hold a connection open and let nothing through, as a dead switch does.
 */
import type { AddressInfo, Server, Socket } from 'node:net';
import { connect, createServer } from 'node:net';

export class FreezingProxy {
  readonly #targetPort: number;
  readonly #sockets = new Set<Socket>();
  readonly #clients = new Set<Socket>();
  #server: Server | null = null;
  isFrozen = false;
  connections = 0;

  constructor(targetPort: number) {
    this.#targetPort = targetPort;
  }

  get openSockets(): number {
    return this.#sockets.size;
  }

  get port(): number {
    const address = this.#server?.address() as AddressInfo | undefined;
    return address?.port ?? 0;
  }

  async start(): Promise<void> {
    const server = createServer((socket) => this.#join(socket));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.#server = server;
  }

  /** Breaks every connection; new ones are let through. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Slips bytes of its own into what the clients hear. */
  inject(bytes: Buffer): void {
    for (const socket of this.#clients) if (socket.writable) socket.write(bytes);
  }

  async stop(): Promise<void> {
    this.cut();
    const server = this.#server;
    this.#server = null;
    if (server !== null) await new Promise((resolve) => server.close(resolve));
  }

  #join(near: Socket): void {
    this.connections++;
    this.#clients.add(near);
    near.on('close', () => this.#clients.delete(near));
    const far = connect(this.#targetPort, '127.0.0.1');
    this.#pass(near, far);
    this.#pass(far, near);
  }

  #pass(from: Socket, to: Socket): void {
    this.#sockets.add(from);
    from.on('data', (chunk) => {
      if (!this.isFrozen && to.writable) to.write(chunk);
    });
    from.on('error', () => from.destroy());
    from.on('close', () => {
      this.#sockets.delete(from);
      to.destroy();
    });
  }
}
