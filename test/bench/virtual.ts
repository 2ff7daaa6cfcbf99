import { reference } from '../../plc/mill/mills/reference.ts';
import { paceOfLines } from '../support/batch-pace.ts';
import { workingPartOf } from '../support/large-mill.ts';
import { beginOrders, type OrderWish } from '../support/orders-begun.ts';
import { VirtualMill } from '../support/virtual-mill.ts';
import { percentile, type Row } from './report.ts';

const SEED = 5;
const WARM_UP_MS = 300_000;
const WATCH_MS = 600_000;
const SCANS = WATCH_MS / 100;

const PILOT_ORDERS: readonly OrderWish[] = [
  { formula: 'BROILER-FIN', line: 'LINE1', destination: 'FB901', orderKg: 8_000, batchKg: 500 },
];
/** Two orders that keep both lines of the reference mill dosing. */
export const REFERENCE_ORDERS: readonly OrderWish[] = [
  { formula: 'PIG-GROWER', line: 'LINE1', destination: 'FB101', orderKg: 72_000, batchKg: 4_000 },
  { formula: 'BROILER-FIN', line: 'LINE2', destination: 'FB301', orderKg: 72_000, batchKg: 4_000 },
];

/** CPU that this process takes for virtual time, s. */
async function cpuSecondsOf(mill: VirtualMill): Promise<number> {
  await mill.runFor(WARM_UP_MS);
  const before = process.cpuUsage();
  await mill.runFor(WATCH_MS);
  const used = process.cpuUsage(before);
  return (used.user + used.system) / 1e6;
}

async function speedOf(
  what: string,
  mill: VirtualMill,
  orders: readonly OrderWish[],
  atLeast: number,
): Promise<Row> {
  await beginOrders(mill, orders);
  const times = WATCH_MS / 1_000 / (await cpuSecondsOf(mill));
  await mill.stop();
  const note = `goal: at least ${atLeast}`;
  return { what: `virtual time, ${what}`, value: times, unit: 'x real', note };
}

/** What a scan of the controller takes, mean of some minutes, ms; not what field and links take. */
async function scanMsOf(mill: VirtualMill): Promise<number> {
  await mill.runFor(WARM_UP_MS);
  const { controller } = mill;
  const tick = controller.tick.bind(controller);
  let sumMs = 0;
  controller.tick = (lateMs) => {
    const fromMs = performance.now();
    const report = tick(lateMs);
    sumMs += performance.now() - fromMs;
    return report;
  };
  await mill.runFor(WATCH_MS);
  return sumMs / SCANS;
}

/** How the cost of a scan grows with what exists while the same happens. */
async function growth(): Promise<Row[]> {
  const rows: Row[] = [];
  let single = 0;
  for (const copies of [1, 4, 16]) {
    const mill = await workingPartOf(copies, SEED);
    await beginOrders(mill, REFERENCE_ORDERS);
    const scanMs = await scanMsOf(mill);
    if (copies === 1) single = scanMs;
    const { devices } = mill.controller.mill;
    const what = `scan, ${copies} x the reference mill (${devices.length} devices)`;
    const note = `${(scanMs / single).toFixed(2)} x the single mill, equal activity`;
    rows.push({ what, value: scanMs, unit: 'ms', note });
    await mill.stop();
  }
  return rows;
}

/** Batches an hour, and what the software adds to the time of each. */
async function pace(): Promise<Row[]> {
  return (await paceOfLines(SEED)).flatMap(({ line, batchesPerHour, toNextDoseS, toMixerS }) => {
    const lostS = toMixerS.map((seconds, batch) => seconds + (toNextDoseS[batch] ?? 0));
    return [
      {
        ...{ what: `batches of 6 t, ${line}`, value: batchesPerHour, unit: '1/h' },
        note: 'goal: at least 10',
      },
      {
        ...{ what: `lost between batches, ${line}`, value: percentile(lostS, 0.5), unit: 's' },
        note: `most ${Math.max(...lostS).toFixed(1)} s, goal: less than 1`,
      },
    ];
  });
}

/** Virtual time of both mills with orders running, and what a larger mill costs that stands. */
export async function virtualBench(): Promise<Row[]> {
  const pilot = await VirtualMill.start({ seed: SEED });
  const standing = await VirtualMill.start({ seed: SEED });
  const full = await VirtualMill.start({ mill: reference, seed: SEED });
  return [
    await speedOf('pilot mill, standing', standing, [], 500),
    await speedOf('pilot mill, an order running', pilot, PILOT_ORDERS, 500),
    await speedOf('reference mill, both lines running', full, REFERENCE_ORDERS, 50),
    ...(await pace()),
    ...(await growth()),
  ];
}
