import { readdirSync } from 'node:fs';
import { parse } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runner } from 'node-pg-migrate';
import pg from 'pg';
import type { Log } from '../log.ts';

/** How history is stored: TimescaleDB's hypertables, or PostgreSQL's own partitions. */
export type HistoryStorage = 'timescale' | 'plain';

/** Tables as an earlier version had them: the migrations of that version, by name. */
export interface EarlierTables {
  readonly storage: HistoryStorage;
  readonly migrations: readonly string[];
  readonly historyMigrations: readonly string[];
}

const folder = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/**
 * Brings the tables up to date, forward only; several servers that start at once wait for each
 * other. Which storage history has is decided when its tables are made, and stays. `until` stops at
 * the tables of an earlier version, for a backup of it.
 */
export async function migrate(
  databaseUrl: string,
  log: Log,
  until?: EarlierTables,
): Promise<HistoryStorage> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 5_000 });
  client.on('error', (error) => log.warn('database connection lost while migrating', { error }));
  await client.connect();
  try {
    const storage = until?.storage ?? (await historyStorage(client, log));
    if (until?.storage === 'timescale') {
      await client.query('create extension if not exists timescaledb');
    }
    const history = `history-${storage}`;
    await run(client, 'migrations', 'migration', log, until?.migrations);
    await run(client, history, `migration_history_${storage}`, log, until?.historyMigrations);
    return storage;
  } finally {
    await client.end();
  }
}

/** Whether there are tables, and this version would change them. */
export async function migrationIsDue(databaseUrl: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 5_000 });
  client.on('error', () => {});
  await client.connect();
  try {
    const { rows } = await client.query<{ common: boolean; plain: boolean; timescale: boolean }>(
      `select to_regclass('migration') is not null as common,
         to_regclass('migration_history_plain') is not null as plain,
         to_regclass('migration_history_timescale') is not null as timescale`,
    );
    const [found] = rows;
    if (found === undefined || !found.common || found.plain === found.timescale) return false;
    const storage = found.plain ? 'plain' : 'timescale';
    const done = await client.query<{ name: string }>(
      `select name from migration union all select name from migration_history_${storage}`,
    );
    const names = new Set(done.rows.map(({ name }) => name));
    return [...migrationsOf('migrations'), ...migrationsOf(`history-${storage}`)].some(
      (name) => !names.has(name),
    );
  } finally {
    await client.end();
  }
}

/** Names of the migrations in a folder, in order. */
export function migrationsOf(dir: string): string[] {
  const files = readdirSync(folder(dir)).filter((file) => file.endsWith('.sql'));
  return files.sort().map((file) => parse(file).name);
}

async function run(
  client: pg.Client,
  dir: string,
  table: string,
  log: Log,
  until?: readonly string[],
): Promise<void> {
  const known = migrationsOf(dir);
  const other = until?.find((name, at) => known[at] !== name);
  if (other !== undefined) {
    throw new Error(`this version does not know the tables of ${other}: a newer one made them`);
  }
  const done = await runner({
    dbClient: client,
    dir: folder(dir),
    direction: 'up',
    migrationsTable: table,
    advisoryLockMode: 'wait',
    ...(until === undefined ? {} : { count: until.length }),
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
