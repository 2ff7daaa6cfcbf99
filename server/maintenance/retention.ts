import type { HistoryStorage } from '../db/migrate.ts';
import type { Sql } from '../db/pool-handle.ts';
import type { HistoryPartitions, HistoryTable } from '../historian/partitions.ts';
import { DAY_MS } from '../historian/partitions.ts';

/** How long each table of history is kept, days. */
export type Retention = Readonly<Record<HistoryTable, number>>;

/** Three months as measured, five years by the minute, ten by the hour, thirty by the day. */
export const RETENTION_DEFAULT: Retention = {
  sample: 92,
  sample_1m: 1_830,
  sample_1h: 3_653,
  sample_1d: 10_958,
};

/**
 * What is done for want of disk. `samples`: the oldest raw samples go, day by day, down to
 * `samplesDaysMin`; their rollups stay. `nothing`: nothing goes before its time. Records, audit and
 * the chain never go.
 */
export interface WhenFull {
  readonly drop: 'samples' | 'nothing';
  readonly samplesDaysMin: number;
  /** Less free than this share of the disk is want of disk, %. */
  readonly freePctMin: number;
}

export const WHEN_FULL_DEFAULT: WhenFull = { drop: 'samples', samplesDaysMin: 7, freePctMin: 8 };

/** Removes what is older than a time from one table of history. */
export async function dropBefore(
  parts: {
    readonly db: Sql;
    readonly storage: HistoryStorage;
    readonly partitions: HistoryPartitions;
  },
  table: HistoryTable,
  beforeMs: number,
): Promise<readonly string[]> {
  if (parts.storage === 'plain') return parts.partitions.dropBefore(table, beforeMs);
  // Samples have their time in ms, their rollups a time of the database.
  const before = table === 'sample' ? '$1::bigint' : 'to_timestamp($1::bigint / 1000)';
  const { rows } = await parts.db.query<{ chunk: string }>(
    `select drop_chunks('${table}', ${before})::text as chunk`,
    [Math.floor(beforeMs)],
  );
  return rows.map(({ chunk }) => chunk);
}

/** The day of the oldest raw samples; null where there are none. */
export async function oldestSampleMs(db: Sql, storage: HistoryStorage): Promise<number | null> {
  if (storage === 'plain') {
    const { rows } = await db.query<{ day: string }>(
      `select substring(c.relname from '^sample_(\\d{8})$') as day
       from pg_inherits i join pg_class c on c.oid = i.inhrelid
       where i.inhparent = 'sample'::regclass and c.relname ~ '^sample_\\d{8}$' order by 1 limit 1`,
    );
    const day = rows[0]?.day;
    if (day === undefined) return null;
    return Date.parse(`${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}T00:00:00Z`);
  }
  const { rows } = await db.query<{ ms: number | null }>(
    `select min(range_start_integer)::float8 as ms from timescaledb_information.chunks
      where hypertable_name = 'sample'`,
  );
  return rows[0]?.ms ?? null;
}

/** Removes the oldest day of raw samples, but none of the last days; gives what went. */
export async function dropOldestDay(
  parts: Parameters<typeof dropBefore>[0],
  nowMs: number,
  { samplesDaysMin }: WhenFull,
): Promise<readonly string[]> {
  const oldestMs = await oldestSampleMs(parts.db, parts.storage);
  if (oldestMs === null || oldestMs + DAY_MS > nowMs - samplesDaysMin * DAY_MS) return [];
  return dropBefore(parts, 'sample', oldestMs + DAY_MS);
}
