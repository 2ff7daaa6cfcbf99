import type { Mill } from '../mill/definition.ts';
import { buildBatchMachines } from './batching/batching.ts';
import type { MachineSpec } from './contract.ts';
import { buildControlModules } from './devices/modules.ts';
import { buildIntakeMachines } from './intake/intake.ts';
import { buildSackMachines } from './intake/sacks.ts';
import { buildPalletiserMachines } from './packing/palletisers.ts';
import { buildRouteMachines } from './routes/routes.ts';
import { lotsSpec } from './stock/lots.machine.ts';
import { buildStockMachine } from './stock/stock.ts';
import { buildTransferMachines } from './stock/transfers.ts';
import { buildSiloMachines } from './storage/silos.ts';
import { buildUnitMachines } from './units.ts';
import { buildUtilityMachines } from './utilities/utilities.ts';

/** The machines of a mill below its batches: control modules, routes with their refills, units. */
export function buildControlMachines(mill: Mill): MachineSpec[] {
  return [
    ...buildControlModules(mill),
    ...buildRouteMachines(mill),
    ...buildUnitMachines(mill),
    ...buildPalletiserMachines(mill),
    ...buildUtilityMachines(mill),
    ...buildSiloMachines(mill),
  ];
}

/** Every machine of a mill: control modules, routes and units, then scales, mixers and lines. */
export function buildMachines(mill: Mill): MachineSpec[] {
  return [
    ...buildControlMachines(mill),
    ...buildBatchMachines(mill),
    ...buildIntakeMachines(mill),
    ...buildSackMachines(mill),
    ...buildTransferMachines(mill),
    lotsSpec(),
    buildStockMachine(mill),
  ];
}
