import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Mill } from '../plc/mill/definition.ts';
import type { Recipes } from '../recipes/parse.ts';
import { buildApp } from './api/app.ts';
import { Metrics } from './api/metrics.ts';
import type {
  HistoryReader,
  PackingReader,
  RecordReader,
  ReportReader,
  StockReader,
} from './api/ports.ts';
import type { Route } from './api/route.ts';
import { dosingRoutes } from './api/routes/dosing.ts';
import { drugRoutes } from './api/routes/drugs.ts';
import { historyRoutes } from './api/routes/history.ts';
import { labelRoutes } from './api/routes/labels.ts';
import { linkRoutes } from './api/routes/links.ts';
import { millRoutes } from './api/routes/mill.ts';
import { orderRecordRoutes } from './api/routes/order-record.ts';
import { orderRoutes } from './api/routes/orders.ts';
import { packingRoutes } from './api/routes/packing.ts';
import { planRoutes } from './api/routes/plan.ts';
import { recipeFileRoutes } from './api/routes/recipe-files.ts';
import { recipeRoutes } from './api/routes/recipes.ts';
import { recordRoutes } from './api/routes/records.ts';
import { sessionRoutes } from './api/routes/session.ts';
import { stockRoutes } from './api/routes/stock.ts';
import type { StorageSource } from './api/routes/storage.ts';
import { storageRoutes } from './api/routes/storage.ts';
import type { Readiness } from './api/routes/system.ts';
import { systemRoutes } from './api/routes/system.ts';
import { traceRoutes } from './api/routes/trace.ts';
import { userRoutes } from './api/routes/users.ts';
import { whyRoutes } from './api/routes/why.ts';
import { AuditTrail } from './auth/audit.ts';
import { AuditJournal } from './auth/audit-journal.ts';
import type { Database } from './auth/database.ts';
import { Sessions } from './auth/sessions.ts';
import { SignIn } from './auth/sign-in.ts';
import { Users } from './auth/users.ts';
import type { CommandLink, ReleaseCheck } from './commands/command-gate.ts';
import { CommandGate } from './commands/command-gate.ts';
import { OrderDesk } from './commands/order-desk.ts';
import { LabelDesk } from './labels/label-desk.ts';
import { LiveBoard } from './live/live-board.ts';
import { LiveServer } from './live/live-server.ts';
import type { Log } from './log.ts';
import { millDay } from './mill-day.ts';
import { Dispatcher } from './plan/dispatcher.ts';
import { PlanDesk } from './plan/plan-desk.ts';
import { PlanStore } from './plan/plan-store.ts';
import { RecipeBook } from './recipes/recipe-book.ts';
import type { RecordParts } from './record-parts.ts';
import { TagStore } from './tags/tag-store.ts';

export interface PeopleServerOptions {
  readonly mill: Mill;
  readonly recipes: Recipes;
  readonly dataDir: string;
  readonly hmiFolder: string;
  readonly version: string;
  readonly database: Database;
  readonly readers: RecordReader & HistoryReader & ReportReader & StockReader & PackingReader;
  readonly records: RecordParts;
  readonly link: CommandLink;
  readonly readiness: () => Readiness;
  /** How the store of records and history is. */
  readonly storage: StorageSource;
  readonly rows: {
    readonly stored: () => number;
    readonly quarantined: () => number;
    readonly setAside: () => number;
  };
  readonly log: Log;
}

const JOURNAL_EVERY_MS = 2_000;
const HEADERS_WITHIN_MS = 15_000;

/**
 * Everything that people and programs see: sign-in, REST, `/live`, pages. It needs neither the
 * controller nor the database to run; what needs one of them says so.
 */
export class PeopleServer {
  readonly tags: TagStore;
  readonly board = new LiveBoard();
  readonly users: Users;
  readonly #audit: AuditTrail;
  readonly #live: LiveServer;
  readonly #plans: PlanStore;
  /** Sends released orders on; public so that a test need not wait for its clock. */
  readonly dispatcher: Dispatcher;
  readonly #http: Server;
  readonly #options: PeopleServerOptions;
  readonly #signIn: SignIn;
  #journal: NodeJS.Timeout | null = null;

