import { dosingBench } from './dosing.ts';
import { historyBench } from './history.ts';
import { modbusBench } from './modbus.ts';
import { opcUaBench } from './opcua.ts';
import { referenceBench } from './reference.ts';
import { print, type Row } from './report.ts';
import { simulatorBench } from './simulator.ts';
import { systemBench } from './system.ts';
import { virtualBench } from './virtual.ts';

/**
 * How fast it is on this machine (`npm run bench`). Absolute figures say what to expect; the ratios
 * compare with the bare thing in the same run and are what a change is judged by.
 * `npm run bench -- opcua reference` runs these alone.
 */
const BENCHES = {
  dosing: dosingBench,
  history: historyBench,
  modbus: modbusBench,
  opcua: opcUaBench,
  simulator: simulatorBench,
  virtual: virtualBench,
  system: systemBench,
  reference: referenceBench,
} as const;

const wanted = process.argv.slice(2);
const rows: Row[] = [];
for (const [name, bench] of Object.entries(BENCHES)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  console.log(`· ${name} ...`);
  rows.push(...(await bench()));
}
print(rows);
