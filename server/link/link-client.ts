import { setTimeout as pause } from 'node:timers/promises';
import type { Socket } from 'socket.io-client';
import { io } from 'socket.io-client';
import { z } from 'zod';
import type { LinkCommand, LinkFrame, LinkHello } from '../../plc/link/contract.ts';
import {
  alarmsSchema,
  commandResultSchema,
  frameSchema,
  helloSchema,
  LINK_NAMESPACE,
  statusSchema,
} from '../../plc/link/contract.ts';
import type { ServerHealth } from '../../plc/link/server-health.ts';
import { tagTableHash } from '../../plc/link/tag-table-hash.ts';
import type { Mill } from '../../plc/mill/definition.ts';
import type { AlarmOccurrence } from '../../plc/model/alarm.ts';
import type { CommandResult } from '../../plc/model/command.ts';
import { reason } from '../../plc/model/reason.ts';
import type { StatusDocument } from '../../plc/model/status.ts';
import { BackOff } from '../db/back-off.ts';
import type { Log } from '../log.ts';
import type { RowStore, RowsAck } from './row-intake.ts';
import { RowIntake } from './row-intake.ts';

export interface LinkClientOptions {
  /** Address of the controller, e.g. `http://127.0.0.1:8081`. */
  readonly url: string;
  readonly key: string;
  readonly mill: Pick<Mill, 'id' | 'tags'>;
  readonly store: RowStore;
  readonly log: Log;
  /** For tests: how long a command may go without an answer, ms. */
  readonly commandTimeoutMs?: number;
}

/**
 * - `connecting`: the controller is not reached; it is tried again for ever.
 * - `connected`: hello was right and a full frame came.
 * - `refused`: the controller answers but does not take our key; it is tried again, slowly.
 * - `mismatch`: the controller runs another mill or version. Nothing it says can be used until the
 *   engineer
 *   starts both with the same; it is asked again now and then.
 * - `stopped`: not started, or stopped.
 */
export type LinkPhase = 'connecting' | 'connected' | 'refused' | 'mismatch' | 'stopped';

export interface LinkStatus {
  readonly phase: LinkPhase;
  readonly sinceMs: number;
  /** What the engineer should know, in English for the log; null while all is well. */
  readonly fault: string | null;
  /** The controller's hello of this connection; null while there is none. */
  readonly hello: LinkHello | null;
}

/** What is heard from the controller. Everything was checked before it is handed on. */
export interface LinkListeners {
  state?: (status: LinkStatus) => void;
  frame?: (frame: LinkFrame) => void;
  alarms?: (list: readonly AlarmOccurrence[]) => void;
  status?: (document: StatusDocument) => void;
}

const COMMAND_TIMEOUT_MS = 5_000;
const RETRY_FIRST_MS = 250;
const RETRY_LAST_MS = 5_000;
/** How often a controller that runs another mill is asked again, ms. */
const MISMATCH_RETRY_MS = 15_000;
/** Without a hello and a full frame in this time the connection is made anew, ms. */
const GREETING_WITHIN_MS = 10_000;

/**
 * The server's end of `/link`: live values and documents in, records into the store, commands out.
 */
export class LinkClient {
  readonly #options: LinkClientOptions;
  readonly #intake: RowIntake;
  readonly #listeners = new Set<LinkListeners>();
  readonly #backOff = new BackOff(RETRY_FIRST_MS, RETRY_LAST_MS);
  readonly #tagTableHash: string;
  #socket: Socket | null = null;
  #status: LinkStatus = { phase: 'stopped', sinceMs: Date.now(), fault: null, hello: null };
  #sequence = 0;
  #retry: AbortController | null = null;
  #greeting: NodeJS.Timeout | null = null;

  constructor(options: LinkClientOptions) {
    this.#options = options;
    this.#intake = new RowIntake(options.store, options.log);
    this.#tagTableHash = tagTableHash(options.mill.tags);
  }

  get status(): LinkStatus {
    return this.#status;
  }

