import { join } from 'node:path';
import type { Log } from '../../log.ts';
import { backUp } from './back-up.ts';
import { programVersion } from './command.ts';
import { backupName, keepNewest } from './scheduled.ts';

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
  log.info('the tables are about to be changed; a backup is taken first');
  const target = join(folder, backupName('before-update', nowMs));
  const { file, bytes } = await backUp({ databaseUrl, target, version: programVersion(), nowMs });
  log.info('a backup was taken before the update', { file, bytes });
  keepNewest(folder, NAME, KEPT);
}
