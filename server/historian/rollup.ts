import type { PoolHandle } from '../db/pool-handle.ts';

const MINUTE_MS = 60_000;
/** Minutes of one statement: bounds its time and memory at a large mill's 2,000 changes/s. */
const MINUTES_AT_ONCE = 10;
/** A minute is rolled up when it has been over for this long; late samples make it due again. */
const SETTLED_MS = 20_000;

/**
 * One-minute rollups of every tag that has a sample in the minutes `$1` <= time < `$2`. The average
 * is weighted by how long each value held; the value at a minute's beginning is the last one before
 * it.
 */
const ROLL_UP = `
  with own as (
    select tag_id, date_bin('1 minute', time, timestamptz '2000-01-01') as minute, time, value,
      quality
    from sample where time >= $1 and time < $2
  ), carried as (
    select m.tag_id, m.minute, m.minute as time, b.value, null::smallint as quality
    from (select distinct tag_id, minute from own) m
    cross join lateral (
      select s.value from sample s where s.tag_id = m.tag_id and s.time < m.minute
        and s.time >= m.minute - interval '16 minutes'
      order by s.time desc limit 1
    ) b
    where not exists (select 1 from own where own.tag_id = m.tag_id and own.time = m.minute)
  ), held as (
    select tag_id, minute, time, value, quality, extract(epoch from coalesce(
      lead(time) over (partition by tag_id, minute order by time), minute + interval '1 minute'
    ) - time)::float8 as seconds
    from (select * from own union all select * from carried) both_kinds
  )
  insert into sample_1m (time, tag_id, min, max, avg, last, good_share, count)
  select minute, tag_id, min(value), max(value),
    sum(value * seconds) filter (where value is not null)
      / nullif(sum(seconds) filter (where value is not null), 0),
    (array_agg(value order by time desc))[1],
    count(*) filter (where quality = 0)::real / count(quality),
    count(quality)
  from held group by minute, tag_id
  on conflict (tag_id, time) do update set min = excluded.min, max = excluded.max,
    avg = excluded.avg, last = excluded.last, good_share = excluded.good_share,
    count = excluded.count`;

interface Due extends Record<string, unknown> {
  readonly ms: number;
  readonly samples: string;
}

/**
 * Rolls up the oldest minutes that are due; gives how many. A minute that got more samples
 * meanwhile stays due, since only the count that was seen before is written down as done.
 */
export async function rollUpDue(db: PoolHandle, nowMs = Date.now()): Promise<number> {
  const settled = new Date(nowMs - MINUTE_MS - SETTLED_MS).toISOString();
  const { rows } = await db.query<Due>(
    `select (extract(epoch from minute) * 1000)::float8 as ms, samples from recorded_minute
     where rolled_up < samples and minute < $1 order by minute limit $2`,
    [settled, MINUTES_AT_ONCE],
  );
  const first = rows[0]?.ms;
  if (first === undefined) return 0;
  const together = rows.filter(({ ms }) => ms < first + MINUTES_AT_ONCE * MINUTE_MS);
  const last = together.at(-1)?.ms ?? first;
  await db.transaction(async (client) => {
    await client.query(ROLL_UP, [
      new Date(first).toISOString(),
      new Date(last + MINUTE_MS).toISOString(),
    ]);
    await client.query(
      `update recorded_minute m set rolled_up = r.samples
       from jsonb_to_recordset($1::jsonb) as r(ms float8, samples bigint)
       where m.minute = to_timestamp(r.ms / 1000)`,
      [JSON.stringify(together)],
    );
  });
  return together.length;
}
