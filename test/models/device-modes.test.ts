// Goal: each mode of a control module lets machines, routes of a person and persons do what it
// says and nothing else; it changes only where that is safe, a jog ends by itself with all
// interlocks in force, and mode and out of service outlive a restart.
import { beforeEach, describe, expect, test } from 'vitest';
import { buildControlMachines } from '../../plc/machines/index.ts';
import { pilot } from '../../plc/mill/mills/pilot.ts';
import type { Actor, CommandResult } from '../../plc/model/command.ts';
import { MOTOR_STATES, ROUTE_STATES } from '../../plc/model/isa88.ts';
import type { ModuleStatus } from '../../plc/model/status.ts';
import { MachineBench } from '../support/machine-bench.ts';
import { Roam } from '../support/roam.ts';

const UNIT: Actor = { kind: 'machine', id: 'PM701:unit' };
const WAY = { source: 'SI201', destination: 'DB401' };

let mill: MachineBench;
beforeEach(() => {
  mill = new MachineBench(pilot, buildControlMachines(pilot), 11, 200);
  for (const { id } of pilot.refills) mill.forced.set(`${id}.LevelPct`, 60);
  mill.runFor(2_000);
});

const drive = (id: string) => MOTOR_STATES[Number(mill.code(`${id}.State`))];
const route = (id: string) => ROUTE_STATES[Number(mill.code(`${id}.State`))];
const mode = (id: string, wanted: string) => mill.command(id, 'MODE', { mode: wanted });

function codesOf(result: CommandResult): string[] {
  return result.accepted ? ['accepted'] : result.reasons.map((one) => one.code);
}

function moduleOf(id: string): ModuleStatus | undefined {
  const document = mill.documents.get(id);
  return document?.kind === 'device' ? document.module : undefined;
}

describe('in Auto', () => {
  test('machines take and start a device; a person may stop it while nobody holds it, no more', () => {
    expect(moduleOf('CC201')?.mode).toBe('Auto');
    expect(codesOf(mill.command('CC201', 'START'))).toEqual(['device.mode-auto']);
    expect(codesOf(mill.command('G101', 'OPEN'))).toEqual(['device.mode-auto']);
    expect(codesOf(mill.command('DS101', 'POSITION', { position: 2 }))).toEqual([
      'device.mode-auto',
    ]);
    expect(codesOf(mill.command('FN301', 'START', {}, UNIT))).toEqual(['accepted']);
    expect(codesOf(mill.command('FN301', 'STOP'))).toEqual(['accepted']);
  });
});

describe('in SemiAuto', () => {
  test('a device serves the route that a person started', () => {
    mode('CC201', 'SemiAuto');
    expect(mill.command('GRIND', 'START', WAY)).toEqual({ accepted: true });
    expect(mill.until(() => route('GRIND') === 'Running', 120_000)).toBe(true);
  });

  test('it is kept from what starts by itself, which says why', () => {
    mode('CC201', 'SemiAuto');
    mill.command('GRIND', 'START', WAY, { kind: 'machine', id: 'DB401:refill' });
    mill.runFor(5_000);
    expect(route('GRIND')).toBe('Tripped');
    const document = mill.documents.get('GRIND');
    expect(document).toMatchObject({ reasons: [{ code: 'device.mode-semi' }] });
  });

  test('a person commands it singly while nobody holds it', () => {
    mode('CC201', 'SemiAuto');
    expect(codesOf(mill.command('CC201', 'START'))).toEqual(['accepted']);
  });
});

describe('in Manual', () => {
  test('no machine gets the device, and its route says who has it', () => {
    expect(mode('CC201', 'Manual')).toEqual({ accepted: true });
    mill.command('GRIND', 'START', WAY);
    mill.runFor(5_000);
    expect(route('GRIND')).toBe('Tripped');
    expect(mill.documents.get('GRIND')).toMatchObject({
      reasons: [{ code: 'device.mode-manual', objects: { device: 'CC201' } }],
    });
  });

  test('a person starts a single device, with its interlocks still in force', () => {
    mode('CC201', 'Manual');
    mill.forced.set('ES001.EStop', true);
    mill.runFor(400);
    expect(codesOf(mill.command('CC201', 'START'))).toEqual(['estop.pressed']);
    mill.forced.delete('ES001.EStop');
    mill.runFor(400);
    expect(mill.command('CC201', 'START')).toEqual({ accepted: true });
    expect(mill.until(() => drive('CC201') === 'Running', 30_000)).toBe(true);
    mill.forced.set('ES001.EStop', true);
    mill.runFor(200);
    expect(mill.outputs.get('CC201.Cmd')).toBe(false);
  });
});

