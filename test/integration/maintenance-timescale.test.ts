/**
 * Goal: what maintenance and backup ask of TimescaleDB is answered there: chunks go day by day, the
 * rows of aggregates have a place to be copied from and to. COPY itself runs on a real server only.
 */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { HistorySample } from '../../plc/model/record.ts';
import { DAY_MS, HistoryPartitions } from '../../server/historian/partitions.ts';
import { planTables, targetOf } from '../../server/maintenance/backup/tables.ts';
import {
  dropBefore,
  dropOldestDay,
  oldestSampleMs,
  WHEN_FULL_DEFAULT,
} from '../../server/maintenance/retention.ts';
import { KeptLog } from '../support/database.ts';
import { timescalePlace } from '../support/history-places.ts';

const place = timescalePlace();
beforeAll(() => place.start());
afterAll(() => place.stop());
beforeEach(() => place.empty());

const NOW_MS = Date.now();
const TODAY_MS = Math.floor(NOW_MS / DAY_MS) * DAY_MS;

const samplesOf = (day: number): HistorySample[] =>
  Array.from({ length: 20 }, (_, at) => [at % 5, TODAY_MS - day * DAY_MS + at * 1_000, at, 0]);

async function daysKept(): Promise<number[]> {
  const { rows } = await place.db.query<{ day: number }>(
    `select distinct ($1::date - (to_timestamp(time / 1000) at time zone 'UTC')::date)::int as day
     from sample order by 1`,
    [new Date(TODAY_MS).toISOString().slice(0, 10)],
  );
  return rows.map(({ day }) => day);
}

test('the oldest day of samples goes for want of disk, but none of the last week', async () => {
  for (const day of [30, 20, 3]) await place.keep(samplesOf(day));
  const log = new KeptLog();
  const partitions = new HistoryPartitions(place.db, () => 'timescale', log);
  const parts = { db: place.db, storage: 'timescale', partitions } as const;
  expect(await oldestSampleMs(place.db, 'timescale')).toBe(TODAY_MS - 30 * DAY_MS);
  expect(await dropOldestDay(parts, NOW_MS, WHEN_FULL_DEFAULT)).toHaveLength(1);
  expect(await daysKept()).toEqual([3, 20]);
  expect(await dropOldestDay(parts, NOW_MS, WHEN_FULL_DEFAULT)).toHaveLength(1);
  expect(await dropOldestDay(parts, NOW_MS, WHEN_FULL_DEFAULT)).toEqual([]);
  expect(await daysKept()).toEqual([3]);
  expect(await dropBefore(parts, 'sample_1m', NOW_MS - 2_000 * DAY_MS)).toEqual([]);
});

test('each table is backed up once, aggregates from what they have materialised', async () => {
  const plans = await planTables(place.db, 'timescale');
  const names = plans.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names).toEqual(expect.arrayContaining(['dose', 'sample', 'sample_1m', 'sample_1h']));
  expect(names.indexOf('app_user')).toBeLessThan(names.indexOf('app_session'));
  for (const plan of plans.filter(({ aggregate }) => aggregate)) {
    const row = { rows: 0, member: 'x', bytes: 1, sha256: '' };
    expect(await targetOf(place.db, { ...plan, ...row })).toBe(plan.source);
  }
});
