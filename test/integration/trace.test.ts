/**
 * Goal: any lot is traced both ways in less than 5 s (EU 178/2002 art. 18, ISO 22005): raw lot to
 * batches, finished lots, bags and customers, and back, through rework, in a year's worth of rows.
 */
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { pilot } from '../../plc/mill/mills/pilot.ts';
import type { LoadRecord, SpoolRecord } from '../../plc/model/record.ts';
import type { StockRecord, TruckRecord } from '../../plc/model/record-stock.ts';
import type { Trace } from '../../server/contract/trace.ts';
import { listPallets, listRejects, readPallet } from '../../server/records/packing-queries.ts';
import { Tracer } from '../../server/trace/trace.ts';
import type { TestDatabase } from '../support/database.ts';
import { TestCluster } from '../support/database.ts';
import { newRecordStore } from '../support/record-store.ts';
import {
  bagRecord,
  batchRecord,
  doseRecord,
  orderRecord,
  START_MS,
  spoolRows,
} from '../support/records.ts';

const cluster = new TestCluster();
beforeAll(() => cluster.start());
afterAll(() => cluster.stop());

let database: TestDatabase;
let tracer: Tracer;
beforeEach(async () => {
  database = await cluster.database();
  tracer = new Tracer(database.pool, pilot);
});
afterEach(() => database.pool.close());

const order = (number: number, customer: string | null, drug = false) => ({
  ...orderRecord().order,
  orderId: `2611-000${number}`,
  lot: `TP-${number}`,
  customer,
  items: [{ material: 'MAIZE', pct: 100, drug }],
});

function stockRecord(stockId: string, over: Partial<StockRecord>): StockRecord {
  const causeId = stockId.slice(0, stockId.lastIndexOf('/'));
  return {
    ...{ kind: 'stock', stockId, cause: 'movement', causeId, from: null, to: null },
    ...{ material: 'MAIZE', lot: null, kg: 0, estimated: true, by: null, note: null },
    timeMs: START_MS,
    ...over,
  };
}

function truckRecord(truckId: string, lot: string): TruckRecord {
  return {
    ...{ kind: 'truck', truckId, lot, plate: '51C-123.45', material: 'MAIZE' },
    ...{ supplier: 'NCC 1', supplierLot: 'NCC-7', ticketKg: 12_000, state: 'Complete' },
    ...{ sample: null, grossKg: 26_000, tareKg: 14_000, netKg: 12_000, pit: 'TL1' },
    ...{ destinations: [{ bin: 'SI201', kg: 12_000 }], createdBy: 'lan' },
    ...{ bookedTimeMs: START_MS, dueTimeMs: null, arrivedTimeMs: START_MS },
    ...{ finishedTimeMs: START_MS + 3_600_000, reasons: [] },
  };
}

function loadRecord(compartment: number, lot: string, netKg: number): LoadRecord {
  return {
    ...{ kind: 'load', loadId: `LO1/${compartment}`, spout: 'LO1', truck: '60C-777.88' },
    ...{ compartment, bin: 'FB801', orderId: '2611-0003', lot, targetKg: netKg, netKg },
    ...{ last: null, certificate: 'VS-12', startedTimeMs: START_MS, endedTimeMs: START_MS + 1 },
  };
}

const ids = (trace: Trace | null, kind: string) =>
  trace?.nodes.filter((node) => node.kind === kind).map(({ label }) => label) ?? [];

/** Two bags of the first order on their pallet, and the one that was too light. */
const PACKED: SpoolRecord[] = [
  {
    kind: 'pallet',
    palletId: 'PL1/1',
    orderId: '2611-0001',
    lot: 'TP-1',
    palletiser: 'PL1',
    bagger: 'BG1001',
    bags: 2,
    bagIds: ['BG1001/1', 'BG1001/2'],
    netKg: 50.04,
    timeMs: START_MS + 30_000,
  },
  {
    kind: 'bag-reject',
    rejectId: 'CW1/1',
    bagId: 'BG1001/3',
    bagger: 'BG1001',
    device: 'CW1',
    cause: 'weight',
    orderId: '2611-0001',
    lot: 'TP-1',
    timeMs: START_MS + 20_000,
  },
];

