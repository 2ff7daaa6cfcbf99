import type { QueryResultRow } from 'pg';
import type { HistoryAligned, HistoryAt, HistoryCalculated } from '../contract/history.ts';
import type { Sql } from '../db/pool-handle.ts';
import type { Expression } from './expression.ts';
import { evaluate, tagsOf } from './expression.ts';
import type { NamedTag } from './history.ts';
import type { Rollup } from './history-sql.ts';
import { ROLLUP_MS } from './history-sql.ts';
import { GAP_QUALITY, HOLD_MS, isoOf, msOf, tagIdsOf } from './points.ts';

interface AtRow extends QueryResultRow {
  readonly tag_id: number;
  readonly time_ms: number;
  readonly value: number | null;
  readonly quality: number;
}

/** The newest sample of each tag of `$1` at `$2` (ms), if a value of then may still hold. */
const AT = `
  select t.tag_id, s.time::float8 as time_ms, s.value, s.quality
  from unnest($1::integer[]) as t(tag_id)
  cross join lateral (
    select time, value, quality from sample
    where tag_id = t.tag_id and time <= $2 and time >= $2::bigint - ${HOLD_MS}
    order by time desc limit 1
  ) s`;

/** What tags were at a time, and since when that was stored. */
export async function readAt(
  db: Sql,
  tags: readonly NamedTag[],
  timeMs: number,
): Promise<HistoryAt> {
  const ids = await tagIdsOf(
    db,
    tags.map(({ name }) => name),
  );
  const { rows } = await db.query<AtRow>(AT, [[...ids.values()], timeMs]);
  const byId = new Map(rows.map((row) => [row.tag_id, row]));
  return tags.map(({ name, unit }) => {
    const row = byId.get(ids.get(name) ?? 0);
    return {
      tag: name,
      unit,
      time: row === undefined ? null : isoOf(row.time_ms),
      value: row?.value ?? null,
      quality: row?.quality ?? GAP_QUALITY,
    };
  });
}

export interface AlignedRequest {
  readonly tags: readonly NamedTag[];
  readonly fromMs: number;
  readonly toMs: number;
  /** Most steps, 10..2000. */
  readonly points: number;
}

interface StepRow extends QueryResultRow {
  readonly tag_id: number;
  readonly step_ms: number;
  /** Until when the value is known to have been there. */
  readonly known_ms: number;
  readonly value: number | null;
}

const SECOND_MS = 1_000;

/** A step is a whole number of rows of the table that answers, which has them at whole times. */
function stepsOf({ fromMs, toMs, points }: AlignedRequest) {
  const wantedMs = Math.max(SECOND_MS, (toMs - fromMs) / points);
  const table = (['sample_1d', 'sample_1h', 'sample_1m'] as const).find(
    (rollup) => wantedMs >= ROLLUP_MS[rollup],
  );
  const rowMs = table === undefined ? SECOND_MS : ROLLUP_MS[table];
  const stepMs = Math.ceil(wantedMs / rowMs) * rowMs;
  const startMs = Math.floor(fromMs / rowMs) * rowMs;
  // Rounding outwards must not give more steps than were asked for.
  const count = Math.min(points, Math.ceil((toMs - startMs) / stepMs));
  return { table, stepMs, startMs, count };
}

/**
 * `$1` tag ids, `$2` from, `$3` to, `$4` step, ms: the last value within each step that has one.
 * The newest row of a step is found by its time alone; its value is fetched by the key.
 */
const LAST_OF_STEPS = `
  with step as (
    select tag_id, (time - $2::bigint) / $4::bigint as number, max(time) as time
    from sample where tag_id = any($1::integer[]) and time >= $2 and time < $3 group by 1, 2
  )
  select step.tag_id, ($2::bigint + step.number * $4::bigint)::float8 as step_ms,
    step.time::float8 as known_ms, row.value
  from step join sample row on row.tag_id = step.tag_id and row.time = step.time
  order by step.tag_id, step.number`;

/** As `LAST_OF_STEPS` from a rollup; times are ISO 8601 and the step an interval. */
function lastOfRolledUp(table: Rollup): string {
  return `
    with step as (
      select tag_id, date_bin($4::interval, time, $2::timestamptz) as begin, max(time) as time
      from ${table} where tag_id = any($1::integer[]) and time >= $2 and time < $3 group by 1, 2
    )
    select step.tag_id, ${msOf('step.begin')} as step_ms,
      ${msOf('step.time')} + ${ROLLUP_MS[table]} as known_ms, row.last as value
    from step join ${table} row on row.tag_id = step.tag_id and row.time = step.time
    order by step.tag_id, step.begin`;
}

/**
 * Several tags at the same times: what each was at the end of every step, as a controller that
 * looks once a step would have seen it. The step follows from the window and `points`.
 */
export async function readAligned(db: Sql, request: AlignedRequest): Promise<HistoryAligned> {
  const { table, stepMs, startMs, count } = stepsOf(request);
  const { tags } = request;
  const ids = await tagIdsOf(
    db,
    tags.map(({ name }) => name),
  );
  const begin = await db.query<AtRow>(AT, [[...ids.values()], startMs - 1]);
  const endMs = startMs + count * stepMs;
  const { rows } =
    table === undefined
      ? await db.query<StepRow>(LAST_OF_STEPS, [[...ids.values()], startMs, endMs, stepMs])
      : await db.query<StepRow>(lastOfRolledUp(table), [
          [...ids.values()],
          isoOf(startMs),
          isoOf(endMs),
          `${stepMs} milliseconds`,
        ]);
  const byTag = Map.groupBy(rows, ({ tag_id }) => tag_id);
  const times = Array.from({ length: count }, (_, at) => startMs + at * stepMs);
  const series = tags.map(({ name, unit }) => {
    const id = ids.get(name) ?? 0;
    const before = begin.rows.find(({ tag_id }) => tag_id === id);
    const held = { knownMs: before?.time_ms ?? 0, value: before?.value ?? null };
    return { tag: name, unit, values: carried(times, stepMs, held, byTag.get(id) ?? []) };
  });
  return { stepMs, times, series };
}

/** Carries values on over steps without one, for as long as a value holds. */
function carried(
  times: readonly number[],
  stepMs: number,
  before: { readonly knownMs: number; readonly value: number | null },
  rows: readonly StepRow[],
): (number | null)[] {
  const byStep = new Map(rows.map((row) => [Math.round(row.step_ms), row]));
  let { knownMs, value } = before;
  return times.map((timeMs) => {
    const row = byStep.get(timeMs);
    if (row !== undefined) ({ known_ms: knownMs, value } = row);
    return row !== undefined || timeMs + stepMs - knownMs <= HOLD_MS ? value : null;
  });
}

/** A formula of tags over the steps of a window. */
export async function readCalculated(
  db: Sql,
  expression: Expression,
  window: Omit<AlignedRequest, 'tags'>,
): Promise<HistoryCalculated> {
  const tags = tagsOf(expression).map((name) => ({ name, unit: '' as const }));
  const { stepMs, times, series } = await readAligned(db, { ...window, tags });
  const byTag = new Map(series.map(({ tag, values }) => [tag, values]));
  const points = times.map((timeMs, at): [number, number | null] => [
    timeMs,
    evaluate(expression, (tag) => byTag.get(tag)?.[at] ?? null),
  ]);
  return { stepMs, points };
}
