import type { Mill } from '../../mill/definition.ts';
import { dumpHoppers, sackBins } from '../../mill/sack-bins.ts';
import { SACKS_ID } from '../../model/sacks.ts';
import type { MachineSpec } from '../contract.ts';
import { named, restored } from '../spec.ts';
import type { DumpInput } from './dump.context.ts';
import { dumpMachine } from './dump.machine.ts';
import { emptyMsOf } from './intake.ts';
import type { SacksInput } from './sacks.machine.ts';
import { sacksMachine } from './sacks.machine.ts';

/** A bin is asked for below this, and filled up to that, %: the levels of all refills. */
const START_PCT = 40;
const STOP_PCT = 85;

/** The machines behind sacks: the list of what to bring, and one for each dump hopper. */
export function buildSackMachines(mill: Mill): MachineSpec[] {
  const bins = sackBins(mill);
  if (bins.length === 0) return [];
  const tasks: SacksInput = { id: SACKS_ID, bins, startPct: START_PCT, stopPct: STOP_PCT };
  const levels = bins.map(({ bin }) => `${bin}.LevelPct`);
  const desk = restored(SACKS_ID, sacksMachine, tasks, named(levels));
  const hoppers = dumpHoppers(mill).map(({ hopper, route }) => {
    const own = bins.filter((one) => one.hopper === hopper);
    const input: DumpInput = {
      id: `${hopper}:unit`,
      hopper,
      route: route.id,
      bins: own,
      emptyMs: emptyMsOf(mill, hopper),
      carryOver: mill.carryOver,
    };
    const looks = named(own.map(({ bin }) => `${bin}.LevelPct`));
    const reads = {
      ...looks,
      ...named(own.map(({ bin }) => `${bin}.High`)),
      Low: `${hopper}.Low`,
      RouteState: `${route.id}.State`,
    };
    const spec = restored(input.id, dumpMachine, input, reads);
    return { ...spec, glances: Object.keys(looks), follows: ['lots' as const] };
  });
  return [{ ...desk, glances: levels }, ...hoppers];
}
