import type { TagDefinition } from '../../plc/model/tag.ts';
import type { PoolHandle } from '../../server/db/pool-handle.ts';
import { readHistory } from '../../server/historian/history.ts';
import { readAligned } from '../../server/historian/moments.ts';
import { HistoryPartitions } from '../../server/historian/partitions.ts';
import { rollUpDue } from '../../server/historian/rollup.ts';
import { rollUpHoursDue } from '../../server/historian/rollup-wide.ts';
import { storeTags } from '../../server/historian/tag-ids.ts';
import { writeMinutes, writeSamples } from '../../server/historian/write-samples.ts';
import { TestCluster, type TestDatabase } from '../support/database.ts';
import { dice } from '../support/machine-walk.ts';
import { percentile, type Row } from './report.ts';

/** How much history is loaded before questions are asked. */
export interface HistorySize {
  /** Tags of the mill. */
  readonly tags: number;
  /** Days of the tags that are asked for; the last is everyone's. */
  readonly days: number;
  /** These are stored this often, s; on the last day each second. */
  readonly askedS: number;
  /** On the last day every other tag is stored about this often, s. */
  readonly everyS: number;
}

/** Small enough to be part of every bench. */
export const SMALL: HistorySize = { tags: 200, days: 8, askedS: 10, everyS: 60 };

const SECOND = 1_000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const ASKED = 8;
const ROUNDS = 15;
const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined };
const END_MS = Math.floor((Date.now() - DAY) / DAY) * DAY;

function tagsOf(count: number): TagDefinition[] {
  return Array.from({ length: count }, (_, at) => ({
    name: `Bench.T${at}`,
    device: null,
    role: `T${at}`,
    dataType: 'float',
    unit: '%',
    range: { low: 0, high: 100 },
    text: { vi: `Đo ${at}`, en: `Measurement ${at}` },
    direction: 'input',
    address: null,
    maxAgeMs: 4_000,
    scanMs: 1_000,
    fieldDeadband: 0,
    everyValue: false,
    deadband: 0.5,
    states: null,
  }));
}

/**
 * The month hour by hour, second by second, as it would have come: what is asked for lies among all
 * others. Gives how many samples.
 */
async function load(database: TestDatabase, tags: TagDefinition[], size: HistorySize) {
  const { pool, storage } = database;
  const ids = await storeTags(pool, tags);
  const partitions = new HistoryPartitions(pool, () => storage, SILENT);
  const roll = dice(11);
  const values = tags.map(() => 40 + roll(20));
  let count = 0;
  for (let hourMs = END_MS - size.days * DAY; hourMs < END_MS; hourMs += HOUR) {
    const isLastDay = hourMs >= END_MS - DAY;
    const samples: [number, number, number, number][] = [];
    const stepMs = isLastDay ? SECOND : size.askedS * SECOND;
    for (let timeMs = hourMs; timeMs < hourMs + HOUR; timeMs += stepMs) {
      for (let tag = 0; tag < (isLastDay ? tags.length : ASKED); tag += 1) {
        if (tag >= ASKED && roll(size.everyS) !== 0) continue;
        const value = (values[tag] ?? 0) + (roll(17) - 8) / 16;
        values[tag] = Math.min(95, Math.max(5, value));
        samples.push([tag, timeMs, values[tag] ?? 0, 0]);
      }
    }
    await partitions.ensure([hourMs]);
    await pool.transaction(async (client) => {
      await writeSamples(client, samples, ids);
      await writeMinutes(client, samples, tags.length);
    });
    count += samples.length;
  }
  while ((await rollUpDue(pool, storage)) > 0);
  while ((await rollUpHoursDue(pool)) > 0);
  await pool.query('vacuum (analyze) sample, sample_1m, sample_1h, sample_1d');
  return count;
}

/** Least and greatest of each stretch at their times, as one would write it for one question. */
const BY_HAND_DAY = `
  select distinct on (bucket, kind) bucket, kind, time::float8 as time, value
  from (select (time - $2) / $4 as bucket, time, value from sample
    where tag_id = $1 and time >= $2 and time <= $3) s
  cross join lateral (values ('low', value), ('high', -value)) as extreme(kind, rank)
  order by bucket, kind, rank, time`;
const BY_HAND_MONTH = `
  select date_bin($4::interval, time, $2::timestamptz) as bucket, min(min) as low, max(max) as high,
    (array_agg(time order by min))[1] as low_time,
    (array_agg(time order by max desc))[1] as high_time
  from sample_1h where tag_id = $1 and time >= $2 and time <= $3 group by 1 order by 1`;
