import { fileURLToPath } from 'node:url';
import { runner } from 'node-pg-migrate';
import pg from 'pg';
import type { Log } from '../log.ts';

/** How history is stored: TimescaleDB's hypertables, or PostgreSQL's own partitions. */
export type HistoryStorage = 'timescale' | 'plain';

const folder = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/**
 * Brings the tables up to date, forward only; several servers that start at once wait for each
 * other. Which storage history has is decided when its tables are made, and stays.
 */
export async function migrate(databaseUrl: string, log: Log): Promise<HistoryStorage> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 5_000 });
  client.on('error', (error) => log.warn('database connection lost while migrating', { error }));
  await client.connect();
  try {
    const storage = await historyStorage(client, log);
    await run(client, 'migrations', 'migration', log);
    await run(client, `history-${storage}`, `migration_history_${storage}`, log);
    return storage;
  } finally {
    await client.end();
  }
}

async function run(client: pg.Client, dir: string, table: string, log: Log): Promise<void> {
  const done = await runner({
    dbClient: client,
    dir: folder(dir),
    direction: 'up',
    migrationsTable: table,
    advisoryLockMode: 'wait',
    verbose: false,
    logger: { info: () => {}, warn: (text) => log.warn(text), error: (text) => log.error(text) },
  });
  if (done.length > 0) log.info('database tables changed', { steps: done.map(({ name }) => name) });
}

/**
 * What is there already, else TimescaleDB where it is offered with its full licence, else plain.
 */
async function historyStorage(client: pg.Client, log: Log): Promise<HistoryStorage> {
  const { rows } = await client.query<{ relkind: string }>(
    "select relkind from pg_class where oid = to_regclass('sample')",
  );
  if (rows[0] !== undefined) return rows[0].relkind === 'p' ? 'plain' : 'timescale';
  return (await timescaleIsOffered(client, log)) ? 'timescale' : 'plain';
}

async function timescaleIsOffered(client: pg.Client, log: Log): Promise<boolean> {
  const offered = await client.query(
    "select 1 from pg_available_extensions where name = 'timescaledb'",
  );
  if (offered.rowCount === 0) return false;
  try {
    await client.query('create extension if not exists timescaledb');
    const { rows } = await client.query<{ license: string }>(
      "select current_setting('timescaledb.license') as license",
    );
    if (rows[0]?.license === 'timescale') return true;
    log.info('TimescaleDB has the Apache licence, without compression: using plain partitions');
  } catch (error) {
    // Not preloaded, or this user may not create extensions: history works without it.
    log.info('TimescaleDB is there but cannot be used: using plain partitions', { error });
  }
  return false;
}
