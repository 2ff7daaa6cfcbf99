import { fileURLToPath } from 'node:url';
import type { Mill } from '../plc/mill/definition.ts';
import type { Recipes } from '../recipes/parse.ts';
import type { Readiness } from './api/routes/system.ts';
import type { Config } from './config/config.ts';
import { Database } from './db/database.ts';
import type { LinkStatus } from './link/link-client.ts';
import { LinkClient } from './link/link-client.ts';
import { linkKey } from './link/link-key.ts';
import type { Log } from './log.ts';
import { backUpBeforeUpdate } from './maintenance/backup/before-update.ts';
import { programVersion } from './maintenance/backup/command.ts';
import { Maintenance } from './maintenance/maintenance.ts';
import { WHEN_FULL_DEFAULT } from './maintenance/retention.ts';
import { PeopleServer } from './people-server.ts';
import { readersOf } from './readers.ts';
import { recordParts } from './record-parts.ts';
import { RecordChain } from './records/chain/record-chain.ts';
import { recordSigner } from './records/chain/record-key.ts';
import { RecordStore } from './records/record-store.ts';

const HMI_FOLDER = fileURLToPath(new URL('../hmi/dist', import.meta.url));
const FIRST_USER_RETRY_MS = 1_000;
/** How often the controller is told how the database is; it believes that for a minute. */
const HEALTH_MS = 10_000;

function maintenanceOf(config: Config, database: Database, log: Log): Maintenance {
  const { keepDays, whenDiskFull, diskFreePctMin, databaseDiskBytes, backup } = config;
  return new Maintenance({
    database,
    log,
    disk: { folder: () => database.folder, totalBytes: databaseDiskBytes },
    retention: keepDays,
    whenFull: { ...WHEN_FULL_DEFAULT, drop: whenDiskFull, freePctMin: diskFreePctMin },
    backup,
  });
}

/**
 * The server process: database, link to the controller, and the people's side, joined. Each of the
 * three runs without the others and says so. `ready <address>` is announced once, when the mill
 * can first be operated.
 */
export class MillServer {
  readonly #config: Config;
  readonly #log: Log;
  readonly #announce: (line: string) => void;
  readonly #database: Database;
  readonly #care: Maintenance;
  readonly #link: LinkClient;
  readonly #people: PeopleServer;
  readonly #stops: (() => void)[] = [];
  #firstUser: NodeJS.Timeout | null = null;
  #tell: NodeJS.Timeout | null = null;
  #address = '';
  #wasReady = false;
  #hasUser = false;

  /** `announce` prints a line for whoever started it, whatever the log level. */
  constructor(
    config: Config,
    mill: Mill,
    recipes: Recipes,
    log: Log,
    announce: (line: string) => void,
  ) {
    this.#config = config;
    this.#log = log;
    this.#announce = announce;
    const { dataDir } = config;
    const databaseUrl = config.databaseUrl === '' ? null : config.databaseUrl;
    const database = new Database({
      ...{ databaseUrl, dataDir, log },
      // A database of one's own is backed up by those who look after it.
      ...(databaseUrl === null
        ? { beforeMigration: (url: string) => backUpBeforeUpdate(url, dataDir, log) }
        : {}),
    });
    const signer = recordSigner(dataDir);
    const chain = new RecordChain(mill, signer);
    const store = new RecordStore({
      chain,
      db: database.records,
      storage: () => database.storage,
      tags: mill.tags,
      log,
    });
    this.#database = database;
    this.#care = maintenanceOf(config, database, log);
    this.#link = new LinkClient({ url: config.plcUrl, key: linkKey(dataDir), mill, store, log });
    this.#people = new PeopleServer({
      mill,
      recipes,
      dataDir,
      log,
      hmiFolder: HMI_FOLDER,
      version: programVersion(),
      database: database.people,
      readers: readersOf(database, mill),
      records: recordParts({
        reports: database.reports,
        people: database.people,
        mill,
        recipes,
        chain,
        signer,
      }),
      link: this.#link,
      readiness: () => this.#readiness(),
      storage: () => ({ ...this.#care.state, databaseUp: database.up, fault: database.fault }),
      rows: {
        stored: () => store.counts.rows,
        quarantined: () => store.counts.quarantined,
        setAside: () => store.counts.strays,
      },
    });
  }

  /**
   * Listens, and begins to bring up database and link. @throws when the port cannot be had
   * (engineer).
   */
  async start(): Promise<void> {
    const { port, host } = this.#config;
    const listening = await this.#people.start(port, host);
    this.#address = `http://${host}:${listening}`;
    this.#log.info(`listening on ${this.#address}`);
    this.#joinLink();
    this.#stops.push(
      this.#database.onChange((up) => {
        this.#people.board.setLink({ databaseUp: up });
        if (up && !this.#hasUser) void this.#makeFirstUser();
        this.#sayReady();
      }),
    );
    this.#database.start();
    this.#care.start();
    this.#link.start();
    this.#tell = setInterval(() => this.#link.tellHealth(this.#care.health), HEALTH_MS);
  }

  async stop(): Promise<void> {
    if (this.#firstUser !== null) clearTimeout(this.#firstUser);
    if (this.#tell !== null) clearInterval(this.#tell);
    this.#link.stop();
    for (const stop of this.#stops.splice(0)) stop();
    await this.#people.stop();
    await this.#care.stop();
    await this.#database.stop();
  }

  #joinLink(): void {
    const { tags, board } = this.#people;
    this.#stops.push(
      this.#link.listen({
        state: (status) => this.#linkChanged(status),
        frame: (frame) => tags.apply(frame),
        alarms: (list) => board.setAlarms(list),
        status: (document) => board.setStatus(document),
      }),
    );
  }

  #linkChanged({ phase, hello }: LinkStatus): void {
    const connected = phase === 'connected';
    if (!connected) this.#people.tags.loseAll();
    this.#people.board.setLink({ connected, ...(hello === null ? {} : { speed: hello.speed }) });
    this.#sayReady();
  }

  #readiness(): Readiness {
    const { phase, fault } = this.#link.status;
    const database = this.#database.fault ?? (this.#database.up ? 'up' : 'starting');
    return {
      controller: phase === 'connected',
      database: this.#database.up && this.#hasUser,
      detail: `controller: ${fault ?? phase}; database: ${database}`,
    };
  }

  /** Once, when database and controller are both there for the first time. */
  #sayReady(): void {
    const { controller, database } = this.#readiness();
    if (this.#wasReady || !controller || !database) return;
    this.#wasReady = true;
    this.#announce(`ready ${this.#address}`);
  }

  /** The first start ever makes the administrator; his password is printed now and never again. */
  async #makeFirstUser(): Promise<void> {
    try {
      const password = await this.#people.users.createFirst();
      if (password !== null) this.#announce(`first sign-in: user admin password ${password}`);
      this.#hasUser = true;
      this.#sayReady();
    } catch (error) {
      this.#log.warn('the first user could not be made yet', { error });
      this.#firstUser = setTimeout(() => void this.#makeFirstUser(), FIRST_USER_RETRY_MS);
    }
  }
}
