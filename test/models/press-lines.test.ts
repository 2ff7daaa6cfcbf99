// Goal: the five press lines of the reference mill press by the rules of DOMAIN 4, on the physics
// of the simulator: rated throughput, two loops, chokes, trips, the end of a run and its
// record.
import { beforeEach, describe, expect, it } from 'vitest';
import { buildControlMachines } from '../../plc/machines/index.ts';
import type { Mill } from '../../plc/mill/definition.ts';
import { PRESS_PHASES } from '../../plc/model/isa88.ts';
import type { PressRunRecord } from '../../plc/model/record.ts';
import { lastValueOf } from '../../plc/model/tag.ts';
import { blendOf } from '../../simulators/process/blend.ts';
import { substanceOf } from '../../simulators/process/item.ts';
import type { Layers } from '../../simulators/process/layers.ts';
import { massOf } from '../../simulators/process/layers.ts';
import { MachineBench } from '../support/machine-bench.ts';
import { pressLines } from '../support/press-bench.ts';

const SEED = 7;
const MG_PER_T = 1e9;
/** Press, finished bin that it fills, conditioner set point, rated t/h (DOMAIN 4). */
const LINES = [
  ['1', 'FB101', 82, 22],
  ['2', 'FB102', 85, 22],
  ['3', 'FB301', 75, 22],
  ['4', 'FB302', 60, 22],
  ['5', 'FB501', 95, 12],
] as const;

const ALL = pressLines('1', '2', '3', '4', '5');
const FIRST = pressLines('1');

let mill: MachineBench;

function begin(part: Mill): void {
  mill = new MachineBench(part, buildControlMachines(part), SEED, 200);
  mill.runFor(2_000);
}

beforeEach(() => begin(FIRST));

function layersOf(bin: string): Layers {
  const item = mill.state.byId.get(bin);
  if (item === undefined) throw new Error(`no bin ${bin}`);
  return (item.state as { layers: Layers }).layers;
}
const tonnes = (bin: string) => massOf(layersOf(bin)) / MG_PER_T;
const bedTonnes = (n: string) =>
  massOf((mill.state.byId.get(`CL${n}`)?.state as { bed?: Layers } | undefined)?.bed ?? []) /
  MG_PER_T;
const phase = (n: string) => PRESS_PHASES[Number(mill.code(`PM${n}.Phase`))];
const value = (tag: string) => Number(lastValueOf(mill.tag(tag)));

function pour(bin: string, tonnesIn: number, lot = 'L1'): void {
  layersOf(bin).push(blendOf(substanceOf(mill.state, 'MASH', lot), tonnesIn * MG_PER_T));
}

function start(n: string, destination: string, setC: number, more = {}): void {
  const args = { destination, setC, orderId: '2611-0007', lot: 'L1', ...more };
  expect(mill.command(`PM${n}:unit`, 'START', args)).toEqual({ accepted: true });
}

function press(n: string): void {
  pour(`PB${n}`, 8);
  start(n, 'FB101', 82);
  expect(mill.until(() => phase(n) === 'Pressing', 200_000)).toBe(true);
  expect(mill.until(() => value(`PM${n}.LoadPct`) > 70, 200_000)).toBe(true);
}

describe('the press lines', () => {
  it('make their rated t/h at their set points: 22, 22, 22, 22 and 12', {
    timeout: 600_000,
  }, () => {
    begin(ALL);
    for (const [n, bin, setC] of LINES) {
      pour(`PB${n}`, 50);
      start(n, bin, setC);
    }
    mill.runFor(6 * 60_000);
    const before = LINES.map(([n, bin]) => tonnes(bin) + bedTonnes(n));
    mill.runFor(12 * 60_000);
    LINES.forEach(([n, bin, setC, ratedTPerH], index) => {
      expect(phase(n), `PM${n}, seed ${SEED}`).toBe('Pressing');
      const madeT = tonnes(bin) + bedTonnes(n) - (before[index] ?? 0);
      expect(madeT, `PM${n} t in 12 min, seed ${SEED}`).toBeGreaterThan(ratedTPerH * 0.2 * 0.97);
      expect(madeT).toBeLessThan(ratedTPerH * 0.2 * 1.12);
      expect(Math.abs(value(`PM${n}.ConditionerT`) - setC)).toBeLessThan(2);
      expect(value(`PM${n}.LoadPct`)).toBeGreaterThan(82);
      expect(value(`PM${n}.LoadPct`)).toBeLessThan(95);
      expect(value(`CL${n}.ProductT`)).toBeLessThan(26 + 5);
    });
  });
});

