import type { RecordFault } from '../../contract/record-faults.ts';
import type { ChainEntry } from './entry.ts';

/** Batch completeness that is allowed, % of the target (DOMAIN 8). */
export const COMPLETENESS_PCT = { least: 99.7, most: 100.3 } as const;
/** Half a division of the finest scale, kg: sums of doses agree with the batch to this. */
const SUM_TOLERANCE_KG = 0.0005;

export interface BatchTotals {
  readonly batchId: string;
  readonly state: string;
  readonly targetKg: number;
  readonly actualKg: number;
  readonly dosedKg: number;
  readonly doses: number;
  readonly completenessPct: number;
}

export interface RecordTotals {
  readonly batches: readonly BatchTotals[];
  readonly bags: number;
  readonly bagsKg: number;
  readonly faults: readonly RecordFault[];
}

type Content = Readonly<Record<string, unknown>>;
const numberOf = (content: Content | undefined, name: string): number => {
  const value = content?.[name];
  return typeof value === 'number' ? value : 0;
};

/** What the last entry of each subject of a kind says. */
export function lastOf(entries: readonly ChainEntry[], kind: string): Content[] {
  const ofKind = entries.filter((entry) => entry.kind === kind);
  return [...new Map(ofKind.map((entry) => [entry.subject, entry.content])).values()];
}

const sum = (contents: readonly Content[], name: string): number =>
  contents.reduce((total, content) => total + numberOf(content, name), 0);

const rounded = (value: number, decimals: number) => Number(value.toFixed(decimals));

function batchTotals(entries: readonly ChainEntry[]): BatchTotals[] {
  const doses = Map.groupBy(lastOf(entries, 'dose'), (dose) => String(dose['batchId']));
  return lastOf(entries, 'batch').map((batch) => {
    const batchId = String(batch['batchId']);
    const own = doses.get(batchId) ?? [];
    const targetKg = numberOf(batch, 'targetKg');
    const actualKg = numberOf(batch, 'actualKg');
    return {
      batchId,
      state: String(batch['state']),
      targetKg,
      actualKg,
      dosedKg: rounded(sum(own, 'actualKg'), 6),
      doses: own.length,
      completenessPct: targetKg > 0 ? (actualKg / targetKg) * 100 : 0,
    };
  });
}

function batchFaults(batch: BatchTotals): RecordFault[] {
  if (batch.state !== 'Complete') return [];
  const faults: RecordFault[] = [];
  const { batchId, dosedKg, actualKg, completenessPct } = batch;
  if (Math.abs(dosedKg - actualKg) > SUM_TOLERANCE_KG) {
    const objects = {
      batch: batchId,
      dosedKg: rounded(dosedKg, 3),
      actualKg: rounded(actualKg, 3),
    };
    faults.push({ code: 'totals.doses', objects });
  }
  if (completenessPct < COMPLETENESS_PCT.least || completenessPct > COMPLETENESS_PCT.most) {
    const objects = { batch: batchId, completenessPct: rounded(completenessPct, 3) };
    faults.push({ code: 'totals.completeness', objects });
  }
  return faults;
}

/**
 * The sums of a record, and those that do not hold: doses against the batch, completeness of each
 * complete batch, and, once the order has ended, its batches and bags.
 */
export function totalsOf(entries: readonly ChainEntry[]): RecordTotals {
  const batches = batchTotals(entries);
  const bagEntries = lastOf(entries, 'bags');
  const bags = sum(bagEntries, 'bags');
  const bagsKg = rounded(sum(bagEntries, 'netKg'), 3);
  const faults = batches.flatMap(batchFaults);
  const order = lastOf(entries, 'order').at(-1);
  if (order !== undefined && order['state'] === 'Complete') {
    const orderBags = numberOf(order, 'bags');
    const orderBatches = numberOf(order, 'batchesDone');
    const done = batches.filter(({ state }) => state === 'Complete').length;
    if (orderBags !== bags) faults.push({ code: 'totals.bags', objects: { orderBags, bags } });
    if (orderBatches !== done) {
      faults.push({ code: 'totals.batches', objects: { orderBatches, batches: done } });
    }
  }
  return { batches, bags, bagsKg, faults };
}
