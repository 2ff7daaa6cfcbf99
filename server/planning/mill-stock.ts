import type { Mill } from '../../plc/mill/definition.ts';
import type { StatusDocument } from '../../plc/model/status.ts';
import type { PlanStart } from './plan-types.ts';

/** Kinds of bins whose material can still be dosed. */
const STOCK_KINDS: ReadonlySet<string> = new Set(['silo', 'dosing', 'micro', 'tank']);

/** What a bin holds, kg; null: not known. */
export type BinKg = (bin: string) => number | null;

/** A tank whose pump sprays on pellets: what is in it is not dosed. */
function coats(mill: Mill, bin: string): boolean {
  const below = (id: string) => mill.flows.filter(({ from }) => from === id).map(({ to }) => to);
  return below(bin)
    .flatMap(below)
    .some((id) => mill.deviceById.get(id)?.type === 'coater');
}

/** What the controller shows of stock and of lots. */
export type StockDocuments = readonly StatusDocument[];

/**
 * What of a bin may be used, kg: its level without the lots that are in quarantine or have expired,
 * by the layers of the book. Null where the level is not known.
 */
export function usableKg(documents: StockDocuments, bin: string, levelKg: number | null) {
  if (levelKg === null) return null;
  const register = documents.find((one) => one.kind === 'lots');
  const book = documents.find((one) => one.kind === 'stock' && one.bin === bin);
  if (register?.kind !== 'lots' || book?.kind !== 'stock') return levelKg;
  const barred = new Set(
    register.lots.flatMap(({ lot, quarantinedBy, expired }) =>
      quarantinedBy !== null || expired ? [lot] : [],
    ),
  );
  const barredKg = book.layers
    .flat()
    .reduce((sum, { lot, kg }) => sum + (lot !== null && barred.has(lot) ? kg : 0), 0);
  return Math.max(0, levelKg - barredKg);
}

/** The material in storage and dosing bins together, kg. What is not known is not counted. */
export function stockOf(mill: Mill, kgOf: BinKg): Map<string, number> {
  const stock = new Map<string, number>();
  for (const device of mill.devices) {
    if (device.type !== 'bin' || !STOCK_KINDS.has(device.settings.kind)) continue;
    const { material } = device.settings;
    if (material === null || coats(mill, device.id)) continue;
    stock.set(material, (stock.get(material) ?? 0) + (kgOf(device.id) ?? 0));
  }
  return stock;
}

/** A mill as its file describes it new: finished bins empty, ways clean, storage as filled. */
export function newMillStart(mill: Mill, nowMs: number): PlanStart {
  const kgOf = (id: string) => {
    const device = mill.deviceById.get(id);
    return device?.type === 'bin' ? device.settings.initialKg : null;
  };
  return {
    nowMs,
    finished: new Map(),
    traces: new Map(),
    diesMm: new Map(),
    screenMm: null,
    stockKg: stockOf(mill, kgOf),
    busyUntilMs: new Map(),
  };
}
