import { printedProgress, runCommand } from './command.ts';
import { withDatabase } from './open-database.ts';
import { restore } from './restore.ts';
import { dropKept, keptDatabases } from './swap.ts';

/**
 * `npm run restore -- FILE`: into a new database, which takes the place of the one in use only when
 * all of it was verified. `--kept` names what earlier restores have put aside, `--drop NAME` takes
 * one of those away for good.
 */
const USAGE = 'npm run restore -- FILE | --kept | --drop NAME';

process.exitCode = await runCommand(USAGE, (config, log) => {
  const [what, name, ...more] = process.argv.slice(2);
  if (what === '--kept' && name === undefined) {
    return withDatabase(config, log, async (url) => {
      const kept = await keptDatabases(url);
      return kept.length === 0 ? 'nothing is kept' : kept.join('\n');
    });
  }
  if (what === '--drop' && name !== undefined && more.length === 0) {
    return withDatabase(config, log, async (url) => {
      await dropKept(url, name);
      return `${name} is gone`;
    });
  }
  if (what === undefined || what.startsWith('-') || name !== undefined) return null;
  return withDatabase(config, log, async (databaseUrl) => {
    const tell = printedProgress();
    const done = await restore({ databaseUrl, file: what, nowMs: Date.now(), log, tell });
    const { manifest, rows, streams, entries, kept } = done;
    return [
      `the mill as of ${manifest.taken}: ${manifest.tables.length} tables, ${rows} rows counted;`,
      `${entries} entries of ${streams} records, every hash and signature verified`,
      kept === null
        ? ''
        : `what was there before is kept as ${kept} (--drop ${kept} frees its disk)`,
    ].join('\n');
  });
});