describe('a press', () => {
  it('does not start while no boiler has its pressure', () => {
    for (const boiler of ['BL1', 'BL2']) mill.forced.set(`${boiler}.PressureBar`, 4);
    const order = { destination: 'FB101', setC: 82 };
    const refusal = { accepted: false, reasons: [{ code: 'press.no-steam' }, {}] };
    expect(mill.command('PM1:unit', 'START', order)).toMatchObject(refusal);
    mill.forced.set('BL2.PressureBar', 8);
    expect(mill.command('PM1:unit', 'START', order)).toEqual({ accepted: true });
  });

  it('warms its conditioner up before it feeds at full load', () => {
    pour('PB1', 8);
    start('1', 'FB101', 82);
    expect(mill.until(() => phase('1') === 'Warming', 200_000)).toBe(true);
    expect(mill.until(() => phase('1') === 'Pressing', 200_000)).toBe(true);
    expect(value('PM1.ConditionerT')).toBeGreaterThan(82 - 5);
    expect(value('FP1.Hz')).toBeLessThan(26);
  });

  it('chokes: feed and steam stop, the bypass opens, the drive turns 20 s and then stops', () => {
    press('1');
    mill.forced.set('PM1.RollSlipPct', 35);
    mill.scan();
    expect(phase('1')).toBe('Choked');
    const { outputs } = mill;
    expect(outputs.get('FP1.Cmd')).toBe(false);
    expect(outputs.get('PM1.SteamOpen')).toBe(false);
    expect(outputs.get('PM1.BypassOpen')).toBe(true);
    mill.runFor(19_000);
    expect(outputs.get('PM1.Cmd')).toBe(true);
    mill.runFor(2_000);
    expect(outputs.get('PM1.Cmd')).toBe(false);
  });

  it('is choked when its amps fall to idle while it is fed steadily', () => {
    press('1');
    mill.forced.set('PM1.Amps', 0.35 * 264 * 1.9);
    expect(mill.until(() => phase('1') === 'Choked', 15_000)).toBe(true);
    expect(mill.documents.get('PM1:unit')).toMatchObject({ reasons: [{ code: 'press.choke' }] });
  });

  it('is not choked by idle amps when its bin is empty', () => {
    press('1');
    layersOf('PB1').length = 0;
    mill.runFor(180_000);
    expect(phase('1')).toBe('Pressing');
  });

  it('main drive trip -> feeder, conditioner, steam off in the same scan', () => {
    press('1');
    mill.forced.set('PM1.Trip', true);
    mill.scan();
    const { outputs } = mill;
    for (const tag of ['FP1.Cmd', 'CN1.Cmd', 'PM1.Cmd', 'PM1.SteamOpen']) {
      expect(outputs.get(tag), tag).toBe(false);
    }
  });

  it('no fan -> no press feed: the feeder stops in the same scan as the fan', () => {
    press('1');
    mill.forced.set('FNL1.Trip', true);
    mill.scan();
    expect(mill.outputs.get('FNL1.Cmd')).toBe(false);
    expect(mill.outputs.get('FP1.Cmd')).toBe(false);
    expect(mill.outputs.get('PM1.SteamOpen')).toBe(false);
  });

  it('has no feeder that a person can start while its cooler fan stands', () => {
    expect(mill.command('FP1', 'MODE', { mode: 'Manual' })).toEqual({ accepted: true });
    const refusal = { accepted: false, reasons: [{ objects: { tag: 'FNL1.State' } }] };
    expect(mill.command('FP1', 'START')).toMatchObject(refusal);
  });

  it('sieving returns fines WITH their lot: they come back to its bin', () => {
    press('1');
    layersOf('PB1').length = 0;
    pour('PB1', 20, 'L2');
    mill.runFor(9 * 60_000);
    const l1 = substanceOf(mill.state, 'MASH', 'L1');
    const returned = layersOf('PB1').flatMap((one) => one.parts.map((part) => part.substance));
    expect(returned).toContain(l1);
    expect(mill.outputs.get('FR1.Cmd')).toBe(true);
  });

  it('goes on with the next order while the conveyor of its fines still empties itself', () => {
    pour('PB1', 2);
    start('1', 'FB101', 82);
    mill.runFor(60_000);
    mill.command('PM1:unit', 'STOP');
    expect(mill.until(() => phase('1') === 'Stopped', 45 * 60_000)).toBe(true);
    pour('PB1', 2);
    start('1', 'FB101', 82);
    expect(mill.until(() => phase('1') === 'Pressing', 5 * 60_000)).toBe(true);
    expect(mill.outputs.get('FR1.Cmd')).toBe(true);
  });

  it('runs empty when it is asked to stop, and writes the run down', () => {
    pour('PB1', 4);
    start('1', 'FB101', 82);
    mill.runFor(60_000);
    mill.command('PM1:unit', 'STOP');
    expect(mill.until(() => phase('1') === 'Stopped', 45 * 60_000)).toBe(true);
    const runs = mill.records.filter((one): one is PressRunRecord => one.kind === 'press-run');
    expect(runs).toHaveLength(1);
    const [run] = runs;
    expect(run).toMatchObject({ press: 'PM1', orderId: '2611-0007', lot: 'L1', chokes: 0 });
    // Fines come round once more, so a little more is fed than was in the bin.
    expect(Number(run?.fedKg)).toBeGreaterThan(3_900);
    expect(Number(run?.fedKg)).toBeLessThan(4_600);
    expect(Number(run?.kWh) / 4).toBeGreaterThan(8);
    expect(Number(run?.kWh) / 4).toBeLessThan(20);
    expect(Number(run?.steamKg) / 4).toBeGreaterThan(35);
    expect(Number(run?.steamKg) / 4).toBeLessThan(55);
    expect(Number(run?.meanC)).toBeGreaterThan(70);
    expect(tonnes('FB101')).toBeGreaterThan(3.8);
    expect(mill.outputs.get('FR1.Cmd')).toBe(false);
  });
});
