import { randomUUID } from 'node:crypto';
import type { AuditJournal, AuditRow } from './audit-journal.ts';
import type { Database } from './database.ts';
import { isDatabaseAway } from './database.ts';
import { CALMING_COMMANDS } from './policy.ts';

/** Somebody asks for something that changes something. */
export interface AuditEntry {
  readonly user: string;
  readonly role: string;
  readonly door: string;
  readonly target: string | null;
  readonly args: unknown;
  readonly address: string;
}

export type AuditOutcome = 'accepted' | 'refused' | 'failed';

/**
 * The trail could not be written: what was asked for must not be done. The administrator must act.
 */
export class AuditUnavailableError extends Error {
  constructor(cause: unknown) {
    super('the audit trail cannot be written; the administrator must bring the database back', {
      cause,
    });
    this.name = 'AuditUnavailableError';
  }
}

export interface AuditedRow {
  readonly timeMs: number;
  readonly user: string;
  readonly role: string;
  readonly door: string;
  readonly target: string | null;
  readonly args: unknown;
  readonly outcome: AuditOutcome | 'pending';
  readonly reasons: readonly unknown[];
}

export interface AuditQuery {
  readonly beforeMs: number;
  readonly limit: number;
  readonly user: string | null;
  readonly door: string | null;
}

/**
 * The audit trail (21 CFR 11.10 e): `ask` writes who asks for what BEFORE it is done, `settle`
 * adds what became of it as a row of its own. Rows are never changed; the database refuses that
 * too.
 *
 * Without its database: a command that calms the mill (hold, stop, abort, close, acknowledge) goes
 * on with its audit in the local journal, because a mill that cannot be stopped is the greater
 * harm; everything else is refused. Outcomes always find their way, by the journal if need be.
 */
export class AuditTrail {
  readonly #database: Database;
  readonly #journal: AuditJournal;
  #mayHoldRows = true;

  constructor(database: Database, journal: AuditJournal) {
    this.#database = database;
    this.#journal = journal;
  }

  /**
   * Writes down what is asked for. Returns the id for `settle`.
   * @throws {AuditUnavailableError} when it cannot be written: then do not do it.
   */
  async ask(entry: AuditEntry): Promise<string> {
    const auditId = randomUUID();
    const row: AuditRow = { kind: 'asked', auditId, timeMs: Date.now(), ...entry };
    try {
      await this.#store(row);
    } catch (error) {
      const calming = CALMING_COMMANDS.has(entry.door) && isDatabaseAway(error);
      if (!calming) throw new AuditUnavailableError(error);
      await this.#keep(row);
    }
    return auditId;
  }

  /**
   * @throws {AuditUnavailableError} when neither database nor journal take it: the entry stays
   * `pending`.
   */
  async settle(
    auditId: string,
    outcome: AuditOutcome,
    reasons: readonly unknown[] = [],
  ): Promise<void> {
    const row: AuditRow = {
      kind: 'outcome',
      auditId,
      timeMs: Date.now(),
      outcome,
      reasons: [...reasons],
    };
    try {
      await this.#store(row);
    } catch {
      await this.#keep(row);
    }
  }

  /** Stores what the journal holds. Call it now and then; it is cheap when there is nothing. */
  async drainJournal(): Promise<number> {
    if (!this.#mayHoldRows) return 0;
    // Cleared first: a row that is kept while the others are stored sets it again.
    this.#mayHoldRows = false;
    try {
      return await this.#journal.drain(async (rows) => {
        for (const row of rows) await this.#store(row);
      });
    } catch (error) {
      this.#mayHoldRows = true;
      throw error;
    }
  }

  /** The trail, newest first. */
  async read(query: AuditQuery): Promise<AuditedRow[]> {
    const found = await this.#database.query<
      Omit<AuditedRow, 'timeMs' | 'user'> & { time: Date; user_name: string }
    >(
      `select a.time, a.user_name, a.role, a.door, a.target, a.args,
         coalesce(o.outcome, 'pending') as outcome, coalesce(o.reasons, '[]') as reasons
       from audit a left join audit_outcome o using (audit_id)
       where a.time < $1 and ($3::text is null or a.user_name = $3)
         and ($4::text is null or a.door = $4)
       order by a.time desc limit $2`,
      [new Date(query.beforeMs), query.limit, query.user, query.door],
    );
    return found.rows.map(({ time, user_name: user, ...row }) => ({
      ...row,
      user,
      timeMs: time.getTime(),
    }));
  }

  async #keep(row: AuditRow): Promise<void> {
    try {
      this.#mayHoldRows = true;
      await this.#journal.append(row);
    } catch (error) {
      throw new AuditUnavailableError(error);
    }
  }

  async #store(row: AuditRow): Promise<void> {
    const time = new Date(row.timeMs);
    if (row.kind === 'asked') {
      await this.#database.query(
        `insert into audit (audit_id, time, user_name, role, door, target, args, address)
         values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing`,
        [
          row.auditId,
          time,
          storable(row.user),
          row.role,
          row.door,
          row.target === null ? null : storable(row.target),
          storable(JSON.stringify(row.args ?? null)),
          row.address,
        ],
      );
    } else {
      await this.#database.query(
        `insert into audit_outcome (audit_id, time, outcome, reasons)
         values ($1, $2, $3, $4) on conflict do nothing`,
        [row.auditId, time, row.outcome, storable(JSON.stringify(row.reasons))],
      );
    }
  }
}

/** PostgreSQL takes no NUL in a text, and what an attacker sends must still be written down. */
function storable(text: string): string {
  return text.replaceAll('\u0000', '\ufffd').replaceAll('\\u0000', '\\ufffd');
}
