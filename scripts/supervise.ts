import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs';
import { join, resolve } from 'node:path';

/**
 * Runs simulator, controller and server on one machine, restarts whichever dies, and prints the
 * address when the mill runs. In a plant a service manager does this for `plc` and `server`.
 */

const dataDir = resolve(process.env['DATA_DIR'] ?? 'data');
const port = process.env['PORT'] ?? '8080';
const address = `http://localhost:${port}`;
const RESTART_DELAY_MS = 1_000;
const RESTART_DELAY_MAX_MS = 15_000;
const HEALTHY_AFTER_MS = 30_000;
const READY_WITHIN_MS = 180_000;

/** Lines that a person at the terminal must see; everything is in the log files. */
const SHOWN = /EADDRINUSE|fault|must|cannot|refused to start/i;
const SIGN_IN = /first sign-in/;
/** The simulated field listens. A controller that finds no field calls all its links lost. */
const FIELD_READY = /^simulator ready/;
const FIELD_WITHIN_MS = 30_000;
/** Log lines of a lower level are for the files (pino: 40 is a warning). */
const WARNING = 40;

interface Service {
  readonly name: string;
  readonly entry: string;
  child: ChildProcess | null;
  startedMs: number;
  quickExits: number;
}

const services: Service[] = [
  { name: 'simulator', entry: 'simulators/main.ts', child: null, startedMs: 0, quickExits: 0 },
  { name: 'plc', entry: 'plc/main.ts', child: null, startedMs: 0, quickExits: 0 },
  { name: 'server', entry: 'server/main.ts', child: null, startedMs: 0, quickExits: 0 },
];
const shownBefore = new Set<string>();
let stopping = false;
let fieldIsReady = () => {};
const fieldReady = new Promise<void>((done) => {
  fieldIsReady = done;
});

function showLines(service: Service, log: WriteStream, chunk: Buffer): void {
  log.write(chunk);
  for (const line of chunk.toString('utf8').split('\n')) {
    const { message, level } = parsed(line);
    if (FIELD_READY.test(message)) fieldIsReady();
    const isShown = SIGN_IN.test(message) || (level >= WARNING && SHOWN.test(message));
    if (!isShown || shownBefore.has(message)) continue;
    shownBefore.add(message);
    console.log(`  ${service.name}: ${message}`);
  }
}

/** Message and level of a JSON log line; another line counts as a warning. */
function parsed(line: string): { readonly message: string; readonly level: number } {
  const plain = { message: line, level: WARNING };
  if (!line.startsWith('{')) return plain;
  try {
    const { msg, level } = JSON.parse(line) as { msg?: unknown; level?: unknown };
    return typeof msg === 'string' ? { message: msg, level: Number(level) } : plain;
  } catch (error) {
    if (error instanceof SyntaxError) return plain;
    throw error;
  }
}

function launch(service: Service): void {
  const log = createWriteStream(join(dataDir, 'logs', `${service.name}.log`), { flags: 'a' });
  service.startedMs = Date.now();
  const child = spawn(
    process.execPath,
    ['--import', './scripts/follow-parent.mjs', service.entry],
    {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: { ...process.env, DATA_DIR: dataDir },
    },
  );
  service.child = child;
  child.stdout?.on('data', (chunk: Buffer) => showLines(service, log, chunk));
  child.stderr?.on('data', (chunk: Buffer) => showLines(service, log, chunk));
  child.on('exit', (code, signal) => {
    log.end();
    service.child = null;
    if (stopping) return;
    service.quickExits =
      Date.now() - service.startedMs < HEALTHY_AFTER_MS ? service.quickExits + 1 : 1;
    const delayMs = Math.min(
      RESTART_DELAY_MS * 2 ** (service.quickExits - 1),
      RESTART_DELAY_MAX_MS,
    );
    console.log(
      `! ${service.name} ended (${signal ?? code}); starting it again in ${delayMs / 1000} s. ` +
        `See ${join(dataDir, 'logs', `${service.name}.log`)}`,
    );
    setTimeout(() => {
      if (!stopping) launch(service);
    }, delayMs);
  });
}

async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  console.log('stopping ...');
  for (const service of services.toReversed()) {
    const child = service.child;
    if (child === null) continue;
    const ended = new Promise((done) => child.once('exit', done));
    child.kill('SIGTERM');
    const killer = setTimeout(() => child.kill('SIGKILL'), 15_000);
    await ended;
    clearTimeout(killer);
  }
  process.exit(0);
}

async function isReady(): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(2_000) }))
      .ok;
  } catch {
    return false;
  }
}

mkdirSync(join(dataDir, 'logs'), { recursive: true });
process.on('SIGINT', () => void stop());
process.on('SIGTERM', () => void stop());
const startedMs = Date.now();
console.log('· starting simulator, controller, server and database ...');
for (const service of services) if (service.name !== 'plc') launch(service);
// A field that does not come up says so itself; the controller then starts without it.
setTimeout(fieldIsReady, FIELD_WITHIN_MS).unref();
void fieldReady.then(() => {
  for (const service of services) if (service.name === 'plc' && !stopping) launch(service);
});
let saidSlow = false;
const poll = setInterval(async () => {
  if (await isReady()) {
    clearInterval(poll);
    const seconds = ((Date.now() - startedMs) / 1000).toFixed(1);
    console.log(`✓ the mill runs (${seconds} s)\n${address}`);
  } else if (!saidSlow && Date.now() - startedMs > READY_WITHIN_MS) {
    saidSlow = true;
    console.log(`! not ready after ${READY_WITHIN_MS / 1000} s; see ${join(dataDir, 'logs')}`);
  }
}, 500);
