import type { QueryResultRow } from 'pg';
import type { HistorySample } from '../../plc/model/record.ts';
import type { HistoryQuarantine } from '../contract/history.ts';
import type { Sql } from '../db/pool-handle.ts';
import { isoOf } from './points.ts';

const DAY_MS = 86_400_000;
/** Raw samples are never kept for longer; what is older has the wrong time. */
const PAST_MS_MAX = 400 * DAY_MS;
/** Clocks of a mill differ by seconds; a day allows for a time zone taken for another. */
const FUTURE_MS_MAX = DAY_MS;
/** Times of later years have no form that programs agree upon. */
const TIME_TOLD_MAX_MS = Date.UTC(9999, 11, 31);

/** A sample that history does not take, where it came from, and why. */
export interface StraySample {
  readonly sequence: number;
  /** Which of the samples of its spool row. */
  readonly place: number;
  readonly fault: 'tag' | 'time';
  readonly sample: HistorySample;
}

/** What is wrong with a sample that came at `nowMs`; null: nothing. */
export function faultOf(
  [tag, timeMs]: HistorySample,
  tagIds: Int32Array,
  nowMs: number,
): StraySample['fault'] | null {
  if (tagIds[tag] === undefined) return 'tag';
  return timeMs >= nowMs - PAST_MS_MAX && timeMs <= nowMs + FUTURE_MS_MAX ? null : 'time';
}

/** Sets samples aside, whole, inside the caller's transaction. */
export async function setAside(
  client: Sql,
  spool: string,
  strays: readonly StraySample[],
  names: readonly string[],
): Promise<void> {
  const rows = strays.map(({ sequence, place, fault, sample }) => {
    const [tag, timeMs, value, quality] = sample;
    return {
      sequence,
      place,
      fault,
      tag: names[tag] ?? null,
      tag_number: tag,
      timeMs,
      value,
      quality,
    };
  });
  await client.query(
    `insert into sample_quarantine
       (spool, sequence, place, fault, tag, tag_number, time_ms, value, quality)
     select $1, sequence, place, fault, tag, tag_number, "timeMs", value, quality
     from jsonb_to_recordset($2::jsonb) as r(sequence bigint, place integer, fault text, tag text,
       tag_number integer, "timeMs" float8, value float8, quality smallint)
     on conflict do nothing`,
    [spool, JSON.stringify(rows)],
  );
}

interface StrayRow extends QueryResultRow {
  readonly received_ms: number;
  readonly fault: StraySample['fault'];
  readonly tag: string | null;
  readonly tag_number: number;
  readonly time_ms: number;
  readonly value: number | null;
  readonly quality: number;
}

/** The samples that were set aside last, and how many there are. */
export async function readQuarantine(db: Sql, limit: number): Promise<HistoryQuarantine> {
  const count = await db.query<{ n: number }>(
    'select count(*)::float8 as n from sample_quarantine',
  );
  const { rows } = await db.query<StrayRow>(
    `select (extract(epoch from received) * 1000)::float8 as received_ms, fault, tag, tag_number,
       time_ms, value, quality
     from sample_quarantine order by received desc, sequence desc, place desc limit $1`,
    [limit],
  );
  const samples = rows.map((row) => ({
    received: isoOf(row.received_ms),
    fault: row.fault,
    tag: row.tag,
    tagNumber: row.tag_number,
    time: row.time_ms <= TIME_TOLD_MAX_MS ? isoOf(row.time_ms) : null,
    value: row.value,
    quality: row.quality,
  }));
  return { total: count.rows[0]?.n ?? 0, samples };
}
