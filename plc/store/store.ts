/** What is kept of one machine, or of another part of the controller, by its id. */
export interface StoredSnapshot {
  readonly id: string;
  readonly version: number;
  /** JSON. */
  readonly body: string;
}

/** One record on its way to the database. */
export interface SpoolRow {
  readonly sequence: number;
  /** JSON of a `SpoolRecord`. */
  readonly body: string;
}

/** One record to be spooled. `expendable` ones (samples) go first when the spool is full. */
export interface NewRow {
  readonly body: string;
  readonly expendable: boolean;
}

/** All that one transaction writes: either everything of it is kept or nothing. */
export interface CommitGroup {
  /**
   * Time of day of the commit: after a crash, the last time the controller is known to have lived.
   */
  readonly utcMs: number;
  /** History is complete up to this time of day with these rows; left out: as before. */
  readonly historyUtcMs?: number;
  readonly snapshots: readonly StoredSnapshot[];
  readonly rows: readonly NewRow[];
}

/** How full the spool is. */
export interface SpoolFill {
  readonly rows: number;
  readonly bytes: number;
  /** What it may hold now: its limit, or less where the disk has no room for that. */
  readonly bytesMax: number;
  /** Share of its limit by bytes or age, whichever is nearer, %. */
  readonly pct: number;
  /** How long the oldest row has waited, ms. */
  readonly ageMs: number;
  /** Highest sequence ever given. */
  readonly lastSequence: number;
  /** Records given up because the spool was full, since it was made. */
  readonly dropped: number;
}

/** What the store holds when it is opened. */
export interface StoreContent {
  /** Names this spool for ever; a new file starts its sequence anew under a new id. */
  readonly spoolId: string;
  readonly snapshots: readonly StoredSnapshot[];
  /** Time of day of the last commit; null in a new store. */
  readonly lastCommitUtcMs: number | null;
  /** Up to when history is complete: what was measured later was lost with the process. */
  readonly historyUtcMs: number | null;
  readonly fill: SpoolFill;
  /** Where a damaged earlier file was put aside, to tell the engineer; null normally. */
  readonly damagedFile: string | null;
}

/** Limits of the spool. What is left free of the disk is for snapshots and the log. */
export interface SpoolLimits {
  readonly bytesMax: number;
  readonly ageMaxMs: number;
  readonly diskFreeMinBytes: number;
}

/** Two weeks of a large mill are about 1.5 GB (DOMAIN 2: 1-2 k changes/s before deadbands). */
export const SPOOL_LIMITS_DEFAULT: SpoolLimits = {
  bytesMax: 2_000_000_000,
  ageMaxMs: 30 * 24 * 3_600_000,
  diskFreeMinBytes: 128_000_000,
};

/**
 * What must not be lost: snapshots of machines, and records until the database has them.
 * A resolved `commit` is on the disk.
 */
export interface Store {
  /** @throws {StoreInUseError} when another process has it. */
  open(): Promise<StoreContent>;
  commit(group: CommitGroup): Promise<SpoolFill>;
  /**
   * Rows after a sequence, oldest first; always at least one if there is one, whatever its size.
   */
  read(afterSequence: number, rowsMax: number, bytesMax: number): Promise<SpoolRow[]>;
  /** The database has all rows up to this one: forget them. */
  acknowledge(sequence: number): Promise<SpoolFill>;
  close(): Promise<void>;
}

/** Another controller runs on the same data directory; the engineer must stop one of them. */
export class StoreInUseError extends Error {
  constructor(file: string, cause?: unknown) {
    super(`${file} is in use by another controller; stop that one or choose another DATA_DIR`, {
      cause,
    });
    this.name = 'StoreInUseError';
  }
}
