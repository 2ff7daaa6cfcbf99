import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';

/** One row of the audit trail on its way to the database. */
export const auditRowSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('asked'),
    auditId: z.uuid(),
    timeMs: z.number(),
    user: z.string(),
    role: z.string(),
    door: z.string(),
    target: z.string().nullable(),
    args: z.unknown(),
    address: z.string(),
  }),
  z.strictObject({
    kind: z.literal('outcome'),
    auditId: z.uuid(),
    timeMs: z.number(),
    outcome: z.enum(['accepted', 'refused', 'failed']),
    reasons: z.array(z.unknown()),
  }),
]);
export type AuditRow = z.infer<typeof auditRowSchema>;

/**
 * 10 MB are some 30,000 commands; a mill that stays without its database so long has been stopped.
 */
export const JOURNAL_MAX_BYTES = 10_000_000;

/** The journal cannot take more; the administrator must bring the database back. */
export class JournalFullError extends Error {
  constructor() {
    super('the audit journal is full; the administrator must bring the database back');
    this.name = 'JournalFullError';
  }
}

/**
 * The audit trail of a server that has no database at the moment: one JSON line per row, on disk
 * before `append` returns, at most 10 MB. `drain` stores the lines and removes the file; a line
 * that is stored twice after a crash in between counts once, by its id.
 */
export class AuditJournal {
  readonly #path: string;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(path: string) {
    this.#path = path;
  }

  /** @throws {JournalFullError} beyond 10 MB, and what the disk throws. */
  append(row: AuditRow): Promise<void> {
    return this.#inTurn(async () => {
      await mkdir(dirname(this.#path), { recursive: true, mode: 0o700 });
      if ((await this.#bytes()) > JOURNAL_MAX_BYTES) throw new JournalFullError();
      const file = await open(this.#path, 'a', 0o600);
      try {
        // The line break comes first: a line that was cut before must not spoil this one.
        await file.appendFile(`\n${JSON.stringify(row)}`);
        await file.datasync();
      } finally {
        await file.close();
      }
    });
  }

  /**
   * Hands every row to `store`; when that succeeds the journal is empty. Returns how many there
   * were.
   */
  drain(store: (rows: readonly AuditRow[]) => Promise<void>): Promise<number> {
    return this.#inTurn(async () => {
      if ((await this.#bytes()) === 0) return 0;
      const lines = (await readFile(this.#path, 'utf8')).split('\n');
      const { rows, damaged } = parseLines(lines);
      await store(rows);
      // A line cut by a power failure is kept beside for the administrator, never thrown away.
      if (damaged > 0) await rename(this.#path, `${this.#path}.damaged-${Date.now()}`);
      else await rm(this.#path);
      return rows.length;
    });
  }

  async #bytes(): Promise<number> {
    try {
      return (await stat(this.#path)).size;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 0;
      throw error;
    }
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined);
    return result;
  }
}

function parseLines(lines: readonly string[]): { rows: AuditRow[]; damaged: number } {
  const rows: AuditRow[] = [];
  let damaged = 0;
  for (const line of lines) {
    if (line === '') continue;
    const row = parseLine(line);
    if (row === null) damaged += 1;
    else rows.push(row);
  }
  return { rows, damaged };
}

function parseLine(line: string): AuditRow | null {
  try {
    return auditRowSchema.safeParse(JSON.parse(line)).data ?? null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
