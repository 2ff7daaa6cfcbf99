/**
 * Goal: whatever the link does - rows sent twice, messages that overlap, a connection that is cut
 * in mid-transaction, a database killed - each record is in the database exactly once, and a row
 * that can never be stored holds up no other.
 */

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { pilot } from '../../plc/mill/mills/pilot.ts';
import type { HistorySample } from '../../plc/model/record.ts';
import { readQuarantine } from '../../server/historian/sample-quarantine.ts';
import type { RecordStore } from '../../server/records/record-store.ts';
import type { TestDatabase } from '../support/database.ts';
import { TestCluster } from '../support/database.ts';
import { newRecordStore } from '../support/record-store.ts';
import {
  bagRecord,
  batchRecord,
  doseRecord,
  orderRecord,
  START_MS,
  samplesRecord,
  spoolRows,
} from '../support/records.ts';
import { until } from '../support/until.ts';

const cluster = new TestCluster();
beforeAll(() => cluster.start());
afterAll(() => cluster.stop());

let database: TestDatabase;
let store: RecordStore;
let spool: string;
beforeEach(async () => {
  database = await cluster.database();
  store = newStore();
  spool = randomUUID();
});

function newStore(): RecordStore {
  const { pool, storage } = database;
  return newRecordStore(pool, storage, cluster.log);
}

async function count(table: string): Promise<number> {
  const { rows } = await database.pool.query<{ n: number }>(`select count(*)::int n from ${table}`);
  return rows[0]?.n ?? -1;
}

const samples = (from: number, length: number): HistorySample[] =>
  Array.from({ length }, (_, at) => [at % 50, START_MS + from + at, at / 4, 0]);

test('a message sent twice is stored once and acknowledged alike', async () => {
  const message = spoolRows(spool, 1, [
    orderRecord(),
    batchRecord(1),
    doseRecord('WS501/1'),
    bagRecord(1),
    samplesRecord(samples(0, 100)),
  ]);
  expect(await store.store(message)).toBe(5);
  expect(await store.store(message)).toBe(5);
  expect(await newStore().store(message)).toBe(5);
  for (const table of ['orders', 'batch', 'dose', 'bag']) expect(await count(table)).toBe(1);
  expect(await count('sample')).toBe(100);
  expect(await count('quarantine')).toBe(0);
  const minutes = await database.pool.query('select sum(samples)::int n from recorded_minute');
  expect(minutes.rows).toEqual([{ n: 100 }]);
});

test('messages that overlap store each row once, even when they come at the same time', async () => {
  const records = Array.from({ length: 60 }, (_, at) => bagRecord(at + 1));
  const windows = [0, 10, 20, 5, 15, 25, 0, 30].map((from) =>
    spoolRows(spool, from + 1, records.slice(from, from + 30)),
  );
  await store.store(spoolRows(spool, 1, records.slice(0, 30)));
  await Promise.all(windows.map((message) => store.store(message)));
  expect(await count('bag')).toBe(60);
  expect(await count('quarantine')).toBe(0);
});

test('an order or batch is as its last record says', async () => {
  await store.store(spoolRows(spool, 1, [orderRecord(), batchRecord(1, { state: 'Running' })]));
  await store.store(
    spoolRows(spool, 3, [
      orderRecord({ batchesDone: 1 }),
      orderRecord({ state: 'Complete', batchesDone: 3, bags: 60 }),
      batchRecord(1),
    ]),
  );
  const orders = await database.pool.query('select state, batches_done, bags from orders');
  expect(orders.rows).toEqual([{ state: 'Complete', batches_done: 3, bags: 60 }]);
  const batches = await database.pool.query('select state from batch');
  expect(batches.rows).toEqual([{ state: 'Complete' }]);
});

test('a connection cut in mid-transaction leaves nothing, and the repeat leaves everything', async () => {
  const message = spoolRows(spool, 1, [doseRecord('WS501/1'), samplesRecord(samples(0, 1_000))]);
  await store.store(spoolRows(randomUUID(), 1, [bagRecord(1)]));
  // Holds the store inside its transaction, at the spool's progress row, then cuts its connection.
  const cut = await database.pool.transaction(async (client) => {
    await client.query('lock table dose in exclusive mode');
    const storing = store.store(message).then(
      () => 'stored',
      () => 'cut',
    );
    await until('the store waiting inside its transaction', async () => {
      const { rows } = await database.pool.query<{ pid: number }>(
        `select pid from pg_stat_activity
         where datname = current_database() and wait_event_type = 'Lock'`,
      );
      const pid = rows[0]?.pid;
      if (pid === undefined) return false;
      await database.pool.query('select pg_terminate_backend($1)', [pid]);
      return true;
    });
    return storing;
  });
  expect(cut).toBe('cut');
  expect(await count('dose')).toBe(0);
  expect(await count('sample')).toBe(0);
  expect(await store.store(message)).toBe(2);
  expect(await count('dose')).toBe(1);
  expect(await count('sample')).toBe(1_000);
});

