import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { QueryResultRow } from 'pg';
import type { Sql, SqlDatabase } from '../../../server/db/pool-handle.ts';

/** `values` null: several statements in one text, without answer. */
export interface Ask {
  readonly id: number;
  readonly sql: string;
  readonly values: unknown[] | null;
}

interface Answer {
  readonly id: number;
  readonly rows: readonly unknown[];
  readonly fault: string | null;
}

type Waiting = (answer: Answer) => void;

const DB_FOLDER = new URL('../../../server/db/', import.meta.url);
const PROCESS = fileURLToPath(new URL('postgres-process.ts', import.meta.url));

/**
 * TimescaleDB without a server: the tests of its SQL run against it where no real one is given. It
 * is one connection, so transactions take turns, and has no background workers: jobs run only when
 * they are called.
 */
export class WasmTimescale implements SqlDatabase {
  readonly #waiting = new Map<number, Waiting>();
  #process: ChildProcess | null = null;
  #asked = 0;
  /** Ends when the transaction before has ended. */
  #turn: Promise<unknown> = Promise.resolve();

  /** Starts it and makes all tables. */
  async start(): Promise<this> {
    const child = fork(PROCESS, { serialization: 'advanced' });
    this.#process = child;
    child.on('message', (answer: Answer) => {
      this.#waiting.get(answer.id)?.(answer);
      this.#waiting.delete(answer.id);
    });
    child.on('exit', (code) => this.#lose(`the database process ended with ${code}`));
    await new Promise<Answer>((done) => this.#waiting.set(0, done));
    await this.script('create extension timescaledb');
    for (const folder of ['migrations', 'history-timescale']) await this.#migrate(folder);
    return this;
  }

  async stop(): Promise<void> {
    const child = this.#process;
    this.#process = null;
    if (child === null || child.exitCode !== null) return;
    const ended = once(child, 'exit');
    child.disconnect();
    await ended;
  }

  async query<R extends QueryResultRow>(sql: string, values: unknown[] = []) {
    return { rows: (await this.#ask(sql, values)) as R[] };
  }

  /** Several statements in one text. */
  async script(sql: string): Promise<void> {
    await this.#ask(sql, null);
  }

  transaction<T>(work: (client: Sql) => Promise<T>): Promise<T> {
    const run = async () => {
      await this.script('begin');
      try {
        const result = await work(this);
        await this.script('commit');
        return result;
      } catch (error) {
        await this.script('rollback');
        throw error;
      }
    };
    const result = this.#turn.then(run);
    this.#turn = result.catch(() => null);
    return result;
  }

  /** Each file in a transaction of its own, in the order of their names, as the server does it. */
  async #migrate(folder: string): Promise<void> {
    const url = new URL(`${folder}/`, DB_FOLDER);
    const files = (await readdir(url)).filter((name) => name.endsWith('.sql')).sort();
    for (const file of files) {
      const sql = await readFile(new URL(file, url), 'utf8');
      await this.script(`begin; ${sql}; commit;`);
    }
  }

  async #ask(sql: string, values: unknown[] | null): Promise<readonly unknown[]> {
    const child = this.#process;
    if (child === null) throw new Error('the database process does not run');
    this.#asked += 1;
    const id = this.#asked;
    const answer = new Promise<Answer>((done) => this.#waiting.set(id, done));
    child.send({ id, sql, values } satisfies Ask);
    const { rows, fault } = await answer;
    if (fault !== null) throw new Error(fault);
    return rows;
  }

  #lose(fault: string): void {
    for (const [id, done] of this.#waiting) done({ id, rows: [], fault });
    this.#waiting.clear();
  }
}
