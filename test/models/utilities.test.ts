// Goal: what serves all lines, by the rules of DOMAIN 3 and 4: compressed air before gates and
// diverters move, a compressor that stands by, aspiration first at the start and 60-120 s after
// the route, bag filters that are cleaned, and a burst vent or shut isolation that refuses a start.
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { buildControlMachines } from '../../plc/machines/index.ts';
import { pilot } from '../../plc/mill/mills/pilot.ts';
import { reference } from '../../plc/mill/mills/reference.ts';
import { FILTER_STATES, GATE_STATES, MOTOR_STATES, ROUTE_STATES } from '../../plc/model/isa88.ts';
import { goodNumber } from '../../plc/model/tag.ts';
import { clearFault, setFault } from '../../simulators/process/index.ts';
import { MachineBench } from '../support/machine-bench.ts';
import { packingPilot } from '../support/packing-pilot.ts';

// A whole route runs empty here, on a machine that others use too.
vi.setConfig({ testTimeout: 300_000 });

const furnished = packingPilot();
let mill: MachineBench;

beforeEach(() => {
  mill = new MachineBench(furnished, buildControlMachines(furnished), 11, 200);
  for (const { id } of furnished.refills) mill.forced.set(`${id}.LevelPct`, 60);
  mill.runFor(3_000);
});

const drive = (id: string) => MOTOR_STATES[Number(mill.code(`${id}.State`))];
const gate = (id: string) => GATE_STATES[Number(mill.code(`${id}.State`))];
const route = (id: string) => ROUTE_STATES[Number(mill.code(`${id}.State`))];
const filter = () => FILTER_STATES[Number(mill.code('FL1.State'))];
const codesOf = (answer: unknown) =>
  (answer as { reasons?: { code: string }[] }).reasons?.map(({ code }) => code);

function byHand(id: string): void {
  expect(mill.command(id, 'MODE', { mode: 'Manual' })).toEqual({ accepted: true });
}

function startGrinding(): void {
  const way = { source: 'SI201', destination: 'DB401' };
  expect(mill.command('GRIND', 'START', way)).toEqual({ accepted: true });
}

describe('Compressed air is a permissive of what it moves', () => {
  it('refuses to open a gate or turn a diverter while the header lacks pressure', () => {
    byHand('G101');
    byHand('DV601');
    mill.forced.set('AN1.PressureBar', 5.8);
    mill.runFor(1_000);
    expect(codesOf(mill.command('G101', 'OPEN'))).toEqual(['permissive.open']);
    expect(codesOf(mill.command('DV601', 'POSITION', { position: 2 }))).toEqual([
      'permissive.open',
    ]);
    mill.forced.delete('AN1.PressureBar');
    mill.runFor(1_000);
    expect(mill.command('G101', 'OPEN')).toEqual({ accepted: true });
    expect(mill.command('DV601', 'POSITION', { position: 2 })).toEqual({ accepted: true });
  });

  it('refuses likewise while the pressure cannot be trusted', () => {
    byHand('G101');
    mill.lost.add('AN1.PressureBar');
    mill.runFor(1_000);
    expect(codesOf(mill.command('G101', 'OPEN'))).toEqual(['input.not-good']);
  });

  it('lets a gate that is open stay open: it is no interlock', () => {
    byHand('G101');
    mill.command('G101', 'OPEN');
    expect(mill.until(() => gate('G101') === 'Open', 10_000)).toBe(true);
    mill.forced.set('AN1.PressureBar', 5.8);
    mill.runFor(10_000);
    expect(gate('G101')).toBe('Open');
  });
});

describe('Compressors lead and stand by', () => {
  it('the next one leads when the lead trips, and the header keeps its pressure', () => {
    expect(mill.code('AN1.Lead')).toBe(1);
    expect(mill.outputs.get('AC1.SetLead')).toBe(true);
    setFault(mill.state, { device: 'AC1', fault: 'trip' });
    let least = 99;
    mill.until(() => {
      least = Math.min(least, goodNumber(mill.tag('AN1.PressureBar')) ?? 0);
      return false;
    }, 300_000);
    expect(mill.code('AN1.Lead')).toBe(2);
    expect(['AC1', 'AC2', 'AC3'].map((one) => mill.outputs.get(`${one}.SetLead`))).toEqual([
      false,
      true,
      false,
    ]);
    expect(least).toBeGreaterThan(6);
  });

  it('one that stands by loads by itself when the controller chooses no lead', () => {
    for (const one of ['AC1', 'AC2', 'AC3']) mill.outputs.set(`${one}.SetLead`, false);
    mill.runFor(200_000);
    expect(goodNumber(mill.tag('AN1.PressureBar')) ?? 0).toBeGreaterThan(6.2);
  });

  it('with none left the pressure falls and the header says so', () => {
    for (const device of ['AC1', 'AC2', 'AC3']) {
      setFault(mill.state, { device, fault: 'trip' });
    }
    expect(mill.until(() => mill.code('AN1.Ok') === false, 300_000)).toBe(true);
    expect(mill.documents.get('AN1')).toMatchObject({
      reasons: [{ code: 'air.low' }, {}, {}, {}],
    });
    expect(codesOf(mill.command('AN1', 'START'))).toEqual(['air.no-other']);
  });

  it('a person passes the lead on', () => {
    expect(mill.command('AN1', 'START')).toEqual({ accepted: true });
    expect(mill.code('AN1.Lead')).toBe(2);
  });
});

