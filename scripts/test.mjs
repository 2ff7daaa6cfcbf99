// `npm test`: everything that must hold, in the order in which a fault is cheapest to see.
// `npm test -- unit system` runs these suites alone; `npm test -- --only "name"` one test by name.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureInstalled, run, step } from './install.mjs';

const SUITES = ['unit', 'models', 'tidy', 'contract', 'integration', 'system', 'e2e'];

const args = process.argv.slice(2);
const onlyAt = args.indexOf('--only');
const only = onlyAt < 0 ? [] : ['--testNamePattern', args[onlyAt + 1] ?? ''];
const chosen = (onlyAt < 0 ? args : args.slice(0, onlyAt)).filter((arg) => SUITES.includes(arg));
const all = chosen.length === 0 && only.length === 0;

async function check(name, command, commandArgs) {
  const code = await step(name, () => run(command, commandArgs, { quiet: true }));
  if (code === 0) return;
  console.error(`\n✗ ${name} failed`);
  process.exit(code);
}

/** Adds up the suites' reports in the one line that tells how the whole run went. */
function summary(reportFiles) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const file of reportFiles) {
    const report = JSON.parse(readFileSync(file, 'utf8'));
    total.passed += report.numPassedTests;
    total.failed +=
      report.numFailedTests +
      (report.numFailedTestSuites > 0 && report.numFailedTests === 0 ? 1 : 0);
    total.skipped += report.numPendingTests + report.numTodoTests;
  }
  return `${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`;
}

await ensureInstalled();
if (all) {
  await check('types', 'tsc', ['-p', '.']);
  await check('types of the HMI', 'tsc', ['-p', 'hmi']);
  await check('lint and layering', 'biome', ['check', '--error-on-warnings', '.']);
  await check('dead code', 'knip', []);
}
if (all || chosen.includes('e2e')) await check('building the HMI', 'vite', ['build', 'hmi']);

const reports = mkdtempSync(join(tmpdir(), 'mill-test-'));
const wanted = chosen.length > 0 ? chosen : SUITES;
// A mill that runs at twenty times its speed wants the machine for itself.
const runs = [wanted.filter((name) => name !== 'e2e'), wanted.filter((name) => name === 'e2e')];
const files = [];
let code = 0;
for (const suites of runs.filter((names) => names.length > 0)) {
  const file = join(reports, `${suites[0]}.json`);
  const failed = await run('vitest', [
    'run',
    ...suites.flatMap((name) => ['--project', name]),
    ...only,
    '--passWithNoTests',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ]);
  files.push(file);
  code ||= failed;
}
console.log(summary(files));
rmSync(reports, { recursive: true, force: true });
process.exitCode = code;
