import type { Server as HttpServer } from 'node:http';
import { type Namespace, Server, type Socket } from 'socket.io';
import type { z } from 'zod';
import type { CommandResult } from '../model/command.ts';
import { reason } from '../model/reason.ts';
import type { Clock, Timer } from '../runtime/clock.ts';
import type { Controller } from '../runtime/controller.ts';
import type { Log } from '../runtime/log.ts';
import { commandSchema, LINK_NAMESPACE, LINK_VERSION, type LinkHello } from './contract.ts';
import { isKey } from './link-key.ts';
import { LinkPeer } from './link-peer.ts';
import { RowSender } from './row-sender.ts';
import { serverHealthSchema } from './server-health.ts';
import { tagTableHash } from './tag-table-hash.ts';

/** Changes are merged for this long, real ms. */
const FLUSH_MS = 50;
/** Servers that may be connected at once. */
const PEERS_MAX = 16;
/** Largest message that a server may send us, bytes. */
const MESSAGE_MAX = 100_000;

export interface LinkServerParts {
  readonly http: HttpServer;
  readonly controller: Controller;
  readonly clock: Clock;
  readonly log: Log;
  readonly key: string;
  /** Names this run of the controller. */
  readonly session: string;
}

/**
 * The controller's side of `/link`. One rule for everything on it: whoever does not offer the key
 * of the installation is not let in. Rows go to one server at a time, the one that is connected
 * longest.
 */
export class LinkServer {
  readonly #parts: LinkServerParts;
  readonly #rows: RowSender;
  readonly #peers = new Map<string, LinkPeer>();
  #io: Server | null = null;
  #timer: Timer | null = null;
  #unlisten: (() => void) | null = null;

  constructor(parts: LinkServerParts) {
    this.#parts = parts;
    this.#rows = new RowSender(parts.controller, parts.log);
  }

  /** How many servers are connected. */
  get peers(): number {
    return this.#peers.size;
  }

  start(): void {
    if (this.#io !== null) return;
    const io = new Server(this.#parts.http, {
      maxHttpBufferSize: MESSAGE_MAX,
      serveClient: false,
      transports: ['websocket'],
    });
    this.#io = io;
    this.#guard(io.of(LINK_NAMESPACE));
    this.#unlisten = this.#parts.controller.listen({
      changed: (tags) => this.#each((peer) => peer.changed(tags)),
      alarms: () => this.#each((peer) => peer.alarmsChanged()),
      status: (document) => this.#each((peer) => peer.status(document)),
      rows: () => this.#rows.wake(),
    });
    this.#flushLater();
  }

  async stop(): Promise<void> {
    this.#timer?.cancel();
    this.#unlisten?.();
    this.#rows.use(null);
    const io = this.#io;
    this.#io = null;
    if (io !== null) await io.close();
  }

  #guard(namespace: Namespace): void {
    namespace.use((socket, next) => {
      if (!isKey(socket.handshake.auth['key'], this.#parts.key)) {
        this.#parts.log.warn('somebody without the key of this installation tried the link', {
          address: socket.handshake.address,
        });
        next(new Error('wrong key'));
      } else if (this.#peers.size >= PEERS_MAX) next(new Error('too many servers'));
      else next();
    });
    namespace.on('connection', (socket) => this.#welcome(socket));
  }

  #welcome(socket: Socket): void {
    const { controller, clock, log, session } = this.#parts;
    const hello: LinkHello = {
      version: LINK_VERSION,
      mill: controller.mill.id,
      tagTableHash: tagTableHash(controller.mill.tags),
      session,
      speed: clock.speed,
      timeMs: clock.utcMs(),
    };
    log.info('a server is connected', { address: socket.handshake.address });
    this.#peers.set(socket.id, new LinkPeer(socket, controller));
    socket.on('command', (message: unknown, acknowledge: unknown) => {
      void this.#command(message, acknowledge);
    });
    socket.on('health', (message: unknown) => {
      const parsed = serverHealthSchema.safeParse(message);
      if (parsed.success) controller.hearServer(parsed.data);
      else log.warn('a server told of its database in a form that is none');
    });
    socket.on('disconnect', (why) => {
      log.info('a server has gone', { address: socket.handshake.address, why });
      this.#peers.delete(socket.id);
      this.#chooseForRows();
    });
    socket.emit('hello', hello);
    this.#chooseForRows();
  }

  #chooseForRows(): void {
    const [longest] = this.#peers.values();
    this.#rows.use(longest?.socket ?? null);
  }

  /** A message without a function to answer to is none: nobody could hear the refusal. */
  async #command(message: unknown, acknowledge: unknown): Promise<void> {
    if (typeof acknowledge !== 'function') return;
    const parsed = commandSchema.safeParse(message);
    const result: CommandResult = parsed.success
      ? await this.#parts.controller.command(parsed.data)
      : { accepted: false, reasons: parsed.error.issues.slice(0, 20).map(invalid) };
    acknowledge(result);
  }

  #each(what: (peer: LinkPeer) => void): void {
    for (const peer of this.#peers.values()) what(peer);
  }

  #flushLater(): void {
    const { clock } = this.#parts;
    this.#timer = clock.setTimer(() => {
      this.#each((peer) => peer.flush(clock.utcMs()));
      this.#flushLater();
    }, FLUSH_MS);
  }
}

function invalid(issue: z.core.$ZodIssue) {
  return reason('command.invalid', { path: issue.path.join('.'), fault: issue.message });
}
