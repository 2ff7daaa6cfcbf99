import { device, drive } from '../../builders.ts';
import type { DeviceDefinition } from '../../definition.ts';
import { text } from '../../tag-shorthand.ts';
import { field, running } from './places.ts';

export const mixing: DeviceDefinition[] = [
  drive('mixer', 'MX601', text('Máy trộn 500 kg', 'Mixer 500 kg'), running('mixing', 925, 560), {
    ratedKw: 11,
    capacityKg: 550,
    dischargeGate: 'G601',
    dryMixS: 30,
    wetMixS: 60,
    dischargeS: 15,
  }),
  device('gate', 'G601', text('Cửa xả máy trộn', 'Mixer gate'), field('mixing', 925, 613), {
    travelS: 3,
    flowTPerH: 150,
  }),
  device('bin', 'SB601', text('Phễu dưới trộn', 'Surge hopper'), field('mixing', 925, 668), {
    kind: 'surge',
    capacityKg: 700,
    highPct: 95,
    lowPct: 1,
    material: null,
    lot: null,
    initialKg: 0,
  }),
  drive('conveyor', 'CC601', text('Vít tải mash', 'Mash conveyor'), running('mixing', 1090, 735), {
    ratedKw: 4,
    capacityTPerH: 20,
    cleanOutS: 25,
  }),
  drive('elevator', 'EL601', text('Gàu tải mash', 'Mash elevator'), running('mixing', 1272, 440), {
    ratedKw: 4,
    capacityTPerH: 20,
    cleanOutS: 35,
  }),
  device(
    'diverter',
    'DV601',
    text('Van chia ép / thành phẩm', 'Press / finished diverter'),
    field('mixing', 1326, 100),
    { positions: 2, travelS: 4 },
  ),
];