test('a row that cannot be stored is kept in quarantine and the others are stored', async () => {
  const unknownKind = { sequence: 2, record: { kind: 'gossip' } };
  const nulCharacter = { sequence: 4, record: doseRecord('WS501/2', { lot: 'a\u0000b' }) };
  const contradiction = { sequence: 5, record: doseRecord('WS501/1', { actualKg: 299 }) };
  const noSuchTag = samplesRecord([
    [pilot.tags.length, START_MS, 1, 0],
    [0, START_MS, 1, 0],
  ]);
  const stored = await store.store({
    spool,
    rows: [
      { sequence: 1, record: doseRecord('WS501/1') },
      unknownKind,
      { sequence: 3, record: doseRecord('WS501/3') },
      nulCharacter,
      contradiction,
      { sequence: 6, record: noSuchTag },
    ],
  });
  expect(stored).toBe(6);
  const doses = await database.pool.query('select dose_id, actual_kg from dose order by 1');
  expect(doses.rows).toEqual([
    { dose_id: '2611-0001/1/WS501/1', actual_kg: 300 },
    { dose_id: '2611-0001/1/WS501/3', actual_kg: 300 },
  ]);
  expect(await count('sample')).toBe(1);
  const kept = await database.pool.query<{ sequence: string }>(
    'select sequence from quarantine order by sequence',
  );
  expect(kept.rows.map((row) => Number(row.sequence))).toEqual([2, 4, 5]);
  expect(await count('sample_quarantine')).toBe(1);
  expect(store.counts).toMatchObject({ rows: 6, samples: 1, quarantined: 3, strays: 1 });
});

test('samples come out of the database as they went in', async () => {
  const sent: HistorySample[] = [
    [3, START_MS, 21.5, 0],
    [3, START_MS + 1, -0.1, 1],
    [3, START_MS + 2, null, 3],
    [3, START_MS - 300 * 86_400_000, 1e300, 2],
    [3, START_MS + 3, 0, 0],
  ];
  await store.store(spoolRows(spool, 1, [samplesRecord(sent)]));
  const { rows } = await database.pool.query<Record<string, unknown>>(
    `select name, time::float8 as ms, value, s.quality
     from sample s join tag using (tag_id) order by time`,
  );
  const name = pilot.tags[3]?.name;
  expect(rows.map((row) => [3, row['ms'], row['value'], row['quality']])).toEqual(
    sent.toSorted((a, b) => a[1] - b[1]),
  );
  expect(new Set(rows.map((row) => row['name']))).toEqual(new Set([name]));
});

test('DOMAIN 9, clocks gone wrong: samples of no possible time are set aside whole, and told', async () => {
  const [past, future] = [Date.UTC(2005, 1, 1), START_MS + 3 * 86_400_000];
  const sent: HistorySample[] = [
    [3, START_MS, 1, 0],
    [3, past, 2, 1],
    [4, future, null, 3],
    [pilot.tags.length, START_MS, 4, 0],
    [3, 8.64e15, 5, 0],
  ];
  const message = spoolRows(spool, 1, [samplesRecord(sent)]);
  expect(await store.store(message)).toBe(1);
  expect(await store.store(message)).toBe(1);
  expect(await count('sample')).toBe(1);
  const { total, samples } = await readQuarantine(database.pool, 10);
  expect(total).toBe(4);
  const names = [pilot.tags[3]?.name, pilot.tags[4]?.name];
  expect(samples.reverse()).toMatchObject([
    { fault: 'time', tag: names[0], time: new Date(past).toISOString(), value: 2, quality: 1 },
    { fault: 'time', tag: names[1], time: new Date(future).toISOString(), value: null },
    { fault: 'tag', tag: null, tagNumber: pilot.tags.length, value: 4 },
    { fault: 'time', tag: names[0], time: null, value: 5 },
  ]);
  expect(store.counts).toMatchObject({ samples: 1, strays: 4, quarantined: 0 });
});

test('of two samples of a tag in one millisecond the later counts', async () => {
  await store.store(spoolRows(spool, 1, [samplesRecord([[7, START_MS, 1, 0]])]));
  const again: HistorySample[] = [
    [7, START_MS, 2, 0],
    [8, START_MS, 5, 0],
    [7, START_MS, 3, 0],
  ];
  expect(await store.store(spoolRows(spool, 2, [samplesRecord(again)]))).toBe(2);
  const { rows } = await database.pool.query('select value from sample order by tag_id');
  expect(rows).toEqual([{ value: 3 }, { value: 5 }]);
});

const killed = 'a database killed under way comes back by itself, with what was acknowledged';
test.skipIf(cluster.isForeign)(killed, async () => {
  expect(await store.store(spoolRows(spool, 1, [bagRecord(1), bagRecord(2)]))).toBe(2);
  const before = cluster.postgres.pid;
  process.kill(before, 'SIGKILL');
  const message = spoolRows(spool, 2, [bagRecord(2), bagRecord(3)]);
  const sequence = await until('the database taking rows again', () =>
    store.store(message).catch(() => null),
  );
  expect(sequence).toBe(3);
  // A connection that was open may have been served to its end: what it stored must outlive it too.
  await until('a new database process', () => cluster.postgres.pid !== before);
  const bags = await until('an answer of the new one', () => count('bag').catch(() => null));
  expect(bags).toBe(3);
});
