import type { QueryResultRow } from 'pg';
import type { TagDefinition } from '../../plc/model/tag.ts';
import type { FEWER_BY, History } from '../contract/history.ts';
import type { Sql } from '../db/pool-handle.ts';
import {
  BUCKETS_RAW,
  bucketsRolledUp,
  LAST_BEFORE,
  MORE_THAN,
  RAW,
  tableFor,
} from './history-sql.ts';
import { lttb } from './lttb.ts';
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
  const { fromMs, toMs } = request;
  if (request.by === 'lttb') {
    const points = request.points * EXTREMES_PER_POINT;
    return lttb(await readSeries(db, tagId, { ...request, points, by: 'min-max' }), request.points);
  }
  const limit = request.points - POINTS_AT_ENDS;
  const window = [tagId, fromMs, toMs];
  const before = await db.query<PointRow>(LAST_BEFORE, window.slice(0, 2));
  const endMs = Math.min(toMs, Date.now());
  const { rows } = await db.query<{ more: boolean }>(MORE_THAN, [...window, limit]);
  if (rows[0]?.more !== true) {
    const raw = await db.query<PointRow>(RAW, [...window, limit + 1]);
    // Gaps by silence add points: they count against the limit too.
    const whole = withSilence([...before.rows, ...raw.rows].map(pointOf), endMs);
    if (whole.length <= limit) return cutToWindow(whole, fromMs, endMs);
  }
  const fewer = await readBuckets(db, tagId, request, limit);
  return cutToWindow([...before.rows.map(pointOf), ...fewer], fromMs, endMs);
}

const pointOf = (row: PointRow): Point => [row.time_ms, row.value, row.quality];

async function readBuckets(
  db: Sql,
  tagId: number,
  { fromMs, toMs }: HistoryRequest,
  limit: number,
): Promise<Point[]> {
  const buckets = Math.max(1, Math.floor(limit / POINTS_PER_BUCKET));
  const widthMs = Math.ceil((toMs - fromMs) / buckets);
  const table = tableFor(widthMs);
  const { rows } =
    table === 'sample'
      ? await db.query<PointRow>(BUCKETS_RAW, [tagId, fromMs, toMs, widthMs])
      : await db.query<PointRow>(bucketsRolledUp(table), [
          tagId,
          isoOf(fromMs),
          isoOf(toMs),
          `${widthMs} milliseconds`,
        ]);
  return rows.map(pointOf);
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
