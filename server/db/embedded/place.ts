import { createHash } from 'node:crypto';
import { chmodSync, chownSync, existsSync, mkdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Account } from './account.ts';

/** Whether the account may pass through this folder (its execute bit). */
function mayPass(folder: string, account: Account): boolean {
  const { mode, uid, gid } = statSync(folder);
  if (uid === account.uid) return (mode & 0o100) !== 0;
  if (gid === account.gid) return (mode & 0o010) !== 0;
  return (mode & 0o001) !== 0;
}

/**
 * The folders on the way to `path`, itself included, that the account may not pass; nearest first.
 */
export function closedTo(account: Account, path: string): string[] {
  const closed: string[] = [];
  for (let folder = resolve(path); ; folder = dirname(folder)) {
    if (existsSync(folder) && !mayPass(folder, account)) closed.push(folder);
    if (dirname(folder) === folder) return closed;
  }
}

/** Gives a folder to the account, alone. */
export function giveFolder(folder: string, account: Account | null): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (account !== null) chownSync(folder, account.uid, account.gid);
}

/** A folder of the machine that every account can reach, for what cannot stay where it is. */
export function sharedFolder(): string {
  const machineWide = '/var/lib/feed-mill-automation';
  try {
    mkdirSync(machineWide, { recursive: true, mode: 0o755 });
    return machineWide;
  } catch {
    // A read-only /var: the temporary folder is the only one that every machine has.
    const temporary = join(tmpdir(), 'feed-mill-automation');
    mkdirSync(temporary, { recursive: true, mode: 0o755 });
    return temporary;
  }
}

/** A short name that stands for a path. */
export function nameFor(path: string): string {
  return createHash('sha256').update(resolve(path)).digest('hex').slice(0, 12);
}

export interface Place {
  /** The folder of the cluster itself. */
  readonly directory: string;
  /** What an engineer should know about it; null when it is where it is looked for. */
  readonly remark: string | null;
}

/**
 * Where the cluster lives: `<dataDir>/pg/cluster`, unless PostgreSQL's account cannot get there. A
 * data folder that alone is in the way is opened for passing through (its files keep their modes);
 * when the way is closed further up, the cluster goes to a folder of the machine.
 */
export function clusterPlace(dataDir: string, account: Account | null): Place {
  const own = resolve(dataDir);
  const directory = join(own, 'pg', 'cluster');
  mkdirSync(join(own, 'pg'), { recursive: true, mode: 0o711 });
  if (account === null) return { directory, remark: null };
  for (const folder of closedTo(account, join(own, 'pg'))) {
    if (folder !== own && folder !== join(own, 'pg')) {
      const elsewhere = join(sharedFolder(), nameFor(own), 'cluster');
      mkdirSync(dirname(elsewhere), { recursive: true, mode: 0o711 });
      return {
        directory: elsewhere,
        remark: `account ${account.name} cannot pass ${folder}: the database is in ${elsewhere}`,
      };
    }
    chmodSync(folder, statSync(folder).mode | 0o011);
  }
  return { directory, remark: null };
}
