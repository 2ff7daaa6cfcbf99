import { setTimeout as pause } from 'node:timers/promises';
import type { ServerHealth } from '../../plc/link/server-health.ts';
import type { Database } from '../db/database.ts';
import type { Sql } from '../db/pool-handle.ts';
import type { Log } from '../log.ts';
import type { BackupSchedule } from './backup/scheduled.ts';
import type { DiskSource } from './disk.ts';
import { diskUse } from './disk.ts';
import type { DiskForecast } from './forecast.ts';
import { forecastOf } from './forecast.ts';
import type { JobState } from './job.ts';
import { JobRunner } from './job.ts';
import { maintenanceJobs } from './jobs.ts';
import type { Retention, WhenFull } from './retention.ts';
import { RETENTION_DEFAULT, WHEN_FULL_DEFAULT } from './retention.ts';

export interface MaintenanceOptions {
  readonly database: Pick<Database, 'records' | 'people' | 'storage' | 'up' | 'url'>;
  readonly log: Log;
  readonly disk: DiskSource;
  readonly retention?: Retention;
  readonly whenFull?: WhenFull;
  /** Backups that are taken by the server itself; null: by people. */
  readonly backup?: BackupSchedule | null;
}

export interface LastBackup {
  readonly takenMs: number;
  readonly file: string;
  readonly bytes: number;
  readonly rows: number;
}

/** What is known of the store of records and history. */
export interface StorageState {
  readonly jobs: readonly JobState[];
  readonly databaseBytes: number | null;
  readonly disk: { readonly totalBytes: number; readonly usedBytes: number } | null;
  readonly forecast: DiskForecast | null;
  readonly lastBackup: LastBackup | null;
  /** Since the last backup, or since the database was made, h; null while neither is known. */
  readonly backupAgeH: number | null;
  readonly retention: Retention;
  readonly whenFull: WhenFull;
}

const LOOK_MS = 5_000;
const HOUR_MS = 3_600_000;
/** Samples set aside are not counted further than this: a wrong clock sets all of them aside. */
const ASIDE_MAX = 100_000;

interface Facts {
  readonly databaseBytes: number | null;
  readonly forecast: DiskForecast | null;
  readonly lastBackup: LastBackup | null;
  readonly madeMs: number | null;
  readonly samplesSetAside: number | null;
}

interface MeasureRow extends Record<string, unknown> {
  readonly ms: number;
  readonly database: number;
  readonly used: number | null;
  readonly total: number | null;
}

const UNKNOWN: Facts = {
  databaseBytes: null,
  forecast: null,
  lastBackup: null,
  madeMs: null,
  samplesSetAside: null,
};

/**
 * The one scheduler that looks after the database: rollups, partitions, retention, room on its
 * disk. On plain PostgreSQL it does the work; on TimescaleDB it watches that the database's own
 * jobs did theirs. It knows how each job went, how the disk fills and when the last backup was, for
 * screens, metrics and alarms.
 */
export class Maintenance {
  readonly #options: MaintenanceOptions;
  readonly #runners: readonly JobRunner[];
  #facts: Facts = UNKNOWN;
  #forecastMs = 0;
  #stop = new AbortController();
  #running: Promise<void> | null = null;
  readonly #beside = new Map<JobRunner, Promise<void>>();

  constructor(options: MaintenanceOptions) {
    this.#options = options;
    const { database, log, disk } = options;
    const nowMs = () => Date.now();
    const jobs = maintenanceJobs({
      database,
      log,
      disk,
      nowMs,
      retention: this.#retention,
      whenFull: this.#whenFull,
      backup: options.backup ?? null,
    });
    this.#runners = jobs.map((job) => new JobRunner(job, database.records, log, nowMs()));
  }

