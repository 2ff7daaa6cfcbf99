import pg from 'pg';
import { BackupError } from './manifest.ts';

/** Databases of which one is there wherever PostgreSQL is, to work on others from. */
const BESIDE = ['postgres', 'template1'] as const;

/** The address of another database of the same server. */
export function urlOf(databaseUrl: string, database: string): string {
  const url = new URL(databaseUrl);
  url.pathname = `/${encodeURIComponent(database)}`;
  return url.href;
}

const nameOf = (databaseUrl: string) => decodeURIComponent(new URL(databaseUrl).pathname.slice(1));

/** A connection to the same server, but not to the database that is to be replaced. */
export async function connectBeside(databaseUrl: string): Promise<pg.Client> {
  let fault: unknown;
  for (const database of BESIDE) {
    const client = new pg.Client({ connectionString: urlOf(databaseUrl, database) });
    client.on('error', () => {});
    try {
      await client.connect();
      return client;
    } catch (error) {
      fault = error;
    }
  }
  throw new BackupError('the PostgreSQL server cannot be reached', fault);
}

/** Gives a new database the name of the one in use, in one transaction. */
export class DatabaseSwap {
  readonly #client: pg.Client;
  readonly #url: string;
  readonly #name: string;
  readonly #fresh: string;
  readonly #kept: string;
  #created = false;

  constructor(client: pg.Client, databaseUrl: string, nowMs: number) {
    const stamp = new Date(nowMs).toISOString().slice(0, 19).replaceAll(/[-:T]/g, '');
    this.#client = client;
    this.#url = databaseUrl;
    this.#name = nameOf(databaseUrl);
    this.#fresh = `${this.#name}_new_${stamp}`;
    this.#kept = `${this.#name}_before_${stamp}`;
  }

  /** @throws {BackupError} while others are connected: the server must be stopped first. */
  async refuseWhileInUse(): Promise<void> {
    const { rows } = await this.#client.query<{ n: number }>(
      'select count(*)::int as n from pg_stat_activity where datname = $1',
      [this.#name],
    );
    const n = rows[0]?.n ?? 0;
    if (n === 0) return;
    throw new BackupError(
      `database ${this.#name} is in use by ${n} connections: stop the server, then restore. ` +
        'The mill may run on meanwhile, the controller keeps its records',
    );
  }

  /** Makes the new database; gives its address. */
  async create(): Promise<string> {
    try {
      await this.#client.query(`create database ${pg.escapeIdentifier(this.#fresh)}`);
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error);
      throw new BackupError(`a new database cannot be made: ${words}`, error);
    }
    this.#created = true;
    return urlOf(this.#url, this.#fresh);
  }

  /** Gives the name under which the old one is kept; null where there was none. */
  async swap(): Promise<string | null> {
    await this.refuseWhileInUse();
    const [name, fresh, kept] = [this.#name, this.#fresh, this.#kept].map((one) =>
      pg.escapeIdentifier(one),
    );
    const found = await this.#client.query('select 1 from pg_database where datname = $1', [
      this.#name,
    ]);
    await this.#client.query('begin');
    try {
      if (found.rowCount !== 0) {
        await this.#client.query(`alter database ${name} rename to ${kept}`);
      }
      await this.#client.query(`alter database ${fresh} rename to ${name}`);
      await this.#client.query('commit');
    } catch (error) {
      await this.#client.query('rollback');
      throw error;
    }
    this.#created = false;
    return found.rowCount === 0 ? null : this.#kept;
  }

  /** Takes away what was begun. */
  async giveUp(): Promise<void> {
    if (!this.#created) return;
    this.#created = false;
    await this.#client
      .query(`drop database if exists ${pg.escapeIdentifier(this.#fresh)} with (force)`)
      .catch(() => {});
  }
}

const KEPT = /_before_\d{14}$/;

/** Databases that earlier restores have put aside. */
export async function keptDatabases(databaseUrl: string): Promise<string[]> {
  const client = await connectBeside(databaseUrl);
  try {
    const { rows } = await client.query<{ name: string }>(
      'select datname as name from pg_database where starts_with(datname, $1) order by 1',
      [`${nameOf(databaseUrl)}_before_`],
    );
    return rows.map(({ name }) => name).filter((name) => KEPT.test(name));
  } finally {
    await client.end();
  }
}

/** Takes one of them away. @throws {BackupError} for any other database. */
export async function dropKept(databaseUrl: string, name: string): Promise<void> {
  if (!(await keptDatabases(databaseUrl)).includes(name)) {
    throw new BackupError(`no restore has put aside a database ${name}`);
  }
  const client = await connectBeside(databaseUrl);
  try {
    await client.query(`drop database ${pg.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
}
