// Goal: grinding, pelleting, cooling and bagging give the figures of DOMAIN 4 and 6, a press chokes
// and is cleared, and a controller without heartbeat or under an emergency stop lets go of
// everything.
import { beforeEach, describe, expect, test } from 'vitest';
import { pilot } from '../../plc/mill/mills/pilot.ts';
import { blendOf } from '../../simulators/process/blend.ts';
import {
  clearFault,
  createState,
  ledger,
  safeConnections,
  setFault,
  step,
} from '../../simulators/process/index.ts';
import { book, substanceOf } from '../../simulators/process/item.ts';
import { SimulatedPilot } from '../support/simulated-pilot.ts';

let mill: SimulatedPilot;
beforeEach(() => {
  mill = new SimulatedPilot();
});

/** Puts product into a bin as if it had always been there. */
function fill(bin: string, kg: number): void {
  const { state } = mill;
  const substance = substanceOf(state, 'MASH', 'ME-1');
  const item = state.byId.get(bin);
  if (item === undefined) throw new Error(`no ${bin}`);
  book(state.sources, 'initial', substance, kg * 1e6);
  Object.assign(item.state, { layers: [blendOf(substance, kg * 1e6)] });
}

function startPress(hz: number, steamPct: number): void {
  mill.set({
    'EL801.Cmd': true,
    'FN801.Cmd': true,
    'FN801.DeltaCmd': true,
    'PM701.Cmd': true,
    'CN701.Cmd': true,
  });
  mill.set({ 'DS801.Req': 1 });
  mill.run(20);
  mill.set({ 'FD701.Cmd': true, 'FD701.HzRef': hz });
  mill.set({ 'PM701.SteamOpen': true, 'PM701.SteamPct': steamPct });
}

/** Someone who lets the cooler out between 60 and 30 %. */
function runCooler(seconds: number): void {
  for (let second = 0; second < seconds; second++) {
    mill.run(1);
    const level = mill.number('CL801.LevelPct');
    if (level > 60) mill.set({ 'CL801.DischargeCmd': true });
    if (level < 30) mill.set({ 'CL801.DischargeCmd': false });
  }
}

describe('grinding', () => {
  test('the mill runs up in 20-40 s and its amps follow the feed', () => {
    fill('HB301', 250);
    mill.set({ 'EL301.Cmd': true, 'HM301.Cmd': true, 'DS301.Req': 3 });
    const runUpS = mill.runUntil(() => mill.number('HM301.SpeedPct') >= 99, 60);
    expect(runUpS).toBeGreaterThan(20);
    expect(runUpS).toBeLessThan(40);
    mill.run(15);
    const idle = mill.number('HM301.Amps');
    mill.set({ 'FD301.Cmd': true, 'FD301.HzRef': 40 });
    mill.run(30);
    expect(idle / 104.5).toBeCloseTo(0.35, 1);
    expect(mill.number('HM301.Amps') / 104.5).toBeGreaterThan(0.8);
    expect(mill.number('HM301.Amps') / 104.5).toBeLessThan(1);
  });
});

