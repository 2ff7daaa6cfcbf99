// Goal: No flow: < 20 % of the learnt rate for 10 s -> knocker -> alternate bin -> alarm
// (DOMAIN 4), on a scale of the reference mill with its screws and bin activators.
import { beforeEach, describe, expect, test } from 'vitest';
import { dosingScale, scaleInput } from '../../plc/machines/batching/batching.ts';
import { buildControlModules } from '../../plc/machines/devices/modules.ts';
import { scaleSpec } from '../../plc/machines/dosing/scale-dose.machine.ts';
import { chain } from '../../plc/mill/builders.ts';
import { defineMill } from '../../plc/mill/define-mill.ts';
import { at, bin } from '../../plc/mill/mills/reference/places.ts';
import { reference } from '../../plc/mill/mills/reference.ts';
import { text } from '../../plc/mill/tag-shorthand.ts';
import type { ScaleState } from '../../plc/model/isa88.ts';
import { SCALE_STATES } from '../../plc/model/isa88.ts';
import type { DoseRecord } from '../../plc/model/record.ts';
import { setFault } from '../../simulators/process/index.ts';
import { MachineBench } from '../support/machine-bench.ts';

/** The first two maize bins of line 1 over the 6 t scale. */
const MILL = defineMill({
  ...reference,
  connections: reference.connections.filter(({ id }) => /^(dosing1|drives1|scales1)$/.test(id)),
  areas: reference.areas.filter(({ id }) => id === 'dosing1'),
  displays: [{ id: 'dosing1', text: text('Cân', 'Dosing'), areas: ['dosing1'] }],
  devices: [
    ...reference.devices
      .filter(({ id }) => /^((DB|DF|BA)10[12]|[WG]S11|ESDOSING1)$/.test(id))
      .map((device) => ({ ...device, permissives: [] })),
    bin('surge', 'SINK', text('Phễu', 'Hopper'), at('dosing1', 900, 700), 8_000),
  ],
  flows: [...chain('DB101', 'DF101', 'WS11', 'GS11', 'SINK'), ...chain('DB102', 'DF102', 'WS11')],
  ...{ routes: [], lines: [], pressLines: [], baggingLines: [], refills: [] },
});
const SPECS = [...buildControlModules(MILL), scaleSpec(scaleInput(MILL, 'WS11'))];
const LINE = { kind: 'machine', id: 'LINE1' } as const;

let bench: MachineBench;
let count = 0;
function begin(seed: number): void {
  bench = new MachineBench(MILL, SPECS, seed);
  bench.runFor(3_000);
  count = 0;
}
beforeEach(() => begin(5));

function state(): ScaleState | undefined {
  return SCALE_STATES[Number(bench.code('WS11.State'))];
}

function doses(): DoseRecord[] {
  return bench.records.filter((one) => one.kind === 'dose');
}

function dose(targetKg = 600) {
  count += 1;
  return bench.command(
    'WS11',
    'DOSE',
    {
      ...{ doseId: `O/1/WS11/${count}`, batchId: 'O/1', bin: 'DB101', feeder: 'DF101' },
      ...{ material: 'MAIZE', lot: 'L', targetKg, toleranceKg: 3, resumed: false },
    },
    LINE,
  );
}

function reach(...states: ScaleState[]): ScaleState | undefined {
  bench.until(() => states.includes(state() ?? 'Faulted'), 300_000);
  return state();
}

const bridge = (freePct: number) =>
  setFault(bench.state, { device: 'DB101', fault: 'bridged', freePct });
const knocks = () => bench.sent.filter(({ to, command }) => to === 'BA101' && command === 'START');
const reasons = () => (bench.context('WS11')['reasons'] as { code: string }[]).map((r) => r.code);

