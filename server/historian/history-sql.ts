import type { HistoryTable } from './partitions.ts';
import { msOf } from './points.ts';

/** Statements that read history. `$1` tag id, `$2` from, `$3` to: of samples ms, of rollups ISO. */

/** The last sample before the window, if its value may still hold. */
export const LAST_BEFORE = `
  select time::float8 as time_ms, value, quality from sample
  where tag_id = $1 and time < $2 and time >= $2::bigint - 86400000
  order by time desc limit 1`;

/** Whether there are more than `$4`: known from the index, before any is read. */
export const MORE_THAN = `
  select exists (
    select from sample where tag_id = $1 and time >= $2 and time <= $3 offset $4
  ) as more`;

/** Whether a table still has a row of the tag at or before `$2`: what is older goes first. */
export function isKept(table: HistoryTable): string {
  return `select exists (select from ${table} where tag_id = $1 and time <= $2) as kept`;
}

/** `$4`: at most so many. */
export const RAW = `
  select time::float8 as time_ms, value, quality from sample
  where tag_id = $1 and time >= $2 and time <= $3 order by time limit $4`;

/**
 * `$4`: width of a bucket, ms. Least and greatest of each bucket at their own times, a bucket's
 * worst quality, and a gap where the bucket ends with one. A value and its time are compared as one
 * list, the earlier of equals first: to sort each bucket for them takes twice as long.
 */
export const BUCKETS_RAW = `
  with bucket as (
    select
      min(array[value, time::float8]) filter (where value is not null) as low,
      max(array[value, -time::float8]) filter (where value is not null) as high,
      max(quality) filter (where value is not null) as quality,
      max(time) as end_time,
      max(time) filter (where value is null) as unknown_time
    from sample where tag_id = $1 and time >= $2 and time <= $3
    group by (time - $2::bigint) / $4::bigint
  )
  select low[2] as time_ms, low[1] as value, quality from bucket where low is not null
  union
  select -high[2], high[1], quality from bucket where high is not null
  union
  select end_time::float8, null, 3 from bucket where unknown_time = end_time
  order by time_ms`;

/** How wide the rows of a rollup are, ms. */
export const ROLLUP_MS = {
  sample_1m: 60_000,
  sample_1h: 3_600_000,
  sample_1d: 86_400_000,
} as const;
export type Rollup = keyof typeof ROLLUP_MS;

/**
 * Buckets of a rollup hold at least so many of its rows, so that their edges do not matter. Hours
 * take over from minutes sooner than minutes from samples: a month has 43,200 minutes.
 */
const ROWS_PER_BUCKET_MIN = { sample_1m: 3, sample_1h: 2, sample_1d: 2 } as const;

/** The widest table that still has enough rows in a bucket of this width. */
export function tableFor(widthMs: number): HistoryTable {
  const fits = (['sample_1d', 'sample_1h', 'sample_1m'] as const).find(
    (table) => widthMs >= ROWS_PER_BUCKET_MIN[table] * ROLLUP_MS[table],
  );
  return fits ?? 'sample';
}

/**
 * As `BUCKETS_RAW` from a rollup, for wide windows; `$4` is an interval. The extremes of a row
 * stand at its beginning. Each point tells how many
 * samples the rows have that lie in the window as a whole.
 */
export function bucketsRolledUp(table: Rollup): string {
  const rowS = ROLLUP_MS[table] / 1_000;
  return `
  with bucket as (
    select
      min(array[min, date_part('epoch', time)]) filter (where min is not null) as low,
      max(array[max, -date_part('epoch', time)]) filter (where max is not null) as high,
      case when min(good_share) < 1 then 1 else 0 end as quality,
      sum(count) filter (where time <= $3::timestamptz - interval '${rowS} s') as count,
      max(time) as end_time,
      max(time) filter (where last is null) as unknown_time,
      lead(min(time)) over (order by date_bin($4::interval, time, $2::timestamptz)) as next_time
    from ${table} where tag_id = $1 and time >= $2 and time <= $3
    group by date_bin($4::interval, time, $2::timestamptz)
  )
  select point.*, (select sum(count) from bucket)::float8 as samples from (
    select 1000 * low[2] as time_ms, low[1] as value, quality from bucket where low is not null
    union
    select 1 - 1000 * high[2], high[1], quality from bucket where high[1] > low[1]
    union
    select ${msOf(`end_time + interval '${rowS - 1} s'`)}, null, 3 from bucket
    where unknown_time = end_time or next_time - end_time > interval '${rowS + 960} s'
  ) point
  order by time_ms`;
}
