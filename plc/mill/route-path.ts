import type { FlowDefinition, MillDefinition, RouteDefinition, RouteStep } from './definition.ts';

type Ways = Pick<MillDefinition, 'devices' | 'flows'>;

/** Where product goes on from each device it may pass through; made once for each mill. */
const onwardOf = new WeakMap<MillDefinition['flows'], ReadonlyMap<string, FlowDefinition[]>>();
const passableOf = new WeakMap<MillDefinition['devices'], ReadonlySet<string>>();

function onward({ flows }: Ways): ReadonlyMap<string, FlowDefinition[]> {
  const known = onwardOf.get(flows);
  if (known !== undefined) return known;
  const made = Map.groupBy(flows, (flow) => flow.from);
  onwardOf.set(flows, made);
  return made;
}

/** Devices that product goes on from; in a bin other than a hopper it has arrived. */
function passable({ devices }: Ways): ReadonlySet<string> {
  const known = passableOf.get(devices);
  if (known !== undefined) return known;
  const open = devices.filter((one) => one.type !== 'bin' || one.settings.kind === 'hopper');
  const made = new Set(open.map((one) => one.id));
  passableOf.set(devices, made);
  return made;
}

/**
 * The shortest way for product between two devices along the mill's flows, both ends included, or
 * null where there is none. It does not lead through a bin other than a hopper.
 */
export function routePath(mill: Ways, from: string, to: string): RouteStep[] | null {
  const known = onward(mill);
  const through = passable(mill);
  const cameFrom = new Map<string, { from: string; port: number | null }>();
  const frontier = [from];
  for (const at of frontier) {
    if (at === to) break;
    if (at !== from && !through.has(at)) continue;
    for (const flow of known.get(at) ?? []) {
      if (flow.to === from || cameFrom.has(flow.to)) continue;
      cameFrom.set(flow.to, { from: at, port: flow.port });
      frontier.push(flow.to);
    }
  }
  if (from !== to && !cameFrom.has(to)) return null;
  const steps: RouteStep[] = [{ device: to, port: null }];
  for (let at = to; at !== from; ) {
    const step = cameFrom.get(at);
    if (step === undefined) return null;
    steps.unshift({ device: step.from, port: step.port });
    at = step.from;
  }
  return steps;
}

/** Each pair of a route's source and destination that no flow joins. */
export function routeHoles(
  mill: Pick<MillDefinition, 'devices' | 'flows'>,
  route: RouteDefinition,
): { from: string; to: string }[] {
  return route.sources.flatMap((from) =>
    route.destinations
      .filter((to) => routePath(mill, from, to) === null)
      .map((to) => ({ from, to })),
  );
}