  /** Adds listeners; `state` is called at once. Gives the function that removes them. */
  listen(listeners: LinkListeners): () => void {
    this.#listeners.add(listeners);
    listeners.state?.(this.#status);
    return () => this.#listeners.delete(listeners);
  }

  start(): void {
    if (this.#socket !== null) return;
    const socket = io(`${this.#options.url}${LINK_NAMESPACE}`, {
      auth: { key: this.#options.key },
      autoConnect: false,
      forceNew: true,
      reconnection: false,
      transports: ['websocket'],
      timeout: 5_000,
    });
    this.#socket = socket;
    socket.on('connect', () => this.#onConnect());
    socket.on('connect_error', (error) => this.#onConnectError(socket, error));
    socket.on('disconnect', (why) => this.#lose(`the connection to the controller ended: ${why}`));
    socket.on('hello', (message: unknown) => this.#onHello(message));
    socket.on('frame', (message: unknown) => this.#onFrame(message));
    socket.on('alarms', (message: unknown) =>
      this.#heard('alarms', alarmsSchema, message, (list) => {
        for (const listener of this.#listeners) listener.alarms?.(list);
      }),
    );
    socket.on('status', (message: unknown) =>
      this.#heard('status', statusSchema, message, (document) => {
        for (const listener of this.#listeners) listener.status?.(document);
      }),
    );
    socket.on('rows', (message: unknown, acknowledge: (ack: RowsAck) => void) =>
      this.#onRows(message, acknowledge),
    );
    this.#set('connecting', null);
    socket.connect();
  }

  stop(): void {
    this.#retry?.abort();
    this.#clearGreeting();
    this.#intake.cancel();
    this.#socket?.removeAllListeners();
    this.#socket?.disconnect();
    this.#socket = null;
    this.#set('stopped', null);
  }

  /**
   * Sends a command and gives the controller's answer. Never throws: without a connection it is
   * refused with `plc.unreachable`; without an answer in time also with `command.unconfirmed`,
   * since the controller may have carried it out.
   */
  async command(command: LinkCommand): Promise<CommandResult> {
    const socket = this.#socket;
    if (socket === null || this.#status.phase !== 'connected') {
      return { accepted: false, reasons: [reason('plc.unreachable')] };
    }
    const waitMs = this.#options.commandTimeoutMs ?? COMMAND_TIMEOUT_MS;
    try {
      const answer: unknown = await socket.timeout(waitMs).emitWithAck('command', command);
      return commandResultSchema.parse(answer);
    } catch (error) {
      this.#options.log.warn('a command got no answer that can be used', {
        commandId: command.commandId,
        error,
      });
      const unconfirmed = reason('command.unconfirmed', { waitS: waitMs / 1_000 });
      return { accepted: false, reasons: [reason('plc.unreachable'), unconfirmed] };
    }
  }

  /** Tells the controller how the database is; without a connection nobody is told. */
  tellHealth(health: ServerHealth): void {
    if (this.#status.phase === 'connected') this.#socket?.emit('health', health);
  }

  #onConnect(): void {
    this.#sequence = 0;
    this.#clearGreeting();
    this.#greeting = setTimeout(
      () => this.#reconnect('the controller connected but sent no hello and full frame'),
      GREETING_WITHIN_MS,
    );
  }

  #onConnectError(socket: Socket, error: Error): void {
    // Inactive: the namespace's guard refused the handshake. Active: there was nobody to refuse it.
    const refused = !socket.active;
    this.#set(
      refused ? 'refused' : 'connecting',
      refused
        ? `the controller refuses the link (${error.message}): both need the same link.key`
        : `the controller cannot be reached at ${this.#options.url}`,
    );
    void this.#retryIn(this.#backOff.nextMs());
  }

  #onHello(message: unknown): void {
    const parsed = helloSchema.safeParse(message);
    const { mill } = this.#options;
    if (!parsed.success) {
      this.#mismatch(`another version of the link: ${z.prettifyError(parsed.error)}`);
    } else if (parsed.data.mill !== mill.id) {
      this.#mismatch(`the controller runs mill ${parsed.data.mill}, this server ${mill.id}`);
    } else if (parsed.data.tagTableHash !== this.#tagTableHash) {
      this.#mismatch(`the controller has another tag table of mill ${mill.id}`);
    } else {
      this.#status = { ...this.#status, hello: parsed.data };
    }
  }

  #onFrame(message: unknown): void {
    if (this.#status.hello === null) return;
    this.#heard('frame', frameSchema, message, (frame) => {
      const expected = frame.full || frame.sequence === this.#sequence + 1;
      if (!expected) {
        this.#reconnect(`frame ${frame.sequence} came after ${this.#sequence}`);
        return;
      }
      this.#sequence = frame.sequence;
      for (const listener of this.#listeners) listener.frame?.(frame);
      if (this.#status.phase === 'connected') return;
      this.#clearGreeting();
      this.#backOff.reset();
      this.#set('connected', null, this.#status.hello);
    });
  }

  #onRows(message: unknown, acknowledge: (ack: RowsAck) => void): void {
    if (this.#status.hello === null) return;
    this.#intake.take(message, acknowledge).catch((error: unknown) => {
      this.#options.log.error('rows could not be taken', { error });
    });
  }

  /** Checks a message; what is not as agreed is logged and dropped. */
  #heard<T>(event: string, schema: z.ZodType<T>, message: unknown, use: (of: T) => void): void {
    const parsed = schema.safeParse(message);
    if (parsed.success) use(parsed.data);
    else {
      this.#options.log.error(`the controller sent a ${event} that is none`, {
        fault: z.prettifyError(parsed.error).slice(0, 1_000),
      });
    }
  }

  #mismatch(fault: string): void {
    this.#set('mismatch', `${fault}: start both with the same MILL and version`);
    this.#socket?.disconnect();
    void this.#retryIn(MISMATCH_RETRY_MS);
  }

  #lose(fault: string): void {
    this.#clearGreeting();
    this.#intake.cancel();
    if (this.#status.phase === 'mismatch' || this.#status.phase === 'stopped') return;
    this.#set('connecting', fault);
    void this.#retryIn(this.#backOff.nextMs());
  }

  /** A fresh connection brings a full frame. `disconnect` calls `#lose`, which connects again. */
  #reconnect(why: string): void {
    this.#options.log.warn(`the link is made anew: ${why}`);
    this.#socket?.disconnect();
  }

  async #retryIn(waitMs: number): Promise<void> {
    this.#retry?.abort();
    this.#retry = new AbortController();
    const { signal } = this.#retry;
    await pause(waitMs, undefined, { signal }).catch(() => null);
    if (!signal.aborted) this.#socket?.connect();
  }

  #clearGreeting(): void {
    if (this.#greeting !== null) clearTimeout(this.#greeting);
    this.#greeting = null;
  }

  #set(phase: LinkPhase, fault: string | null, hello: LinkHello | null = null): void {
    const before = this.#status;
    const sinceMs = phase === before.phase ? before.sinceMs : Date.now();
    this.#status = { phase, sinceMs, fault, hello };
    if (phase === before.phase && fault === before.fault) return;
    if (fault !== null) this.#options.log.warn(fault);
    else this.#options.log.info(`link ${phase}`);
    for (const listener of this.#listeners) listener.state?.(this.#status);
  }
}
