// Goal: a liquid is dosed by meter as well as by scale (DOMAIN 4): pulses counted, cut off with a
// mass in flight that is learnt, judged by its tolerance, straight into the mixer and only when
// the mixer asks; nothing that passed is lost or counted twice by a fault or a restart.
import { beforeEach, describe, expect, test } from 'vitest';
import { isJump, pulsesSince } from '../../plc/logic/pulse-count.ts';
import { meterInput } from '../../plc/machines/batching/batching.ts';
import { buildControlModules } from '../../plc/machines/devices/modules.ts';
import { meterSpec } from '../../plc/machines/dosing/meter-dose.machine.ts';
import { chain } from '../../plc/mill/builders.ts';
import { defineMill } from '../../plc/mill/define-mill.ts';
import { at, bin } from '../../plc/mill/mills/reference/places.ts';
import { reference } from '../../plc/mill/mills/reference.ts';
import { text } from '../../plc/mill/tag-shorthand.ts';
import type { ScaleState } from '../../plc/model/isa88.ts';
import { SCALE_STATES } from '../../plc/model/isa88.ts';
import type { DoseRecord } from '../../plc/model/record.ts';
import { clearFault, ledger, setFault } from '../../simulators/process/index.ts';
import { MachineBench } from '../support/machine-bench.ts';

const LINE = { kind: 'machine', id: 'LINE1' } as const;
const MIXER = { kind: 'machine', id: 'MX1:unit' } as const;

/** The liquid's way of line 1 of the reference mill, into a hopper in place of the mixer. */
const MILL = defineMill({
  ...reference,
  connections: reference.connections.filter(({ id }) => ['dosing1', 'drives1'].includes(id)),
  areas: reference.areas.filter(({ id }) => id === 'micro1'),
  displays: [{ id: 'micro1', text: text('Lỏng', 'Liquids'), areas: ['micro1'] }],
  devices: [
    ...reference.devices
      .filter(({ id }) => /^(LT13|LP13|FT13|LV13|ESMICRO1)$/.test(id))
      .map((device) => ({ ...device, permissives: [] })),
    bin('surge', 'SINK', text('Phễu', 'Hopper'), at('micro1', 900, 700), 8_000),
  ],
  flows: chain('LT13', 'LP13', 'LV13', 'SINK'),
  ...{ routes: [], lines: [], pressLines: [], baggingLines: [], refills: [] },
});
const SPECS = [...buildControlModules(MILL), meterSpec(meterInput(MILL, 'FT13'))];
const LIMIT_MS = 300_000;

let bench: MachineBench;
let count = 0;
beforeEach(() => {
  bench = new MachineBench(MILL, SPECS, 5);
  bench.runFor(3_000);
  count = 0;
});

function state(): ScaleState | undefined {
  return SCALE_STATES[Number(bench.code('FT13.State'))];
}

function doses(): DoseRecord[] {
  return bench.records.filter((one) => one.kind === 'dose');
}

function dose(change: Record<string, unknown> = {}) {
  count += 1;
  const wanted = {
    ...{ doseId: `O/${count}/FT13/1`, batchId: `O/${count}`, bin: 'LT13', feeder: 'LP13' },
    ...{ material: 'FISH-OIL', lot: 'FISH-OIL-2611', targetKg: 60, toleranceKg: 0.3 },
    ...change,
  };
  return bench.command('FT13', 'DOSE', wanted, LINE);
}

function takes(batchId = `O/${count}`) {
  return bench.command('FT13', 'DISCHARGE', { batchId }, MIXER);
}

function reach(...states: ScaleState[]): ScaleState | undefined {
  bench.until(() => states.includes(state() ?? 'Faulted'), LIMIT_MS);
  return state();
}

const inMixer = () => ledger(bench.state).bins['SINK']?.inKg ?? 0;
const left = () => ledger(bench.state).bins['LT13']?.outKg ?? 0;
const isShut = () =>
  bench.outputs.get('LP13.Cmd') !== true && bench.outputs.get('LV13.OpenCmd') !== true;

