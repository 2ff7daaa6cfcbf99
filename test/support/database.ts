import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { EmbeddedPostgres } from '../../server/db/embedded/embedded-postgres.ts';
import type { HistoryStorage } from '../../server/db/migrate.ts';
import { migrate } from '../../server/db/migrate.ts';
import { PoolHandle } from '../../server/db/pool-handle.ts';
import type { Log } from '../../server/log.ts';

/** Keeps what was logged, for tests that ask for it. */
export class KeptLog implements Log {
  readonly lines: string[] = [];
  info(message: string, details?: object): void {
    this.lines.push(`info ${message} ${JSON.stringify(details ?? {})}`);
  }
  warn(message: string, details?: object): void {
    this.lines.push(`warn ${message} ${JSON.stringify(details ?? {})}`);
  }
  error(message: string, details?: object): void {
    this.lines.push(`error ${message} ${JSON.stringify(details ?? {})}`);
  }
}

/** One database of a test, with all tables, empty. */
export interface TestDatabase {
  readonly url: string;
  readonly pool: PoolHandle;
  readonly storage: HistoryStorage;
}

/**
 * A real PostgreSQL for the tests of one file: started once, a database of its own for each test.
 */
export class TestCluster {
  readonly dataDir = mkdtempSync(join(tmpdir(), 'mill-db-'));
  readonly log = new KeptLog();
  readonly postgres = new EmbeddedPostgres(this.dataDir, this.log);
  readonly #pools: PoolHandle[] = [];
  #url = '';
  #count = 0;

  async start(): Promise<this> {
    this.#url = await this.postgres.start();
    return this;
  }

  async database(): Promise<TestDatabase> {
    this.#count += 1;
    const name = `test_${this.#count}`;
    const client = new pg.Client({ connectionString: this.#url });
    await client.connect();
    await client.query(`create database ${name}`);
    await client.end();
    const url = this.#url.replace(/\/[^/]*$/, `/${name}`);
    const storage = await migrate(url, this.log);
    const pool = new PoolHandle({ connectionsMax: 4, statementTimeoutMs: 30_000 }, (error) =>
      this.log.warn('connection lost', { error }),
    );
    pool.open(url);
    this.#pools.push(pool);
    return { url, pool, storage };
  }

  async stop(): Promise<void> {
    await Promise.all(this.#pools.map((pool) => pool.close()));
    await this.postgres.stop();
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}
