import type { MillDefinition, RouteDefinition, RouteStep } from './definition.ts';

/**
 * The shortest way for product between two devices along the mill's flows, both ends included, or
 * null where there is none. It does not lead through a bin other than a hopper: product in a bin
 * has arrived.
 */
export function routePath(
  mill: Pick<MillDefinition, 'devices' | 'flows'>,
  from: string,
  to: string,
): RouteStep[] | null {
  const through = new Map(
    mill.devices.map((one) => [one.id, one.type !== 'bin' || one.settings.kind === 'hopper']),
  );
  const cameFrom = new Map<string, { from: string; port: number | null }>();
  const frontier = [from];
  for (let at = frontier.shift(); at !== undefined && at !== to; at = frontier.shift()) {
    if (at !== from && !through.get(at)) continue;
    for (const flow of mill.flows) {
      if (flow.from !== at || flow.to === from || cameFrom.has(flow.to)) continue;
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
