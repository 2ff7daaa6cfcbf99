import type { QueryResultRow } from 'pg';
import { DatabaseDownError } from '../db/pool-handle.ts';

/** What this room needs of the database; a `pg` pool is one. */
export interface Database {
  query<R extends QueryResultRow>(
    sql: string,
    values?: unknown[],
  ): Promise<{ readonly rows: R[]; readonly rowCount: number | null }>;
}

/** What `pg` says without a code when a connection is lost or cannot be had. */
const CONNECTION_LOST = /^(Connection terminated|timeout exceeded|Query read timeout|Client )/;

/**
 * Whether an error means that the database cannot be asked now (down, starting, full, timed out).
 * SQLSTATE classes 22, 23 and 42 are the fault of the statement or its data, and errors of our own
 * are neither.
 */
export function isDatabaseAway(error: unknown): boolean {
  if (error instanceof DatabaseDownError) return true;
  if (!(error instanceof Error)) return false;
  if ('code' in error && typeof error.code === 'string') {
    return !/^(22|23|42)[0-9A-Z]{3}$/.test(error.code) && !error.code.startsWith('ERR_');
  }
  return CONNECTION_LOST.test(error.message);
}
