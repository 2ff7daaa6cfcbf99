import { reference } from '../../plc/mill/mills/reference.ts';
import type { HistorySample } from '../../plc/model/record.ts';
import { good, type TagDefinition } from '../../plc/model/tag.ts';
import { History } from '../../plc/runtime/history.ts';
import { InputImage } from '../../plc/runtime/input-image.ts';
import { TagIndex } from '../../plc/runtime/tag-index.ts';
import { TestCluster } from '../support/database.ts';
import { fieldTag } from '../support/driver-tags.ts';
import { dice } from '../support/machine-walk.ts';
import { beginOrders } from '../support/orders-begun.ts';
import { WasmTimescale } from '../support/timescale/wasm-timescale.ts';
import { VirtualMill } from '../support/virtual-mill.ts';
import { print, type Row } from './report.ts';
import { REFERENCE_ORDERS } from './virtual.ts';

const DAY_MS = 86_400_000;
const START_MS = Date.UTC(2026, 5, 1);
/** Of each kind: enough for the pages that a table has anyway to count little. */
const TAGS = 8;
const FOR_MS = DAY_MS / 2;
const YEAR_DAYS = 365;
const WARM_UP_MS = 300_000;
const MILL_MS = DAY_MS / 48;

/** A signal: what it is at each scan, given what it was. */
interface Kind {
  readonly what: string;
  readonly collected: Partial<Omit<TagDefinition, 'name'>>;
  readonly scanMs: number;
  readonly next: (value: number, timeMs: number, random: () => number) => number;
}

/** A transmitter of 16 bits over 0..100 with noise of a tenth of a percent. */
const told = (value: number, random: () => number) =>
  Math.fround((Math.round(((value + (random() - 0.5) * 0.2) / 100) * 27_648) * 100) / 27_648);
const within = (value: number) => Math.min(95, Math.max(5, value));

/**
 * What a mill's tags do: a drive's amps swing with its load, temperatures and levels drift, scales
 * fill and empty, states change with each batch.
 */
const KINDS: readonly Kind[] = [
  {
    what: 'load of a running drive, deadband 0.5 %',
    collected: { deadband: 0.5 },
    scanMs: 200,
    next: (value, _, random) => within(value + (random() - 0.5) * 0.5 + (60 - value) * 0.002),
  },
  {
    what: 'temperature or level, lines within 0.5 %',
    collected: { lineBound: 0.5 },
    scanMs: 1_000,
    next: (value, timeMs, random) =>
      within(value + Math.sin(timeMs / 900_000) * 0.02 + (random() - 0.5) * 0.06),
  },
  {
    what: 'weight of a scale that fills and empties, deadband 0.5 %',
    collected: { deadband: 0.5 },
    scanMs: 200,
    next: (_, timeMs) => {
      const inBatchS = (timeMs / 1_000) % 360;
      return inBatchS < 240 ? (inBatchS / 240) * 90 : Math.max(0, 90 - (inBatchS - 240) * 6);
    },
  },
  {
    what: 'measurement each second, exactly',
    collected: {},
    scanMs: 1_000,
    next: (value, _, random) => within(value + (random() - 0.5) * 0.8),
  },
  {
    what: 'flag or state, each change',
    collected: { dataType: 'uint16' },
    scanMs: 1_000,
    next: (value, _, random) => (random() < 1 / 40 ? Math.floor(random() * 8) : value),
  },
  {
    what: 'total of energy, each kWh',
    collected: { deadband: 1, isExact: true },
    scanMs: 5_000,
    next: (value, _, random) => value + 0.1 * random(),
  },
];

/** Half a day of such tags as the controller stores it. */
function halfDayOf({ collected, scanMs, next }: Kind): HistorySample[] {
  const names = Array.from({ length: TAGS }, (_, at) => `T${at}`);
  const tags = names.map((name) => ({ ...fieldTag(name, 'float', 'input', null), ...collected }));
  const image = new InputImage(new TagIndex({ tags }));
  const history = new History(new TagIndex({ tags }), image);
  const roll = dice(23);
  const random = () => roll(1_000_000) / 1_000_000;
  const values = names.map(() => Math.round(30 + 40 * random()));
  const samples: HistorySample[] = [];
  const isWhole = collected.dataType === 'uint16' || collected.isExact === true;
  for (let timeMs = 0; timeMs < FOR_MS; timeMs += scanMs) {
    // A scan comes when the machine lets it: a few ms late.
    const utcMs = START_MS + timeMs + roll(4);
    const readings = names.map((name, at) => {
      const value = next(values[at] ?? 0, timeMs + at * 7_000, random);
      values[at] = value;
      return { tag: name, value: good(isWhole ? value : told(value, random), utcMs) };
    });
    image.deliver(readings, utcMs);
    history.observe(image.freeze(utcMs), utcMs);
    history.repeat(utcMs);
    for (const sample of history.take()) samples.push(sample);
  }
  return samples;
}

/**
 * What a mill really stores: all tags of the reference mill while both lines dose, as often as each
 * of them changes. Half an hour is repeated to a day, so that each tag fills its part of a day's
 * chunk.
 */
