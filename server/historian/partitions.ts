import type { HistoryStorage } from '../db/migrate.ts';
import type { SqlDatabase } from '../db/pool-handle.ts';
import type { Log } from '../log.ts';

export const DAY_MS = 86_400_000;
/**
 * Partitions are made on demand for samples this near to now; others go to the default partition.
 */
const NEAR_DAYS = 400;
/** Partitions are made and dropped only where that waits no longer than this for others, ms. */
const LOCK_WAIT_MS = 1_000;
/**
 * A partition is vacuumed when it has grown by this share: what was vacuumed is read from the key
 * alone, which carries the value.
 */
const VACUUM_SHARE = 0.02;

/** The tables of history, from the finest to the widest, which is kept longest. */
export const HISTORY_TABLES = ['sample', 'sample_1m', 'sample_1h', 'sample_1d'] as const;
export type HistoryTable = (typeof HISTORY_TABLES)[number];

interface Partition {
  readonly table: string;
  readonly parent: HistoryTable;
  readonly fromMs: number;
  readonly toMs: number;
}

const compact = (timeMs: number) => new Date(timeMs).toISOString().slice(0, 10).replaceAll('-', '');

function dayPartition(timeMs: number): Partition {
  const fromMs = Math.floor(timeMs / DAY_MS) * DAY_MS;
  const toMs = fromMs + DAY_MS;
  return { table: `sample_${compact(fromMs)}`, parent: 'sample', fromMs, toMs };
}

function monthPartition(timeMs: number): Partition {
  const at = new Date(timeMs);
  const fromMs = Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), 1);
  const toMs = Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1);
  const table = `sample_1m_${compact(fromMs).slice(0, 6)}`;
  return { table, parent: 'sample_1m', fromMs, toMs };
}

function yearPartition(parent: 'sample_1h' | 'sample_1d', timeMs: number): Partition {
  const year = new Date(timeMs).getUTCFullYear();
  const [fromMs, toMs] = [Date.UTC(year, 0, 1), Date.UTC(year + 1, 0, 1)];
  return { table: `${parent}_${year}`, parent, fromMs, toMs };
}

/**
 * Partitions of history on PostgreSQL alone: one per UTC day of samples, one per month of
 * one-minute rollups, one per year of wider ones.
 * On TimescaleDB chunks are made by the database and all this does nothing.
 */
export class HistoryPartitions {
  readonly #db: SqlDatabase;
  readonly #storage: () => HistoryStorage | null;
  readonly #log: Log;
  readonly #made = new Set<string>();

  constructor(db: SqlDatabase, storage: () => HistoryStorage | null, log: Log) {
    this.#db = db;
    this.#storage = storage;
    this.#log = log;
  }

  /**
   * Makes what these times need, for raw samples and rollups, and is cheap when it is there
   * already.
   */
  async ensure(timesMs: Iterable<number>): Promise<void> {
    if (this.#storage() !== 'plain') return;
    const nowMs = Date.now();
    const days = new Set<number>();
    for (const timeMs of timesMs) days.add(Math.floor(timeMs / DAY_MS));
    for (const day of days) {
      if (Math.abs(day * DAY_MS - nowMs) > NEAR_DAYS * DAY_MS) continue;
      await this.#make(dayPartition(day * DAY_MS));
      await this.#make(monthPartition(day * DAY_MS));
      await this.#make(yearPartition('sample_1h', day * DAY_MS));
      await this.#make(yearPartition('sample_1d', day * DAY_MS));
    }
  }

  /**
   * Drops whole partitions that end before a time; gives their names. What somebody reads, as a
   * backup does for as long as it takes, waits for the next time.
   */
  async dropBefore(parent: HistoryTable, timeMs: number): Promise<string[]> {
    const { rows } = await this.#db.query<{ name: string }>(
      `select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
       where i.inhparent = to_regclass($1) order by 1`,
      [parent],
    );
    const dropped: string[] = [];
    for (const { name } of rows) {
      const digits = /_(\d{8}|\d{6}|\d{4})$/.exec(name)?.[1];
      if (digits === undefined || endOf(digits) > timeMs) continue;
      if (!(await this.#unlessLocked(`drop table ${name}`))) break;
      this.#made.delete(name);
      dropped.push(name);
    }
    return dropped;
  }

  /**
   * Changes a table, unless another holds it for longer than a moment: whoever waits for a table
   * keeps all others from writing into it.
   */
  async #unlessLocked(statement: string): Promise<boolean> {
    try {
      await this.#db.transaction(async (client) => {
        await client.query(`set local lock_timeout = '${LOCK_WAIT_MS}ms'`);
        await client.query(statement);
      });
      return true;
    } catch (error) {
      if (!hasCode(error, ['55P03'])) throw error;
      this.#log.info('a table of history is being read; it is changed later', { statement });
      return false;
    }
  }

  async #make(partition: Partition): Promise<void> {
    const { table, parent } = partition;
    if (this.#made.has(table)) return;
    const [from, to] = [partition.fromMs, partition.toMs].map((ms) =>
      parent === 'sample' ? `${ms}` : `'${new Date(ms).toISOString()}'`,
    );
    try {
      const isMade = await this.#unlessLocked(
        `create table if not exists ${table} partition of ${parent}
         for values from (${from}) to (${to})
         with (autovacuum_vacuum_insert_scale_factor = ${VACUUM_SHARE})`,
      );
      // Until then its rows go to the default partition.
      if (!isMade) return;
    } catch (error) {
      if (!isTaken(error)) throw error;
      // The default partition already holds rows of this time; they and the new ones stay there
      // together.
      this.#log.warn(`history of ${table} stays in the default partition`, { error });
    }
    this.#made.add(table);
  }
}

function hasCode(error: unknown, codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}

/**
 * 23514: rows of the default partition would belong to the new one. 42P07: another server was
 * faster.
 */
function isTaken(error: unknown): boolean {
  return hasCode(error, ['23514', '42P07']);
}

function endOf(digits: string): number {
  const [year, month, day] = [digits.slice(0, 4), digits.slice(4, 6), digits.slice(6)].map(Number);
  if (year === undefined || month === undefined) return Number.POSITIVE_INFINITY;
  if (digits.length === 4) return Date.UTC(year + 1, 0, 1);
  return digits.length === 8 ? Date.UTC(year, month - 1, day) + DAY_MS : Date.UTC(year, month, 1);
}
