import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadMill } from '../../plc/mill/mills/index.ts';
import type { ConnectionDefinition } from '../../plc/model/connection.ts';
import { freePorts } from './ports.ts';
import { root } from './sources.ts';
import { until } from './until.ts';

const ENTRIES = {
  simulator: 'simulators/main.ts',
  plc: 'plc/main.ts',
  server: 'server/main.ts',
} as const;
export type ProcessName = keyof typeof ENTRIES;

/** Programs that are started again and again need not be compiled each time. */
const CACHE = { NODE_COMPILE_CACHE: join(tmpdir(), 'mill-stack-compiled') };

const ADMIN = 'admin';
const PASSWORD = 'mot-hai-ba-bon-nam';

/** What a REST call answered. */
export interface Answer<T> {
  readonly status: number;
  readonly body: T;
}

/** Where a connection of the field is found in this run. */
function addressOf({ id, kind }: ConnectionDefinition, port: number | undefined): [string, string] {
  const scheme = kind === 'opcua' ? 'opc.tcp://' : '';
  return [`CONNECTION_${id.toUpperCase()}`, `${scheme}127.0.0.1:${port}`];
}

/**
 * The whole system in processes of its own, on ports and data of its own, as `npm start` runs it.
 */
export class Stack {
  readonly dataDir = mkdtempSync(join(tmpdir(), 'mill-stack-'));
  readonly password = PASSWORD;
  readonly user = ADMIN;
  url = '';
  simulatorUrl = '';
  plcUrl = '';
  #environment: Record<string, string> = {};
  readonly #children = new Map<ProcessName, ChildProcess>();
  #cookie = '';