async function samplesOfMill(): Promise<HistorySample[]> {
  const mill = await VirtualMill.start({ mill: reference, seed: 5, served: true });
  await beginOrders(mill, REFERENCE_ORDERS);
  await mill.runFor(WARM_UP_MS);
  const fromMs = mill.utcMs;
  await mill.runFor(MILL_MS);
  const records = await mill.records();
  await mill.stop();
  const samples = records
    .flatMap((record) => (record.kind === 'samples' ? record.samples : []))
    .filter(([, timeMs]) => timeMs >= fromMs && timeMs < fromMs + MILL_MS);
  return Array.from({ length: DAY_MS / MILL_MS }, (_, turn) => START_MS + turn * MILL_MS).flatMap(
    (startMs) =>
      samples.map(([tag, timeMs, value, quality]): HistorySample => {
        return [tag, timeMs - fromMs + startMs, value, quality];
      }),
  );
}

interface Place {
  query(sql: string, values?: unknown[]): Promise<{ rows: object[] }>;
}

async function fill(db: Place, samples: readonly HistorySample[]): Promise<void> {
  await db.query('truncate sample');
  for (let at = 0; at < samples.length; at += 50_000) {
    const part = samples.slice(at, at + 50_000);
    await db.query(
      `insert into sample (time, tag_id, value, quality)
       select * from unnest($1::bigint[], $2::integer[], $3::float8[], $4::smallint[])
       on conflict do nothing`,
      [
        part.map(([, timeMs]) => timeMs),
        part.map(([tag]) => tag),
        part.map(([, , value]) => value),
        part.map(([, , , quality]) => quality),
      ],
    );
  }
}

/** Where samples lie, and what makes them small there when their day is over. */
interface Storage {
  readonly db: Place;
  readonly afterwards: string | null;
  readonly bytes: string;
}

async function bytesOf({ db, afterwards, bytes }: Storage, samples: readonly HistorySample[]) {
  await fill(db, samples);
  if (afterwards !== null) await db.query(afterwards);
  const { rows } = await db.query(bytes);
  return Number((rows[0] as { bytes?: unknown } | undefined)?.bytes ?? 0);
}

/**
 * What a stored sample adds. The pages that a day's table has anyway are those of one sample: in a
 * mill, thousands of tags share them.
 */
async function bytesPerSample(storage: Storage, samples: readonly HistorySample[]) {
  const anyway = await bytesOf(storage, samples.slice(0, 1));
  return ((await bytesOf(storage, samples)) - anyway) / (samples.length - 1);
}

const PLAIN_BYTES = `
  select sum(pg_total_relation_size(inhrelid))::float8 as bytes from pg_inherits
  where inhparent = 'sample'::regclass`;
const TIMESCALE_BYTES = `
  select after_compression_total_bytes::float8 as bytes
  from hypertable_compression_stats('sample')`;

const COMPRESS = "select compress_chunk(chunk) from show_chunks('sample') as chunk";

function storages(plain: Place, timescale: Place): [what: string, storage: Storage][] {
  const onPlain = { db: plain, bytes: PLAIN_BYTES };
  return [
    ['  on PostgreSQL, as it comes', { ...onPlain, afterwards: null }],
    ['  on PostgreSQL, after its day', { ...onPlain, afterwards: 'reindex table sample' }],
    [
      '  on TimescaleDB, compressed',
      { db: timescale, bytes: TIMESCALE_BYTES, afterwards: COMPRESS },
    ],
  ];
}

/** Bytes of a stored sample and of a tag in a year, by kind of tag, in both storages. */
export async function historySizeBench(): Promise<Row[]> {
  const cluster = await new TestCluster().start();
  const timescale = await new WasmTimescale().start();
  const rows: Row[] = [];
  try {
    const { pool } = await cluster.database();
    const all = [
      ...KINDS.map((kind) => ({
        what: kind.what,
        tags: TAGS,
        forMs: FOR_MS,
        make: () => halfDayOf(kind),
      })),
      {
        what: 'all tags of the reference mill, both lines dosing',
        tags: reference.tags.length,
        forMs: DAY_MS,
        make: samplesOfMill,
      },
    ];
    for (const { what, tags, forMs, make } of all) {
      const samples = await make();
      const perDay = (samples.length / tags) * (DAY_MS / forMs);
      const megabytes = (bytes: number) =>
        ((bytes * perDay * YEAR_DAYS) / 1e6).toLocaleString('en', { maximumSignificantDigits: 3 });
      const own: Row[] = [{ what, value: perDay, unit: 'samples/d' }];
      for (const [place, storage] of storages(pool, timescale)) {
        const value = await bytesPerSample(storage, samples);
        const note = `a sample; ${megabytes(value)} MB a tag and year`;
        own.push({ what: place, value, unit: 'bytes', note });
      }
      // One kind after the other: all of them take minutes.
      print(own);
      rows.push(...own);
    }
  } finally {
    await timescale.stop();
    await cluster.stop();
  }
  return rows;
}
