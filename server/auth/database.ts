import type { QueryResultRow } from 'pg';

/** What this room needs of the database; a `pg` pool is one. */
export interface Database {
  query<R extends QueryResultRow>(
    sql: string,
    values?: unknown[],
  ): Promise<{ readonly rows: R[]; readonly rowCount: number | null }>;
}

/**
 * Whether an error means that the database cannot be asked now (down, starting, full, timed out), so that
 * trying again may help. SQLSTATE classes 22, 23 and 42 are the fault of the statement or its data.
 */
export function isDatabaseAway(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return !/^(22|23|42)[0-9A-Z]{3}$/.test(code);
}
