/**
 * Goal: the batch record in the database is complete, added to exactly once in the transaction that
 * stores what it tells, never changed, and a record that was rewritten behind its back is found.
 */
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { pilot } from '../../plc/mill/mills/pilot.ts';
import type { SpoolRecord } from '../../plc/model/record.ts';
import { canonical } from '../../server/records/chain/canonical.ts';
import { entryHash } from '../../server/records/chain/entry.ts';
import { verifyFile } from '../../server/records/chain/verify-file.ts';
import { RecordBook } from '../../server/records/record-book.ts';
import type { RecordStore } from '../../server/records/record-store.ts';
import type { TestDatabase } from '../support/database.ts';
import { TestCluster } from '../support/database.ts';
import { newRecordStore, TEST_SIGNER } from '../support/record-store.ts';
import {
  bagRecord,
  batchRecord,
  doseRecord,
  orderRecord,
  START_MS,
  spoolRows,
} from '../support/records.ts';
import { until } from '../support/until.ts';

const cluster = new TestCluster();
const folder = mkdtempSync(join(tmpdir(), 'records-'));
beforeAll(() => cluster.start());
afterAll(async () => {
  await cluster.stop();
  rmSync(folder, { recursive: true });
});

let database: TestDatabase;
let store: RecordStore;
let book: RecordBook;
beforeEach(async () => {
  database = await cluster.database();
  store = newRecordStore(database.pool, database.storage, cluster.log);
  book = new RecordBook(database.pool, pilot, TEST_SIGNER);
});

/** An order of one batch from its queue to its bags. */
const RECORDS: readonly SpoolRecord[] = [
  orderRecord({ state: 'Queued', startedTimeMs: null, batchesPlanned: 1 }),
  orderRecord({ batchesPlanned: 1 }),
  batchRecord(1, { state: 'Running', targetKg: 300, actualKg: 0, finishedTimeMs: null }),
  doseRecord('WS501/1'),
  {
    kind: 'phase',
    phaseId: '2611-0001/1/dosing/1',
    batchId: '2611-0001/1',
    phase: 'dosing',
    startedTimeMs: START_MS + 300_000,
    endedTimeMs: START_MS + 360_000,
  },
  batchRecord(1, { targetKg: 300, actualKg: 300 }),
  ...Array.from({ length: 12 }, (_, at) => bagRecord(at + 1)),
  {
    kind: 'movement',
    movementId: 'RT901/1',
    from: 'FB801',
    to: 'BG1001',
    material: null,
    lot: 'L2611-0001',
    massKg: 300,
    startedTimeMs: START_MS + 1_200_000,
    endedTimeMs: START_MS + 1_300_000,
  },
  orderRecord({
    state: 'Complete',
    batchesPlanned: 1,
    batchesDone: 1,
    bags: 12,
    dosedKg: 300,
    producedKg: 300,
    finishedTimeMs: START_MS + 1_300_000,
  }),
];

const KINDS = [
  'order-accepted',
  'order',
  'order',
  'batch',
  'dose',
  'phase',
  'batch',
  'movement',
  'order',
  'bags',
];

async function fault() {
  return (await book.read('2611-0001', 'lan'))?.stored.fault;
}

async function kinds(): Promise<string[]> {
  const read = await book.read('2611-0001', 'lan');
  return read?.stored.entries.map(({ kind }) => kind) ?? [];
}

async function count(table: string): Promise<number> {
  const { rows } = await database.pool.query<{ n: number }>(`select count(*)::int n from ${table}`);
  return rows[0]?.n ?? -1;
}