describe('a lot of maize that went into two orders, and the fines of one into a third', () => {
  beforeEach(async () => {
    const store = newRecordStore(database.pool, database.storage, cluster.log);
    const made = [1, 2, 3].flatMap((number) => [
      orderRecord({ order: order(number, number === 2 ? null : `Trại ${number}`, number === 1) }),
      batchRecord(1, {
        batchId: `2611-000${number}/1`,
        orderId: `2611-000${number}`,
        lot: `TP-${number}`,
      }),
    ]);
    const dose = (id: string, batch: number, lot: string) =>
      doseRecord(id, { doseId: `2611-000${batch}/1/${id}`, batchId: `2611-000${batch}/1`, lot });
    await store.store(
      spoolRows(randomUUID(), 1, [
        ...made,
        dose('A/1', 1, 'NGO-7'),
        dose('A/1', 2, 'NGO-7'),
        dose('B/1', 2, 'KHO-1'),
        dose('A/1', 3, 'NGO-8'),
        // Fines of the first order, dosed again with their lot.
        dose('B/1', 3, 'TP-1'),
        ...[1, 2, 3].map((count) => bagRecord(count, { orderId: '2611-0001', lot: 'TP-1' })),
        bagRecord(4, { orderId: '2611-0003', lot: 'TP-3' }),
        ...PACKED,
        {
          kind: 'movement',
          movementId: 'RT1/1',
          from: 'MX601',
          to: 'FB801',
          material: null,
          lot: 'TP-1',
          massKg: 297,
          startedTimeMs: START_MS,
          endedTimeMs: START_MS + 60_000,
        },
        truckRecord('T261123-1', 'NGO-7'),
        stockRecord('T261123-1/1', {
          cause: 'truck',
          from: 'TL1',
          to: 'SI201',
          lot: 'NGO-7',
          kg: 12_000,
        }),
        ...[400, 200].map((kg, at) => {
          const way = { from: 'SI201', to: 'DB401', lot: 'NGO-7', kg, timeMs: START_MS + 60_000 };
          return stockRecord(`GRIND/1/${at + 1}`, way);
        }),
        loadRecord(1, 'TP-3', 3_000),
        loadRecord(2, 'TP-3', 2_500),
      ]),
    );
  });

  test('is found forward to the bags and customers, also through the rework', async () => {
    const trace = await tracer.trace('NGO-7');
    expect(trace?.start).toBe('raw:NGO-7');
    expect(ids(trace, 'batch').sort()).toEqual(['2611-0001/1', '2611-0002/1', '2611-0003/1']);
    expect(ids(trace, 'product').sort()).toEqual(['TP-1', 'TP-2', 'TP-3']);
    expect(ids(trace, 'customer').sort()).toEqual(['Trại 1', 'Trại 3']);
    expect(trace?.nodes.find(({ kind }) => kind === 'bags')).toMatchObject({ count: 3, kg: 75 });
    expect(trace?.movements).toContainEqual(
      expect.objectContaining({ lot: 'TP-1', from: 'MX601', to: 'FB801', kg: 297 }),
    );
    expect(ids(trace, 'raw')).toEqual(['NGO-7']);
  });

  test('its ways through the mill have their mass, from the truck that brought it', async () => {
    const trace = await tracer.trace('NGO-7');
    const own = trace?.movements.filter(({ lot }) => lot === 'NGO-7');
    expect(own).toMatchObject([
      { from: 'TL1', to: 'SI201', kg: 12_000, times: 1 },
      { from: 'SI201', to: 'DB401', kg: 600, times: 1 },
    ]);
    expect(trace?.nodes.find(({ kind }) => kind === 'supplier')).toMatchObject({
      label: '51C-123.45 · NCC 1 · NCC-7',
      kg: 12_000,
    });
  });

  test('is found forward to the compartments of the bulk truck that took it away', async () => {
    const trace = await tracer.trace('NGO-7');
    const away = trace?.nodes.find(({ kind }) => kind === 'truck');
    expect(away).toMatchObject({ label: '60C-777.88', kg: 5_500, count: 2 });
    expect(trace?.edges).toContainEqual({ from: 'product:TP-3', to: away?.id, kg: 5_500 });
    expect(trace?.edges).toContainEqual({ from: away?.id, to: 'customer:Trại 3', kg: 5_500 });
  });

  test.each([
    ['the plate of a truck that took it away', '60C-777.88', 'product:TP-3'],
    ['the number of a load', 'LO1/1', 'product:TP-3'],
    ['the number of a truck that brought it', 'T261123-1', 'raw:NGO-7'],
    ['the plate of that truck', '51C-123.45', 'raw:NGO-7'],
    ["the supplier's lot", 'NCC-7', 'raw:NGO-7'],
  ])('is found from %s', async (_what, name, start) => {
    const trace = await tracer.trace(name);
    expect(trace?.start).toBe(start);
    expect(ids(trace, 'supplier')).toHaveLength(1);
    expect(ids(trace, 'truck')).toEqual(['60C-777.88']);
  });

  test('is found backward from a bag, with the lots of the rework it held', async () => {
    const trace = await tracer.trace('BG1001/4');
    expect(trace?.start).toBe('product:TP-3');
    expect(ids(trace, 'raw').sort()).toEqual(['NGO-7', 'NGO-8']);
    expect(ids(trace, 'product').sort()).toEqual(['TP-1', 'TP-3']);
    expect(trace?.edges).toContainEqual({ from: 'product:TP-1', to: 'batch:2611-0003/1', kg: 300 });
  });

  test('bag -> pallet -> bag: a bag is found on its pallet, a pallet with all its bags', async () => {
    const ofBag = await tracer.trace('BG1001/2');
    const pallet = { palletId: 'PL1/1', lot: 'TP-1', bags: 2, netKg: 50.04, asked: true };
    expect(ofBag?.pallets).toMatchObject([{ ...pallet, bagIds: ['BG1001/1', 'BG1001/2'] }]);
    const ofPallet = await tracer.trace('PL1/1');
    expect(ofPallet?.start).toBe('product:TP-1');
    expect(ofPallet?.pallets).toEqual(ofBag?.pallets);
    const ofLot = await tracer.trace('TP-1');
    expect(ofLot?.pallets).toMatchObject([{ palletId: 'PL1/1', asked: false, bagIds: [] }]);
    const rejects = [{ lot: 'TP-1', bagger: 'BG1001', cause: 'weight', bags: 1 }];
    expect(ofLot?.rejects).toEqual(rejects);
  });

  test('pallets and rejected bags are listed by lot, by order and by bag', async () => {
    const all = { limit: 10 };
    const [pallet] = await listPallets(database.pool, { ...all, bag: 'BG1001/1' });
    expect(pallet).toMatchObject({ palletId: 'PL1/1', orderId: '2611-0001', bagger: 'BG1001' });
    expect(pallet?.product).toEqual(order(1, null).product);
    expect(await readPallet(database.pool, 'PL1/1')).toEqual(pallet);
    expect(await listPallets(database.pool, { ...all, lot: 'TP-3' })).toEqual([]);
    const rejects = await listRejects(database.pool, { ...all, order: '2611-0001' });
    expect(rejects).toMatchObject([{ rejectId: 'CW1/1', bagId: 'BG1001/3', cause: 'weight' }]);
  });

  test('keeps the flag of the drug', async () => {
    const trace = await tracer.trace('2611-0001');
    const drugs = trace?.nodes
      .filter(({ drug }) => drug)
      .map(({ id }) => id)
      .sort();
    expect(drugs).toEqual([
      'bags:TP-1/BG1001/2611-0001',
      'batch:2611-0001/1',
      'product:TP-1',
      'raw:NGO-7',
    ]);
    expect(await tracer.trace('NO-SUCH-LOT')).toBeNull();
  });

  test('layers of the book of stock take the place of the one lot that a dose names', async () => {
    await database.pool.query(
      `insert into stock select 'S' || n, 'dose', '2611-0002/1/B/1', 'B501', null, 'MAIZE',
         'KHO-' || n, 150, false, null, null, now() from generate_series(1, 2) n`,
    );
    const back = await tracer.trace('TP-2');
    expect(ids(back, 'raw').sort()).toEqual(['KHO-1', 'NGO-7']);
    expect(back?.edges.filter(({ from }) => from.startsWith('raw:KHO'))).toEqual([
      { from: 'raw:KHO-1', to: 'batch:2611-0002/1', kg: 150 },
      { from: 'raw:KHO-2', to: 'batch:2611-0002/1', kg: 150 },
    ]);
  });
});

