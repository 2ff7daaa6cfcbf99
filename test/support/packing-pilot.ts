import { device, is } from '../../plc/mill/builders.ts';
import { defineMill } from '../../plc/mill/define-mill.ts';
import type { Mill } from '../../plc/mill/definition.ts';
import { pilot } from '../../plc/mill/mills/pilot.ts';
import { text } from '../../plc/mill/tag-shorthand.ts';

const at = (area: string, x: number) => ({ area, connection: 'field', at: [x, 750] as const });
const name = (id: string) => text(`Thiết bị ${id}`, `Device ${id}`);

/** What stands behind the bagger and beside the lines of a full-size mill. */
const EXTRA = [
  device('metalDetector', 'MD1', name('MD1'), at('bagging', 180), { bagger: 'BG1001' }),
  device('checkweigher', 'CW1', name('CW1'), at('bagging', 200), {
    bagger: 'BG1001',
    bagKg: 25,
    divisionKg: 0.01,
  }),
  device('palletiser', 'PA1', name('PA1'), at('bagging', 220), {
    bagger: 'BG1001',
    bagsPerPallet: 5,
  }),
  device('filter', 'FL1', name('FL1'), at('grinding', 240), { fan: 'FN301', highMbar: 18 }),
  ...[1, 2, 3].map((n) =>
    device('compressor', `AC${n}`, name(`AC${n}`), at('utilities', 240 + n * 20), {
      ratedKw: 15,
      pressureBar: 7.5,
      lowBar: 6,
    }),
  ),
  device('airNet', 'AN1', name('AN1'), at('utilities', 340), {
    compressors: ['AC1', 'AC2', 'AC3'],
    lowBar: 6,
    pressureBar: 7.5,
  }),
];

/**
 * The pilot mill with a whole bagging line, a bag filter over its mill, and compressed air for its
 * gates and diverters.
 */
export function packingPilot(): Mill {
  const { tags: _tags, alarms: _alarms, tagByName: _names, deviceById: _ids, ...mill } = pilot;
  const devices = pilot.devices.map((one) => {
    const onAir = ['gate', 'valve', 'diverter'].includes(one.type);
    const burst = [is('FL1.VentBurst', false), is('FL1.Isolated', false)];
    if (one.id === 'FN301') return { ...one, interlocks: [...one.interlocks, ...burst] };
    // As fast as a bagger of the full-size mill: 800 bags/h.
    if (one.type === 'bagger') {
      return { ...one, settings: { ...one.settings, bagsPerHour: 800 } };
    }
    return onAir ? { ...one, permissives: [...one.permissives, is('AN1.Ok', true)] } : one;
  });
  return defineMill({ ...mill, devices: [...devices, ...EXTRA] });
}
