// `npm start`: everything on one machine - simulator, controller, server with its database, and the
// HMI.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ensureInstalled, node24, root, run, step } from './install.mjs';

function newestMs(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(
    0,
    ...readdirSync(path)
      .filter((name) => name !== 'dist')
      .map((name) => newestMs(join(path, name))),
  );
}

/** The built HMI is up to date when nothing it is made from is newer. */
function hmiIsBuilt() {
  const index = join(root, 'hmi', 'dist', 'index.html');
  if (!existsSync(index)) return false;
  const sources = ['hmi', 'server/contract', 'package-lock.json'].map((name) => join(root, name));
  return sources.every((source) => newestMs(source) <= statSync(index).mtimeMs);
}

await ensureInstalled();
if (!hmiIsBuilt()) {
  const code = await step('building the HMI', () => run('vite', ['build', 'hmi'], { quiet: true }));
  if (code !== 0) process.exit(code);
}
process.exitCode = await run(node24, ['scripts/supervise.ts']);
