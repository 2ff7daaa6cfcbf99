/**
 * Goal: the same questions get the same, right answers on PostgreSQL alone and on TimescaleDB:
 * values at a time, samples as stored, tags side by side, states as intervals, calculated tags,
 * files; and never more than was asked for.
 */
import { parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { pilot } from '../../plc/mill/mills/pilot.ts';
import type { HistorySample } from '../../plc/model/record.ts';
import { exportHistory } from '../../server/historian/export.ts';
import { parseExpression } from '../../server/historian/expression.ts';
import { readHistory } from '../../server/historian/history.ts';
import { readAligned, readAt, readCalculated } from '../../server/historian/moments.ts';
import { readRaw, readStates } from '../../server/historian/states.ts';
import { plainPlace, rollUpAll, timescalePlace } from '../support/history-places.ts';
import { START_MS } from '../support/records.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const [FIRST, SECOND] = [3, 5];
const tags = [FIRST, SECOND].map((at) => {
  const tag = pilot.tags[at];
  if (tag === undefined) throw new Error('the pilot mill has tags');
  return tag;
});
const [a = '', b = ''] = tags.map(({ name }) => name);

/** A sample a second that counts the seconds. */
const counting = (tag: number, seconds: number, every = 1): HistorySample[] =>
  Array.from({ length: Math.ceil(seconds / every) }, (_, at) => [
    tag,
    START_MS + at * every * 1_000,
    at * every,
    0,
  ]);

describe.each([plainPlace(), timescalePlace()])('questions to $storage', (place) => {
  const { storage } = place;

  beforeAll(() => place.start());
  afterAll(() => place.stop());
  beforeEach(() => place.empty());

  test('a value at a time is the newest before it, if that still holds', async () => {
    await place.keep([
      [FIRST, START_MS, 10, 0],
      [FIRST, START_MS + MINUTE, 11, 1],
      [SECOND, START_MS, 5, 0],
    ]);
    const at = async (timeMs: number) =>
      (await readAt(place.db, tags, timeMs)).map(({ value, quality }) => [value, quality]);
    expect(await at(START_MS + MINUTE - 1)).toEqual([
      [10, 0],
      [5, 0],
    ]);
    expect(await at(START_MS + 16.5 * MINUTE)).toEqual([
      [11, 1],
      [null, 3],
    ]);
    expect(await at(START_MS - 1)).toEqual([
      [null, 3],
      [null, 3],
    ]);
  });

  test('a tag that is stored by lines is on the line between its samples', async () => {
    await place.keep([
      [FIRST, START_MS, 10, 0],
      [FIRST, START_MS + MINUTE, 16, 0],
      [FIRST, START_MS + 2 * MINUTE, 10, 0],
      [FIRST, START_MS + 3 * MINUTE, null, 3],
      [SECOND, START_MS, 10, 0],
      [SECOND, START_MS + MINUTE, 16, 0],
    ]);
    const asked = tags.map(({ name, unit }, at) => ({
      ...{ name, unit },
      ...(at === 0 ? { lineBound: 0.5 } : {}),
    }));
    const at = async (minutes: number) =>
      (await readAt(place.db, asked, START_MS + minutes * MINUTE)).map(({ value }) => value);
    expect(await at(0)).toEqual([10, 10]);
    expect(await at(0.5)).toEqual([13, 10]);
    expect(await at(1.25)).toEqual([14.5, 16]);
    expect(await at(2.5)).toEqual([10, 16]);
    expect(await at(3.5)).toEqual([null, 16]);
    const window = { fromMs: START_MS, toMs: START_MS + 4 * MINUTE, points: 16 };
    const { stepMs, series } = await readAligned(place.db, { tags: asked, ...window, storage });
    expect(stepMs).toBe(15_000);
    expect(series[0]?.values).toEqual([
      ...[11.5, 13, 14.5, 16, 14.5, 13, 11.5, 10],
      ...[10, 10, 10, 10, null, null, null, null],
    ]);
    expect(series[1]?.values).toEqual([10, 10, 10, 10, ...Array(12).fill(16)]);
  });

  test('no line begins at a value that is not good: each change of such a one is stored', async () => {
    await place.keep([
      [FIRST, START_MS, 10, 1],
      [FIRST, START_MS + MINUTE, 16, 0],
      [FIRST, START_MS + 2 * MINUTE, 10, 0],
    ]);
    const asked = tags.map(({ name, unit }) => ({ name, unit, lineBound: 0.5 }));
    const at = async (minutes: number) =>
      (await readAt(place.db, asked, START_MS + minutes * MINUTE))[0]?.value;
    expect([await at(0.5), await at(1.5)]).toEqual([10, 13]);
    const window = { fromMs: START_MS, toMs: START_MS + 2 * MINUTE, points: 10 };
    const { series } = await readAligned(place.db, { tags: asked, ...window, storage });
    expect(series[0]?.values).toEqual([10, 10, 10, 10, 10, 14.8, 13.6, 12.4, 11.2, 10]);
  });

  test('samples are told as stored, piece by piece, none twice and none left out', async () => {
    const samples = counting(FIRST, 2_500);
    await place.keep(samples);
    const told: (number | null)[] = [];
    let next: string | null = new Date(START_MS).toISOString();
    while (next !== null) {
      const window = { fromMs: Date.parse(next), toMs: START_MS + HOUR };
      const page = await readRaw(place.db, a, window, 1_000);
      expect(page.points.length).toBeLessThanOrEqual(1_000);
      told.push(...page.points.map(([, value]) => value));
      next = page.next;
    }
    expect(told).toEqual(samples.map(([, , value]) => value));
  });

  test('tags stand side by side at the same times, from samples and from each rollup', async () => {
    await place.keep([...counting(FIRST, 7_200, 10), ...counting(SECOND, 7_200, 600)]);
    await rollUpAll(place);
    for (const [points, stepMs] of [
      [720, 10_000],
      [100, 120_000],
      [10, 720_000],
    ] as const) {
      const window = { fromMs: START_MS, toMs: START_MS + 2 * HOUR, points };
      const aligned = await readAligned(place.db, { tags, ...window, storage });
      expect(aligned.stepMs).toBe(stepMs);
      const seconds = aligned.times.map((timeMs) => (timeMs + stepMs - START_MS) / 1_000);
      expect(aligned.series.map(({ values }) => values)).toEqual([
        seconds.map((end) => end - 10),
        seconds.map((end) => Math.floor((end - 1) / 600) * 600),
      ]);
    }
    const day = { fromMs: START_MS - 24 * HOUR, toMs: START_MS + 24 * HOUR, points: 48 };
    const byHour = await readAligned(place.db, { tags, ...day, storage });
    expect(byHour.stepMs).toBe(HOUR);
    const known = byHour.series.map(({ values }) => values.filter((value) => value !== null));
    expect(known).toEqual([
      [3_590, 7_190],
      [3_000, 6_600],
    ]);
  });

  test('a calculated tag is worked out at each step, and unknown where a tag is', async () => {
    await place.keep([
      [FIRST, START_MS, 10, 0],
      [SECOND, START_MS, 4, 0],
      [SECOND, START_MS + 30_000, null, 3],
      [FIRST, START_MS + 40_000, 20, 0],
      [SECOND, START_MS + 50_000, 5, 0],
    ]);
    const expression = parseExpression(`max("${a}", 15) / "${b}"`);
    const window = { tags, fromMs: START_MS, toMs: START_MS + MINUTE, points: 6, storage };
    const { points } = await readCalculated(place.db, expression, window);
    expect(points.map(([, value]) => value)).toEqual([3.75, 3.75, 3.75, null, null, 4]);
  });

  test('states are intervals without holes, whatever was stored again in between', async () => {
    await place.keep([
      [FIRST, START_MS - 5 * MINUTE, 0, 0],
      [FIRST, START_MS + 5 * MINUTE, 0, 0],
      [FIRST, START_MS + 10 * MINUTE, 1, 0],
      [FIRST, START_MS + 20 * MINUTE, 1, 0],
      [FIRST, START_MS + 25 * MINUTE, 1, 2],
      [FIRST, START_MS + 30 * MINUTE, null, 3],
      [FIRST, START_MS + 40 * MINUTE, 2, 0],
    ]);
    const { intervals } = await readStates(place.db, a, START_MS, START_MS + HOUR);
    const minutes = intervals.map(({ from, to, value, quality }) => [
      (from - START_MS) / MINUTE,
      (to - START_MS) / MINUTE,
      value,
      quality,
    ]);
    expect(minutes).toEqual([
      [0, 10, 0, 0],
      [10, 25, 1, 0],
      [25, 30, 1, 2],
      [30, 40, null, 3],
      [40, 56, 2, 0],
      [56, 60, null, 3],
    ]);
  });

  test('more states than one answer holds are told in several', async () => {
    await place.keep(
      Array.from({ length: 4_500 }, (_, at) => [FIRST, START_MS + at * 100, at % 2, 0]),
    );
    const counts: number[] = [];
    let [fromMs, next]: [number, string | null] = [START_MS, ''];
    while (next !== null) {
      const answer = await readStates(place.db, a, fromMs, START_MS + 450_000);
      counts.push(answer.intervals.length);
      expect(answer.intervals[0]?.from).toBe(fromMs);
      next = answer.next;
      fromMs = Date.parse(next ?? '');
    }
    expect(counts.reduce((sum, count) => sum + count)).toBe(4_500);
    expect(counts.length).toBe(3);
  });

  test('two days in few points are read from the hours and still show the only peak', async () => {
    const days = 2;
    const [tag] = tags;
    if (tag === undefined) throw new Error('there is a tag');
    const fromMs = START_MS - days * 24 * HOUR;
    const samples = Array.from({ length: days * 96 }, (_, at): HistorySample => {
      return [FIRST, fromMs + at * 15 * MINUTE, at === 123 ? 900 : 5 + (at % 3), 0];
    });
    await place.keep(samples);
    await rollUpAll(place);
    for (const by of ['min-max', 'lttb'] as const) {
      const request = { tags: [tag], fromMs, toMs: START_MS, points: 40, by };
      const [series] = (await readHistory(place.db, request)).series;
      expect(series?.points.length).toBeLessThanOrEqual(40);
      expect(series?.points.length).toBeGreaterThan(20);
      expect(series?.points.map(([, value]) => value)).toContain(900);
      expect(series?.points.filter(([, value]) => value === null)).toEqual([]);
    }
  });

  test('a file holds every sample, as CSV and as Parquet alike, and is made in pieces', async () => {
    await place.keep([...counting(FIRST, 12_000), [SECOND, START_MS, null, 3]]);
    const window = { tags: [a, b], fromMs: START_MS, toMs: START_MS + 24 * HOUR };
    const csv = await piecesOf(exportHistory(place.db, { ...window, format: 'csv' }));
    const lines = Buffer.concat(csv).toString().trim().split('\r\n');
    const time = (at: number) => new Date(START_MS + at * 1_000).toISOString();
    expect([lines.length, lines[0], lines[2], lines.at(-1)]).toEqual([
      12_002,
      'time,tag,value,quality',
      `${time(1)},${a},1,good`,
      `${time(0)},${b},,bad`,
    ]);
    const parquet = await piecesOf(exportHistory(place.db, { ...window, format: 'parquet' }));
    expect(parquet.length).toBe(4);
    const { buffer, byteOffset, byteLength } = new Uint8Array(Buffer.concat(parquet));
    const rows = await parquetReadObjects({
      file: buffer.slice(byteOffset, byteOffset + byteLength),
    });
    expect(rows.length).toBe(12_001);
    expect([rows[11_999], rows[12_000]]).toEqual([
      { time: new Date(START_MS + 11_999_000), tag: a, value: 11_999, quality: 'good' },
      { time: new Date(START_MS), tag: b, value: null, quality: 'bad' },
    ]);
  });
});

async function piecesOf(source: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const pieces: Uint8Array[] = [];
  for await (const piece of source) pieces.push(piece);
  return pieces;
}
