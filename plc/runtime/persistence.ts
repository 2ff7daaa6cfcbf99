import type { CommandResult } from '../model/command.ts';
import type { HistorySample, SpoolRecord } from '../model/record.ts';
import type { NewRow, SpoolFill, Store, StoredSnapshot } from '../store/store.ts';
import type { Log } from './log.ts';

/** Snapshots that nothing waits for are written at most this often, real ms. */
const GROUP_MS = 1_000;
/** After a failed commit the next try waits this long, real ms. */
const RETRY_MS = 1_000;
/** Records that may wait in memory while the disk does not take them. */
const ROWS_MAX = 50_000;
/** Samples of one record at most (link contract). */
const SAMPLES_MAX = 50_000;

/** An answer that is told only when what it promises is on the disk. */
interface Answer {
  readonly reply: (result: CommandResult) => void;
  readonly result: CommandResult;
}

/** What one commit carries; kept whole for another try when the disk refuses it. */
interface Group {
  readonly rows: readonly NewRow[];
  readonly historyUtcMs: number | null;
  readonly snapshots: readonly StoredSnapshot[];
  readonly answers: readonly Answer[];
}

/** The disk's side of the controller, as metrics and the tag PLC.SpoolPct show it. */
export interface PersistenceState {
  readonly fill: SpoolFill;
  readonly commits: number;
  readonly failedCommits: number;
  /** True while the disk refuses what it is given. */
  readonly failing: boolean;
  /** Records given up in memory because the disk took nothing for too long. */
  readonly dropped: number;
  /** How long the last commit took, real ms. */
  readonly lastCommitMs: number;
}

export interface PersistenceParts {
  readonly store: Store;
  readonly log: Log;
  readonly realMs: () => number;
  /** What changed in all machines, alarms and the clock since it was last asked. */
  readonly snapshots: () => StoredSnapshot[];
  /** Rows are on the disk and may go to the server. */
  readonly stored: (fill: SpoolFill) => void;
}

const EMPTY: SpoolFill = {
  rows: 0,
  bytes: 0,
  bytesMax: 0,
  pct: 0,
  ageMs: 0,
  lastSequence: 0,
  dropped: 0,
};

/**
 * Brings records, snapshots and answers to the disk in groups, after the outputs of a scan were
 * sent. A group is taken between two scans, so it is one consistent cut: a record and the snapshot
 * of the machine that will not write it again are one transaction. One commit is under way at a
 * time; what comes meanwhile is the next group.
 */
export class Persistence {
  readonly #parts: PersistenceParts;
  #rows: NewRow[] = [];
  #answers: Answer[] = [];
  #historyUtcMs: number | null = null;
  #failedGroup: Group | null = null;
  #underWay: Promise<void> | null = null;
  #nextMs = 0;
  #state: PersistenceState;

  constructor(parts: PersistenceParts) {
    this.#parts = parts;
    const none = { commits: 0, failedCommits: 0, failing: false, dropped: 0, lastCommitMs: 0 };
    this.#state = { fill: EMPTY, ...none };
  }

  get state(): PersistenceState {
    return this.#state;
  }

  /** How full the spool is, after it was opened or the server acknowledged rows. */
  filled(fill: SpoolFill): void {
    this.#state = { ...this.#state, fill };
  }

  record(record: SpoolRecord): void {
    const expendable = record.kind === 'samples';
    if (this.#rows.length >= ROWS_MAX) this.#giveUp(expendable);
    if (this.#rows.length >= ROWS_MAX) return;
    this.#rows.push({ body: JSON.stringify(record), expendable });
  }

  /** Samples of all scans up to `completeToUtcMs`. */
  samples(samples: readonly HistorySample[], completeToUtcMs: number): void {
    this.#historyUtcMs = completeToUtcMs;
    for (let from = 0; from < samples.length; from += SAMPLES_MAX) {
      this.record({ kind: 'samples', samples: samples.slice(from, from + SAMPLES_MAX) });
    }
  }

  answer(reply: Answer['reply'], result: CommandResult): void {
    this.#answers.push({ reply, result });
  }

  /** After each scan: starts a commit when something waits for it, or a second has passed. */
  afterScan(utcMs: number): void {
    const realMs = this.#parts.realMs();
    const urgent = this.#rows.length > 0 || this.#answers.length > 0;
    if (this.#underWay !== null) return;
    if (this.#failedGroup !== null ? realMs < this.#nextMs : !urgent && realMs < this.#nextMs) {
      return;
    }
    this.#start(utcMs);
  }

  /** Commits all there is and waits for it. Once more after a failure, then gives up. */
  async flush(utcMs: number): Promise<void> {
    await this.#underWay;
    this.#start(utcMs);
    await this.#underWay;
    if (this.#failedGroup !== null || this.#rows.length > 0) {
      this.#start(utcMs);
      await this.#underWay;
    }
  }

  #start(utcMs: number): void {
    this.#nextMs = this.#parts.realMs() + GROUP_MS;
    const group = this.#failedGroup ?? this.#nextGroup();
    this.#failedGroup = null;
    if (group.rows.length + group.snapshots.length + group.answers.length === 0) return;
    this.#underWay = this.#commit(group, utcMs).finally(() => {
      this.#underWay = null;
    });
  }

  #nextGroup(): Group {
    const group = {
      rows: this.#rows,
      historyUtcMs: this.#historyUtcMs,
      answers: this.#answers,
      snapshots: this.#parts.snapshots(),
    };
    this.#rows = [];
    this.#answers = [];
    return group;
  }

  async #commit(group: Group, utcMs: number): Promise<void> {
    const { store, log, stored, realMs } = this.#parts;
    const startMs = realMs();
    try {
      const { snapshots, rows, historyUtcMs } = group;
      const history = historyUtcMs === null ? {} : { historyUtcMs };
      const fill = await store.commit({ utcMs, ...history, snapshots, rows });
      const commits = this.#state.commits + 1;
      const lastCommitMs = realMs() - startMs;
      this.#state = { ...this.#state, fill, commits, failing: false, lastCommitMs };
    } catch (error) {
      const failedCommits = this.#state.failedCommits + 1;
      this.#state = { ...this.#state, failedCommits, failing: true };
      this.#failedGroup = group;
      this.#nextMs = realMs() + RETRY_MS;
      log.error('the disk did not take records and snapshots; trying again. Check disk space', {
        error: String(error),
      });
      return;
    }
    for (const { reply, result } of group.answers) reply(result);
    if (group.rows.length > 0) stored(this.#state.fill);
  }

  /** Makes room for one record in memory: samples first. */
  #giveUp(expendable: boolean): void {
    const oldest = this.#rows.findIndex((row) => row.expendable);
    if (oldest >= 0) this.#rows.splice(oldest, 1);
    else if (!expendable) this.#rows.shift();
    this.#state = { ...this.#state, dropped: this.#state.dropped + 1 };
  }
}
