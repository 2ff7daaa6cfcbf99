/**
 * Goal: a question that would take for ever is cut off and says so, and what the mill writes down
 * meanwhile is stored as if nobody had asked (DOMAIN 9: a long history query kills the process).
 */
import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pilot } from '../../plc/mill/mills/pilot.ts';
import type { HistorySample } from '../../plc/model/record.ts';
import { problemHandler } from '../../server/api/errors.ts';
import { PoolHandle } from '../../server/db/pool-handle.ts';
import { readHistory } from '../../server/historian/history.ts';
import { KeptLog, TestCluster, type TestDatabase } from '../support/database.ts';
import { newRecordStore } from '../support/record-store.ts';
import { START_MS, samplesRecord, spoolRows } from '../support/records.ts';

const TAG = 5;
const PARTS = 8;
const PART = 20_000;
const LIMIT_MS = 10;
const DAY_MS = 86_400_000;

const cluster = new TestCluster();
let database: TestDatabase;
/** The connections of people who ask for history, with a limit that none of them can keep. */
const people = new PoolHandle({ connectionsMax: 2, statementTimeoutMs: LIMIT_MS }, () => undefined);

beforeAll(async () => {
  await cluster.start();
  database = await cluster.database();
  const store = newRecordStore(database.pool, database.storage, new KeptLog());
  await store.store(spoolRows(randomUUID(), 1, [samplesRecord([[TAG, START_MS, 1, 0]])]));
  for (let part = 0; part < PARTS; part += 1) {
    await database.pool.query(
      `insert into sample select $1::bigint + n * 100, tag_id, n % 100, 0
       from generate_series($2::integer, $3::integer) n, (select tag_id from sample limit 1) t`,
      [START_MS, part * PART + 1, (part + 1) * PART],
    );
  }
  people.open(database.url);
});
afterAll(async () => {
  await people.close();
  await cluster.stop();
});

const impossible = () =>
  readHistory(people, {
    tags: pilot.tags.slice(TAG, TAG + 1),
    fromMs: START_MS,
    toMs: START_MS + DAY_MS,
    points: 2_000,
  });

/** What a person gets who asks it over REST. */
async function asked(): Promise<{ status: number; type: string; body: Record<string, unknown> }> {
  const app = express();
  app.get('/', async (_, response) => response.json(await impossible()));
  app.use(problemHandler(() => undefined));
  const server = app.listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  try {
    const { port } = server.address() as AddressInfo;
    const answer = await fetch(`http://127.0.0.1:${port}/`, {
      headers: { 'accept-language': 'en' },
    });
    const type = answer.headers.get('content-type') ?? '';
    return { status: answer.status, type, body: (await answer.json()) as Record<string, unknown> };
  } finally {
    server.close();
  }
}

test('DOMAIN 9: a question over its time is cut off, with what to do about it', async () => {
  const { status, type, body } = await asked();
  expect(status).toBe(503);
  expect(type).toContain('application/problem+json');
  expect(body['title']).toBe(
    'The question took too long and was cut off, ask for a shorter time or fewer tags',
  );
});

test('DOMAIN 9: while such questions are asked without end, all that the mill tells is stored', async () => {
  const store = newRecordStore(database.pool, database.storage, new KeptLog());
  const spool = randomUUID();
  const faults: unknown[] = [];
  let isOver = false;
  const askers = Array.from({ length: 8 }, async () => {
    while (!isOver) await impossible().catch((error: unknown) => faults.push(error));
  });
  for (let message = 1; message <= 20; message += 1) {
    const samples = Array.from({ length: 500 }, (_, at): HistorySample => {
      return [TAG + 1, START_MS + (message * 500 + at) * 10, at, 0];
    });
    expect(await store.store(spoolRows(spool, message, [samplesRecord(samples)]))).toBe(message);
  }
  isOver = true;
  await Promise.all(askers);
  expect(store.counts.samples).toBe(10_000);
  expect(faults.length).toBeGreaterThan(0);
  expect(faults.every((error) => error instanceof Error)).toBe(true);
});
