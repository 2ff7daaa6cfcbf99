// Goal: each device rule of DOMAIN 3 holds for the control modules as the mills make them: horn,
// feedback and speed of a motor, travel of a gate, a distributor under product, a choked leg, and
// permissive, interlock and process alarm kept apart.
import { describe, expect, test } from 'vitest';
import type { MachineSpec } from '../../plc/machines/contract.ts';
import { buildControlModules } from '../../plc/machines/devices/modules.ts';
import { is } from '../../plc/mill/builders.ts';
import { defineMill } from '../../plc/mill/define-mill.ts';
import type { Mill } from '../../plc/mill/definition.ts';
import { isDrive, isGate, isPositioner } from '../../plc/mill/definition.ts';
import { pilot } from '../../plc/mill/mills/pilot.ts';
import { reference } from '../../plc/mill/mills/reference.ts';
import type { TagScalar } from '../../plc/model/tag.ts';
import type { WalkCommand, Walked } from '../support/machine-walk.ts';
import { answers, MachineWalk } from '../support/machine-walk.ts';

function specOf(id: string, mill: Mill = pilot): MachineSpec {
  const spec = buildControlModules(mill).find((one) => one.id === id);
  if (spec === undefined) throw new Error(`no machine ${id}`);
  return spec;
}

/** A drive at rest with all its signals well; `values` are those that differ. */
function driveAt(id: string, values: Record<string, TagScalar> = {}, mill = pilot): MachineWalk {
  const spec = specOf(id, mill);
  const roles = Object.keys(spec.reads);
  const well = roles.map((role) => [role, [/Speed|Hz|BearingT|Amps/.test(role) ? 0 : false]]);
  const machine = new MachineWalk({ spec, values: Object.fromEntries(well), commands: [] }, 1);
  machine.scan(values);
  return machine;
}

const manual: WalkCommand = { type: 'MODE', args: { mode: 'Manual' } };
const start: WalkCommand = { type: 'START', args: { horn: false }, by: 'ROUTE' };
const stop: WalkCommand = { type: 'STOP', by: 'ROUTE' };

function codesOf(walked: Walked): string[] {
  return answers(walked).flatMap((one) =>
    one.type === 'refused' ? one.reasons.map(({ code }) => code) : ['accepted'],
  );
}

function running(id: string, values: Record<string, TagScalar> = {}, mill = pilot): MachineWalk {
  const machine = driveAt(id, values, mill);
  machine.command(start);
  machine.scan({ RunFb: true, SpeedPct: 100, Hz: 50, DeltaFb: true });
  for (let scans = 0; scans < 5; scans += 1) machine.scan();
  expect(machine.state).toBe('Running');
  return machine;
}

function contextOf(machine: MachineWalk): Readonly<Record<string, unknown>> {
  return machine.scan().context;
}

