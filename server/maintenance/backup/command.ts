import { readFileSync } from 'node:fs';
import type { Config } from '../../config/config.ts';
import { ConfigError, readConfig } from '../../config/config.ts';
import { openLog } from '../../log-pino.ts';
import { BackupError, type TellProgress } from './manifest.ts';

/** Version of this program, from its package. */
export function programVersion(): string {
  const file = new URL('../../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

const TELL_EVERY_MS = 1_000;

/** Prints how far it is, at most once a second. */
export function printedProgress(): TellProgress {
  let toldMs = Number.NEGATIVE_INFINITY;
  return ({ step, share }) => {
    const nowMs = performance.now();
    if (nowMs - toldMs < TELL_EVERY_MS) return;
    toldMs = nowMs;
    process.stdout.write(`${String(Math.floor(share * 100)).padStart(3)} %  ${step}\n`);
  };
}

/**
 * Runs a command of this installation and ends with 0, or with 1 and what the engineer must mend,
 * or with 64 when it was asked wrongly (`run` gives null).
 */
export async function runCommand(
  usage: string,
  run: (config: Config, log: ReturnType<typeof openLog>) => Promise<string> | null,
): Promise<number> {
  try {
    const config = readConfig(process.env);
    const ran = run(config, openLog(config.logLevel === 'info' ? 'warn' : config.logLevel));
    if (ran === null) {
      process.stderr.write(`${usage}\n`);
      return 64;
    }
    process.stdout.write(`${await ran}\n`);
    return 0;
  } catch (error) {
    const known = error instanceof BackupError || error instanceof ConfigError;
    const text = error instanceof Error ? (known ? error.message : error.stack) : String(error);
    process.stderr.write(`${text}\n`);
    return 1;
  }
}
