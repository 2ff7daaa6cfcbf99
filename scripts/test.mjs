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
const report = join(reports, 'all.json');
const projects = (chosen.length > 0 ? chosen : SUITES).flatMap((name) => ['--project', name]);
const code = await run('vitest', [
  'run',
  ...projects,
  ...only,
  '--passWithNoTests',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${report}`,
]);
console.log(summary([report]));
rmSync(reports, { recursive: true, force: true });
process.exitCode = code;
