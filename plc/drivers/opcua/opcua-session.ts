import type { ClientSession, ClientSubscription, DataValue } from 'node-opcua';
import type { OpcUaConnection } from '../../model/connection.ts';
import type {
  DriverContext,
  DriverTimer,
  FieldSample,
  FieldWrite,
  WriteResult,
} from '../driver.ts';
import type { ReportedValues } from '../reported-values.ts';
import { within } from '../within.ts';
import { FieldClient } from './field-client.ts';
import type { FieldNode, RequestLimits } from './field-nodes.ts';
import { findNodes, readLimits } from './field-nodes.ts';
import { hasOverflow, tagValueOf } from './field-values.ts';
import { monitor, subscribe } from './monitoring.ts';
import { writeAndReadBack } from './writing.ts';

/** Values may not be asked for more often than this, ms, however fast the field runs. */
const INTERVAL_MIN_MS = 10;
/** All requests of one setting-up must be done within this, ms. */
const SETUP_LIMIT_MS = 10_000;
/** Writing and reading back must be done within this, ms. */
const WRITE_LIMIT_MS = 3_000;
/** This many keep-alives in a row may be missing ... */
const KEEP_ALIVES_UNTIL_LOST = 3;
/** ... but the silence is not borne longer than this, ms, for the tags go stale. */
const SILENCE_MAX_MS = 4_000;
/** The silence is looked at this often until it is too long. */
const LOOKS = 4;
/** Confirmations are told at most this often, ms: the tags' maximum age is in seconds. */
const CONFIRM_EVERY_MS = 250;

/** What one session tells its driver. */
export interface SessionEvents {
  /** The server was heard of. */
  readonly heard: () => void;
  /**
   * The connection, the session or the subscription broke. After this or `silent` nothing more is
   * told.
   */
  readonly broken: (reason: string) => void;
  /** Nothing was heard for too long. */
  readonly silent: (reason: string) => void;
}

/**
 * One client's life: connect, find the nodes, monitor them all, write, and notice when it goes
 * silent.
 */
export class OpcUaSession {
  readonly #context: DriverContext<OpcUaConnection>;
  readonly #values: ReportedValues;
  readonly #events: SessionEvents;
  readonly #client: FieldClient;
  readonly #nodes = new Map<string, FieldNode>();
  /** Names of the tags that the server monitors for us. */
  #monitored: readonly string[] = [];
  readonly #overflowed = new Set<string>();
  readonly #closing = new AbortController();
  #session: ClientSession | null = null;
  #limits: RequestLimits = { monitor: 1, read: 1, write: 1 };
  #arrived: FieldSample[] = [];
  #silentLooks = 0;
  #confirmedMs = 0;
  #watchdog: DriverTimer | null = null;
  #isEnded = false;

  constructor(
    context: DriverContext<OpcUaConnection>,
    values: ReportedValues,
    pkiFolder: string,
    events: SessionEvents,
  ) {
    this.#context = context;
    this.#values = values;
    this.#events = events;
    const { connection, clock } = context;
    const onBroken = (reason: string) => this.#end(() => events.broken(reason));
    this.#client = new FieldClient({ connection, pkiFolder, clock, onBroken });
  }

