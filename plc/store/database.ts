import { randomUUID } from 'node:crypto';
import { existsSync, renameSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { StatementSync } from 'node:sqlite';
import { DatabaseSync } from 'node:sqlite';
import type {
  CommitGroup,
  SpoolFill,
  SpoolLimits,
  SpoolRow,
  StoreContent,
  StoredSnapshot,
} from './store.ts';
import { StoreInUseError } from './store.ts';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS snapshot (
    id TEXT PRIMARY KEY, version INTEGER NOT NULL, body TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS spool (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT, utcMs INTEGER NOT NULL, bytes INTEGER NOT NULL,
    expendable INTEGER NOT NULL, body TEXT NOT NULL) STRICT;
  CREATE INDEX IF NOT EXISTS spool_expendable ON spool (expendable, sequence);`;

/** What a byte of a row takes of the disk, with pages and index. */
const DISK_PER_BYTE = 1.25;
/** Space is made down to this share of the limit, so that it is not made again at each commit. */
const ROOM_SHARE = 0.95;

interface Statements {
  readonly meta: StatementSync;
  readonly snapshot: StatementSync;
  readonly insert: StatementSync;
  readonly read: StatementSync;
  readonly forget: StatementSync;
  readonly upTo: StatementSync;
  readonly first: StatementSync;
  readonly old: StatementSync;
  readonly oldest: StatementSync;
  readonly remove: StatementSync;
  readonly freePages: StatementSync;
}

function prepare(db: DatabaseSync): Statements {
  return {
    meta: db.prepare(`INSERT INTO meta (key, value) VALUES (?, ?)
      ON CONFLICT (key) DO UPDATE SET value = excluded.value`),
    snapshot: db.prepare(`INSERT INTO snapshot (id, version, body) VALUES (?, ?, ?)
      ON CONFLICT (id) DO UPDATE SET version = excluded.version, body = excluded.body`),
    insert: db.prepare('INSERT INTO spool (utcMs, bytes, expendable, body) VALUES (?, ?, ?, ?)'),
    read: db.prepare('SELECT sequence, body FROM spool WHERE sequence > ? ORDER BY sequence'),
    forget: db.prepare('DELETE FROM spool WHERE sequence <= ?'),
    upTo: db.prepare('SELECT count(*) AS n, total(bytes) AS bytes FROM spool WHERE sequence <= ?'),
    first: db.prepare('SELECT utcMs FROM spool ORDER BY sequence LIMIT 1'),
    old: db.prepare(`SELECT sequence, bytes FROM spool
      WHERE expendable = 1 AND utcMs < ? ORDER BY sequence LIMIT 1000`),
    oldest: db.prepare(`SELECT sequence, bytes, expendable FROM spool
      ORDER BY expendable DESC, sequence LIMIT 1`),
    remove: db.prepare('DELETE FROM spool WHERE sequence = ?'),
    freePages: db.prepare(`SELECT freelist_count * page_size AS bytes
      FROM pragma_freelist_count, pragma_page_size`),
  };
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && /locked|busy/i.test(error.message);
}

function isDamaged(error: unknown): boolean {
  return error instanceof Error && /malformed|not a database|corrupt/i.test(error.message);
}

/**
 * Snapshots and spool in one SQLite file, so that a record and the snapshot that follows from the
 * same scan are one transaction. WAL with synchronous FULL: a commit that returned survives loss of
 * power, not only a killed process. The exclusive lock keeps a second controller out and falls with
 * the process, whichever way it ends. Calls block: use it from a worker (`worker-store.ts`) or in
 * tests (`direct-store.ts`).
 */
export class StoreDatabase {
  readonly #file: string;
  readonly #limits: SpoolLimits;
  #db: DatabaseSync | null = null;
  #statements: Statements | null = null;
  #rows = 0;
  #bytes = 0;
  #lastSequence = 0;
  #oldestUtcMs: number | null = null;
  #dropped = 0;
  #utcMs = 0;
  #bytesMax = 0;

  constructor(file: string, limits: SpoolLimits) {
    this.#file = file;
    this.#limits = limits;
  }

  /** @throws {StoreInUseError} when another process has the file. */
  open(): StoreContent {
    this.close();
    let damagedFile: string | null = null;
    try {
      this.#openFile();
    } catch (error) {
      this.close();
      if (isBusy(error)) throw new StoreInUseError(this.#file, error);
      if (!isDamaged(error)) throw error;
      damagedFile = this.#putAside();
      this.#openFile();
    }
    return this.#content(damagedFile);
  }

  commit(group: CommitGroup): SpoolFill {
    const { db, statements } = this.#opened();
    const before = [this.#rows, this.#bytes, this.#lastSequence, this.#dropped] as const;
    db.exec('BEGIN IMMEDIATE');
    try {
      statements.meta.run('lastCommitUtcMs', String(group.utcMs));
      if (group.historyUtcMs !== undefined) {
        statements.meta.run('historyUtcMs', String(group.historyUtcMs));
      }
      for (const { id, version, body } of group.snapshots) {
        statements.snapshot.run(id, version, body);
      }
      for (const { body, expendable } of group.rows) {
        const bytes = Buffer.byteLength(body);
        const done = statements.insert.run(group.utcMs, bytes, expendable ? 1 : 0, body);
        this.#lastSequence = Number(done.lastInsertRowid);
        this.#rows += 1;
        this.#bytes += bytes;
      }
      this.#lookAtDisk();
      this.#makeRoom(statements, group.utcMs);
      db.exec('COMMIT');
    } catch (error) {
      [this.#rows, this.#bytes, this.#lastSequence, this.#dropped] = before;
      if (db.isTransaction) db.exec('ROLLBACK');
      throw error;
    }
    this.#utcMs = group.utcMs;
    if (this.#rows > 0) this.#oldestUtcMs ??= group.utcMs;
    return this.#fill();
  }

  read(afterSequence: number, rowsMax: number, bytesMax: number): SpoolRow[] {
    const rows: SpoolRow[] = [];
    let bytes = 0;
    for (const row of this.#opened().statements.read.iterate(afterSequence)) {
      const body = String(row['body']);
      bytes += body.length;
      if (rows.length > 0 && (bytes > bytesMax || rows.length >= rowsMax)) break;
      rows.push({ sequence: Number(row['sequence']), body });
    }
    return rows;
  }

  acknowledge(sequence: number): SpoolFill {
    const { statements } = this.#opened();
    const gone = statements.upTo.get(sequence);
    statements.forget.run(sequence);
    this.#rows -= Number(gone?.['n'] ?? 0);
    this.#bytes -= Number(gone?.['bytes'] ?? 0);
    const first = statements.first.get();
    this.#oldestUtcMs = first === undefined ? null : Number(first['utcMs']);
    return this.#fill();
  }

  /** May be called twice. */
  close(): void {
    this.#db?.close();
    this.#db = null;
    this.#statements = null;
  }

  #openFile(): void {
    const db = new DatabaseSync(this.#file, { timeout: 200 });
    this.#db = db;
    db.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL');
    db.exec('PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 2000');
    db.exec(`BEGIN IMMEDIATE; ${SCHEMA} COMMIT`);
    this.#statements = prepare(db);
    if (this.#metaValue('spoolId') === null) this.#statements.meta.run('spoolId', randomUUID());
    this.#dropped = Number(this.#metaValue('dropped') ?? 0);
    this.#utcMs = Number(this.#metaValue('lastCommitUtcMs') ?? 0);
    const sequence = db.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'spool'").get();
    this.#lastSequence = Number(sequence?.['seq'] ?? 0);
    this.#measure(db);
    this.#lookAtDisk();
  }

  #content(damagedFile: string | null): StoreContent {
    const { db } = this.#opened();
    const snapshots = db
      .prepare('SELECT id, version, body FROM snapshot ORDER BY id')
      .all()
      .map(
        (row): StoredSnapshot => ({
          id: String(row['id']),
          version: Number(row['version']),
          body: String(row['body']),
        }),
      );
    const [last, history] = [this.#metaValue('lastCommitUtcMs'), this.#metaValue('historyUtcMs')];
    return {
      spoolId: this.#metaValue('spoolId') ?? '',
      snapshots,
      lastCommitUtcMs: last === null ? null : Number(last),
      historyUtcMs: history === null ? null : Number(history),
      fill: this.#fill(),
      damagedFile,
    };
  }

  #metaValue(key: string): string | null {
    const row = this.#opened().db.prepare('SELECT value FROM meta WHERE key = ?').get(key);
    return row === undefined ? null : String(row['value']);
  }

  #measure(db: DatabaseSync): void {
    const row = db
      .prepare('SELECT count(*) AS n, total(bytes) AS bytes, min(utcMs) AS oldest FROM spool')
      .get();
    this.#rows = Number(row?.['n'] ?? 0);
    this.#bytes = Number(row?.['bytes'] ?? 0);
    this.#oldestUtcMs = this.#rows === 0 ? null : Number(row?.['oldest']);
  }

  /**
   * The spool may grow into what is free of its disk, and within its file, but for a reserve. On a
   * disk that others have filled old samples go, and new rows take their room within the file.
   */
  #lookAtDisk(): void {
    const { bavail, bsize } = statfsSync(dirname(this.#file));
    const within = this.#opened().statements.freePages.get()?.['bytes'];
    const freeBytes = bavail * bsize + Number(within ?? 0);
    const roomBytes = freeBytes - this.#limits.diskFreeMinBytes;
    const bytesMax = Math.min(this.#limits.bytesMax, this.#bytes + roomBytes / DISK_PER_BYTE);
    this.#bytesMax = Math.max(bytesMax, 1);
  }

  /**
   * Samples beyond the age limit go, then, by bytes, samples before records and old before new. Age
   * is never a reason to give up a record: a clock set wrong would lose them all.
   */
  #makeRoom(statements: Statements, utcMs: number): void {
    const dropped = this.#dropped;
    if ((this.#oldestUtcMs ?? utcMs) < utcMs - this.#limits.ageMaxMs) {
      const limit = utcMs - this.#limits.ageMaxMs;
      for (const row of statements.old.all(limit)) this.#drop(statements, row);
      const first = statements.first.get();
      this.#oldestUtcMs = first === undefined ? null : Number(first['utcMs']);
    }
    if (this.#bytes > this.#bytesMax) {
      const goal = this.#bytesMax * ROOM_SHARE;
      for (let row = statements.oldest.get(); row !== undefined; row = statements.oldest.get()) {
        // For want of disk only samples go: records may have what was left free for them.
        if (row['expendable'] === 0 && this.#bytes <= this.#limits.bytesMax) break;
        this.#drop(statements, row);
        if (this.#bytes <= goal) break;
      }
    }
    if (this.#dropped !== dropped) statements.meta.run('dropped', String(this.#dropped));
  }

  #drop(statements: Statements, row: Readonly<Record<string, unknown>>): void {
    statements.remove.run(Number(row['sequence']));
    this.#bytes -= Number(row['bytes']);
    this.#rows -= 1;
    this.#dropped += 1;
  }

  #fill(): SpoolFill {
    const ageMs = this.#oldestUtcMs === null ? 0 : Math.max(0, this.#utcMs - this.#oldestUtcMs);
    const share = Math.max(this.#bytes / this.#bytesMax, ageMs / this.#limits.ageMaxMs);
    return {
      rows: this.#rows,
      bytes: this.#bytes,
      bytesMax: this.#bytesMax,
      pct: Math.min(100, share * 100),
      ageMs,
      lastSequence: this.#lastSequence,
      dropped: this.#dropped,
    };
  }

  #opened(): { db: DatabaseSync; statements: Statements } {
    if (this.#db === null || this.#statements === null) {
      throw new Error(`${this.#file} is not open; the programmer must call open() first`);
    }
    return { db: this.#db, statements: this.#statements };
  }

  #putAside(): string {
    const aside = `${this.#file}.damaged-${randomUUID()}`;
    for (const part of ['', '-wal', '-shm']) {
      if (existsSync(this.#file + part)) renameSync(this.#file + part, aside + part);
    }
    return aside;
  }
}
