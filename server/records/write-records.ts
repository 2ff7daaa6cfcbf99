import type { PoolClient } from 'pg';
import type { RecordKind, RecordTable, StoredRecord } from './record-tables.ts';
import { RECORD_TABLES } from './record-tables.ts';

/** A record and the number of the spool row that brought it. */
export interface NumberedRecord<R extends StoredRecord = StoredRecord> {
  readonly sequence: number;
  readonly record: R;
}

/** A row that could not be stored, and why. */
export interface FaultyRow {
  readonly sequence: number;
  readonly fault: string;
}

/** What became of records: those that are stored now and were not before, those that never are. */
export interface WrittenRecords {
  readonly stored: readonly NumberedRecord[];
  readonly faulty: readonly FaultyRow[];
}

interface Row extends Readonly<Record<string, unknown>> {
  readonly sequence: number;
}

/**
 * The rows of one kind: for `last`, the newest of each id only (a statement may touch a row once).
 */
function rowsOf<R extends StoredRecord>(
  of: RecordTable<R>,
  records: readonly NumberedRecord<R>[],
): Row[] {
  const rows = records.map(({ sequence, record }) => ({ ...of.row(record), sequence }));
  if (of.keep === 'first') return rows;
  return [...new Map(rows.map((row) => [(row as Row)[of.key], row as Row])).values()];
}

const incoming = (of: RecordTable<never>) =>
  `jsonb_to_recordset($1::jsonb) as r(sequence bigint, ${Object.entries(of.columns)
    .map(([name, type]) => `${name} ${type}`)
    .join(', ')})`;

function insertStatement(of: RecordTable<never>): string {
  const names = Object.keys(of.columns);
  const onConflict =
    of.keep === 'first'
      ? 'do nothing'
      : `do update set ${names
          .filter((name) => name !== of.key)
          .map((name) => `${name} = excluded.${name}`)
          .join(', ')}`;
  return `insert into ${of.table} (${names.join(', ')})
    select ${names.join(', ')} from ${incoming(of)} order by sequence
    on conflict (${of.key}) ${onConflict}
    returning ${of.key} as key`;
}

/** Rows whose id is stored already with another content. */
function contradictionStatement(of: RecordTable<never>): string {
  const names = Object.keys(of.columns);
  const side = (alias: string) => names.map((name) => `${alias}.${name}`).join(', ');
  return `select r.sequence::float8 as sequence from ${incoming(of)}
    join ${of.table} t on t.${of.key} = r.${of.key}
    where (${side('t')}) is distinct from (${side('r')})`;
}

interface WrittenRows {
  /** Ids of the rows that were written. */
  readonly keys: readonly unknown[];
  readonly faulty: readonly FaultyRow[];
}

/** Writes rows of one kind in one statement; gives those that contradict what is stored. */
async function writeRows(
  client: PoolClient,
  of: RecordTable<never>,
  rows: readonly Row[],
): Promise<WrittenRows> {
  const json = JSON.stringify(rows);
  const written = await client.query<{ key: unknown }>(insertStatement(of), [json]);
  const keys = written.rows.map(({ key }) => key);
  if (of.keep === 'last' || keys.length === rows.length) return { keys, faulty: [] };
  const found = await client.query<{ sequence: number }>(contradictionStatement(of), [json]);
  const faulty = found.rows.map(({ sequence }) => ({
    sequence,
    fault: `another ${of.table} record has this id and says something else`,
  }));
  return { keys, faulty };
}

/**
 * SQLSTATE classes 22 (data) and 23 (constraint): this row will never be stored, however often
 * tried.
 */
export function isDataFault(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && /^2[23]/.test(String(error.code));
}

/**
 * Runs `work` so that a fault of its data undoes it alone and not the transaction. Gives that
 * fault.
 */
export async function guarded(
  client: PoolClient,
  work: () => Promise<void>,
): Promise<Error | null> {
  await client.query('savepoint guarded');
  try {
    await work();
  } catch (error) {
    if (!isDataFault(error)) throw error;
    await client.query('rollback to savepoint guarded');
    return error;
  }
  await client.query('release savepoint guarded');
  return null;
}

/**
 * Writes rows of one kind inside the caller's transaction: all in one statement, or, when one of
 * them is faulty, one by one.
 */
async function writeKind(
  client: PoolClient,
  of: RecordTable<never>,
  rows: readonly Row[],
): Promise<WrittenRows> {
  let written: WrittenRows = { keys: [], faulty: [] };
  const fault = await guarded(client, async () => {
    written = await writeRows(client, of, rows);
  });
  if (fault === null) return written;
  if (rows.length === 1) {
    return { keys: [], faulty: rows.map(({ sequence }) => ({ sequence, fault: fault.message })) };
  }
  const keys: unknown[] = [];
  const faulty: FaultyRow[] = [];
  for (const row of rows) {
    const one = await writeKind(client, of, [row]);
    keys.push(...one.keys);
    faulty.push(...one.faulty);
  }
  return { keys, faulty };
}

/** Of records of one kind those whose rows were written: of `first` one each, of `last` all. */
function storedOf(
  of: RecordTable,
  records: readonly NumberedRecord[],
  { keys, faulty }: WrittenRows,
): NumberedRecord[] {
  const written = new Set(keys);
  const bad = new Set(faulty.map(({ sequence }) => sequence));
  return records.filter(({ sequence, record }) => {
    const key = of.row(record)[of.key];
    const isStored = written.has(key) && !bad.has(sequence);
    if (of.keep === 'first' && isStored) written.delete(key);
    return isStored;
  });
}

/** Writes records of every kind. */
export async function writeRecords(
  client: PoolClient,
  records: readonly NumberedRecord[],
): Promise<WrittenRecords> {
  const stored: NumberedRecord[] = [];
  const faulty: FaultyRow[] = [];
  const byKind = Map.groupBy(records, ({ record }) => record.kind);
  for (const [kind, ofKind] of byKind) {
    const table = RECORD_TABLES[kind as RecordKind] as RecordTable;
    const rows = rowsOf(table, ofKind);
    const written = await writeKind(client, table as RecordTable<never>, rows);
    stored.push(...storedOf(table, ofKind, written));
    faulty.push(...written.faulty);
  }
  return { stored: stored.toSorted((a, b) => a.sequence - b.sequence), faulty };
}
