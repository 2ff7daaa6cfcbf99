/**
 * Goal: a trend never shows what was not measured and never hides a peak: gaps stay gaps, few
 * samples come as they are, many come as least and greatest of each stretch, raw and rolled up
 * alike, on PostgreSQL alone and on TimescaleDB.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { pilot } from '../../plc/mill/mills/pilot.ts';
import type { HistorySample } from '../../plc/model/record.ts';
import { readHistory } from '../../server/historian/history.ts';
import { HistoryPartitions } from '../../server/historian/partitions.ts';
import type { Point } from '../../server/historian/points.ts';
import { HOLD_MS } from '../../server/historian/points.ts';
import { KeptLog } from '../support/database.ts';
import { plainPlace, rollUpAll, timescalePlace } from '../support/history-places.ts';
import { START_MS } from '../support/records.ts';

const MINUTE = 60_000;
const TAG = 5;
/** One sample a second with one peak and one dip. */
function noisy(seconds: number, peakAt: number, dipAt: number): HistorySample[] {
  return Array.from({ length: seconds }, (_, at): HistorySample => {
    const value = at === peakAt ? 99 : at === dipAt ? -5 : 50 + (at % 7);
    return [TAG, START_MS + at * 1_000, value, 0];
  });
}

describe.each([plainPlace(), timescalePlace()])('history on $storage', (place) => {
  beforeAll(() => place.start());
  afterAll(() => place.stop());
  beforeEach(() => place.empty());

  async function points(fromMs: number, toMs: number, count = 800): Promise<Point[]> {
    const tag = pilot.tags[TAG];
    if (tag === undefined) throw new Error('the pilot mill has tags');
    const { series } = await readHistory(place.db, {
      tags: [tag],
      fromMs,
      toMs,
      points: count,
    });
    return series[0]?.points ?? [];
  }

  test('few samples come as they were stored, from what held before to what still holds', async () => {
    await place.keep([
      [TAG, START_MS - 5 * MINUTE, 10, 0],
      [TAG, START_MS + MINUTE, 20, 0],
      [TAG, START_MS + 2 * MINUTE, 21, 1],
    ]);
    expect(await points(START_MS, START_MS + 10 * MINUTE)).toEqual([
      [START_MS, 10, 0],
      [START_MS + MINUTE, 20, 0],
      [START_MS + 2 * MINUTE, 21, 1],
      [START_MS + 10 * MINUTE, 21, 1],
    ]);
  });

  test('what the controller marked unknown is a gap, and no line runs over it', async () => {
    await place.keep([
      [TAG, START_MS, 10, 0],
      [TAG, START_MS + MINUTE, null, 3],
      [TAG, START_MS + 9 * MINUTE, 12, 0],
    ]);
    expect(await points(START_MS, START_MS + 9 * MINUTE)).toEqual([
      [START_MS, 10, 0],
      [START_MS + MINUTE, null, 3],
      [START_MS + 9 * MINUTE, 12, 0],
    ]);
  });

  test('silence for longer than a value holds is a gap too', async () => {
    await place.keep([
      [TAG, START_MS, 10, 0],
      [TAG, START_MS + 60 * MINUTE, 12, 0],
    ]);
    expect(await points(START_MS, START_MS + 60 * MINUTE)).toEqual([
      [START_MS, 10, 0],
      [START_MS + HOLD_MS, null, 3],
      [START_MS + 60 * MINUTE, 12, 0],
    ]);
    expect(await points(START_MS + 30 * MINUTE, START_MS + 40 * MINUTE)).toEqual([]);
  });

  test('many samples are made fewer without losing a peak, a dip or a gap', async () => {
    const seconds = 3_000;
    await place.keep([...noisy(seconds, 1_234, 2_345), [TAG, START_MS + seconds * 1_000, null, 3]]);
    const few = await points(START_MS, START_MS + 3_100_000, 100);
    expect(few.length).toBeLessThanOrEqual(100);
    expect(few).toContainEqual([START_MS + 1_234_000, 99, 0]);
    expect(few).toContainEqual([START_MS + 2_345_000, -5, 0]);
    expect(few.at(-1)).toEqual([START_MS + 3_000_000, null, 3]);
    expect(few.map(([timeMs]) => timeMs)).toEqual(
      few.map(([timeMs]) => timeMs).toSorted((a, b) => a - b),
    );
  });

  test('a wide window is read from the rollups and still shows the peak and the gap', async () => {
    const seconds = 3_000;
    await place.keep([...noisy(seconds, 1_234, 2_345), [TAG, START_MS + seconds * 1_000, null, 3]]);
    await rollUpAll(place);
    const wide = await points(START_MS, START_MS + 24 * 60 * MINUTE, 100);
    expect(wide.length).toBeLessThanOrEqual(100);
    const values = wide.map(([, value]) => value);
    expect(values).toContain(99);
    expect(values).toContain(-5);
    expect(values.at(-1)).toBeNull();
  });

  test('a window whose samples were dropped is shown from what is kept longer', async () => {
    await place.keep(noisy(7_200, 4_000, 3_000));
    await rollUpAll(place);
    await place.db.query('delete from sample');
    const shown = await points(START_MS, START_MS + 120 * MINUTE);
    const values = shown.flatMap(([, value]) => value ?? []);
    expect([Math.min(...values), Math.max(...values)]).toEqual([-5, 99]);
    await place.db.query('delete from sample_1m');
    const byHour = (await points(START_MS, START_MS + 120 * MINUTE)).flatMap(([, v]) => v ?? []);
    expect([Math.min(...byHour), Math.max(...byHour)]).toEqual([-5, 99]);
  });

  test('a window without a sample is not filled with what came after it', async () => {
    const hourMs = Math.ceil(START_MS / (60 * MINUTE)) * 60 * MINUTE;
    await place.keep([[TAG, hourMs + 100 * MINUTE, 20, 0]]);
    await rollUpAll(place);
    expect(await points(hourMs, hourMs + 90 * MINUTE)).toEqual([]);
    expect(await points(hourMs + 58 * MINUTE, hourMs + 63 * MINUTE)).toEqual([]);
  });

  test('samples stay as they are in a wide window that ends amid an hour', async () => {
    const hour = 60 * MINUTE;
    const begin = Math.floor(START_MS / hour) * hour;
    await place.keep([
      [TAG, begin, 10, 0],
      [TAG, begin + 3 * MINUTE, 11, 0],
      [TAG, begin + 40 * hour + 20 * MINUTE, 20, 0],
      [TAG, begin + 40 * hour + 40 * MINUTE, 30, 0],
    ]);
    await rollUpAll(place);
    const told = await points(begin + MINUTE, begin + 40 * hour + 30 * MINUTE);
    expect(told.flatMap(([timeMs, value]) => (value === null ? [] : [timeMs - begin]))).toEqual([
      ...[MINUTE, 3 * MINUTE, 40 * hour + 20 * MINUTE, 40 * hour + 30 * MINUTE],
    ]);
  });

  test('few samples of a wide window come as they are, unless they were dropped', async () => {
    const hour = 60 * MINUTE;
    await place.keep([
      [TAG, START_MS, 10, 0],
      [TAG, START_MS + hour, 20, 0],
      [TAG, START_MS + 30 * hour, 30, 0],
    ]);
    await rollUpAll(place);
    const asked = () => points(START_MS, START_MS + 40 * hour);
    const told = (await asked()).filter(([, value]) => value !== null);
    expect(told.map(([timeMs]) => timeMs)).toEqual([
      ...[START_MS, START_MS + hour, START_MS + 30 * hour],
    ]);
    await place.db.query('delete from sample where time < $1', [START_MS + 2 * hour]);
    expect((await asked()).flatMap(([, value]) => value ?? [])).toEqual([10, 20, 30]);
  });

  test('a rollup holds least, greatest, last and the average weighted by time', async () => {
    const minute = START_MS;
    await place.keep([
      [TAG, minute - 10_000, 40, 0],
      [TAG, minute + 30_000, 10, 0],
      [TAG, minute + 45_000, 20, 2],
    ]);
    await rollUpAll(place);
    const { rows } = await place.db.query(
      'select min, max, avg, last, good_share, count from sample_1m where time = $1',
      [new Date(minute).toISOString()],
    );
    const avg = (40 * 30 + 10 * 15 + 20 * 15) / 60;
    expect(rows).toEqual([{ min: 10, max: 40, avg, last: 20, good_share: 0.5, count: 2 }]);
  });

  test('samples that come late are rolled up again', async () => {
    await place.keep([[TAG, START_MS, 1, 0]]);
    await rollUpAll(place);
    await place.keep([[TAG, START_MS + 1_000, 100, 0]]);
    await rollUpAll(place);
    const { rows } = await place.db.query('select max, count from sample_1m');
    expect(rows).toEqual([{ max: 100, count: 2 }]);
  });
});

