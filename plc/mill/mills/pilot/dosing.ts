import { device, drive } from '../../builders.ts';
import type { DeviceDefinition } from '../../definition.ts';
import { text } from '../../tag-shorthand.ts';
import { field, vfd } from './places.ts';

export const MAIN_BINS: readonly [string, string, string, number][] = [
  ['DB401', 'MAIZE', 'NGO-2611-01', 700],
  ['DB402', 'SBM', 'KDN-2611-01', 900],
  ['DB403', 'CORN-GLUTEN', 'GLU-2611-01', 600],
  ['DB404', 'WHEAT-BRAN', 'CLM-2611-01', 700],
  ['DB405', 'DCP', 'DCP-2610-07', 800],
  ['DB406', 'LIMESTONE', 'BDA-2610-03', 800],
  ['DB407', 'FISH-MEAL', 'BCA-2611-02', 800],
  ['DB408', 'RICE-BRAN', 'CGA-2611-05', 600],
];
export const MICRO_BINS: readonly [string, string, string, number][] = [
  ['MB411', 'LYSINE', 'LYS-2609-11', 150],
  ['MB412', 'METHIONINE', 'MET-2609-04', 150],
  ['MB413', 'PREMIX', 'PRE-2611-01', 150],
  ['MB414', 'SALT', 'MUO-2608-02', 150],
];

export const dosing: DeviceDefinition[] = [
  ...MAIN_BINS.flatMap(([id, material, lot, initialKg], index) => {
    const number = 401 + index;
    const x = 566 + index * 54;
    const large = index < 4;
    return [
      device(
        'bin',
        id,
        text(`Bồn cân ${number}`, `Dosing bin ${number}`),
        field('dosing', x, 208),
        { kind: 'dosing', capacityKg: 2_000, highPct: 90, lowPct: 4, material, lot, initialKg },
      ),
      drive(
        'feeder',
        `DF${number}`,
        text(`Vít cân ${number}`, `Dosing screw ${number}`),
        vfd('dosing', x, 315, 1, index),
        {
          ratedKw: large ? 2.2 : 1.1,
          hornS: 0,
          runUpS: 2,
          startsPerHourMax: 600,
          hzMax: 60,
          coarseHz: 50,
          fineHz: 5,
          kgPerHourPerHz: large ? 240 : 60,
          capacityTPerH: large ? 15 : 4,
        },
      ),
    ];
  }),
  ...MICRO_BINS.flatMap(([id, material, lot, initialKg], index) => {
    const number = 411 + index;
    const x = 1006 + index * 50;
    return [
      device(
        'bin',
        id,
        text(`Bồn vi lượng ${number}`, `Micro bin ${number}`),
        field('dosing', x, 208),
        { kind: 'micro', capacityKg: 300, highPct: 90, lowPct: 4, material, lot, initialKg },
      ),
      drive(
        'feeder',
        `MF${number}`,
        text(`Vít vi lượng ${number}`, `Micro screw ${number}`),
        vfd('dosing', x, 315, 2, index),
        {
          ratedKw: 0.37,
          hornS: 0,
          runUpS: 2,
          startsPerHourMax: 600,
          hzMax: 60,
          coarseHz: 50,
          fineHz: 2,
          kgPerHourPerHz: 4,
          capacityTPerH: 0.3,
        },
      ),
    ];
  }),
  device('bin', 'LT421', text('Bồn dầu', 'Oil tank'), field('dosing', 1204, 208), {
    kind: 'tank',
    capacityKg: 3_000,
    highPct: 95,
    lowPct: 5,
    material: 'SOY-OIL',
    lot: 'DAU-2611-01',
    initialKg: 2_000,
  }),
  drive('feeder', 'LP421', text('Bơm dầu', 'Oil pump'), vfd('dosing', 1204, 315, 2, 4), {
    ratedKw: 0.75,
    hornS: 0,
    runUpS: 2,
    startsPerHourMax: 600,
    hzMax: 60,
    coarseHz: 50,
    fineHz: 5,
    kgPerHourPerHz: 12,
    capacityTPerH: 0.7,
  }),
];

export function scale(
  id: string,
  name: ReturnType<typeof text>,
  x: number,
  unitId: number,
  settings: Parameters<typeof device<'scale'>>[4],
): DeviceDefinition {
  return device(
    'scale',
    id,
    name,
    { area: 'dosing', connection: 'scales', at: [x, 420], unitId },
    settings,
  );
}

export const weighing: DeviceDefinition[] = [
  scale('WS501', text('Cân chính 500 kg', 'Main scale 500 kg'), 755, 1, {
    capacityKg: 500,
    // The terminal's process resolution: a tenth of the indicated 0.2 kg, for doses of a few kg.
    divisionKg: 0.02,
    minimumDivisions: 100,
    tolerancePct: 0.5,
    toleranceKg: 0.2,
    settleS: 2,
    dischargeGate: 'G501',
  }),
  scale('WS502', text('Cân vi lượng 20 kg', 'Micro scale 20 kg'), 1081, 2, {
    capacityKg: 20,
    divisionKg: 0.001,
    minimumDivisions: 50,
    tolerancePct: 0.5,
    toleranceKg: 0.01,
    settleS: 2,
    dischargeGate: 'G502',
  }),
  scale('WS503', text('Cân dầu 30 kg', 'Liquid scale 30 kg'), 1204, 3, {
    capacityKg: 30,
    divisionKg: 0.01,
    minimumDivisions: 50,
    tolerancePct: 0.5,
    toleranceKg: 0.02,
    settleS: 2,
    dischargeGate: 'G503',
  }),
  device('gate', 'G501', text('Cửa xả cân chính', 'Main scale gate'), field('dosing', 755, 478), {
    travelS: 3,
    flowTPerH: 120,
  }),
  device(
    'gate',
    'G502',
    text('Cửa xả cân vi lượng', 'Micro scale gate'),
    field('dosing', 1081, 478),
    { travelS: 3, flowTPerH: 10 },
  ),
  device('valve', 'G503', text('Van xả dầu', 'Oil valve'), field('dosing', 1204, 478), {
    travelS: 3,
    flowTPerH: 3,
  }),
];
