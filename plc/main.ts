import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join, resolve } from 'node:path';
import { pino } from 'pino';
import type { Driver, DriverContext } from './drivers/driver.ts';
import { createModbusDriver } from './drivers/modbus/modbus-driver.ts';
import { createOpcUaDriver } from './drivers/opcua/opcua-driver.ts';
import { linkKey } from './link/link-key.ts';
import { LinkServer } from './link/link-server.ts';
import { buildMachines } from './machines/index.ts';
import { allowForSpeed } from './mill/allow-for-speed.ts';
import { overrideConnections } from './mill/connection-overrides.ts';
import { MillFaultsError } from './mill/define-mill.ts';
import { loadMill } from './mill/mills/index.ts';
import { realClock } from './runtime/clock.ts';
import { Controller } from './runtime/controller.ts';
import type { Log } from './runtime/log.ts';
import { type ControllerMetrics, controllerMetrics } from './runtime/metrics.ts';
import { ScanLoop } from './runtime/scan-loop.ts';
import { type PlcSettings, readSettings } from './settings.ts';
import { StoreInUseError } from './store/store.ts';
import { WorkerStore } from './store/worker-store.ts';

/**
 * The controller process: it drives the mill and needs neither server nor database to keep running.
 */

function logOf(level: string): Log {
  const logger = pino({ level, base: { process: 'plc' } });
  return {
    info: (message, details) => logger.info(details ?? {}, message),
    warn: (message, details) => logger.warn(details ?? {}, message),
    error: (message, details) => logger.error(details ?? {}, message),
  };
}

function driverOf(context: DriverContext, dataDir: string): Driver {
  const { connection } = context;
  const random = Math.random;
  if (connection.kind === 'modbus')
    return createModbusDriver({ ...context, connection }, { random });
  const pkiFolder = join(dataDir, 'plc', 'pki');
  return createOpcUaDriver({ ...context, connection }, { random, pkiFolder });
}

/** GET /metrics for Prometheus and GET /healthz; all else of this port is the link. */
function httpServer(metrics: () => ControllerMetrics): Server {
  return createServer((request, response) => {
    if (request.method === 'GET' && request.url === '/metrics') {
      const { contentType, text } = metrics();
      text().then(
        (body) => response.writeHead(200, { 'content-type': contentType }).end(body),
        (error: unknown) => response.writeHead(500).end(String(error)),
      );
    } else if (request.method === 'GET' && request.url === '/healthz') {
      response.writeHead(200, { 'content-type': 'text/plain' }).end('ok\n');
    } else response.writeHead(404).end();
  });
}

function listening(http: Server, { PLC_PORT, HOST }: PlcSettings): Promise<void> {
  return new Promise((done, failed) => {
    http.once('error', failed);
    http.listen(PLC_PORT, HOST, done);
  });
}

async function run(settings: PlcSettings): Promise<void> {
  const log = logOf(settings.LOG_LEVEL);
  const named = overrideConnections(await loadMill(settings.MILL), process.env);
  const mill = allowForSpeed(named, settings.SIM_SPEED);
  const dataDir = resolve(settings.DATA_DIR);
  mkdirSync(join(dataDir, 'plc'), { recursive: true });
  const clock = realClock(settings.SIM_SPEED);
  const controller = new Controller({
    mill,
    machines: buildMachines(mill),
    clock,
    store: new WorkerStore(join(dataDir, 'plc', 'spool.sqlite')),
    createDriver: (context) => driverOf(context, dataDir),
    log,
  });
  const http = httpServer(() => metrics);
  const key = linkKey(dataDir);
  const link = new LinkServer({ http, controller, clock, log, key, session: randomUUID() });
  const metrics = controllerMetrics(controller, () => link.peers);
  const loop = new ScanLoop(clock, (lateMs) => {
    const startMs = clock.realMs();
    metrics.scanned(controller.tick(lateMs), lateMs, clock.realMs() - startMs);
  });
  await controller.start();
  await listening(http, settings);
  link.start();
  loop.start();
  log.info(`controller of mill ${mill.id} runs`, {
    link: `http://${settings.HOST}:${settings.PLC_PORT}/link`,
    speed: settings.SIM_SPEED,
    tags: mill.tags.length,
  });

  let stopping = false;
  const stop = async (signal: string): Promise<void> => {
    if (stopping) return;
    stopping = true;
    log.info(`${signal}: stopping with all outputs at zero`);
    loop.stop();
    await controller.stop(() => new Promise((done) => clock.setTimer(done, 50)));
    await link.stop();
    http.close();
    log.info('stopped');
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      stop(signal).catch((error: unknown) => {
        log.error('the controller could not stop cleanly', { error: String(error) });
        process.exit(1);
      });
    });
  }
}

/** Faults that an engineer mends are told in words; anything else with where it happened. */
function fatal(error: unknown): never {
  const known =
    error instanceof MillFaultsError ||
    error instanceof StoreInUseError ||
    (error instanceof Error && /SettingsError|ConnectionOverrideError/.test(error.name));
  const text = error instanceof Error ? (known ? error.message : error.stack) : String(error);
  process.stderr.write(`plc cannot start\n${text}\n`);
  process.exit(known ? 2 : 1);
}

try {
  await run(readSettings(process.env));
} catch (error) {
  fatal(error);
}
