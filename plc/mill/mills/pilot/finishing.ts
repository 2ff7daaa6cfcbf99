import { device } from '../../builders.ts';
import type { DeviceDefinition } from '../../definition.ts';
import { text } from '../../tag-shorthand.ts';
import { field } from './places.ts';

export const finishing: DeviceDefinition[] = [
  ...[901, 902].flatMap((number, index) => [
    device(
      'bin',
      `FB${number}`,
      text(`Bồn thành phẩm ${number}`, `Finished bin ${number}`),
      field('finished', 1472 + index * 78, 232),
      {
        kind: 'finished',
        capacityKg: 10_000,
        highPct: 92,
        lowPct: 1,
        material: null,
        lot: null,
        initialKg: 0,
      },
    ),
    device(
      'gate',
      `G${number}`,
      text(`Cửa bồn ${number}`, `Bin gate ${number}`),
      field('finished', 1472 + index * 78, 360),
      { travelS: 3, flowTPerH: 15 },
    ),
  ]),
  device(
    'bagger',
    'BG1001',
    text('Máy đóng bao', 'Bagger'),
    { area: 'bagging', connection: 'bagging', at: [1511, 500], unitId: 1 },
    { bagKg: 25, bagsPerHour: 300, divisionKg: 0.01 },
  ),
];
