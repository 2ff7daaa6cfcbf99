import type { Mill } from '../mill/definition.ts';
import { buildBatchMachines } from './batching.ts';
import type { MachineSpec } from './contract.ts';
import { buildIntakeMachines } from './intake.ts';
import { lotsSpec } from './lots.machine.ts';
import { buildControlModules } from './modules.ts';
import { buildPalletiserMachines } from './palletisers.ts';
import { buildRouteMachines } from './routes.ts';
import { buildSackMachines } from './sacks.ts';
import { buildSiloMachines } from './silos.ts';
import { buildStockMachine } from './stock.ts';
import { buildTransferMachines } from './transfers.ts';
import { buildUnitMachines } from './units.ts';
import { buildUtilityMachines } from './utilities.ts';

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
