import type { QueryResultRow } from 'pg';
import type { HistoryRaw, HistoryStates } from '../contract/history.ts';
import type { Sql } from '../db/pool-handle.ts';
import { RAW } from './history-sql.ts';
import type { Point } from './points.ts';
import { GAP_QUALITY, HOLD_MS, isoOf, tagIdsOf } from './points.ts';

const INTERVALS_MAX = 2_000;

interface ChangeRow extends QueryResultRow {
  readonly time_ms: number;
  readonly value: number | null;
  readonly quality: number;
  /** The sample before; null for the first. */
  readonly before_ms: number | null;
}

/**
 * Samples of tag `$1` that differ from the one before or come after a silence, from what held at
 * `$2` to `$3`, and the newest of all, which tells how long the last value was there.
 */
const CHANGES = `
  with sampled as (
    select time, value, quality, lag(value) over before as value_before,
      lag(quality) over before as quality_before, lag(time) over before as before,
      lead(time) over before as after
    from sample where tag_id = $1 and time >= $2::bigint - ${HOLD_MS} and time <= $3
    window before as (order by time)
  )
  select time::float8 as time_ms, value, quality, before::float8 as before_ms
  from sampled
  where after is null or (time < $2 and after >= $2)
    or (time >= $2 and (before is null or value is distinct from value_before
      or quality is distinct from quality_before or time - before > ${HOLD_MS}))
  order by time limit $4`;

interface Interval {
  from: number;
  to: number;
  value: number | null;
  quality: number;
}

/**
 * A flag, state or count as intervals of one value and quality, in order and without holes; a null
 * value where nothing was known.
 */
export async function readStates(
  db: Sql,
  tag: string,
  fromMs: number,
  toMs: number,
): Promise<HistoryStates> {
  const tagId = (await tagIdsOf(db, [tag])).get(tag);
  const endMs = Math.min(toMs, Date.now());
  if (tagId === undefined || endMs <= fromMs) return { intervals: [], next: null };
  const { rows } = await db.query<ChangeRow>(CHANGES, [tagId, fromMs, endMs, INTERVALS_MAX]);
  const isCut = rows.length === INTERVALS_MAX;
  const lastMs = isCut ? (rows.at(-1)?.time_ms ?? endMs) : endMs;
  const all = intervalsOf(isCut ? rows.slice(0, -1) : rows, fromMs, lastMs);
  return { intervals: all, next: isCut ? isoOf(lastMs) : null };
}

function intervalsOf(rows: readonly ChangeRow[], fromMs: number, endMs: number): Interval[] {
  const intervals: Interval[] = [];
  const add = (from: number, to: number, value: number | null, quality: number) => {
    const [begin, end] = [Math.max(from, fromMs), Math.min(to, endMs)];
    if (end <= begin) return;
    const last = intervals.at(-1);
    if (last?.to === begin && last.value === value && last.quality === quality) last.to = end;
    else intervals.push({ from: begin, to: end, value, quality });
  };
  let doneMs = fromMs;
  rows.forEach((row, at) => {
    if (row.time_ms > doneMs) add(doneMs, row.time_ms, null, GAP_QUALITY);
    const next = rows[at + 1];
    const nextMs = next?.time_ms ?? endMs;
    // A row between that did not change anything proves the value until then.
    const provenMs = next?.before_ms ?? row.time_ms;
    const holdsMs = row.value === null ? nextMs : Math.min(nextMs, provenMs + HOLD_MS);
    add(row.time_ms, holdsMs, row.value, row.quality);
    doneMs = Math.max(doneMs, holdsMs);
  });
  if (endMs > doneMs) add(doneMs, endMs, null, GAP_QUALITY);
  return intervals;
}

/** Samples as they were stored, at most `limit`, and from where to go on. */
export async function readRaw(
  db: Sql,
  tag: string,
  window: { readonly fromMs: number; readonly toMs: number },
  limit: number,
): Promise<HistoryRaw> {
  const tagId = (await tagIdsOf(db, [tag])).get(tag);
  if (tagId === undefined) return { points: [], next: null };
  const { rows } = await db.query<ChangeRow>(RAW, [tagId, window.fromMs, window.toMs, limit + 1]);
  const points = rows
    .slice(0, limit)
    .map(({ time_ms, value, quality }): Point => [time_ms, value, quality]);
  const next = rows[limit];
  return { points, next: next === undefined ? null : isoOf(next.time_ms) };
}
