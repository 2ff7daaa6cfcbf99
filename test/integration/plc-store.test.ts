/**
 * Goal: what was committed survives a killed process, once; a second controller is kept out; room
 * is made.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StoreDatabase } from '../../plc/store/database.ts';
import { SPOOL_LIMITS_DEFAULT, StoreInUseError } from '../../plc/store/store.ts';
import { WorkerStore } from '../../plc/store/worker-store.ts';
import { root } from '../support/sources.ts';

let folder = '';
let file = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plc-store-'));
  file = join(folder, 'spool.sqlite');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function row(n: number, expendable = false) {
  return { body: JSON.stringify({ n }), expendable };
}

/**
 * A process that counts: record n and snapshot n in one commit, told on stdout once it is on the
 * disk.
 */
const COUNTER = `
  import { StoreDatabase } from '${root}/plc/store/database.ts';
  import { writeSync } from 'node:fs';
  const limits = { bytesMax: 1e9, ageMaxMs: 1e12, diskFreeMinBytes: 0 };
  const db = new StoreDatabase(process.argv[1], limits);
  db.open();
  for (let n = 1; ; n += 1) {
    db.commit({ utcMs: n, rows: [{ body: JSON.stringify({ n }), expendable: false }],
      snapshots: [{ id: 'WS501', version: 1, body: String(n) }] });
    writeSync(1, n + '\\n');
  }`;

describe('the store', () => {
  it('has every record that was told, and its snapshot, after kill -9', async () => {
    const args = ['--input-type=module-typescript', '-e', COUNTER, file];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let told = 0;
    const killed = new Promise((done) => child.once('exit', done));
    child.stdout.on('data', (chunk: Buffer) => {
      told = Number(chunk.toString().trim().split('\n').at(-1));
      if (told > 50) child.kill('SIGKILL');
    });
    await killed;
    const db = new StoreDatabase(file, SPOOL_LIMITS_DEFAULT);
    const { snapshots } = db.open();
    const rows = db.read(0, 1e6, 1e9).map(({ body }) => (JSON.parse(body) as { n: number }).n);
    db.close();
    expect(rows.length).toBeGreaterThanOrEqual(told);
    expect(rows).toEqual(rows.map((_, place) => place + 1));
    expect(Number(snapshots[0]?.body)).toBe(rows.length);
  });

  it('keeps a second controller out until the first has gone', async () => {
    const [first, second] = [new WorkerStore(file), new WorkerStore(file)];
    await first.open();
    await expect(second.open()).rejects.toThrow(StoreInUseError);
    await first.close();
    await expect(second.open()).resolves.toMatchObject({ damagedFile: null });
    await second.close();
  });

  it('never gives a sequence twice, whatever was acknowledged before a restart', async () => {
    const store = new WorkerStore(file);
    const { spoolId } = await store.open();
    await store.commit({ utcMs: 1, snapshots: [], rows: [row(1), row(2)] });
    expect(await store.acknowledge(2)).toMatchObject({ rows: 0, bytes: 0, lastSequence: 2 });
    await store.close();
    expect(await store.open()).toMatchObject({ spoolId, lastCommitUtcMs: 1 });
    await store.commit({ utcMs: 2, snapshots: [], rows: [row(3)] });
    expect(await store.read(0, 10, 1_000)).toEqual([{ sequence: 3, body: '{"n":3}' }]);
    await store.close();
  });

  it('gives up samples before records when it is full, and says how many', () => {
    const db = new StoreDatabase(file, { bytesMax: 70, ageMaxMs: 1e12, diskFreeMinBytes: 0 });
    db.open();
    const rows = [
      row(1),
      row(2, true),
      row(3),
      row(4, true),
      row(5),
      row(6),
      row(7),
      row(8),
      row(9),
    ];
    db.commit({ utcMs: 1, snapshots: [], rows });
    const fill = db.commit({ utcMs: 2, snapshots: [], rows: [row(1_000_000)] });
    const kept = db.read(0, 100, 1e6).map(({ body }) => (JSON.parse(body) as { n: number }).n);
    expect(kept).toEqual([1, 3, 5, 6, 7, 8, 9, 1_000_000]);
    expect(fill).toMatchObject({ rows: 8, dropped: 2 });
    db.close();
  });

  it('puts a damaged file aside and begins anew', () => {
    writeFileSync(file, 'this is no database, whatever its name says'.repeat(200));
    const db = new StoreDatabase(file, SPOOL_LIMITS_DEFAULT);
    const content = db.open();
    expect(content.damagedFile).toContain('damaged');
    expect(content.fill.rows).toBe(0);
    db.close();
  });
});