describe('pelleting', () => {
  test('about 4.5 t/h reach 84 degC with the steam valve half open, at about 90 % load', () => {
    fill('PB701', 2_000);
    startPress(37.5, 50);
    runCooler(180);
    expect(mill.number('PM701.ConditionerT')).toBeGreaterThan(79);
    expect(mill.number('PM701.ConditionerT')).toBeLessThan(89);
    const load = mill.number('PM701.Amps') / 104.5;
    expect(load).toBeGreaterThan(0.82);
    expect(load).toBeLessThan(0.98);
    expect(mill.number('PM701.RollSlipPct')).toBeLessThan(5);
  });

  test('more steam or less feed is hotter, within what condensing steam can do', () => {
    fill('PB701', 2_500);
    startPress(37.5, 40);
    runCooler(150);
    const at40 = mill.number('PM701.ConditionerT');
    mill.set({ 'PM701.SteamPct': 55 });
    runCooler(100);
    const at55 = mill.number('PM701.ConditionerT');
    expect(at55 - at40).toBeGreaterThan(12);
    mill.set({ 'PM701.SteamOpen': false });
    runCooler(120);
    expect(mill.number('PM701.ConditionerT')).toBeLessThan(35);
  });

  test('pellets leave the cooler within 5 degC of ambient, lighter by what evaporated', () => {
    fill('PB701', 1_000);
    startPress(37.5, 48);
    runCooler(860);
    expect(mill.number('PB701.LevelPct')).toBe(0);
    expect(mill.number('CL801.ProductT')).toBeLessThan(33);
    expect(mill.number('CL801.ExhaustT')).toBeLessThan(60);
    mill.set({ 'CL801.DischargeCmd': true });
    mill.run(300);
    const { bins, sources, losses, inTransitKg, balanceMg } = ledger(mill.state);
    const steamKg = sources['steam'] ?? 0;
    const evaporatedKg = losses['CL801 evaporation'] ?? 0;
    expect(steamKg / 1_000).toBeGreaterThan(0.035);
    expect(steamKg / 1_000).toBeLessThan(0.06);
    expect(evaporatedKg / steamKg).toBeGreaterThan(0.5);
    expect(evaporatedKg / steamKg).toBeLessThan(1);
    expect(inTransitKg).toBe(0);
    expect(bins['FB901']?.contentKg).toBeCloseTo(1_000 + steamKg - evaporatedKg, 6);
    expect(balanceMg).toBe(0);
  });

  test('without its fan the cooler stays hot', () => {
    fill('PB701', 500);
    startPress(37.5, 48);
    mill.set({ 'FN801.Cmd': false });
    mill.run(300);
    mill.set({ 'CL801.DischargeCmd': true });
    mill.run(30);
    expect(mill.number('CL801.ProductT')).toBeGreaterThan(50);
  });

  test('a choked die slips, overloads and trips the motor; it is cleared standing', () => {
    fill('PB701', 1_000);
    startPress(37.5, 48);
    runCooler(60);
    setFault(mill.state, { device: 'PM701', fault: 'choke' });
    mill.run(0.1);
    clearFault(mill.state, { device: 'PM701', fault: 'choke' });
    mill.runUntil(() => mill.number('PM701.RollSlipPct') > 10, 5);
    mill.runUntil(() => mill.number('PM701.Amps') > 1.15 * 104.5, 10);
    mill.runUntil(() => mill.flag('PM701.Trip'), 30);
    mill.set({ 'PM701.Cmd': false, 'FD701.Cmd': false, 'PM701.SteamOpen': false });
    mill.runUntil(() => !mill.flag('PM701.Trip'), 120);
    expect(ledger(mill.state).losses['PM701 cleared by hand']).toBeGreaterThan(1);
    expect(ledger(mill.state).balanceMg).toBe(0);
    mill.set({ 'PM701.Cmd': true });
    mill.run(20);
    expect(mill.number('PM701.SpeedPct')).toBe(100);
    expect(mill.number('PM701.RollSlipPct')).toBeLessThan(5);
  });
});

