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

interface Made {
  readonly name: string;
  readonly url: string;
  readonly storage: HistoryStorage;
}

/**
 * A real PostgreSQL for the tests of one file: started once, a database of its own for each test.
 * With `TEST_DATABASE_URL` it is the server of that address, which may make databases; they are
 * taken away again.
 */
export class TestCluster {
  readonly dataDir = mkdtempSync(join(tmpdir(), 'mill-db-'));
  readonly log = new KeptLog();
  readonly postgres = new EmbeddedPostgres(this.dataDir, this.log);
  readonly #foreignUrl = process.env['TEST_DATABASE_URL'] ?? '';
  readonly #pools: PoolHandle[] = [];
  readonly #names: string[] = [`test_${process.pid}_0`];
  #url = '';
  #count = 0;
  /** The tables, made once; null until then. */
  #template: Promise<Made> | null = null;

  async start(): Promise<this> {
    this.#url = this.isForeign ? this.#foreignUrl : await this.postgres.start();
    return this;
  }

  /** Whether the server is somebody's own: no test may kill it. */
  get isForeign(): boolean {
    return this.#foreignUrl !== '';
  }

  async database(): Promise<TestDatabase> {
    // A server of somebody's own may have TimescaleDB, whose databases are not to be copied.
    const { url, storage } = this.isForeign ? await this.#migrated() : await this.#copied();
    const pool = new PoolHandle({ connectionsMax: 4, statementTimeoutMs: 30_000 }, (error) =>
      this.log.warn('connection lost', { error }),
    );
    pool.open(url);
    this.#pools.push(pool);
    return { url, pool, storage };
  }

  async #migrated(): Promise<Made> {
    const made = await this.#create();
    return { ...made, storage: await migrate(made.url, this.log) };
  }

  async #copied(): Promise<Made> {
    this.#template ??= this.#migrated();
    const { name: template, storage } = await this.#template;
    return { ...(await this.#create(` template ${template}`)), storage };
  }

  async #create(how = ''): Promise<{ readonly name: string; readonly url: string }> {
    this.#count += 1;
    const name = `test_${process.pid}_${this.#count}`;
    this.#names.push(name);
    const client = new pg.Client({ connectionString: this.#url });
    await client.connect();
    await client.query(`create database ${name}${how}`);
    await client.end();
    return { name, url: this.#url.replace(/\/[^/]*$/, `/${name}`) };
  }

  async stop(): Promise<void> {
    await Promise.all(this.#pools.map((pool) => pool.close()));
    if (this.isForeign) await this.#takeAway();
    else await this.postgres.stop();
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  /** Each database of a test, with what a restore put beside it. */
  async #takeAway(): Promise<void> {
    const client = new pg.Client({ connectionString: this.#url });
    await client.connect();
    const { rows } = await client.query<{ name: string }>(
      'select datname as name from pg_database where datname like any($1)',
      [this.#names.map((name) => `${name}%`)],
    );
    for (const { name } of rows) {
      await client.query(`drop database if exists ${pg.escapeIdentifier(name)} with (force)`);
    }
    await client.end();
  }
}
