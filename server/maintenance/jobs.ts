import type { Database } from '../db/database.ts';
import type { HistoryStorage } from '../db/migrate.ts';
import { DAY_MS, HISTORY_TABLES, HistoryPartitions } from '../historian/partitions.ts';
import { rollUpDue } from '../historian/rollup.ts';
import { rollUpHoursDue } from '../historian/rollup-wide.ts';
import type { Log } from '../log.ts';
import type { BackupSchedule } from './backup/scheduled.ts';
import { backUpOnSchedule } from './backup/scheduled.ts';
import { compactKeys } from './compact-keys.ts';
import type { DiskSource } from './disk.ts';
import { diskUse } from './disk.ts';
import type { Job } from './job.ts';
import type { Retention, WhenFull } from './retention.ts';
import { dropBefore, dropOldestDay } from './retention.ts';

export interface JobParts {
  readonly database: Pick<Database, 'records' | 'storage' | 'url'>;
  readonly log: Log;
  readonly retention: Retention;
  readonly whenFull: WhenFull;
  readonly disk: DiskSource;
  readonly nowMs: () => number;
  /** Null: people take the backups. */
  readonly backup: BackupSchedule | null;
}

const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;
const DAYS_AHEAD = 3;
/** Measures are kept for as long as anyone looks back at how the disk filled, days. */
const MEASURES_DAYS = 60;
/** Days of samples that go in one look at a full disk, so that the look ends. */
const DROPS_MAX = 10;

interface OverdueJob extends Record<string, unknown> {
  readonly job_id: number;
  readonly proc_name: string;
  readonly failed: boolean;
}

/** Everything that has to be done about the tables, in the order in which it is looked at. */
export function maintenanceJobs(parts: JobParts): Job[] {
  const { database, log } = parts;
  const partitions = new HistoryPartitions(database.records, () => database.storage, log);
  return [
    { name: 'disk', everyMs: 30 * SECOND_MS, run: () => keepRoom(parts, partitions) },
    { name: 'rollups', everyMs: 20 * SECOND_MS, run: (signal) => rollUp(parts, signal) },
    { name: 'measure', everyMs: 600 * SECOND_MS, run: () => measure(parts) },
    { name: 'partitions', everyMs: 6 * HOUR_MS, run: () => makeAhead(parts, partitions) },
    { name: 'retention', everyMs: 6 * HOUR_MS, run: () => removeOld(parts, partitions) },
    { name: 'jobs', everyMs: 300 * SECOND_MS, run: () => watchJobs(parts) },
    keysJob(parts),
    ...(parts.backup === null ? [] : [backupJob(parts, parts.backup)]),
  ];
}

function backupJob({ database, nowMs }: JobParts, schedule: BackupSchedule): Job {
  return {
    name: 'backup',
    everyMs: schedule.everyMs,
    beside: true,
    // A folder that is full or away stays so for a while, and each try copies much.
    retryMs: 900 * SECOND_MS,
    run: async (signal) => {
      if (database.url === null) throw new Error('the tables are not there yet');
      await backUpOnSchedule(database.url, schedule, nowMs(), signal);
    },
  };
}

function keysJob({ database, nowMs, log }: JobParts): Job {
  return {
    name: 'keys',
    everyMs: 6 * HOUR_MS,
    beside: true,
    retryMs: 900 * SECOND_MS,
    run: async (signal) => {
      if (database.url === null) throw new Error('the tables are not there yet');
      if (database.storage === 'plain') await compactKeys(database.url, nowMs(), log, signal);
    },
  };
}

function storageOf({ database }: JobParts): HistoryStorage {
  const { storage } = database;
  if (storage === null) throw new Error('the tables are not there yet');
  return storage;
}

async function rollUp(parts: JobParts, signal: AbortSignal): Promise<void> {
  const { records } = parts.database;
  const storage = storageOf(parts);
  while (!signal.aborted && (await rollUpDue(records, storage)) > 0);
  if (storage !== 'plain') return;
  while (!signal.aborted && (await rollUpHoursDue(records)) > 0);
}