  /** Starts all three, waits until the mill runs, and unless told otherwise signs in. */
  static async start(
    speed: number,
    { signIn = true, mill = 'pilot', journal = false } = {},
  ): Promise<Stack> {
    const stack = new Stack();
    const { connections } = await loadMill(mill);
    const [plc, port, sim, ...field] = await freePorts(3 + connections.length);
    stack.url = `http://127.0.0.1:${port}`;
    stack.simulatorUrl = `http://127.0.0.1:${sim}`;
    stack.plcUrl = `http://127.0.0.1:${plc}`;
    stack.#environment = {
      MILL: mill,
      DATA_DIR: stack.dataDir,
      SIM_SPEED: String(speed),
      SIM_PORT: String(sim),
      PLC_PORT: String(plc),
      PLC_URL: stack.plcUrl,
      PORT: String(port),
      LOG_LEVEL: 'info',
      ...(journal ? { SIM_JOURNAL: stack.journalFile } : {}),
      ...Object.fromEntries(connections.map((one, at) => addressOf(one, field[at]))),
    };
    try {
      for (const name of ['simulator', 'plc', 'server'] as const) stack.launch(name);
      await stack.ready();
      if (signIn) await stack.#takeOver();
    } catch (error) {
      await stack.stop();
      throw error;
    }
    return stack;
  }

  launch(name: ProcessName): void {
    const child = spawn(process.execPath, [ENTRIES[name]], {
      cwd: root,
      env: { ...process.env, ...CACHE, NODE_ENV: 'production', ...this.#environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const keep = (chunk: Buffer) => appendFileSync(this.logFile(name), chunk);
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    this.#children.set(name, child);
  }

  /** Where the simulator writes down what it really did, when it was asked to. */
  get journalFile(): string {
    return join(this.dataDir, 'field-journal.jsonl');
  }

  /** Address of the embedded database. */
  databaseUrl(): string {
    const folder = join(this.dataDir, 'pg');
    const { port } = JSON.parse(readFileSync(join(folder, 'cluster.json'), 'utf8')) as {
      port: number;
    };
    const password = encodeURIComponent(readFileSync(join(folder, 'password'), 'utf8'));
    return `postgres://postgres:${password}@127.0.0.1:${port}/mill`;
  }

  logFile(name: ProcessName): string {
    return join(this.dataDir, `${name}.test-log`);
  }

  /** The end of a process's log, for the message of a failed test. */
  logTail(name: ProcessName, lines = 15): string {
    return readFileSync(this.logFile(name), 'utf8').split('\n').slice(-lines).join('\n');
  }

  pid(name: ProcessName): number {
    const pid = this.#children.get(name)?.pid;
    if (pid === undefined) throw new Error(`${name} does not run`);
    return pid;
  }

  /** Ends a process without warning and waits until it is gone. */
  async kill(name: ProcessName, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const child = this.#children.get(name);
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((done) => child.once('exit', done));
    child.kill(signal);
    await gone;
    this.#children.delete(name);
  }

  /** Kills the database's first process, as a crash would. */
  killDatabase(): void {
    const pid = this.databasePid();
    if (pid === null) throw new Error('the database does not run');
    process.kill(pid, 'SIGKILL');
  }

  /** The database's first process; null while there is none. */
  databasePid(): number | null {
    const cluster = readFileSync(join(this.dataDir, 'pg', 'cluster.json'), 'utf8');
    const file = join((JSON.parse(cluster) as { directory: string }).directory, 'postmaster.pid');
    return existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n')[0]) : null;
  }

  async ready(withinMs = 120_000): Promise<void> {
    await until('server that is ready', () => this.reachable(), {
      withinMs,
      everyMs: 300,
      last: () =>
        (Object.keys(ENTRIES) as ProcessName[])
          .map((name) => `\n--- ${name}\n${this.logTail(name)}`)
          .join(''),
    });
  }

  /** Whether the server answers that all is there: database and controller. */
  async reachable(): Promise<boolean> {
    try {
      return (await fetch(`${this.url}/readyz`)).ok;
    } catch {
      return false;
    }
  }

  oneTimePassword(): string {
    const found = /first sign-in: user admin password (\S+?)["\s]/.exec(
      readFileSync(this.logFile('server'), 'utf8'),
    );
    if (found?.[1] === undefined)
      throw new Error(`no one-time password in\n${this.logTail('server')}`);
    return found[1];
  }

  async #takeOver(): Promise<void> {
    const current = this.oneTimePassword();
    await this.signIn(ADMIN, current);
    const changed = await this.call('POST', '/api/session/password', { current, next: PASSWORD });
    if (changed.status >= 300) throw new Error(`password change: ${JSON.stringify(changed)}`);
    await this.signIn(ADMIN, PASSWORD);
  }

  async signIn(user: string, password: string): Promise<void> {
    const answer = await fetch(`${this.url}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: this.url },
      body: JSON.stringify({ user, password }),
    });
    if (!answer.ok) throw new Error(`sign-in: ${answer.status} ${await answer.text()}`);
    this.#cookie = (answer.headers.getSetCookie()[0] ?? '').split(';')[0] ?? '';
  }

  get cookie(): string {
    return this.#cookie;
  }

  async call<T = unknown>(method: string, path: string, body?: unknown): Promise<Answer<T>> {
    const answer = await fetch(`${this.url}${path}`, {
      method,
      headers: { 'content-type': 'application/json', origin: this.url, cookie: this.#cookie },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, body: (text === '' ? null : JSON.parse(text)) as T };
  }

  async get<T>(path: string): Promise<T> {
    const { status, body } = await this.call<T>('GET', path);
    if (status !== 200) throw new Error(`GET ${path}: ${status} ${JSON.stringify(body)}`);
    return body;
  }

  /** A command to the controller, which must be accepted. */
  async command(name: string, target: string, args: object = {}): Promise<void> {
    const request = { commandId: crypto.randomUUID(), name, target, args };
    const { status, body } = await this.call('POST', '/api/commands', request);
    if (status !== 200) throw new Error(`${name} ${target}: ${status} ${JSON.stringify(body)}`);
  }

  /** The control port of the simulator. */
  async simulator<T>(path: string, body?: unknown): Promise<T> {
    const answer = await fetch(`${this.simulatorUrl}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`simulator ${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  async stop(): Promise<void> {
    for (const name of ['server', 'plc', 'simulator'] as const) await this.kill(name, 'SIGTERM');
    rmSync(this.dataDir, { recursive: true, force: true, maxRetries: 5 });
  }
}
