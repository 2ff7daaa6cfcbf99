import type { MonitoredItemNotification } from 'node-opcua';
import type { OpcUaConnection } from '../../model/connection.ts';
import type { TagDefinition } from '../../model/tag.ts';
import { doubt } from '../../model/tag.ts';
import type {
  DriverContext,
  DriverTimer,
  FieldSample,
  FieldWrite,
  WriteResult,
} from '../driver.ts';
import type { LinkMonitor } from '../link-monitor.ts';
import type { ReportedValues } from '../reported-values.ts';
import { within } from '../within.ts';
import { fillGap } from './backfill.ts';
import type { FieldSession } from './field-client.ts';
import { FieldClient } from './field-client.ts';
import type { FieldNode, RequestLimits } from './field-nodes.ts';
import { findNodes, readLimits } from './field-nodes.ts';
import { hasOverflow, pastValueOf, tagValueOf } from './field-values.ts';
import type { Handover, LeftSubscription } from './handover.ts';
import { INTERVAL_MIN_MS, itemOf, monitor, subscribe } from './monitoring.ts';
import { failed, Outputs } from './outputs.ts';
import type { PublishEvents } from './publish-loop.ts';
import { PublishLoop } from './publish-loop.ts';
import { FIRST_TAG_HANDLE, isSameServer, ServerWatch } from './server-watch.ts';
import { Unmonitored } from './unmonitored.ts';
import { Watchdog } from './watchdog.ts';

/** All requests of one setting-up must be done within this, ms. */
const SETUP_LIMIT_MS = 20_000;
/** Confirmations are told at most this often, ms: the tags' maximum age is in seconds. */
const CONFIRM_EVERY_MS = 500;
/** A subscription taken over has to send the present values within this, ms. */
const TAKE_OVER_LIMIT_MS = 2_000;

/** What a session works with. */
export interface SessionParts {
  readonly context: DriverContext<OpcUaConnection>;
  readonly values: ReportedValues;
  readonly pkiFolder: string;
  readonly monitor: LinkMonitor;
  readonly handover: Handover;
}

/** What one session tells its driver. */
export interface SessionEvents {
  /**
   * The connection, the session or the subscription broke. After this or `silent` nothing more is
   * told.
   */
  readonly broken: (reason: string) => void;
  /** Nothing was heard for too long, or what was heard holds no more. */
  readonly silent: (reason: string) => void;
}

/**
 * One client's life: connect, find the nodes, monitor them all, write, and notice when it goes
 * silent or the server changes.
 */
export class OpcUaSession {
  readonly #parts: SessionParts;
  readonly #events: SessionEvents;
  readonly #client: FieldClient;
  readonly #unmonitored: Unmonitored;
  readonly #outputs: Outputs;
  readonly #closing = new AbortController();
  #nodes: readonly FieldNode[] = [];
  /** The node of each item, by its handle less the first. */
  #byHandle: readonly (FieldNode | undefined)[] = [];
  /** Names of the tags that the server monitors for us. */
  #monitored: readonly string[] = [];
  /** Tags of which a subscription taken over has sent nothing yet. */
  #awaited: Set<string> | null = null;
  #awaitTimer: DriverTimer | null = null;
  #session: FieldSession | null = null;
  #limits: RequestLimits = { monitor: 1, read: 1, write: 1, browse: 1, history: 1 };
  #loop: PublishLoop | null = null;
  #watch: ServerWatch | null = null;
  #watchdog: Watchdog | null = null;
  #confirmedMs = 0;
  #hasOverflowed = false;
  #isEnded = false;

