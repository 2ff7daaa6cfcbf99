/**
 * Goal: what moved and what came is in the database once, and the way of a lot, the layers of a
 * dose and the trucks of a day are read from it.
 */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { StockRecord, TruckRecord } from '../../plc/model/record-stock.ts';
import { listMoves, listTrucks } from '../../server/records/stock-queries.ts';
import { TestCluster } from '../support/database.ts';
import { newRecordStore } from '../support/record-store.ts';
import { START_MS, spoolRows } from '../support/records.ts';

const cluster = new TestCluster();
beforeAll(() => cluster.start());
afterAll(() => cluster.stop());

function moved(stockId: string, over: Partial<StockRecord> = {}): StockRecord {
  return {
    kind: 'stock',
    stockId,
    cause: 'dose',
    causeId: stockId.slice(0, stockId.lastIndexOf('/')),
    from: 'B501',
    to: 'WS501',
    material: 'MAIZE',
    lot: 'M-1',
    kg: 100,
    estimated: false,
    by: null,
    note: null,
    timeMs: START_MS,
    ...over,
  };
}

const TRUCK: TruckRecord = {
  kind: 'truck',
  truckId: 'T261123-1',
  plate: '51C-123.45',
  material: 'MAIZE',
  supplier: 'NCC 1',
  supplierLot: 'NCC-7',
  ticketKg: 12_000,
  state: 'Booked',
  sample: null,
  grossKg: null,
  tareKg: null,
  netKg: null,
  pit: null,
  destinations: [],
  lot: null,
  createdBy: 'lan',
  bookedTimeMs: START_MS,
  dueTimeMs: null,
  arrivedTimeMs: null,
  finishedTimeMs: null,
  reasons: [],
};

test('the layers of a dose and the way of a lot are read from what moved, each part once', async () => {
  const { pool, storage } = await cluster.database();
  const store = newRecordStore(pool, storage, cluster.log);
  const lot = `MAIZE-${TRUCK.truckId}`;
  const done = { state: 'Complete', grossKg: 26_000, tareKg: 14_000, netKg: 12_000, lot } as const;
  const rows = spoolRows(randomUUID(), 1, [
    TRUCK,
    { ...TRUCK, ...done, destinations: [{ bin: 'SI101', kg: 12_000 }] },
    moved('T261123-1/1', { cause: 'truck', from: 'TL1', to: 'SI101', lot, kg: 12_000 }),
    moved('R/5/1', { cause: 'movement', from: 'SI101', to: 'B501', lot, timeMs: START_MS + 1 }),
    moved('2611-0001/1/WS501/1/1', { kg: 40, timeMs: START_MS + 2 }),
    moved('2611-0001/1/WS501/1/2', { kg: 60, lot, timeMs: START_MS + 2 }),
  ]);
  expect(await store.store(rows)).toBe(6);
  expect(await store.store(rows)).toBe(6);

  const way = await listMoves(pool, { lot, limit: 10 });
  expect(way.map((one) => [one.cause, one.from, one.to, one.kg])).toEqual([
    ['dose', 'B501', 'WS501', 60],
    ['movement', 'SI101', 'B501', 100],
    ['truck', 'TL1', 'SI101', 12_000],
  ]);
  const layers = await listMoves(pool, { cause: '2611-0001/1/WS501/1', limit: 10 });
  expect(layers.map((one) => [one.lot, one.kg])).toEqual([
    [lot, 60],
    ['M-1', 40],
  ]);
  expect((await listMoves(pool, { bin: 'SI101', limit: 10 })).length).toBe(2);
  const trucks = await listTrucks(pool, { limit: 10 });
  expect(trucks).toMatchObject([{ truckId: TRUCK.truckId, ...done }]);
});
