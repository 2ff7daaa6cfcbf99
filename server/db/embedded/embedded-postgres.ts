import { existsSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { Log } from '../../log.ts';
import { BackOff } from '../back-off.ts';
import { databaseAccount } from './account.ts';
import { findBinaries } from './binaries.ts';
import { clusterPlace } from './place.ts';
import type { ClusterSetup } from './postmaster.ts';
import {
  clusterVersion,
  createCluster,
  spawnPostmaster,
  startMessages,
  stopPostmaster,
} from './postmaster.ts';
import { isAlive, runningPostmaster } from './postmaster-file.ts';
import { clusterPassword, freePort, readClusterFile, writeClusterFile } from './settings.ts';

const MAJOR_VERSION = '18';
const WATCH_MS = 250;
/** Replaying the log after a crash takes its time; it says so while it does. */
const START_WITHIN_MS = 300_000;
const DATABASE = 'mill';

/**
 * The PostgreSQL that comes with this system, for an installation without a `DATABASE_URL`: created
 * under `<dataDir>/pg` at the first start, kept running, and stopped with the server. One that
 * outlived a killed server is taken over; one that dies is started again.
 */
export class EmbeddedPostgres {
  readonly #dataDir: string;
  readonly #log: Log;
  #setup: ClusterSetup | null = null;
  #port = 0;
  #pid = 0;
  #stopping = false;
  #takenOver = false;
  #watch: Promise<void> | null = null;

  constructor(dataDir: string, log: Log) {
    this.#dataDir = dataDir;
    this.#log = log;
  }

  /** Process number of the running PostgreSQL. */
  get pid(): number {
    return this.#pid;
  }

  /**
   * Brings it up and gives its address. May be called again after `stop`.
   * @throws {Error} when it cannot run on this machine; the message says what the engineer can do.
   */
  async start(): Promise<string> {
    if (this.#watch !== null) return this.#url(DATABASE);
    this.#stopping = false;
    this.#setup ??= this.#prepare();
    const setup = this.#setup;
    if (!existsSync(setup.directory)) {
      this.#log.info('creating the database (first start, some seconds)');
      await createCluster(setup);
    }
    const version = clusterVersion(setup.directory);
    if (version !== MAJOR_VERSION) {
      throw new Error(
        `${setup.directory} was made by PostgreSQL ${version}, this is ${MAJOR_VERSION}: ` +
          'dump it with the older version and restore it, or set another DATA_DIR',
      );
    }
    if (runningPostmaster(setup.directory) === null) this.#port = await freePort(this.#port);
    await this.#bringUp(setup);
    await this.#ensureDatabase();
    this.#watch = this.#keepUp(setup);
    return this.#url(DATABASE);
  }

  /** Whether PostgreSQL ran already when it was asked for: it is another one's to stop. */
  get takenOver(): boolean {
    return this.#takenOver;
  }

  /** Where the cluster is; null before the first start. */
  get directory(): string | null {
    return this.#setup?.directory ?? null;
  }

  /** Lets go of PostgreSQL and leaves it running. */
  async leave(): Promise<void> {
    this.#stopping = true;
    await this.#watch;
    this.#watch = null;
  }

  /** Stops PostgreSQL in order. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#watch;
    this.#watch = null;
    if (this.#setup === null || runningPostmaster(this.#setup.directory) === null) return;
    await stopPostmaster(this.#setup);
    this.#log.info('database stopped');
  }

  #prepare(): ClusterSetup {
    const account = databaseAccount();
    const place = clusterPlace(this.#dataDir, account);
    const known = readClusterFile(this.#dataDir);
    const directory =
      known !== null && existsSync(known.directory) ? known.directory : place.directory;
    this.#port = known?.port ?? 0;
    if (place.remark !== null) this.#log.info(place.remark);
    const binaries = findBinaries(account);
    return { binaries, account, directory, password: clusterPassword(this.#dataDir) };
  }

  /** Takes over the one that runs, or starts one; returns when it answers. */
  async #bringUp(setup: ClusterSetup): Promise<void> {
    const left = runningPostmaster(setup.directory);
    this.#takenOver = left?.port != null;
    if (left?.port != null) {
      this.#port = left.port;
      this.#pid = left.pid;
      await this.#answers(() => isAlive(left.pid), setup);
      this.#log.info('database taken over from an earlier start', { pid: left.pid });
    } else {
      const child = spawnPostmaster(setup, this.#port);
      child.on('error', (error) => this.#log.error('database program failed', { error }));
      child.unref();
      this.#pid = child.pid ?? 0;
      await this.#answers(() => child.exitCode === null && child.signalCode === null, setup);
      this.#log.info('database runs', { port: this.#port, pid: this.#pid });
    }
    writeClusterFile(this.#dataDir, { directory: setup.directory, port: this.#port });
  }

  async #answers(lives: () => boolean, setup: ClusterSetup): Promise<void> {
    const untilMs = Date.now() + START_WITHIN_MS;
    while (lives() && this.#pid !== 0 && !this.#stopping) {
      if (await this.#isUp(setup)) return;
      if (Date.now() > untilMs) break;
      await pause(100);
    }
    throw new Error(`The database did not start: ${startMessages(setup.directory)}`);
  }

  /** Whether what answers on the port is this cluster. */
  async #isUp(setup: ClusterSetup): Promise<boolean> {
    const client = this.#client('postgres');
    try {
      await client.connect();
      const { rows } = await client.query<{ data_directory: string }>('show data_directory');
      return rows[0]?.data_directory === setup.directory;
    } catch (error) {
      // 28P01: the password that was given is not the cluster's; waiting would not mend that.
      if (error instanceof Error && 'code' in error && error.code === '28P01') throw error;
      return false;
    } finally {
      await client.end();
    }
  }

  async #ensureDatabase(): Promise<void> {
    const client = this.#client('postgres');
    await client.connect();
    try {
      const found = await client.query('select 1 from pg_database where datname = $1', [DATABASE]);
      if (found.rowCount === 0) await client.query(`create database ${DATABASE}`);
    } finally {
      await client.end();
    }
  }

  /** Starts it again whenever it is gone, always on the same port, so that the pools find it. */
  async #keepUp(setup: ClusterSetup): Promise<void> {
    const backOff = new BackOff(200, 10_000);
    while (!this.#stopping) {
      await pause(WATCH_MS);
      if (this.#stopping || isAlive(this.#pid)) continue;
      this.#log.error('database is gone, starting it again', { pid: this.#pid });
      try {
        await this.#bringUp(setup);
        backOff.reset();
      } catch (error) {
        this.#log.error('database could not be started again', { error });
        await pause(backOff.nextMs());
      }
    }
  }

  #url(database: string): string {
    const password = encodeURIComponent(this.#setup?.password ?? '');
    return `postgres://postgres:${password}@127.0.0.1:${this.#port}/${database}`;
  }

  #client(database: string): pg.Client {
    const client = new pg.Client({
      connectionString: this.#url(database),
      connectionTimeoutMillis: 2_000,
    });
    // A server that goes away while we ask is answered by the rejected query; the event says
    // nothing more.
    client.on('error', (error) => this.#log.warn('database connection lost', { error }));
    return client;
  }
}
