import { setTimeout as pause } from 'node:timers/promises';
import type { Log } from '../log.ts';
import { BackOff } from './back-off.ts';
import { EmbeddedPostgres } from './embedded/embedded-postgres.ts';
import type { HistoryStorage } from './migrate.ts';
import { migrate, migrationIsDue } from './migrate.ts';
import { PoolHandle } from './pool-handle.ts';

export interface DatabaseOptions {
  /** A PostgreSQL of one's own; null: the one that comes with this system, under `dataDir`. */
  readonly databaseUrl: string | null;
  readonly dataDir: string;
  readonly log: Log;
  /** Called before tables with content are changed; what it throws keeps them as they are. */
  readonly beforeMigration?: (databaseUrl: string) => Promise<void>;
}

const WATCH_MS = 1_000;

/**
 * The database as the server sees it. `start` returns at once and keeps trying for ever: the server
 * runs without it, only poorer. Each kind of work has connections of its own, so that a slow report
 * never keeps the mill's records or a sign-in waiting.
 */
export class Database {
  /** Records and history from the controller; care of the tables. */
  readonly records: PoolHandle;
  /** What people wait for: sessions, audit, orders, alarms. */
  readonly people: PoolHandle;
  /** Reports, which may take long. */
  readonly reports: PoolHandle;
  /** History of tags: trends are asked for often, and an impossible question must end soon. */
  readonly history: PoolHandle;
  readonly #options: DatabaseOptions;
  readonly #embedded: EmbeddedPostgres | null;
  readonly #listeners = new Set<(up: boolean) => void>();
  #url: string | null = null;
  #storage: HistoryStorage | null = null;
  #up = false;
  #fault: string | null = null;
  #running: Promise<void> | null = null;
  #stop = new AbortController();

  constructor(options: DatabaseOptions) {
    this.#options = options;
    const lost = (error: Error) => options.log.warn('database connection lost', { error });
    this.records = new PoolHandle({ connectionsMax: 4, statementTimeoutMs: 120_000 }, lost);
    this.people = new PoolHandle({ connectionsMax: 10, statementTimeoutMs: 10_000 }, lost);
    this.reports = new PoolHandle({ connectionsMax: 4, statementTimeoutMs: 30_000 }, lost);
    this.history = new PoolHandle({ connectionsMax: 4, statementTimeoutMs: 15_000 }, lost);
    this.#embedded =
      options.databaseUrl === null ? new EmbeddedPostgres(options.dataDir, options.log) : null;
  }

  /** Whether it answered when it was last asked (every second). */
  get up(): boolean {
    return this.#up;
  }

  /** Why it is not up, in words for the engineer; null while it is. */
  get fault(): string | null {
    return this.#fault;
  }

  /** How history is stored; null before the first time it was up. */
  get storage(): HistoryStorage | null {
    return this.#storage;
  }

  /** Its address; null before it was found. */
  get url(): string | null {
    return this.#url;
  }

  /** Folder of the embedded cluster; null for a database of one's own, and before it runs. */
  get folder(): string | null {
    return this.#embedded?.directory ?? null;
  }

  /** Calls back now and at every change; gives the function that ends it. */
  onChange(listener: (up: boolean) => void): () => void {
    this.#listeners.add(listener);
    listener(this.#up);
    return () => this.#listeners.delete(listener);
  }

  /** Begins to bring it up and to watch it. */
  start(): void {
    if (this.#running !== null) return;
    this.#stop = new AbortController();
    this.#running = this.#run(this.#stop.signal);
  }

  /** Ends all connections, and the embedded database. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
    this.#running = null;
    this.#set(false, 'stopped');
    await Promise.all(this.#pools.map((pool) => pool.close()));
    await this.#embedded?.stop();
  }

  get #pools(): readonly PoolHandle[] {
    return [this.records, this.people, this.reports, this.history];
  }

  async #run(signal: AbortSignal): Promise<void> {
    const backOff = new BackOff(250, 10_000);
    while (!signal.aborted) {
      let waitMs = WATCH_MS;
      try {
        await this.#check();
        this.#set(true, null);
        backOff.reset();
      } catch (error) {
        waitMs = backOff.nextMs();
        this.#set(false, error instanceof Error ? error.message : String(error), error);
      }
      await pause(waitMs, undefined, { signal }).catch(endedByStop);
    }
  }

  /** Does what is still missing until queries are answered. */
  async #check(): Promise<void> {
    this.#url ??= this.#options.databaseUrl ?? (await this.#embedded?.start()) ?? null;
    const url = this.#url;
    if (url === null) throw new Error('There is no database address');
    if (this.#storage === null) {
      if (await migrationIsDue(url)) await this.#options.beforeMigration?.(url);
      this.#storage = await migrate(url, this.#options.log);
      for (const pool of this.#pools) pool.open(url);
    }
    await this.records.ping();
  }

  #set(up: boolean, fault: string | null, error?: unknown): void {
    const changed = up !== this.#up;
    if (fault !== null && fault !== this.#fault && error !== undefined) {
      this.#options.log.error(`database cannot be used: ${fault}`, { error });
    }
    if (changed && up) this.#options.log.info('database is up', { storage: this.#storage });
    this.#up = up;
    this.#fault = fault;
    if (changed) for (const listener of this.#listeners) listener(up);
  }
}

function endedByStop(error: unknown): void {
  if (!(error instanceof Error && error.name === 'AbortError')) throw error;
}
