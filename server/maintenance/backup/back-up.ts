import { createHash } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import type { HistoryStorage } from '../../db/migrate.ts';
import type { BackupTable, Manifest, TellProgress } from './manifest.ts';
import { BACKUP_FORMAT, BackupError, MANIFEST, MANIFEST_SUM } from './manifest.ts';
import type { TablePlan } from './tables.ts';
import { planTables } from './tables.ts';
import { TarWriter } from './tar.ts';

export interface BackupRequest {
  readonly databaseUrl: string;
  /** A file that is not there yet, or a folder, in which the file is named for the time. */
  readonly target: string;
  readonly version: string;
  readonly nowMs: number;
  readonly tell?: TellProgress;
  /** Ends it early: nothing of it stays. */
  readonly signal?: AbortSignal;
}

export interface BackupResult {
  readonly file: string;
  readonly bytes: number;
  readonly manifest: Manifest;
}

/** Fast rather than small: COPY's zeros go either way. */
const GZIP_LEVEL = 1;

function fileOf(target: string, nowMs: number): string {
  const path = resolve(target);
  const stamp = new Date(nowMs).toISOString().slice(0, 19).replaceAll(':', '').replace('T', '-');
  const isFolder = /[\\/]$/.test(target) || (existsSync(path) && statSync(path).isDirectory());
  const file = isFolder ? join(path, `mill-${stamp}.backup`) : path;
  if (existsSync(file)) throw new BackupError(`${file} is there already; name another file`);
  return file;
}

async function storageOf(client: pg.Client): Promise<HistoryStorage> {
  const { rows } = await client.query<{ relkind: string }>(
    "select relkind from pg_class where oid = to_regclass('public.sample')",
  );
  if (rows[0] === undefined) {
    throw new BackupError('this database holds no mill: the server has never run on it');
  }
  return rows[0].relkind === 'p' ? 'plain' : 'timescale';
}

async function namesOf(client: pg.Client, table: string): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(`select name from ${table} order by id`);
  return rows.map(({ name }) => name);
}

/** Copies one table into the archive. */
async function copyTable(
  client: pg.Client,
  tar: TarWriter,
  plan: TablePlan,
  passed: (bytes: number) => void,
): Promise<BackupTable> {
  const hash = createHash('sha256');
  const member = `tables/${plan.name}.copy.gz`;
  const select = `select ${plan.columns.join(', ')} from ${plan.source}`;
  const sql = `copy (${select}) to stdout (format binary)`;
  const source = client.query(copyTo(sql));
  const count = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      passed(chunk.length);
      done(null, chunk);
    },
  });
  const seal = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  const bytes = await tar.add(member, (into) =>
    pipeline(source, count, createGzip({ level: GZIP_LEVEL }), seal, into),
  );
  const { name, columns, partition, aggregate } = plan;
  const rows = source.rowCount;
  return { name, columns, partition, aggregate, member, bytes, rows, sha256: hash.digest('hex') };
}

/** Lets the server know of it; tables of before that was kept know nothing. */
async function writeDown(client: pg.Client, { file, bytes, manifest }: BackupResult) {
  const known = await client.query("select to_regclass('backup_log') is not null as yes");
  if (known.rows[0]?.yes !== true) return;
  const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0);
  await client.query(
    `insert into backup_log (taken, file, bytes, rows) values ($1, $2, $3, $4)
     on conflict (taken) do nothing`,
    [manifest.taken, file, bytes, rows],
  );
}

async function addText(tar: TarWriter, name: string, text: string): Promise<void> {
  await tar.add(name, async (into) => {
    into.end(text);
    await new Promise<void>((done, fail) => into.once('finish', done).once('error', fail));
  });
}

async function copyAll(client: pg.Client, tar: TarWriter, request: BackupRequest) {
  const { tell } = request;
  const storage = await storageOf(client);
  const plans = await planTables(client, storage);
  // Nobody may drop one of them while it waits for its turn.
  const names = plans.filter(({ aggregate }) => !aggregate).map(({ name }) => name);
  await client.query(`lock table ${names.join(', ')} in access share mode`);
  const totalBytes = plans.reduce((sum, { sizeBytes }) => sum + sizeBytes, 1);
  const tables: BackupTable[] = [];
  let doneBytes = 0;
  for (const plan of plans) {
    request.signal?.throwIfAborted();
    let passed = 0;
    const told = (bytes: number) => {
      passed = Math.min(plan.sizeBytes, passed + bytes);
      tell?.({ step: plan.name, share: (doneBytes + passed) / totalBytes });
    };
    tables.push(await copyTable(client, tar, plan, told));
    doneBytes += plan.sizeBytes;
  }
  const sequences = await client.query<{ name: string; value: string }>(
    `select sequencename as name, last_value as value from pg_sequences
     where schemaname = 'public' and last_value is not null
       and sequencename !~ '^migration' order by 1`,
  );
  const about = await client.query<{ taken: Date; database: string; version: string }>(
    `select now() as taken, current_database() as database,
       current_setting('server_version') as version`,
  );
  return {
    format: BACKUP_FORMAT,
    version: request.version,
    taken: about.rows[0]?.taken.toISOString() ?? '',
    database: about.rows[0]?.database ?? '',
    serverVersion: about.rows[0]?.version ?? '',
    storage,
    migrations: await namesOf(client, 'migration'),
    historyMigrations: await namesOf(client, `migration_history_${storage}`),
    tables,
    sequences: sequences.rows.map(({ name, value }) => ({ name, value: Number(value) })),
  } satisfies Manifest;
}

/**
 * Writes one file with everything that the database holds at one moment (a REPEATABLE READ
 * snapshot), while the mill runs on: each table by binary COPY, and a manifest with rows and
 * SHA-256 of each. The file appears under its name only when it is whole and on the disk.
 * @throws {BackupError} when it cannot be made; the message says what the engineer must mend.
 */
export async function backUp(request: BackupRequest): Promise<BackupResult> {
  const file = fileOf(request.target, request.nowMs);
  await mkdir(dirname(file), { recursive: true });
  const unfinished = `${file}.unfinished`;
  const client = new pg.Client({ connectionString: request.databaseUrl });
  client.on('error', () => {});
  const leave = () => void client.end().catch(() => {});
  request.signal?.addEventListener('abort', leave, { once: true });
  try {
    await client.connect();
    const handle = await open(unfinished, 'w', 0o600);
    try {
      await client.query('begin transaction isolation level repeatable read, read only');
      const tar = new TarWriter(handle, request.nowMs);
      const manifest = await copyAll(client, tar, request);
      await client.query('commit');
      const text = `${JSON.stringify(manifest, null, 1)}\n`;
      await addText(tar, MANIFEST, text);
      await addText(tar, MANIFEST_SUM, createHash('sha256').update(text).digest('hex'));
      await tar.end();
      await handle.close();
      await rename(unfinished, file);
      const result = { file, bytes: statSync(file).size, manifest };
      await writeDown(client, result);
      return result;
    } finally {
      await handle.close().catch(() => {});
    }
  } catch (error) {
    await rm(unfinished, { force: true });
    if (error instanceof BackupError) throw error;
    const code = error instanceof Error && 'code' in error ? error.code : '';
    const words = error instanceof Error ? error.message : String(error);
    if (code === 'ENOSPC') throw new BackupError(`the disk of ${dirname(file)} is full`, error);
    throw new BackupError(`no backup was made: ${words}`, error);
  } finally {
    request.signal?.removeEventListener('abort', leave);
    await client.end().catch(() => {});
  }
}
