/**
 * Goal: database, server and controller killed at random, one or two at once, under load
 * (`npm run soak-processes -- --rounds 100 --seed 7`; with `--well-every 5` four rounds of five
 * strike amid whatever is going on, also a start or a recovery), and all that is stored recounted
 * against the simulated field's own journal. Ends with 1 when anything was lost, doubled or made
 * up.
 */
import { parseArgs } from 'node:util';
import { killProcesses } from '../support/process-kills/kill-rounds.ts';

const { values } = parseArgs({
  options: {
    'well-every': { type: 'string', default: '1' },
    rounds: { type: 'string', default: '100' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
});
const [rounds, seed] = [Number(values.rounds), Number(values.seed)];
const wellEvery = Number(values['well-every']);
console.log(`${rounds} rounds, seed ${seed}`);
const startMs = performance.now();
const say = (line: string) => console.log(line);
const report = await killProcesses({ rounds, seed, wellEvery, say });
const { samples, records, faults } = report;
const backMs = report.rounds.flatMap(({ backMs: ms }) => ms ?? []).toSorted((a, b) => a - b);
const median = ((backMs[Math.floor(backMs.length / 2)] ?? 0) / 1000).toFixed(1);
console.log(
  `${((performance.now() - startMs) / 60_000).toFixed(1)} min; ready again after ${median} s ` +
    `(median), ${((backMs.at(-1) ?? 0) / 1000).toFixed(1)} s at most`,
);
console.log(
  `samples: ${samples.stored} stored of ${samples.tags} inputs, each of them shown by the field; ` +
    `${samples.demanded} values demanded, ${samples.inGap} of them in times that history itself ` +
    `calls unknown (${samples.unknownS.toFixed(0)} tag seconds); ` +
    `${samples.seconds} seconds of measurements within their bound, ` +
    `${samples.heldBackS} in lines that a killed controller had not ended`,
);
console.log(
  `records: ${records.orders} orders, ${records.batches} batches, ${records.doses} doses, ` +
    `${records.bags} bags, ${records.alarms} alarms, ${records.entries} entries of the chain`,
);
for (const fault of faults) console.log(`✗ ${fault}`);
console.log(faults.length === 0 ? 'nothing lost, nothing twice' : `${faults.length} faults`);
process.exitCode = faults.length === 0 ? 0 : 1;
