// Goal: the devices that only a full-size mill has behave as they would: trucks are weighed, steam
// and air run short, dust clogs, power adds up, bags are stacked, bulk trucks filled; and whatever
// they do, no milligram is lost.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FieldCore } from '../../simulators/field-core.ts';
import { blendOf } from '../../simulators/process/blend.ts';
import {
  addByHand,
  ledger,
  sendBulkTruck,
  sendTruck,
  TruckError,
} from '../../simulators/process/index.ts';
import { book, substanceOf } from '../../simulators/process/item.ts';
import { furnishedPilot } from '../support/furnished-pilot.ts';

// Hours of grain and steam take seconds of a machine that others use too.
vi.setConfig({ testTimeout: 60_000 });

const mill = furnishedPilot();
let core: FieldCore;
let beat = 0;

beforeEach(() => {
  core = FieldCore.create(mill, 1);
  run(1);
});

afterEach(() => {
  const { balanceMg, substances } = ledger(core.state);
  expect(balanceMg).toBe(0);
  expect(substances.filter((one) => one.balanceMg !== 0)).toEqual([]);
});

function run(seconds: number): void {
  for (let left = seconds * 1_000; left > 0; left -= 1_000) {
    beat = (beat + 1) % 65_536;
    for (const { id, type } of mill.devices) {
      if (type === 'heartbeat') core.write(`${id}.Beat`, beat);
    }
    core.step(Math.min(1_000, left));
  }
}

function runUntil(what: string, done: () => boolean, withinS: number): void {
  for (let second = 0; second < withinS && !done(); second++) run(1);
  expect(done(), what).toBe(true);
}

function command(values: Readonly<Record<string, boolean | number>>): void {
  for (const [tag, value] of Object.entries(values)) core.write(tag, value);
}

function number(tag: string): number {
  return Number(core.read(tag));
}

/** Puts product into a bin as if it had come by a road of its own. */
function fill(id: string, kg: number): void {
  const substance = substanceOf(core.state, 'MASH', 'TEST');
  const item = core.state.byId.get(id);
  if (item === undefined) throw new Error(`no ${id}`);
  book(core.state.sources, 'test', substance, kg * 1e6);
  const { layers } = item.state as { layers: unknown[] };
  layers.push(blendOf(substance, kg * 1e6));
  (item.state as { inMg: number }).inMg += kg * 1e6;
}

function startPress(): void {
  fill('PB701', 2_000);
  command({
    'FN801.Cmd': true,
    'FN801.DeltaCmd': true,
    'EL801.Cmd': true,
    'SV801.Cmd': true,
    'CT801.Cmd': true,
  });
  command({ 'DS801.Req': 1, 'PM701.Cmd': true, 'CN701.Cmd': true, 'CL801.DischargeCmd': true });
  run(40);
  command({ 'FD701.Cmd': true, 'FD701.HzRef': 37.5, 'PM701.SteamOpen': true });
  command({ 'PM701.SteamPct': 50 });
}

describe('a truck with raw material', () => {
  test('is weighed full, tips, is weighed empty, and the difference is its load', () => {
    sendTruck(core.state, { material: 'MAIZE', lot: 'NGO-1', kg: 3_000 });
    run(10);
    expect([number('WB1.Net'), core.read('WB1.Occupied')]).toEqual([17_000, true]);
    expect(core.read('WB1.Stable')).toBe(true);
    runUntil('the truck at the pit', () => core.read('WB1.Occupied') === false, 60);
    runUntil('the truck back', () => core.read('WB1.Occupied') === true, 300);
    run(4);
    expect(number('WB1.Net')).toBe(14_000);
    runUntil('an empty yard', () => core.state.trucks.length === 0, 60);
    expect(ledger(core.state).bins['PIT101']?.inKg).toBe(3_000);
    expect(core.read('WB1.Zero')).toBe(true);
  });
});

describe('steam', () => {
  test('pressure sags as the press takes it, and a boiler that trips lets the mash cool', () => {
    startPress();
    run(200);
    expect(number('BO1.SteamKgPerH')).toBeGreaterThan(100);
    expect(number('BO1.PressureBar')).toBeLessThan(8);
    const before = number('PM701.ConditionerT');
    core.setFault({ fault: 'trip', device: 'BO1' });
    runUntil('low pressure', () => number('BO1.PressureBar') < 4, 600);
    run(60);
    expect(number('PM701.ConditionerT')).toBeLessThan(before - 10);
    expect([core.read('BO1.Trip'), core.read('BO1.RunFb')]).toEqual([true, false]);
  });
});