async function makeAhead({ nowMs }: JobParts, partitions: HistoryPartitions): Promise<void> {
  const now = nowMs();
  await partitions.ensure(Array.from({ length: DAYS_AHEAD + 1 }, (_, day) => now + day * DAY_MS));
}

async function removeOld(parts: JobParts, partitions: HistoryPartitions): Promise<void> {
  const { records } = parts.database;
  const storage = storageOf(parts);
  const now = parts.nowMs();
  for (const table of HISTORY_TABLES) {
    // On TimescaleDB the wider ones are views over the minutes and have no chunks of that name.
    const beforeMs = now - parts.retention[table] * DAY_MS;
    const dropped = await dropBefore({ db: records, storage, partitions }, table, beforeMs);
    if (dropped.length > 0) {
      parts.log.info('history older than it is kept was dropped', { dropped });
    }
  }
  const minutesBefore = new Date(now - parts.retention.sample_1m * DAY_MS).toISOString();
  await records.query('delete from recorded_minute where minute < $1', [minutesBefore]);
  await records.query('delete from sample_quarantine where received < $1', [
    new Date(now - parts.retention.sample * DAY_MS).toISOString(),
  ]);
  if (storage === 'plain') {
    await records.query('delete from recorded_hour where hour < $1', [minutesBefore]);
  }
  await records.query('delete from storage_measure where time < $1', [
    new Date(now - MEASURES_DAYS * DAY_MS).toISOString(),
  ]);
}

/** For want of disk the oldest raw samples go before their time. */
async function keepRoom(parts: JobParts, partitions: HistoryPartitions): Promise<void> {
  const { whenFull, disk, log, database } = parts;
  if (whenFull.drop === 'nothing') return;
  const storage = storageOf(parts);
  for (let drops = 0; drops < DROPS_MAX; drops += 1) {
    const use = diskUse(disk, await databaseBytes(parts));
    if (use === null) return;
    const freePct = 100 * (1 - use.usedBytes / use.totalBytes);
    if (freePct >= whenFull.freePctMin) return;
    const of = { db: database.records, storage, partitions };
    const dropped = await dropOldestDay(of, parts.nowMs(), whenFull);
    if (dropped.length === 0) return;
    log.warn('the disk is nearly full: the oldest day of samples was dropped', {
      dropped,
      freePct: Math.round(freePct * 10) / 10,
    });
    // Only then is what was dropped given back to the disk.
    await database.records.query('checkpoint').catch((error: unknown) => {
      log.info('no checkpoint: the room comes with the next one', { error });
    });
  }
}

async function databaseBytes({ database }: JobParts): Promise<number> {
  const { rows } = await database.records.query<{ bytes: number }>(
    'select pg_database_size(current_database())::float8 as bytes',
  );
  return rows[0]?.bytes ?? 0;
}

async function measure(parts: JobParts): Promise<void> {
  const bytes = await databaseBytes(parts);
  const use = diskUse(parts.disk, bytes);
  await parts.database.records.query(
    `insert into storage_measure (time, database_bytes, disk_used_bytes, disk_total_bytes)
     values ($1, $2, $3, $4) on conflict (time) do nothing`,
    [
      new Date(parts.nowMs()).toISOString(),
      bytes,
      use === null ? null : Math.round(use.usedBytes),
      use === null ? null : Math.round(use.totalBytes),
    ],
  );
}

/**
 * TimescaleDB's own jobs (compression, aggregates): one that should have run an hour ago, or whose
 * last run failed, is run now. @throws when one of them fails here too.
 */
async function watchJobs(parts: JobParts): Promise<void> {
  if (storageOf(parts) !== 'timescale') return;
  const { records } = parts.database;
  const { rows } = await records.query<OverdueJob>(
    `select j.job_id, j.proc_name, coalesce(s.last_run_status = 'Failed', false) as failed
     from timescaledb_information.jobs j
     join timescaledb_information.job_stats s using (job_id)
     where j.scheduled and j.job_id >= 1000
       and (s.next_start < now() - interval '1 hour' or s.last_run_status = 'Failed')`,
  );
  for (const { job_id, proc_name, failed } of rows) {
    parts.log.warn('a job of the database is run now', { job_id, proc_name, failed });
    await records.query('call run_job($1)', [job_id]);
  }
}