const BY_HAND_WEEK = `
  select distinct on (tag_id, date_bin($4::interval, time, $2::timestamptz)) tag_id, time, last
  from sample_1m where tag_id = any($1) and time >= $2 and time < $3
  order by tag_id, date_bin($4::interval, time, $2::timestamptz), time desc`;

interface Question {
  readonly what: string;
  readonly limitMs: number;
  readonly ours: (pool: PoolHandle, round: number) => Promise<unknown>;
  readonly byHand: (pool: PoolHandle, round: number) => Promise<unknown>;
}

const iso = (timeMs: number) => new Date(timeMs).toISOString();

function questions(
  tags: readonly TagDefinition[],
  ids: Int32Array,
  days: number,
  { storage }: Pick<TestDatabase, 'storage'>,
): Question[] {
  const tag = (round: number) => tags.slice(round % ASKED, (round % ASKED) + 1);
  const id = (round: number) => ids[round % ASKED];
  const [day, month, week] = [1, days, 7].map((span) => END_MS - span * DAY);
  const fromMs = { day: day ?? 0, month: month ?? 0, week: week ?? 0 };
  const dayStepMs = Math.ceil(DAY / 665);
  const monthStepMs = Math.ceil((days * DAY) / 265);
  const weekStep = `${Math.ceil((7 * DAY) / 800 / 60_000) * 60_000} milliseconds`;
  return [
    {
      what: 'one tag over 24 h from its samples, 2,000 points',
      limitMs: 50,
      ours: (pool, round) =>
        readHistory(pool, { tags: tag(round), fromMs: fromMs.day, toMs: END_MS, points: 2_000 }),
      byHand: (pool, round) => pool.query(BY_HAND_DAY, [id(round), fromMs.day, END_MS, dayStepMs]),
    },
    {
      what: `one tag over ${days} days from rollups, 800 points`,
      limitMs: 20,
      ours: (pool, round) =>
        readHistory(pool, { tags: tag(round), fromMs: fromMs.month, toMs: END_MS, points: 800 }),
      byHand: (pool, round) =>
        pool.query(
          BY_HAND_MONTH.replace('sample_1h', monthStepMs >= 2 * HOUR ? 'sample_1h' : 'sample_1m'),
          [id(round), iso(fromMs.month), iso(END_MS), `${monthStepMs} milliseconds`],
        ),
    },
    {
      what: 'eight tags side by side over a week, 800 steps',
      limitMs: 100,
      ours: (pool) =>
        readAligned(pool, {
          tags: tags.slice(0, ASKED),
          fromMs: fromMs.week,
          toMs: END_MS,
          points: 800,
          storage,
        }),
      byHand: (pool) =>
        pool.query(BY_HAND_WEEK, [
          [...ids.slice(0, ASKED)],
          iso(fromMs.week),
          iso(END_MS),
          weekStep,
        ]),
    },
  ];
}

async function msOf(work: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await work();
  return performance.now() - startMs;
}

async function ask(pool: PoolHandle, { what, limitMs, ours, byHand }: Question): Promise<Row[]> {
  const times: number[] = [];
  const ratios: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const own = await msOf(() => ours(pool, round));
    const hand = await msOf(() => byHand(pool, round));
    times.push(own);
    ratios.push(own / hand);
  }
  const note = `median of ${ROUNDS}; shall be below ${limitMs} ms`;
  return [
    { what: `history, ${what}`, value: percentile(times, 0.5), unit: 'ms', note },
    { what: '  / the same by hand-written SQL', value: percentile(ratios, 0.5), unit: '' },
  ];
}

/** How long questions about a day, a week and all days take, and against SQL written for them. */
export async function historyMonthBench(size: HistorySize): Promise<Row[]> {
  const cluster = await new TestCluster().start();
  try {
    const database = await cluster.database();
    const tags = tagsOf(size.tags);
    const startMs = performance.now();
    const samples = await load(database, tags, size);
    const seconds = (performance.now() - startMs) / 1_000;
    const ids = await storeTags(database.pool, tags);
    const rows: Row[] = [
      {
        what: 'history, samples loaded and rolled up',
        value: samples,
        unit: 'rows',
        note: `${ASKED} tags of ${size.days} days, all on the last; ${seconds.toFixed(0)} s`,
      },
    ];
    for (const one of questions(tags, ids, size.days, database))
      rows.push(...(await ask(database.pool, one)));
    return rows;
  } finally {
    await cluster.stop();
  }
}
