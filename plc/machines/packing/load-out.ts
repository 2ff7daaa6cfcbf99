import type { DeviceOf, Mill } from '../../mill/definition.ts';
import type { MachineSpec } from '../contract.ts';
import { named, restored, roles } from '../spec.ts';
import { loadOutMachine } from './load-out.machine.ts';
import type { LoadOutInput } from './load-out-rules.ts';

/** How long product is on its way to the spout: the clean-out time of the longest conveyor, ms. */
function travelMs(mill: Mill, id: string): number {
  const times = mill.flows
    .filter(({ to }) => to === id)
    .map(({ from }) => mill.deviceById.get(from))
    .map((one) => (one !== undefined && 'cleanOutS' in one.settings ? one.settings.cleanOutS : 0));
  return 1000 * Math.max(0, ...times);
}

/** The machine of a load-out spout; null where no route leads a finished bin to it. */
export function loadOutSpec(mill: Mill, { id, settings }: DeviceOf<'loadOut'>): MachineSpec | null {
  const leading = mill.routes.filter(({ destinations }) => destinations.includes(id));
  const routes = Object.fromEntries(
    leading.flatMap((route) => route.sources.map((bin) => [bin, route.id])),
  );
  const bins = Object.keys(routes);
  if (bins.length === 0) return null;
  const input: LoadOutInput = {
    id,
    routes,
    compartmentKgMax: settings.compartmentKgMax,
    flowKgPerS: settings.flowTPerH / 3.6,
    travelMs: travelMs(mill, id),
    carryOver: mill.carryOver,
  };
  const reads = {
    ...roles(id, 'TruckInPlace', 'SpoutDown', 'Fault', 'Compartment', 'TargetKg', 'ActualKg'),
    ...named(leading.map((route) => `${route.id}.State`)),
    ...named(bins.map((bin) => `${bin}.Released`)),
  };
  return { ...restored(id, loadOutMachine, input, reads, 2), follows: ['bin'] };
}
