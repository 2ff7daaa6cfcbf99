import type { ClientConfig, PoolClient, QueryConfig, QueryResult, QueryResultRow } from 'pg';
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

/** A statement that was cancelled is answered within this; else the connection is dead, ms. */
const ANSWER_SLACK_MS = 2_000;
/** A server whose network is gone is seen by its database after 25 s, not after hours. */
const SEEN_DEAD_AFTER =
  '-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3';
/** Whether the database answers at all is known after this, ms. */
const PING_MS = 3_000;

export interface PoolLimits {
  readonly connectionsMax: number;
  /**
   * A statement that takes longer is cancelled by the database, ms. A database that falls silent
   * without a farewell (cable, switch, power) is given up a moment later.
   */
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
      query_timeout: this.#limits.statementTimeoutMs + ANSWER_SLACK_MS,
      // The other side gives up a server that fell silent, and the rows that it has locked.
      idle_in_transaction_session_timeout: this.#limits.statementTimeoutMs,
      options: SEEN_DEAD_AFTER,
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

  /** Whether the database answers. @throws what `pg` throws when it does not within 3 s. */
  async ping(): Promise<void> {
    const question: QueryConfig & ClientConfig = { text: 'select 1', query_timeout: PING_MS };
    await this.#opened().query(question);
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
      // Whoever does not answer one statement will not answer another: the database rolls back.
      broken ??= isSilence(error) ? error : await rollBack(client);
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

/** `pg` gives the answer that did not come no code, only this message. */
function isSilence(error: unknown): error is Error {
  return error instanceof Error && error.message === 'Query read timeout';
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
