import { setTimeout as pause } from 'node:timers/promises';
import type { HistoryTable } from '../historian/partitions.ts';
import { DAY_MS, HistoryPartitions } from '../historian/partitions.ts';
import { rollUpDue } from '../historian/rollup.ts';
import { rollUpHoursDue } from '../historian/rollup-wide.ts';
import type { Log } from '../log.ts';
import type { Database } from './database.ts';

/** How long each table of history is kept, days. */
export type Retention = Readonly<Record<HistoryTable, number>>;

/** Three months as measured, five years by the minute, ten by the hour, thirty by the day. */
export const RETENTION_DEFAULT: Retention = {
  sample: 92,
  sample_1m: 1_830,
  sample_1h: 3_653,
  sample_1d: 10_958,
};

const TABLES = ['sample', 'sample_1m', 'sample_1h', 'sample_1d'] as const;
const EVERY_MS = 20_000;
const DAILY_MS = 6 * 3_600_000;
const DAYS_AHEAD = 3;

interface OverdueJob extends Record<string, unknown> {
  readonly job_id: number;
  readonly proc_name: string;
}

/**
 * The one scheduler that looks after the tables: rollups as minutes pass, partitions ahead of time
 * and old history away every six hours. On TimescaleDB compression is the database's own job; this
 * sees that it ran.
 */
export class DatabaseCare {
  readonly #database: Database;
  readonly #log: Log;
  readonly #retention: Retention;
  readonly #partitions: HistoryPartitions;
  #stop = new AbortController();
  #running: Promise<void> | null = null;
  #dailyDoneMs = 0;

  constructor(database: Database, log: Log, retention: Retention = RETENTION_DEFAULT) {
    this.#database = database;
    this.#log = log;
    this.#retention = retention;
    this.#partitions = new HistoryPartitions(database.records, () => database.storage, log);
  }

  start(): void {
    if (this.#running !== null) return;
    this.#stop = new AbortController();
    this.#running = this.#run(this.#stop.signal);
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
    this.#running = null;
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        if (this.#database.up) await this.round(signal);
      } catch (error) {
        this.#log.warn('care of the database failed; it is tried again', { error });
      }
      await pause(EVERY_MS, undefined, { signal }).catch(() => null);
    }
  }

  /** All that is due now. */
  async round(signal?: AbortSignal): Promise<void> {
    const nowMs = Date.now();
    if (nowMs - this.#dailyDoneMs > DAILY_MS) {
      await this.#daily(nowMs);
      this.#dailyDoneMs = nowMs;
    }
    const { records, storage } = this.#database;
    if (storage === null) return;
    while (signal?.aborted !== true && (await rollUpDue(records, storage)) > 0);
    if (storage !== 'plain') return;
    while (signal?.aborted !== true && (await rollUpHoursDue(records)) > 0);
  }

  async #daily(nowMs: number): Promise<void> {
    const ahead = Array.from({ length: DAYS_AHEAD + 1 }, (_, day) => nowMs + day * DAY_MS);
    await this.#partitions.ensure(ahead);
    for (const table of TABLES) await this.#drop(table, nowMs - this.#retention[table] * DAY_MS);
    await this.#database.records.query('delete from recorded_minute where minute < $1', [
      new Date(nowMs - this.#retention.sample_1m * DAY_MS).toISOString(),
    ]);
    await this.#database.records.query('delete from sample_quarantine where received < $1', [
      new Date(nowMs - this.#retention.sample * DAY_MS).toISOString(),
    ]);
    if (this.#database.storage === 'timescale') await this.#runOverdueJobs();
    else {
      await this.#database.records.query('delete from recorded_hour where hour < $1', [
        new Date(nowMs - this.#retention.sample_1m * DAY_MS).toISOString(),
      ]);
    }
  }

  async #drop(table: HistoryTable, beforeMs: number): Promise<void> {
    if (this.#database.storage === 'timescale') {
      const before = table === 'sample' ? '$1::bigint' : 'to_timestamp($1::bigint / 1000)';
      await this.#database.records.query(`select drop_chunks('${table}', ${before})`, [
        Math.floor(beforeMs),
      ]);
      return;
    }
    const dropped = await this.#partitions.dropBefore(table, beforeMs);
    if (dropped.length > 0)
      this.#log.info('history older than it is kept was dropped', { dropped });
  }

  /** Jobs of TimescaleDB that should have run an hour ago (no background workers, or all busy). */
  async #runOverdueJobs(): Promise<void> {
    const { rows } = await this.#database.records.query<OverdueJob>(
      `select j.job_id, j.proc_name from timescaledb_information.jobs j
       join timescaledb_information.job_stats s using (job_id)
       where j.scheduled and j.job_id >= 1000 and s.next_start < now() - interval '1 hour'`,
    );
    for (const { job_id, proc_name } of rows) {
      this.#log.warn('a job of the database is overdue and is run now', { job_id, proc_name });
      await this.#database.records.query('call run_job($1)', [job_id]);
    }
  }
}
