/**
 * Goal: a part of a mill as a mill of its own, so that a test of one line need not carry the other
 * five thousand tags along.
 */
import { defineMill } from '../../plc/mill/define-mill.ts';
import type { DeviceDefinition, Mill } from '../../plc/mill/definition.ts';
import { routeHoles } from '../../plc/mill/route-path.ts';

/** The devices that are kept, and all that can be without the others. */
export function partOf(mill: Mill, keep: (device: DeviceDefinition) => boolean): Mill {
  const kept = mill.devices.filter(keep);
  const ids = new Set(kept.map(({ id }) => id));
  const has = (id: string) => ids.has(id);
  const known = ({ tag }: { readonly tag: string }) => has(tag.split('.')[0] ?? '');
  const devices = kept.map((device) => ({
    ...device,
    permissives: device.permissives.filter(known),
    interlocks: device.interlocks.filter(known),
  }));
  const areas = new Set(devices.map(({ area }) => area));
  const flows = mill.flows.filter(({ from, to }) => has(from) && has(to));
  const routes = mill.routes
    .map((route) => ({
      ...route,
      sources: route.sources.filter(has),
      destinations: route.destinations.filter(has),
      aspiration: route.aspiration.filter(has),
    }))
    .filter(({ sources, destinations }) => sources.length > 0 && destinations.length > 0)
    .filter((route) => routeHoles({ devices, flows }, route).length === 0);
  const leads = (id: string) => routes.some((route) => route.id === id);
  const finished = (bins: readonly string[]) => bins.filter(has);
  return defineMill({
    ...mill,
    connections: mill.connections.filter(({ id }) => devices.some((one) => one.connection === id)),
    areas: mill.areas.filter(({ id }) => areas.has(id)),
    displays: mill.displays
      .map((one) => ({ ...one, areas: one.areas.filter((area) => areas.has(area)) }))
      .filter((one) => one.areas.length > 0),
    devices,
    flows,
    routes,
    lines: mill.lines
      .filter(({ mixer }) => has(mixer))
      .map((line) => ({
        ...line,
        finishedBins: finished(line.finishedBins),
        presses: line.presses.filter(has),
        baggers: line.baggers.filter(has),
      })),
    pressLines: mill.pressLines.filter(({ press }) => has(press)),
    baggingLines: mill.baggingLines
      .filter(({ bagger }) => has(bagger))
      .map((one) => ({ ...one, bins: finished(one.bins) })),
    refills: mill.refills.filter(({ id, route }) => has(id) && leads(route)),
  } as Parameters<typeof defineMill>[0]);
}
