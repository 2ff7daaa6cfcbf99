import type { PoolClient, QueryResult, QueryResultRow } from 'pg';
import pg from 'pg';

/** What answers statements: a pool, or one connection within a transaction. */
export interface Sql {
  query<R extends QueryResultRow>(sql: string, values?: unknown[]): Promise<{ rows: R[] }>;
}

/** As much of a pool as history needs; a test may put another PostgreSQL behind it. */
export interface SqlDatabase extends Sql {
  transaction<T>(work: (client: Sql) => Promise<T>): Promise<T>;
}

/** The database cannot be asked now; it is being brought back, so trying again later helps. */
export class DatabaseDownError extends Error {
  constructor(cause?: unknown) {
    super('The database is not up yet', { cause });
    this.name = 'DatabaseDownError';
  }
}

export interface PoolLimits {
  readonly connectionsMax: number;
  /** A statement that takes longer is cancelled by the database, ms. */
  readonly statementTimeoutMs: number;
}

/**
 * A pool of connections for one kind of work, usable before the database is up: then every query is
 * refused with `DatabaseDownError`. Whoever waits longer than 3 s for a connection is refused too.
 */
export class PoolHandle {
  readonly #limits: PoolLimits;
  readonly #lost: (error: Error) => void;
  #pool: pg.Pool | null = null;

  constructor(limits: PoolLimits, lost: (error: Error) => void) {
    this.#limits = limits;
    this.#lost = lost;
  }

  open(databaseUrl: string): void {
    if (this.#pool !== null) return;
    this.#pool = new pg.Pool({
      connectionString: databaseUrl,
      max: this.#limits.connectionsMax,
      connectionTimeoutMillis: 3_000,
      idleTimeoutMillis: 30_000,
      statement_timeout: this.#limits.statementTimeoutMs,
      keepAlive: true,
    });
    this.#pool.on('error', this.#lost);
  }

  async close(): Promise<void> {
    const pool = this.#pool;
    this.#pool = null;
    await pool?.end();
  }

  /**
   * One statement. @throws {DatabaseDownError} before the database is up; else what `pg` throws.
   */
  async query<R extends QueryResultRow>(sql: string, values?: unknown[]): Promise<QueryResult<R>> {
    return this.#opened().query<R>(sql, values);
  }

  /**
   * Several statements that are stored all or not at all. An error rolls back and is thrown; a
   * connection that broke is not used again.
   */
  async transaction<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    const client = await this.#opened().connect();
    let broken: Error | undefined;
    const onLost = (error: Error) => {
      broken = error;
      this.#lost(error);
    };
    client.on('error', onLost);
    try {
      await client.query('begin');
      const result = await work(client);
      await client.query('commit');
      return result;
    } catch (error) {
      broken ??= await rollBack(client);
      throw error;
    } finally {
      client.off('error', onLost);
      client.release(broken);
    }
  }

  #opened(): pg.Pool {
    if (this.#pool === null) throw new DatabaseDownError();
    return this.#pool;
  }
}

/** The error that makes the connection unusable, if rolling back failed too. */
async function rollBack(client: PoolClient): Promise<Error | undefined> {
  try {
    await client.query('rollback');
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
