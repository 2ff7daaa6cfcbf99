/**
 * Goal: the maintenance of the database does its jobs, knows how they went over a restart, and a
 * job that fails or is overdue, a disk that fills and a backup that is old are alarms of the mill.
 */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ServerHealth } from '../../plc/link/server-health.ts';
import { pilot } from '../../plc/mill/mills/pilot.ts';
import type { HistorySample } from '../../plc/model/record.ts';
import { DAY_MS } from '../../server/historian/partitions.ts';
import type { BackupSchedule } from '../../server/maintenance/backup/scheduled.ts';
import { backUpOnSchedule } from '../../server/maintenance/backup/scheduled.ts';
import { compactKeys } from '../../server/maintenance/compact-keys.ts';
import { JobRunner } from '../../server/maintenance/job.ts';
import { Maintenance } from '../../server/maintenance/maintenance.ts';
import { RETENTION_DEFAULT } from '../../server/maintenance/retention.ts';
import type { TestDatabase } from '../support/database.ts';
import { TestCluster } from '../support/database.ts';
import { newRecordStore } from '../support/record-store.ts';
import { bagRecord, samplesRecord, spoolRows } from '../support/records.ts';
import { VirtualMill } from '../support/virtual-mill.ts';

const cluster = new TestCluster();
beforeAll(() => cluster.start());
afterAll(() => cluster.stop());

let database: TestDatabase;
beforeEach(async () => {
  database = await cluster.database();
});

function maintenanceOf(
  keepSampleDays = RETENTION_DEFAULT.sample,
  backup: BackupSchedule | null = null,
): Maintenance {
  const { pool, storage, url } = database;
  return new Maintenance({
    database: { records: pool, people: pool, storage, up: true, url },
    backup,
    log: cluster.log,
    disk: { folder: () => cluster.dataDir, totalBytes: null },
    retention: { ...RETENTION_DEFAULT, sample: keepSampleDays },
  });
}

