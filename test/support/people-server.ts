import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LinkCommand } from '../../plc/link/contract.ts';
import { pilot } from '../../plc/mill/mills/pilot.ts';
import type { CommandResult } from '../../plc/model/command.ts';
import { loadRecipes } from '../../recipes/load.ts';
import type { Role } from '../../server/contract/rest.ts';
import { EmbeddedPostgres } from '../../server/db/embedded/embedded-postgres.ts';
import { migrate } from '../../server/db/migrate.ts';
import { PoolHandle } from '../../server/db/pool-handle.ts';
import type { Log } from '../../server/log.ts';
import { Maintenance } from '../../server/maintenance/maintenance.ts';
import { PeopleServer } from '../../server/people-server.ts';
import { readersOf } from '../../server/readers.ts';
import { recordParts } from '../../server/record-parts.ts';
import { RecordChain } from '../../server/records/chain/record-chain.ts';
import { TEST_SIGNER } from './record-store.ts';

/** The controller's end of the link: keeps what it was told and answers as the test wants. */
export class ToldController {
  readonly told: LinkCommand[] = [];
  answer: (command: LinkCommand) => CommandResult | Promise<CommandResult> = () => ({
    accepted: true,
  });

  async command(command: LinkCommand): Promise<CommandResult> {
    this.told.push(command);
    return this.answer(command);
  }
}

const SILENT: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** An answer of the REST interface. */
export interface RestAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  json<T = Record<string, unknown>>(): T;
}

/** The people's side of the server on a port of its own, with a real PostgreSQL of its own. */
export class PeopleServerHouse {
  readonly dataDir = mkdtempSync(join(tmpdir(), 'mill-people-'));
  readonly controller = new ToldController();
  readonly pool = new PoolHandle(
    { connectionsMax: 5, statementTimeoutMs: 10_000 },
    () => undefined,
  );
  readonly #postgres = new EmbeddedPostgres(this.dataDir, SILENT);
  #databaseUrl = '';
  readonly password = 'trời nắng đẹp 2026';
  server!: PeopleServer;
  url = '';
  admin = '';

  /**
   * Starts all and makes a user of each role, whose name is the role's and whose password is
   * `password`.
   */
  static async open(roles: readonly Role[] = []): Promise<PeopleServerHouse> {
    const house = new PeopleServerHouse();
    house.#databaseUrl = await house.#postgres.start();
    await migrate(house.#databaseUrl, SILENT);
    house.databaseBack();
    await house.startServer();
    house.admin = await house.takeOver('admin', (await house.server.users.createFirst()) ?? '');
    for (const role of roles) await house.addUser(role, role);
    return house;
  }

  /** From now on the server has no database, as while one is being restarted. */
  async databaseAway(): Promise<void> {
    await this.pool.close();
  }

  databaseBack(): void {
    this.pool.open(this.#databaseUrl);
  }

  async startServer(): Promise<void> {
    const recipes = await loadRecipes();
    const maintenance = new Maintenance({
      database: { records: this.pool, people: this.pool, storage: 'plain', up: true, url: null },
      log: SILENT,
      disk: { folder: () => this.dataDir, totalBytes: null },
    });
    this.server = new PeopleServer({
      mill: pilot,
      recipes,
      dataDir: this.dataDir,
      hmiFolder: join(this.dataDir, 'hmi'),
      version: '0.0.0',
      database: this.pool,
      readers: readersOf(
        { people: this.pool, reports: this.pool, history: this.pool, storage: 'plain' },
        pilot,
      ),
      records: recordParts({
        reports: this.pool,
        people: this.pool,
        mill: pilot,
        recipes,
        chain: new RecordChain(pilot, TEST_SIGNER),
        signer: TEST_SIGNER,
      }),
      link: this.controller,
      storage: () => ({ ...maintenance.state, databaseUp: true, fault: null }),
      readiness: () => ({ controller: true, database: true, detail: '' }),
      rows: { stored: () => 0, quarantined: () => 0, setAside: () => 0 },
      log: SILENT,
    });
    this.url = `http://127.0.0.1:${await this.server.start(0, '127.0.0.1')}`;
  }

  /** Adds a user as the administrator does, with the one-time password already changed. */
  async addUser(user: string, role: Role): Promise<void> {
    const body = { user, name: `Người ${role}`, role };
    const made = await this.call('POST', '/api/users', { cookie: this.admin, body });
    await this.takeOver(user, made.json<{ oneTimePassword: string }>().oneTimePassword);
  }

  /** Signs in with the one-time password, changes it to `password`, and returns the cookie. */
  async takeOver(user: string, oneTimePassword: string): Promise<string> {
    const cookie = await this.signIn(user, oneTimePassword);
    const body = { current: oneTimePassword, next: this.password };
    const changed = await this.call('POST', '/api/session/password', { cookie, body });
    if (changed.status !== 204) throw new Error(`password change: ${changed.text}`);
    return cookie;
  }

  /** The cookie of a new session. */
  async signIn(user: string, password = this.password): Promise<string> {
    const answer = await this.call('POST', '/api/session', { body: { user, password } });
    if (answer.status !== 200) throw new Error(`sign-in of ${user}: ${answer.text}`);
    return answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  }

  async call(
    method: string,
    path: string,
    with_: { cookie?: string; body?: unknown; headers?: Record<string, string> } = {},
  ): Promise<RestAnswer> {
    const { cookie, body, headers } = with_;
    const answer = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        ...(cookie === undefined ? {} : { cookie }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return {
      status: answer.status,
      headers: answer.headers,
      text,
      json: <T>() => JSON.parse(text) as T,
    };
  }

  async close(): Promise<void> {
    await this.server.stop();
    await this.pool.close();
    await this.#postgres.stop();
    rmSync(this.dataDir, { recursive: true, force: true, maxRetries: 5 });
  }
}
