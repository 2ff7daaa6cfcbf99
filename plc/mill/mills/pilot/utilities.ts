import { device } from '../../builders.ts';
import type { DeviceDefinition } from '../../definition.ts';
import { text } from '../../tag-shorthand.ts';
import { field } from './places.ts';

export const safety: DeviceDefinition[] = [
  device(
    'safety',
    'ES001',
    text('Dừng khẩn và còi', 'E-stop and horn'),
    field('utilities', 50, 30),
    {},
  ),
  device(
    'heartbeat',
    'PLCFIELD',
    text('Tủ điều khiển chính', 'Main field controller'),
    field('utilities', 138, 30),
    { timeoutS: 3 },
  ),
  device(
    'heartbeat',
    'PLCSCALES',
    text('Tủ cân', 'Weighing controller'),
    { area: 'utilities', connection: 'scales', at: [226, 30], unitId: 1, registerBase: 100 },
    { timeoutS: 3 },
  ),
  device(
    'heartbeat',
    'PLCDRIVES',
    text('Tủ biến tần', 'Drive gateway'),
    { area: 'utilities', connection: 'drives', at: [314, 30], unitId: 1, registerBase: 100 },
    { timeoutS: 3 },
  ),
  device(
    'heartbeat',
    'PLCBAG',
    text('Tủ đóng bao', 'Bagging controller'),
    { area: 'utilities', connection: 'bagging', at: [402, 30], unitId: 1, registerBase: 100 },
    { timeoutS: 3 },
  ),
];