test('with 100,000 bags and 10,000 doses a trace takes less than 5 s, both ways', async () => {
  const { pool } = database;
  // 500 batches of 50 orders; a raw lot lasts 100 batches; rework closes a circle of all orders.
  await pool.query(
    `insert into orders select '2611-' || n, 'F', 1, 'Cám', 'Feed', 'Complete', 'LINE1',
       'FB801', 'bags', 25, 'TP-' || n, 60000, 6000, 10, 10, 60000, 60000, 2000,
       'lan', now(), now(), now(), '[]',
       jsonb_build_object('customer', 'Trại ' || n % 7, 'items', '[]'::jsonb)
     from generate_series(1, 50) n`,
  );
  await pool.query(
    `insert into batch select '2611-' || o || '/' || b, '2611-' || o, b, 'Complete', 6000, 6000,
       now(), now(), 'TP-' || o from generate_series(1, 50) o, generate_series(1, 10) b`,
  );
  await pool.query(
    `insert into dose select '2611-' || o || '/' || b || '/S/' || d, '2611-' || o || '/' || b,
       'S', 'B' || d, 'M' || d,
       case when d = 20 then 'TP-' || 1 + o % 50 else 'L' || d || '-' || o / 10 end,
       300, 300, 1, 1, 0, 'in-tolerance', null, now(), now()
     from generate_series(1, 50) o, generate_series(1, 10) b, generate_series(1, 20) d`,
  );
  await pool.query(
    `insert into bag select 'BG1001/' || n, '2611-' || 1 + n % 50, 'BG1001', 'TP-' || 1 + n % 50,
       25, now() from generate_series(1, 100000) n`,
  );
  // A day of 100,000 rows of stock, and a truck load of every lot.
  await pool.query(
    `insert into stock select 'M/' || n || '/1', 'movement', 'M/' || n, 'SI' || n % 9,
       'DB' || n % 40, 'MAIZE', 'L' || 1 + n % 20 || '-' || n % 5, 10, true, null, null, now()
     from generate_series(1, 100000) n`,
  );
  await pool.query(
    `insert into bulk_load select 'LO1/' || n, 'LO1', '60C-' || n % 30, 1, 'FB801', null,
       'TP-' || 1 + n % 50, 5000, 5000, now(), now() from generate_series(1, 500) n`,
  );
  await pool.query('analyze');
  const tookMs: number[] = [];
  for (const name of ['L1-0', 'TP-17', 'BG1001/99999', '2611-3/4']) {
    const startMs = performance.now();
    const trace = await tracer.trace(name);
    tookMs.push(Math.round(performance.now() - startMs));
    expect(trace?.truncated).toBe(false);
    expect(ids(trace, 'batch')).toHaveLength(500);
    const bags = trace?.nodes.filter(({ kind }) => kind === 'bags');
    expect(bags?.reduce((sum, { count }) => sum + (count ?? 0), 0)).toBe(100_000);
  }
  process.stdout.write(
    `trace of 500 batches, 10,000 doses, 100,000 bags: ${tookMs.join(', ')} ms\n`,
  );
  expect(Math.max(...tookMs)).toBeLessThan(5_000);
});
