/**
 * Goal: the same tests of storage on each database that the mill may have
 * (`npm run test-storage -- [embedded] [url] [timescale]`, all three without a name), and a table
 * of what ran against what.
 * - `embedded`: the PostgreSQL that comes with the system, started by the tests.
 * - `url`: a PostgreSQL by its address, as `DATABASE_URL` names one: that of `TEST_DATABASE_URL`,
 *   else a second server that this starts for it.
 * - `timescale`: that of `TEST_TIMESCALE_URL`, else TimescaleDB in WebAssembly, on which only the
 *   tests of history's SQL can run.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedPostgres } from '../../server/db/embedded/embedded-postgres.ts';
import { KeptLog } from '../support/database.ts';
import { root } from '../support/sources.ts';

const HISTORY = ['history', 'queries', 'rollups', 'migration'].map((one) => `historian-${one}`);
const RECORDS = ['records-exactly-once', 'record-chain', 'stock-records', 'trace'];
const ALL = [...HISTORY, ...RECORDS, 'reports-production', 'maintenance', 'backup-restore'];
const PLACES = ['embedded', 'url', 'timescale'] as const;
type Place = (typeof PLACES)[number];

interface Outcome {
  readonly place: Place;
  readonly against: string;
  readonly files: readonly string[];
  readonly code: number;
}

function vitest(names: readonly string[], env: Record<string, string>): Promise<number> {
  const files = names.map((name) => `test/integration/${name}.test.ts`);
  const args = ['run', '--project', 'integration', '--maxWorkers=1', ...files];
  const child = spawn(process.execPath, [join(root, 'node_modules/vitest/vitest.mjs'), ...args], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: 'inherit',
  });
  return new Promise((done) => child.once('exit', (code) => done(code ?? 1)));
}

async function onUrl(): Promise<Outcome> {
  const given = process.env['TEST_DATABASE_URL'];
  if (given !== undefined && given !== '') {
    const code = await vitest(ALL, {});
    return { place: 'url', against: new URL(given).host, files: ALL, code };
  }
  const folder = mkdtempSync(join(tmpdir(), 'mill-plain-'));
  const server = new EmbeddedPostgres(folder, new KeptLog());
  try {
    const url = await server.start();
    const code = await vitest(ALL, { TEST_DATABASE_URL: url });
    return {
      place: 'url',
      against: `a second PostgreSQL at ${new URL(url).host}`,
      files: ALL,
      code,
    };
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function run(place: Place): Promise<Outcome> {
  if (place === 'url') return onUrl();
  if (place === 'embedded') {
    const code = await vitest(ALL, { TEST_DATABASE_URL: '' });
    return { place, against: 'the PostgreSQL that comes with the system', files: ALL, code };
  }
  const url = process.env['TEST_TIMESCALE_URL'] ?? '';
  const files = [...(url === '' ? HISTORY : ALL), 'maintenance-timescale'];
  const against = url === '' ? 'TimescaleDB in WebAssembly' : new URL(url).host;
  return { place, against, files, code: await vitest(files, { TEST_DATABASE_URL: url }) };
}

const asked = process.argv.slice(2);
const wrong = asked.filter((name) => !PLACES.some((place) => place === name));
if (wrong.length > 0) {
  console.error(`there is no ${wrong.join(', ')}: embedded, url, timescale`);
  process.exit(64);
}
const outcomes: Outcome[] = [];
for (const place of PLACES) {
  if (asked.length === 0 || asked.includes(place)) outcomes.push(await run(place));
}
for (const { place, against, files, code } of outcomes) {
  const left = ALL.filter((name) => !files.includes(name));
  console.log(`${code === 0 ? '✓' : '✗'} ${place}, on ${against}: ${files.join(', ')}`);
  if (left.length > 0) console.log(`  not run there: ${left.join(', ')}`);
}
process.exitCode = outcomes.every(({ code }) => code === 0) ? 0 : 1;
