/**
 * Goal: an hour and a day tell of every second of them, not only of the minutes in which something
 * changed, on PostgreSQL alone and on TimescaleDB alike; what comes late corrects them, also where
 * it was compressed already.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { HistorySample } from '../../plc/model/record.ts';
import type { HistoryPlace } from '../support/history-places.ts';
import { plainPlace, rollUpAll, timescalePlace } from '../support/history-places.ts';
import { dice } from '../support/machine-walk.ts';
import { START_MS } from '../support/records.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const DAY_START_MS = Math.floor(START_MS / DAY) * DAY;
const TAG = 5;
const SEED = 7;

const places = [plainPlace(), timescalePlace()];

async function rollup(place: HistoryPlace, table: string, timeMs: number) {
  const { rows } = await place.db.query(
    `select min, max, avg, last, good_share, count::float8 as count, known_s::float8 as known_s
     from ${table} where time = $1`,
    [new Date(timeMs).toISOString()],
  );
  return rows;
}

/**
 * An hour of measurements as transmitters give them, looked at each second: 16 bits over the range,
 * a slow walk with noise, a value stored where it moved by the deadband.
 */
function measuredHour(
  tag: number,
  hour: number,
  deadband: number,
  random: () => number,
): HistorySample[] {
  const samples: HistorySample[] = [];
  let [value, stored] = [40 + 20 * random(), Number.NaN];
  for (let second = 0; second < 3_600; second += 1) {
    value += (random() - 0.5) * 0.8;
    const raw = Math.round(((value + random() * 0.2) / 100) * 27_648);
    const told = Math.fround((raw * 100) / 27_648);
    if (Math.abs(told - stored) < deadband) continue;
    stored = told;
    samples.push([tag, START_MS + (hour * 3_600 + second) * 1_000, told, 0]);
  }
  return samples;
}

/** Bytes of a stored sample after compression, indexes and all. */
async function bytesPerSample(place: HistoryPlace): Promise<number> {
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

describe('compression on TimescaleDB', () => {
  const place = timescalePlace();
  beforeAll(() => place.start());
  afterAll(() => place.stop());
  beforeEach(() => place.empty());

  test('late samples are taken into compressed ranges, once, and correct the rollups', async () => {
    await place.keep([
      [TAG, START_MS, 10, 0],
      [TAG, START_MS + MINUTE, null, 3],
    ]);
    await rollUpAll(place);
    await compress(place);
    const late: HistorySample[] = [
      [TAG, START_MS, 10, 0],
      [TAG, START_MS + 30_000, 30, 0],
    ];
    await place.keep(late);
    await place.keep(late);
    await rollUpAll(place);
    const { rows } = await place.db.query('select value from sample order by time');
    expect(rows).toEqual([{ value: 10 }, { value: 30 }, { value: null }]);
    expect(await rollup(place, 'sample_1h', START_MS)).toMatchObject([{ avg: 20, known_s: 60 }]);
  });

  test('each table of history loses what is too old, and keeps its rollups', async () => {
    await place.keep([
      [TAG, DAY_START_MS - 3 * DAY, 10, 0],
      [TAG, DAY_START_MS - 3 * DAY + MINUTE, null, 3],
      [TAG, START_MS, 20, 0],
      [TAG, START_MS + MINUTE, null, 3],
    ]);
    await rollUpAll(place);
    const before = new Date(DAY_START_MS - DAY).toISOString();
    await place.db.query("select drop_chunks('sample', $1::bigint)", [DAY_START_MS - DAY]);
    const { rows } = await place.db.query('select value from sample order by time');
    expect(rows).toEqual([{ value: 20 }, { value: null }]);
    expect(await rollup(place, 'sample_1d', DAY_START_MS - 3 * DAY)).toMatchObject([{ avg: 10 }]);
    for (const table of ['sample_1m', 'sample_1h', 'sample_1d']) {
      await place.db.query(`select drop_chunks('${table}', $1::timestamptz)`, [before]);
    }
    expect(await rollup(place, 'sample_1d', DAY_START_MS)).toMatchObject([{ avg: 20 }]);
  });

  // What costs is the time of a sample that is not as long after the last one as that was after
  // its own last: 4 bytes, since its change does not fit the narrower words of the compression.
  test.each([
    { what: 'each second', deadband: 0, bytesMax: 5 },
    { what: 'by a deadband of half a percent, at irregular times', deadband: 0.5, bytesMax: 12 },
  ])('a sample stored $what takes at most $bytesMax bytes', async ({ deadband, bytesMax }) => {
    const roll = dice(SEED);
    const random = () => roll(1_000_000) / 1_000_000;
    for (let hour = 0; hour < 20; hour += 1) {
      const samples = [1, 2, 3, 4].map((tag) => measuredHour(tag, hour, deadband, random));
      await place.keep(samples.flat());
    }
    const bytes = await bytesPerSample(place);
    console.log(`deadband ${deadband}: ${bytes.toFixed(2)} bytes per stored sample, seed ${SEED}`);
    expect(bytes).toBeLessThanOrEqual(bytesMax);
  });
});
