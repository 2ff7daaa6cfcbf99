import type { QueryResultRow } from 'pg';
import type { TagDefinition } from '../../plc/model/tag.ts';
import type { FEWER_BY, History } from '../contract/history.ts';
import type { Sql } from '../db/pool-handle.ts';
import type { Rollup } from './history-sql.ts';
import {
  BUCKETS_RAW,
  bucketsRolledUp,
  isKept,
  LAST_BEFORE,
  MORE_THAN,
  RAW,
  ROLLUP_MS,
  tableFor,
} from './history-sql.ts';
import { lttb } from './lttb.ts';
import type { HistoryTable } from './partitions.ts';
import { HISTORY_TABLES } from './partitions.ts';
import type { Point } from './points.ts';
import { GAP_QUALITY, HOLD_MS, isoOf, tagIdsOf } from './points.ts';

export type NamedTag = Pick<TagDefinition, 'name' | 'unit'>;

export interface HistoryRequest {
  readonly tags: readonly NamedTag[];
  readonly fromMs: number;
  readonly toMs: number;
  /** Most points of one tag, 10..2000. */
  readonly points: number;
  /** Extremes unless said otherwise. */
  readonly by?: (typeof FEWER_BY)[number];
}

/**
 * The extremes that LTTB chooses from, per point of the answer: enough for it to find what it would
 * find among all samples (MinMaxLTTB, Van Der Donckt et al., 2023).
 */
const EXTREMES_PER_POINT = 4;
/** A bucket gives its least, its greatest, and where it ends unknown a gap. */
const POINTS_PER_BUCKET = 3;
/** Points kept free for the ends of the window. */
const POINTS_AT_ENDS = 4;

interface PointRow extends QueryResultRow {
  readonly time_ms: number;
  readonly value: number | null;
  readonly quality: number;
}

/**
 * History of some tags, made smaller by the database so that a tag has at most `points` points: all
 * stored ones where they are few, else least and greatest of each stretch of time, so that no peak
 * is lost. A null value begins a gap. What the tag was at `from` begins the series, what it still
 * is ends it.
 */
export async function readHistory(db: Sql, request: HistoryRequest): Promise<History> {
  const series: History['series'] = [];
  const ids = await tagIdsOf(
    db,
    request.tags.map(({ name }) => name),
  );
  for (const { name, unit } of request.tags) {
    const tagId = ids.get(name);
    const points = tagId === undefined ? [] : await readSeries(db, tagId, request);
    series.push({ tag: name, unit, points });
  }
  return { series };
}

async function readSeries(db: Sql, tagId: number, request: HistoryRequest): Promise<Point[]> {
  const { fromMs } = request;
  if (request.by === 'lttb') {
    const points = request.points * EXTREMES_PER_POINT;
    return lttb(await readSeries(db, tagId, { ...request, points, by: 'min-max' }), request.points);
  }
  const [before, stored] = await Promise.all([
    db.query<PointRow>(LAST_BEFORE, [tagId, fromMs]),
    readStored(db, tagId, request),
  ]);
  const endMs = endOf(request);
  const known = [...before.rows.map(pointOf), ...stored.points];
  return cutToWindow(stored.isWhole ? withSilence(known, endMs) : known, fromMs, endMs);
}

const pointOf = (row: PointRow): Point => [row.time_ms, row.value, row.quality];

const endOf = ({ toMs }: HistoryRequest): number => Math.min(toMs, Date.now());

/** What stands for a window: all samples of it, or some in their stead. */
interface Stored {
  readonly points: readonly Point[];
  readonly isWhole: boolean;
}

/**
 * From the table that has the right number of rows for so many points; where its rows of that time
 * have been dropped, from the next wider one. Where they have not, nothing was stored: a wider row
 * that begins in the window would tell what came after it.
 */
async function readStored(db: Sql, tagId: number, request: HistoryRequest): Promise<Stored> {
  const limit = request.points - POINTS_AT_ENDS;
  const buckets = Math.max(1, Math.floor(limit / POINTS_PER_BUCKET));
  const widthMs = Math.ceil((request.toMs - request.fromMs) / buckets);
  const tables = HISTORY_TABLES.slice(HISTORY_TABLES.indexOf(tableFor(widthMs)));
  for (const [place, table] of tables.entries()) {
    const stored = await (table === 'sample'
      ? fromSamples(db, tagId, request, { limit, widthMs })
      : fromRollup(db, tagId, request, { limit, widthMs, table }));
    const wider = tables[place + 1];
    if (stored.points.length > 0 || wider === undefined || wider === 'sample') return stored;
    if (!(await isDropped(db, tagId, request, { table, wider }))) break;
  }
  return { points: [], isWhole: true };
}