  constructor(options: PeopleServerOptions) {
    this.#options = options;
    const { mill, database, log } = options;
    this.tags = new TagStore(mill.tags);
    this.users = new Users(database);
    const journal = new AuditJournal(join(options.dataDir, 'server', 'audit-journal.jsonl'));
    this.#audit = new AuditTrail(database, journal);
    const sessions = new Sessions(database);
    this.#signIn = new SignIn(this.users, sessions, this.#audit);
    const metrics = this.#metrics();
    const commands = new CommandGate(
      this.#audit,
      options.link,
      this.users,
      this.#releases(),
      this.#signIn,
      (error) => {
        metrics.countAuditLost();
        log.error('an audit entry could not be written', { error });
      },
    );
    const complain = (error: unknown, message: string) => log.error(message, { error });
    this.#live = new LiveServer({
      sessions,
      commands,
      tags: this.tags,
      board: this.board,
      log: complain,
    });
    this.#plans = new PlanStore(database);
    this.dispatcher = new Dispatcher(this.#plans, commands, this.board, log);
    const routes = this.#routes(sessions, commands, metrics);
    const { hmiFolder } = options;
    this.#http = createServer(buildApp({ routes, sessions, metrics, hmiFolder, log: complain }));
    this.#http.headersTimeout = HEADERS_WITHIN_MS;
  }

  /** What a finished bin holds is as the controller tells; whether it may leave, the ledger. */
  #releases(): ReleaseCheck {
    const { drugDesk } = this.#options.records;
    return {
      against: async (bin) => {
        const told = this.board.documents().find((one) => one.kind === 'bin' && one.bin === bin);
        return told?.kind === 'bin' ? drugDesk.againstRelease(bin, told.content) : [];
      },
    };
  }

  /** Listens; returns the port, which differs from the asked one only where that is 0. */
  async start(port: number, host: string): Promise<number> {
    this.#live.start(this.#http);
    await new Promise<void>((done, fail) => {
      this.#http.once('error', fail);
      this.#http.listen(port, host, () => {
        this.#http.off('error', fail);
        done();
      });
    });
    this.dispatcher.start();
    this.#journal ??= setInterval(() => void this.#drainJournal(), JOURNAL_EVERY_MS);
    return (this.#http.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    if (this.#journal !== null) clearInterval(this.#journal);
    this.#journal = null;
    await this.dispatcher.stop();
    if (!this.#http.listening) return this.#live.stop();
    const closed = new Promise((done) => this.#http.close(done));
    // Before all else: whoever asks again and again on one connection would keep it open for ever.
    this.#http.closeAllConnections();
    await this.#live.stop();
    await closed;
  }

  async #drainJournal(): Promise<void> {
    try {
      const count = await this.#audit.drainJournal();
      if (count > 0) this.#options.log.info('audit journal stored', { rows: count });
    } catch (error) {
      this.#options.log.warn('audit journal waits for the database', { error });
    }
  }

  #routes(sessions: Sessions, commands: CommandGate, metrics: Metrics): Route[] {
    const { mill, recipes, database, readers, readiness, version } = this.#options;
    const audit = this.#audit;
    const { users, tags } = this;
    const { book, tracer, ledger, drugDesk } = this.#options.records;
    const today = () => millDay(mill.timeZone, Date.now());
    const recipeBook = new RecipeBook(recipes, database, today);
    const current = () => recipeBook.current();
    const desk = new OrderDesk(mill, current, database, commands);
    const store = this.#plans;
    const documents = () => this.board.documents();
    const plans = new PlanDesk({ mill, tags, documents, database, store, recipes: current });
    const routes = [
      ...sessionRoutes({ users, sessions, audit, signIn: this.#signIn }),
      ...userRoutes({ users, sessions, audit }),
      ...millRoutes({ mill, tags, recipes: current }),
      ...historyRoutes({ tags, history: readers }),
      ...recipeRoutes({ book: recipeBook, audit, today }),
      ...recipeFileRoutes({ book: recipeBook, audit, today }),
      ...planRoutes({ plans, audit }),
      ...stockRoutes({ board: this.board, stock: readers }),
      ...linkRoutes({ mill, board: this.board }),
      ...storageRoutes({ storage: this.#options.storage, tags: this.tags }),
      ...dosingRoutes({ board: this.board }),
      ...whyRoutes({ mill, tags, board: this.board }),
      ...orderRoutes({ records: readers, desk, commands }),
      ...orderRecordRoutes(book),
      ...traceRoutes(tracer),
      ...packingRoutes(readers),
      ...labelRoutes(
        new LabelDesk({
          database,
          packing: readers,
          book: recipeBook,
          materials: recipes.materials,
          timeZone: mill.timeZone,
        }),
      ),
      ...drugRoutes({ ledger, desk: drugDesk, audit }),
      ...recordRoutes({ records: readers, reports: readers, audit }),
    ];
    return [...routes, ...systemRoutes({ metrics, version, readiness }, routes)];
  }

  #metrics(): Metrics {
    const { rows, readiness, storage } = this.#options;
    return new Metrics({
      linkConnected: () => readiness().controller,
      databaseUp: () => readiness().database,
      frameAgeS: () => (Date.now() - this.tags.frameTimeMs) / 1000,
      rowsStored: rows.stored,
      rowsQuarantined: rows.quarantined,
      samplesSetAside: rows.setAside,
      liveClients: () => this.#live.clients,
      alarmsActive: () => this.board.alarms.length,
      storage,
    });
  }
}
