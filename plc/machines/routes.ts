import type { Mill, RefillDefinition, RouteDefinition } from '../mill/definition.ts';
import type { MachineSpec } from './contract.ts';
import type { RefillInput } from './refill.machine.ts';
import { refillMachine } from './refill.machine.ts';
import { routeMachine } from './route.machine.ts';
import { routePlans, routeTags } from './route-plan.ts';
import type { RouteInput } from './route-rules.ts';
import { hornOf, named, restored } from './spec.ts';

function routeSpec(mill: Mill, route: RouteDefinition): MachineSpec {
  const plans = routePlans(mill, route);
  const input: RouteInput = {
    id: route.id,
    plans,
    aspirationRunOnS: route.aspirationRunOnS,
    horn: hornOf(mill, mill.deviceById.get(route.sources[0] ?? '')?.area),
  };
  return restored(route.id, routeMachine, input, named(routeTags(plans)), 2);
}

function refillSpec(mill: Mill, refill: RefillDefinition, turn: number): MachineSpec {
  const bin = mill.deviceById.get(refill.id);
  const material = bin?.type === 'bin' ? bin.settings.material : null;
  const route = mill.routes.find((one) => one.id === refill.route);
  const sources = (route?.sources ?? []).filter((id) => {
    const source = mill.deviceById.get(id);
    return source?.type === 'bin' && material !== null && source.settings.material === material;
  });
  const { startPct, stopPct } = refill;
  const id = `${refill.id}:refill`;
  const rivals = mill.refills
    .filter((one) => one.route === refill.route && one.id !== refill.id)
    .map((one) => `${one.id}:refill`);
  const input: RefillInput = {
    id,
    bin: refill.id,
    route: refill.route,
    sources,
    startPct,
    stopPct,
    turn,
    rivals,
  };
  const reads = {
    LevelPct: `${refill.id}.LevelPct`,
    RouteState: `${refill.route}.State`,
    ...named(sources.map((one) => `${one}.Low`)),
  };
  return restored(id, refillMachine, input, reads, 2);
}

/** The machines of the mill's routes, and of the bins that are refilled along them. */
export function buildRouteMachines(mill: Mill): MachineSpec[] {
  const turns = new Map<string, number>();
  const turnOf = ({ route }: RefillDefinition) => {
    const turn = turns.get(route) ?? 0;
    turns.set(route, turn + 1);
    return turn;
  };
  return [
    ...mill.routes.map((route) => routeSpec(mill, route)),
    ...mill.refills.map((refill) => refillSpec(mill, refill, turnOf(refill))),
  ];
}
