import { killAtRandom } from '../support/kill-moments.ts';

/**
 * Kills the controller 200 times at random moments of batches on the pilot mill in virtual time
 * (`npm run soak-kills -- [kills] [seed]`); ends with 1 when anything was lost, doubled or moved.
 */
const [kills = 200, seed = 20_261_125] = process.argv.slice(2).map(Number);
const startMs = performance.now();
const report = await killAtRandom(kills, seed);
const held = report.states.filter((state) => state === 'Held').length;
const tookS = ((performance.now() - startMs) / 1_000).toFixed(0);
console.log(`seed ${seed}: ${report.kills} kills, ${held} times Held, ${tookS} s`);
for (const fault of report.faults) console.log(`✗ ${fault}`);
process.exitCode = report.faults.length === 0 && held === kills ? 0 : 1;
