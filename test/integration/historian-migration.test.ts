/**
 * Goal: history that an installation has already is all there after its tables changed, and goes on
 * from there, on PostgreSQL alone and on TimescaleDB.
 */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { plainPlace, timescalePlace } from '../support/history-places.ts';
import { START_MS } from '../support/records.ts';
import { WasmTimescale } from '../support/timescale/wasm-timescale.ts';

const DAY_MS = 86_400_000;
const TAG = 5;

describe.each([plainPlace(), timescalePlace()])('history of before on $storage', (place) => {
  beforeAll(() => place.start());
  afterAll(() => place.stop());
  beforeEach(() => place.empty());

  const file = (name: string) =>
    readFile(new URL(`../../server/db/history-${place.storage}/${name}`, import.meta.url), 'utf8');

  async function script(sql: string): Promise<void> {
    if (place.db instanceof WasmTimescale) await place.db.script(sql);
    else await place.db.query(sql);
  }

  test('is there to the millisecond when its times have become milliseconds', async () => {
    const [before = ''] = (await file('001-history.sql')).split('create table sample_1m');
    await script(`drop table sample; drop function if exists history_now_ms; ${before}`);
    const dayMs = Math.floor(START_MS / DAY_MS) * DAY_MS;
    const day = new Date(dayMs).toISOString().slice(0, 10);
    if (place.storage === 'plain') {
      const next = new Date(dayMs + DAY_MS).toISOString();
      await script(
        `create table sample_${day.replaceAll('-', '')} partition of sample
         for values from ('${new Date(dayMs).toISOString()}') to ('${next}')`,
      );
    }
    const rows = [
      [START_MS - 900 * DAY_MS, 1, 0],
      [START_MS + 1, -0.1, 1],
      [START_MS + 999, null, 3],
    ] as const;
    for (const [timeMs, value, quality] of rows) {
      await place.db.query('insert into sample values ($1, 1, $2, $3)', [
        new Date(timeMs).toISOString(),
        value,
        quality,
      ]);
    }
    await script(await file('003-sample-ms.sql'));
    const stored = async () =>
      (await place.db.query('select time::float8 as ms, value, quality from sample order by time'))
        .rows;
    expect(await stored()).toEqual(rows.map(([ms, value, quality]) => ({ ms, value, quality })));
    await place.keep([[TAG, START_MS + 2_000, 7, 0]]);
    expect(await stored()).toHaveLength(4);
  });
});

describe('a day of one tag on PostgreSQL alone', () => {
  const place = plainPlace();
  beforeAll(() => place.start());
  afterAll(() => place.stop());
  beforeEach(() => place.empty());

  test('is read from the key alone, also what was there before that carried the value', async () => {
    await place.db.query(
      `alter table sample drop constraint sample_pkey;
       alter table sample add constraint sample_pkey primary key (tag_id, time)`,
    );
    const samples = Array.from(
      { length: 2_000 },
      (_, at) => [at % 20, START_MS + at, at, 0] as const,
    );
    await place.keep(samples);
    const cover = new URL('../../server/db/history-plain/004-sample-cover.sql', import.meta.url);
    await place.db.query(await readFile(cover, 'utf8'));
    await place.db.query('vacuum (analyze) sample');
    const { rows } = await place.db.query<{ 'QUERY PLAN': string }>(
      `explain select time, value, quality from sample where tag_id = 1 and time >= ${START_MS}`,
    );
    expect(rows.map((row) => row['QUERY PLAN']).join()).toContain('Index Only Scan');
    const { rows: kept } = await place.db.query('select count(*)::integer as count from sample');
    expect(kept).toEqual([{ count: samples.length }]);
  });
});
