import type { Mill, RefillDefinition, RouteDefinition } from '../../mill/definition.ts';
import type { MachineSpec } from '../contract.ts';
import { hornOf, named, restored } from '../spec.ts';
import type { RefillInput } from './refill.context.ts';
import { refillMachine } from './refill.machine.ts';
import { routeMachine } from './route.machine.ts';
import type { RoutePlan } from './route-plan.ts';
import { routePlans, routeTags } from './route-plan.ts';
import type { RouteInput } from './route-rules.ts';

type Plans = Readonly<Record<string, RoutePlan>>;

const HOUR_MS = 3_600_000;

function placesOf(plans: Plans): string[] {
  return [...new Set(Object.values(plans).flatMap((plan) => plan.places))];
}

/** Each route with the other routes that share a place where rests of a product stay. */
function peersOf(plansOf: ReadonlyMap<string, Plans>): ReadonlyMap<string, string[]> {
  const byPlace = new Map<string, string[]>();
  for (const [route, plans] of plansOf) {
    for (const place of placesOf(plans)) {
      byPlace.set(place, [...(byPlace.get(place) ?? []), route]);
    }
  }
  const peers = new Map<string, Set<string>>();
  for (const sharing of byPlace.values()) {
    for (const route of sharing) {
      peers.set(route, new Set([...(peers.get(route) ?? []), ...sharing]));
    }
  }
  return new Map(
    [...peers].map(([route, all]) => [route, [...all].filter((one) => one !== route)]),
  );
}

function routeSpec(
  mill: Mill,
  route: RouteDefinition,
  plans: Plans,
  peers: readonly string[],
): MachineSpec {
  const input: RouteInput = {
    id: route.id,
    plans,
    aspirationRunOnS: route.aspirationRunOnS,
    horn: hornOf(mill, mill.deviceById.get(route.sources[0] ?? '')?.area),
    places: placesOf(plans),
    peers,
    carryOver: mill.carryOver,
  };
  return restored(route.id, routeMachine, input, named(routeTags(plans)), 2);
}

/** The scales that a bin feeds. */
function scalesBelow(mill: Mill, bin: string): string[] {
  const below = (id: string) => mill.flows.filter(({ from }) => from === id).map(({ to }) => to);
  return below(bin)
    .flatMap(below)
    .filter((id) => mill.deviceById.get(id)?.type === 'scale');
}

/** Other refilled bins out of which the same scale takes the same material, with their size, kg. */
function twinsOf(
  mill: Mill,
  refill: RefillDefinition,
  material: string | null,
): Record<string, number> {
  const scales = scalesBelow(mill, refill.id);
  const twins: Record<string, number> = {};
  for (const { id } of mill.refills) {
    const bin = mill.deviceById.get(id);
    if (id === refill.id || bin?.type !== 'bin' || bin.settings.material !== material) continue;
    if (scalesBelow(mill, id).some((scale) => scales.includes(scale))) {
      twins[id] = bin.settings.capacityKg;
    }
  }
  return twins;
}

function refillSpec(mill: Mill, refill: RefillDefinition, turn: number, plans: Plans): MachineSpec {
  const bin = mill.deviceById.get(refill.id);
  const material = bin?.type === 'bin' ? bin.settings.material : null;
  const route = mill.routes.find((one) => one.id === refill.route);
  const sources = (route?.sources ?? []).filter((id) => {
    const source = mill.deviceById.get(id);
    return source?.type === 'bin' && material !== null && source.settings.material === material;
  });
  const { startPct, stopPct } = refill;
  const id = `${refill.id}:refill`;
  const others = mill.refills.filter((one) => one.id !== refill.id);
  const twins = twinsOf(mill, refill, material);
  const isRival = (one: RefillDefinition) => one.route === refill.route && !(one.id in twins);
  const hoppers = others.filter((one) => sources.includes(one.id)).map((one) => one.id);
  const input: RefillInput = {
    id,
    bin: refill.id,
    material,
    capacityKg: bin?.type === 'bin' ? bin.settings.capacityKg : 0,
    route: refill.route,
    sources,
    startPct,
    stopPct,
    turn,
    twins,
    rivals: others.filter(isRival).map((one) => `${one.id}:refill`),
    upstream: hoppers.map((one) => `${one}:refill`),
    hoppers,
    runMinMs: runMinMs(mill, plans),
    tariff: grinds(mill, plans) ? (mill.tariff ?? null) : null,
  };
  const glances = [...hoppers, ...Object.keys(twins)].map((one) => `${one}.LevelPct`);
  const reads = {
    LevelPct: `${refill.id}.LevelPct`,
    RouteState: `${refill.route}.State`,
    ...named(sources.map((one) => `${one}.Low`)),
    ...named(glances),
  };
  return { ...restored(id, refillMachine, input, reads, 5), glances, follows: ['lots'] };
}

/** Runs of this length start no drive of the route more often than it may be in an hour, ms. */
function runMinMs(mill: Mill, plans: Plans): number {
  const limits = Object.values(plans)
    .flatMap((plan) => plan.devices)
    .flatMap(({ id }) => {
      const settings = mill.deviceById.get(id)?.settings;
      return settings !== undefined && 'startsPerHourMax' in settings
        ? [settings.startsPerHourMax]
        : [];
    });
  return HOUR_MS / Math.min(...limits);
}

/** Whether product of this route passes a hammer mill: that is what costs energy. */
function grinds(mill: Mill, plans: Plans): boolean {
  const devices = Object.values(plans).flatMap((plan) => plan.devices);
  return devices.some((one) => mill.deviceById.get(one.id)?.type === 'hammerMill');
}

/** The machines of the mill's routes, and of the bins that are refilled along them. */
export function buildRouteMachines(mill: Mill): MachineSpec[] {
  const turns = new Map<string, number>();
  const turnOf = ({ route }: RefillDefinition) => {
    const turn = turns.get(route) ?? 0;
    turns.set(route, turn + 1);
    return turn;
  };
  const plansOf = new Map(mill.routes.map((one) => [one.id, routePlans(mill, one)]));
  const peers = peersOf(plansOf);
  return [
    ...mill.routes.map((route) =>
      routeSpec(mill, route, plansOf.get(route.id) ?? {}, peers.get(route.id) ?? []),
    ),
    ...mill.refills.map((refill) =>
      refillSpec(mill, refill, turnOf(refill), plansOf.get(refill.route) ?? {}),
    ),
  ];
}
