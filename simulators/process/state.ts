import type { DeviceDefinition, Mill } from '../../plc/mill/definition.ts';
import { BEHAVIOURS } from './behaviours.ts';
import { emptyBlend } from './blend.ts';
import type { Item, MillState } from './item.ts';

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

/** Heartbeats first, so that a safe state acts in the step it is reached. */
function stepOrder(items: readonly Item[]): Item[] {
  const beats = items.filter((item) => item.device.type === 'heartbeat');
  return [...beats, ...downstreamFirst(items).filter((item) => !beats.includes(item))];
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
  const state: MillState = {
    mill,
    items: [],
    byId,
    chance: { seed: seed | 0 },
    timeMs: 0,
    speed: 1,
    substances: [],
    sources: {},
    losses: {},
    bags: { count: 0, content: emptyBlend() },
    trucks: [],
    faults: [],
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
      emergencyStops: emergencyStopsOf(mill, device),
    });
  }
  connectFlows(mill, byId);
  return { ...state, items: stepOrder([...byId.values()]) };
}