/** Whether a table has nothing left of all that a wider one would tell of the window. */
async function isDropped(
  db: Sql,
  tagId: number,
  { fromMs, toMs }: HistoryRequest,
  { table, wider }: { readonly table: HistoryTable; readonly wider: Rollup },
): Promise<boolean> {
  if (toMs - fromMs < ROLLUP_MS[wider]) return false;
  const untilMs = toMs + ROLLUP_MS[wider];
  const until = table === 'sample' ? untilMs : isoOf(untilMs);
  const { rows } = await db.query<{ kept: boolean }>(isKept(table), [tagId, until]);
  return rows[0]?.kept === false;
}

/** Most points, and the width of a bucket. */
interface Size {
  readonly limit: number;
  readonly widthMs: number;
}

async function fromSamples(
  db: Sql,
  tagId: number,
  request: HistoryRequest,
  { limit, widthMs }: Size,
): Promise<Stored> {
  const window = [tagId, request.fromMs, request.toMs];
  const { rows } = await db.query<{ more: boolean }>(MORE_THAN, [...window, limit]);
  const whole = rows[0]?.more === true ? null : await wholeOf(db, tagId, request, limit);
  if (whole !== null) return { points: whole, isWhole: true };
  const fewer = await db.query<PointRow>(BUCKETS_RAW, [...window, widthMs]);
  return { points: fewer.rows.map(pointOf), isWhole: false };
}

/**
 * A rollup knows how many samples it stands for: where those are few and still there, they are
 * told.
 */
async function fromRollup(
  db: Sql,
  tagId: number,
  request: HistoryRequest,
  { limit, widthMs, table }: Size & { readonly table: Rollup },
): Promise<Stored> {
  const { fromMs, toMs } = request;
  const { rows } = await db.query<PointRow & { samples: number }>(bucketsRolledUp(table), [
    ...[tagId, isoOf(fromMs), isoOf(toMs)],
    `${Math.max(widthMs, ROLLUP_MS[table])} milliseconds`,
  ]);
  const samples = rows[0]?.samples ?? 0;
  const rowMs = ROLLUP_MS[table];
  const inRows = {
    samples,
    fromMs: Math.ceil(fromMs / rowMs) * rowMs,
    toMs: Math.floor(toMs / rowMs) * rowMs,
  };
  const whole = samples > limit ? null : await wholeOf(db, tagId, request, limit, inRows);
  if (whole !== null) return { points: whole, isWhole: true };
  return { points: rows.map(pointOf), isWhole: false };
}

/** How many samples a rollup says that there were in its rows from here to there. */
interface InRows {
  readonly samples: number;
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * All samples, with gaps by silence, which count too; null where they are too many, or some have
 * been dropped.
 */
async function wholeOf(
  db: Sql,
  tagId: number,
  request: HistoryRequest,
  limit: number,
  inRows: InRows | null = null,
): Promise<Point[] | null> {
  const window = [tagId, request.fromMs, request.toMs];
  const { rows } = await db.query<PointRow>(RAW, [...window, limit + 1]);
  const whole = withSilence(rows.map(pointOf), endOf(request));
  if (whole.length > limit) return null;
  if (inRows === null) return whole;
  const { samples, fromMs, toMs } = inRows;
  const there = rows.filter(({ time_ms }) => time_ms >= fromMs && time_ms < toMs).length;
  return there < samples ? null : whole;
}

/** Puts a gap where nothing was stored for longer than a value holds. */
function withSilence(points: readonly Point[], endMs: number): Point[] {
  const result: Point[] = [];
  points.forEach((point, at) => {
    result.push(point);
    const nextMs = points[at + 1]?.[0] ?? endMs;
    if (point[1] !== null && nextMs - point[0] > HOLD_MS) {
      result.push([point[0] + HOLD_MS, null, GAP_QUALITY]);
    }
  });
  return result;
}

/**
 * Begins the series at `fromMs` with what was known before, and ends it at `endMs` with what still
 * holds.
 */
function cutToWindow(points: readonly Point[], fromMs: number, endMs: number): Point[] {
  const before = points.filter(([timeMs]) => timeMs < fromMs).at(-1);
  const result = points.filter(([timeMs]) => timeMs >= fromMs);
  if (before !== undefined && before[1] !== null && fromMs - before[0] <= HOLD_MS) {
    result.unshift([fromMs, before[1], before[2]]);
  }
  const last = result.at(-1);
  if (last !== undefined && last[1] !== null && endMs > last[0] && endMs - last[0] <= HOLD_MS) {
    result.push([endMs, last[1], last[2]]);
  }
  return result;
}
