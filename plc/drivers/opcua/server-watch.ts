import type { ClientSession, DataValue, NodeId } from 'node-opcua';
import { AttributeIds, resolveNodeId, ServerState, VariableIds } from 'node-opcua';
import type { DriverClock, DriverTimer } from '../driver.ts';
import type { LinkMonitor } from '../link-monitor.ts';
import { within } from '../within.ts';
import { inGroups } from './field-nodes.ts';
import type { ItemRequest } from './monitoring.ts';

/** By what a server is known to be the same as before, and its node ids to hold still. */
export interface ServerIdentity {
  /** When it was started, ms UTC by its own clock; null where it does not say. */
  readonly startMs: number | null;
  readonly namespaces: readonly string[];
}

export interface ServerWatchOptions {
  readonly session: ClientSession;
  readonly clock: DriverClock;
  readonly monitor: LinkMonitor;
  readonly perRead: number;
  /** Told once: the server stopped its program, was restarted or has other namespaces. */
  readonly onChanged: (reason: string) => void;
}

/** The server is asked how it is this often, ms ... */
const ASK_EVERY_MS = 2_000;
/** ... and ought to answer within this, ms. */
const ANSWER_LIMIT_MS = 2_000;
/** The skew is the median of so many looks. */
const SKEWS_MAX = 5;

const SOURCES = [
  VariableIds.Server_ServerStatus_CurrentTime,
  VariableIds.Server_ServerStatus_State,
  VariableIds.Server_ServerStatus_StartTime,
  VariableIds.Server_NamespaceArray,
] as const;
/** Handles of the watch's own items; tags have higher ones. */
const HANDLES = { state: 1, start: 2, namespaces: 3 } as const;
/** The first handle that is free for a tag. */
export const FIRST_TAG_HANDLE = 16;

/**
 * Watches a server's own status (OPC UA Part 5, 12.10): asked for every two seconds as heartbeat,
 * for the round trip and the clock's skew, and monitored, so that a stop or a download is known
 * with the next publish.
 */
export class ServerWatch {
  readonly #options: ServerWatchOptions;
  readonly #skewsMs: number[] = [];
  #identity: ServerIdentity = { startMs: null, namespaces: [] };
  #timer: DriverTimer | null = null;
  readonly #ending = new AbortController();

  constructor(options: ServerWatchOptions) {
    this.#options = options;
  }

  /** The server's clock minus ours, ms; 0 before it is known. */
  get skewMs(): number {
    const sorted = [...this.#skewsMs].sort((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)] ?? 0;
  }

  /**
   * Looks for the first time and goes on looking.
   * @throws {Error} when the server does not answer or does not run its program.
   */
  async begin(): Promise<ServerIdentity> {
    const [state, start, namespaces] = await this.#look();
    const fault = stateFault(state);
    if (fault !== null) throw new Error(fault);
    this.#identity = { startMs: timeOf(start), namespaces: textsOf(namespaces) ?? [] };
    this.#askLater();
    return this.#identity;
  }

  /** Items to be monitored beside the tags'. */
  items(): ItemRequest[] {
    const item = (handle: number, id: number): ItemRequest => ({
      handle,
      nodeId: nodeOf(id),
      samplingMs: 100,
      queueSize: 1,
      deadband: 0,
    });
    return [
      item(HANDLES.state, VariableIds.Server_ServerStatus_State),
      item(HANDLES.start, VariableIds.Server_ServerStatus_StartTime),
      item(HANDLES.namespaces, VariableIds.Server_NamespaceArray),
    ];
  }

  /** A value of an item of the watch. */
  arrived(handle: number, value: DataValue): void {
    if (handle === HANDLES.state) this.#judge(value, undefined, undefined);
    else if (handle === HANDLES.start) this.#judge(undefined, value, undefined);
    else if (handle === HANDLES.namespaces) this.#judge(undefined, undefined, value);
  }

  stop(): void {
    this.#ending.abort();
    this.#timer?.cancel();
  }

  #askLater(): void {
    if (this.#ending.signal.aborted) return;
    this.#timer = this.#options.clock.setTimer(() => void this.#ask(), ASK_EVERY_MS);
  }

  async #ask(): Promise<void> {
    try {
      this.#judge(...(await this.#look()));
    } catch {
      // The publish watchdog decides when a server is lost; here it only was late.
      if (!this.#ending.signal.aborted) this.#options.monitor.count('lateReplies');
    }
    this.#askLater();
  }

  async #look(): Promise<[DataValue | undefined, DataValue | undefined, DataValue | undefined]> {
    const { session, clock, monitor, perRead } = this.#options;
    const found: DataValue[] = [];
    for (const group of inGroups(SOURCES, perRead)) {
      const sentMs = clock.nowMs();
      const nodes = group.map((id) => ({ nodeId: nodeOf(id), attributeId: AttributeIds.Value }));
      const reading = session.read(nodes);
      found.push(...(await this.#inTime(reading)));
      if (this.#ending.signal.aborted || found.length !== group.length) continue;
      const receivedMs = clock.nowMs();
      const roundTripMs = Math.max(0, receivedMs - sentMs);
      if (monitor.online) monitor.answered(roundTripMs);
      const serverMs = timeOf(found[0]);
      if (serverMs !== null) this.#remember(serverMs - (sentMs + receivedMs) / 2);
    }
    return [found[1], found[2], found[3]];
  }

  #inTime<T>(reading: Promise<T>): Promise<T> {
    const { clock } = this.#options;
    return within(clock, ANSWER_LIMIT_MS, 'asking the server', reading, this.#ending.signal);
  }

  #remember(skewMs: number): void {
    this.#skewsMs.push(skewMs);
    if (this.#skewsMs.length > SKEWS_MAX) this.#skewsMs.shift();
    this.#options.monitor.note({ skewMs: Math.round(this.skewMs) });
  }

  #judge(state?: DataValue, start?: DataValue, namespaces?: DataValue): void {
    if (this.#ending.signal.aborted) return;
    const { startMs, namespaces: known } = this.#identity;
    const fault = stateFault(state);
    const newStartMs = timeOf(start);
    const names = textsOf(namespaces);
    if (fault !== null) this.#changed(fault);
    else if (startMs !== null && newStartMs !== null && newStartMs !== startMs) {
      this.#changed('the server was restarted');
    } else if (names !== null && names.join('\n') !== known.join('\n')) {
      this.#changed('the namespaces of the server have changed');
    }
  }

  #changed(reason: string): void {
    this.stop();
    this.#options.onChanged(reason);
  }
}

/** Whether a server is the one met before, unchanged since. */
export function isSameServer(before: ServerIdentity, now: ServerIdentity): boolean {
  return (
    before.startMs === now.startMs && before.namespaces.join('\n') === now.namespaces.join('\n')
  );
}

function nodeOf(id: number): NodeId {
  return resolveNodeId(`i=${id}`);
}

function stateFault(found: DataValue | undefined): string | null {
  const state: unknown = found?.statusCode.isGood() ? found.value.value : null;
  if (typeof state !== 'number' || state === ServerState.Running) return null;
  return `the server is not running its program; its state is ${ServerState[state] ?? state}`;
}

function timeOf(found: DataValue | undefined): number | null {
  const time: unknown = found?.value.value;
  return time instanceof Date ? time.getTime() : null;
}

function textsOf(found: DataValue | undefined): string[] | null {
  const texts: unknown = found?.statusCode.isGood() ? found.value.value : null;
  return Array.isArray(texts) ? texts.map(String) : null;
}
