import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { migrate } from '../../db/migrate.ts';
import { PoolHandle } from '../../db/pool-handle.ts';
import type { Log } from '../../log.ts';
import { verifyChains } from '../verify-chains.ts';
import type { BackupTable, Manifest, TellProgress } from './manifest.ts';
import { BackupError } from './manifest.ts';
import { BackupFile } from './read-backup.ts';
import { connectBeside, DatabaseSwap } from './swap.ts';
import { brokenReferences, targetOf } from './tables.ts';

export interface RestoreRequest {
  readonly databaseUrl: string;
  readonly file: string;
  readonly nowMs: number;
  readonly log: Log;
  readonly tell?: TellProgress;
}

export interface RestoreResult {
  readonly manifest: Manifest;
  readonly rows: number;
  readonly streams: number;
  readonly entries: number;
  /** Name under which what was there before is kept; null where nothing was. */
  readonly kept: string | null;
}

/** Fills one table; @throws when other rows came out than went in. */
async function fill(client: pg.Client, backup: BackupFile, table: BackupTable): Promise<void> {
  const { name, columns, partition } = table;
  if (partition !== null && partition.bound !== 'DEFAULT') {
    await client.query(
      `create table if not exists ${name} partition of ${partition.of} ${partition.bound}`,
    );
  }
  const target = await targetOf(client, table);
  // What a migration puts into a new database is in the backup as well, as it was left.
  if (!table.aggregate) {
    const { rowCount } = await client.query(`select 1 from ${target} limit 1`);
    if (rowCount !== 0) await client.query(`delete from ${target}`);
  }
  const into = client.query(
    copyFrom(`copy ${target} (${columns.join(', ')}) from stdin (format binary)`),
  );
  await pipeline(backup.read(table), createGunzip(), into);
  if (into.rowCount !== table.rows) {
    throw new BackupError(`${name}: ${into.rowCount} rows came in, ${table.rows} were backed up`);
  }
}

async function load(client: pg.Client, backup: BackupFile, tell?: TellProgress): Promise<void> {
  const { tables, sequences } = backup.manifest;
  const total = tables.reduce((sum, { bytes }) => sum + bytes, 1);
  let done = 0;
  for (const table of tables) {
    tell?.({ step: `${table.name}, ${table.rows} rows`, share: done / total });
    await fill(client, backup, table);
    done += table.bytes;
  }
  for (const { name, value } of sequences) {
    await client.query('select setval(to_regclass($1), $2)', [name, value]);
  }
}

/** Counts rows and follows references. @throws {BackupError} with everything that is wrong. */
async function checkRows(client: pg.Client, manifest: Manifest, tell?: TellProgress) {
  const faults: string[] = [];
  tell?.({ step: 'counting rows', share: 0 });
  for (const table of manifest.tables) {
    const target = await targetOf(client, table);
    const { rows } = await client.query<{ n: number }>(`select count(*)::float8 n from ${target}`);
    const n = rows[0]?.n ?? -1;
    if (n !== table.rows) faults.push(`${table.name}: ${n} rows, ${table.rows} were backed up`);
  }
  tell?.({ step: 'checking references', share: 0.5 });
  refuse([...faults, ...(await brokenReferences(client))]);
}

function refuse(faults: readonly string[]): void {
  if (faults.length === 0) return;
  throw new BackupError(`what was restored is not what was backed up:\n${faults.join('\n')}`);
}

/** Recomputes every hash of the records. @throws {BackupError} with everything that is wrong. */
async function checkRecords(url: string, tell?: TellProgress) {
  const db = new PoolHandle({ connectionsMax: 1, statementTimeoutMs: 600_000 }, () => {});
  db.open(url);
  try {
    const chains = await verifyChains(db, (done, of) =>
      tell?.({ step: `verifying records, ${done} of ${of}`, share: done / of }),
    );
    refuse(chains.faults);
    return chains;
  } finally {
    await db.close();
  }
}

/**
 * Restores a backup into a new database beside the one in use, verifies it, and only then gives it
 * the other's name; what was there is kept under another name. At any fault, or when it is cut off,
 * the database in use is as it was.
 * @throws {BackupError} saying what is wrong and who must act.
 */
export async function restore(request: RestoreRequest): Promise<RestoreResult> {
  const { databaseUrl, file, log, tell } = request;
  const backup = await BackupFile.open(file, tell);
  const { manifest } = backup;
  const beside = await connectBeside(databaseUrl);
  const swap = new DatabaseSwap(beside, databaseUrl, request.nowMs);
  try {
    await swap.refuseWhileInUse();
    const url = await swap.create();
    const { storage, migrations, historyMigrations } = manifest;
    const until = { storage, migrations, historyMigrations };
    await migrate(url, log, until);
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => {});
    await client.connect();
    try {
      await load(client, backup, tell);
      await checkRows(client, manifest, tell);
    } finally {
      await client.end();
    }
    // A backup of an earlier version becomes one of this version.
    await migrate(url, log);
    const found = await checkRecords(url, tell);
    const kept = await swap.swap();
    const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0);
    return { manifest, rows, kept, streams: found.streams, entries: found.entries };
  } catch (error) {
    await swap.giveUp();
    if (error instanceof BackupError) throw error;
    const words = error instanceof Error ? error.message : String(error);
    throw new BackupError(`nothing was restored, the database is as it was: ${words}`, error);
  } finally {
    await beside.end().catch(() => {});
    await backup.close();
  }
}
