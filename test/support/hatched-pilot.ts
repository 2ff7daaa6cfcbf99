import { device } from '../../plc/mill/builders.ts';
import { defineMill } from '../../plc/mill/define-mill.ts';
import type { Mill } from '../../plc/mill/definition.ts';
import { pilot } from '../../plc/mill/mills/pilot.ts';
import { text } from '../../plc/mill/tag-shorthand.ts';

/** The pilot mill with a hand-add hatch over its mixer, and a material that no bin holds. */
export function hatchedPilot(): Mill {
  const { tags: _tags, alarms: _alarms, tagByName: _names, deviceById: _ids, ...mill } = pilot;
  const hatch = device(
    'handAdd',
    'HA1',
    text('Cửa nạp tay', 'Hand-add hatch'),
    { area: 'mixing', connection: 'field', at: [40, 750] },
    { capacityKg: 50, divisionKg: 0.01 },
  );
  return defineMill({
    ...mill,
    devices: [...pilot.devices, hatch],
    materials: [...pilot.materials, { code: 'COLOUR', text: text('Chất tạo màu', 'Colourant') }],
    flows: [...pilot.flows, { from: 'HA1', to: 'MX601', port: null }],
  });
}
