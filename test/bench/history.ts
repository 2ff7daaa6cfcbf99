import { randomUUID } from 'node:crypto';
import { finished } from 'node:stream/promises';
import { from as copyFrom } from 'pg-copy-streams';
import { pilot } from '../../plc/mill/mills/pilot.ts';
import type { HistorySample } from '../../plc/model/record.ts';
import { COPY_SAMPLES, encodeSamples } from '../../server/historian/sample-copy.ts';
import { storeTags } from '../../server/historian/tag-ids.ts';
import { TestCluster, type TestDatabase } from '../support/database.ts';
import { newRecordStore } from '../support/record-store.ts';
import { percentile, type Row } from './report.ts';

const ROUNDS = 5;
const MESSAGES = 10;
const SAMPLES_PER_MESSAGE = 20_000;
const SAMPLES = MESSAGES * SAMPLES_PER_MESSAGE;

/**
 * Samples of all tags, one after the other, a millisecond apart; each round in a second of its own.
 */
function samplesOf(message: number): HistorySample[] {
  const startMs = Date.UTC(2026, 0, 2) + message * SAMPLES_PER_MESSAGE;
  return Array.from({ length: SAMPLES_PER_MESSAGE }, (_, at) => [
    at % pilot.tags.length,
    startMs + at,
    Math.sin(at) * 100,
    0,
  ]);
}

async function secondsOf(work: () => Promise<void>): Promise<number> {
  const startMs = performance.now();
  await work();
  return (performance.now() - startMs) / 1_000;
}

/** The same rows by COPY alone: one statement and one transaction a message, nothing else. */
async function bareCopy(database: TestDatabase, messages: HistorySample[][]): Promise<number> {
  const ids = await storeTags(database.pool, pilot.tags);
  return secondsOf(async () => {
    for (const samples of messages) {
      await database.pool.transaction(async (client) => {
        const stream = client.query(copyFrom(COPY_SAMPLES));
        stream.end(encodeSamples(samples, ids));
        await finished(stream);
      });
    }
  });
}

/** The whole writer: parsed, numbered, stored with the spool's sequence in one transaction. */
async function wholeWriter(database: TestDatabase, messages: HistorySample[][]): Promise<number> {
  const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const store = newRecordStore(database.pool, database.storage, silent);
  const spool = randomUUID();
  return secondsOf(async () => {
    for (const [at, samples] of messages.entries()) {
      await store.store({
        spool,
        rows: [{ sequence: at + 1, record: { kind: 'samples', samples } }],
      });
    }
  });
}

/** History rows per second through the whole writer against a bare COPY of the same rows. */
export async function historyBench(): Promise<Row[]> {
  const cluster = await new TestCluster().start();
  const copied: number[] = [];
  const written: number[] = [];
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      const messages = Array.from({ length: MESSAGES }, (_, at) => samplesOf(at));
      written.push(SAMPLES / (await wholeWriter(await cluster.database(), messages)));
      copied.push(SAMPLES / (await bareCopy(await cluster.database(), messages)));
    }
  } finally {
    await cluster.stop();
  }
  const ratios = written.map((rate, at) => rate / (copied[at] ?? rate));
  const size = `${SAMPLES.toLocaleString('en')} samples, median of ${ROUNDS}`;
  return [
    { what: 'history, bare COPY', value: percentile(copied, 0.5), unit: 'rows/s', note: size },
    { what: 'history, whole writer', value: percentile(written, 0.5), unit: 'rows/s', note: size },
    { what: 'history, writer / bare COPY', value: percentile(ratios, 0.5), unit: '' },
  ];
}
