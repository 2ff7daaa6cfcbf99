import type { Device, MillView } from './view-types.ts';

type Flow = MillView['flows'][number];
export type Plan = Pick<MillView, 'devices' | 'flows' | 'displays'>;

/** Where flows of one device leave a display for another one, or come from it. */
export interface Connector {
  /** The device on this display. */
  readonly device: string;
  readonly direction: 'in' | 'out';
  /** The other display. */
  readonly display: string;
  /** The devices there, in the order of the flows. */
  readonly others: readonly string[];
  readonly flows: readonly Flow[];
}

/** What one display draws. */
export interface DisplayPart {
  readonly devices: readonly Device[];
  readonly flows: readonly Flow[];
  readonly connectors: readonly Connector[];
}

/** The display of each device, by its area. */
export function displayByDevice(plan: Plan): ReadonlyMap<string, string> {
  const ofArea = new Map(
    plan.displays.flatMap((one) => one.areas.map((area) => [area, one.id] as const)),
  );
  return new Map(plan.devices.map((one) => [one.id, ofArea.get(one.area) ?? '']));
}

/** The devices and flows of a display, and its off-page connectors. */
export function partOf(plan: Plan, display: string): DisplayPart {
  const where = displayByDevice(plan);
  const connectors = new Map<string, Connector & { others: string[]; flows: Flow[] }>();
  const flows: Flow[] = [];
  const leave = (flow: Flow, direction: Connector['direction']): void => {
    const [device, other] = direction === 'out' ? [flow.from, flow.to] : [flow.to, flow.from];
    const there = where.get(other);
    if (there === undefined) return;
    const key = `${device} ${direction} ${there}`;
    const known = connectors.get(key) ?? {
      device,
      direction,
      display: there,
      others: [],
      flows: [],
    };
    connectors.set(key, known);
    known.others.push(other);
    known.flows.push(flow);
  };
  for (const flow of plan.flows) {
    const starts = where.get(flow.from) === display;
    const ends = where.get(flow.to) === display;
    if (starts && ends) flows.push(flow);
    else if (starts) leave(flow, 'out');
    else if (ends) leave(flow, 'in');
  }
  return {
    devices: plan.devices.filter((one) => where.get(one.id) === display),
    flows,
    connectors: [...connectors.values()],
  };
}

/** Which displays product flows to from each display, in the order of the displays. */
export function displaysFedBy(plan: Plan): ReadonlyMap<string, readonly string[]> {
  const where = displayByDevice(plan);
  const feeds = new Map<string, Set<string>>(plan.displays.map((one) => [one.id, new Set()]));
  for (const flow of plan.flows) {
    const [from, to] = [where.get(flow.from), where.get(flow.to)];
    if (from !== undefined && to !== undefined && from !== to) feeds.get(from)?.add(to);
  }
  const order = plan.displays.map((one) => one.id);
  return new Map(
    [...feeds].map(([from, to]) => [from, order.filter((one) => to.has(one))] as const),
  );
}