describe('No flow', () => {
  test('below 20 % for 10 s: the bin is knocked while its screw turns, and flows again', () => {
    dose();
    bench.until(() => bench.outputs.get('DF101.Cmd') === true, 5_000);
    bench.runFor(3_000);
    bridge(100);
    expect(bench.until(() => bench.outputs.get('BA101.Cmd') === true, 20_000)).toBe(true);
    expect(reasons()).toEqual(['dose.knocking']);
    expect(bench.outputs.get('DF101.Cmd')).toBe(true);
    expect(bench.until(() => bench.outputs.get('BA101.Cmd') !== true, 4_000)).toBe(true);
    expect(reach('Full', 'Waiting')).toBe('Full');
    expect(knocks()).toHaveLength(1);
    expect([...bench.raised]).toEqual([]);
    expect(doses()[0]?.decision).toBe('in-tolerance');
  });

  test('three knocks in vain: the line is told, which takes the alternate bin; else an alarm', () => {
    bridge(0);
    dose();
    expect(reach('Waiting')).toBe('Waiting');
    expect(knocks()).toHaveLength(3);
    expect(bench.outputs.get('BA101.Cmd')).not.toBe(true);
    expect([...bench.raised]).toEqual(['WS11.NoFlow']);
    const told = bench.sent.find(({ command }) => command === 'WAITING');
    expect(told).toMatchObject({ to: 'LINE1', args: { reasons: [{ code: 'dose.no-flow' }] } });
    expect(bench.command('WS11', 'DECIDE', { decision: 'move' }, LINE)).toEqual({ accepted: true });
    expect([...bench.raised]).toEqual([]);
    expect(doses()[0]).toMatchObject({ decision: 'moved-bin' });
  });

  test.each(['HOLD', 'ABORT'])('%s stops a knocker that runs', (command) => {
    bridge(0);
    dose();
    bench.until(() => bench.outputs.get('BA101.Cmd') === true, 30_000);
    bench.command('WS11', command, {}, LINE);
    bench.scan();
    expect(bench.outputs.get('BA101.Cmd')).not.toBe(true);
    expect(bench.outputs.get('DF101.Cmd')).not.toBe(true);
  });

  test('a restart stops a knocker that runs', () => {
    bridge(0);
    dose();
    bench.until(() => bench.outputs.get('BA101.Cmd') === true, 30_000);
    bench.restart();
    bench.scan();
    expect(bench.outputs.get('BA101.Cmd')).not.toBe(true);
    expect(state()).toBe('Held');
  });

  test('is judged by the learnt rate, which a dose in tolerance teaches', () => {
    dose();
    expect(reach('Full')).toBe('Full');
    const rates = () => Object.values(bench.context('WS11')['rates'] as Record<string, object>);
    const [first] = rates() as { coarseKgPerS: number; fineKgPerS: number; doses: number }[];
    expect(first?.doses).toBe(1);
    // 2,200 kg/h per Hz at 50 Hz, and 2.5 Hz.
    expect(Math.abs((first?.coarseKgPerS ?? 0) / 30.6 - 1)).toBeLessThan(0.1);
    expect(Math.abs((first?.fineKgPerS ?? 0) / 1.53 - 1)).toBeLessThan(0.3);
  });

  test('how often a knock frees a bridge is chance from the seed', () => {
    const freed = [1, 2, 3, 4, 5, 6, 7, 8].map((seed) => {
      begin(seed);
      bridge(30);
      dose(200);
      return reach('Full', 'Waiting') === 'Full' ? knocks().length : 'none';
    });
    expect(new Set(freed).size).toBeGreaterThan(1);
    const again = [1, 2].map((seed) => {
      begin(seed);
      bridge(30);
      dose(200);
      return reach('Full', 'Waiting') === 'Full' ? knocks().length : 'none';
    });
    expect(again).toEqual(freed.slice(0, 2));
  });
});

describe('Knockers', () => {
  test('each main bin of the reference mill has one', () => {
    for (const { scales } of reference.lines) {
      for (const scale of scales.slice(0, 2)) {
        const { knockers, bins } = scaleInput(reference, scale);
        expect(Object.keys(knockers).sort()).toEqual([...bins].sort());
      }
    }
    expect(dosingScale(MILL, 'WS11').bins.map((one) => one.bin)).toEqual(['DB101', 'DB102']);
  });
});
