import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
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
const UNFINISHED = /^scheduled-[\w-]+\.backup\.unfinished$/;
/** One that is being written is touched all the time; after so long nobody writes it any more. */
const LEFT_MS = 3_600_000;

/** Removes the oldest backups of this kind, so that `kept` of them stay. */
export function keepNewest(folder: string, name: RegExp, kept: number): void {
  const found = existsSync(folder) ? readdirSync(folder).filter((one) => name.test(one)) : [];
  // Their names hold their time.
  for (const one of found.sort().slice(0, -kept)) rmSync(join(folder, one), { force: true });
}

/** Removes what a server that was killed in the midst of a backup left of it. */
function removeLeft(folder: string, nowMs: number): void {
  const found = existsSync(folder) ? readdirSync(folder) : [];
  for (const name of found.filter((one) => UNFINISHED.test(one))) {
    const path = join(folder, name);
    if (nowMs - statSync(path).mtimeMs > LEFT_MS) rmSync(path, { force: true });
  }
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
  removeLeft(folder, nowMs);
  const target = join(folder, backupName('scheduled', nowMs));
  await backUp({ databaseUrl, target, version: programVersion(), nowMs, signal });
  keepNewest(folder, NAME, kept);
}
