import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** What a running PostgreSQL writes about itself into `postmaster.pid` of its cluster. */
export interface PostmasterFile {
  readonly pid: number;
  readonly port: number | null;
}

export function readPostmasterFile(directory: string): PostmasterFile | null {
  const file = join(directory, 'postmaster.pid');
  if (!existsSync(file)) return null;
  const lines = readFileSync(file, 'utf8').split('\n');
  const pid = Number(lines[0]);
  const port = Number(lines[3]);
  if (!Number.isInteger(pid) || pid <= 0) return null;
  return { pid, port: Number.isInteger(port) && port > 0 ? port : null };
}

/**
 * Ended, but kept in the process table because nobody asked for its exit code (a container without
 * init).
 */
function isZombie(pid: number): boolean {
  try {
    return /^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    // No /proc (macOS, Windows), or it went in the meantime: the signal tells.
    return false;
  }
}

/** Whether a process of this number lives. */
export function isAlive(pid: number): boolean {
  if (isZombie(pid)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** The command line of a process where the system tells it; null where it does not. */
function commandLine(pid: number): string | null {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    // No /proc (macOS, Windows), or the process went in the meantime: nothing can be told.
    return null;
  }
}

/**
 * The PostgreSQL that runs on this cluster, perhaps left behind by a server that was killed; null
 * if none. A file left by one that is dead, or whose number now belongs to another program, is
 * cleared away.
 */
export function runningPostmaster(directory: string): PostmasterFile | null {
  const found = readPostmasterFile(directory);
  if (found === null) return null;
  const command = isAlive(found.pid) ? commandLine(found.pid) : '';
  if (command === null || command.includes(directory)) return found;
  rmSync(join(directory, 'postmaster.pid'), { force: true });
  return null;
}
