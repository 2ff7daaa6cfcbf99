/**
 * Goal: the figures of the production report are the records' own: tonnes equal the bags, accuracy
 * equals the doses, downtime is counted as far as it lies in the shift, and coverage says what was
 * recorded.
 */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { pilot } from '../../plc/mill/mills/pilot.ts';
import { reason } from '../../plc/model/reason.ts';
import type { HistorySample, SpoolRecord } from '../../plc/model/record.ts';
import { listAlarms } from '../../server/alarms/alarm-queries.ts';
import { productionReportSchema } from '../../server/contract/production-report.ts';
import { alarmViewSchema, orderDetailSchema } from '../../server/contract/rest.ts';
import { listOrders, readBatch, readOrder } from '../../server/records/order-queries.ts';
import type { RecordStore } from '../../server/records/record-store.ts';
import { reportPeriod } from '../../server/reports/period.ts';
import { productionCsv } from '../../server/reports/production-csv.ts';
import { productionReport } from '../../server/reports/production-report.ts';
import type { TestDatabase } from '../support/database.ts';
import { TestCluster } from '../support/database.ts';
import { rollUpAll } from '../support/history-places.ts';
import { newRecordStore } from '../support/record-store.ts';
import {
  bagRecord,
  batchRecord,
  doseRecord,
  loadRecord,
  orderRecord,
  pressRunRecord,
  START_MS,
  samplesRecord,
  spoolRows,
} from '../support/records.ts';

const cluster = new TestCluster();
beforeAll(() => cluster.start());
afterAll(() => cluster.stop());

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = new Date(START_MS).toISOString().slice(0, 10);
/** 06:00 in Ho Chi Minh City is 23:00 UTC of the day before. */
const DAY_START_MS = START_MS - 2 * HOUR;

let database: TestDatabase;
let store: RecordStore;
beforeEach(async () => {
  database = await cluster.database();
  const { pool, storage } = database;
  store = newRecordStore(pool, storage, cluster.log);
});

const keep = (records: readonly SpoolRecord[]) => store.store(spoolRows(randomUUID(), 1, records));
const report = (shift?: number, nowMs = DAY_START_MS + 24 * HOUR) =>
  productionReport(database.pool, pilot, { day: DAY, shift }, nowMs);

test('a day runs from 06:00 to 06:00 in the mill, a shift eight hours of it', () => {
  const zone = 'Asia/Ho_Chi_Minh';
  const whole = { fromMs: DAY_START_MS, toMs: DAY_START_MS + 24 * HOUR };
  expect(reportPeriod(DAY, null, zone)).toEqual(whole);
  for (const shift of [1, 2, 3]) {
    expect(reportPeriod(DAY, shift, zone)).toEqual({
      fromMs: DAY_START_MS + (shift - 1) * 8 * HOUR,
      toMs: DAY_START_MS + shift * 8 * HOUR,
    });
  }
  // The night in which Berlin's clocks went back has a shift of nine hours.
  const night = reportPeriod('2026-10-24', 3, 'Europe/Berlin');
  expect(night.toMs - night.fromMs).toBe(9 * HOUR);
});

test('tonnes by product are those of the doses and of the bags', async () => {
  await keep([
    orderRecord(),
    batchRecord(1),
    batchRecord(2, { state: 'Aborted' }),
    doseRecord('WS501/1', { actualKg: 300.5 }),
    doseRecord('WS501/2', { batchId: '2611-0001/2', actualKg: 199.5 }),
    ...[25.02, 25.04, 24.97].map((netKg, at) => bagRecord(at + 1, { netKg })),
    bagRecord(9, { orderId: null, netKg: 25 }),
    bagRecord(10, { timeMs: DAY_START_MS - 1 }),
  ]);
  const of = productionReportSchema.parse(await report());
  expect(of.products.map((line) => ({ ...line, baggedT: Math.round(line.baggedT * 1e6) }))).toEqual(
    [
      {
        formula: '',
        text: { vi: 'Không thuộc lệnh nào', en: 'Without an order' },
        orders: 0,
        batches: 0,
        dosedT: 0,
        baggedT: 25_000,
        bags: 1,
        bulkT: 0,
      },
      {
        formula: 'BROILER-FINISHER',
        text: orderRecord().order.product,
        orders: 1,
        batches: 1,
        dosedT: 0.5,
        baggedT: 75_030,
        bags: 3,
        bulkT: 0,
      },
    ],
  );
  expect(of.totals.bags).toBe(4);
  expect(of.totals.baggedT).toBeCloseTo(0.10003, 9);
  expect(of.totals.giveawayGPerBag).toBeCloseTo(10, 6);
});

test('what happened in one shift is in that shift alone', async () => {
  await keep([orderRecord(), batchRecord(1), doseRecord('WS501/1'), bagRecord(1)]);
  expect((await report(1)).totals).toMatchObject({ batches: 1, bags: 1, dosedT: 0.3 });
  expect((await report(2)).totals).toMatchObject({ batches: 0, bags: 0, dosedT: 0 });
});

