import { device, drive, EXHAUST_HIGH_C, fedToCooler, unburnt } from '../../builders.ts';
import type { DeviceDefinition } from '../../definition.ts';
import { text } from '../../tag-shorthand.ts';
import { field, running, vfd } from './places.ts';

/** Hot pellets without air would burn in the cooler: no fan, no feed (DOMAIN 4). */
const feederPlace = fedToCooler(vfd('pelleting', 1326, 285, 3, 5), 'CL801', 'FN801');

export const pelleting: DeviceDefinition[] = [
  device('bin', 'PB701', text('Bồn trên máy ép', 'Press bin'), field('pelleting', 1326, 200), {
    kind: 'press',
    capacityKg: 3_000,
    highPct: 90,
    lowPct: 1,
    material: null,
    lot: null,
    initialKg: 0,
  }),
  drive('feeder', 'FD701', text('Cấp liệu ép', 'Press feeder'), feederPlace, {
    ratedKw: 1.5,
    hzMax: 60,
    coarseHz: 40,
    fineHz: 10,
    kgPerHourPerHz: 120,
    capacityTPerH: 7,
  }),
  drive(
    'motor',
    'CN701',
    text('Trộn hơi', 'Conditioner'),
    unburnt(running('pelleting', 1326, 370), 'CL801'),
    {
      ratedKw: 5.5,
      capacityTPerH: 8,
      cleanOutS: 30,
    },
  ),
  drive(
    'press',
    'PM701',
    text('Máy ép viên', 'Pellet press'),
    unburnt(running('pelleting', 1326, 475), 'CL801'),
    {
      ratedKw: 55,
      runUpS: 15,
      cleanOutS: 20,
      startsPerHourMax: 6,
      capacityTPerH: 6,
      feeder: 'FD701',
      conditioner: 'CN701',
      loadSetPct: 88,
      conditionerHighC: 95,
    },
  ),
];

export const cooling: DeviceDefinition[] = [
  device('cooler', 'CL801', text('Máy làm nguội', 'Cooler'), field('cooling', 1326, 640), {
    fan: 'FN801',
    bedKg: 400,
    dischargeTPerH: 14,
    bedM: 1.5,
    exhaustHighC: EXHAUST_HIGH_C,
  }),
  drive(
    'fan',
    'FN801',
    text('Quạt làm nguội', 'Cooler fan'),
    unburnt(running('cooling', 1362, 556), 'CL801'),
    {
      ratedKw: 15,
      starter: 'starDelta',
      cleanOutS: 120,
    },
  ),
  drive(
    'elevator',
    'EL801',
    text('Gàu tải thành phẩm', 'Product elevator'),
    running('cooling', 1420, 440),
    { ratedKw: 4, capacityTPerH: 20, cleanOutS: 35 },
  ),
  device(
    'diverter',
    'DS801',
    text('Van chia thành phẩm', 'Product diverter'),
    field('cooling', 1462, 100),
    { positions: 2, travelS: 4 },
  ),
];
