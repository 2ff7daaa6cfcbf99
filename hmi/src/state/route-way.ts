import type { MillView } from '../../../server/contract/rest.ts';

/** Product that has come into a bin has arrived; only a hopper lets it pass. */
function passes(device: MillView['devices'][number] | undefined): boolean {
  return device !== undefined && (device.type !== 'bin' || device.settings['kind'] === 'hopper');
}

/**
 * The devices that product passes from one device to another by the shortest way along the mill's
 * flows, both ends included; empty where no way leads there.
 */
export function routeWay(
  mill: Pick<MillView, 'devices' | 'flows'>,
  from: string,
  to: string,
): string[] {
  const devices = new Map(mill.devices.map((one) => [one.id, one]));
  const cameFrom = new Map<string, string>();
  const frontier = [from];
  for (let at = frontier.shift(); at !== undefined && at !== to; at = frontier.shift()) {
    if (at !== from && !passes(devices.get(at))) continue;
    for (const flow of mill.flows) {
      if (flow.from !== at || flow.to === from || cameFrom.has(flow.to)) continue;
      cameFrom.set(flow.to, at);
      frontier.push(flow.to);
    }
  }
  const way = [to];
  for (let at = to; at !== from; ) {
    const before = cameFrom.get(at);
    if (before === undefined) return [];
    way.unshift(before);
    at = before;
  }
  return way;
}