describe('the jobs of the database', () => {
  test('roll up, make room ahead, remove what is old enough and measure, and say so', async () => {
    const store = newRecordStore(database.pool, database.storage, cluster.log);
    const today = Math.floor(Date.now() / DAY_MS) * DAY_MS;
    for (const day of [40, 5]) {
      const samples = Array.from(
        { length: 500 },
        (_, at): HistorySample => [at % 10, today - day * DAY_MS + at * 1_000, at, 0],
      );
      await store.store(spoolRows(randomUUID(), 1, [bagRecord(day), samplesRecord(samples)]));
    }
    const maintenance = maintenanceOf(30);
    await maintenance.round();
    const { rows } = await database.pool.query(
      `select (select count(*)::int from sample) as samples,
         (select count(distinct time)::int from sample_1m) > 10 as rolled,
         (select count(*)::int from bag) as bags,
         (select count(*)::int from storage_measure) as measures`,
    );
    expect(rows).toEqual([{ samples: 500, rolled: true, bags: 2, measures: 1 }]);
    const { jobs, databaseBytes, disk } = maintenance.state;
    expect(jobs.map(({ lastOkMs, failures }) => lastOkMs !== null && failures === 0)).toEqual(
      jobs.map(() => true),
    );
    expect(databaseBytes).toBeGreaterThan(5e6);
    expect(disk?.totalBytes).toBeGreaterThan(disk?.usedBytes ?? Number.POSITIVE_INFINITY);
    expect(maintenance.health).toMatchObject({ jobsFailed: 0, databaseUp: true });
  });

  test('that fail twice in a row are in trouble, also for a server that was started again', async () => {
    const maintenance = maintenanceOf();
    await maintenance.round();
    await database.pool.query('alter table recorded_minute rename to hidden_minute');
    await maintenance.round();
    expect(maintenance.health.jobsFailed).toBe(0);
    await maintenance.round();
    const { jobs } = maintenance.state;
    const failed = jobs.filter(({ inTrouble }) => inTrouble);
    expect(failed.map(({ name }) => name)).toEqual(['rollups', 'retention']);
    expect(failed[0]?.error).toMatch(/recorded_minute/);
    // A runner that never ran itself knows of it from the database.
    const job = {
      name: 'rollups',
      everyMs: 1_000,
      run: () => Promise.reject(new Error('none')),
    } as const;
    const again = new JobRunner(job, database.pool, cluster.log, Date.now());
    await again.runIfDue(Date.now(), new AbortController().signal);
    expect(again.state(Date.now()).failures).toBe(3);
    await database.pool.query('alter table hidden_minute rename to recorded_minute');
    await maintenance.round();
    expect(maintenance.health.jobsFailed).toBe(0);
  });

  test('see samples that history did not take, and count them for a day', async () => {
    const store = newRecordStore(database.pool, database.storage, cluster.log);
    const inAWeek: HistorySample = [1, Date.now() + 7 * DAY_MS, 20.5, 0];
    const now: HistorySample = [1, Date.now() - 1_000, 20.5, 0];
    await store.store(spoolRows(randomUUID(), 1, [samplesRecord([now, inAWeek])]));
    const maintenance = maintenanceOf();
    expect(maintenance.health.samplesSetAside).toBeNull();
    await maintenance.round();
    expect(maintenance.health.samplesSetAside).toBe(1);
    await database.pool.query("update sample_quarantine set received = now() - interval '25 h'");
    await maintenance.round();
    expect(maintenance.health.samplesSetAside).toBe(0);
  });

  test('do not keep records waiting behind somebody who reads, as a backup does for hours', async () => {
    const store = newRecordStore(database.pool, database.storage, cluster.log);
    const at = (day: number): HistorySample => [1, Date.now() - day * DAY_MS, 20.5, 0];
    const spool = randomUUID();
    await store.store(spoolRows(spool, 1, [samplesRecord([at(40)])]));
    const reader = new pg.Client({ connectionString: database.url });
    await reader.connect();
    await reader.query('begin; select count(*) from sample');
    const maintenance = maintenanceOf(30);
    const round = maintenance.round();
    await store.store(spoolRows(spool, 2, [samplesRecord([at(0)])]));
    await round;
    expect(maintenance.health.jobsFailed).toBe(0);
    const { rows } = await reader.query('select count(*)::int as samples from sample');
    expect(rows).toEqual([{ samples: 2 }]);
    await reader.query('commit');
    await reader.end();
    await maintenance.round();
    const left = await database.pool.query('select count(*)::int as samples from sample');
    expect(left.rows).toEqual([{ samples: 1 }]);
  });

  test('make the key of a day that is over anew, once', async () => {
    const dayMs = Math.floor(Date.now() / DAY_MS) * DAY_MS - 2 * DAY_MS;
    const store = newRecordStore(database.pool, database.storage, cluster.log);
    await store.store(spoolRows(randomUUID(), 1, [samplesRecord([[1, dayMs, 20.5, 0]])]));
    // Side by side, as they come: each goes to another place of the key.
    for (let part = 0; part < 40; part += 1) {
      await database.pool.query(
        `insert into sample select $1::bigint + $2::integer * 1000 + tag, tag, tag, 0
         from generate_series(100, 1099) tag`,
        [dayMs, part + 1],
      );
    }
    await database.pool.query('analyze sample');
    const { rows: named } = await database.pool.query<{ key: string }>(
      `select i.indexrelid::regclass::text as key from pg_index i
       where i.indisprimary and i.indrelid = (select tableoid from sample limit 1)`,
    );
    const key = named[0]?.key ?? '';
    // A server that was killed in the midst of it leaves an index that nobody uses.
    const table = key.replace('_pkey', '');
    await expect(
      database.pool.query(`create unique index concurrently left_over on ${table} (quality)`),
    ).rejects.toThrow('left_over');
    const bytes = async () =>
      (await database.pool.query(`select pg_relation_size('${key}')::integer as bytes`)).rows[0]?.[
        'bytes'
      ] as number;
    const before = await bytes();
    const maintenance = maintenanceOf();
    await maintenance.round();
    const after = await bytes();
    expect(after).toBeLessThan(before * 0.75);
    expect(maintenance.health.jobsFailed).toBe(0);
    const { rows } = await database.pool.query(
      `select count(*)::integer as samples, to_regclass('left_over') as left from sample`,
    );
    expect(rows).toEqual([{ samples: 40_001, left: null }]);
    const made = () => cluster.log.lines.filter((line) => line.includes(`"key":"${key}"`)).length;
    expect(made()).toBe(1);
    await compactKeys(database.url, Date.now(), cluster.log, new AbortController().signal);
    expect(made()).toBe(1);
  });

  test('that have not run for three times their interval are overdue', () => {
    const job = { name: 'measure', everyMs: 600_000, run: () => Promise.resolve() } as const;
    const startMs = Date.now();
    const runner = new JobRunner(job, database.pool, cluster.log, startMs);
    expect(runner.state(startMs + 1_790_000).inTrouble).toBe(false);
    expect(runner.state(startMs + 1_810_000).inTrouble).toBe(true);
  });
});