test('dosing accuracy is bias, spread and share in tolerance of each scale and material', async () => {
  const actual = [299, 300, 301, 304];
  await keep(actual.map((actualKg, at) => doseRecord(`WS501/${at}`, { actualKg, jogs: at })));
  const [line] = (await report()).dosing;
  expect(line).toMatchObject({ scale: 'WS501', material: 'MAIZE', doses: 4, jogs: 6 });
  expect(line?.biasKg).toBeCloseTo(1, 9);
  expect(line?.sdKg).toBeCloseTo(Math.sqrt((4 + 1 + 0 + 9) / 3), 9);
  expect(line?.inTolerancePct).toBe(75);
});

test('what left in bulk trucks counts beside the bags', async () => {
  await keep([orderRecord(), loadRecord(1, { netKg: 12_340 }), loadRecord(2, { netKg: 7_660 })]);
  const { products, totals } = await report();
  expect(products.map((line) => [line.formula, line.bulkT])).toEqual([['BROILER-FINISHER', 20]]);
  expect(totals).toMatchObject({ bulkT: 20, baggedT: 0 });
});

test('pelleting is told by product, each run weighted by its tonnes', async () => {
  await keep([
    orderRecord(),
    pressRunRecord(1, { fedKg: 30_000, kWh: 300, steamKg: 1_500, meanC: 82, chokes: 1 }),
    pressRunRecord(2, { fedKg: 10_000, kWh: null, steamKg: 300, meanC: 78 }),
    pressRunRecord(3, { endedTimeMs: DAY_START_MS + 24 * HOUR }),
  ]);
  const [line, ...more] = (await report()).pelleting;
  expect(more).toEqual([]);
  expect(line).toMatchObject({ formula: 'BROILER-FINISHER', pressedT: 40, chokes: 1 });
  // The meter of the second run could not be read: its tonnes do not count for the energy.
  expect(line?.kWhPerT).toBeCloseTo(10, 9);
  expect(line?.steamKgPerT).toBeCloseTo(45, 9);
  expect(line?.meanC).toBeCloseTo(81, 9);
});

test('energy of an area is what its counters rose in the period, through a restart of one', async () => {
  const indexOf = (name: string) => pilot.tags.findIndex((tag) => tag.name === name);
  const [grinder, mixer] = [indexOf('HM301.kWh'), indexOf('MX601.kWh')];
  const at = (hours: number) => DAY_START_MS + hours * HOUR;
  await keep([
    samplesRecord([
      // Before the day, within it, and after it.
      [grinder, at(-0.1), 1_000, 0],
      [grinder, at(2), 1_080, 0],
      [grinder, at(7.9), 1_200, 0],
      [grinder, at(25), 9_000, 0],
      // A controller with a new memory counts from nothing.
      [mixer, at(1), 50, 0],
      [mixer, at(2.5), 62, 0],
      [mixer, at(3.5), 4, 0],
      [mixer, at(4.5), 9, 0],
    ]),
  ]);
  await rollUpAll({ db: database.pool, storage: database.storage });
  const { energy } = await report();
  expect(energy.areas.map(({ area, kWh }) => [area, Math.round(kWh * 1e6) / 1e6])).toEqual([
    ['grinding', 200],
    ['mixing', 21],
  ]);
  expect(energy).toMatchObject({ kWh: 221, kWhPerT: null });
  expect((await report(2)).energy.areas).toEqual([]);
});

test('downtime counts as far as it lies in the period, longest first, with its reason in words', async () => {
  const stop = (unit: string, from: number, to: number | null, device: string | null) => ({
    kind: 'downtime' as const,
    downtimeId: `${unit}/${from}`,
    unit,
    startedTimeMs: from,
    endedTimeMs: to,
    reasons: device === null ? [] : [reason('device.trip', { device })],
  });
  await keep([
    stop('PELLET', DAY_START_MS - 10 * MINUTE, DAY_START_MS + 5 * MINUTE, 'PM701'),
    stop('PELLET', START_MS, START_MS + 7 * MINUTE, 'PM701'),
    stop('PELLET', START_MS + HOUR, START_MS + HOUR + MINUTE, 'FD701'),
    stop('LINE1', DAY_START_MS + 23 * HOUR, null, null),
  ]);
  const { downtime } = await report();
  expect(downtime.map((line) => [line.unit, line.reasonText.en, line.stops, line.minutes])).toEqual(
    [
      ['LINE1', 'Unknown reason', 1, 60],
      ['PELLET', 'PM701 has tripped (overload)', 2, 12],
      ['PELLET', 'FD701 has tripped (overload)', 1, 1],
    ],
  );
});

