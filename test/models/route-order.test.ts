// Goal: a route stops in the order of DOMAIN 3, each device after its clean-out time, on the
// physics of the pilot mill.
import { describe, expect, it } from 'vitest';
import { buildControlMachines } from '../../plc/machines/index.ts';
import { pilot } from '../../plc/mill/mills/pilot.ts';
import { ROUTE_STATES } from '../../plc/model/isa88.ts';
import { MachineBench } from '../support/machine-bench.ts';

const specs = buildControlMachines(pilot).filter(({ id }) => {
  const area = pilot.deviceById.get(id.replace(':unit', ''))?.area ?? '';
  return ['storage', 'grinding', 'dosing'].includes(area) || /^(GRIND|ES001)$/.test(id);
});
const mill = new MachineBench(pilot, specs, 5, 200);

describe('a route', () => {
  it('stop: the source first, upstream first, each device after its clean-out time', () => {
    mill.forced.set('DB401.High', false);
    const start = { source: 'SI201', destination: 'DB401' };
    expect(mill.command('GRIND', 'START', start)).toEqual({ accepted: true });
    const runs = () => ROUTE_STATES[Number(mill.code('GRIND.State'))] === 'Running';
    expect(mill.until(runs, 120_000)).toBe(true);
    mill.runFor(30_000);
    mill.command('GRIND', 'STOP');
    const way = ['SF201', 'CC201', 'FD301', 'HM301', 'EL301', 'FN301'];
    const stoppedMs = new Map<string, number>();
    const look = () => {
      for (const id of way) {
        if (mill.outputs.get(`${id}.Cmd`) !== true && !stoppedMs.has(id)) {
          stoppedMs.set(id, mill.nowMs);
        }
      }
      return stoppedMs.size === way.length;
    };
    expect(mill.until(look, 600_000)).toBe(true);
    const at = (id: string) => stoppedMs.get(id) ?? 0;
    expect([...stoppedMs.keys()]).toEqual(way);
    const clearedMs = way.slice(1).map((id, index) => at(id) - at(way[index] ?? ''));
    for (const [index, id] of way.slice(1, -1).entries()) {
      const settings = pilot.deviceById.get(id)?.settings as { readonly cleanOutS: number };
      expect(clearedMs[index], id).toBeGreaterThanOrEqual(settings.cleanOutS * 1_000);
    }
    // Chamber of the mill 60 s, leg 30-45 s, aspiration 60-120 s later.
    expect(clearedMs[2]).toBeGreaterThanOrEqual(60_000);
    expect(clearedMs[4]).toBeGreaterThanOrEqual(60_000);
    expect(clearedMs[4]).toBeLessThanOrEqual(121_000);
  });
});
