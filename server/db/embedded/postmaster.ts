import { type ChildProcess, execFile, spawn } from 'node:child_process';
import {
  chownSync,
  closeSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Account } from './account.ts';
import type { Binaries } from './binaries.ts';
import { giveFolder } from './place.ts';

const execute = promisify(execFile);
const INITDB_TIMEOUT_MS = 180_000;
const STOP_TIMEOUT_S = 120;

/** Everything that one cluster is run with. */
export interface ClusterSetup {
  readonly binaries: Binaries;
  readonly account: Account | null;
  readonly directory: string;
  readonly password: string;
}

const identity = (account: Account | null) =>
  account === null ? {} : { uid: account.uid, gid: account.gid };

/**
 * Nothing of our own environment may steer PostgreSQL (PGDATA, PGOPTIONS, a locale it does not
 * know).
 */
const environment = () => ({
  PATH: process.env['PATH'] ?? '',
  LC_ALL: 'C',
  ...(process.env['SystemRoot'] === undefined ? {} : { SystemRoot: process.env['SystemRoot'] }),
});

/**
 * Creates the cluster: UTF-8, C collation, password asked for on every connection. It is made
 * beside its place and then moved there, so that a first start that was cut off leaves no half
 * cluster.
 */
export async function createCluster(setup: ClusterSetup): Promise<void> {
  const { account, directory, binaries } = setup;
  const unfinished = `${directory}.unfinished`;
  const passwordFile = `${directory}.password`;
  rmSync(unfinished, { recursive: true, force: true });
  giveFolder(unfinished, account);
  writeFileSync(passwordFile, setup.password, { mode: 0o600 });
  if (account !== null) chownSync(passwordFile, account.uid, account.gid);
  try {
    await execute(
      binaries.initdb,
      [
        `--pgdata=${unfinished}`,
        '--username=postgres',
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--locale=C',
      ],
      {
        ...identity(account),
        env: environment(),
        cwd: dirname(directory),
        timeout: INITDB_TIMEOUT_MS,
      },
    );
  } finally {
    rmSync(passwordFile, { force: true });
  }
  renameSync(unfinished, directory);
}

/** Only from this machine, logs of one week in its own folder, sized for a mill's history. */
const FLAGS: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '50',
  shared_buffers: '128MB',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C',
  logging_collector: 'on',
  log_directory: 'log',
  log_filename: 'postgres-%a.log',
  log_truncate_on_rotation: 'on',
  log_rotation_age: '1d',
  log_rotation_size: '0',
};

const MB = 1_000_000;
/** The log between two checkpoints takes this share of its disk at most. */
const WAL_SHARE = 0.05;
const WAL_MB = { least: 64, most: 2_000 };

/** On a small disk the log must not take the room of what it protects. */
function walFlags(directory: string): Readonly<Record<string, string>> {
  const { blocks, bsize } = statfsSync(directory);
  const wanted = Math.floor((blocks * bsize * WAL_SHARE) / MB);
  const mostMb = Math.min(WAL_MB.most, Math.max(WAL_MB.least, wanted));
  return { min_wal_size: '32MB', max_wal_size: `${mostMb}MB` };
}

/** Where PostgreSQL writes until its own log is open. */
const startLog = (directory: string) => `${directory}.start.log`;

/** What PostgreSQL said when it did not start. */
export function startMessages(directory: string): string {
  return readFileSync(startLog(directory), 'utf8').trim().split('\n').slice(-4).join(' | ');
}

/**
 * Starts PostgreSQL in a session of its own: Ctrl-C in the terminal reaches the server, which then
 * stops it in order, after the last rows were stored.
 */
export function spawnPostmaster(setup: ClusterSetup, port: number): ChildProcess {
  const all = { ...FLAGS, ...walFlags(setup.directory) };
  const flags = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const log = openSync(startLog(setup.directory), 'w', 0o644);
  try {
    return spawn(setup.binaries.postgres, ['-D', setup.directory, '-p', String(port), ...flags], {
      ...identity(setup.account),
      env: environment(),
      cwd: dirname(setup.directory),
      detached: true,
      stdio: ['ignore', log, log],
    });
  } finally {
    closeSync(log);
  }
}

/**
 * Stops whatever runs on this cluster: open transactions are rolled back, nothing stored is lost.
 */
export async function stopPostmaster(setup: ClusterSetup): Promise<void> {
  await execute(
    setup.binaries.pgCtl,
    ['stop', '-D', setup.directory, '-m', 'fast', '-w', '-t', String(STOP_TIMEOUT_S)],
    { ...identity(setup.account), env: environment(), cwd: dirname(setup.directory) },
  );
}

/** The major version that made this cluster. */
export function clusterVersion(directory: string): string {
  return readFileSync(join(directory, 'PG_VERSION'), 'utf8').trim();
}
