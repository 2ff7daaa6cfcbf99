import type { BinKind, Mill, RouteDefinition } from '../../mill/definition.ts';
import type { MachineSpec } from '../contract.ts';
import type { RoutePlan } from '../routes/route-plan.ts';
import { routePlans } from '../routes/route-plan.ts';
import { named, restored } from '../spec.ts';
import type { TransferBin, TransferInput } from './transfer.context.ts';
import { transferMachine } from './transfer.machine.ts';

/** Bins that keep what is put into them: product only passes through the others. */
const KEEPING: readonly BinKind[] = ['silo', 'hopper', 'dosing', 'micro', 'tank', 'finished'];

function keepingBin(mill: Mill, id: string): TransferBin | null {
  const device = mill.deviceById.get(id);
  if (device?.type !== 'bin' || !KEEPING.includes(device.settings.kind)) return null;
  const { capacityKg, highPct, kind, material } = device.settings;
  return { capacityKg, highPct, kind, material };
}

/** The hoppers on any way of a route, with their capacity, kg. */
function hoppersOf(mill: Mill, plans: readonly RoutePlan[]): Record<string, number> {
  const ids = plans.flatMap(({ hoppers }) => hoppers.map(({ id }) => id));
  return Object.fromEntries(
    ids.flatMap((id) => {
      const device = mill.deviceById.get(id);
      return device?.type === 'bin' ? [[id, device.settings.capacityKg]] : [];
    }),
  );
}

function transferSpec(mill: Mill, route: RouteDefinition): MachineSpec | null {
  const bins: Record<string, TransferBin> = {};
  for (const id of [...route.sources, ...route.destinations]) {
    const bin = keepingBin(mill, id);
    if (bin !== null) bins[id] = bin;
  }
  const has = (id: string | undefined) => id !== undefined && bins[id] !== undefined;
  const plans = routePlans(mill, route);
  const ways = Object.keys(plans).filter((way) => way.split('>').every(has));
  if (ways.length === 0) return null;
  const ids = Object.keys(bins);
  const id = `${route.id}:unit`;
  const hoppers = hoppersOf(mill, Object.values(plans));
  const { carryOver } = mill;
  const input: TransferInput = { id, route: route.id, bins, ways, hoppers, carryOver };
  const levels = named([...ids, ...Object.keys(hoppers)].map((bin) => `${bin}.LevelPct`));
  const reads = {
    ...levels,
    ...named(ids.flatMap((bin) => [`${bin}.Low`, `${bin}.High`])),
    RouteState: `${route.id}.State`,
  };
  const spec = restored(id, transferMachine, input, reads);
  return { ...spec, glances: Object.keys(levels), follows: ['lots', 'bin'] };
}

/** The transfer units: one for each route that leads from one bin that keeps product to another. */
export function buildTransferMachines(mill: Mill): MachineSpec[] {
  return mill.routes.map((route) => transferSpec(mill, route)).filter((one) => one !== null);
}