describe('history on PostgreSQL alone', () => {
  const place = plainPlace();
  beforeAll(() => place.start());
  afterAll(() => place.stop());
  beforeEach(() => place.empty());

  test('raw samples lie in a partition of their day, and whole days are dropped when they are old', async () => {
    await place.keep([
      [TAG, START_MS, 1, 0],
      [TAG, START_MS - 24 * 60 * MINUTE, 2, 0],
    ]);
    // As a server of before times out of the window were set aside may have stored it.
    await place.db.query('insert into sample (time, tag_id, value, quality) values ($1, 1, 3, 0)', [
      Date.UTC(2005, 1, 1),
    ]);
    const where = async () =>
      (
        await place.db.query<{ part: string }>(
          'select tableoid::regclass::text as part from sample order by time',
        )
      ).rows.map(({ part }) => part);
    const dayOf = (timeMs: number) =>
      new Date(timeMs).toISOString().slice(0, 10).replaceAll('-', '');
    const today = `sample_${dayOf(START_MS)}`;
    const dayBefore = `sample_${dayOf(START_MS - 24 * 60 * MINUTE)}`;
    expect(await where()).toEqual(['sample_other', dayBefore, today]);
    const partitions = new HistoryPartitions(place.db, () => 'plain', new KeptLog());
    expect(await partitions.dropBefore('sample', START_MS - 60 * MINUTE)).toEqual([dayBefore]);
    expect(await where()).toEqual(['sample_other', today]);
  });
});
