import { dosingBench } from './dosing.ts';
import { historyBench } from './history.ts';
import { historyExportBench } from './history-export.ts';
import { type HistorySize, historyMonthBench, SMALL } from './history-month.ts';
import { historySizeBench } from './history-size.ts';
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
 * `npm run bench -- opcua reference` runs these alone;
 * `npm run bench -- history-month tags=5500 days=30 askedS=1` loads that much first,
 * `npm run bench -- history-export samples=5000000` makes files of that many.
 */
const args = process.argv.slice(2);

function given(key: string, otherwise: number): number {
  const found = args.find((one) => one.startsWith(`${key}=`));
  return found === undefined ? otherwise : Number(found.slice(key.length + 1));
}

function historySize(): HistorySize {
  const number = (key: keyof HistorySize) => given(key, SMALL[key]);
  return {
    tags: number('tags'),
    days: number('days'),
    askedS: number('askedS'),
    everyS: number('everyS'),
  };
}

const BENCHES = {
  dosing: dosingBench,
  history: historyBench,
  'history-month': () => historyMonthBench(historySize()),
  'history-size': historySizeBench,
  'history-export': () => historyExportBench(given('samples', 200_000)),
  modbus: modbusBench,
  opcua: opcUaBench,
  simulator: simulatorBench,
  virtual: virtualBench,
  system: systemBench,
  reference: referenceBench,
} as const;

const wanted = args.filter((one) => !one.includes('='));
const rows: Row[] = [];
for (const [name, bench] of Object.entries(BENCHES)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  console.log(`· ${name} ...`);
  rows.push(...(await bench()));
}
print(rows);