describe('a motor', () => {
  test('sounds its horn for 5 s before its contactor closes', () => {
    const machine = driveAt('CC101');
    machine.command(manual);
    const begun = machine.command({ type: 'START' });
    expect(begun.outputs).toContainEqual({
      type: 'send',
      to: 'ES001',
      command: 'HORN',
      args: { s: 5 },
    });
    expect(machine.scan({}, 4_900).written.get('CC101.Cmd')).toBe(false);
    expect(machine.scan({}, 200).written.get('CC101.Cmd')).toBe(true);
  });

  test('is faulted when its feedback does not come within 2 s', () => {
    const machine = driveAt('CC101');
    machine.command(start);
    expect(machine.scan({}, 1_900).state).toBe('Starting');
    const late = machine.scan({}, 200);
    expect([late.state, late.written.get('CC101.Cmd')]).toEqual(['Faulted', false]);
    expect(late.context['reasons']).toMatchObject([{ code: 'device.no-feedback' }]);
  });

  test('is faulted when it has not 80 % of its speed within 8 s', () => {
    const slow = driveAt('CC101');
    slow.command(start);
    slow.scan({ RunFb: true, SpeedPct: 79 });
    expect(slow.scan({}, 7_900).state).toBe('Starting');
    expect(slow.scan({}, 200).state).toBe('Faulted');
    const fast = driveAt('CC101');
    fast.command(start);
    fast.scan({ RunFb: true, SpeedPct: 79 });
    expect(fast.scan({ SpeedPct: 80 }, 7_900).state).toBe('Running');
  });

  test('is not started more often in an hour than it may, nor after a restart of the controller', () => {
    const machine = driveAt('CC101');
    const { startsPerHourMax } = specOf('CC101').input as { startsPerHourMax: number };
    for (let starts = 0; starts < startsPerHourMax; starts += 1) {
      expect(codesOf(machine.command(start))).toEqual(['accepted']);
      machine.scan({ RunFb: true, SpeedPct: 100 });
      machine.scan();
      machine.command(stop);
      machine.scan({ RunFb: false, SpeedPct: 0 });
      expect(machine.state).toBe('Stopped');
    }
    const refused = machine.command(start);
    expect(codesOf(refused)).toEqual(['device.starts-per-hour']);
    // First started at 08:46:40 of the mill's morning, it has cooled an hour later.
    expect(JSON.stringify(answers(refused))).toContain('"at":"09:47"');
    expect(specOf('CC101').counters).toContain('recentStartsMs');
    machine.scan({}, 3_600_000);
    expect(codesOf(machine.command(start))).toEqual(['accepted']);
  });

  test('counts its starts, run hours and, where it has no meter, its energy from its current', () => {
    const machine = running('SF201', { Amps: 2.85 });
    for (let minutes = 0; minutes < 60; minutes += 1) machine.scan({}, 60_000);
    const { starts, runMs, kWh } = contextOf(machine) as Record<string, number>;
    const { rated } = specOf('SF201').input as { rated: { kW: number; amps: number } };
    expect(starts).toBe(1);
    expect((runMs ?? 0) / 3_600_000).toBeCloseTo(1, 2);
    expect(kWh).toBeCloseTo((rated.kW * 2.85) / rated.amps, 1);
  });

  test('that tripped is an alarm until it is reset, also when its relay has cooled before', () => {
    const machine = running('CC101');
    const raised = { type: 'raise', alarm: 'CC101.Fault' };
    // While the relay is out its own alarm says so.
    const tripped = machine.scan({ Trip: true, RunFb: false });
    expect(tripped.state).toBe('Faulted');
    expect(tripped.outputs).not.toContainEqual(raised);
    expect(machine.scan({ Trip: false }).outputs).toContainEqual(raised);
    const reset = machine.command({ type: 'RESET' });
    expect(reset.outputs).toContainEqual({ type: 'clear', alarm: 'CC101.Fault' });
  });

  test('keeps its last stop with the reason that came first', () => {
    const machine = running('CC101');
    machine.command(stop);
    expect(contextOf(machine)['lastStop']).toMatchObject({
      reasons: [{ code: 'device.stopped-by', objects: { who: 'ROUTE' } }],
    });
    const tripped = running('EL101');
    tripped.scan({ Trip: true });
    tripped.scan({ 'EL101.Plug': true });
    expect(contextOf(tripped)['lastStop']).toMatchObject({ reasons: [{ code: 'device.trip' }] });
  });
});

describe('a motor that is started from star to delta', () => {
  const contactors = ({ written }: Walked) =>
    ['Cmd', 'StarCmd', 'DeltaCmd'].map((role) => written.get(`FN801.${role}`));

  test('changes over at 80 % of its speed, with star out before delta goes in', () => {
    const machine = driveAt('FN801');
    expect(contactors(machine.command(start))).toEqual([true, true, false]);
    expect(contactors(machine.scan({ RunFb: true, SpeedPct: 60 }))).toEqual([true, true, false]);
    expect(contactors(machine.scan({ SpeedPct: 80 }))).toEqual([true, false, false]);
    expect(contactors(machine.scan())).toEqual([true, false, true]);
    expect(machine.state).toBe('Starting');
    expect(machine.scan({ DeltaFb: true }).state).toBe('Running');
    expect(contactors(machine.scan())).toEqual([true, false, true]);
  });

  test('is faulted when delta does not close', () => {
    const machine = driveAt('FN801');
    machine.command(start);
    for (const speed of [80, 80, 80]) machine.scan({ RunFb: true, SpeedPct: speed });
    const late = machine.scan({}, 2_100);
    expect([late.state, ...contactors(late)]).toEqual(['Faulted', false, false, false]);
    expect(late.context['reasons']).toMatchObject([{ code: 'device.no-delta' }]);
  });
});