describe('air', () => {
  test('goes up and down in its band; without it gates stay where they are', () => {
    const seen: number[] = [];
    for (let second = 0; second < 300; second++) {
      run(1);
      seen.push(number('AC1.PressureBar'));
    }
    expect(Math.min(...seen)).toBeGreaterThan(6.6);
    expect(Math.max(...seen) - Math.min(...seen)).toBeGreaterThan(0.4);
    core.setFault({ fault: 'trip', device: 'AC1' });
    runUntil('no air', () => number('AC1.PressureBar') < 2.4, 600);
    command({ 'G501.OpenCmd': true });
    run(20);
    expect([core.read('G501.OpenLS'), core.read('G501.CloseLS')]).toEqual([false, true]);
  });
});

describe('a bag filter', () => {
  test('clogs with the dust of its area until it is pulsed, and past its limit when blinded', () => {
    command({ 'FN101.Cmd': true });
    run(30);
    const clean = number('FL1.DiffMbar');
    expect(clean).toBeGreaterThan(3);
    core.setFault({ fault: 'blinded', device: 'FL1' });
    runUntil('a clogged filter', () => number('FL1.DiffMbar') > 15, 300);
    core.clearFault({});
    run(60);
    expect(number('FL1.DiffMbar')).toBeGreaterThan(14);
    command({ 'FL1.CleanCmd': true });
    runUntil('cleaning', () => core.read('FL1.Cleaning') === true, 60);
    runUntil('a clean filter', () => number('FL1.DiffMbar') < 12, 300);
    command({ 'FL1.CleanCmd': false });
    core.setFault({ fault: 'burst-vent', device: 'FL1' });
    run(1);
    expect(core.read('FL1.VentBurst')).toBe(true);
  });
});

describe('instruments', () => {
  test('an energy meter sums the power of the drives of its area', () => {
    const idle = number('EM1.kW');
    command({ 'FN101.Cmd': true });
    run(60);
    const share = number('FN101.Amps') / 7.6;
    expect(number('EM1.kW') - idle).toBeCloseTo(share * 4, 0);
    const { A1, V1, PF } = { A1: number('EM1.A1'), V1: number('EM1.V1'), PF: number('EM1.PF') };
    expect((3 * A1 * V1 * PF) / 1_000).toBeCloseTo(number('EM1.kW'), 0);
  });

  test('a cable drifts with the grain, and shows a nest that warms', () => {
    run(600);
    expect(number('TC1.MaxT')).toBeLessThan(31);
    core.setFault({ fault: 'hot-spot', device: 'TC1' });
    run(2_700);
    expect(number('TC1.MaxT')).toBeGreaterThan(42);
    expect(number('TC1.T5')).toBe(number('TC1.MaxT'));
    expect(number('TC1.T1')).toBeLessThan(31);
  });
});

describe('sieve and coater', () => {
  test('fines go back to the press bin; liquid is laid on, measured and accounted for', () => {
    startPress();
    runUntil('pellets at the coater', () => number('CT801.BeltTPerH') > 3, 400);
    command({ 'LP801.Cmd': true, 'LP801.HzRef': 20 });
    const before = ledger(core.state).bins['PB701']?.inKg ?? 0;
    run(240);
    const { bins } = ledger(core.state);
    expect((bins['PB701']?.inKg ?? 0) - before).toBeGreaterThan(5);
    expect(number('CT801.LiquidKgPerH')).toBeGreaterThan(90);
    expect(Math.abs(number('CT801.DeviationPct'))).toBeLessThan(15);
    expect(number('FM1.TotalKg')).toBeCloseTo(bins['LT421']?.outKg ?? 0, 1);
    expect(number('FM1.FlowKgPerH')).toBeCloseTo(100, -1);
    expect(number('LT421.LevelPct')).toBeLessThan(66.7);
  });
});

