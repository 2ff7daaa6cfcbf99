import type { DeviceDefinition, Mill } from '../../../plc/mill/definition.ts';
import type { Item, MillState } from '../item.ts';

/** Full load of a feed at 400 V three-phase and cos phi 1, kW per A. */
const KW_PER_A = 0.69;

interface Meter {
  readonly id: string;
  readonly area: string;
  freeKw: number;
}

function ratedKw(device: DeviceDefinition): number {
  return 'ratedKw' in device.settings ? device.settings.ratedKw : 0;
}

/**
 * Which meter feeds the drives of each area: one of that area, or of the mains, where there is most
 * left of what a feed can carry; the largest area chooses first.
 */
function feedsOf(mill: Mill): Map<string, string> {
  const meters = mill.devices.flatMap((one): Meter[] => {
    if (one.type !== 'energyMeter') return [];
    return [{ id: one.id, area: one.area, freeKw: one.settings.ratedAmps * KW_PER_A }];
  });
  const loads = mill.areas.map(({ id }) => ({
    id,
    kW: mill.devices.reduce((sum, one) => (one.area === id ? sum + ratedKw(one) : sum), 0),
  }));
  const feeds = new Map<string, string>();
  for (const { id, kW } of loads.sort((a, b) => b.kW - a.kW)) {
    const own = meters.filter((meter) => meter.area === id);
    const [most] = (own.length > 0 ? own : meters).toSorted((a, b) => b.freeKw - a.freeKw);
    if (most === undefined) break;
    most.freeKw -= kW;
    feeds.set(id, most.id);
  }
  return feeds;
}

/** Drives by the meter that feeds them, found once for each mill. */
const DRIVES = new WeakMap<Mill, ReadonlyMap<string, readonly string[]>>();

function drivesByMeter(mill: Mill): ReadonlyMap<string, readonly string[]> {
  const known = DRIVES.get(mill);
  if (known !== undefined) return known;
  const feeds = feedsOf(mill);
  const drives = new Map<string, string[]>();
  for (const device of mill.devices) {
    const meter = feeds.get(device.area);
    if (meter === undefined || ratedKw(device) === 0) continue;
    drives.set(meter, [...(drives.get(meter) ?? []), device.id]);
  }
  DRIVES.set(mill, drives);
  return drives;
}

/** The same as devices of one simulated mill, found once for each. */
const METERED = new WeakMap<MillState['byId'], Map<string, readonly Item[]>>();

/** The drives whose power a meter measures. */
export function meteredBy(mill: MillState, meter: string): readonly Item[] {
  const known = METERED.get(mill.byId) ?? new Map<string, readonly Item[]>();
  METERED.set(mill.byId, known);
  const metered = known.get(meter);
  if (metered !== undefined) return metered;
  const items = (drivesByMeter(mill.mill).get(meter) ?? []).flatMap((id) => {
    const item = mill.byId.get(id);
    return item !== undefined && 'motor' in item.state ? [item] : [];
  });
  known.set(meter, items);
  return items;
}