describe('backups by the server itself', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mill-scheduled-'));
  const schedule = { folder, everyMs: DAY_MS, kept: 2 };
  const never = new AbortController().signal;
  beforeEach(() => {
    for (const name of readdirSync(folder)) rmSync(join(folder, name));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('are a job of the database, and known as the last backup', async () => {
    const maintenance = maintenanceOf(undefined, schedule);
    await maintenance.round();
    const { jobs, lastBackup, backupAgeH } = maintenance.state;
    expect(jobs.find(({ name }) => name === 'backup')).toMatchObject({ failures: 0, error: null });
    expect(readdirSync(folder)).toEqual([expect.stringMatching(/^scheduled-.*\.backup$/)]);
    expect(lastBackup?.file).toBe(join(folder, readdirSync(folder)[0] ?? ''));
    expect(backupAgeH).toBeLessThan(0.1);
  });

  test('keep the newest of their own and leave other files alone', async () => {
    writeFileSync(join(folder, 'mill-of-another.backup'), 'kept');
    for (const day of [1, 2, 3]) {
      await backUpOnSchedule(database.url, schedule, Date.UTC(2026, 10, day), never);
    }
    expect(readdirSync(folder).sort()).toEqual([
      'mill-of-another.backup',
      'scheduled-2026-11-02T000000.backup',
      'scheduled-2026-11-03T000000.backup',
    ]);
  });

  test('remove what a server left that was killed in the midst of one, but none being written', async () => {
    const left = (name: string, hours: number) => {
      const path = join(folder, `scheduled-${name}.backup.unfinished`);
      writeFileSync(path, 'half');
      const at = Date.now() / 1_000 - hours * 3_600;
      utimesSync(path, at, at);
    };
    left('killed', 3);
    left('written', 0);
    await backUpOnSchedule(database.url, schedule, Date.now(), never);
    expect(readdirSync(folder).filter((name) => name.endsWith('.unfinished'))).toEqual([
      'scheduled-written.backup.unfinished',
    ]);
  });

  test('that are ended, or cannot be written, leave nothing and say why', async () => {
    const ended = new AbortController();
    const made = backUpOnSchedule(database.url, schedule, Date.now(), ended.signal);
    ended.abort();
    await expect(made).rejects.toThrow(/no backup was made/);
    expect(readdirSync(folder)).toEqual([]);
    writeFileSync(join(folder, 'file'), '');
    const within = { ...schedule, folder: join(folder, 'file') };
    const maintenance = maintenanceOf(undefined, within);
    await maintenance.round();
    await maintenance.round();
    expect(maintenance.health.jobsFailed).toBe(1);
  });
});

describe('what the controller is told of the database', () => {
  const well: ServerHealth = {
    databaseUp: true,
    jobsFailed: 0,
    diskUsedPct: 50,
    diskDaysLeft: null,
    backupAgeH: 3,
    samplesSetAside: 0,
  };

  async function alarmsAfter(health: ServerHealth): Promise<string[]> {
    const mill = await VirtualMill.start();
    mill.controller.hearServer(well);
    await mill.runFor(5_000);
    // Told every few seconds, as the server does.
    for (let told = 0; told < 9; told += 1) {
      mill.controller.hearServer(health);
      await mill.runFor(10_000);
    }
    const ids = mill.controller.alarms
      .filter(({ alarmId, state }) => alarmId.startsWith('DB.') && state.includes('Active'))
      .map(({ alarmId }) => alarmId);
    await mill.stop();
    return ids;
  }

  test.each([
    ['nothing wrong', {}, []],
    ['a database that is down', { databaseUp: false }, ['DB.Down']],
    ['a job that failed', { jobsFailed: 1 }, ['DB.JobFailed']],
    ['a disk that is full in 9 days', { diskDaysLeft: 9 }, ['DB.DiskFilling']],
    ['a disk that is nearly full', { diskUsedPct: 93 }, ['DB.DiskFull']],
    ['samples that history did not take', { samplesSetAside: 2 }, ['DB.SampleSetAside']],
    ['a backup of nine days ago', { backupAgeH: 220 }, ['DB.BackupOld']],
  ] as const)('of %s raises its alarm and no other', async (_, change, alarms) => {
    expect(await alarmsAfter({ ...well, ...change })).toEqual(alarms);
  });

  test('is not believed when no server has told it for a minute', async () => {
    const mill = await VirtualMill.start();
    mill.controller.hearServer(well);
    await mill.runFor(30_000);
    expect(mill.controller.value('DB.DiskUsedPct')).toMatchObject({ quality: 'good', value: 50 });
    await mill.runFor(40_000);
    expect(mill.controller.value('DB.DiskUsedPct')).toMatchObject({
      quality: 'bad',
      lastValue: 50,
    });
    expect(mill.controller.value('DB.Online').quality).toBe('bad');
    await mill.stop();
  });

  test('has its words in both languages, with what to do', () => {
    const own = pilot.alarms.filter(({ id }) => /^DB\.|^PLC\.(Spool|Records)/.test(id));
    expect(own).toHaveLength(8);
    for (const { text, cause, consequence, action } of own) {
      for (const words of [text, cause, consequence, action]) {
        expect(words.vi).not.toBe(words.en);
        expect(words.vi.length * words.en.length).toBeGreaterThan(0);
      }
    }
  });
});