describe('what is appended', () => {
  test('is everything that the machines wrote down of the order, once, though sent twice', async () => {
    const message = spoolRows(randomUUID(), 1, RECORDS);
    await store.store(message);
    await store.store(message);
    // A controller that lost its spool sends the same records from a new one.
    await store.store(
      spoolRows(
        randomUUID(),
        1,
        RECORDS.filter(({ kind }) => kind !== 'order'),
      ),
    );
    const told = await kinds();
    expect(told.slice(0, KINDS.length)).toEqual(KINDS);
    expect(
      told.filter((kind) => ['dose', 'phase', 'movement', 'bags'].includes(kind)),
    ).toHaveLength(4);
    expect(await fault()).toBeNull();
  });

  test('comes in the transaction of its rows: cut off in between, there is neither', async () => {
    const message = spoolRows(randomUUID(), 1, RECORDS);
    const cut = await database.pool.transaction(async (client) => {
      await client.query('lock table record_entry in exclusive mode');
      const storing = store.store(message).then(
        () => 'stored',
        () => 'cut',
      );
      await until('the store waiting to append', async () => {
        const { rows } = await database.pool.query<{ pid: number }>(
          `select pid from pg_stat_activity where datname = current_database()
           and wait_event_type = 'Lock' and query like 'insert into record_entry%'`,
        );
        const pid = rows[0]?.pid;
        if (pid === undefined) return false;
        await database.pool.query('select pg_terminate_backend($1)', [pid]);
        return true;
      });
      return storing;
    });
    expect(cut).toBe('cut');
    expect([await count('dose'), await count('record_entry')]).toEqual([0, 0]);
    await store.store(message);
    expect([await count('dose'), (await kinds()).length]).toEqual([1, KINDS.length]);
  });

  test('names the key of its signatures, though the first signed transaction was undone', async () => {
    await database.pool.query(
      `create function refuse() returns trigger language plpgsql as
       $$ begin raise exception 'cut off at the end'; end $$`,
    );
    await database.pool.query(
      'create trigger cut before update on spool_progress execute function refuse()',
    );
    const message = spoolRows(randomUUID(), 1, RECORDS);
    await expect(store.store(message)).rejects.toThrow('cut off at the end');
    await database.pool.query('drop trigger cut on spool_progress');
    await store.store(message);
    expect([await fault(), await count('record_key')]).toEqual([null, 1]);
  });

  test('stays one chain when several controllers write at once', async () => {
    const messages = Array.from({ length: 8 }, (_, at) =>
      spoolRows(
        randomUUID(),
        1,
        Array.from({ length: 20 }, (__, dose) => doseRecord(`WS501/${at}-${dose}`)),
      ),
    );
    await Promise.all(messages.map((message) => store.store(message)));
    expect(await kinds()).toHaveLength(160);
    expect(await fault()).toBeNull();
    expect(await count('record_anchor')).toBe(8);
  });

  test('is what a person did, from the audit trail, asked and outcome', async () => {
    const id = randomUUID();
    await store.store(spoolRows(randomUUID(), 1, [orderRecord()]));
    await database.pool.query(
      `insert into audit (audit_id, time, user_name, role, door, target, args, address)
       values ($1, now(), 'lan', 'operator', 'order.hold', 'LINE1', $2, '::1')`,
      [id, { orderId: '2611-0001' }],
    );
    await store.store(spoolRows(randomUUID(), 1, [batchRecord(1)]));
    await database.pool.query(
      `insert into audit_outcome (audit_id, time, outcome, reasons)
       values ($1, now(), 'accepted', '[]')`,
      [id],
    );
    await store.store(spoolRows(randomUUID(), 1, [doseRecord('WS501/1')]));
    await store.store(spoolRows(randomUUID(), 1, [doseRecord('WS501/2')]));
    expect(await kinds()).toEqual([
      'order-accepted',
      'order',
      'batch',
      'action',
      'dose',
      'action-outcome',
      'dose',
    ]);
  });

  test('an alarm belongs to the order that runs on its line, else to the mill', async () => {
    const alarm = (alarmId: string): SpoolRecord => ({
      kind: 'alarm',
      occurrence: {
        occurrenceId: `${alarmId}/1`,
        alarmId,
        state: 'UnacknowledgedActive',
        priority: 'high',
        raisedTimeMs: START_MS,
        returnedTimeMs: null,
        acknowledgedTimeMs: null,
        acknowledgedBy: null,
        comment: null,
        value: true,
      },
    });
    const mixer = pilot.lines[0]?.mixer;
    await store.store(
      spoolRows(randomUUID(), 1, [
        orderRecord({ order: { ...orderRecord().order, line: pilot.lines[0]?.id ?? '' } }),
      ]),
    );
    await store.store(
      spoolRows(randomUUID(), 1, [alarm(`${mixer}.Trip`), alarm('SOMETHING.Else')]),
    );
    const { rows } = await database.pool.query<{ stream: string }>(
      "select stream from record_entry where kind = 'alarm' order by stream",
    );
    expect(rows.map(({ stream }) => stream)).toEqual(['mill', 'order:2611-0001']);
  });
});

