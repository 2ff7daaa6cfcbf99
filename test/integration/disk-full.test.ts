/**
 * Goal: "Nothing lost" when a disk is full: it is said before, the mill runs on, the spool keeps,
 * and when room is made all is there. The disks are real and small; where none can be mounted these
 * tests are skipped, which their name then says.
 */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { HistorySample } from '../../plc/model/record.ts';
import { StoreDatabase } from '../../plc/store/database.ts';
import { Database } from '../../server/db/database.ts';
import { DAY_MS } from '../../server/historian/partitions.ts';
import { Maintenance } from '../../server/maintenance/maintenance.ts';
import { KeptLog } from '../support/database.ts';
import { newRecordStore } from '../support/record-store.ts';
import { bagRecord, samplesRecord, spoolRows } from '../support/records.ts';
import { SmallDisk, smallDisksAreAllowed } from '../support/small-disk.ts';
import { until } from '../support/until.ts';
import { VirtualMill } from '../support/virtual-mill.ts';

const MB = 1_000_000;
const allowed = smallDisksAreAllowed();
const where = allowed ? '' : ' (skipped: this machine lets nobody mount a small disk)';
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

function smallDisk(megabytes: number): SmallDisk {
  const disk = SmallDisk.mount(megabytes);
  if (disk === null) throw new Error('no small disk');
  ends.push(() => disk.unmount());
  return disk;
}

async function databaseOn(disk: SmallDisk) {
  const log = new KeptLog();
  const database = new Database({ databaseUrl: null, dataDir: disk.folder, log });
  ends.push(() => database.stop());
  database.start();
  await until('the database up', () => database.up, { withinMs: 90_000 });
  const maintenance = new Maintenance({
    database,
    log,
    disk: { folder: () => database.folder, totalBytes: null },
  });
  await maintenance.round();
  const { records, storage } = database;
  const store = newRecordStore(records, storage ?? 'plain', log);
  return { database, maintenance, store, log };
}

const activeAlarms = (mill: VirtualMill) =>
  mill.controller.alarms.filter(({ state }) => state.includes('Active')).map((one) => one.alarmId);

describe.skipIf(!allowed)(`the disk of the database${where}`, () => {
  test('that fills raises its alarm before; full, the mill runs on and the spool keeps; with room again all is there', async () => {
    const disk = smallDisk(400);
    const { maintenance, store, database } = await databaseOn(disk);
    const mill = await VirtualMill.start({ startMs: Date.now() });
    ends.push(() => mill.stop());
    const tell = () => mill.controller.hearServer(maintenance.health);
    tell();
    await mill.runFor(15_000);
    expect(activeAlarms(mill)).not.toContain('DB.DiskFull');

    disk.fillTo(disk.totalBytes * 0.07);
    expect(await store.store(spoolRows(randomUUID(), 1, [bagRecord(1)]))).toBe(1);
    tell();
    await mill.runFor(15_000);
    expect(activeAlarms(mill)).toContain('DB.DiskFull');

    disk.fillTo(0);
    expect(disk.freeBytes).toBe(0);
    const spool = mill.controller.spoolId;
    const send = async () => {
      const rows = await mill.controller.readRows(0, 500, 500_000);
      if (rows.length === 0) return 'empty';
      const records = rows.map(({ sequence, body }) => ({ sequence, record: JSON.parse(body) }));
      await mill.controller.acknowledgeRows(await store.store({ spool, rows: records }));
      return 'sent';
    };
    // Until its tables and its log have used up what room they had within themselves.
    let number = 2;
    const many = (from: number): HistorySample[] =>
      Array.from({ length: 20_000 }, (_, at) => [at % 50, Date.now() - from * 20_000 + at, at, 0]);
    const filler = randomUUID();
    await until(
      'a database that takes no more',
      async () => {
        number += 1;
        const rows = spoolRows(filler, number, [bagRecord(number), samplesRecord(many(number))]);
        return store.store(rows).then(
          () => false,
          (error: Error) => /space|disk|full|terminat|connect|not up/i.test(error.message),
        );
      },
      { withinMs: 60_000, everyMs: 0 },
    );
    const scannedMs = mill.utcMs;
    await mill.runFor(120_000);
    expect(mill.utcMs - scannedMs).toBe(120_000);
    const waiting = mill.controller.persistence.fill;
    // A quiet mill says little: its alarms, and its samples once a second.
    expect(waiting.rows).toBeGreaterThan(5);
    await expect(send()).rejects.toThrow();

    disk.empty();
    await until('the database taking rows again', () => send().catch(() => null), {
      withinMs: 90_000,
    });
    while ((await send()) !== 'empty');
    expect(mill.controller.persistence.fill.rows).toBe(0);
    const { rows } = await database.records.query<{ bags: number; sequence: number }>(
      `select (select count(*)::int from bag) as bags,
         (select sequence::float8 from spool_progress where spool = $1) as sequence`,
      [spool],
    );
    // What the full disk refused was not stored; all that was acknowledged is.
    expect(rows[0]).toEqual({
      bags: number - 2,
      sequence: mill.controller.persistence.fill.lastSequence,
    });
  }, 300_000);

  test('that is nearly full gives up the oldest days of samples, never a record nor the last week', async () => {
    const disk = smallDisk(300);
    const { maintenance, store, database } = await databaseOn(disk);
    const today = Math.floor(Date.now() / DAY_MS) * DAY_MS;
    const days = [30, 20, 10, 3, 0];
    for (const [at, day] of days.entries()) {
      const samples = Array.from(
        { length: 20_000 },
        (_, n): HistorySample => [n % 50, today - day * DAY_MS + n, n, 0],
      );
      const rows = [bagRecord(at + 1), samplesRecord(samples)];
      await store.store(spoolRows(randomUUID(), 1, rows));
    }
    const daysKept = async () => {
      const { rows } = await database.records.query<{ day: number }>(
        `select distinct ($1::date - to_timestamp(time / 1000)::date)::int as day
         from sample order by 1 desc`,
        [new Date(today).toISOString()],
      );
      return rows.map(({ day }) => day);
    };
    expect(await daysKept()).toEqual(days);
    await maintenance.round();
    expect(await daysKept()).toEqual(days);
    disk.fillTo(disk.totalBytes * 0.02);
    await maintenance.round();
    expect(await daysKept()).toEqual([3, 0]);
    const { rows } = await database.records.query('select count(*)::int as n from bag');
    expect(rows).toEqual([{ n: days.length }]);
    expect(maintenance.health.jobsFailed).toBe(0);
  }, 240_000);
});