describe('an elevator', () => {
  test('is stopped by an underspeed of 20 %', () => {
    const machine = running('EL101');
    machine.scan({ SpeedPct: 81 });
    expect(machine.scan({}, 5_000).state).toBe('Running');
    machine.scan({ SpeedPct: 79 });
    const stopped = machine.scan({}, 1_100);
    expect([stopped.state, stopped.written.get('EL101.Cmd')]).toEqual(['Faulted', false]);
  });

  test.each([
    ['EL101.Plug', true],
    ['EL101.Align', true],
    ['EL101.BearingT', 80],
  ])('is tripped until a reset by %s', (tag, value) => {
    const machine = running('EL101');
    expect(machine.scan({ [tag]: value }).written.get('EL101.Cmd')).toBe(false);
    machine.scan({ RunFb: false, SpeedPct: 0 });
    expect(machine.state).toBe('Faulted');
    expect(codesOf(machine.command({ type: 'RESET' }))).toEqual(['protection.tripped']);
    machine.scan({ [tag]: value === true ? false : 30 });
    expect(machine.state).toBe('Faulted');
    expect(codesOf(machine.command({ type: 'RESET' }))).toEqual(['accepted']);
  });

  test.each([
    ['a plug', { 'EL101.Plug': true }, { 'EL101.Plug': false }],
    ['underspeed', { SpeedPct: 60 }, { SpeedPct: 0 }],
  ])('that choked by %s is never jogged, and only after a proper start again', (_by, bad, well) => {
    const machine = running('EL101');
    machine.scan(bad as Record<string, TagScalar>);
    machine.scan({}, 1_100);
    expect(machine.state).toBe('Faulted');
    machine.scan({ ...(well as Record<string, TagScalar>), RunFb: false });
    expect(codesOf(machine.command({ type: 'RESET' }))).toEqual(['accepted']);
    machine.command(manual);
    expect(codesOf(machine.command({ type: 'JOG' }))).toContain('device.jog-choked');
    expect(specOf('EL101').counters).toContain('choked');
    machine.command({ type: 'START', args: { horn: false } });
    machine.scan({ RunFb: true, SpeedPct: 100 });
    machine.scan();
    expect(machine.state).toBe('Running');
    machine.command({ type: 'STOP' });
    machine.scan({ RunFb: false, SpeedPct: 0 });
    expect(codesOf(machine.command({ type: 'JOG' }))).toEqual(['accepted']);
  });
});

describe('a gate', () => {
  const at = { OpenLS: [false], CloseLS: [true] };

  test.each([
    ['both limit switches', true],
    ['neither limit switch', false],
  ])('is faulted and closed when %s show after its travel time', (_which, both) => {
    const spec = specOf('G101');
    const machine = new MachineWalk({ spec, values: at, commands: [] }, 1);
    machine.scan();
    machine.command({ type: 'OPEN', by: 'ROUTE' });
    const { travelS } = spec.input as { travelS: number };
    expect(machine.scan({ OpenLS: both, CloseLS: both }, travelS * 1_000).state).toBe('Opening');
    const late = machine.scan({}, travelS * 1_000);
    expect([late.state, late.written.get('G101.OpenCmd')]).toEqual(['Faulted', false]);
    expect(late.context['reasons']).toMatchObject([{ code: 'device.travel' }]);
  });
});

describe('a distributor', () => {
  const atRest = {
    Pos: [1],
    InPos: [true],
    'EL101.RunFb': [false],
    'G101.CloseLS': [true],
  };
  const turn: WalkCommand = { type: 'POSITION', args: { position: 3 }, by: 'ROUTE' };

  function standing(): MachineWalk {
    const machine = new MachineWalk({ spec: specOf('DS101'), values: atRest, commands: [] }, 1);
    machine.scan();
    machine.scan();
    expect(machine.state).toBe('InPosition');
    return machine;
  }

  test('asks for a position, and is there when the actual one and the switch say so', () => {
    const machine = standing();
    expect(codesOf(machine.command(turn))).toEqual(['accepted']);
    expect(machine.written.get('DS101.Req')).toBe(3);
    expect(machine.scan({ Pos: 2, InPos: false }).state).toBe('Turning');
    expect(machine.scan({ Pos: 3, InPos: false }).state).toBe('Turning');
    expect(machine.scan({ InPos: true }).state).toBe('InPosition');
  });

  test('never turns while product flows, nor before the way above it has cleared', () => {
    const machine = standing();
    machine.scan({ 'EL101.RunFb': true, 'G101.CloseLS': false });
    expect(codesOf(machine.command(turn))).toEqual(['device.product-flows']);
    machine.scan({ 'G101.CloseLS': true });
    // Conveyor 40 s and leg 35 s (pilot mill) until the last product is through.
    machine.scan({}, 70_000);
    expect(codesOf(machine.command(turn))).toEqual(['device.product-flows']);
    machine.scan({}, 6_000);
    expect(codesOf(machine.command(turn))).toEqual(['accepted']);
  });

  test('does not turn while it cannot be seen whether product flows', () => {
    const machine = standing();
    machine.lose('EL101.RunFb');
    machine.lose('G101.CloseLS');
    machine.scan();
    expect(codesOf(machine.command(turn))).toEqual(['device.product-flows']);
  });

  test('turns when what is above it stands, whatever lies in it', () => {
    const machine = standing();
    machine.scan({ 'EL101.RunFb': true, 'G101.CloseLS': false });
    machine.scan({ 'EL101.RunFb': false });
    expect(codesOf(machine.command(turn))).toEqual(['accepted']);
  });
});