describe('bagging', () => {
  function startBagging(kg: number): void {
    fill('FB901', kg);
    mill.set({ 'G901.OpenCmd': true, 'BG1001.Enable': true, 'BG1001.TargetKg': 25 });
  }

  test('fills 300 bags an hour; count, total and slots agree, weights scatter by 20-50 g', () => {
    startBagging(9_000);
    const weightsG: number[] = [];
    let count = 0;
    for (let tenths = 0; tenths < 36_000 && count < 200; tenths++) {
      mill.run(0.1);
      if (mill.number('BG1001.BagCount') === count) continue;
      count++;
      weightsG.push(mill.number(`BG1001.BagG${count % 8}`));
    }
    expect(mill.state.timeMs / 1000 / count).toBeCloseTo(12, 0);
    expect(mill.number('BG1001.TotalG')).toBe(weightsG.reduce((sum, one) => sum + one, 0));
    expect(weightsG.every((one) => one % 10 === 0)).toBe(true);
    const mean = weightsG.reduce((sum, one) => sum + one, 0) / count;
    const sigma = Math.sqrt(weightsG.reduce((sum, one) => sum + (one - mean) ** 2, 0) / count);
    expect(Math.abs(mean - 25_000)).toBeLessThan(20);
    expect(sigma).toBeGreaterThan(15);
    expect(sigma).toBeLessThan(60);
    expect(ledger(mill.state).bags.kg * 1000).toBeCloseTo(mean * count, -3);
  });

  test('is starved when the bin is empty; a rest below one bag is taken out when it stands', () => {
    startBagging(110);
    mill.runUntil(() => mill.flag('BG1001.Starved'), 120);
    expect(mill.number('BG1001.BagCount')).toBe(4);
    const restKg = mill.number('BG1001.HopperKg');
    expect(restKg).toBeGreaterThan(5);
    mill.set({ 'BG1001.Enable': false });
    mill.run(61);
    const { losses, bags, balanceMg } = ledger(mill.state);
    expect(losses['BG1001 rest sack']).toBeCloseTo(restKg, 1);
    expect(bags.kg + (losses['BG1001 rest sack'] ?? 0)).toBeCloseTo(110, 9);
    expect(balanceMg).toBe(0);
  });

  test('stands with a fault or a blocked outlet and goes on without losing the bag', () => {
    startBagging(500);
    mill.runUntil(() => mill.number('BG1001.BagCount') === 2, 60);
    setFault(mill.state, { device: 'BG1001', fault: 'machine-fault' });
    mill.run(60);
    expect([mill.flag('BG1001.Fault'), mill.number('BG1001.BagCount')]).toEqual([true, 2]);
    clearFault(mill.state, { device: 'BG1001', fault: 'machine-fault' });
    setFault(mill.state, { device: 'BG1001', fault: 'blocked' });
    mill.run(30);
    expect([mill.flag('BG1001.Blocked'), mill.number('BG1001.BagCount')]).toEqual([true, 2]);
    clearFault(mill.state, { device: 'BG1001', fault: 'blocked' });
    mill.run(30);
    expect(mill.number('BG1001.BagCount')).toBeGreaterThan(2);
  });
});

describe('safety', () => {
  test('without a heartbeat for 3 s a controller lets go of its outputs, until it beats', () => {
    mill.set({ 'EL101.Cmd': true, 'G501.OpenCmd': true, 'DF401.Cmd': true, 'DF401.HzRef': 50 });
    mill.run(10);
    mill.beating = false;
    mill.run(2);
    expect(mill.flag('PLCFIELD.Safe')).toBe(false);
    mill.run(6);
    expect(mill.flag('PLCFIELD.Safe')).toBe(true);
    expect([...safeConnections(mill.state)].sort()).toEqual([
      'bagging',
      'drives',
      'field',
      'scales',
    ]);
    expect(mill.flag('EL101.RunFb')).toBe(false);
    expect(mill.flag('G501.CloseLS')).toBe(true);
    expect(mill.number('DF401.Hz')).toBe(0);
    mill.beating = true;
    mill.run(1);
    expect(mill.flag('PLCFIELD.Safe')).toBe(false);
  });

  test('the heartbeat is watched in real time: at speed 20, 3 s are 60 s of process', () => {
    const state = createState(pilot, 1);
    state.speed = 20;
    step(state, new Map([['PLCFIELD.Beat', 1]]), 20);
    step(state, new Map([['PLCFIELD.Beat', 1]]), 50_000);
    expect(safeConnections(state).has('field')).toBe(false);
    step(state, new Map([['PLCFIELD.Beat', 1]]), 15_000);
    expect(safeConnections(state).has('field')).toBe(true);
  });

  test('an emergency stop cuts the power of every drive', () => {
    mill.set({ 'EL101.Cmd': true, 'DF401.Cmd': true, 'DF401.HzRef': 50 });
    mill.run(10);
    setFault(mill.state, { device: 'ES001', fault: 'e-stop' });
    mill.run(5);
    expect(mill.flag('ES001.EStop')).toBe(true);
    expect([mill.flag('EL101.RunFb'), mill.flag('DF401.RunFb')]).toEqual([false, false]);
    expect(mill.number('DF401.Hz')).toBe(0);
  });
});
