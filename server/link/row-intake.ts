import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { rowsAckSchema } from '../../plc/link/contract.ts';
import { BackOff } from '../db/back-off.ts';
import type { Log } from '../log.ts';
import type { SpoolRows } from '../records/record-store.ts';

/** Takes spool rows into the database; `RecordStore` is one. */
export interface RowStore {
  store(message: SpoolRows): Promise<number>;
}

export type RowsAck = z.infer<typeof rowsAckSchema>;

/**
 * The frame of a `rows` message; each record is checked by the store, so that one bad row stops
 * nothing.
 */
const envelopeSchema = z.object({
  spool: z.uuid(),
  rows: z
    .array(z.object({ sequence: z.number().int().positive(), record: z.unknown() }))
    .min(1)
    .max(500),
});

/**
 * Stores what the controller sends and acknowledges it only when it is stored for good. While the
 * database is away the message is kept and tried again; the controller keeps all that comes after
 * in its spool.
 */
export class RowIntake {
  readonly #store: RowStore;
  readonly #log: Log;
  readonly #backOff = new BackOff(200, 5_000);
  #current = new AbortController();
  #waiting = false;

  constructor(store: RowStore, log: Log) {
    this.#store = store;
    this.#log = log;
  }

  /** Whether a message waits for the database. */
  get waiting(): boolean {
    return this.#waiting;
  }

  /**
   * Stores a message, however long it takes, and acknowledges it; a later message takes its place.
   */
  async take(message: unknown, acknowledge: (ack: RowsAck) => void): Promise<void> {
    const parsed = envelopeSchema.safeParse(message);
    if (!parsed.success) {
      this.#log.error('the controller sent rows that are none: programs of two versions?', {
        fault: z.prettifyError(parsed.error).slice(0, 1_000),
      });
      return;
    }
    this.#current.abort();
    this.#current = new AbortController();
    const { signal } = this.#current;
    const storedSequence = await this.#untilStored(parsed.data, signal);
    if (storedSequence !== null && !signal.aborted) acknowledge({ storedSequence });
  }

  /** Gives up what is waiting: the controller still has it and will send it again. */
  cancel(): void {
    this.#current.abort();
    this.#waiting = false;
  }

  async #untilStored(message: SpoolRows, signal: AbortSignal): Promise<number | null> {
    while (!signal.aborted) {
      try {
        const sequence = await this.#store.store(message);
        if (this.#waiting) this.#log.info('records are stored again');
        this.#waiting = false;
        this.#backOff.reset();
        return sequence;
      } catch (error) {
        if (signal.aborted) return null;
        if (!this.#waiting) this.#log.warn('records wait for the database', { error });
        this.#waiting = true;
        await pause(this.#backOff.nextMs(), undefined, { signal }).catch(() => null);
      }
    }
    return null;
  }
}
