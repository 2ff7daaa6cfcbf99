import type { Config } from '../../config/config.ts';
import { EmbeddedPostgres } from '../../db/embedded/embedded-postgres.ts';
import type { Log } from '../../log.ts';

/**
 * The database that this installation uses, for a command of its own: the one of `DATABASE_URL`, or
 * the embedded one, which is started if it does not run and then stopped again.
 */
export async function withDatabase<T>(
  config: Pick<Config, 'databaseUrl' | 'dataDir'>,
  log: Log,
  work: (databaseUrl: string) => Promise<T>,
): Promise<T> {
  if (config.databaseUrl !== '') return work(config.databaseUrl);
  const postgres = new EmbeddedPostgres(config.dataDir, log);
  const url = await postgres.start();
  try {
    return await work(url);
  } finally {
    if (postgres.takenOver) await postgres.leave();
    else await postgres.stop();
  }
}
