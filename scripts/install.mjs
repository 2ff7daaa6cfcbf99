// Makes a fresh checkout runnable. Plain JavaScript without dependencies: it runs on whatever Node
// the machine has (20 or newer), before anything is installed.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');
const stampFile = join(modules, '.installed');
const binaries = join(modules, '.bin');

/** The Node 24 that came with the packages: the system's own may be older. */
export const node24 = join(binaries, process.platform === 'win32' ? 'node.cmd' : 'node');

function wantedStamp() {
  const hash = createHash('sha256');
  for (const name of ['package.json', 'package-lock.json'])
    hash.update(readFileSync(join(root, name)));
  return hash.digest('hex');
}

/** Environment in which every child finds Node 24 and the packages' commands first. */
export function environment(extra = {}) {
  return { ...process.env, ...extra, PATH: `${binaries}${delimiter}${process.env.PATH ?? ''}` };
}

/**
 * Runs a command in the checkout; `quiet` keeps its output unless it fails. Gives its exit code.
 */
export function run(command, args, { quiet = false, env = environment() } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      env,
      stdio: quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit',
      shell: process.platform === 'win32',
    });
    const kept = [];
    child.stdout?.on('data', (chunk) => kept.push(chunk));
    child.stderr?.on('data', (chunk) => kept.push(chunk));
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      if (quiet && code !== 0) process.stderr.write(Buffer.concat(kept));
      resolve(code ?? (signal === null ? 1 : 130));
    });
  });
}

/**
 * Runs a long step that gives an exit code: a line at once, one every ten seconds, one at the end.
 */
export async function step(name, work) {
  const startMs = Date.now();
  const seconds = () => Math.round((Date.now() - startMs) / 1000);
  console.log(`· ${name} ...`);
  const timer = setInterval(() => console.log(`  ${name}: ${seconds()} s`), 10_000);
  try {
    const code = await work();
    console.log(`${code === 0 ? '✓' : '✗'} ${name} (${seconds()} s)`);
    return code;
  } finally {
    clearInterval(timer);
  }
}

function give(up) {
  console.error(`\n✗ ${up}`);
  process.exit(1);
}

/**
 * Installs the pinned packages unless this checkout has them already. Ends the process if it
 * cannot.
 */
export async function ensureInstalled() {
  const [major = 0] = process.versions.node.split('.').map(Number);
  if (major < 20)
    give(`Node ${process.versions.node} is too old to start with. Install Node 20 or newer.`);
  const installed = existsSync(stampFile) && readFileSync(stampFile, 'utf8') === wantedStamp();
  if (!installed) {
    const npm = process.env.npm_execpath;
    const [command, first] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []];
    const args = [...first, 'install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'];
    const code = await step('installing packages', () => run(command, args, { quiet: true }));
    if (code !== 0) {
      give(
        'The packages could not be installed (see above). Check that this machine reaches an npm ' +
          'registry and has 1 GB of free disk, then run the same command again.',
      );
    }
    writeFileSync(stampFile, wantedStamp());
  }
  if (!existsSync(node24)) {
    give(
      `No Node 24 for ${process.platform} ${process.arch} came with the packages. ` +
        'Install Node 24 or newer and put it at node_modules/.bin/node.',
    );
  }
}
