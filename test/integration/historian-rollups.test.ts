/**
 * Goal: an hour and a day tell of every second of them, not only of the minutes in which something
 * changed, on PostgreSQL alone and on TimescaleDB alike; what comes late corrects them, also where
 * it was compressed already.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { HistoryPlace } from '../support/history-places.ts';
import { plainPlace, rollUpAll, timescalePlace } from '../support/history-places.ts';
import { START_MS } from '../support/records.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const DAY_START_MS = Math.floor(START_MS / DAY) * DAY;
const TAG = 5;

const places = [plainPlace(), timescalePlace()];

async function rollup(place: HistoryPlace, table: string, timeMs: number) {
  const { rows } = await place.db.query(
    `select min, max, avg, last, good_share, count::float8 as count, known_s::float8 as known_s
     from ${table} where time = $1`,
    [new Date(timeMs).toISOString()],
  );
  return rows;
}

/** Bytes of a stored sample after compression, indexes and all. */
export async function bytesPerSample(place: HistoryPlace): Promise<number> {
  await compress(place);
  const { rows } = await place.db.query<{ bytes: number; samples: number }>(
    `select after_compression_total_bytes::float8 as bytes,
       (select count(*) from sample)::float8 as samples
     from hypertable_compression_stats('sample')`,
  );
  const [row] = rows;
  if (row === undefined) throw new Error('nothing was compressed');
  return row.bytes / row.samples;
}

async function compress(place: HistoryPlace): Promise<void> {
  const { rows } = await place.db.query(
    "select compress_chunk(chunk, if_not_compressed => true) from show_chunks('sample') as chunk",
  );
  expect(rows.length).toBeGreaterThan(0);
}

describe.each(places)('rollups on $storage', (place) => {
  beforeAll(() => place.start());
  afterAll(() => place.stop());
  beforeEach(() => place.empty());

  test('an hour is weighted by time over the silence between samples', async () => {
    await place.keep([
      [TAG, START_MS, 10, 0],
      [TAG, START_MS + 15 * MINUTE, 10, 0],
      [TAG, START_MS + 30 * MINUTE, 10, 0],
      [TAG, START_MS + 45 * MINUTE, 50, 1],
      [TAG, START_MS + 60 * MINUTE, 70, 0],
    ]);
    await rollUpAll(place);
    expect(await rollup(place, 'sample_1h', START_MS)).toEqual([
      { min: 10, max: 50, avg: 20, last: 50, good_share: 0.75, count: 4, known_s: 3_600 },
    ]);
  });

  test('a day is made of all of its hours, and what was not known does not count', async () => {
    await place.keep([
      [TAG, DAY_START_MS + 2 * HOUR, 10, 0],
      [TAG, DAY_START_MS + 2 * HOUR + 10 * MINUTE, null, 3],
      [TAG, DAY_START_MS + 9 * HOUR, 40, 0],
      [TAG, DAY_START_MS + 9 * HOUR + 5 * MINUTE, null, 3],
    ]);
    await rollUpAll(place);
    const known = 15 * 60;
    const avg = (10 * 600 + 40 * 300) / known;
    expect(await rollup(place, 'sample_1d', DAY_START_MS)).toEqual([
      { min: 10, max: 40, avg, last: null, good_share: 0.5, count: 4, known_s: known },
    ]);
  });

  test('a late sample corrects the silence after it, and the hour and day', async () => {
    await place.keep([
      [TAG, START_MS, 10, 0],
      [TAG, START_MS + 10 * MINUTE, 30, 0],
      [TAG, START_MS + 20 * MINUTE, null, 3],
    ]);
    await rollUpAll(place);
    expect(await rollup(place, 'sample_1h', START_MS)).toMatchObject([{ avg: 20 }]);
    await place.keep([[TAG, START_MS + 5 * MINUTE, 100, 0]]);
    await rollUpAll(place);
    const avg = (10 * 5 + 100 * 5 + 30 * 10) / 20;
    for (const [table, timeMs] of [
      ['sample_1h', START_MS],
      ['sample_1d', DAY_START_MS],
    ] as const) {
      expect(await rollup(place, table, timeMs)).toMatchObject([{ max: 100, avg, known_s: 1_200 }]);
    }
  });

  test('an hour that runs is told of as far as it is rolled up', async () => {
    await place.keep([
      [TAG, START_MS, 7, 0],
      [TAG, START_MS + 3 * MINUTE, 8, 0],
    ]);
    await rollUpAll(place);
    expect(await rollup(place, 'sample_1h', START_MS)).toMatchObject([{ last: 8, known_s: 240 }]);
  });
});