describe('a mode', () => {
  test('is not changed to Manual while a running route holds the device, which is told', () => {
    mill.command('GRIND', 'START', WAY);
    expect(mill.until(() => route('GRIND') === 'Running', 120_000)).toBe(true);
    expect(mode('CC201', 'Manual')).toMatchObject({
      accepted: false,
      reasons: [{ code: 'route.reserved', objects: { owner: 'GRIND', device: 'CC201' } }],
    });
    expect(moduleOf('CC201')?.mode).toBe('Auto');
  });

  test('goes between Auto and SemiAuto under a running route, and stops nothing', () => {
    mill.command('GRIND', 'START', WAY);
    expect(mill.until(() => route('GRIND') === 'Running', 120_000)).toBe(true);
    expect(mode('CC201', 'SemiAuto')).toEqual({ accepted: true });
    mill.runFor(5_000);
    expect([route('GRIND'), drive('CC201'), moduleOf('CC201')?.mode]).toEqual([
      'Running',
      'Running',
      'SemiAuto',
    ]);
  });

  test('does not leave Manual before the device is at rest: nothing runs on without a commander', () => {
    mode('CC201', 'Manual');
    mill.command('CC201', 'START');
    expect(mill.until(() => drive('CC201') === 'Running', 30_000)).toBe(true);
    expect(codesOf(mode('CC201', 'Auto'))).toEqual(['device.mode-moving']);
    mill.command('CC201', 'STOP');
    expect(mill.until(() => drive('CC201') === 'Stopped', 30_000)).toBe(true);
    expect(mode('CC201', 'Auto')).toEqual({ accepted: true });
  });

  test('is chosen by persons only, and must be one that there is', () => {
    expect(mill.command('CC201', 'MODE', { mode: 'Manual' }, UNIT).accepted).toBe(false);
    expect(codesOf(mode('CC201', 'Turbo'))).toEqual(['command.invalid']);
  });

  test('gives way to the local switch and to out of service, and comes back after them', () => {
    mode('CC201', 'SemiAuto');
    mill.forced.set('CC201.Local', true);
    mill.runFor(400);
    expect(moduleOf('CC201')).toMatchObject({ mode: 'LocalOff', chosenMode: 'SemiAuto' });
    mill.forced.delete('CC201.Local');
    mill.command('G101', 'OUT_OF_SERVICE', { on: true });
    mill.runFor(400);
    expect(moduleOf('CC201')?.mode).toBe('SemiAuto');
    expect(moduleOf('G101')?.mode).toBe('OutOfService');
    expect(codesOf(mill.command('G101', 'ACQUIRE', {}, UNIT))).toEqual(['device.out-of-service']);
  });

  test.each(['CC201', 'G101', 'DS101'])('of %s and out of service outlive a restart', (id) => {
    const spec = buildControlMachines(pilot).find((one) => one.id === id);
    if (spec === undefined) throw new Error(`no machine ${id}`);
    const roam = new Roam(pilot, spec, 1);
    const person = { kind: 'person', id: 'lan' };
    const give = (type: string, args: object) => roam.send(type, { args, by: person });
    roam.scan(100);
    roam.scan(100);
    give('MODE', { mode: 'Manual' });
    give('OUT_OF_SERVICE', { on: true });
    expect(roam.state).toBe('OutOfService');
    roam.restart();
    roam.scan(100);
    expect([roam.state, roam.context['mode']]).toEqual(['OutOfService', 'Manual']);
    give('OUT_OF_SERVICE', { on: false });
    roam.restart();
    roam.scan(100);
    expect(roam.state).not.toBe('OutOfService');
  });
});

describe('a jog', () => {
  test('is refused outside Manual and to machines', () => {
    expect(codesOf(mill.command('CC201', 'JOG'))).toEqual(['device.jog-manual']);
    mode('CC201', 'SemiAuto');
    expect(codesOf(mill.command('CC201', 'JOG'))).toEqual(['device.jog-manual']);
    mode('CC201', 'Manual');
    expect(codesOf(mill.command('CC201', 'JOG', {}, UNIT))).toEqual(['device.jog-manual']);
  });

  test('sounds the horn, turns the device for as long as it was asked, and stops by itself', () => {
    mode('CC201', 'Manual');
    expect(mill.command('CC201', 'JOG', { s: 2 })).toEqual({ accepted: true });
    mill.runFor(400);
    expect([mill.outputs.get('ES001.HornCmd'), mill.outputs.get('CC201.Cmd')]).toEqual([
      true,
      false,
    ]);
    expect(mill.until(() => mill.outputs.get('CC201.Cmd') === true, 20_000)).toBe(true);
    const begunMs = mill.nowMs;
    expect(mill.until(() => mill.outputs.get('CC201.Cmd') === false, 20_000)).toBe(true);
    expect(mill.nowMs - begunMs).toBeGreaterThanOrEqual(1_800);
    expect(mill.nowMs - begunMs).toBeLessThanOrEqual(2_200);
    expect(mill.until(() => drive('CC201') === 'Stopped', 20_000)).toBe(true);
    expect(moduleOf('CC201')?.lastStop?.reasons[0]?.code).toBe('device.jog-over');
    expect(moduleOf('CC201')?.startsInHour?.count).toBe(1);
  });

  test('goes on when it is asked again before it is over, and does not become a run', () => {
    mode('CC201', 'Manual');
    mill.command('CC201', 'JOG', { s: 3 });
    expect(mill.until(() => mill.outputs.get('CC201.Cmd') === true, 20_000)).toBe(true);
    mill.runFor(2_000);
    expect(mill.command('CC201', 'JOG', { s: 3 })).toEqual({ accepted: true });
    expect(codesOf(mill.command('CC201', 'START'))).toEqual(['command.not-in-state']);
    mill.runFor(2_000);
    expect(mill.outputs.get('CC201.Cmd')).toBe(true);
    expect(mill.until(() => mill.outputs.get('CC201.Cmd') === false, 2_000)).toBe(true);
  });

  test('ends in the scan in which an interlock opens', () => {
    mode('CC201', 'Manual');
    mill.command('CC201', 'JOG', { s: 10 });
    expect(mill.until(() => mill.outputs.get('CC201.Cmd') === true, 20_000)).toBe(true);
    mill.forced.set('ES001.EStop', true);
    mill.runFor(200);
    expect(mill.outputs.get('CC201.Cmd')).toBe(false);
    expect(moduleOf('CC201')?.firstOut?.code).toBe('estop.pressed');
  });
});
