// Goal: each fault of the field can be put on and taken off, does what its text says, and goes away
// by itself when it should; a request that does not fit is refused with all that is wrong.
import { beforeEach, describe, expect, test } from 'vitest';
import { pilot } from '../../plc/mill/mills/pilot.ts';
import { FAULT_KINDS, FAULT_NAMES, FAULTS_MAX } from '../../simulators/faults/catalogue.ts';
import { conditionOf } from '../../simulators/faults/link-condition.ts';
import { FieldCore } from '../../simulators/field-core.ts';
import type { FaultError } from '../../simulators/process/index.ts';
import { contentOf, ledger, sendTruck } from '../../simulators/process/index.ts';

let core: FieldCore;
let beat = 0;

beforeEach(() => {
  core = FieldCore.create(pilot, 1);
  run(0.5);
});

function run(seconds: number): void {
  for (let left = seconds * 1_000; left > 0; left -= 500) {
    beat = (beat + 1) % 65_536;
    for (const { id, type } of pilot.devices) {
      if (type === 'heartbeat') core.write(`${id}.Beat`, beat);
    }
    core.step(Math.min(500, left));
  }
}

function command(values: Readonly<Record<string, boolean | number>>): void {
  for (const [tag, value] of Object.entries(values)) core.write(tag, value);
}

function refusal(request: Parameters<FieldCore['setFault']>[0]): string {
  try {
    core.setFault(request);
  } catch (error) {
    return (error as FaultError).message;
  }
  return 'accepted';
}

describe('the catalogue of faults', () => {
  test('says of each in both languages what happens', () => {
    for (const name of FAULT_NAMES) {
      const { vi, en } = FAULT_KINDS[name].text;
      expect(vi.length, name).toBeGreaterThan(5);
      expect(en.length, name).toBeGreaterThan(5);
      expect(vi).not.toBe(en);
    }
  });

  test('a request names everything that is wrong with it', () => {
    const said = refusal({
      fault: 'bias',
      device: 'XX1',
      connection: 'field',
      value: 1e9,
      forS: 0,
    });
    for (const part of ['needs a role', 'takes no connection', 'XX1', 'value', 'forS']) {
      expect(said).toContain(part);
    }
    expect(refusal({ fault: 'tired' })).toContain('half-open');
    expect(refusal({ fault: 'choke', device: 'EL101' })).toContain('elevator');
    expect(refusal({ fault: 'bias', device: 'EL101', role: 'Plug', value: 1 })).toContain('number');
    expect(refusal({ fault: 'word-swap', connection: 'scales', unit: 9 })).toContain('no unit 9');
    expect(refusal({ fault: 'clock-jump', connection: 'scales' })).toContain('modbus');
    expect(refusal({ fault: 'wrong-lot', device: 'SI201', lot: 'X' })).toContain('SI201');
    expect(refusal({ fault: 'slow', connection: 'field', skewS: 1 })).toContain('takes no skewS');
    expect(core.state.faults.all).toEqual([]);
  });

  test('there are not more of them than a person could follow', () => {
    const roles = pilot.tags.filter((tag) => tag.direction === 'input' && tag.device !== null);
    for (const { device, role } of roles.slice(0, FAULTS_MAX)) {
      core.setFault({ fault: 'frozen', device: device ?? '', role });
    }
    expect(refusal({ fault: 'trip', device: 'CC101' })).toContain(String(FAULTS_MAX));
  });
});

describe('a fault for a time', () => {
  test('of the process goes away after its process seconds', () => {
    core.setFault({ fault: 'trip', device: 'CC101', forS: 2 });
    run(1.5);
    expect(core.state.faults.has('CC101', 'trip')).toBe(true);
    run(1);
    expect(core.state.faults.all).toEqual([]);
  });

  test('of a link does not pass with process time, but with real time', () => {
    core.setFault({ fault: 'half-open', connection: 'scales', forS: 2 });
    run(10);
    expect(core.answers('scales')).toBe(false);
    core.state.faults.pass(2_000, true);
    expect(core.answers('scales')).toBe(true);
  });
});