describe('a feeder', () => {
  test('runs coarse, fine and by jogs at the frequency it is given, and at none while it stands', () => {
    const machine = running('DF401');
    const hz = (wanted: number) =>
      machine.command({ type: 'SET_HZ', args: { hz: wanted }, by: 'ROUTE' }).written;
    expect(hz(50).get('DF401.HzRef')).toBe(50);
    expect(hz(5).get('DF401.HzRef')).toBe(5);
    expect(hz(500).get('DF401.HzRef')).toBe(60);
    expect(machine.command(stop).written.get('DF401.HzRef')).toBe(0);
  });
});

describe('permissive, interlock and process alarm', () => {
  const guarded = defineMill({
    ...pilot,
    devices: pilot.devices.map((one) =>
      one.id === 'EL101' ? { ...one, permissives: [is('G101.CloseLS', true)] } : one,
    ),
  });
  const well = { 'G101.CloseLS': true };

  test('a permissive keeps a drive from starting, and does not stop one that runs', () => {
    const still = driveAt('EL101', { 'G101.CloseLS': false }, guarded);
    expect(codesOf(still.command(start))).toEqual(['permissive.open']);
    const machine = running('EL101', well, guarded);
    expect(machine.scan({ 'G101.CloseLS': false }).state).toBe('Running');
  });

  test('an interlock keeps it from starting and stops it in the scan in which it opens', () => {
    const still = driveAt('EL101', { ...well, 'ES001.EStop': true }, guarded);
    expect(codesOf(still.command(start))).toEqual(['estop.pressed']);
    const machine = running('EL101', well, guarded);
    const stopped = machine.scan({ 'ES001.EStop': true });
    expect([stopped.state, stopped.written.get('EL101.Cmd')]).toEqual(['Interlocked', false]);
    expect(machine.scan({ 'ES001.EStop': false, RunFb: false }).state).toBe('Stopped');
  });

  test('a process alarm calls a person and stops nothing: a bearing at 70, tripped only at 80', () => {
    const alarm = pilot.alarms.find((one) => one.id === 'EL101.BearingHot');
    expect(alarm?.condition).toMatchObject({ tag: 'EL101.BearingT', limit: 70 });
    const machine = running('EL101');
    expect(machine.scan({ 'EL101.BearingT': 79 }, 60_000).state).toBe('Running');
    expect(machine.scan({ 'EL101.BearingT': 80 }).state).toBe('Faulted');
  });

  test('each has a text of its own to show', () => {
    const codes = [
      codesOf(driveAt('EL101', { 'G101.CloseLS': false }, guarded).command(start)),
      codesOf(driveAt('EL101', { 'EL101.Plug': true }, guarded).command({ type: 'RESET' })),
    ];
    expect(codes).toEqual([['permissive.open'], ['protection.tripped']]);
  });
});

describe.each([pilot, reference])('the devices of the mill $id', (mill) => {
  test('have the times of DOMAIN 3: horn, feedback, run-up, travel and clean-out', () => {
    const wrong: string[] = [];
    const within = (what: string, value: number, low: number, high: number) => {
      if (value < low || value > high) wrong.push(`${what} ${value}, wants ${low} to ${high}`);
    };
    for (const device of mill.devices) {
      const { id } = device;
      if (isGate(device) || isPositioner(device)) {
        within(`${id} travels`, device.settings.travelS, 3, 6);
      }
      if (!isDrive(device)) continue;
      const { hornS, feedbackS, runUpS, cleanOutS } = device.settings;
      // A dosing screw starts many times in a batch, behind guards: no horn for it.
      if (hornS !== 0) within(`${id} horn`, hornS, 5, 10);
      within(`${id} feedback`, feedbackS, 0.5, 2);
      if (device.type === 'hammerMill') {
        within(`${id} run-up`, runUpS, 20, 40);
        within(`${id} clean-out`, cleanOutS, 60, 60);
      }
      if (device.type === 'elevator') within(`${id} clean-out`, cleanOutS, 30, 45);
      // A screw 15-30 s; a chain its length / 0.5 m/s + 20 s.
      if (device.type === 'conveyor') within(`${id} clean-out`, cleanOutS, 15, 120);
      if (device.type === 'feeder') within(`${id} clean-out`, cleanOutS, 15, 30);
    }
    expect(wrong).toEqual([]);
  });
});
