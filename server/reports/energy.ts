import type { Mill } from '../../plc/mill/definition.ts';
import type { ProductionReport } from '../contract/production-report.ts';
import type { Sql } from '../db/pool-handle.ts';
import { HOLD_MS, isoOf } from '../historian/points.ts';
import type { Period } from './period.ts';

/** Role of the tag in which a drive counts its energy, kWh. */
const COUNTER = 'kWh';

/**
 * By how much each counter of `$1` (names) rose from `$2` to `$3` (ms): through its value at the
 * beginning, or the first one after it, those at the ends of the hours, and the last. A counter
 * that fell has begun anew, with its drive or with its controller; what it counted between the end
 * of the hour before and then is not known and left out.
 */
const RISES = `
  with counter as (select tag_id, device from tag where name = any($1::text[])), point as (
    select c.tag_id, s.time::float8 as ms, s.value from counter c cross join lateral (
      select time, value from sample
      where tag_id = c.tag_id and time <= $2 and time >= $2::bigint - ${HOLD_MS}
        and value is not null
      order by time desc limit 1
    ) s
    union all
    select c.tag_id, s.time::float8, s.value from counter c cross join lateral (
      select time, value from sample
      where tag_id = c.tag_id and time > $2 and time <= $3 and value is not null
      order by time limit 1
    ) s
    union all
    select c.tag_id, extract(epoch from h.time + interval '1 hour')::float8 * 1000, h.last
    from counter c join sample_1h h using (tag_id)
    where h.time >= $4::timestamptz - interval '1 hour'
      and h.time <= $5::timestamptz - interval '1 hour' and h.last is not null
    union all
    select c.tag_id, s.time::float8, s.value from counter c cross join lateral (
      select time, value from sample
      where tag_id = c.tag_id and time > $2 and time <= $3 and value is not null
      order by time desc limit 1
    ) s
  ), rise as (
    select tag_id, value, lag(value) over (partition by tag_id order by ms, value) as before
    from point
  )
  select c.device, sum(case when value >= before then value - before
    when before is not null then value else 0 end)::float8 as kwh
  from rise join counter c using (tag_id) group by c.device`;

interface RiseRow extends Record<string, unknown> {
  readonly device: string;
  readonly kwh: number;
}

/** Electricity that the drives of each area took in a period, kWh; the largest first. */
export async function energyOf(
  db: Sql,
  { tags, devices, areas }: Pick<Mill, 'tags' | 'devices' | 'areas'>,
  { fromMs, toMs }: Period,
): Promise<ProductionReport['energy']['areas']> {
  const counters = tags.filter(({ role }) => role === COUNTER).map(({ name }) => name);
  const { rows } = await db.query<RiseRow>(RISES, [
    counters,
    fromMs,
    toMs,
    isoOf(fromMs),
    isoOf(toMs),
  ]);
  const areaOf = new Map(devices.map(({ id, area }) => [id, area]));
  const byArea = new Map<string, number>();
  for (const { device, kwh } of rows) {
    const area = areaOf.get(device) ?? '';
    byArea.set(area, (byArea.get(area) ?? 0) + kwh);
  }
  return areas
    .map(({ id, text }) => ({ area: id, text, kWh: byArea.get(id) ?? 0 }))
    .filter(({ kWh }) => kWh > 0)
    .toSorted((a, b) => b.kWh - a.kWh);
}
