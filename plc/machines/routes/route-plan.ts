import type {
  BinKind,
  BinSettings,
  DeviceDefinition,
  Mill,
  RouteDefinition,
  RouteStep,
} from '../../mill/definition.ts';
import { isDrive, isGate, isPositioner } from '../../mill/definition.ts';
import { routePath } from '../../mill/route-path.ts';

/** One device that a route starts and stops. */
export interface RouteDevice {
  readonly id: string;
  readonly kind: 'drive' | 'gate' | 'cooler';
  readonly hornS: number;
  /** It must be running or open within this after its command, s. */
  readonly startLimitS: number;
  readonly cleanOutS: number;
  /** Feeder: frequency that the route sets, Hz; null: fixed speed, or its unit sets it. */
  readonly hz: number | null;
  /** The hopper that it empties, which must be low before its clean-out begins. */
  readonly hopper: string | null;
}

/** A diverter of the way, and how many of the route's devices are upstream of it. */
export interface RouteDiverter {
  readonly id: string;
  readonly position: number;
  readonly upstream: number;
}

/** A hopper inside the way: while it is high, the feeders above it stand. */
export interface RouteHopper {
  readonly id: string;
  readonly feeders: readonly { readonly id: string; readonly hz: number }[];
}

/**
 * One way of a route, from one source to one destination, ready to be driven. Devices upstream
 * first.
 */
export interface RoutePlan {
  readonly source: string;
  readonly destination: string;
  /** True when the destination is a bin with a high-level switch. */
  readonly watchesHigh: boolean;
  readonly material: string | null;
  readonly lot: string | null;
  readonly devices: readonly RouteDevice[];
  readonly diverters: readonly RouteDiverter[];
  readonly hoppers: readonly RouteHopper[];
  readonly aspiration: readonly RouteDevice[];
  /**
   * Where rests of a product stay: every device and hopper of the way, and the press bin at its
   * end. What a finished bin holds is its own affair.
   */
  readonly places: readonly string[];
}

/** Beyond its own deadlines a device gets this long to come up, s. */
const START_MARGIN_S = 10;

/** After a cooler has run empty its discharge goes on for this long, s (DOMAIN 3). */
const COOLER_CLEAN_OUT_S = 120;

/** Drives that a unit may stop: the feeder of a hammer mill, feeder and conditioner of a press. */
export function feederUnits(mill: Mill): ReadonlyMap<string, string> {
  const units = new Map<string, string>();
  for (const device of mill.devices) {
    if (device.type === 'hammerMill' || device.type === 'press') {
      units.set(device.settings.feeder, `${device.id}:unit`);
    }
    if (device.type === 'press') units.set(device.settings.conditioner, `${device.id}:unit`);
  }
  return units;
}

function routeDevice(
  device: DeviceDefinition,
  above: DeviceDefinition | null,
  setByUnit: ReadonlyMap<string, string>,
): RouteDevice | null {
  const none = { hornS: 0, startLimitS: START_MARGIN_S, cleanOutS: 0, hz: null, hopper: null };
  if (device.type === 'cooler') {
    return { ...none, id: device.id, kind: 'cooler', cleanOutS: COOLER_CLEAN_OUT_S };
  }
  if (isGate(device)) {
    const startLimitS = 2 * device.settings.travelS + START_MARGIN_S;
    return { ...none, id: device.id, kind: 'gate', startLimitS };
  }
  if (!isDrive(device) || !('runUpS' in device.settings)) return null;
  const { hornS, feedbackS, runUpS, cleanOutS } = device.settings;
  const isFree = device.type === 'feeder' && !setByUnit.has(device.id);
  return {
    id: device.id,
    kind: 'drive',
    hornS,
    startLimitS: feedbackS + runUpS + START_MARGIN_S,
    cleanOutS,
    hz: isFree ? device.settings.coarseHz : null,
    hopper: above?.type === 'bin' && above.settings.kind === 'hopper' ? above.id : null,
  };
}

function binSettings(device: DeviceDefinition | undefined): BinSettings | null {
  return device?.type === 'bin' ? device.settings : null;
}

/** Bins through which mash passes on its way; all others keep what is put into them. */
const PASSED_BINS: readonly string[] = ['hopper', 'surge', 'press'] satisfies readonly BinKind[];

function keepsRests(mill: Mill, id: string): boolean {
  const device = mill.deviceById.get(id);
  return (
    device !== undefined && (device.type !== 'bin' || PASSED_BINS.includes(device.settings.kind))
  );
}

/** The plan of one way, given its steps. */
function planOf(mill: Mill, route: RouteDefinition, steps: readonly RouteStep[]): RoutePlan {
  const setByUnit = feederUnits(mill);
  const devices: RouteDevice[] = [];
  const diverters: RouteDiverter[] = [];
  const hoppers: RouteHopper[] = [];
  let above: DeviceDefinition | null = null;
  for (const step of steps) {
    const device = mill.deviceById.get(step.device);
    if (device === undefined) continue;
    const driven = routeDevice(device, above, setByUnit);
    if (driven !== null) devices.push(driven);
    if (isPositioner(device) && step.port !== null) {
      diverters.push({ id: device.id, position: step.port, upstream: devices.length });
    }
    if (device.type === 'bin' && device.settings.kind === 'hopper') {
      const feeders = devices.flatMap(({ id, hz }) => (hz === null ? [] : [{ id, hz }]));
      hoppers.push({ id: device.id, feeders });
    }
    above = device;
  }
  const source = steps[0]?.device ?? '';
  const destination = steps.at(-1)?.device ?? '';
  const places = steps.map(({ device }) => device).filter((id) => keepsRests(mill, id));
  const content = binSettings(mill.deviceById.get(source));
  const aspiration = route.aspiration
    .map((id) => mill.deviceById.get(id))
    .map((fan) => (fan === undefined ? null : routeDevice(fan, null, setByUnit)));
  return {
    source,
    destination,
    watchesHigh: binSettings(mill.deviceById.get(destination)) !== null,
    material: content?.material ?? null,
    lot: content?.lot ?? null,
    devices,
    diverters,
    hoppers,
    aspiration: aspiration.filter((one) => one !== null),
    places,
  };
}

/** The key of a way in `routePlans`. */
export function planKey(source: string, destination: string): string {
  return `${source}>${destination}`;
}

/** Every way of a route, by `planKey`. */
export function routePlans(mill: Mill, route: RouteDefinition): Record<string, RoutePlan> {
  const plans: Record<string, RoutePlan> = {};
  for (const source of route.sources) {
    for (const destination of route.destinations) {
      const steps = routePath(mill, source, destination);
      if (steps !== null) plans[planKey(source, destination)] = planOf(mill, route, steps);
    }
  }
  return plans;
}

/** The tags that a route looks at on any of its ways. */
export function routeTags(plans: Readonly<Record<string, RoutePlan>>): string[] {
  const tags = new Set<string>();
  for (const plan of Object.values(plans)) {
    if (plan.watchesHigh) tags.add(`${plan.destination}.High`);
    for (const { id, kind } of [...plan.devices, ...plan.aspiration]) {
      tags.add(kind === 'cooler' ? `${id}.LevelPct` : `${id}.State`);
    }
    for (const { id } of plan.diverters) tags.add(`${id}.State`);
    for (const { id } of plan.hoppers) {
      for (const role of ['High', 'Low', 'LevelPct']) tags.add(`${id}.${role}`);
    }
  }
  return [...tags];
}
