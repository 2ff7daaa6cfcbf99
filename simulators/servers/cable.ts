import type { Server, Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import type { LinkCondition } from '../faults/link-condition.ts';
import { GOOD_LINK } from '../faults/link-condition.ts';
import { HeldBack } from './held-back.ts';

const CLIENTS_MAX = 64;

/** One client and its connection to the server behind. */
interface Pair {
  readonly client: Socket;
  readonly server: Socket;
}

/**
 * The cable between the network and a server that knows nothing of faults: TCP relayed byte for
 * byte, held up or held back as the link's condition says. While half open it keeps every
 * connection, takes new ones, and moves nothing, not even an end.
 */
export class Cable {
  private readonly host: string;
  private readonly port: number;
  private readonly pairs = new Set<Pair>();
  private readonly held: HeldBack;
  private condition: LinkCondition = GOOD_LINK;
  private listener: Server | null = null;
  private serverPort = 0;

  constructor(name: string, host: string, port: number) {
    this.host = host;
    this.port = port;
    this.held = new HeldBack(name);
  }

  /** True while clients can connect. */
  get isPlugged(): boolean {
    return this.listener?.listening === true;
  }

  /** Listens for clients of the server at `serverPort` of this machine. @throws when it cannot. */
  async plug(serverPort: number): Promise<void> {
    this.serverPort = serverPort;
    const listener = createServer({ allowHalfOpen: true }, (client) => this.join(client));
    listener.maxConnections = CLIENTS_MAX;
    this.listener = listener;
    try {
      await new Promise<void>((resolve, reject) => {
        listener.once('error', reject);
        listener.listen(this.port, this.host, resolve);
      });
    } catch (error) {
      this.listener = null;
      throw error;
    }
  }

  /** Drops every client and listens no more. */
  async unplug(): Promise<void> {
    const { listener } = this;
    this.listener = null;
    this.held.clear();
    for (const { client, server } of this.pairs) {
      client.destroy();
      server.destroy();
    }
    if (listener === null) return;
    await new Promise<void>((resolve) => {
      listener.close(() => resolve());
    });
  }

  setCondition(condition: LinkCondition): void {
    const wasHalfOpen = this.condition.halfOpen;
    this.condition = condition;
    if (condition.halfOpen === wasHalfOpen) return;
    for (const { client, server } of this.pairs) {
      for (const socket of [client, server]) {
        if (condition.halfOpen) socket.pause();
        else if (socket.destroyed) this.end({ client, server });
        else socket.resume();
      }
    }
  }

  pass(nowMs: number): void {
    if (!this.condition.halfOpen) this.held.pass(nowMs);
  }

  private join(client: Socket): void {
    const server = connect({ host: '127.0.0.1', port: this.serverPort, allowHalfOpen: true });
    const pair: Pair = { client, server };
    this.pairs.add(pair);
    this.relay(pair, client, server);
    this.relay(pair, server, client);
    if (this.condition.halfOpen) {
      client.pause();
      server.pause();
    }
  }

  private relay(pair: Pair, from: Socket, to: Socket): void {
    from.setNoDelay(true);
    from.on('data', (chunk) => this.carry(from, to, chunk));
    from.on('end', () => this.late(() => to.end()));
    // What became of the socket is told by 'close', which always follows.
    from.on('error', () => from.destroy());
    from.on('close', () => {
      if (!this.condition.halfOpen) this.late(() => this.end(pair));
    });
    to.on('drain', () => {
      if (!this.condition.halfOpen) from.resume();
    });
  }

  private carry(from: Socket, to: Socket, chunk: Buffer): void {
    this.late(() => {
      if (!to.destroyed && !to.write(chunk)) from.pause();
    });
  }

  /** Does it now, or in order as late as a slow link makes it. */
  private late(act: () => void): void {
    const { slow } = this.condition;
    if (slow === null && this.held.size === 0) act();
    else this.held.holdInOrder(act, slow?.delayMs ?? 0, slow?.jitterMs ?? 0);
  }

  private end(pair: Pair): void {
    this.pairs.delete(pair);
    pair.client.destroy();
    pair.server.destroy();
  }
}
