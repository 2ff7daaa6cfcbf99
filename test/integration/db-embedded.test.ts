/**
 * Goal: the database that comes with the system looks after itself: one that outlived its server is
 * taken over, a dead one is started again, what was stored is still there, and nobody else may look
 * into it.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Database } from '../../server/db/database.ts';
import { databaseAccount } from '../../server/db/embedded/account.ts';
import { EmbeddedPostgres } from '../../server/db/embedded/embedded-postgres.ts';
import { isAlive, readPostmasterFile } from '../../server/db/embedded/postmaster-file.ts';
import { DatabaseDownError, PoolHandle } from '../../server/db/pool-handle.ts';
import { Maintenance } from '../../server/maintenance/maintenance.ts';
import { KeptLog } from '../support/database.ts';
import { root } from '../support/sources.ts';
import { until } from '../support/until.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'mill-embedded-'));
const log = new KeptLog();
let database = new Database({ databaseUrl: null, dataDir, log });

async function isUp(of: Database): Promise<void> {
  await until('the database up', () => of.up, {
    withinMs: 60_000,
    last: () => log.lines.join('\n'),
  });
}

function clusterFile(): { directory: string; port: number } {
  return JSON.parse(readFileSync(join(dataDir, 'pg', 'cluster.json'), 'utf8'));
}

/** 0 while none runs. */
function postmasterPid(): number {
  return readPostmasterFile(clusterFile().directory)?.pid ?? 0;
}

beforeAll(async () => {
  database.start();
  await isUp(database);
});
afterAll(async () => {
  await database.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

test('before it is up every query is refused as such', async () => {
  const early = new Database({ databaseUrl: null, dataDir, log });
  await expect(early.people.query('select 1')).rejects.toThrow(DatabaseDownError);
});

test('the password is random, for the server alone, and nobody gets in without it', async () => {
  const file = join(dataDir, 'pg', 'password');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readFileSync(file, 'utf8').length).toBeGreaterThanOrEqual(32);
  const stranger = new Database({
    databaseUrl: `postgres://postgres:guess@127.0.0.1:${clusterFile().port}/mill`,
    dataDir,
    log,
  });
  stranger.start();
  await until('the refusal', () => stranger.fault !== null);
  expect(stranger.fault).toContain('password authentication failed');
  await stranger.stop();
});

test('a slow statement of people is cut off and leaves the records alone', async () => {
  const { port } = clusterFile();
  const password = encodeURIComponent(readFileSync(join(dataDir, 'pg', 'password'), 'utf8'));
  const people = new PoolHandle({ connectionsMax: 1, statementTimeoutMs: 200 }, () => {});
  people.open(`postgres://postgres:${password}@127.0.0.1:${port}/mill`);
  const slow = expect(people.query('select pg_sleep(60)')).rejects.toThrow(/statement timeout/);
  const { rows } = await database.records.query('select 1 as one');
  expect(rows).toEqual([{ one: 1 }]);
  await slow;
  await people.close();
});

test('killed, it comes back by itself on the same port with what was stored', async () => {
  await database.records.query('create table if not exists kept (n integer)');
  await database.records.query('insert into kept values (1)');
  const [pid, { port }] = [postmasterPid(), clusterFile()];
  process.kill(pid, 'SIGKILL');
  const rows = await until('an answer from the new one', async () => {
    const answer = await database.records.query('select n from kept').catch(() => null);
    return answer !== null && postmasterPid() !== pid ? answer.rows : null;
  });
  expect(rows).toEqual([{ n: 1 }]);
  expect(clusterFile().port).toBe(port);
  await isUp(database);
});

test('one that outlived its killed server is taken over, not started a second time', async () => {
  await database.stop();
  const program = `
    const { Database } = await import('${root}/server/db/database.ts');
    const log = { info() {}, warn() {}, error() {} };
    const database = new Database({ databaseUrl: null, dataDir: '${dataDir}', log });
    database.onChange((up) => up && console.log('up'));
    database.start();`;
  const server = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise((up) => server.stdout.once('data', up));
  const pid = postmasterPid();
  server.kill('SIGKILL');
  await new Promise((gone) => server.once('exit', gone));
  expect(isAlive(pid)).toBe(true);
  database = new Database({ databaseUrl: null, dataDir, log });
  database.start();
  await isUp(database);
  expect(postmasterPid()).toBe(pid);
  expect((await database.people.query('select n from kept')).rows).toEqual([{ n: 1 }]);
  // It is now this server's to stop.
  await database.stop();
  expect(isAlive(pid)).toBe(false);
  database = new Database({ databaseUrl: null, dataDir, log });
  database.start();
  await isUp(database);
});

test('a file left by a process that is gone is no hindrance', async () => {
  const file = join(clusterFile().directory, 'postmaster.pid');
  const left = readFileSync(file, 'utf8');
  await database.stop();
  // The number now belongs to this test: alive, but no PostgreSQL.
  writeFileSync(file, left.replace(/^\d+/, String(process.pid)));
  database = new Database({ databaseUrl: null, dataDir, log });
  database.start();
  await isUp(database);
  expect(postmasterPid()).not.toBe(process.pid);
});

test('stopping it twice, or before it was started, is nothing special', async () => {
  const idle = new EmbeddedPostgres(join(dataDir, 'idle'), log);
  await idle.stop();
  await idle.stop();
});

test('maintenance makes partitions ahead and can be stopped at any time', async () => {
  const disk = { folder: () => database.folder, totalBytes: null };
  const care = new Maintenance({ database, log, disk });
  await care.round();
  const { rows } = await database.records.query<{ n: number }>(
    "select count(*)::int as n from pg_inherits where inhparent = 'sample'::regclass",
  );
  // Today, three days ahead, and the default one.
  expect(rows[0]?.n).toBeGreaterThanOrEqual(5);
  care.start();
  await care.stop();
  await care.stop();
});

test('PostgreSQL never runs as root: an account that owns nothing is lent to it', () => {
  const passwd = join(dataDir, 'passwd');
  writeFileSync(passwd, 'root:x:0:0::/root:/bin/sh\nnobody:x:65534:65533::/:/bin/false\n');
  expect(databaseAccount(0, passwd)).toEqual({ name: 'nobody', uid: 65_534, gid: 65_533 });
  expect(databaseAccount(1_000, passwd)).toBeNull();
  writeFileSync(passwd, 'root:x:0:0::/root:/bin/sh\n');
  expect(() => databaseAccount(0, passwd)).toThrow('useradd');
});
