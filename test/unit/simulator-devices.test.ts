// Goal: each device of the simulated mill behaves as DOMAIN 3 and 6 say, healthy and with its
// faults.
import { beforeEach, describe, expect, test } from 'vitest';
import { fallS } from '../../simulators/process/devices/feeder.ts';
import {
  clearFault,
  contentOf,
  FaultError,
  ledger,
  sendTruck,
  setFault,
  TruckError,
} from '../../simulators/process/index.ts';
import { SimulatedPilot } from '../support/simulated-pilot.ts';

let mill: SimulatedPilot;
beforeEach(() => {
  mill = new SimulatedPilot();
});

describe('a drive', () => {
  test('feeds back within 2 s, is at speed in its run-up time, draws its idle current', () => {
    mill.set({ 'EL101.Cmd': true });
    expect(mill.runUntil(() => mill.flag('EL101.RunFb'), 3)).toBeLessThan(2);
    expect(mill.runUntil(() => mill.number('EL101.SpeedPct') >= 80, 10)).toBeLessThan(8);
    mill.run(15);
    expect(mill.number('EL101.Amps')).toBeGreaterThan(4);
    expect(mill.number('EL101.Amps')).toBeLessThan(6.5);
    expect(mill.number('EL101.kWh')).toBeGreaterThan(0);
    mill.set({ 'EL101.Cmd': false });
    mill.run(5);
    expect(mill.flag('EL101.RunFb')).toBe(false);
    expect(mill.number('EL101.SpeedPct')).toBe(0);
    expect(mill.number('EL101.Amps')).toBe(0);
  });

  test('loses its feedback, welds, trips, goes local and runs slow when told so', () => {
    mill.set({ 'EL101.Cmd': true });
    mill.run(10);
    setFault(mill.state, { device: 'EL101', fault: 'feedback-lost' });
    expect(mill.flag('EL101.RunFb')).toBe(false);
    expect(mill.number('EL101.SpeedPct')).toBe(100);
    clearFault(mill.state, { device: 'EL101', fault: 'feedback-lost' });
    setFault(mill.state, { device: 'EL101', fault: 'underspeed' });
    mill.run(5);
    expect(mill.number('EL101.SpeedPct')).toBe(70);
    setFault(mill.state, { device: 'EL101', fault: 'welded' });
    mill.set({ 'EL101.Cmd': false });
    mill.run(5);
    expect(mill.flag('EL101.RunFb')).toBe(true);
    clearFault(mill.state, { device: 'EL101', fault: 'welded' });
    mill.run(1);
    expect(mill.flag('EL101.RunFb')).toBe(false);
    setFault(mill.state, { device: 'EL101', fault: 'local' });
    mill.set({ 'EL101.Cmd': true });
    mill.run(3);
    expect([mill.flag('EL101.Local'), mill.flag('EL101.RunFb')]).toEqual([true, false]);
  });

  test('a trip stops it and lets go once the command has been away for a while', () => {
    mill.set({ 'CC101.Cmd': true });
    mill.run(5);
    setFault(mill.state, { device: 'CC101', fault: 'trip' });
    mill.run(1);
    expect([mill.flag('CC101.Trip'), mill.flag('CC101.RunFb')]).toEqual([true, false]);
    clearFault(mill.state, { device: 'CC101', fault: 'trip' });
    mill.run(10);
    expect(mill.flag('CC101.Trip')).toBe(true);
    mill.set({ 'CC101.Cmd': false });
    mill.run(6);
    expect(mill.flag('CC101.Trip')).toBe(false);
  });

  test('a bearing warms above its alarm limit', () => {
    setFault(mill.state, { device: 'EL101', fault: 'hot-bearing' });
    expect(mill.runUntil(() => mill.number('EL101.BearingT') > 80, 300)).toBeGreaterThan(10);
  });
});

describe('a gate and a diverter', () => {
  test('a gate reaches its limit switch within its travel time, between them it has none', () => {
    mill.set({ 'G501.OpenCmd': true });
    mill.run(1);
    expect([mill.flag('G501.OpenLS'), mill.flag('G501.CloseLS')]).toEqual([false, false]);
    mill.run(1.9);
    expect([mill.flag('G501.OpenLS'), mill.flag('G501.CloseLS')]).toEqual([true, false]);
    setFault(mill.state, { device: 'G501', fault: 'stuck' });
    mill.set({ 'G501.OpenCmd': false });
    mill.run(10);
    expect(mill.flag('G501.OpenLS')).toBe(true);
  });

  test('a distributor reaches any position in its travel time; request 0 leaves it there', () => {
    mill.set({ 'DS301.Req': 8 });
    mill.run(1);
    expect(mill.flag('DS301.InPos')).toBe(false);
    mill.run(4);
    expect([mill.flag('DS301.InPos'), mill.number('DS301.Pos')]).toEqual([true, 8]);
    mill.set({ 'DS301.Req': 0 });
    mill.run(5);
    expect([mill.flag('DS301.InPos'), mill.number('DS301.Pos')]).toEqual([true, 8]);
    mill.set({ 'DS301.Req': 9 });
    mill.run(5);
    expect(mill.flag('DS301.InPos')).toBe(false);
  });
});

