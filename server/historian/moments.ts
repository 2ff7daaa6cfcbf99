import type { QueryResultRow } from 'pg';
import { qualityCode } from '../../plc/model/quality.ts';
import type { TagDefinition } from '../../plc/model/tag.ts';
import type { HistoryAligned, HistoryAt, HistoryCalculated } from '../contract/history.ts';
import type { HistoryStorage } from '../db/migrate.ts';
import type { Sql } from '../db/pool-handle.ts';
import type { Expression } from './expression.ts';
import { evaluate } from './expression.ts';
import type { NamedTag } from './history.ts';
import type { Rollup } from './history-sql.ts';
import { ROLLUP_MS } from './history-sql.ts';
import { GAP_QUALITY, HOLD_MS, isoOf, tagIdsOf } from './points.ts';

/** A tag as questions name it; one that is stored by lines has their bound. */
type AskedTag = NamedTag & Pick<TagDefinition, 'lineBound'>;

interface AtRow extends QueryResultRow {
  readonly tag_id: number;
  readonly time_ms: number;
  readonly value: number | null;
  readonly quality: number;
  /** The next sample of a tag that is stored by lines; null: not one, or none yet. */
  readonly next_ms: number | null;
  readonly next_value: number | null;
}

/**
 * The newest sample of each tag of `$1` at `$2` (ms), if a value of then may still hold, and of
 * those of `$3` the sample that ends the line from there.
 */
const AT = `
  select t.tag_id, s.time::float8 as time_ms, s.value, s.quality,
    n.time::float8 as next_ms, n.value as next_value
  from unnest($1::integer[]) as t(tag_id)
  cross join lateral (
    select time, value, quality from sample
    where tag_id = t.tag_id and time <= $2 and time >= $2::bigint - ${HOLD_MS}
    order by time desc limit 1
  ) s
  left join lateral (
    select time, value from sample
    where t.tag_id = any($3::integer[]) and tag_id = t.tag_id
      and time > $2 and time <= $2::bigint + ${HOLD_MS}
    order by time limit 1
  ) n on true`;

/** A sample as lines are drawn from it. */
interface Known {
  readonly timeMs: number;
  readonly value: number | null;
  readonly quality: number;
}

const GOOD = qualityCode('good');

/**
 * What a tag was at a time between two samples: a tag that is stored by lines was on the line
 * between them (swinging door), any other was still what it was. A gap has no line to it, and from
 * a value that is not good none begins: of such a one each change is stored.
 */
function between(from: Known, to: Omit<Known, 'quality'> | null, timeMs: number): number | null {
  if (from.value === null || to === null || to.value === null) return from.value;
  if (from.quality !== GOOD) return from.value;
  const lineMs = to.timeMs - from.timeMs;
  if (lineMs <= 0 || lineMs > HOLD_MS) return from.value;
  return from.value + ((to.value - from.value) * (timeMs - from.timeMs)) / lineMs;
}

function endOf({ next_ms, next_value }: AtRow): Omit<Known, 'quality'> | null {
  return next_ms === null ? null : { timeMs: next_ms, value: next_value };
}

/** The ids of those tags that are stored by lines. */
function byLines(tags: readonly AskedTag[], ids: ReadonlyMap<string, number>): number[] {
  return tags.flatMap(({ name, lineBound }) =>
    lineBound === undefined ? [] : (ids.get(name) ?? []),
  );
}

/** What tags were at a time, and since when that was stored. */
export async function readAt(
  db: Sql,
  tags: readonly AskedTag[],
  timeMs: number,
): Promise<HistoryAt> {
  const ids = await tagIdsOf(
    db,
    tags.map(({ name }) => name),
  );
  const { rows } = await db.query<AtRow>(AT, [[...ids.values()], timeMs, byLines(tags, ids)]);
  const byId = new Map(rows.map((row) => [row.tag_id, row]));
  return tags.map(({ name, unit }) => {
    const row = byId.get(ids.get(name) ?? 0);
    return {
      tag: name,
      unit,
      time: row === undefined ? null : isoOf(row.time_ms),
      value:
        row === undefined ? null : between({ ...row, timeMs: row.time_ms }, endOf(row), timeMs),
      quality: row?.quality ?? GAP_QUALITY,
    };
  });
}

