// Goal: bulk load-out by DOMAIN 4, on the physics of the simulator: one compartment after the
// other, only after the last-load check and from a released bin, coarse then fine, weighed and
// written down once.
import { beforeEach, describe, expect, it } from 'vitest';
import { buildControlMachines } from '../../plc/machines/index.ts';
import { reference } from '../../plc/mill/mills/reference.ts';
import { LOAD_OUT_STATES } from '../../plc/model/load-out.ts';
import type { LoadRecord } from '../../plc/model/record.ts';
import { goodNumber, isOn } from '../../plc/model/tag.ts';
import { spoutsOf } from '../../simulators/process/devices/load-out.ts';
import { fillByHand, setFault } from '../../simulators/process/index.ts';
import { markMoved } from '../../simulators/process/roster.ts';
import { MachineBench } from '../support/machine-bench.ts';
import { partOf } from '../support/part-mill.ts';

const SEED = 11;
const PLAIN = { drugClass: 'none', species: 'broiler', withdrawal: false };
const DRUG = { drugClass: 'ionophore', species: 'broiler', withdrawal: false };
const LAYER = { drugClass: 'none', species: 'layer', withdrawal: true };
const LINE = { kind: 'machine', id: 'LINE1' } as const;

/** Two finished bins over the first load-out conveyor and its spout. */
const part = partOf(
  reference,
  ({ id, type, area }) =>
    /^(FB10[12]|GL10[12]|CO10|LO1)$/.test(id) ||
    (type === 'safety' && ['finished', 'bagging'].includes(area)) ||
    type === 'heartbeat',
);

let mill: MachineBench;

beforeEach(() => {
  mill = new MachineBench(part, buildControlMachines(part), SEED, 200);
  mill.runFor(2_000);
});

const state = () => LOAD_OUT_STATES[Number(mill.code('LO1.State'))];
const loads = () => mill.records.filter((one): one is LoadRecord => one.kind === 'load');

function stored(bin: string, kg: number, lot: string, nature: object): void {
  const args = { orderId: '2611-0001', lot, product: { vi: 'Gà', en: 'Broiler' }, nature };
  expect(mill.command(bin, 'FILL', args, LINE)).toEqual({ accepted: true });
  fillByHand(mill.state, { material: 'MAIZE', lot, kg, bin });
  mill.runFor(1_000);
  mill.command(bin, 'FILLED', {}, LINE);
  mill.runFor(1_000);
}

function ask(more: object = {}) {
  const truck = { truck: '51C-123.45', compartmentKg: 7_500, last: PLAIN, cleaned: false };
  return mill.command('LO1', 'START', { bin: 'FB101', lot: 'L1', ...truck, ...more });
}
const refusedFor = (code: string) => ({ accepted: false, reasons: [{ code }] });

function loaded(more: object = {}): LoadRecord | undefined {
  const before = loads().length;
  expect(ask(more)).toEqual({ accepted: true });
  mill.until(() => loads().length > before, 40 * 60_000);
  return loads().at(-1);
}

