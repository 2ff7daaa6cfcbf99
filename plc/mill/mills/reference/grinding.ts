import { behindMagnet, chain, device, drive } from '../../builders.ts';
import type { DeviceDefinition, FlowDefinition } from '../../definition.ts';
import { text } from '../../tag-shorthand.ts';
import { aspiration, at, bin, diverter, machine, run, vfd } from './places.ts';

/** What lies in the bin over each mill. */
export const MILL_MATERIALS = ['MAIZE', 'MAIZE', 'MAIZE', 'WHEAT'] as const;
export const MILL_BINS = MILL_MATERIALS.map((_, index) => `PG${index + 1}`);

/** Rated power and what that grinds at full load: 8 kWh/t and a margin, kW and t/h (DOMAIN 4). */
type Size = readonly [ratedKw: number, fullTPerH: number];
const MILL_SIZE: Size = [250, 33];
/** Three mills grind the maize of both lines, at times more than 95 t/h. */
const MAIZE_MILL_SIZE: Size = [315, 40];

/** A hammer mill of 30 t/h and more, with its bin, feeder, own leg, distributor and aspiration. */
function mill(n: number, material: string, ways: number): DeviceDefinition[] {
  const x = 40 + (n - 1) * 390;
  const [ratedKw, fullTPerH] = material === 'MAIZE' ? MAIZE_MILL_SIZE : MILL_SIZE;
  return [
    bin(
      'surge',
      `PG${n}`,
      text(`Bồn trước nghiền ${n}`, `Mill bin ${n}`),
      at('grinding', x + 90, 150),
      30_000,
      [material, 60],
    ),
    drive(
      'feeder',
      `FG${n}`,
      text(`Cấp liệu nghiền ${n}`, `Mill feeder ${n}`),
      behindMagnet(vfd('grinding', x + 90, 245, ['feeders', 1, 8 + (n - 1)]), `MG${n}`),
      { ratedKw: 4, hzMax: 60, coarseHz: 42, fineHz: 15, kgPerHourPerHz: 680, capacityTPerH: 40 },
    ),
    drive(
      'hammerMill',
      `HM${n}`,
      text(`Máy nghiền búa ${n}`, `Hammer mill ${n}`),
      run('grinding', x + 90, 350),
      {
        ratedKw,
        runUpS: 40,
        cleanOutS: 60,
        startsPerHourMax: 4,
        capacityTPerH: fullTPerH,
        feeder: `FG${n}`,
        loadSetPct: 90,
      },
    ),
    machine(
      'conveyor',
      `CG${n}`,
      text(`Vít dưới nghiền ${n}`, `Mill discharge ${n}`),
      run('grinding', x + 150, 470),
      [7.5, 45, 30],
    ),
    machine(
      'elevator',
      `EG${n}`,
      text(`Gàu tải bột ${n}`, `Ground elevator ${n}`),
      run('grinding', x + 230, 350),
      [15, 45, 40],
    ),
    diverter(
      `DG${n}`,
      text(`Phân phối bột ${n}`, `Ground distributor ${n}`),
      at('grinding', x + 300, 150),
      ways,
    ),
    device(
      'magnet',
      `MG${n}`,
      text(`Nam châm nghiền ${n}`, `Mill magnet ${n}`),
      at('grinding', x + 30, 245),
      { passedBy: `FG${n}`, cleanEveryH: 24 },
    ),
    ...aspiration('grinding', `G${n}`, [x + 60, 600], [45, 4]),
  ];
}

export function grinding(ways: number): DeviceDefinition[] {
  return MILL_MATERIALS.flatMap((material, index) => mill(index + 1, material, ways));
}

export const grindingFlows: FlowDefinition[] = MILL_BINS.flatMap((_, index) => {
  const n = index + 1;
  return chain(`PG${n}`, `FG${n}`, `HM${n}`, `CG${n}`, `EG${n}`, `DG${n}`);
});