describe('Liquids by meter', () => {
  test('nothing flows before the mixer asks; then valve, pump, and the batch is told what came', () => {
    expect(dose()).toEqual({ accepted: true });
    bench.runFor(5_000);
    expect(state()).toBe('Full');
    expect(isShut()).toBe(true);
    expect(takes()).toEqual({ accepted: true });
    bench.until(() => bench.outputs.get('LP13.Cmd') === true, 10_000);
    expect(bench.tag('LV13.OpenLS')).toMatchObject({ value: true });
    expect(reach('Empty')).toBe('Empty');
    expect(isShut()).toBe(true);
    const [record] = doses();
    expect(record).toMatchObject({ decision: 'in-tolerance', scale: 'FT13', bin: 'LT13' });
    expect(Math.abs((record?.actualKg ?? 0) - left())).toBeLessThanOrEqual(0.02);
    bench.runFor(3_000);
    expect(Math.abs(inMixer() - left())).toBeLessThan(0.4);
    const told = bench.sent.filter(
      ({ command }) => command === 'DOSED' || command === 'DISCHARGED',
    );
    expect(told.map(({ to }) => to)).toEqual(['LINE1', 'MX1:unit']);
    expect(bench.tag('FT13.FlowKgPerH')).toMatchObject({ value: 0 });
  });

  test('the mixer may ask first: the liquid flows as soon as the dose is known', () => {
    expect(takes('O/1')).toEqual({ accepted: true });
    expect(state()).toBe('Empty');
    expect(dose()).toEqual({ accepted: true });
    expect(state()).toBe('Filling');
    expect(reach('Empty')).toBe('Empty');
    // Once more asked for the same, it is in already.
    expect(takes()).toEqual({ accepted: true });
    expect(state()).toBe('Empty');
    expect(bench.sent.at(-1)).toMatchObject({ command: 'DISCHARGED', args: { kg: 0 } });
  });

  test('the mass in flight is learnt: 24 doses are in tolerance and on the mean within a pulse', () => {
    for (let number = 0; number < 24; number += 1) {
      dose({ targetKg: 20 + ((number * 17) % 60) });
      takes();
      expect(reach('Empty', 'Waiting'), `dose ${number}`).toBe('Empty');
    }
    const errors = doses()
      .slice(10)
      .map((one) => one.actualKg - one.targetKg);
    expect(doses().filter((one) => one.decision !== 'in-tolerance')).toEqual([]);
    expect(doses().filter((one) => one.jogs > 0)).toEqual([]);
    expect(Math.abs(errors.reduce((a, b) => a + b, 0) / errors.length)).toBeLessThan(0.01);
  });

  test('nothing flows for 10 s: pump off, valve shut, alarm, and a person decides', () => {
    setFault(bench.state, { device: 'LT13', fault: 'bridged' });
    dose();
    takes();
    expect(reach('Waiting')).toBe('Waiting');
    expect([...bench.raised]).toEqual(['FT13.NoFlow']);
    expect(isShut()).toBe(true);
    clearFault(bench.state, { device: 'LT13', fault: 'bridged' });
    expect(bench.command('FT13', 'DECIDE', { decision: 'retry' })).toEqual({ accepted: true });
    expect(reach('Empty')).toBe('Empty');
    expect(doses()).toHaveLength(1);
  });

  test('out of tolerance it is topped up five times at most, then a person decides', () => {
    dose({ toleranceKg: 0.000_1 });
    takes();
    expect(reach('Waiting')).toBe('Waiting');
    expect([...bench.raised]).toEqual(['FT13.DoseDeviation']);
    expect(bench.command('FT13', 'DECIDE', { decision: 'accept' })).toEqual({ accepted: true });
    expect(doses()[0]).toMatchObject({ decidedBy: 'lan' });
    expect(doses()[0]?.jogs).toBeLessThanOrEqual(5);
  });

  test.each(['LV13', 'LP13'])(
    'a dead %s stops it; what came before and after is one dose',
    (id) => {
      dose();
      takes();
      bench.runFor(12_000);
      const fault = id === 'LP13' ? 'trip' : 'feedback-lost';
      if (id === 'LV13') bench.forced.set('LV13.OpenLS', false);
      else setFault(bench.state, { device: id, fault });
      expect(reach('Held')).toBe('Held');
      bench.runFor(3_000);
      expect(bench.outputs.get('LP13.Cmd')).not.toBe(true);
      bench.forced.clear();
      clearFault(bench.state, { device: id, fault });
      bench.runFor(8_000);
      bench.command(id, 'RESET');
      bench.runFor(5_000);
      expect(bench.command('FT13', 'RESUME', {}, LINE)).toEqual({ accepted: true });
      expect(reach('Empty', 'Held')).toBe('Empty');
      expect(Math.abs((doses()[0]?.actualKg ?? 0) - left())).toBeLessThanOrEqual(0.02);
    },
  );

  test('a count that cannot be trusted stops the pump in the same scan', () => {
    dose();
    takes();
    bench.runFor(10_000);
    bench.lost.add('FT13.Pulses');
    bench.scan();
    expect(state()).toBe('Held');
    expect(bench.outputs.get('LP13.Cmd')).toBe(false);
    expect(bench.command('FT13', 'RESUME', {}, LINE)).toMatchObject({
      reasons: [{ code: 'meter.not-good' }],
    });
    bench.lost.clear();
    bench.runFor(2_000);
    expect(bench.command('FT13', 'RESUME', {}, LINE)).toEqual({ accepted: true });
    expect(reach('Empty')).toBe('Empty');
    expect(Math.abs((doses()[0]?.actualKg ?? 0) - left())).toBeLessThanOrEqual(0.02);
  });

  test.each([
    ['armed', 500],
    ['at coarse flow', 9_000],
    ['at fine flow', 21_000],
  ])('a restart while it is %s loses nothing and doubles nothing', (_when, afterMs) => {
    dose();
    if (afterMs > 1_000) takes();
    bench.runFor(afterMs);
    const was = state();
    bench.restart();
    expect(state()).toBe(was === 'Full' ? 'Full' : 'Held');
    bench.runFor(5_000);
    expect(isShut()).toBe(true);
    if (was === 'Full') takes();
    else expect(bench.command('FT13', 'RESUME', {}, LINE)).toEqual({ accepted: true });
    expect(reach('Empty')).toBe('Empty');
    expect(doses()).toHaveLength(1);
    expect(Math.abs((doses()[0]?.actualKg ?? 0) - left())).toBeLessThanOrEqual(0.02);
  });

  test('an abort ends it with what has come', () => {
    dose();
    takes();
    bench.runFor(12_000);
    bench.command('FT13', 'ABORT', { user: 'minh' }, LINE);
    expect(reach('Empty')).toBe('Empty');
    expect(doses()[0]).toMatchObject({ decision: 'accepted-under', decidedBy: 'minh' });
    expect(Math.abs((doses()[0]?.actualKg ?? 0) - left())).toBeLessThanOrEqual(0.02);
  });
});

describe('The count of a meter', () => {
  test('goes on through the end of its counter', () => {
    expect(pulsesSince(4_294_967_290, 4)).toBe(10);
    expect(pulsesSince(4, 10)).toBe(6);
  });

  test('is not believed when it jumps by more than the meter can pass', () => {
    expect(isJump(40, 100, 400)).toBe(false);
    expect(isJump(480, 1_000, 400)).toBe(false);
    expect(isJump(481, 1_000, 400)).toBe(true);
  });
});