describe('behind the bagger', () => {
  test('bags are weighed again and stacked; metal is found; a palletiser that stands backs up', () => {
    fill('FB901', 2_000);
    command({ 'G901.OpenCmd': true, 'BG1001.Enable': true, 'BG1001.TargetKg': 25 });
    command({ 'PA1.Enable': true });
    runUntil('twelve bags', () => number('BG1001.BagCount') >= 12, 400);
    command({ 'BG1001.Enable': false });
    run(40);
    const bags = number('BG1001.BagCount');
    expect([number('MD1.Count'), number('MD1.Rejects')]).toEqual([bags, 0]);
    expect(number('CW1.Count')).toBe(bags);
    expect(number('CW1.LastKg')).toBeCloseTo(25, 0);
    const stacked = bags - number('CW1.Rejects');
    expect(number('PA1.Pallets') * 5 + number('PA1.BagsOnPallet')).toBe(stacked);
    command({ 'BG1001.Enable': true });
    core.setFault({ fault: 'metal', device: 'MD1' });
    runUntil('metal', () => core.read('MD1.Detected') === true, 60);
    expect(number('MD1.Rejects')).toBe(1);
    core.clearFault({});
    core.setFault({ fault: 'machine-fault', device: 'PA1' });
    runUntil('bags up to the spout', () => core.read('BG1001.Blocked') === true, 200);
    expect(core.read('PA1.Fault')).toBe(true);
    const stood = number('BG1001.BagCount');
    run(60);
    expect(number('BG1001.BagCount')).toBe(stood);
  });

  test('the rest of an order leaves on a pallet of its own when it is told to', () => {
    fill('FB901', 200);
    command({ 'G901.OpenCmd': true, 'BG1001.Enable': true, 'BG1001.TargetKg': 25 });
    command({ 'PA1.Enable': true });
    runUntil('seven bags', () => number('BG1001.BagCount') >= 7, 400);
    command({ 'BG1001.Enable': false });
    run(40);
    command({ 'PA1.Eject': true });
    run(10);
    const stacked = number('BG1001.BagCount') - number('CW1.Rejects');
    expect([number('PA1.BagsOnPallet'), core.read('PA1.Stacking')]).toEqual([0, false]);
    expect(number('PA1.Pallets')).toBe(Math.ceil(stacked / 5));
    expect(number('PA1.LastPalletBags')).toBe(stacked % 5 || 5);
  });
});

describe('bulk load-out', () => {
  test('fills compartment after compartment, and each truck is a sink by its name', () => {
    fill('FB902', 8_000);
    sendBulkTruck(core.state, { spout: 'LO1', name: '51C-123.45', compartments: 2, kg: 900 });
    command({ 'G903.OpenCmd': true });
    runUntil('the second compartment', () => number('LO1.Compartment') === 2, 200);
    expect(core.read('LO1.SpoutDown')).toBe(false);
    runUntil('the first truck gone', () => core.read('LO1.TruckInPlace') === false, 600);
    runUntil('the truck that was sent', () => core.read('LO1.TruckInPlace') === true, 200);
    expect(number('LO1.TargetKg')).toBe(900);
    runUntil('it gone too', () => core.read('LO1.TruckInPlace') === false, 600);
    const { losses } = ledger(core.state);
    expect(losses['LO1 loaded']).toBe(4_000);
    expect(losses['51C-123.45 loaded']).toBe(1_800);
  });
});

describe('a hand-add', () => {
  test('is weighed, tipped into the mixer when the lamp permits it, and confirmed', () => {
    const sack = { device: 'HA1', material: 'PREMIX', lot: 'PRE-1', kg: 12.5 };
    addByHand(core.state, sack);
    run(4);
    expect([number('HA1.Net'), core.read('HA1.Stable')]).toEqual([12.5, true]);
    expect(() => addByHand(core.state, sack)).toThrow(TruckError);
    run(60);
    expect([core.read('HA1.HatchOpen'), number('HA1.Net')]).toEqual([false, 12.5]);
    command({ 'HA1.TipPermit': true });
    runUntil('the hatch', () => core.read('HA1.HatchOpen') === true, 20);
    runUntil('the confirmation', () => core.read('HA1.Confirm') === true, 20);
    expect(ledger(core.state).inTransit['MX601']).toBe(12.5);
    run(10);
    expect([core.read('HA1.Confirm'), core.read('HA1.Zero')]).toEqual([false, true]);
    expect(() => addByHand(core.state, { ...sack, material: 'GOLD' })).toThrow(/GOLD/);
  });
});