describe('faults of the process', () => {
  test('a local start runs a drive without a command, and not against an emergency stop', () => {
    core.setFault({ fault: 'local-start', device: 'FN101' });
    run(3);
    expect([core.read('FN101.Local'), core.read('FN101.RunFb')]).toEqual([true, true]);
    core.setFault({ fault: 'e-stop', device: 'ES001', forS: 2 });
    run(1);
    expect(core.read('FN101.RunFb')).toBe(false);
    core.clearFault({ fault: 'local-start' });
    run(10);
    expect([core.read('FN101.Local'), core.read('FN101.RunFb')]).toEqual([false, false]);
  });

  test('a burst vent cuts its leg for as long as it is open', () => {
    command({ 'EL101.Cmd': true });
    run(5);
    core.setFault({ fault: 'burst-vent', device: 'EL101' });
    run(1);
    expect([core.read('EL101.Trip'), core.read('EL101.RunFb')]).toEqual([true, false]);
    command({ 'EL101.Cmd': false });
    run(10);
    expect(core.read('EL101.Trip')).toBe(true);
    core.clearFault({ device: 'EL101' });
    run(10);
    expect(core.read('EL101.Trip')).toBe(false);
  });

  test('a truck with the wrong lot is booked as what it really is', () => {
    core.setFault({ fault: 'wrong-lot', device: 'PIT101', lot: 'SAI-1', material: 'SBM' });
    sendTruck(core.state, { material: 'MAIZE', lot: 'NGO-9', kg: 500 });
    run(30);
    expect(contentOf(core.state, 'PIT101')[0]?.parts).toEqual([
      { material: 'SBM', lot: 'SAI-1', kg: 500 },
    ]);
    expect(ledger(core.state).balanceMg).toBe(0);
  });
});

describe("the field's own interlocks", () => {
  test('a feeder stands while its press does', () => {
    command({ 'FD701.Cmd': true, 'FD701.HzRef': 30, 'CN701.Cmd': true });
    run(5);
    expect(core.read('FD701.RunFb')).toBe(false);
    command({ 'PM701.Cmd': true });
    run(5);
    expect(core.read('FD701.RunFb')).toBe(true);
    core.setFault({ fault: 'trip', device: 'PM701' });
    run(2);
    expect(core.read('FD701.RunFb')).toBe(false);
  });

  test('a conveyor stands while the leg it feeds is plugged', () => {
    sendTruck(core.state, { material: 'MAIZE', lot: 'NGO-9', kg: 5_000 });
    run(90);
    command({ 'CC101.Cmd': true, 'G101.OpenCmd': true });
    for (let second = 0; second < 200 && core.read('EL101.Plug') === false; second++) run(1);
    run(1);
    expect([core.read('EL101.Plug'), core.read('CC101.RunFb')]).toEqual([true, false]);
  });

  test('nothing runs onto a scale that holds what it is rated for, and it still weighs', () => {
    command({ 'DF402.Cmd': true, 'DF402.HzRef': 60 });
    run(200);
    expect([core.read('WS501.Overload'), core.read('DF402.RunFb')]).toEqual([false, false]);
    expect(core.read('WS501.Net')).toBeGreaterThan(500);
    expect(core.read('WS501.Net')).toBeLessThan(525);
  });
});

describe('faults of links', () => {
  test('add up to what is wrong with a connection and each unit behind it', () => {
    core.setFault({ fault: 'slow', connection: 'scales', delayMs: 200 });
    core.setFault({ fault: 'late-reply', connection: 'scales', unit: 1, every: 3 });
    core.setFault({ fault: 'word-swap', connection: 'scales', unit: 1 });
    core.setFault({ fault: 'unit-silent', connection: 'scales', unit: 2 });
    const condition = conditionOf(core.state.faults.all, 'scales');
    expect(condition.slow).toEqual({ delayMs: 200, jitterMs: 0 });
    expect(condition.units.get(1)).toEqual({
      failure: null,
      late: { delayMs: 1_500, every: 3 },
      wordOrder: 'CDAB',
    });
    expect([core.answers('scales', 1), core.answers('scales', 2)]).toEqual([true, false]);
    expect(conditionOf(core.state.faults.all, 'drives').slow).toBeNull();
  });

  test('a restart of a PLC loses its outputs and its watchdog until it is beaten again', () => {
    command({ 'CC101.Cmd': true, 'DF401.Cmd': true });
    run(3);
    core.setFault({ fault: 'plc-restart', connection: 'field', downS: 5 });
    core.step(1_000);
    expect([core.read('CC101.Cmd'), core.read('CC101.RunFb')]).toEqual([false, false]);
    expect([core.read('PLCFIELD.Safe'), core.read('DF401.RunFb')]).toEqual([true, true]);
    core.state.faults.pass(5_000, true);
    expect(core.answers('field')).toBe(true);
  });
});
