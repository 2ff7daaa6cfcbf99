import { historyBench } from './history.ts';
import { modbusBench } from './modbus.ts';
import { opcUaBench } from './opcua.ts';
import { print, type Row } from './report.ts';
import { systemBench } from './system.ts';

/**
 * How fast it is on this machine (`npm run bench`). Absolute figures say what to expect; the ratios
 * compare with the bare thing in the same run and are what a change is judged by.
 */
const rows: Row[] = [];
for (const [name, bench] of [
  ['history', historyBench],
  ['modbus', modbusBench],
  ['OPC UA', opcUaBench],
  ['system', systemBench],
] as const) {
  console.log(`· ${name} ...`);
  rows.push(...(await bench()));
}
print(rows);
