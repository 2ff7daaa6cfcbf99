/**
 * Goal: the three accounts of raw material side by side: the stock keeper's book, the doses, and
 * what really lies in the simulated bins.
 */
import type { DoseRecord } from '../../plc/model/record.ts';
import type { StockRecord } from '../../plc/model/record-stock.ts';
import type { StockStatus } from '../../plc/model/stock.ts';
import { contentOf } from '../../simulators/process/index.ts';
import type { VirtualMill } from './virtual-mill.ts';

/** Bins of raw material: what lies behind them is product. */
const RAW = ['pit', 'silo', 'hopper', 'dosing', 'micro', 'tank'];

export interface Account {
  readonly bookKg: number;
  readonly simulatedKg: number;
  readonly dosedKg: number;
}

function add(sums: Map<string, number>, material: string | null, kg: number): void {
  if (material !== null) sums.set(material, (sums.get(material) ?? 0) + kg);
}

export async function stockRecords(mill: VirtualMill): Promise<readonly StockRecord[]> {
  return (await mill.records()).filter((one): one is StockRecord => one.kind === 'stock');
}

export function stockOf(mill: VirtualMill): readonly StockStatus[] {
  return mill.status('stock').filter((one) => one.kind === 'stock');
}

/** Book, simulated content and doses of each raw material, kg. */
export async function accounts(mill: VirtualMill): Promise<Map<string, Account>> {
  const book = new Map<string, number>();
  const real = new Map<string, number>();
  const dosed = new Map<string, number>();
  const raw = mill.controller.mill.devices.flatMap((one) =>
    one.type === 'bin' && RAW.includes(one.settings.kind) ? [one.id] : [],
  );
  for (const { bin, material, bookKg } of stockOf(mill)) {
    if (!raw.includes(bin)) continue;
    const layers =
      stockOf(mill)
        .find((one) => one.bin === bin)
        ?.layers.flat() ?? [];
    for (const portion of layers) add(book, portion.material, portion.kg);
    const owedKg = layers.reduce((sum, one) => sum + one.kg, 0) - bookKg;
    add(book, material, -owedKg);
  }
  for (const bin of raw) {
    for (const { parts } of contentOf(mill.field, bin)) {
      for (const { material, kg } of parts) add(real, material, kg);
    }
  }
  const doses = (await mill.records()).filter((one): one is DoseRecord => one.kind === 'dose');
  for (const { material, actualKg } of doses) add(dosed, material, actualKg);
  return new Map(
    [...real].map(([material, simulatedKg]) => [
      material,
      { simulatedKg, bookKg: book.get(material) ?? 0, dosedKg: dosed.get(material) ?? 0 },
    ]),
  );
}
