import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Log } from '../../log.ts';
import { backUp } from './back-up.ts';
import { programVersion } from './command.ts';

/** Backups of earlier updates that are kept. */
const KEPT = 3;
const NAME = /^before-update-.*\.backup$/;

/**
 * Backs up the embedded database before a newer version changes its tables. @throws {BackupError}
 * when that cannot be done: then the update waits, and everything is as it was.
 */
export async function backUpBeforeUpdate(
  databaseUrl: string,
  dataDir: string,
  log: Log,
): Promise<void> {
  const folder = join(dataDir, 'backups');
  const nowMs = Date.now();
  const stamp = new Date(nowMs).toISOString().slice(0, 19).replaceAll(':', '');
  log.info('the tables are about to be changed; a backup is taken first');
  const target = join(folder, `before-update-${stamp}.backup`);
  const { file, bytes } = await backUp({ databaseUrl, target, version: programVersion(), nowMs });
  log.info('a backup was taken before the update', { file, bytes });
  const old = (existsSync(folder) ? readdirSync(folder) : [])
    .filter((name) => NAME.test(name))
    .sort()
    .slice(0, -KEPT);
  for (const name of old) rmSync(join(folder, name), { force: true });
}
