import type { Mill } from '../mill/definition.ts';
import { buildBatchMachines } from './batching.ts';
import type { MachineSpec } from './contract.ts';
import { buildControlMachines } from './control.ts';

/** Every machine of a mill: control modules, routes and units, then scales, mixers and lines. */
export function buildMachines(mill: Mill): MachineSpec[] {
  return [...buildControlMachines(mill), ...buildBatchMachines(mill)];
}
