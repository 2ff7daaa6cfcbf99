import type { PoolHandle } from '../db/pool-handle.ts';
import type { Log } from '../log.ts';

/** Something that has to be done again and again. */
export interface Job {
  readonly name: JobName;
  readonly everyMs: number;
  /** It may take hours: the others do not wait for it. */
  readonly beside?: boolean;
  /** After a failure it is tried again so much later, ms; as a rule a minute. */
  readonly retryMs?: number;
  /** Does what is due now; `signal` ends it early. */
  run(signal: AbortSignal): Promise<void>;
}

export type JobName =
  | 'rollups'
  | 'partitions'
  | 'retention'
  | 'disk'
  | 'measure'
  | 'jobs'
  | 'keys'
  | 'backup';

/** How a job is. Times of day, ms. */
export interface JobState {
  readonly name: JobName;
  readonly everyMs: number;
  readonly lastStartedMs: number | null;
  readonly lastOkMs: number | null;
  readonly lastFailedMs: number | null;
  /** Failures since it last ended well. */
  readonly failures: number;
  readonly error: string | null;
  readonly durationMs: number | null;
  /** Failed at least twice in a row, or has not ended well for three times its interval. */
  readonly inTrouble: boolean;
}

/** One failure alone may be a database that went away in mid-statement. */
const FAILURES_MAX = 1;
const OVERDUE_INTERVALS = 3;
/** A job of seconds is not called overdue for less than this. */
const OVERDUE_MS_MIN = 300_000;
const ERROR_MAX = 500;

type Kept = Omit<JobState, 'inTrouble' | 'everyMs' | 'name'>;

const NEVER: Kept = {
  lastStartedMs: null,
  lastOkMs: null,
  lastFailedMs: null,
  failures: 0,
  error: null,
  durationMs: null,
};

/**
 * Runs one job when it is due and remembers in the database how that went, so that a restart of the
 * server neither forgets a failure nor does everything anew.
 */
export class JobRunner {
  readonly job: Job;
  readonly #db: PoolHandle;
  readonly #log: Log;
  readonly #knownSinceMs: number;
  #kept: Kept = NEVER;
  #read = false;
  #nextMs = 0;

  constructor(job: Job, db: PoolHandle, log: Log, nowMs: number) {
    this.job = job;
    this.#db = db;
    this.#log = log;
    this.#knownSinceMs = nowMs;
  }

  state(nowMs: number): JobState {
    const { name, everyMs } = this.job;
    const sinceMs = this.#kept.lastOkMs ?? this.#knownSinceMs;
    const overdueMs = Math.max(OVERDUE_MS_MIN, OVERDUE_INTERVALS * everyMs);
    const inTrouble = this.#kept.failures > FAILURES_MAX || nowMs - sinceMs > overdueMs;
    return { name, everyMs, ...this.#kept, inTrouble };
  }

  /** Runs it if it is due. Never throws: what went wrong is in its state. */
  async runIfDue(nowMs: number, signal: AbortSignal): Promise<void> {
    try {
      if (!this.#read) await this.#recall();
    } catch (error) {
      this.#failed(nowMs, error);
      return;
    }
    if (nowMs < this.#nextMs) return;
    await this.run(nowMs, signal);
  }

  /** Runs it now. */
  async run(nowMs: number, signal: AbortSignal): Promise<void> {
    const startMs = performance.now();
    try {
      await this.job.run(signal);
      this.#kept = {
        ...this.#kept,
        lastStartedMs: nowMs,
        lastOkMs: nowMs,
        failures: 0,
        error: null,
        durationMs: Math.round(performance.now() - startMs),
      };
      await this.#keep();
      this.#nextMs = nowMs + this.job.everyMs;
    } catch (error) {
      this.#failed(nowMs, error);
    }
  }

  #failed(nowMs: number, error: unknown): void {
    const words = error instanceof Error ? error.message : String(error);
    const failures = this.#kept.failures + 1;
    this.#kept = {
      ...this.#kept,
      lastStartedMs: nowMs,
      lastFailedMs: nowMs,
      failures,
      error: words.slice(0, ERROR_MAX),
    };
    // Soon again, but a job of hours not every second.
    this.#nextMs = nowMs + Math.min(this.job.everyMs, this.job.retryMs ?? 60_000);
    this.#log.warn('a job of the database failed; it is tried again', {
      job: this.job.name,
      failures,
      error,
    });
    // What it failed for may also keep this from being stored.
    this.#keep().catch(() => {});
  }

  async #recall(): Promise<void> {
    const { rows } = await this.#db.query<Kept & Record<string, unknown>>(
      `select (extract(epoch from last_started) * 1000)::float8 as "lastStartedMs",
         (extract(epoch from last_ok) * 1000)::float8 as "lastOkMs",
         (extract(epoch from last_failed) * 1000)::float8 as "lastFailedMs",
         failures, error, duration_ms as "durationMs"
       from maintenance_job where name = $1`,
      [this.job.name],
    );
    this.#kept = rows[0] ?? NEVER;
    this.#read = true;
    if (this.#kept.failures === 0 && this.#kept.lastOkMs !== null) {
      this.#nextMs = this.#kept.lastOkMs + this.job.everyMs;
    }
  }

  async #keep(): Promise<void> {
    const { lastStartedMs, lastOkMs, lastFailedMs, failures, error, durationMs } = this.#kept;
    await this.#db.query(
      `insert into maintenance_job
         (name, last_started, last_ok, last_failed, failures, error, duration_ms)
       values ($1, to_timestamp($2::float8 / 1000), to_timestamp($3::float8 / 1000),
         to_timestamp($4::float8 / 1000), $5, $6, $7)
       on conflict (name) do update set last_started = excluded.last_started,
         last_ok = excluded.last_ok, last_failed = excluded.last_failed,
         failures = excluded.failures, error = excluded.error,
         duration_ms = excluded.duration_ms`,
      [this.job.name, lastStartedMs, lastOkMs, lastFailedMs, failures, error, durationMs],
    );
  }
}