describe('product on its way', () => {
  function startIntake(silo: number): void {
    mill.set({ 'EL101.Cmd': true, 'CC101.Cmd': true, 'DS101.Req': silo });
    mill.run(10);
    mill.set({ 'G101.OpenCmd': true });
  }

  test('a truck of maize goes to the silo it is routed to, and lies there as its own lot', () => {
    sendTruck(mill.state, { material: 'MAIZE', lot: 'XE-77', kg: 3_000 });
    mill.run(120);
    expect(mill.number('PIT101.LevelPct')).toBeCloseTo(37.5, 1);
    startIntake(3);
    mill.runUntil(() => mill.number('PIT101.LevelPct') === 0, 900);
    mill.run(60);
    const { bins, balanceMg } = ledger(mill.state);
    expect(bins['SI203']?.inKg).toBe(3_000);
    expect(bins['SI201']?.inKg).toBe(0);
    expect(balanceMg).toBe(0);
    const top = contentOf(mill.state, 'SI203').at(-1);
    expect(top?.parts).toEqual([{ material: 'MAIZE', lot: 'XE-77', kg: 3_000 }]);
  });

  test('product arrives after its transit, and all of it within the run-on times', () => {
    sendTruck(mill.state, { material: 'MAIZE', lot: 'XE-78', kg: 500 });
    mill.run(30);
    startIntake(1);
    mill.run(20);
    expect(ledger(mill.state).bins['SI201']?.inKg).toBe(0);
    mill.runUntil(() => mill.number('PIT101.LevelPct') === 0, 300);
    mill.set({ 'G101.OpenCmd': false });
    mill.run(40);
    mill.set({ 'CC101.Cmd': false });
    mill.run(35);
    expect(ledger(mill.state).inTransitKg).toBe(0);
    expect(ledger(mill.state).bins['SI201']?.inKg).toBe(500);
  });

  test('a leg that stands under flow plugs, trips when started, is cleared by hand', () => {
    sendTruck(mill.state, { material: 'MAIZE', lot: 'XE-79', kg: 2_000 });
    mill.run(70);
    mill.set({ 'CC101.Cmd': true, 'G101.OpenCmd': true });
    mill.runUntil(() => mill.flag('EL101.Plug'), 200);
    mill.set({ 'EL101.Cmd': true, 'G101.OpenCmd': false });
    mill.runUntil(() => mill.flag('EL101.Trip'), 30);
    mill.set({ 'EL101.Cmd': false, 'CC101.Cmd': false });
    mill.run(40);
    expect([mill.flag('EL101.Trip'), mill.flag('EL101.Plug')]).toEqual([true, true]);
    mill.run(40);
    expect([mill.flag('EL101.Trip'), mill.flag('EL101.Plug')]).toEqual([false, false]);
    const { losses, balanceMg } = ledger(mill.state);
    expect(losses['EL101 cleared by hand']).toBeGreaterThan(10);
    expect(balanceMg).toBe(0);
  });

  test('a truck without a pit, material or place in the yard is turned away', () => {
    const load = { material: 'MAIZE', lot: 'X', kg: 1 };
    expect(() => sendTruck(mill.state, { ...load, material: 'GOLD' })).toThrow(TruckError);
    expect(() => sendTruck(mill.state, { ...load, pit: 'SI201' })).toThrow(TruckError);
    for (let truck = 0; truck < 20; truck++) sendTruck(mill.state, { ...load, kg: 9_000 });
    expect(() => sendTruck(mill.state, load)).toThrow(/try again/);
  });

  test('a bin says high and low with hysteresis', () => {
    expect([mill.flag('PB701.Low'), mill.flag('DB401.Low')]).toEqual([true, false]);
    sendTruck(mill.state, { material: 'SBM', lot: 'X', kg: 7_500 });
    mill.runUntil(() => mill.flag('PIT101.High'), 300);
    expect(mill.number('PIT101.LevelPct')).toBeGreaterThanOrEqual(90);
  });
});

