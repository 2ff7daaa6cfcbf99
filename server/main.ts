import { overrideConnections } from '../plc/mill/connection-overrides.ts';
import { loadMill } from '../plc/mill/mills/index.ts';
import { loadRecipes } from '../recipes/load.ts';
import { readConfig } from './config/config.ts';
import { openLog } from './log-pino.ts';
import { MillServer } from './mill-server.ts';

/**
 * Composition root of the server process. What cannot be started with is said in full, and ends
 * it.
 */
async function main(): Promise<void> {
  const config = readConfig(process.env);
  const log = openLog(config.logLevel);
  const mill = overrideConnections(await loadMill(config.mill), config.connections);
  const announce = (line: string) => void process.stdout.write(`${line}\n`);
  const server = new MillServer(config, mill, await loadRecipes(), log, announce);
  let stopping = false;
  const stop = async (signal: string) => {
    if (stopping) return;
    stopping = true;
    log.info(`stopping on ${signal}`);
    await server.stop();
    process.exit(0);
  };
  process.on('SIGTERM', (signal) => void stop(signal));
  process.on('SIGINT', (signal) => void stop(signal));
  await server.start();
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
