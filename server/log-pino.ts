import pino from 'pino';
import type { Config } from './config/config.ts';
import type { Log } from './log.ts';

/** The log of the process: one JSON line per entry on standard output, written at once. */
export function openLog(level: Config['logLevel']): Log {
  const logger = pino(
    { level, base: null, serializers: { error: pino.stdSerializers.err } },
    pino.destination({ dest: 1, sync: true }),
  );
  return {
    info: (message, details) => logger.info(details ?? {}, message),
    warn: (message, details) => logger.warn(details ?? {}, message),
    error: (message, details) => logger.error(details ?? {}, message),
  };
}
