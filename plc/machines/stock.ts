import type { DeviceOf, Mill } from '../mill/definition.ts';
import { handAddsOf } from '../mill/hand-adds.ts';
import { STOCK_ID } from '../model/stock.ts';
import type { MachineSpec } from './contract.ts';
import { named, restored } from './spec.ts';
import type { StockBin, StockInput } from './stock.context.ts';
import { stockMachine } from './stock.machine.ts';

/** Pits that trucks tip into: those with a light that lets them. */
function truckPits(mill: Mill): string[] {
  return mill.devices.flatMap((one) => (one.type === 'pitLight' ? [one.settings.pit] : []));
}

function stockBin({ settings }: DeviceOf<'bin'>): StockBin {
  const { capacityKg, material, lot, initialKg, kind } = settings;
  return {
    capacityKg,
    material,
    flow: settings.flow ?? 'mass',
    openingKg: initialKg,
    openingLot: lot,
    product: ['surge', 'press', 'finished'].includes(kind),
    watched: kind !== 'pit' && kind !== 'surge' && kind !== 'hopper',
  };
}

/** The machine that keeps the stock of the whole mill. */
export function buildStockMachine(mill: Mill): MachineSpec {
  const bins = mill.devices.filter((one): one is DeviceOf<'bin'> => one.type === 'bin');
  const levels = bins.map(({ id }) => `${id}.LevelPct`);
  const input: StockInput = {
    id: STOCK_ID,
    bins: Object.fromEntries(bins.map((bin) => [bin.id, stockBin(bin)])),
    surges: Object.fromEntries(
      mill.lines.flatMap((line) =>
        [...line.scales, ...handAddsOf(mill, line).map(({ id }) => id)].map(
          (scale) => [scale, line.surge] as const,
        ),
      ),
    ),
    baggers: mill.devices.filter((one) => one.type === 'bagger').map((one) => one.id),
    truckPits: truckPits(mill),
  };
  return {
    ...restored(STOCK_ID, stockMachine, input, named(levels)),
    glances: levels,
    hears: ['dose', 'batch', 'bag', 'movement', 'truck'],
    follows: ['route'],
  };
}
