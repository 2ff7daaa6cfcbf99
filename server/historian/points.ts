import type { History } from '../contract/history.ts';
import type { Sql } from '../db/pool-handle.ts';

/** Time ms, value (null begins a gap), quality code. */
export type Point = History['series'][number]['points'][number];

/**
 * A tag that does not change is stored again every 15 minutes; when nothing at all came for longer
 * than this, its value is not known any more.
 */
export const HOLD_MS = 16 * 60_000;
export const GAP_QUALITY = 3;

/** The database's ids of tags by name; a tag that was never stored has none. */
export async function tagIdsOf(db: Sql, names: readonly string[]): Promise<Map<string, number>> {
  const { rows } = await db.query<{ name: string; tag_id: number }>(
    'select name, tag_id from tag where name = any($1::text[])',
    [[...names]],
  );
  return new Map(rows.map(({ name, tag_id }) => [name, tag_id]));
}

export const isoOf = (timeMs: number): string => new Date(timeMs).toISOString();

/** A time column as ms since 1970. */
export const msOf = (column: string): string => `(extract(epoch from ${column}) * 1000)::float8`;