test('coverage is the share of the time in which history was recorded', async () => {
  const each = 5 * MINUTE;
  const morning: HistorySample[] = Array.from({ length: 24 }, (_, at) => [
    0,
    DAY_START_MS + at * each,
    at,
    0,
  ]);
  // At 08:00 every tag is marked unknown: the controller was not running until 10:00.
  const ended: HistorySample[] = pilot.tags.map((_, tag) => [
    tag,
    DAY_START_MS + 2 * HOUR,
    null,
    3,
  ]);
  const later: HistorySample[] = Array.from({ length: 48 }, (_, at) => [
    0,
    DAY_START_MS + 4 * HOUR + at * each,
    at,
    0,
  ]);
  await keep([samplesRecord(morning), samplesRecord(ended), samplesRecord(later)]);
  const coverage = (await report(1)).coveragePct;
  expect(coverage).toBeCloseTo(
    (100 * (2 * HOUR + MINUTE + 4 * HOUR - each + MINUTE)) / (8 * HOUR),
    6,
  );
  // Half-way through the shift only what has passed can be covered.
  expect((await report(1, DAY_START_MS + 2 * HOUR)).coveragePct).toBeCloseTo(100, 6);
  expect((await report(1, DAY_START_MS - HOUR)).coveragePct).toBe(0);
});

test('the CSV opens in a Vietnamese and in an English spreadsheet', async () => {
  await keep([orderRecord(), doseRecord('WS501/1', { actualKg: 300.25 }), bagRecord(1)]);
  const of = await report();
  const vi = productionCsv(of, 'vi');
  const en = productionCsv(of, 'en');
  expect(vi.startsWith('\uFEFFBáo cáo sản xuất\r\n')).toBe(true);
  expect(vi).toContain('WS501;MAIZE;1;300,000;300,250;0,250;0,000;100,0;0\r\n');
  expect(en).toContain('WS501,MAIZE,1,300.000,300.250,0.250,0.000,100.0,0\r\n');
  expect(vi).toContain('Gà thịt giai đoạn cuối');
});

test('a text that a spreadsheet would run as a formula is made plain', async () => {
  const order = orderRecord();
  const product = { vi: '=1+1', en: 'A "quoted", name' };
  await keep([{ ...order, order: { ...order.order, product } }, bagRecord(1)]);
  const of = await report();
  expect(productionCsv(of, 'vi')).toContain(";'=1+1;");
  expect(productionCsv(of, 'en')).toContain(',"A ""quoted"", name",');
});

test('an order is read with its batches, phases and doses', async () => {
  await keep([
    orderRecord(),
    batchRecord(1),
    batchRecord(2),
    doseRecord('WS501/1'),
    {
      kind: 'phase',
      phaseId: '2611-0001/1/dosing/1',
      batchId: '2611-0001/1',
      phase: 'dosing',
      startedTimeMs: START_MS,
      endedTimeMs: START_MS + MINUTE,
    },
  ]);
  const detail = orderDetailSchema.parse(await readOrder(database.pool, '2611-0001'));
  expect(
    detail.batches.map(({ number, doses, phases }) => [number, doses.length, phases.length]),
  ).toEqual([
    [1, 1, 1],
    [2, 0, 0],
  ]);
  expect(await readOrder(database.pool, 'none')).toBeNull();
  expect((await readBatch(database.pool, '2611-0001/2'))?.number).toBe(2);
  const before = new Date(START_MS).toISOString();
  expect(await listOrders(database.pool, { limit: 10 })).toHaveLength(1);
  expect(await listOrders(database.pool, { limit: 10, before })).toEqual([]);
});

test('an alarm is in the list once, as it is now, with the text of the mill', async () => {
  const [alarm] = pilot.alarms;
  if (alarm === undefined) throw new Error('the pilot mill has alarms');
  const raised = {
    occurrenceId: `${alarm.id}/${START_MS}`,
    alarmId: alarm.id,
    state: 'UnacknowledgedActive' as const,
    priority: alarm.priority,
    raisedTimeMs: START_MS,
    returnedTimeMs: null,
    acknowledgedTimeMs: null,
    acknowledgedBy: null,
    comment: null,
    value: 96.5,
  };
  const acknowledged = {
    ...raised,
    state: 'AcknowledgedActive' as const,
    acknowledgedTimeMs: START_MS + MINUTE,
    acknowledgedBy: 'lan',
    comment: 'đã xem',
  };
  await keep([
    { kind: 'alarm', occurrence: raised },
    { kind: 'alarm', occurrence: acknowledged },
  ]);
  const list = await listAlarms(database.pool, pilot, { limit: 10 });
  expect(alarmViewSchema.array().parse(list)).toEqual([
    {
      occurrenceId: raised.occurrenceId,
      alarmId: alarm.id,
      state: 'AcknowledgedActive',
      priority: alarm.priority,
      text: alarm.text,
      raised: new Date(START_MS).toISOString(),
      returned: null,
      acknowledged: new Date(START_MS + MINUTE).toISOString(),
      acknowledgedBy: 'lan',
      comment: 'đã xem',
      value: 96.5,
    },
  ]);
});
