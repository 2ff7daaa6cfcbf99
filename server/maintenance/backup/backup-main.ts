import { join } from 'node:path';
import { backUp } from './back-up.ts';
import { printedProgress, programVersion, runCommand } from './command.ts';
import { withDatabase } from './open-database.ts';

/**
 * `npm run backup -- [FILE|DIR]`: one file with all of the database, while the mill runs on;
 * without a name under `<DATA_DIR>/backups`.
 */
const USAGE = 'npm run backup -- [FILE|DIR]';

process.exitCode = await runCommand(USAGE, (config, log) => {
  const [target, ...more] = process.argv.slice(2);
  if (more.length > 0 || target?.startsWith('-')) return null;
  return withDatabase(config, log, async (databaseUrl) => {
    const { file, bytes, manifest } = await backUp({
      databaseUrl,
      target: target ?? join(config.dataDir, 'backups/'),
      version: programVersion(),
      nowMs: Date.now(),
      tell: printedProgress(),
    });
    const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0);
    const megabytes = (bytes / 1e6).toFixed(1);
    return `${file}: ${manifest.tables.length} tables, ${rows} rows, ${megabytes} MB`;
  });
});