  start(): void {
    if (this.#running !== null) return;
    this.#stop = new AbortController();
    this.#running = this.#run(this.#stop.signal);
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
    await Promise.all(this.#beside.values());
    this.#running = null;
  }

  get state(): StorageState {
    const nowMs = Date.now();
    const { databaseBytes, forecast, lastBackup, madeMs } = this.#facts;
    const sinceMs = lastBackup?.takenMs ?? madeMs;
    return {
      jobs: this.#runners.map((runner) => runner.state(nowMs)),
      databaseBytes,
      disk: diskUse(this.#options.disk, databaseBytes),
      forecast,
      lastBackup,
      backupAgeH: sinceMs === null ? null : Math.max(0, nowMs - sinceMs) / HOUR_MS,
      retention: this.#retention,
      whenFull: this.#whenFull,
    };
  }

  /** What the controller is told, to make tags and alarms of. */
  get health(): ServerHealth {
    const { jobs, disk, forecast, backupAgeH } = this.state;
    return {
      databaseUp: this.#options.database.up,
      jobsFailed: jobs.filter(({ inTrouble }) => inTrouble).length,
      diskUsedPct: disk === null ? null : (100 * disk.usedBytes) / disk.totalBytes,
      diskDaysLeft: forecast?.daysLeft ?? null,
      backupAgeH,
      samplesSetAside: this.#facts.samplesSetAside,
    };
  }

  /** Runs every job now, due or not. */
  async round(signal: AbortSignal = new AbortController().signal): Promise<void> {
    for (const runner of this.#runners) {
      if (!signal.aborted) await runner.run(Date.now(), signal);
    }
    await this.#look();
  }

  get #retention(): Retention {
    return this.#options.retention ?? RETENTION_DEFAULT;
  }

  get #whenFull(): WhenFull {
    return this.#options.whenFull ?? WHEN_FULL_DEFAULT;
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      if (this.#options.database.up) await this.#turn(signal);
      await pause(LOOK_MS, undefined, { signal }).catch(() => null);
    }
  }

  async #turn(signal: AbortSignal): Promise<void> {
    for (const runner of this.#runners) {
      if (signal.aborted) break;
      if (runner.job.beside === true) this.#runBeside(runner, signal);
      else await runner.runIfDue(Date.now(), signal);
    }
    try {
      await this.#look();
    } catch (error) {
      this.#options.log.warn('the state of the store could not be read', { error });
    }
  }

  /** One at a time: it is not begun again while it runs. */
  #runBeside(runner: JobRunner, signal: AbortSignal): void {
    if (this.#beside.has(runner)) return;
    const done = runner.runIfDue(Date.now(), signal).finally(() => this.#beside.delete(runner));
    this.#beside.set(runner, done);
  }

  async #look(): Promise<void> {
    const { people } = this.#options.database;
    const { rows: abouts } = await people.query<{
      made: Date | null;
      bytes: number;
      aside: number;
    }>(
      `select (select min(run_on) from migration) as made,
         pg_database_size(current_database())::float8 as bytes,
         (select count(*)::int from (select 1 from sample_quarantine
           where received > now() - interval '1 day' limit ${ASIDE_MAX}) as aside) as aside`,
    );
    const { rows: backups } = await people.query<Omit<LastBackup, 'takenMs'> & { taken: Date }>(
      `select taken, file, bytes::float8 as bytes, rows::float8 as rows from backup_log
       order by taken desc limit 1`,
    );
    const [about, last] = [abouts[0], backups[0]];
    this.#facts = {
      databaseBytes: about?.bytes ?? null,
      madeMs: about?.made?.getTime() ?? null,
      samplesSetAside: about?.aside ?? null,
      forecast: await this.#forecast(people),
      lastBackup:
        last === undefined
          ? null
          : { takenMs: last.taken.getTime(), file: last.file, bytes: last.bytes, rows: last.rows },
    };
  }

  /** Anew only when there is a new measure. */
  async #forecast(db: Sql): Promise<DiskForecast | null> {
    const { rows } = await db.query<MeasureRow>(
      `select (extract(epoch from time) * 1000)::float8 as ms, database_bytes::float8 as database,
         disk_used_bytes::float8 as used, disk_total_bytes::float8 as total
       from storage_measure where time > now() - interval '8 days' order by time`,
    );
    const last = rows.at(-1);
    if (last === undefined || last.ms === this.#forecastMs) return this.#facts.forecast;
    this.#forecastMs = last.ms;
    const measures = rows.map(({ ms, database, used, total }) => ({
      timeMs: ms,
      databaseBytes: database,
      usedBytes: used,
      totalBytes: total,
    }));
    return forecastOf(measures, Date.now());
  }
}