export interface AlignedRequest {
  readonly tags: readonly AskedTag[];
  readonly fromMs: number;
  readonly toMs: number;
  /** Most steps, 10..2000. */
  readonly points: number;
  /** What the database keeps history in: that decides how the rows are found. */
  readonly storage: HistoryStorage;
}

interface StepRow extends QueryResultRow {
  readonly tag_id: number;
  readonly step_ms: number;
  /** Until when the value is known to have been there. */
  readonly known_ms: number;
  readonly value: number | null;
  /** Of a sample alone: rollups are not drawn by lines. */
  readonly quality?: number;
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
 * `$1` tag ids, `$2` from, `$3` to, `$4` step, ms: the first or the last value within each step
 * that has one. Its row is found by its time alone; its value is fetched by the key.
 */
function edgeOfSteps(edge: 'min' | 'max'): string {
  return `
  with step as (
    select tag_id, (time - $2::bigint) / $4::bigint as number, ${edge}(time) as time
    from sample where tag_id = any($1::integer[]) and time >= $2 and time < $3 group by 1, 2
  )
  select step.tag_id, ($2::bigint + step.number * $4::bigint)::float8 as step_ms,
    step.time::float8 as known_ms, row.value, row.quality
  from step join sample row on row.tag_id = step.tag_id and row.time = step.time
  order by step.tag_id, step.number`;
}

const FIRST_OF_STEPS = edgeOfSteps('min');
const LAST_OF_STEPS = edgeOfSteps('max');

/** As `LAST_OF_STEPS` from a rollup; times are ISO 8601 and the step an interval. */
function lastOfRolledUp(table: Rollup): string {
  return `
    with step as (
      select tag_id, date_bin($4::interval, time, $2::timestamptz) as begin,
        max(array[date_part('epoch', time), last]) as last
      from ${table} where tag_id = any($1::integer[]) and time >= $2 and time < $3 group by 1, 2
    )
    select tag_id, 1000 * date_part('epoch', begin) as step_ms,
      1000 * last[1] + ${ROLLUP_MS[table]} as known_ms, last[2] as value
    from step order by tag_id, begin`;
}

/** With so many rows to a step it is quicker to look one up by the key than to read all. */
const ROWS_TO_SEEK = 4;

/**
 * As `lastOfRolledUp`, each row looked up by the key: a third of the time where a row is found at
 * once, thrice as long where a batch of compressed rows is opened for each.
 */
function soughtLastOfRolledUp(table: Rollup): string {
  return `
    select t.tag_id, 1000 * date_part('epoch', step.begin) as step_ms,
      1000 * date_part('epoch', row.time) + ${ROLLUP_MS[table]} as known_ms, row.last as value
    from unnest($1::integer[]) as t(tag_id)
    cross join generate_series($2::timestamptz, $3::timestamptz - interval '1 ms', $4::interval)
      as step(begin)
    cross join lateral (
      select time, last from ${table}
      where tag_id = t.tag_id and time >= step.begin and time < step.begin + $4::interval
        and time >= $2 and time < $3
      order by time desc limit 1
    ) row
    order by 1, 2`;
}

/** Where a window begins and ends, and its steps. */
interface Steps {
  readonly startMs: number;
  readonly endMs: number;
  readonly stepMs: number;
  readonly storage: HistoryStorage;
}

/** What tags were last in each step, and first where the lines between samples are to be known. */
async function readSteps(
  db: Sql,
  table: Rollup | undefined,
  { startMs, endMs, stepMs, storage }: Steps,
  ids: readonly number[],
  lines: readonly number[],
): Promise<{ last: Map<number, StepRow[]>; first: Map<number, StepRow[]> }> {
  const perTag = (rows: readonly StepRow[]) => Map.groupBy(rows, ({ tag_id }) => tag_id);
  if (table !== undefined) {
    const seeks = storage === 'plain' && stepMs >= ROWS_TO_SEEK * ROLLUP_MS[table];
    const sql = seeks ? soughtLastOfRolledUp(table) : lastOfRolledUp(table);
    const { rows } = await db.query<StepRow>(sql, [
      ids,
      isoOf(startMs),
      isoOf(endMs),
      `${stepMs} milliseconds`,
    ]);
    return { last: perTag(rows), first: new Map() };
  }
  const last = await db.query<StepRow>(LAST_OF_STEPS, [ids, startMs, endMs, stepMs]);
  if (lines.length === 0) return { last: perTag(last.rows), first: new Map() };
  // A line that is under way at the end of the window ends within the time that a value holds.
  const reachMs = endMs + HOLD_MS;
  const first = await db.query<StepRow>(FIRST_OF_STEPS, [lines, startMs, reachMs, stepMs]);
  return { last: perTag(last.rows), first: perTag(first.rows) };
}

/**
 * Several tags at the same times: what each was at the end of every step, as a controller that
 * looks once a step would have seen it. The step follows from the window and `points`. In steps of
 * a minute and more, a tag that is stored by lines is what its last sample was, at most a minute
 * ago.
 */
export async function readAligned(db: Sql, request: AlignedRequest): Promise<HistoryAligned> {
  const { table, stepMs, startMs, count } = stepsOf(request);
  const { tags, storage } = request;
  const ids = await tagIdsOf(
    db,
    tags.map(({ name }) => name),
  );
  const all = [...ids.values()];
  const lines = byLines(tags, ids);
  const begin = await db.query<AtRow>(AT, [all, startMs - 1, []]);
  const window = { startMs, endMs: startMs + count * stepMs, stepMs, storage };
  const { last, first } = await readSteps(db, table, window, all, lines);
  const times = Array.from({ length: count }, (_, at) => startMs + at * stepMs);
  const series = tags.map(({ name, unit }) => {
    const id = ids.get(name) ?? 0;
    const before = begin.rows.find(({ tag_id }) => tag_id === id);
    const held = {
      timeMs: before?.time_ms ?? 0,
      value: before?.value ?? null,
      quality: before?.quality ?? GAP_QUALITY,
    };
    const values = carried(times, stepMs, held, last.get(id) ?? [], first.get(id) ?? []);
    return { tag: name, unit, values };
  });
  return { stepMs, times, series };
}

/**
 * Carries values on over steps without one, for as long as a value holds; along the line to the
 * first sample of a later step, where `first` has those.
 */
function carried(
  times: readonly number[],
  stepMs: number,
  before: Known,
  last: readonly StepRow[],
  first: readonly StepRow[],
): (number | null)[] {
  const byStep = new Map(last.map((row) => [Math.round(row.step_ms), row]));
  let known = before;
  let ahead = 0;
  return times.map((timeMs) => {
    const endMs = timeMs + stepMs;
    const row = byStep.get(timeMs);
    if (row !== undefined) {
      known = { timeMs: row.known_ms, value: row.value, quality: row.quality ?? GAP_QUALITY };
    }
    while ((first[ahead]?.known_ms ?? Number.POSITIVE_INFINITY) < endMs) ahead += 1;
    const next = first[ahead];
    const line = next === undefined ? null : { timeMs: next.known_ms, value: next.value };
    return row !== undefined || endMs - known.timeMs <= HOLD_MS
      ? between(known, line, endMs)
      : null;
  });
}

/** A formula over the steps of a window, of tags that are asked for with it. */
export async function readCalculated(
  db: Sql,
  expression: Expression,
  request: AlignedRequest,
): Promise<HistoryCalculated> {
  const { stepMs, times, series } = await readAligned(db, request);
  const byTag = new Map(series.map(({ tag, values }) => [tag, values]));
  const points = times.map((timeMs, at): [number, number | null] => [
    timeMs,
    evaluate(expression, (tag) => byTag.get(tag)?.[at] ?? null),
  ]);
  return { stepMs, points };
}
