/**
 * Goal: a TCP proxy that does to a connection what the network of a plant does: cuts it, refuses
 * it, is slow, or holds it open and lets nothing through, as a dead switch does.
 */
import type { AddressInfo, Server, Socket } from 'node:net';
import { connect, createServer } from 'node:net';

/** Looks at what passes; what it gives is sent on instead. */
export type Tap = (chunk: Buffer, from: 'client' | 'server') => Buffer;

export class FreezingProxy {
  readonly #targetPort: number;
  readonly #sockets = new Set<Socket>();
  readonly #clients = new Set<Socket>();
  #server: Server | null = null;
  #port: number;
  #flapping: NodeJS.Timeout | undefined;
  /** Swallows what comes; a side that closes is still seen by the other. */
  isFrozen = false;
  /** Swallows what comes, and neither side learns that the other has closed. */
  isHalfOpen = false;
  /** What the server sends arrives so much later, ms. */
  delayMs = 0;
  /** Makes the tap of each new connection. */
  tapOf: (() => Tap) | null = null;
  connections = 0;

  /** Listens on `port`, or on one that is free. */
  constructor(targetPort: number, port = 0) {
    this.#targetPort = targetPort;
    this.#port = port;
  }

  get openSockets(): number {
    return this.#sockets.size;
  }

  get port(): number {
    return this.#port;
  }

  /** Listens, again on the same port after {@link refuse} or {@link stop}. */
  async start(): Promise<void> {
    if (this.#server !== null) return;
    const server = createServer((socket) => this.#join(socket));
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.#port, '127.0.0.1', resolve);
    });
    this.#port = (server.address() as AddressInfo).port;
  }

  /** Breaks every connection; new ones are let through. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Slips bytes of its own into what the clients hear. */
  inject(bytes: Buffer): void {
    for (const socket of this.#clients) if (socket.writable) socket.write(bytes);
  }

  /** Breaks every connection with a reset instead of an end; new ones are let through. */
  reset(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  /** Breaks every connection so often, ms; null ends it. */
  flap(everyMs: number | null): void {
    clearInterval(this.#flapping);
    if (everyMs !== null) this.#flapping = setInterval(() => this.reset(), everyMs);
  }

  /** Breaks every connection and refuses new ones until {@link start}. */
  async refuse(): Promise<void> {
    await this.stop();
  }

  /**
   * Ends a half-open state. The connections that were held are reset: what was swallowed of them
   * never comes.
   */
  heal(): void {
    this.isHalfOpen = false;
    this.reset();
  }

  async stop(): Promise<void> {
    this.flap(null);
    const server = this.#server;
    this.#server = null;
    const closed = server === null ? null : new Promise((resolve) => server.close(resolve));
    this.cut();
    await closed;
  }

  #join(near: Socket): void {
    this.connections++;
    this.#clients.add(near);
    near.on('close', () => this.#clients.delete(near));
    const far = connect(this.#targetPort, '127.0.0.1');
    const tap = this.tapOf?.() ?? null;
    this.#pass(near, far, 'client', tap);
    this.#pass(far, near, 'server', tap);
  }

  #pass(from: Socket, to: Socket, side: 'client' | 'server', tap: Tap | null): void {
    const queue: { readonly dueMs: number; readonly chunk: Buffer }[] = [];
    // Nothing overtakes what was sent before it, also when the delay has ended meanwhile.
    const send = (): void => {
      while (queue[0] !== undefined && queue[0].dueMs <= performance.now()) {
        const chunk = queue.shift()?.chunk;
        if (chunk !== undefined && to.writable && !this.isHalfOpen) to.write(chunk);
      }
    };
    this.#sockets.add(from);
    from.setNoDelay(true);
    from.on('data', (chunk) => {
      if (this.isFrozen || this.isHalfOpen) return;
      const delayMs = side === 'server' ? this.delayMs : 0;
      const dueMs = Math.max(queue.at(-1)?.dueMs ?? 0, performance.now() + delayMs);
      queue.push({ dueMs, chunk: tap === null ? chunk : tap(chunk, side) });
      send();
      if (queue.length > 0) setTimeout(send, dueMs - performance.now() + 1);
    });
    from.on('error', () => from.destroy());
    from.on('close', () => {
      this.#sockets.delete(from);
      if (!this.isHalfOpen) to.destroy();
    });
  }
}
