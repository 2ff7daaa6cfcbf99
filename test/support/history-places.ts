import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { pilot } from '../../plc/mill/mills/pilot.ts';
import type { HistorySample } from '../../plc/model/record.ts';
import type { HistoryStorage } from '../../server/db/migrate.ts';
import { migrate } from '../../server/db/migrate.ts';
import type { SqlDatabase } from '../../server/db/pool-handle.ts';
import { PoolHandle } from '../../server/db/pool-handle.ts';
import { rollUpDue } from '../../server/historian/rollup.ts';
import { rollUpHoursDue } from '../../server/historian/rollup-wide.ts';
import { storeTags } from '../../server/historian/tag-ids.ts';
import { writeMinutes } from '../../server/historian/write-samples.ts';
import { KeptLog, TestCluster } from './database.ts';
import { newRecordStore } from './record-store.ts';
import { samplesRecord, spoolRows } from './records.ts';
import { WasmTimescale } from './timescale/wasm-timescale.ts';

/** Where history is kept in a test: PostgreSQL alone, or TimescaleDB. Tags are the pilot mill's. */
export interface HistoryPlace {
  readonly storage: HistoryStorage;
  readonly db: SqlDatabase;
  start(): Promise<unknown>;
  /** All tables empty. */
  empty(): Promise<void>;
  keep(samples: readonly HistorySample[]): Promise<void>;
  stop(): Promise<void>;
}

/** A real server: samples go the way of the mill's own, by COPY. */
class ServerPlace implements HistoryPlace {
  readonly storage: HistoryStorage;
  readonly log = new KeptLog();
  readonly #begin: () => Promise<PoolHandle>;
  readonly #end: () => Promise<void>;
  #db: PoolHandle | null = null;

  constructor(
    storage: HistoryStorage,
    begin: (log: KeptLog) => Promise<PoolHandle>,
    end: () => Promise<void>,
  ) {
    this.storage = storage;
    this.#begin = () => begin(this.log);
    this.#end = end;
  }

  get db(): PoolHandle {
    if (this.#db === null) throw new Error('the test has not emptied its database');
    return this.#db;
  }

  async start(): Promise<void> {}

  /** A database of its own for each test. */
  async empty(): Promise<void> {
    this.#db = await this.#begin();
  }

  async keep(samples: readonly HistorySample[]): Promise<void> {
    const store = newRecordStore(this.db, this.storage, this.log);
    await store.store(spoolRows(randomUUID(), 1, [samplesRecord(samples)]));
  }

  stop(): Promise<void> {
    return this.#end();
  }
}

/** TimescaleDB in WebAssembly: samples by insert, since COPY over its socket ends it. */
class WasmPlace implements HistoryPlace {
  readonly storage = 'timescale';
  readonly db = new WasmTimescale();
  #tagIds: Int32Array = new Int32Array();

  start(): Promise<unknown> {
    return this.db.start();
  }

  async empty(): Promise<void> {
    await this.db.script('truncate sample, sample_1m, recorded_minute');
    await refresh(this.db);
    this.#tagIds = await storeTags(this.db, pilot.tags);
  }

  async keep(samples: readonly HistorySample[]): Promise<void> {
    await this.db.transaction(async (client) => {
      await client.query(
        `insert into sample (time, tag_id, value, quality)
         select ms, tag_id, value, quality
         from unnest($1::bigint[], $2::integer[], $3::float8[], $4::smallint[])
           as t(ms, tag_id, value, quality)
         on conflict (tag_id, time) do update
           set value = excluded.value, quality = excluded.quality`,
        [
          samples.map(([, timeMs]) => timeMs),
          samples.map(([tag]) => this.#tagIds[tag]),
          samples.map(([, , value]) => value),
          samples.map(([, , , quality]) => quality),
        ],
      );
      await writeMinutes(client, samples, this.#tagIds.length);
    });
  }

  stop(): Promise<void> {
    return this.db.stop();
  }
}

async function refresh(db: SqlDatabase): Promise<void> {
  for (const view of ['sample_1h', 'sample_1d']) {
    await db.query(`call refresh_continuous_aggregate('${view}', null, null)`);
  }
}

/** All rollups that are due, as the care of the database would make them in time. */
export async function rollUpAll({
  db,
  storage,
}: Pick<HistoryPlace, 'db' | 'storage'>): Promise<void> {
  while ((await rollUpDue(db, storage)) > 0);
  if (storage === 'timescale') await refresh(db);
  else while ((await rollUpHoursDue(db, Date.now() + 3_600_000)) > 0);
}

/** PostgreSQL as it comes with this system. */
export function plainPlace(): HistoryPlace {
  const cluster = new TestCluster();
  let started: Promise<unknown> | null = null;
  return new ServerPlace(
    'plain',
    async () => {
      started ??= cluster.start();
      await started;
      return (await cluster.database()).pool;
    },
    () => cluster.stop(),
  );
}

/** The TimescaleDB of `TEST_TIMESCALE_URL`, which may make databases; else one in WebAssembly. */
export function timescalePlace(): HistoryPlace {
  const url = process.env['TEST_TIMESCALE_URL'];
  if (url === undefined || url === '') return new WasmPlace();
  const pools: PoolHandle[] = [];
  return new ServerPlace(
    'timescale',
    async (log) => {
      const name = `history_test_${randomUUID().replaceAll('-', '')}`;
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      await client.query(`create database ${name}`);
      await client.end();
      const own = new URL(url);
      own.pathname = `/${name}`;
      const storage = await migrate(own.href, log);
      if (storage !== 'timescale') throw new Error('TEST_TIMESCALE_URL offers no TimescaleDB');
      const pool = new PoolHandle({ connectionsMax: 4, statementTimeoutMs: 30_000 }, (error) =>
        log.warn('connection lost', { error }),
      );
      pool.open(own.href);
      pools.push(pool);
      return pool;
    },
    async () => {
      await Promise.all(pools.map((pool) => pool.close()));
    },
  );
}
