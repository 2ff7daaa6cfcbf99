import type { DeviceOf, Mill, RouteDefinition } from './definition.ts';

/** A sack without a word in the mill file, kg. */
const SACK_KG = 25;

/** A hopper into which a person dumps sacks, and the route that takes them on to the bins. */
export interface DumpHopper {
  readonly hopper: string;
  readonly route: RouteDefinition;
}

/** A bin whose material comes in sacks. */
export interface SackBin {
  readonly bin: string;
  readonly material: string;
  readonly capacityKg: number;
  readonly lowPct: number;
  readonly highPct: number;
  /** Hopper that leads there; null: the sacks are tipped into the bin itself. */
  readonly hopper: string | null;
  readonly drug: boolean;
  readonly sackKg: number;
}

export function drugMaterials({ materials }: Pick<Mill, 'materials'>): string[] {
  return materials.flatMap(({ code, drug }) => (drug === true ? [code] : []));
}

function isForDosing(mill: Mill, id: string): boolean {
  const device = mill.deviceById.get(id);
  return device?.type === 'bin' && ['dosing', 'micro'].includes(device.settings.kind);
}

/** Pits that no truck is let to: what lies in them was dumped there by hand. */
export function dumpHoppers(mill: Mill): DumpHopper[] {
  const lit = new Set(
    mill.devices.flatMap((one) => (one.type === 'pitLight' ? [one.settings.pit] : [])),
  );
  return mill.devices.flatMap(({ id, ...device }) => {
    if (device.type !== 'bin' || device.settings.kind !== 'pit' || lit.has(id)) return [];
    const route = mill.routes.find(({ sources }) => sources.includes(id));
    return route?.destinations.some((bin) => isForDosing(mill, bin)) === true
      ? [{ hopper: id, route }]
      : [];
  });
}

function sackBin(mill: Mill, device: DeviceOf<'bin'>, hopper: string | null): SackBin[] {
  const { material, capacityKg, lowPct, highPct } = device.settings;
  const known = mill.materials.find(({ code }) => code === material);
  if (material === null || known === undefined) return [];
  const { drug = false, sackKg = SACK_KG } = known;
  return [{ bin: device.id, material, capacityKg, lowPct, highPct, hopper, drug, sackKg }];
}

/** Every bin for dosing whose material comes in sacks: no route refills it by itself. */
export function sackBins(mill: Mill): SackBin[] {
  const refilled = new Set(mill.refills.map(({ id }) => id));
  const dosed = new Set(
    mill.flows
      .filter(({ to }) => mill.deviceById.get(to)?.type === 'feeder')
      .map(({ from }) => from),
  );
  const hoppers = dumpHoppers(mill);
  return mill.devices.flatMap((device) => {
    if (device.type !== 'bin' || refilled.has(device.id) || !dosed.has(device.id)) return [];
    if (!isForDosing(mill, device.id)) return [];
    const leading = hoppers.find(({ route }) => route.destinations.includes(device.id));
    return sackBin(mill, device, leading?.hopper ?? null);
  });
}