describe.skipIf(!allowed)(`the disk of the controller's spool${where}`, () => {
  const record = (n: number) => ({ body: JSON.stringify({ n }).padEnd(200), expendable: false });
  const sample = (n: number) => ({ body: JSON.stringify({ n }).padEnd(50_000), expendable: true });

  function spoolOn(disk: SmallDisk): StoreDatabase {
    const limits = { bytesMax: 2_000 * MB, ageMaxMs: 1e12, diskFreeMinBytes: 16 * MB };
    const db = new StoreDatabase(join(disk.folder, 'spool.sqlite'), limits);
    ends.push(() => db.close());
    db.open();
    return db;
  }

  test('bounds it: that is said before, old samples make room for new ones, and no record goes', () => {
    const db = spoolOn(smallDisk(48));
    const pcts: number[] = [];
    let dropped = 0;
    for (let n = 1; n <= 1_500; n += 1) {
      const fill = db.commit({ utcMs: n, snapshots: [], rows: [record(n), sample(n)] });
      if (fill.dropped > 0 && dropped === 0) expect(Math.max(...pcts)).toBeGreaterThan(90);
      dropped = fill.dropped;
      pcts.push(fill.pct);
    }
    // 75 MB of samples were offered to a disk of 48.
    expect(dropped).toBeGreaterThan(500);
    const numbers = db.read(0, 1e6, 1e9).map(({ body }) => (JSON.parse(body) as { n: number }).n);
    const records = [...new Set(numbers)].sort((a, b) => a - b);
    expect(records).toEqual(Array.from({ length: 1_500 }, (_, at) => at + 1));
  });

  test('filled by another program to the last byte loses nothing that was kept, and goes on with room', () => {
    const disk = smallDisk(48);
    const db = spoolOn(disk);
    for (let n = 1; n <= 200; n += 1) {
      db.commit({ utcMs: n, snapshots: [], rows: [record(n), sample(n)] });
    }
    disk.fillTo(0);
    let kept = 200;
    let refused = 0;
    for (let n = 201; n <= 400; n += 1) {
      try {
        const fill = db.commit({ utcMs: n, snapshots: [], rows: [record(n)] });
        expect(fill.pct).toBeGreaterThan(90);
        kept = n;
      } catch (error) {
        expect(String(error)).toMatch(/full/);
        refused += 1;
      }
    }
    disk.empty();
    db.commit({ utcMs: 401, snapshots: [], rows: [record(401)] });
    const numbers = db.read(0, 1e6, 1e9).map(({ body }) => (JSON.parse(body) as { n: number }).n);
    const records = [...new Set(numbers)].sort((a, b) => a - b);
    expect(records.slice(0, kept)).toEqual(Array.from({ length: kept }, (_, at) => at + 1));
    expect(records.at(-1)).toBe(401);
    expect(records.length + refused).toBe(401);
  });
});