describe('a dosing screw and its scale', () => {
  test('flow is k x Hz +-3 %, and what is in the air lands 0.4-0.9 s after the screw stops', () => {
    mill.set({ 'DF401.Cmd': true, 'DF401.HzRef': 50 });
    mill.run(20);
    const before = ledger(mill.state).bins['DB401']?.outKg ?? 0;
    mill.run(30);
    const rate = ((ledger(mill.state).bins['DB401']?.outKg ?? 0) - before) / 30;
    expect(rate / ((240 * 50) / 3600)).toBeGreaterThan(0.97);
    expect(rate / ((240 * 50) / 3600)).toBeLessThan(1.03);
    const inAir = ledger(mill.state).inTransit['DF401'] ?? 0;
    expect(fallS('DF401')).toBeGreaterThanOrEqual(0.4);
    expect(fallS('DF401')).toBeLessThanOrEqual(0.9);
    expect(inAir / rate).toBeCloseTo(fallS('DF401'), 1);
    mill.set({ 'DF401.Cmd': false });
    mill.run(3);
    const account = ledger(mill.state);
    expect(account.inTransitKg).toBe(0);
    expect(account.scales['WS501']?.contentKg).toBe(account.bins['DB401']?.outKg);
  });

  test('the scale lags, reads in divisions, and is stable only when still', () => {
    expect([mill.flag('WS501.Zero'), mill.number('WS501.Net')]).toEqual([true, 0]);
    mill.set({ 'DF401.Cmd': true, 'DF401.HzRef': 50 });
    mill.run(20);
    expect([mill.flag('WS501.Stable'), mill.flag('WS501.Zero')]).toEqual([false, false]);
    const lagKg = (ledger(mill.state).scales['WS501']?.contentKg ?? 0) - mill.number('WS501.Net');
    expect(lagKg).toBeGreaterThan(0.3);
    mill.set({ 'DF401.Cmd': false });
    mill.run(4);
    expect(mill.flag('WS501.Stable')).toBe(true);
    const net = mill.number('WS501.Net');
    expect(Math.abs(net - (ledger(mill.state).scales['WS501']?.contentKg ?? 0))).toBeLessThan(0.2);
    const divisions = net / 0.02;
    expect(Math.abs(divisions - Math.round(divisions))).toBeLessThan(1e-6);
  });

  test('too much on it is an overload; a bridged bin gives nothing', () => {
    mill.set({ 'DF401.Cmd': true, 'DF401.HzRef': 60, 'DF402.Cmd': true, 'DF402.HzRef': 60 });
    setFault(mill.state, { device: 'DF401', fault: 'welded' });
    mill.runUntil(() => mill.flag('WS501.Overload'), 120);
    expect(mill.number('WS501.Net')).toBeGreaterThan(500);
    setFault(mill.state, { device: 'DB403', fault: 'bridged' });
    mill.set({ 'DF403.Cmd': true, 'DF403.HzRef': 50 });
    mill.run(10);
    expect(ledger(mill.state).bins['DB403']?.outKg).toBe(0);
  });

  test('a screw that jams against a full hopper trips, and is cleared by hand when it stands', () => {
    mill.set({ 'DF401.Cmd': true, 'DF401.HzRef': 60, 'DF402.Cmd': true, 'DF402.HzRef': 60 });
    for (const device of ['DF401', 'DF402']) setFault(mill.state, { device, fault: 'welded' });
    mill.runUntil(() => mill.flag('DF401.Trip'), 600);
    clearFault(mill.state, { fault: 'welded' });
    mill.set({ 'DF401.Cmd': false, 'DF402.Cmd': false });
    mill.run(30);
    expect(mill.flag('DF401.Trip')).toBe(true);
    mill.run(60);
    expect(mill.flag('DF401.Trip')).toBe(false);
    const { losses, balanceMg, inTransit } = ledger(mill.state);
    expect(losses['DF401 cleared by hand']).toBeGreaterThan(1);
    expect([balanceMg, inTransit['DF401'] ?? 0]).toEqual([0, 0]);
  });

  test('the discharge gate empties it into the mixer to the last milligram', () => {
    mill.set({ 'MF411.Cmd': true, 'MF411.HzRef': 50, 'MX601.Cmd': true });
    mill.run(60);
    mill.set({ 'MF411.Cmd': false });
    mill.run(3);
    mill.set({ 'G502.OpenCmd': true });
    mill.runUntil(() => mill.flag('WS502.Zero'), 30);
    const { scales, inTransit, bins } = ledger(mill.state);
    expect(scales['WS502']?.contentKg).toBe(0);
    expect(inTransit['MX601']).toBe(bins['MB411']?.outKg);
  });
});

describe('faults of sensors', () => {
  test('bias, frozen and noise change what is shown, not what is', () => {
    setFault(mill.state, { device: 'PM701', fault: 'bias', role: 'ConditionerT', value: 40 });
    expect(mill.number('PM701.ConditionerT')).toBe(68);
    setFault(mill.state, { device: 'PM701', fault: 'bias', role: 'ConditionerT', value: 0 });
    expect(mill.number('PM701.ConditionerT')).toBe(28);
    setFault(mill.state, { device: 'DB401', fault: 'frozen', role: 'LevelPct' });
    mill.set({ 'DF401.Cmd': true, 'DF401.HzRef': 50 });
    mill.run(60);
    expect(mill.number('DB401.LevelPct')).toBe(35);
    clearFault(mill.state, { device: 'DB401', fault: 'frozen' });
    expect(mill.number('DB401.LevelPct')).toBeLessThan(30);
  });

  test('a fault that does not fit is refused with what is wrong', () => {
    const refused = [
      { device: 'XX1', fault: 'trip' },
      { device: 'DB401', fault: 'choke' },
      { device: 'DB401', fault: 'bias', role: 'LevelPct' },
      { device: 'DB401', fault: 'frozen', role: 'Nothing' },
    ] as const;
    for (const one of refused) expect(() => setFault(mill.state, one)).toThrow(FaultError);
    expect(mill.state.faults.all).toEqual([]);
  });
});
