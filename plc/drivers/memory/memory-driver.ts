import type { TagDefinition, TagScalar } from '../../model/tag.ts';
import { doubt, good } from '../../model/tag.ts';
import type { Driver, DriverContext, FieldSample, FieldWrite } from '../driver.ts';
import { LinkMonitor } from '../link-monitor.ts';
import { ReportedValues } from '../reported-values.ts';

/** A field inside this process, e.g. a simulated mill in virtual time. */
export interface MemoryDevice {
  /** The tag's value now; null while it cannot be had. */
  read(tag: string): TagScalar | null;
  /** Takes a value. @throws {Error} when it refuses, with the reason. */
  write(tag: string, value: TagScalar): void;
  /**
   * Where the field can tell what changes: calls back with each tag that may read otherwise from
   * now on, or with null when any may. A field without it is read whole at every poll.
   */
  watch?(changed: (tag: string | null) => void): void;
}

/** What is known to be unchanged is confirmed this often, ms: far below any maximum age. */
const CONFIRM_MS = 500;

/** A driver whose harness says when the field is read; it has no timers and no sockets. */
export interface MemoryDriver extends Driver {
  /** Reads what may have changed and delivers what has. Does nothing while it is stopped. */
  poll(): void;
}

/** What a device says may read otherwise than at the last poll. */
class Moved {
  readonly #isTold: boolean;
  #tags: Set<string> | null = null;

  constructor(device: MemoryDevice) {
    this.#isTold = device.watch !== undefined;
    device.watch?.((tag) => {
      if (tag === null) this.all();
      else this.#tags?.add(tag);
    });
  }

  /** Any tag may. */
  all(): void {
    this.#tags = null;
  }

  /** The tags, and begins anew; null: any. */
  take(): readonly string[] | null {
    const tags = this.#tags;
    if (this.#isTold) this.#tags = new Set();
    return tags === null ? null : [...tags];
  }
}

/** The tags that are lost together: those of one Modbus unit, or all of a connection (null). */
interface Group {
  readonly monitor: LinkMonitor;
  readonly tags: readonly TagDefinition[];
}

/**
 * The driver of a field in memory. A write goes to the device at once and is read back; a group of
 * tags of which none can be read counts as a lost link. Values are stamped with the context's
 * clock.
 */
export function createMemoryDriver(context: DriverContext, device: MemoryDevice): MemoryDriver {
  const { sink, clock, connection } = context;
  const values = new ReportedValues(sink);
  const groups = groupsOf(context);
  const outputs = new Set(
    context.tags.filter((tag) => tag.direction === 'output').map((tag) => tag.name),
  );
  const names = Object.freeze(context.tags.map((tag) => tag.name));
  const moved = new Moved(device);
  let isRunning = false;
  let confirmedMs = Number.NEGATIVE_INFINITY;

  function sampleOf(tag: string): FieldSample {
    const value = device.read(tag);
    if (value === null) return { tag, value: doubt(values.last(tag), 'bad') };
    return { tag, value: good(value, clock.nowMs()) };
  }

  function poll(): void {
    if (!isRunning) return;
    const nowMs = clock.nowMs();
    const some = moved.take();
    values.tellChanges((some ?? names).map(sampleOf), nowMs);
    if (some !== null && Math.abs(nowMs - confirmedMs) < CONFIRM_MS) return;
    confirmedMs = nowMs;
    values.confirm(names, nowMs);
    for (const { tags, monitor } of groups) {
      if (tags.some((tag) => values.last(tag.name).quality === 'good')) monitor.answered(0);
      else monitor.lost('the device gives no value');
    }
  }

  function faultOf({ tag, value }: FieldWrite): string | null {
    if (!isRunning) return 'the driver is stopped';
    if (!outputs.has(tag)) return 'not an output of this connection';
    try {
      device.write(tag, value);
    } catch (cause) {
      return cause instanceof Error ? cause.message : String(cause);
    }
    const back = sampleOf(tag);
    values.tellChanges([back], clock.nowMs());
    if (back.value.quality !== 'good') return 'it cannot be read back';
    return Object.is(back.value.value, value) ? null : `read back ${back.value.value}`;
  }

  return {
    connection: connection.id,
    start(): void {
      isRunning = true;
      moved.all();
    },
    async stop(): Promise<void> {
      if (!isRunning) return;
      isRunning = false;
      for (const { monitor } of groups) monitor.lost('the driver is stopped');
      values.tellBad(context.tags.map((tag) => tag.name));
    },
    write(writes: readonly FieldWrite[]): void {
      for (const write of writes) {
        const error = faultOf(write);
        sink.written({ ...write, ok: error === null, error });
      }
    },
    poll,
  };
}

function groupsOf({ connection, tags, sink, clock }: DriverContext): Group[] {
  const unitOf = (tag: TagDefinition): number | null =>
    tag.address?.kind === 'modbus' ? tag.address.unitId : null;
  const units = new Set(tags.map(unitOf).filter((unit) => unit !== null));
  return [...units, null].map((unit) => ({
    monitor: new LinkMonitor(sink, clock, connection.id, unit),
    tags: unit === null ? tags : tags.filter((tag) => unitOf(tag) === unit),
  }));
}
