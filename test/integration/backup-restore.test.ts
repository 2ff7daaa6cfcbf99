/**
 * Goal: a backup is one moment of the database while rows come in; restored, it is the same to the
 * last row, verified before it is used; whatever is wrong with it, the database in use stays.
 */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { open, readFile, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { HistorySample } from '../../plc/model/record.ts';
import { migrate, migrationsOf } from '../../server/db/migrate.ts';
import { PoolHandle } from '../../server/db/pool-handle.ts';
import { backUp } from '../../server/maintenance/backup/back-up.ts';
import { BackupFile } from '../../server/maintenance/backup/read-backup.ts';
import { restore } from '../../server/maintenance/backup/restore.ts';
import { dropKept, keptDatabases } from '../../server/maintenance/backup/swap.ts';
import { verifyChains } from '../../server/maintenance/verify-chains.ts';
import type { TestDatabase } from '../support/database.ts';
import { TestCluster } from '../support/database.ts';
import { newRecordStore } from '../support/record-store.ts';
import {
  bagRecord,
  batchRecord,
  doseRecord,
  orderRecord,
  START_MS,
  samplesRecord,
  spoolRows,
} from '../support/records.ts';

const cluster = new TestCluster();
const folder = mkdtempSync(join(tmpdir(), 'backups-'));
beforeAll(() => cluster.start());
afterAll(async () => {
  await cluster.stop();
  rmSync(folder, { recursive: true });
});

let database: TestDatabase;
let file: string;
beforeEach(async () => {
  database = await cluster.database();
  file = join(folder, `${randomUUID()}.backup`);
});

const samples = (from: number, length: number): HistorySample[] =>
  Array.from({ length }, (_, at) => [at % 50, START_MS + from + at, at / 4, 0]);

/** An order with a dose, bags, a row in quarantine and samples. */
async function fillMill(): Promise<void> {
  const store = newRecordStore(database.pool, database.storage, cluster.log);
  const records = [
    orderRecord(),
    batchRecord(1),
    ...Array.from({ length: 12 }, (_, at) => doseRecord(`WS501/${at + 1}`)),
    ...Array.from({ length: 20 }, (_, at) => bagRecord(at + 1)),
    samplesRecord(samples(0, 5_000)),
  ];
  await store.store(spoolRows(randomUUID(), 1, records));
  await store.store({ spool: randomUUID(), rows: [{ sequence: 1, record: { kind: 'gossip' } }] });
  await database.pool.query("update order_number set last = 7 where month = '2611'");
}

async function take(): Promise<Awaited<ReturnType<typeof backUp>>> {
  const { url: databaseUrl } = database;
  return backUp({ databaseUrl, target: file, version: '0.1.0', nowMs: Date.now() });
}

async function giveBack() {
  const { url: databaseUrl } = database;
  return restore({ databaseUrl, file, nowMs: Date.now(), log: cluster.log });
}

/** What every table holds, as one digest each. */
async function contents(db: PoolHandle): Promise<Record<string, unknown>> {
  const { rows } = await db.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace
     and relkind in ('r', 'p') and relname !~ '^migration' order by 1`,
  );
  const found: Record<string, unknown> = {};
  for (const { name } of rows) {
    const digest = await db.query(
      `select count(*)::int as n, md5(string_agg(t::text, ',' order by t::text)) as md5
       from ${name} t`,
    );
    found[name] = digest.rows[0];
  }
  return found;
}

function reopened(): PoolHandle {
  const db = new PoolHandle({ connectionsMax: 2, statementTimeoutMs: 30_000 }, () => {});
  db.open(database.url);
  return db;
}

describe('a backup', () => {
  test('restored, holds every table to the last row, and every record verifies', async () => {
    await fillMill();
    const before = await contents(database.pool);
    expect(before).toMatchObject({ bag: { n: 20 }, sample: { n: 5_000 }, quarantine: { n: 1 } });
    const { manifest } = await take();
    await database.pool.query("insert into order_number values ('2612', 1)");
    await database.pool.close();
    const done = await giveBack();
    expect(done.entries).toBeGreaterThanOrEqual(14);
    expect(done.rows).toBe(manifest.tables.reduce((sum, { rows }) => sum + rows, 0));
    const db = reopened();
    expect(await contents(db)).toEqual(before);
    // New rows do not take the numbers of old ones.
    await newRecordStore(db, database.storage, cluster.log).store(
      spoolRows(randomUUID(), 1, [bagRecord(21), samplesRecord(samples(9_000, 100))]),
    );
    expect((await verifyChains(db)).faults).toEqual([]);
    await db.close();
    expect(await keptDatabases(database.url)).toEqual([done.kept]);
    await dropKept(database.url, done.kept ?? '');
    expect(await keptDatabases(database.url)).toEqual([]);
  });

  test('is one moment, also while rows come in', async () => {
    await fillMill();
    const store = newRecordStore(database.pool, database.storage, cluster.log);
    let writing = true;
    let number = 100;
    const writer = (async () => {
      const spool = randomUUID();
      for (let sequence = 1; writing; sequence += 2, number += 1) {
        // A dose and its entry in the chain are one transaction: both are in the backup or neither.
        const rows = [doseRecord(`WS501/${number}`), samplesRecord(samples(number * 1_000, 200))];
        await store.store(spoolRows(spool, sequence, rows));
      }
    })();
    await take();
    writing = false;
    await writer;
    await database.pool.close();
    await giveBack();
    const db = reopened();
    const { rows } = await db.query<{ doses: number; told: number }>(
      `select (select count(*)::int from dose) as doses,
        (select count(distinct subject)::int from record_entry where kind = 'dose') as told`,
    );
    expect(rows[0]?.doses).toBe(rows[0]?.told);
    expect(rows[0]?.doses).toBeLessThan(12 + number - 100);
    await db.close();
  });

  test('with a byte turned, cut off, or of something else is refused, and nothing is changed', async () => {
    await fillMill();
    const { manifest } = await take();
    const whole = await readFile(file);
    const handle = await open(file, 'r+');
    const member = manifest.tables.find(({ name }) => name === 'bag');
    const at = whole.indexOf(`${member?.member}\0`) + 512 + 40;
    await handle.write(Buffer.from([(whole[at] ?? 0) ^ 1]), 0, 1, at);
    await handle.close();
    await expect(giveBack()).rejects.toThrow(/bag\.copy\.gz is damaged/);
    await truncate(file, whole.length - 5_000);
    await expect(giveBack()).rejects.toThrow(/cut off/);
    await truncate(file, 0);
    await expect(giveBack()).rejects.toThrow(/no backup, or was cut off/);
    expect(await contents(database.pool)).toMatchObject({ bag: { n: 20 } });
  });

  test('of a chain that was rewritten behind its back is not put in use', async () => {
    await fillMill();
    await database.pool.query('alter table record_entry disable trigger record_entry_is_kept');
    await database.pool.query(
      `update record_entry set content = replace(content, '"actualKg":300', '"actualKg":299')
       where kind = 'dose' and subject like '%/WS501/3'`,
    );
    await take();
    await database.pool.close();
    await expect(giveBack()).rejects.toThrow(/is not what was backed up:\n.*/s);
    const db = reopened();
    expect(await contents(db)).toMatchObject({ bag: { n: 20 } });
    const left = await db.query("select datname from pg_database where datname like '%\\_new\\_%'");
    expect(left.rows).toEqual([]);
    await db.close();
  });

  test('is not restored under a server that uses the database', async () => {
    await database.pool.query('select 1');
    await take();
    await expect(giveBack()).rejects.toThrow(/in use by \d+ connections: stop the server/);
  });

  test('is never written over, and a half one never stays', async () => {
    await take();
    await expect(take()).rejects.toThrow(/is there already/);
    const full = { databaseUrl: database.url, version: '', nowMs: Date.now() };
    await expect(backUp({ ...full, target: '/dev/full/x' })).rejects.toThrow();
    const bytes = await BackupFile.open(file);
    expect(bytes.manifest.migrations).toEqual(migrationsOf('migrations'));
    await bytes.close();
  });
});

describe('tables of every version that was ever released', () => {
  const steps = migrationsOf('migrations').map((_, at, all) => all.slice(0, at + 1));

  async function emptyDatabase(part: string): Promise<string> {
    const name = `test_${process.pid}_0_${part}`;
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    await client.query(`drop database if exists ${name}`);
    await client.query(`create database ${name}`);
    await client.end();
    return database.url.replace(/\/[^/]*$/, `/${name}`);
  }

  /** What a mill of that version had stored. */
  async function fillEarly(url: string, migrations: readonly string[]): Promise<void> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query(
      `insert into dose (dose_id, batch_id, scale, bin, material, target_kg, actual_kg,
         tolerance_kg, in_flight_kg, jogs, decision, started, ended)
       values ('D/1', 'B/1', 'WS501', 'DB401', 'MAIZE', 300, 299.8, 1, 0.4, 0, 'none',
         now(), now())`,
    );
    await client.query("insert into sample_1m values ('2026-11-01 00:00Z', 1, 1, 3, 2, 3, 1, 5)");
    await client.query("insert into recorded_minute values ('2026-11-01 00:00Z', 5, false, 5)");
    if (migrations.length >= 2) {
      await client.query(
        `insert into app_user (user_name, full_name, role, password_hash)
         values ('lan', 'Lan', 'engineer', 'x')`,
      );
    }
    if (migrations.length >= 3) await client.query('update plan_queue set revision = 42');
    await client.end();
  }

  test.each(steps.map((migrations) => ({ version: migrations.at(-1), migrations })))(
    'those of $version are brought up to date with what they hold, also from a backup',
    async ({ migrations }) => {
      const url = await emptyDatabase(`early_${migrations.length}`);
      const historyMigrations = migrationsOf('history-plain').slice(0, 1);
      await migrate(url, cluster.log, { storage: 'plain', migrations, historyMigrations });
      await fillEarly(url, migrations);
      const target = join(folder, `${randomUUID()}.backup`);
      await backUp({ databaseUrl: url, target, version: '0.0.1', nowMs: Date.now() });
      await migrate(url, cluster.log);
      const other = await emptyDatabase(`late_${migrations.length}`);
      await restore({ databaseUrl: other, file: target, nowMs: Date.now(), log: cluster.log });
      for (const each of [url, other]) {
        const db = new PoolHandle({ connectionsMax: 1, statementTimeoutMs: 30_000 }, () => {});
        db.open(each);
        const { rows } = await db.query<Record<string, unknown>>(
          `select (select actual_kg from dose) as kg, (select avg from sample_1m) as avg,
             (select count(*)::int from recorded_hour) as hours,
             (select count(*)::int from app_user) as users,
             (select revision::int from plan_queue) as revision,
             (select count(*)::int from migration) as steps`,
        );
        const [users, revision] = [Number(migrations.length >= 2), migrations.length >= 3 ? 42 : 1];
        const steps = migrationsOf('migrations').length;
        expect(rows[0]).toEqual({ kg: 299.8, avg: 2, hours: 1, users, revision, steps });
        await db.close();
      }
    },
  );

  test('those of a version that is not known yet are refused', async () => {
    const url = await emptyDatabase('newer');
    const migrations = [...migrationsOf('migrations'), '999-tomorrow'];
    const until = { storage: 'plain', migrations, historyMigrations: [] } as const;
    await expect(migrate(url, cluster.log, until)).rejects.toThrow(/999-tomorrow: a newer one/);
  });
});
