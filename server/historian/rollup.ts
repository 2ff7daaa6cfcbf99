import type { HistoryStorage } from '../db/migrate.ts';
import type { SqlDatabase } from '../db/pool-handle.ts';
import { HOLD_MS } from './points.ts';

const MINUTE_MS = 60_000;
/** Minutes of one statement: bounds its time and memory at a large mill's 2,000 changes/s. */
const MINUTES_AT_ONCE = 10;
/** A minute is rolled up when it has been over for this long; late samples make it due again. */
const SETTLED_MS = 20_000;

const HOUR_MS = 60 * MINUTE_MS;

/** Whole minutes or hours of a column in ms. */
const whole = (column: string, widthMs: number) => `${column} / ${widthMs} * ${widthMs}`;
const timeOf = (column: string) => `to_timestamp(${column} / 1000.0)`;

/**
 * One-minute rollups of every tag that has a sample in the minutes `$1` <= time < `$2`, ms. The
 * average is weighted by how long each value held; the value at a minute's beginning is the last
 * one before it. The silence before a minute is counted with it, back to the beginning of its hour;
 * the rest of it closes the hour before.
 */
const ROLL_UP = `
  with own as (
    select tag_id, ${whole('time', MINUTE_MS)} as minute, time, value, quality
    from sample where time >= $1 and time < $2
  ), before as (
    select m.tag_id, m.minute, b.value, b.quality,
      ${whole('b.time', MINUTE_MS)} + ${MINUTE_MS} as silent_from,
      ${whole('m.minute', HOUR_MS)} as hour
    from (select distinct tag_id, minute from own) m
    cross join lateral (
      select s.time, s.value, s.quality from sample s where s.tag_id = m.tag_id
        and s.time < m.minute and s.time >= m.minute - ${HOLD_MS}
      order by s.time desc limit 1
    ) b
  ), held as (
    select tag_id, minute, time, value, quality, (coalesce(
      lead(time) over (partition by tag_id, minute order by time), minute + ${MINUTE_MS}
    ) - time) / 1000.0::float8 as seconds
    from (
      select * from own
      union all
      select tag_id, minute, minute, value, null from before
      where not exists (select 1 from own where own.tag_id = before.tag_id
        and own.time = before.minute)
    ) both_kinds
  ), rolled as (
    select minute, tag_id, min(value) as min, max(value) as max,
      coalesce(sum(value * seconds) filter (where value is not null), 0) as integral,
      coalesce(sum(seconds) filter (where value is not null), 0) as known_s,
      (array_agg(value order by time desc))[1] as last,
      count(*) filter (where quality = 0)::real / count(quality) as good_share,
      count(quality) as count
    from held group by minute, tag_id
  ), silence as (
    select tag_id, minute, value,
      greatest(0, minute - greatest(silent_from, hour)) / 1000.0::float8 as seconds
    from before where value is not null
  )
  insert into sample_1m
    (time, tag_id, min, max, avg, last, good_share, count, integral, known_s)
  select ${timeOf('r.minute')}, r.tag_id, r.min, r.max, r.integral / nullif(r.known_s, 0), r.last,
    r.good_share, r.count, r.integral + coalesce(s.value * s.seconds, 0),
    r.known_s + coalesce(s.seconds, 0)
  from rolled r left join silence s using (tag_id, minute)
  union all
  select ${timeOf(`(hour - ${MINUTE_MS})`)}, tag_id, value, value, value, value,
    (quality = 0)::int::real, 0, value * ((hour - silent_from) / 1000.0::float8),
    (hour - silent_from) / 1000.0::float8
  from before where value is not null and silent_from < hour
  on conflict (tag_id, time) do update set min = excluded.min, max = excluded.max,
    avg = excluded.avg, last = excluded.last, good_share = excluded.good_share,
    count = excluded.count, integral = excluded.integral, known_s = excluded.known_s`;

/**
 * A late sample shortens the silence that a later minute was rolled up with: those that may have
 * begun with it, `$1` < minute <= 16 minutes on, are due again. -1: due for that alone, and makes
 * no others due.
 */
const REDO_AFTER = `
  update recorded_minute set rolled_up = -1
  where minute > $1 and minute <= $1::timestamptz + interval '16 minutes' and rolled_up > 0`;

interface Due extends Record<string, unknown> {
  readonly ms: number;
  readonly samples: number;
  readonly rolled_up: number;
}

/**
 * Rolls up the oldest minutes that are due; gives how many. A minute that got more samples
 * meanwhile stays due, since only the count that was seen before is written down as done.
 */
export async function rollUpDue(
  db: SqlDatabase,
  storage: HistoryStorage,
  nowMs = Date.now(),
): Promise<number> {
  const settled = new Date(nowMs - MINUTE_MS - SETTLED_MS).toISOString();
  const { rows } = await db.query<Due>(
    `select (extract(epoch from minute) * 1000)::float8 as ms, samples::float8 as samples,
       rolled_up::float8 as rolled_up from recorded_minute
     where rolled_up < samples and minute < $1 order by minute limit $2`,
    [settled, MINUTES_AT_ONCE],
  );
  const first = rows[0]?.ms;
  if (first === undefined) return 0;
  const together = rows.filter(({ ms }) => ms < first + MINUTES_AT_ONCE * MINUTE_MS);
  const last = together.at(-1)?.ms ?? first;
  await db.transaction(async (client) => {
    await client.query(ROLL_UP, [first, last + MINUTE_MS]);
    const newest = together.findLast(({ rolled_up }) => rolled_up >= 0);
    if (newest !== undefined) {
      await client.query(REDO_AFTER, [new Date(newest.ms).toISOString()]);
    }
    await client.query(
      `update recorded_minute m set rolled_up = r.samples
       from jsonb_to_recordset($1::jsonb) as r(ms float8, samples bigint)
       where m.minute = to_timestamp(r.ms / 1000)`,
      [JSON.stringify(together)],
    );
    // An hour may get its closing row from a minute of the next one.
    if (storage === 'plain') await client.query(HOURS_CHANGED, [[first - 16 * MINUTE_MS, last]]);
  });
  return together.length;
}

const HOURS_CHANGED = `
  insert into recorded_hour (hour, changes)
  select distinct date_bin('1 hour', to_timestamp(ms / 1000), timestamptz '2000-01-01 00:00+00'), 1
  from unnest($1::float8[]) as t(ms)
  on conflict (hour) do update set changes = recorded_hour.changes + 1`;
