import type { DeviceDefinition, DeviceTypeName, Mill } from '../../plc/mill/definition.ts';
import { isPositioner } from '../../plc/mill/definition.ts';
import { PresentFaults } from '../faults/present.ts';
import { BEHAVIOURS } from './behaviours.ts';
import { emptyBlend } from './blend.ts';
import type { Item, MillState } from './item.ts';
import { Roster } from './roster.ts';

/** Emergency stops of a drive: those its interlocks name, else those of its area. */
function emergencyStopsOf(mill: Mill, device: DeviceDefinition): string[] {
  const stops = mill.devices.filter((one) => one.type === 'safety');
  const tags = new Set(device.interlocks.map((one) => one.tag));
  const named = stops.filter((stop) => tags.has(`${stop.id}.EStop`));
  const chosen = named.length > 0 ? named : stops.filter((stop) => stop.area === device.area);
  return chosen.map((stop) => stop.id);
}

/** Devices so that each comes after all it discharges into; a loop is cut where it is met. */
function downstreamFirst(items: readonly Item[]): Item[] {
  const ordered: Item[] = [];
  const met = new Set<Item>();
  const visit = (item: Item): void => {
    if (met.has(item)) return;
    met.add(item);
    for (const outlet of item.outlets) visit(outlet.to);
    ordered.push(item);
  };
  for (const item of items) visit(item);
  return ordered;
}

/** What feeds others, and so is held while they can take nothing. */
const FEEDING: ReadonlySet<DeviceTypeName> = new Set([
  'motor',
  'conveyor',
  'pump',
  'feeder',
  'gate',
  'valve',
]);

/** What a device discharges into, seen through diverters. */
function taking(item: Item): Item[] {
  return item.outlets.flatMap(({ to }) => (isPositioner(to.device) ? taking(to) : [to]));
}

/**
 * The hard-wired interlocks of a field's controllers: what feeds a leg or a scale is held by it,
 * the feeder of a press or hammer mill by its machine.
 */
function holdersOf(item: Item, items: readonly Item[]): Item[] {
  if (!FEEDING.has(item.device.type)) return [];
  const fed = items.filter(({ device }) => {
    const grinds = device.type === 'press' || device.type === 'hammerMill';
    return grinds && device.settings.feeder === item.id;
  });
  const next = taking(item).filter(({ device }) => {
    return device.type === 'elevator' || device.type === 'scale';
  });
  return [...fed, ...next];
}

function tagNamesOf(mill: Mill): Map<string, Map<string, string>> {
  const byDevice = new Map<string, Map<string, string>>();
  for (const { device, role, name } of mill.tags) {
    if (device === null) continue;
    const names = byDevice.get(device) ?? new Map<string, string>();
    names.set(role, name);
    byDevice.set(device, names);
  }
  return byDevice;
}

function connectFlows(mill: Mill, byId: ReadonlyMap<string, Item>): void {
  for (const flow of mill.flows) {
    const from = byId.get(flow.from);
    const to = byId.get(flow.to);
    if (from === undefined || to === undefined) continue;
    from.outlets.push({ to, port: flow.port });
    to.inlets.push(from);
  }
}

/**
 * A new simulated mill: all standing, bins filled as the mill file says, no heartbeat heard yet.
 * @param seed same seed, same outputs: same mill, to the milligram.
 */
export function createState(mill: Mill, seed: number): MillState {
  const byId = new Map<string, Item>();
  const tagNames = tagNamesOf(mill);
  const state: MillState = {
    mill,
    items: [],
    roster: new Roster([]),
    moved: [],
    byId,
    byType: new Map(),
    byTag: new Map(),
    safe: new Set(),
    faultsSeen: -1,
    heartbeats: [],
    chance: { seed: seed | 0 },
    faults: new PresentFaults(),
    timeMs: 0,
    owedMs: 0,
    speed: 1,
    substances: [],
    sources: {},
    losses: {},
    bags: { count: 0, content: emptyBlend() },
    trucks: [],
    scenario: null,
  };
  for (const device of mill.devices) {
    const behaviour = BEHAVIOURS[device.type];
    byId.set(device.id, {
      id: device.id,
      device,
      behaviour,
      state: behaviour.create(device, state),
      outlets: [],
      inlets: [],
      tagNames: tagNames.get(device.id) ?? new Map(),
      emergencyStops: emergencyStopsOf(mill, device),
      lockedBy: [],
      phase: byId.size,
      place: -1,
      fresh: true,
      touched: true,
    });
  }
  connectFlows(mill, byId);
  const all = [...byId.values()];
  for (const item of all) Object.assign(item, { lockedBy: holdersOf(item, all) });
  const heartbeats = all.filter((item) => item.device.type === 'heartbeat');
  const items = downstreamFirst(all).filter((item) => item.device.type !== 'heartbeat');
  return {
    ...state,
    items,
    heartbeats,
    roster: new Roster(items),
    moved: [...items],
    byTag: new Map(
      all.flatMap((item) => [...item.tagNames.values()].map((tag) => [tag, item] as const)),
    ),
    byType: Map.groupBy(all, (item) => item.device.type),
  };
}