describe('Aspiration', () => {
  it('runs on 60-120 s after every route that has it, in both mills', () => {
    const routes = [...pilot.routes, ...reference.routes].filter((one) => one.aspiration.length);
    expect(routes.length).toBeGreaterThan(15);
    const off = routes.filter(
      ({ aspirationRunOnS }) => aspirationRunOnS < 60 || aspirationRunOnS > 120,
    );
    expect(off.map(({ id }) => id)).toEqual([]);
  });

  it('60-120 s later: the fan stops after the last drive, and the filter is cleaned then', () => {
    startGrinding();
    expect(mill.until(() => route('GRIND') === 'Running', 120_000)).toBe(true);
    mill.runFor(40_000);
    mill.command('GRIND', 'STOP');
    const others = ['SF201', 'CC201', 'FD301', 'HM301', 'EL301'];
    const stand = () => others.every((id) => drive(id) === 'Stopped');
    expect(mill.until(stand, 600_000)).toBe(true);
    const since = mill.nowMs;
    expect(mill.until(() => drive('FN301') !== 'Running', 200_000)).toBe(true);
    expect(mill.nowMs - since).toBeGreaterThanOrEqual(55_000);
    expect(mill.nowMs - since).toBeLessThanOrEqual(120_000);
    expect(mill.until(() => filter() === 'Trailing', 60_000)).toBe(true);
    expect(mill.outputs.get('FL1.CleanCmd')).toBe(true);
    expect(mill.until(() => filter() === 'Quiet', 60_000)).toBe(true);
  });

  it('first at start: without it no drive of the route starts', () => {
    setFault(mill.state, { device: 'FN301', fault: 'trip' });
    startGrinding();
    mill.runFor(30_000);
    const started = mill.sent.filter((one) => one.command === 'START').map((one) => one.to);
    expect(started.filter((id) => id !== 'FN301')).toEqual([]);
    expect(route('GRIND')).not.toBe('Running');
  });
});

describe('Burst vent and explosion isolation', () => {
  it.each(['burst-vent', 'isolated'] as const)('%s refuses the start of its fan', (fault) => {
    setFault(mill.state, { device: 'FL1', fault });
    mill.runFor(1_000);
    byHand('FN301');
    expect(codesOf(mill.command('FN301', 'START'))).toEqual(['interlock.open']);
    expect(codesOf(mill.command('FL1', 'START'))).toEqual(['interlock.open']);
  });

  it('stops the fan and the source of the route at once, and the cleaning with them', () => {
    startGrinding();
    expect(mill.until(() => route('GRIND') === 'Running', 120_000)).toBe(true);
    mill.forced.set('FL1.DiffMbar', 16);
    expect(mill.until(() => filter() === 'Pulsing', 20_000)).toBe(true);
    setFault(mill.state, { device: 'FL1', fault: 'burst-vent' });
    mill.runFor(800);
    expect(drive('FN301')).not.toBe('Running');
    expect(drive('SF201')).not.toBe('Running');
    expect(route('GRIND')).toBe('Tripped');
    expect(mill.outputs.get('FL1.CleanCmd')).toBe(false);
    clearFault(mill.state, {});
  });
});

describe('Cleaning pulses of a bag filter', () => {
  function runFan(): void {
    byHand('FN301');
    expect(mill.command('FN301', 'START')).toEqual({ accepted: true });
    expect(mill.until(() => drive('FN301') === 'Running', 30_000)).toBe(true);
  }

  it('begin as the differential pressure rises, and end when it has fallen', () => {
    runFan();
    mill.forced.set('FL1.DiffMbar', 9);
    mill.runFor(20_000);
    expect(filter()).toBe('Quiet');
    mill.forced.set('FL1.DiffMbar', 12);
    expect(mill.until(() => filter() === 'Pulsing', 2_000)).toBe(true);
    mill.runFor(35_000);
    expect(Number(mill.code('FL1.Pulses'))).toBeGreaterThanOrEqual(1);
    mill.forced.set('FL1.DiffMbar', 6);
    expect(mill.until(() => filter() === 'Quiet', 40_000)).toBe(true);
    mill.runFor(60_000);
    expect(mill.outputs.get('FL1.CleanCmd')).toBe(false);
  });

  it('that are not answered by its valves raise an alarm', () => {
    runFan();
    mill.forced.set('FL1.DiffMbar', 12);
    mill.forced.set('FL1.Cleaning', false);
    expect(mill.until(() => mill.raised.has('FL1.NotCleaned'), 30_000)).toBe(true);
    mill.forced.delete('FL1.Cleaning');
    expect(mill.until(() => !mill.raised.has('FL1.NotCleaned'), 90_000)).toBe(true);
  });
});
