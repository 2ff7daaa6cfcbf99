import type { DeviceOf, LineDefinition, Mill } from './definition.ts';

/** A hand-add hatch of a line, as batches are planned with it. */
export interface HandAddPlace {
  readonly id: string;
  readonly capacityKg: number;
  readonly divisionKg: number;
  /** Less than this is weighed too coarsely, kg: 50 d (DOMAIN 4). */
  readonly minimumKg: number;
  readonly tolerancePct: number;
  readonly toleranceKg: number;
  /** Materials that persons may tip: those that are not liquids in tanks. */
  readonly materials: readonly string[];
}

const MINIMUM_DIVISIONS = 50;
const TOLERANCE_PCT = 0.5;
const TOLERANCE_DIVISIONS = 2;

function tippedMaterials(mill: Mill): string[] {
  const liquid = new Set<string | null>();
  for (const device of mill.devices) {
    if (device.type !== 'bin' || device.settings.kind !== 'tank') continue;
    liquid.add(device.settings.material);
  }
  return mill.materials.map(({ code }) => code).filter((code) => !liquid.has(code));
}

/** The hand-add hatches over the mixer of a line: those that flow into it. */
export function handAddsOf(mill: Mill, line: LineDefinition): HandAddPlace[] {
  const materials = tippedMaterials(mill);
  return mill.devices
    .filter((one): one is DeviceOf<'handAdd'> => one.type === 'handAdd')
    .filter(({ id }) => mill.flows.some(({ from, to }) => from === id && to === line.mixer))
    .map(({ id, settings: { capacityKg, divisionKg } }) => ({
      id,
      capacityKg,
      divisionKg,
      minimumKg: MINIMUM_DIVISIONS * divisionKg,
      tolerancePct: TOLERANCE_PCT,
      toleranceKg: TOLERANCE_DIVISIONS * divisionKg,
      materials,
    }));
}