describe('what was appended', () => {
  beforeEach(async () => {
    await store.store(spoolRows(randomUUID(), 1, RECORDS));
  });

  test('is refused to be changed, deleted or emptied by the database itself', async () => {
    const columns = {
      record_entry: 'kind',
      record_anchor: 'key',
      record_anchor_stream: 'stream',
      record_key: 'public_key',
    };
    for (const [table, column] of Object.entries(columns)) {
      for (const statement of [
        `update ${table} set ${column} = 'x'`,
        `delete from ${table}`,
        `truncate ${table}`,
      ]) {
        const refused = expect(database.pool.query(statement), statement).rejects;
        await refused.toThrow('only ever added to');
      }
    }
  });

  /** As somebody does who owns the database. */
  async function behindItsBack(statement: string, values: unknown[] = []): Promise<void> {
    await database.pool.query('alter table record_entry disable trigger all');
    await database.pool.query(statement, values);
  }

  test('altered by the owner of the database, the entry is named', async () => {
    await behindItsBack(
      "update record_entry set content = replace(content, '300', '299') where kind = 'dose'",
    );
    expect(await fault()).toEqual({
      code: 'entry.altered',
      objects: { sequence: 5, kind: 'dose' },
    });
    const file = await book.file('2611-0001', 'lan');
    expect(verifyFile(Buffer.from(file ?? '')).fault?.objects['sequence']).toBe(5);
  });

  test('rewritten with fresh hashes to the end, it differs from what was signed', async () => {
    const entries = (await book.read('2611-0001', 'lan'))?.stored.entries ?? [];
    let previous = entries[3]?.hash ?? '';
    for (const entry of entries.slice(4)) {
      const content = entry.kind === 'dose' ? { ...entry.content, actualKg: 299 } : entry.content;
      const fresh = { ...entry, content, previous };
      const hash = entryHash(fresh);
      await behindItsBack(
        `update record_entry set content = $3, previous = $4, hash = $5
         where stream = $1 and sequence = $2`,
        [entry.stream, entry.sequence, canonical(content), previous, hash],
      );
      previous = hash;
    }
    expect((await fault())?.code).toBe('anchor.head');
  });

  test('cut off at its end, the last anchor misses it', async () => {
    await behindItsBack("delete from record_entry where kind = 'bags'");
    expect((await fault())?.code).toBe('anchor.head');
  });

  test('goes out as a file that `npm run verify-record` proves without mill or database', async () => {
    const file = join(folder, 'record.json');
    await writeFile(file, (await book.file('2611-0001', 'lan')) ?? '');
    const verify = async (...args: string[]) => {
      const run = promisify(execFile)(process.execPath, [
        'server/records/verify-record-main.ts',
        ...args,
      ]);
      return run.then(
        ({ stdout }) => ({ code: 0, stdout }),
        (error: { code: number; stdout: string }) => ({ code: error.code, stdout: error.stdout }),
      );
    };
    const intact = await verify(file, '--key', book.key);
    expect(intact).toMatchObject({ code: 0 });
    expect(intact.stdout).toContain('2611-0001/1: 300.000 kg, 100.00 %');
    expect(await verify(file, '--key', 'f'.repeat(64))).toMatchObject({ code: 1 });
    const altered = (await readFile(file, 'utf8')).replace('"decidedBy":null', '"decidedBy":"an"');
    await writeFile(file, altered);
    const found = await verify(file);
    expect(found.code).toBe(1);
    expect(found.stdout).toContain('Entry 5 (dose) was altered');
    expect(found.stdout).toContain('Mục 5 (dose) đã bị sửa');
    expect(await verify(join(folder, 'no-such-file'))).toMatchObject({ code: 64 });
  });
});
