import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { backUp } from './back-up.ts';
import { programVersion } from './command.ts';

/** When and where the server takes backups by itself. */
export interface BackupSchedule {
  /** On another disk than the database's, or it is lost with it. */
  readonly folder: string;
  readonly everyMs: number;
  /** The newest of its own backups that stay; others in the folder are not touched. */
  readonly kept: number;
}

const NAME = /^scheduled-[\w-]+\.backup$/;

/** Removes the oldest backups of this kind, so that `kept` of them stay. */
export function keepNewest(folder: string, name: RegExp, kept: number): void {
  const found = existsSync(folder) ? readdirSync(folder).filter((one) => name.test(one)) : [];
  // Their names hold their time.
  for (const one of found.sort().slice(0, -kept)) rmSync(join(folder, one), { force: true });
}

/** Name of a backup of this kind, by its time (UTC). */
export function backupName(kind: string, nowMs: number): string {
  return `${kind}-${new Date(nowMs).toISOString().slice(0, 19).replaceAll(':', '')}.backup`;
}

/**
 * One backup of the schedule; older ones go only when it is whole. @throws {BackupError} when it
 * cannot be made, or is ended by `signal`: the older ones are all still there.
 */
export async function backUpOnSchedule(
  databaseUrl: string,
  { folder, kept }: BackupSchedule,
  nowMs: number,
  signal: AbortSignal,
): Promise<void> {
  const target = join(folder, backupName('scheduled', nowMs));
  await backUp({ databaseUrl, target, version: programVersion(), nowMs, signal });
  keepNewest(folder, NAME, kept);
}
