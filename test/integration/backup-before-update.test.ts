/**
 * Goal: a newer version of the system backs up the tables of the one before it before it changes
 * them; where that cannot be done it changes nothing, and says why.
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { Database } from '../../server/db/database.ts';
import { EmbeddedPostgres } from '../../server/db/embedded/embedded-postgres.ts';
import { migrate, migrationIsDue, migrationsOf } from '../../server/db/migrate.ts';
import { PoolHandle } from '../../server/db/pool-handle.ts';
import { backUpBeforeUpdate } from '../../server/maintenance/backup/before-update.ts';
import { BackupFile } from '../../server/maintenance/backup/read-backup.ts';
import { KeptLog } from '../support/database.ts';
import { until } from '../support/until.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'mill-update-'));
const backups = join(dataDir, 'backups');
const log = new KeptLog();
const postgres = new EmbeddedPostgres(dataDir, log);
const EARLIER = migrationsOf('migrations').slice(0, 2);
let url: string;

beforeAll(async () => {
  url = await postgres.start();
});
afterAll(async () => {
  await postgres.stop();
  rmSync(dataDir, { recursive: true, force: true });
});
/** The tables of an earlier version with a user in them. */
beforeEach(async () => {
  rmSync(backups, { recursive: true, force: true });
  const pool = new PoolHandle({ connectionsMax: 1, statementTimeoutMs: 30_000 }, () => {});
  pool.open(url);
  await pool.query('drop schema public cascade');
  await pool.query('create schema public');
  const historyMigrations = migrationsOf('history-plain').slice(0, 1);
  await migrate(url, log, { storage: 'plain', migrations: EARLIER, historyMigrations });
  await pool.query(
    `insert into app_user (user_name, full_name, role, password_hash)
     values ('lan', 'Lan', 'engineer', 'x')`,
  );
  await pool.close();
});

/** The server's own way to its database. */
function newerVersion(): Database {
  const beforeMigration = (at: string) => backUpBeforeUpdate(at, dataDir, log);
  return new Database({ databaseUrl: url, dataDir, log, beforeMigration });
}

test('the backup holds the tables as they were, and then they are changed', async () => {
  const database = newerVersion();
  database.start();
  await until('the database up', () => database.up, { withinMs: 60_000 });
  const [file, ...others] = readdirSync(backups);
  expect(others).toEqual([]);
  const backup = await BackupFile.open(join(backups, file ?? ''));
  expect(backup.manifest.migrations).toEqual(EARLIER);
  const users = backup.manifest.tables.find(({ name }) => name === 'app_user');
  expect(users?.rows).toBe(1);
  await backup.close();
  const { rows } = await database.people.query('select user_name from app_user');
  expect(rows).toEqual([{ user_name: 'lan' }]);
  expect(await migrationIsDue(url)).toBe(false);
  await database.stop();
});

test('without a change of tables none is taken', async () => {
  await migrate(url, log);
  const database = newerVersion();
  database.start();
  await until('the database up', () => database.up, { withinMs: 60_000 });
  await database.stop();
  expect(() => readdirSync(backups)).toThrow(/ENOENT/);
});

test('where it cannot be taken the tables stay as they are, and it is said', async () => {
  // A file lies where the backups would.
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(backups, '');
  const database = newerVersion();
  database.start();
  await until('the fault', () => database.fault !== null, { withinMs: 60_000 });
  expect(database.up).toBe(false);
  expect(database.fault).toMatch(/backup/i);
  expect(await migrationIsDue(url)).toBe(true);
  // As soon as there is room for it, the update goes on by itself.
  rmSync(backups);
  await until('the database up', () => database.up, { withinMs: 60_000 });
  expect(readdirSync(backups)).toHaveLength(1);
  await database.stop();
});
