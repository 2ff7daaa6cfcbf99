import type { QueryResultRow } from 'pg';
import type { TagDefinition } from '../../plc/model/tag.ts';
import type { History } from '../contract/rest.ts';
import type { Sql } from '../db/pool-handle.ts';
import { BUCKETS_RAW, BUCKETS_ROLLED_UP, LAST_BEFORE, RAW } from './history-sql.ts';

export type Point = History['series'][number]['points'][number];

export interface HistoryRequest {
  readonly tags: readonly Pick<TagDefinition, 'name' | 'unit'>[];
  readonly fromMs: number;
  readonly toMs: number;
  /** Most points of one tag, 10..2000. */
  readonly points: number;
}

/**
 * A tag that does not change is stored again every 15 minutes; when nothing at all came for longer
 * than this, its value is not known any more.
 */
export const HOLD_MS = 16 * 60_000;
/** From this width on buckets are made from the one-minute rollups. */
const ROLLUP_BUCKET_MS = 3 * 60_000;
/** A bucket gives its least, its greatest, and where it ends unknown a gap. */
const POINTS_PER_BUCKET = 3;
/** Points kept free for the ends of the window. */
const POINTS_AT_ENDS = 4;
const GAP_QUALITY = 3;

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
  for (const { name, unit } of request.tags) {
    series.push({ tag: name, unit, points: await readSeries(db, name, request) });
  }
  return { series };
}

async function readSeries(db: Sql, name: string, request: HistoryRequest): Promise<Point[]> {
  const found = await db.query<{ tag_id: number }>('select tag_id from tag where name = $1', [
    name,
  ]);
  const tagId = found.rows[0]?.tag_id;
  if (tagId === undefined) return [];
  const { fromMs, toMs } = request;
  const limit = request.points - POINTS_AT_ENDS;
  const window = [tagId, new Date(fromMs).toISOString(), new Date(toMs).toISOString()];
  const before = await db.query<PointRow>(LAST_BEFORE, window.slice(0, 2));
  const raw = await db.query<PointRow>(RAW, [...window, limit + 1]);
  // Gaps by silence add points: they count against the limit too.
  const whole = withSilence([...before.rows, ...raw.rows].map(pointOf), Math.min(toMs, Date.now()));
  const points =
    raw.rows.length <= limit && whole.length <= limit
      ? whole
      : [...before.rows.map(pointOf), ...(await readBuckets(db, window, request, limit))];
  return cutToWindow(points, fromMs, Math.min(toMs, Date.now()));
}

const pointOf = (row: PointRow): Point => [row.time_ms, row.value, row.quality];

async function readBuckets(
  db: Sql,
  window: readonly unknown[],
  { fromMs, toMs }: HistoryRequest,
  limit: number,
): Promise<Point[]> {
  const buckets = Math.max(1, Math.floor(limit / POINTS_PER_BUCKET));
  const widthMs = Math.ceil((toMs - fromMs) / buckets);
  const rolledUp = widthMs >= ROLLUP_BUCKET_MS;
  const statement = rolledUp ? BUCKETS_ROLLED_UP : BUCKETS_RAW;
  const { rows } = await db.query<PointRow>(statement, [...window, `${widthMs} milliseconds`]);
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
