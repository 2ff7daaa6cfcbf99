import { device, drive } from '../../builders.ts';
import type { DeviceDefinition } from '../../definition.ts';
import { text } from '../../tag-shorthand.ts';
import { field, running, vfd } from './places.ts';

export const intake: DeviceDefinition[] = [
  device('bin', 'PIT101', text('Hố nạp', 'Tipping pit'), field('intake', 62, 585), {
    kind: 'pit',
    capacityKg: 8_000,
    highPct: 90,
    lowPct: 2,
    material: null,
    lot: null,
    initialKg: 0,
  }),
  device('gate', 'G101', text('Cửa hố nạp', 'Pit gate'), field('intake', 62, 662), {
    travelS: 4,
    flowTPerH: 18,
  }),
  drive('conveyor', 'CC101', text('Xích tải nạp', 'Intake conveyor'), running('intake', 110, 735), {
    ratedKw: 5.5,
    capacityTPerH: 20,
    cleanOutS: 40,
  }),
  drive('elevator', 'EL101', text('Gàu tải nạp', 'Intake elevator'), running('intake', 150, 440), {
    ratedKw: 7.5,
    capacityTPerH: 20,
    cleanOutS: 35,
  }),
  device(
    'distributor',
    'DS101',
    text('Van chia silo', 'Silo distributor'),
    field('intake', 196, 100),
    { positions: 4, travelS: 5 },
  ),
  drive('fan', 'FN101', text('Quạt hút nạp', 'Intake aspiration'), running('intake', 62, 470), {
    ratedKw: 4,
  }),
];

export const SILOS: readonly [string, string, string, number][] = [
  ['SI201', 'MAIZE', 'NGO-2611-01', 20_000],
  ['SI202', 'SBM', 'KDN-2611-01', 15_000],
  ['SI203', 'WHEAT-BRAN', 'CLM-2611-01', 10_000],
  ['SI204', 'CORN-GLUTEN', 'GLU-2611-01', 8_000],
];

export const storage: DeviceDefinition[] = SILOS.flatMap(
  ([id, material, lot, initialKg], index) => {
    const number = 201 + index;
    const x = 225 + index * 66;
    return [
      device('bin', id, text(`Silo ${number}`, `Silo ${number}`), field('storage', x, 215), {
        kind: 'silo',
        capacityKg: 30_000,
        highPct: 92,
        lowPct: 3,
        material,
        lot,
        initialKg,
      }),
      drive(
        'feeder',
        `SF${number}`,
        text(`Vít silo ${number}`, `Silo screw ${number}`),
        vfd('storage', x, 315, 3, index),
        { ratedKw: 3, hzMax: 60, coarseHz: 45, fineHz: 20, kgPerHourPerHz: 160, capacityTPerH: 9 },
      ),
    ];
  },
);
