import type { ConnectionDefinition } from '../model/connection.ts';
import type { TagDefinition, TagScalar, TagValue } from '../model/tag.ts';

/** One value that arrived from the field. */
export interface FieldSample {
  readonly tag: string;
  readonly value: TagValue;
}

/** One value for the field. */
export interface FieldWrite {
  readonly tag: string;
  readonly value: TagScalar;
}

/** What became of a write after it was read back. */
export interface WriteResult {
  readonly tag: string;
  readonly value: TagScalar;
  readonly ok: boolean;
  /** In words, for the log and the alarm; null when ok. */
  readonly error: string | null;
}

/** State of a connection or of one Modbus unit behind it. Counts are since the driver's start. */
export interface LinkHealth {
  readonly connection: string;
  /** null: the connection itself. */
  readonly unitId: number | null;
  readonly online: boolean;
  /** When it came up or was lost, ms UTC. */
  readonly sinceMs: number;
  readonly lastError: string | null;
  /** Times that a new socket or session took the place of a lost one. */
  readonly reconnects: number;
  readonly requests: number;
  /** Round trips of the last while, ms; null before the first. */
  readonly roundTripP50Ms: number | null;
  readonly roundTripP99Ms: number | null;
  /** Requests that were not answered in time; a later answer is not taken any more. */
  readonly lateReplies: number;
  /** Scans or publishes that were left out because the one before took too long. */
  readonly overruns: number;
  /** Values that the field threw away because they came faster than they were fetched. */
  readonly overflows: number;
  /** Restarts of the server that were noticed by its start time or namespaces. */
  readonly serverRestarts: number;
  /** The server's clock minus ours, ms; null where it tells no time. */
  readonly skewMs: number | null;
  /** Tags that the field does not deliver: no such node or register, or refused. */
  readonly unmonitored: readonly string[];
  /** Commands go out unprotected. */
  readonly unprotected: boolean;
  /** When the first certificate of the connection ends to be valid, ms UTC; null without one. */
  readonly certificateEndsMs: number | null;
}

/** Where a driver delivers. Calls are cheap and never throw. */
export interface DriverSink {
  samples(samples: readonly FieldSample[]): void;
  /**
   * These tags were seen alive now though their values did not change (OPC UA publish or
   * keep-alive, a Modbus read of the same values). Keeps them from going stale.
   */
  confirm(tags: readonly string[], timeMs: number): void;
  /**
   * Values of the past that were missed while the field was not heard, in the order of time; each
   * `receivedTimeMs` is when it would have been received. For history only: the present value of
   * the tag is another.
   */
  backfill?(tag: string, values: readonly TagValue[]): void;
  written(result: WriteResult): void;
  health(health: LinkHealth): void;
}

/** Time and timers for drivers, in real time; given by the runtime, replaced in tests. */
export interface DriverClock {
  /** Time of day, ms UTC: values are stamped with it. It may jump; drivers bear that. */
  nowMs(): number;
  setTimer(callback: () => void, delayMs: number): DriverTimer;
}
export interface DriverTimer {
  cancel(): void;
}

/** Writes what a driver has to say to engineers. */
export interface DriverLog {
  info(message: string, details?: object): void;
  warn(message: string, details?: object): void;
}

export interface DriverContext<C extends ConnectionDefinition = ConnectionDefinition> {
  readonly connection: C;
  /** Tags of this connection. Outputs are read back like inputs. */
  readonly tags: readonly TagDefinition[];
  readonly sink: DriverSink;
  readonly clock: DriverClock;
  readonly log: DriverLog;
  /**
   * How many times faster than the clock the field runs (a simulator's SIM_SPEED); 1 in a plant.
   */
  readonly speed: number;
}

/**
 * The port to one connection of the field. The constructor only stores; `start` never waits for the
 * field (it keeps trying in the background), `stop` leaves nothing running; both may be called
 * twice.
 * - Values arrive through the sink, each with its quality. A value is reported `bad` when the field
 *   says so or the link is lost; going stale is judged by the image from each tag's maximum age.
 * - `write` queues; a newer value for a tag replaces an unsent older one, so the queue is bounded
 *   by
 *   the number of outputs. Each write sent is read back and reported through `written`. What could
 *   not be sent before the link was lost is reported failed and never sent later: the scan decides
 *   anew. Failures known at once are reported before `write` returns.
 */
export interface Driver {
  readonly connection: string;
  start(): void;
  stop(): Promise<void>;
  write(writes: readonly FieldWrite[]): void;
}
