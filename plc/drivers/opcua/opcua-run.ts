import { join } from 'node:path';
import type { OpcUaConnection } from '../../model/connection.ts';
import { backOffMs } from '../back-off.ts';
import type { DriverContext, FieldWrite } from '../driver.ts';
import { LinkMonitor } from '../link-monitor.ts';
import type { ReportedValues } from '../reported-values.ts';
import { Handover } from './handover.ts';
import type { SessionParts } from './opcua-session.ts';
import { OpcUaSession } from './opcua-session.ts';
import { adviceFor } from './server-trust.ts';

/**
 * A session that breaks within this time counts as a failed try, or it would be tried without end,
 * ms.
 */
const SHORT_LIFE_MS = 2_000;

/** What an OPC UA driver needs besides its context. */
export interface OpcUaDriverOptions {
  /** A number in 0..1, anew at each call; spreads the retries of many clients. */
  readonly random: () => number;
  /** Folder of certificates, one folder in it for each connection; made when it is missing. */
  readonly pkiFolder: string;
}

/**
 * The driver's work from one start to its stop: one session after the other, and the writes to it.
 */
export class OpcUaRun {
  readonly #context: DriverContext<OpcUaConnection>;
  readonly #parts: SessionParts;
  readonly #random: () => number;
  readonly #monitor: LinkMonitor;
  readonly #outputs: ReadonlySet<string>;
  /** The newest unsent value of each output. */
  readonly #pending = new Map<string, FieldWrite>();
  /** Sessions on their way out. */
  readonly #leaving = new Set<Promise<void>>();
  #work: Promise<void> | null = null;
  #isStopping = false;
  #session: OpcUaSession | null = null;
  #isOpen = false;
  #lostReason: string | null = null;
  #failures = 0;
  #wake: (() => void) | null = null;

  constructor(
    context: DriverContext<OpcUaConnection>,
    values: ReportedValues,
    options: OpcUaDriverOptions,
  ) {
    const { connection, clock, sink, tags } = context;
    this.#context = context;
    this.#random = options.random;
    this.#monitor = new LinkMonitor(sink, clock, connection.id, null);
    const pkiFolder = join(options.pkiFolder, connection.id);
    const handover = new Handover();
    this.#parts = { context, values, pkiFolder, monitor: this.#monitor, handover };
    const outputs = tags.filter((tag) => tag.direction === 'output');
    this.#outputs = new Set(outputs.map((tag) => tag.name));
  }

  start(): void {
    this.#work ??= this.#run();
  }

  /** Ends with the session closed, all values bad and what was not sent reported as failed. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#wake?.();
    if (!this.#isOpen && this.#session !== null) await this.#session.close(false);
    await this.#work;
    await Promise.all(this.#leaving);
    this.#cutOff('the driver is stopped');
  }

  /**
   * Takes writes for sending at once; what cannot be sent is reported as failed before this
   * returns.
   */
  write(writes: readonly FieldWrite[]): void {
    for (const write of writes) {
      if (!this.#outputs.has(write.tag)) this.#fail([write], 'not an output of this connection');
      else if (!this.#isOpen) this.#fail([write], 'not connected');
      else this.#pending.set(write.tag, write);
    }
    if (this.#pending.size > 0) this.#wake?.();
  }

  async #run(): Promise<void> {
    while (!this.#isStopping) {
      this.#lostReason = null;
      const session = new OpcUaSession(this.#parts, {
        broken: (reason) => this.#lost(reason),
        silent: (reason) => {
          this.#lost(reason);
          this.#cutOff(reason);
        },
      });
      this.#session = session;
      const error = await this.#live(session);
      this.#isOpen = false;
      this.#fail(this.#takePending(), error);
      this.#leave(session);
      if (this.#failures > 0) {
        this.#cutOff(error);
        await this.#pause(backOffMs(this.#failures, this.#random));
      }
    }
  }

  /**
   * Opens the session and serves it until it is lost or the driver stops; gives back why it ended.
   */
  async #live(session: OpcUaSession): Promise<string> {
    const { log, connection } = this.#context;
    try {
      await session.open();
    } catch (cause) {
      const error = cause instanceof Error ? cause.message : String(cause);
      this.#failures++;
      if (this.#failures === 1 && !this.#isStopping) {
        const advice = adviceFor(error, this.#parts.pkiFolder);
        log.warn(`no OPC UA connection; ${advice}`, { connection: connection.id, error });
      }
      return error;
    }
    const openedMs = this.#context.clock.nowMs();
    this.#isOpen = true;
    this.#monitor.answered(null);
    log.info('OPC UA connected', { connection: connection.id });
    while (!this.#isStopping && this.#lostReason === null) {
      await this.#sendPending(session);
      await this.#pause(null);
    }
    const livedMs = this.#context.clock.nowMs() - openedMs;
    this.#failures = livedMs < SHORT_LIFE_MS ? this.#failures + 1 : 0;
    this.#monitor.reconnected();
    return this.#lostReason ?? 'the driver is stopped';
  }

  async #sendPending(session: OpcUaSession): Promise<void> {
    while (this.#pending.size > 0 && this.#lostReason === null && !this.#isStopping) {
      const batch = [...this.#pending.values()].slice(0, session.writesMax);
      for (const { tag } of batch) this.#pending.delete(tag);
      const sentMs = this.#context.clock.nowMs();
      const results = await session.write(batch);
      const roundTripMs = Math.max(0, this.#context.clock.nowMs() - sentMs);
      if (this.#lostReason === null) this.#monitor.answered(roundTripMs);
      for (const result of results) this.#context.sink.written(result);
    }
  }

  /**
   * The session is lost. Its values stay until the first try to open another has failed, for a
   * moment's break need not stop a mill.
   */
  #lost(reason: string): void {
    this.#lostReason ??= reason;
    this.#isOpen = false;
    const about = { connection: this.#context.connection.id, reason };
    this.#context.log.warn('OPC UA session lost; opening another', about);
    this.#wake?.();
  }

  #leave(session: OpcUaSession): void {
    const isPolite = this.#lostReason === null;
    const left = session.close(isPolite).finally(() => this.#leaving.delete(left));
    this.#leaving.add(left);
  }

  /** Waits for a wake-up, or for some time. */
  #pause(delayMs: number | null): Promise<void> {
    const hasWork = this.#pending.size > 0 || this.#lostReason !== null;
    if (this.#isStopping || (delayMs === null && hasWork)) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = delayMs === null ? null : this.#context.clock.setTimer(() => wake(), delayMs);
      const wake = (): void => {
        this.#wake = null;
        timer?.cancel();
        resolve();
      };
      this.#wake = wake;
    });
  }

  #takePending(): FieldWrite[] {
    const writes = [...this.#pending.values()];
    this.#pending.clear();
    return writes;
  }

  #cutOff(error: string): void {
    this.#monitor.lost(error);
    this.#parts.values.tellBad(this.#context.tags.map((tag) => tag.name));
    this.#fail(this.#takePending(), error);
  }

  #fail(writes: readonly FieldWrite[], error: string): void {
    for (const write of writes) this.#context.sink.written({ ...write, ok: false, error });
  }
}
