/**
 * Goal: a database that falls silent without a farewell, as behind a dead switch, keeps nobody
 * waiting for ever: what was asked is refused in time, its half transaction leaves nothing and no
 * lock, and all goes on when the network is back.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { HistorySample } from '../../plc/model/record.ts';
import { PoolHandle } from '../../server/db/pool-handle.ts';
import type { TestDatabase } from '../support/database.ts';
import { TestCluster } from '../support/database.ts';
import { FreezingProxy } from '../support/driver-proxy.ts';
import { newRecordStore } from '../support/record-store.ts';
import { doseRecord, orderRecord, START_MS, samplesRecord, spoolRows } from '../support/records.ts';
import { until } from '../support/until.ts';

const STATEMENT_MS = 500;
/** Of what the database is sent; all of the message is more. */
const SILENT_AFTER_BYTES = 200_000;
/** A statement's time, the slack for its answer, and a slow machine. */
const REFUSED_WITHIN_MS = 10_000;

const cluster = new TestCluster();
beforeAll(() => cluster.start());
afterAll(() => cluster.stop());

let database: TestDatabase;
let proxy: FreezingProxy;
let pool: PoolHandle;
beforeEach(async () => {
  database = await cluster.database();
  const url = new URL(database.url);
  proxy = new FreezingProxy(Number(url.port));
  await proxy.start();
  url.port = String(proxy.port);
  pool = new PoolHandle({ connectionsMax: 2, statementTimeoutMs: STATEMENT_MS }, () => {});
  pool.open(url.href);
  onTestFinished(async () => {
    await pool.close();
    await proxy.stop();
  });
});

/** What becomes of it, or `waits for ever`. */
function outcome(work: Promise<unknown>): Promise<string> {
  return Promise.race([
    work.then(
      () => 'answered',
      () => 'refused',
    ),
    pause(REFUSED_WITHIN_MS, 'waits for ever', { ref: false }),
  ]);
}

async function goesOn(): Promise<void> {
  proxy.isHalfOpen = false;
  proxy.cut();
  await until('a database that answers', () =>
    pool.ping().then(
      () => true,
      () => false,
    ),
  );
}

async function dosesStored(): Promise<number> {
  const { rows } = await database.pool.query<{ n: number }>('select count(*)::int n from dose');
  return rows[0]?.n ?? -1;
}

describe('A database that falls silent', () => {
  test('refuses a question, and the question whether it is there', async () => {
    await pool.ping();
    proxy.isHalfOpen = true;
    expect(await outcome(pool.query('select 1'))).toBe('refused');
    expect(await outcome(pool.ping())).toBe('refused');
    await goesOn();
  });

  test('amid the samples of a message: nothing is stored, nothing locked, the repeat is whole', async () => {
    const store = newRecordStore(pool, database.storage, cluster.log);
    const spool = randomUUID();
    const samples = Array.from(
      { length: 20_000 },
      (_, at): HistorySample => [at % 50, START_MS + at, at, 0],
    );
    const records = [orderRecord(), doseRecord('WS501/1'), samplesRecord(samples)];
    const message = spoolRows(spool, 1, records);
    let sent = 0;
    proxy.tapOf = () => (chunk, from) => {
      if (from === 'client') sent += chunk.length;
      if (sent > SILENT_AFTER_BYTES) proxy.isHalfOpen = true;
      return chunk;
    };
    expect(await outcome(store.store(message))).toBe('refused');
    expect(sent).toBeGreaterThan(SILENT_AFTER_BYTES);
    expect(await dosesStored()).toBe(0);
    proxy.tapOf = null;
    await goesOn();
    expect(await outcome(store.store(message))).toBe('answered');
    expect(await dosesStored()).toBe(1);
  });
});