  constructor(parts: SessionParts, events: SessionEvents) {
    const { context, pkiFolder, monitor: link } = parts;
    const { connection, clock, log } = context;
    this.#parts = parts;
    this.#events = events;
    const onBroken = (reason: string) => this.#end(() => events.broken(reason));
    this.#client = new FieldClient({ connection, pkiFolder, clock, log, onBroken });
    this.#outputs = new Outputs(context, this.#closing.signal);
    this.#unmonitored = new Unmonitored({
      clock,
      log,
      connection: connection.id,
      monitor: link,
      retry: (tags) => this.#retry(tags),
    });
  }

  /** Connects and begins to deliver. @throws {Error} when that fails; close it then. */
  async open(): Promise<void> {
    const { context, monitor: link } = this.#parts;
    const { session, unprotected, certificateEndsMs } = await this.#client.open();
    link.note({ unprotected, certificateEndsMs });
    const { signal } = this.#closing;
    const setUp = this.#setUp(session);
    await within(context.clock, SETUP_LIMIT_MS, 'monitoring the tags', setUp, signal);
    this.#session = session;
  }

  /** How many writes go into one request. */
  get writesMax(): number {
    return Math.min(this.#limits.read, this.#limits.write);
  }

  /** Sends writes, at most {@link writesMax}, and reads them back; never throws. */
  async write(writes: readonly FieldWrite[]): Promise<WriteResult[]> {
    const session = this.#session;
    if (session === null) return writes.map((write) => failed(write, 'not connected'));
    return this.#outputs.write(session, writes);
  }

  /** Ends it; a lost server is not told (`isPolite` false). */
  async close(isPolite: boolean): Promise<void> {
    this.#isEnded = true;
    this.#stopTimers();
    this.#session = null;
    this.#closing.abort();
    await this.#client.close(isPolite);
  }

  async #setUp(session: FieldSession): Promise<void> {
    const { context, handover, monitor: link } = this.#parts;
    const { tags, clock } = context;
    this.#limits = await readLimits(session);
    const onChanged = (reason: string) => {
      // What is known of the nodes may hold no more, so nobody may go on with it.
      this.#loop = null;
      this.#end(() => this.#events.silent(reason));
    };
    const perRead = this.#limits.read;
    this.#watch = new ServerWatch({ session, clock, monitor: link, perRead, onChanged });
    const server = await this.#watch.begin();
    this.#mustGoOn();
    if (handover.server !== null && !isSameServer(handover.server, server)) {
      link.count('serverRestarts');
      handover.left = null;
    }
    handover.server = server;
    const { nodes, missing } = findNodes(server.namespaces, tags);
    this.#nodes = nodes;
    await this.#outputs.learn(session, nodes, this.#limits, handover);
    const byTag = new Map(nodes.map((node) => [node.tag.name, node]));
    this.#byHandle = tags.map((tag) => byTag.get(tag.name));
    const errors = new Map(missing.map(({ tag, error }) => [tag, error]));
    const isTakenOver = await this.#takeOver(session);
    if (!isTakenOver) await this.#monitorAll(session, errors);
    handover.closeGap(clock.nowMs());
    void this.#fillGaps(session, isTakenOver);
  }

  /** Goes on with the subscription of the session before, if the server lets it. */
  async #takeOver(session: FieldSession): Promise<boolean> {
    const { handover, context } = this.#parts;
    const { left } = handover;
    handover.left = null;
    if (left === null) return false;
    const loop = this.#loopOf(session, left);
    this.#awaited = new Set(this.#nodes.map(({ tag }) => tag.name));
    for (const tag of left.refused.keys()) this.#awaited.delete(tag);
    // Servers may refuse, and some do not know the service: then a new subscription is made.
    const isOurs = await loop.takeOver().catch(() => false);
    this.#mustGoOn();
    if (!isOurs) {
      loop.stop();
      this.#awaited = null;
      return false;
    }
    this.#begin(loop);
    this.#setUnmonitored(left.refused);
    this.#awaitTimer = context.clock.setTimer(() => this.#judgeTakeOver(), TAKE_OVER_LIMIT_MS);
    context.log.info('OPC UA subscription taken over', { connection: context.connection.id });
    return true;
  }

  #judgeTakeOver(): void {
    if (this.#awaited === null || this.#awaited.size === 0) return;
    this.#loop = null;
    this.#end(() => this.#events.broken('a subscription taken over did not send all values'));
  }

  async #monitorAll(session: FieldSession, errors: Map<string, string>): Promise<void> {
    const { connection, speed, tags } = this.#parts.context;
    const intervalMs = Math.max(INTERVAL_MIN_MS, connection.publishingIntervalMs / speed);
    const subscription = await subscribe(session, intervalMs);
    this.#mustGoOn();
    const loop = this.#loopOf(session, { subscription, lastSequence: null, refused: new Map() });
    this.#begin(loop);
    const items = tags.flatMap((tag, index) => {
      const node = this.#byHandle[index];
      return node === undefined ? [] : [itemOf(tag, node.nodeId, FIRST_TAG_HANDLE + index, speed)];
    });
    const all = [...(this.#watch?.items() ?? []), ...items];
    const refused = await monitor(session, subscription.id, all, this.#limits.monitor);
    this.#mustGoOn();
    for (const { handle, error } of refused) {
      const node = this.#byHandle[handle - FIRST_TAG_HANDLE];
      if (node !== undefined) errors.set(node.tag.name, error);
    }
    this.#setUnmonitored(errors);
  }

  #loopOf(session: FieldSession, { subscription, lastSequence }: LeftSubscription): PublishLoop {
    const { monitor: link } = this.#parts;
    const events: PublishEvents = {
      values: (items) => this.#take(items),
      pastValues: (items) => this.#takePast(items),
      heard: () => this.#heard(),
      lost: (messages) => link.count('overflows', messages),
      ended: (reason) => {
        this.#loop = null;
        this.#end(() => this.#events.broken(reason));
      },
    };
    return new PublishLoop(session, subscription, events, lastSequence);
  }

  /** Ends a setting-up that was called off while it waited. */
  #mustGoOn(): void {
    if (this.#isEnded) throw new Error('monitoring the tags was called off');
  }

  #begin(loop: PublishLoop): void {
    this.#loop = loop;
    this.#watchdog = new Watchdog(this.#parts.context.clock, loop.subscription, (reason) =>
      this.#end(() => this.#events.silent(reason)),
    );
    this.#watchdog.start();
    loop.begin();
  }

  #setUnmonitored(errors: ReadonlyMap<string, string>): void {
    if (this.#isEnded) return;
    const names = this.#nodes.map(({ tag }) => tag.name);
    this.#monitored = Object.freeze(names.filter((name) => !errors.has(name)));
    this.#parts.values.tellBad(errors.keys());
    this.#unmonitored.set(errors);
  }

  async #retry(tags: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const [session, loop] = [this.#session, this.#loop];
    const errors = new Map(this.#unmonitored.errors);
    if (session === null || loop === null) return errors;
    const wanted = new Set(tags);
    const items = this.#byHandle.flatMap((node, index) => {
      if (node === undefined || !wanted.has(node.tag.name)) return [];
      const { speed } = this.#parts.context;
      return [itemOf(node.tag, node.nodeId, FIRST_TAG_HANDLE + index, speed)];
    });
    const refused = await monitor(session, loop.subscription.id, items, this.#limits.monitor);
    const stillRefused = new Set(refused.map(({ handle }) => handle));
    for (const { handle } of items) {
      const node = this.#byHandle[handle - FIRST_TAG_HANDLE];
      if (node !== undefined && !stillRefused.has(handle)) errors.delete(node.tag.name);
    }
    return errors;
  }

  /** Reads what was missed, oldest first; what is broken off is begun again by the next session. */
  async #fillGaps(session: FieldSession, isTakenOver: boolean): Promise<void> {
    const { context, handover } = this.#parts;
    const { sink, connection, log } = context;
    const deliver = sink.backfill?.bind(sink);
    // A subscription taken over has queued each value of the tags where each one counts.
    const isKept = (tag: TagDefinition) => isTakenOver && tag.everyValue;
    const nodes = this.#nodes.filter(({ tag }) => !isKept(tag));
    try {
      for (let gap = handover.gaps[0]; gap !== undefined; gap = handover.gaps[0]) {
        if (deliver !== undefined) {
          await fillGap(gap, nodes, {
            session,
            log,
            connection: connection.id,
            limits: this.#limits,
            skewMs: this.#watch?.skewMs ?? 0,
            goesOn: () => !this.#isEnded,
            deliver,
          });
        }
        handover.filled(gap);
      }
    } catch (cause) {
      const error = cause instanceof Error ? cause.message : String(cause);
      log.info('a gap is not filled yet', { connection: connection.id, error });
    }
  }

  #heard(): void {
    if (this.#isEnded) return;
    this.#watchdog?.heard();
    const { context, monitor: link, handover } = this.#parts;
    const nowMs = context.clock.nowMs();
    if (this.#session === null) return;
    handover.heardMs = nowMs;
    if (Math.abs(nowMs - this.#confirmedMs) >= CONFIRM_EVERY_MS) {
      this.#confirmedMs = nowMs;
      context.sink.confirm(this.#monitored, nowMs);
    }
    link.answered(null);
  }

  /** The values of one message, told together. */
  #take(items: readonly MonitoredItemNotification[]): void {
    if (this.#isEnded) return;
    const { context, values, monitor: link } = this.#parts;
    const nowMs = context.clock.nowMs();
    const samples: FieldSample[] = [];
    let overflows = 0;
    for (const { clientHandle, value } of items) {
      const tag = this.#byHandle[clientHandle - FIRST_TAG_HANDLE]?.tag;
      if (tag === undefined) {
        this.#watch?.arrived(clientHandle, value);
        if (this.#isEnded) return;
        continue;
      }
      const { name, dataType } = tag;
      const known = tagValueOf(dataType, value, nowMs);
      samples.push({ tag: name, value: known ?? doubt(values.last(name), 'bad') });
      if (hasOverflow(value.statusCode.value)) overflows += 1;
      this.#awaited?.delete(name);
    }
    values.tell(samples);
    if (overflows === 0) return;
    link.count('overflows', overflows);
    this.#warnOfOverflow();
  }

  /**
   * Values from before a break go to history only: the server sends the present ones after them,
   * and a screen must not show what was true then.
   */
  #takePast(items: readonly MonitoredItemNotification[]): void {
    const { sink } = this.#parts.context;
    const skewMs = this.#watch?.skewMs ?? 0;
    for (const { clientHandle, value } of items) {
      const tag = this.#byHandle[clientHandle - FIRST_TAG_HANDLE]?.tag;
      const past = tag === undefined ? null : pastValueOf(tag.dataType, value, skewMs);
      if (tag !== undefined && past !== null) sink.backfill?.(tag.name, [past]);
    }
  }

  #warnOfOverflow(): void {
    if (this.#hasOverflowed) return;
    this.#hasOverflowed = true;
    const { log, connection } = this.#parts.context;
    log.warn('the OPC UA server threw values away: they come faster than asked', {
      connection: connection.id,
    });
  }

  #stopTimers(): void {
    this.#watchdog?.stop();
    this.#watch?.stop();
    this.#unmonitored.stop();
    this.#awaitTimer?.cancel();
    this.#loop?.stop();
  }

  #end(tell: () => void): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#stopTimers();
    this.#closing.abort();
    if (this.#loop !== null && this.#session !== null) {
      const { subscription, lastSequence } = this.#loop;
      const refused = this.#unmonitored.errors;
      this.#parts.handover.left = { subscription, lastSequence, refused };
    }
    tell();
  }
}
