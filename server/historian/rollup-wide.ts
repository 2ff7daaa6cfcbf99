import type { SqlDatabase } from '../db/pool-handle.ts';

const HOUR_MS = 3_600_000;
/** Hours of one round: bounds its time where a long back-fill made many due. */
const HOURS_AT_ONCE = 24;
/** The hour that runs is rolled up again at most this often: it reads all of its minutes. */
const RUNNING_EVERY_MS = 10 * 60_000;

/** Rows of `$from` put together by `$width`, for `$1` <= time < `$2`, a whole number of widths. */
function rollUp(into: string, from: string, width: string, known: [string, string]): string {
  const [integral, seconds] = known;
  return `
    insert into ${into} (time, tag_id, min, max, avg, last, good_share, count, integral, known_s)
    select date_bin('${width}', time, timestamptz '2000-01-01 00:00+00') as wide, tag_id,
      min(min), max(max), sum(${integral}) / nullif(sum(${seconds}), 0),
      (array_agg(last order by time desc))[1],
      coalesce(sum(good_share * count) / nullif(sum(count), 0), 0)::real, sum(count),
      sum(${integral}), sum(${seconds})
    from ${from} where time >= $1 and time < $2 group by wide, tag_id
    on conflict (tag_id, time) do update set min = excluded.min, max = excluded.max,
      avg = excluded.avg, last = excluded.last, good_share = excluded.good_share,
      count = excluded.count, integral = excluded.integral, known_s = excluded.known_s`;
}

const ROLL_UP_HOUR = rollUp('sample_1h', 'sample_1m', '1 hour', [
  'coalesce(integral, avg * 60)',
  'coalesce(known_s, case when avg is null then 0 else 60 end)',
]);
const ROLL_UP_DAY = rollUp('sample_1d', 'sample_1h', '1 day', ['integral', 'known_s']);

interface DueHour extends Record<string, unknown> {
  readonly ms: number;
  readonly changes: number;
}

/**
 * On PostgreSQL alone: rolls up hours whose minutes changed, and the days they lie in; gives how
 * many hours. On TimescaleDB continuous aggregates do this.
 */
export async function rollUpHoursDue(db: SqlDatabase, nowMs = Date.now()): Promise<number> {
  const { rows } = await db.query<DueHour>(
    `select (extract(epoch from hour) * 1000)::float8 as ms, changes::float8 as changes
     from recorded_hour where rolled_up < changes
       and (rolled_up_at is null or hour < $1 or rolled_up_at < $2) order by hour limit $3`,
    [
      new Date(nowMs - HOUR_MS - RUNNING_EVERY_MS).toISOString(),
      new Date(nowMs - RUNNING_EVERY_MS).toISOString(),
      HOURS_AT_ONCE,
    ],
  );
  const days = new Set(rows.map(({ ms }) => Math.floor(ms / (24 * HOUR_MS)) * 24 * HOUR_MS));
  await db.transaction(async (client) => {
    for (const { ms } of rows) await client.query(ROLL_UP_HOUR, span(ms, HOUR_MS));
    for (const ms of days) await client.query(ROLL_UP_DAY, span(ms, 24 * HOUR_MS));
    await client.query(
      `update recorded_hour h set rolled_up = r.changes, rolled_up_at = to_timestamp($2)
       from jsonb_to_recordset($1::jsonb) as r(ms float8, changes bigint)
       where h.hour = to_timestamp(r.ms / 1000)`,
      [JSON.stringify(rows), nowMs / 1_000],
    );
  });
  return rows.length;
}

function span(fromMs: number, widthMs: number): string[] {
  return [new Date(fromMs).toISOString(), new Date(fromMs + widthMs).toISOString()];
}
