import { device, drive } from '../../builders.ts';
import type { DeviceDefinition } from '../../definition.ts';
import { text } from '../../tag-shorthand.ts';
import { field, running, vfd } from './places.ts';

export const grinding: DeviceDefinition[] = [
  drive(
    'conveyor',
    'CC201',
    text('Xích tải silo', 'Silo conveyor'),
    running('grinding', 324, 405),
    { ratedKw: 4, capacityTPerH: 12, cleanOutS: 30 },
  ),
  device('bin', 'HB301', text('Phễu máy nghiền', 'Mill hopper'), field('grinding', 324, 490), {
    kind: 'hopper',
    capacityKg: 300,
    highPct: 80,
    lowPct: 5,
    material: null,
    lot: null,
    initialKg: 0,
  }),
  drive(
    'feeder',
    'FD301',
    text('Cấp liệu nghiền', 'Mill feeder'),
    vfd('grinding', 324, 565, 3, 4),
    { ratedKw: 1.5, hzMax: 60, coarseHz: 42, fineHz: 15, kgPerHourPerHz: 120, capacityTPerH: 7 },
  ),
  drive(
    'hammerMill',
    'HM301',
    text('Máy nghiền búa', 'Hammer mill'),
    running('grinding', 324, 665),
    {
      ratedKw: 55,
      runUpS: 40,
      cleanOutS: 60,
      startsPerHourMax: 6,
      capacityTPerH: 6,
      feeder: 'FD301',
      loadSetPct: 90,
    },
  ),
  drive('fan', 'FN301', text('Quạt hút nghiền', 'Mill aspiration'), running('grinding', 240, 665), {
    ratedKw: 7.5,
  }),
  drive(
    'elevator',
    'EL301',
    text('Gàu tải bột', 'Ground elevator'),
    running('grinding', 492, 440),
    { ratedKw: 5.5, capacityTPerH: 12, cleanOutS: 35 },
  ),
  device(
    'distributor',
    'DS301',
    text('Van chia bồn cân', 'Dosing-bin distributor'),
    field('grinding', 538, 100),
    { positions: 8, travelS: 5 },
  ),
];
