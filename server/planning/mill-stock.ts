import type { Mill } from '../../plc/mill/definition.ts';
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