describe('a load-out', () => {
  it('loads a compartment coarse, then fine, within its tolerance, and writes it down once', () => {
    stored('FB101', 20_000, 'L1', PLAIN);
    const load = loaded();
    expect(load).toMatchObject({
      spout: 'LO1',
      truck: '51C-123.45',
      compartment: 1,
      bin: 'FB101',
      lot: 'L1',
      orderId: '2611-0001',
      targetKg: 7_500,
    });
    expect(Math.abs((load?.netKg ?? 0) - 7_500)).toBeLessThan(7_500 * 0.005);
    mill.runFor(120_000);
    expect(loads()).toHaveLength(1);
    expect(state()).toBe('Idle');
  });

  it('loads the next compartment with what it learnt of the tail', () => {
    stored('FB101', 40_000, 'L1', PLAIN);
    loaded();
    mill.until(() => state() === 'Idle' && isOn(mill.tag('LO1.SpoutDown')), 120_000);
    const second = loaded();
    expect(second?.compartment).toBe(2);
    expect(Math.abs((second?.netKg ?? 0) - 7_500)).toBeLessThan(7_500 * 0.005);
  });

  it('what dripped behind a load belongs to the next one of its lot, and keeps another lot out', () => {
    stored('FB101', 20_000, 'L1', PLAIN);
    stored('FB102', 20_000, 'L2', PLAIN);
    loaded();
    mill.until(() => state() === 'Idle' && isOn(mill.tag('LO1.SpoutDown')), 120_000);
    const [spout] = spoutsOf(mill.state);
    if (spout === undefined) throw new Error('no spout');
    spout.state.loadedMg = 50e6;
    markMoved(mill.state, spout);
    mill.runFor(1_000);
    expect(ask({ bin: 'FB102', lot: 'L2' })).toMatchObject(refusedFor('load.not-empty'));
    const load = loaded();
    expect(Math.abs((load?.netKg ?? 0) - 7_500)).toBeLessThan(7_500 * 0.005);
  });

  it('takes the rest of a bin, and ends by itself when that is empty', () => {
    stored('FB101', 3_000, 'L1', PLAIN);
    const load = loaded({ untilEmpty: true });
    expect(load?.targetKg).toBe(7_500);
    expect(Math.abs((load?.netKg ?? 0) - 3_000)).toBeLessThan(60);
    mill.until(() => state() === 'Idle', 300_000);
    expect(loads()).toHaveLength(1);
  });

  it('takes what hangs in its bin for no end: it is Held until a person decides', () => {
    stored('FB101', 6_000, 'L1', PLAIN);
    expect(ask({ untilEmpty: true })).toEqual({ accepted: true });
    mill.until(() => (goodNumber(mill.tag('LO1.ActualKg')) ?? 0) > 500, 600_000);
    setFault(mill.state, { device: 'FB101', fault: 'bridged', freePct: 0 });
    mill.until(() => state() === 'Held', 600_000);
    expect(mill.documents.get('LO1')).toMatchObject({ reasons: [{ code: 'bin.empty' }] });
    expect(loads()).toEqual([]);
  });

  it('counts no drips to the load of another truck', () => {
    stored('FB101', 60_000, 'L1', PLAIN);
    loaded();
    const [spout] = spoutsOf(mill.state);
    if (spout === undefined) throw new Error('no spout');
    // The truck has left; the next one brings something along.
    spout.state.compartment = spout.state.truck?.compartments ?? 1;
    mill.until(() => state() === 'Idle' && !isOn(mill.tag('LO1.TruckInPlace')), 300_000);
    mill.until(() => isOn(mill.tag('LO1.SpoutDown')), 300_000);
    spout.state.loadedMg = 50e6;
    markMoved(mill.state, spout);
    mill.runFor(1_000);
    expect(ask()).toMatchObject(refusedFor('load.not-empty'));
  });

  it('is Held, and says that its bin is empty, when that gives less than was asked for', () => {
    stored('FB101', 3_000, 'L1', PLAIN);
    ask();
    mill.until(() => state() === 'Held', 40 * 60_000);
    mill.runFor(180_000);
    expect(mill.documents.get('LO1')).toMatchObject({ reasons: [{ code: 'bin.empty' }] });
    expect(mill.command('LO1', 'RESUME')).toMatchObject(refusedFor('bin.empty'));
    expect(mill.command('LO1', 'STOP')).toEqual({ accepted: true });
    mill.runFor(1_000);
    expect(loads()).toHaveLength(1);
  });

  it('takes nothing from a finished bin that is not released', () => {
    stored('FB101', 20_000, 'L1', DRUG);
    expect(ask()).toMatchObject(refusedFor('bin.not-released'));
    expect(mill.command('FB101', 'RELEASE')).toEqual({ accepted: true });
    mill.runFor(400);
    expect(ask()).toEqual({ accepted: true });
  });

  it('is Held when quality holds its bin while it loads, with its source closed', () => {
    stored('FB101', 20_000, 'L1', PLAIN);
    ask();
    mill.until(() => state() === 'Coarse', 60_000);
    mill.command('FB101', 'HOLD');
    mill.runFor(10_000);
    expect(state()).toBe('Held');
    expect(mill.documents.get('LO1')).toMatchObject({ reasons: [{ code: 'bin.not-released' }] });
    expect(mill.outputs.get('GL101.OpenCmd')).toBe(false);
    expect(mill.command('LO1', 'RESUME')).toMatchObject(refusedFor('bin.not-released'));
  });

  it('checks the last load of the compartment by the matrix of carry-over', () => {
    stored('FB101', 20_000, 'L1', LAYER);
    expect(ask({ last: DRUG })).toMatchObject({ accepted: false });
    expect(ask({ last: DRUG })).toMatchObject({
      reasons: [{ code: expect.stringMatching(/^load\.last-load-(clean|forbidden)$/) }],
    });
    expect(ask({ last: null })).toMatchObject(refusedFor('load.last-load-unknown'));
    const clean = { last: null, cleaned: true };
    expect(ask(clean)).toMatchObject({ reasons: [{ code: 'load.no-certificate' }, {}] });
    expect(ask({ ...clean, certificate: 'VS-12' })).toEqual({ accepted: true });
  });

  it('writes down the last load and the certificate, and remembers what it loaded itself', () => {
    stored('FB101', 20_000, 'L1', DRUG);
    mill.command('FB101', 'RELEASE');
    mill.runFor(400);
    const load = loaded({ compartmentKg: 2_000, last: DRUG });
    expect(load).toMatchObject({ last: DRUG, certificate: null });
    expect(mill.until(() => state() === 'Idle', 180_000)).toBe(true);
    mill.forced.set('LO1.Compartment', load?.compartment ?? 0);
    mill.runFor(400);
    const codes = (more: object) => {
      const answer = ask({ compartmentKg: 2_000, ...more });
      return answer.accepted ? [] : answer.reasons.map(({ code }) => code);
    };
    expect(codes({ last: PLAIN })).toContain('load.last-load-known');
    const cleaned = { last: PLAIN, cleaned: true, certificate: 'VS-13' };
    expect(codes(cleaned)).not.toContain('load.last-load-known');
  });

  it('refuses another lot than the bin holds, a bin of another spout, and too great a mass', () => {
    stored('FB101', 20_000, 'L1', PLAIN);
    expect(ask({ lot: 'L9' })).toMatchObject(refusedFor('load.other-lot'));
    expect(ask({ bin: 'FB501' })).toMatchObject(refusedFor('load.bin'));
    expect(ask({ compartmentKg: 9_000 })).toMatchObject(refusedFor('load.mass'));
    expect(ask({ compartmentKg: 10 })).toMatchObject(refusedFor('load.mass'));
  });

  it('refuses without a truck in place, and when its signal is not good', () => {
    stored('FB101', 20_000, 'L1', PLAIN);
    mill.forced.set('LO1.TruckInPlace', false);
    mill.runFor(400);
    expect(ask()).toMatchObject(refusedFor('load.no-truck'));
    mill.forced.delete('LO1.TruckInPlace');
    mill.lost.add('LO1.SpoutDown');
    mill.runFor(400);
    expect(ask()).toMatchObject({ accepted: false });
  });

  it('closes its source when the truck draws away, and writes down what it has when stopped', () => {
    stored('FB101', 20_000, 'L1', PLAIN);
    ask();
    mill.until(() => (goodNumber(mill.tag('LO1.ActualKg')) ?? 0) > 1_000, 10 * 60_000);
    mill.forced.set('LO1.TruckInPlace', false);
    mill.runFor(10_000);
    expect(state()).toBe('Held');
    expect(mill.outputs.get('GL101.OpenCmd')).toBe(false);
    expect(mill.command('LO1', 'STOP')).toEqual({ accepted: true });
    expect(loads()).toHaveLength(1);
    expect(loads()[0]?.netKg).toBeGreaterThan(1_000);
  });

  it('comes back Held from a restart, and goes on when it is resumed', () => {
    stored('FB101', 20_000, 'L1', PLAIN);
    ask();
    mill.until(() => (goodNumber(mill.tag('LO1.ActualKg')) ?? 0) > 1_000, 10 * 60_000);
    mill.restart();
    expect(state()).toBe('Held');
    mill.runFor(2_000);
    mill.command('BULK1', 'RESET');
    mill.until(() => mill.command('LO1', 'RESUME').accepted, 10_000);
    mill.until(() => loads().length > 0, 40 * 60_000);
    expect(Math.abs((loads()[0]?.netKg ?? 0) - 7_500)).toBeLessThan(7_500 * 0.02);
  });
});