  /** Connects and begins to deliver. @throws {Error} when that fails; close it then. */
  async open(): Promise<void> {
    const { clock } = this.#context;
    const session = await this.#client.open();
    const { signal } = this.#closing;
    await within(clock, SETUP_LIMIT_MS, 'monitoring the tags', this.#setUp(session), signal);
    this.#session = session;
  }

  /** How many writes go into one request. */
  get writesMax(): number {
    return Math.min(this.#limits.read, this.#limits.write);
  }

  /** Sends writes, at most {@link writesMax}, and reads them back; never throws. */
  async write(writes: readonly FieldWrite[]): Promise<WriteResult[]> {
    const failed = (write: FieldWrite, error: string) => ({ ...write, ok: false, error });
    const session = this.#session;
    if (session === null) return writes.map((write) => failed(write, 'not connected'));
    const known: { node: FieldNode; write: FieldWrite }[] = [];
    const results: WriteResult[] = [];
    for (const write of writes) {
      const node = this.#nodes.get(write.tag);
      if (node === undefined) results.push(failed(write, 'the server has no such node'));
      else known.push({ node, write });
    }
    try {
      const { clock } = this.#context;
      const work = writeAndReadBack(session, known);
      const { signal } = this.#closing;
      return [...results, ...(await within(clock, WRITE_LIMIT_MS, 'writing', work, signal))];
    } catch (cause) {
      const error = cause instanceof Error ? cause.message : String(cause);
      return [...results, ...known.map(({ write }) => failed(write, error))];
    }
  }

  /** Ends it; a lost server is not told (`isPolite` false). */
  async close(isPolite: boolean): Promise<void> {
    this.#isEnded = true;
    this.#session = null;
    this.#closing.abort();
    this.#watchdog?.cancel();
    await this.#client.close(isPolite);
  }

  async #setUp(session: ClientSession): Promise<void> {
    const { tags, connection, speed } = this.#context;
    this.#limits = await readLimits(session);
    const { nodes, missing } = await findNodes(session, tags);
    for (const node of nodes) this.#nodes.set(node.tag.name, node);
    const intervalMs = Math.max(INTERVAL_MIN_MS, connection.publishingIntervalMs / speed);
    const subscription = await subscribe(session, intervalMs);
    this.#listen(subscription);
    const refused = await monitor(subscription, nodes, this.#limits.monitor, (node, value) =>
      this.#arrive(node, value),
    );
    const unusable = [...missing, ...refused];
    const names = new Set(unusable.map((one) => one.tag));
    this.#monitored = nodes.map(({ tag }) => tag.name).filter((name) => !names.has(name));
    if (unusable.length === 0) return;
    this.#values.tellBad(names);
    this.#context.log.warn('OPC UA tags cannot be monitored; check their addresses', {
      connection: connection.id,
      count: unusable.length,
      first: unusable.slice(0, 10),
    });
  }

  #listen(subscription: ClientSubscription): void {
    subscription.on('received_notifications', () => this.#heard());
    subscription.on('keepalive', () => this.#heard());
    subscription.on('terminated', () =>
      this.#end(() => this.#events.broken('the server ended the subscription')),
    );
    const keepAliveMs = subscription.publishingInterval * subscription.maxKeepAliveCount;
    const wantedMs = keepAliveMs * KEEP_ALIVES_UNTIL_LOST;
    // A server that insists on slower keep-alives must still be able to deliver one in time.
    const limitMs = Math.max(Math.min(wantedMs, SILENCE_MAX_MS), 1.5 * keepAliveMs);
    this.#watch(limitMs);
  }

  /**
   * Counts looks instead of comparing times, so that a set clock neither loses nor hides a silence.
   */
  #watch(limitMs: number): void {
    if (this.#isEnded) return;
    this.#watchdog = this.#context.clock.setTimer(() => {
      this.#silentLooks++;
      if (this.#silentLooks < LOOKS) return this.#watch(limitMs);
      const reason = `nothing was heard for ${Math.round(limitMs)} ms`;
      this.#end(() => this.#events.silent(reason));
    }, limitMs / LOOKS);
  }

  #heard(): void {
    if (this.#isEnded) return;
    this.#silentLooks = 0;
    const nowMs = this.#context.clock.nowMs();
    if (Math.abs(nowMs - this.#confirmedMs) >= CONFIRM_EVERY_MS) {
      this.#confirmedMs = nowMs;
      this.#context.sink.confirm(this.#monitored, nowMs);
    }
    this.#events.heard();
  }

  /** Values of one publish come one by one; they are told together when all have come. */
  #arrive({ tag }: FieldNode, value: DataValue): void {
    if (this.#isEnded) return;
    if (this.#arrived.length === 0) queueMicrotask(() => this.#tellArrived());
    const last = this.#values.last(tag.name);
    const nowMs = this.#context.clock.nowMs();
    this.#arrived.push({ tag: tag.name, value: tagValueOf(tag.dataType, value, last, nowMs) });
    if (hasOverflow(value.statusCode.value) && !this.#overflowed.has(tag.name)) {
      this.#overflowed.add(tag.name);
      this.#context.log.warn('the OPC UA server threw values away: they come faster than asked', {
        connection: this.#context.connection.id,
        tag: tag.name,
      });
    }
  }

  #tellArrived(): void {
    const arrived = this.#arrived;
    this.#arrived = [];
    if (!this.#isEnded) this.#values.tell(arrived);
  }

  #end(tell: () => void): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#closing.abort();
    this.#watchdog?.cancel();
    tell();
  }
}
