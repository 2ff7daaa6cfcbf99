import type { DeviceOf, Mill } from '../../mill/definition.ts';
import { handAddsOf } from '../../mill/hand-adds.ts';
import { drugMaterials, dumpHoppers } from '../../mill/sack-bins.ts';
import { BAG_STORE } from '../../model/sacks.ts';
import { STOCK_ID } from '../../model/stock.ts';
import type { MachineSpec } from '../contract.ts';
import { named, restored } from '../spec.ts';
import type { StockBin, StockInput } from './stock.context.ts';
import { stockMachine } from './stock.machine.ts';

/**
 * Pits that trucks tip into, with a light that lets them, and hoppers that sacks are dumped into.
 */
function weighedPits(mill: Mill): string[] {
  const lit = mill.devices.flatMap((one) => (one.type === 'pitLight' ? [one.settings.pit] : []));
  return [...lit, ...dumpHoppers(mill).map(({ hopper }) => hopper)];
}

/** The store of sacks: a place of the book that no level watches. */
const STORE: StockBin = {
  capacityKg: 0,
  material: null,
  flow: 'store',
  openingKg: 0,
  openingLot: null,
  product: false,
  watched: false,
  tagged: false,
};

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
    tagged: true,
  };
}

/** The machine that keeps the stock of the whole mill. */
export function buildStockMachine(mill: Mill): MachineSpec {
  const bins = mill.devices.filter((one): one is DeviceOf<'bin'> => one.type === 'bin');
  const levels = bins.map(({ id }) => `${id}.LevelPct`);
  const input: StockInput = {
    id: STOCK_ID,
    bins: { ...Object.fromEntries(bins.map((bin) => [bin.id, stockBin(bin)])), [BAG_STORE]: STORE },
    surges: Object.fromEntries(
      mill.lines.flatMap((line) =>
        [...line.scales, ...(line.meters ?? []), ...handAddsOf(mill, line).map(({ id }) => id)].map(
          (scale) => [scale, line.surge] as const,
        ),
      ),
    ),
    baggers: mill.devices.filter((one) => one.type === 'bagger').map((one) => one.id),
    weighedPits: weighedPits(mill),
    hatches: mill.lines.flatMap((line) => handAddsOf(mill, line).map(({ id }) => id)),
    store: BAG_STORE,
    drugs: drugMaterials(mill),
    carryOver: mill.carryOver,
  };
  return {
    ...restored(STOCK_ID, stockMachine, input, named(levels), 2),
    glances: levels,
    hears: ['dose', 'batch', 'bag', 'movement', 'truck'],
    follows: ['route', 'lots'],
  };
}
