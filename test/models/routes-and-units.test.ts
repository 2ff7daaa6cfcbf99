// Goal: routes, refills and presses drive the simulated mill by the rules of DOMAIN 3 and
// 4: who starts and stops when, what a trip stops, what a choke does, and what is left of it all
// after a restart.
import { beforeEach, describe, expect, it } from 'vitest';
import { buildControlMachines } from '../../plc/machines/index.ts';
import { pilot } from '../../plc/mill/mills/pilot.ts';
import { MOTOR_STATES, PRESS_PHASES, ROUTE_STATES } from '../../plc/model/isa88.ts';
import { MachineBench } from '../support/machine-bench.ts';

let mill: MachineBench;

beforeEach(() => {
  mill = new MachineBench(pilot, buildControlMachines(pilot), 11, 200);
  // Refills would take the grinding route before the test does.
  for (const { id } of pilot.refills) mill.forced.set(`${id}.LevelPct`, 60);
  mill.runFor(2_000);
});

const route = (id: string) => ROUTE_STATES[Number(mill.code(`${id}.State`))];
const drive = (id: string) => MOTOR_STATES[Number(mill.code(`${id}.State`))];
const phase = () => PRESS_PHASES[Number(mill.code('PM701.Phase'))];
const energized = () =>
  [...mill.outputs].filter(
    ([tag, value]) => /\.(Cmd|OpenCmd|SteamOpen|Enable|DischargeCmd)$/.test(tag) && value === true,
  );

function startGrinding(): void {
  const way = { source: 'SI201', destination: 'DB401' };
  expect(mill.command('GRIND', 'START', way)).toEqual({ accepted: true });
  expect(mill.until(() => route('GRIND') === 'Running', 120_000)).toBe(true);
}

describe('a route', () => {
  it('starts aspiration, then the downstream end first and the source last', () => {
    startGrinding();
    const started = mill.sent.filter((one) => one.command === 'START').map((one) => one.to);
    expect(started).toEqual(['FN301', 'EL301', 'HM301', 'FD301', 'CC201', 'SF201']);
  });

  it('sounds the horn before anything moves', () => {
    mill.command('GRIND', 'START', { source: 'SI201', destination: 'DB401' });
    expect(mill.until(() => mill.outputs.get('ES001.HornCmd') === true, 20_000)).toBe(true);
    expect(energized()).toEqual([]);
  });

  it('refuses a way that it does not have and a destination that is full', () => {
    const nowhere = mill.command('GRIND', 'START', { source: 'SI201', destination: 'FB901' });
    expect(nowhere).toMatchObject({ accepted: false, reasons: [{ code: 'route.no-path' }] });
    mill.forced.set('DB401.High', true);
    const full = mill.command('GRIND', 'START', { source: 'SI201', destination: 'DB401' });
    expect(full).toMatchObject({ accepted: false, reasons: [{ code: 'route.destination-full' }] });
  });

  it('refuses a destination whose high switch cannot be trusted', () => {
    mill.lost.add('DB401.High');
    const answer = mill.command('GRIND', 'START', { source: 'SI201', destination: 'DB401' });
    expect(answer).toMatchObject({ accepted: false, reasons: [{ code: 'input.not-good' }] });
  });

  it('stops the source first, clears, and gives its devices back', () => {
    startGrinding();
    mill.runFor(20_000);
    mill.command('GRIND', 'STOP');
    mill.runFor(1_000);
    expect(drive('SF201')).not.toBe('Running');
    expect(drive('EL301')).toBe('Running');
    expect(mill.until(() => route('GRIND') === 'Idle', 600_000)).toBe(true);
    expect(energized()).toEqual([]);
    expect(mill.command('CC201', 'MODE', { mode: 'Manual' })).toEqual({ accepted: true });
    expect(mill.command('CC201', 'START')).toEqual({ accepted: true });
    expect(mill.records.filter((one) => one.kind === 'movement')).toHaveLength(1);
  });

  it('keeps people from its devices while it holds them', () => {
    startGrinding();
    const answer = mill.command('EL301', 'STOP');
    expect(answer).toMatchObject({ accepted: false, reasons: [{ code: 'route.reserved' }] });
  });

  it('stops all upstream of a device that trips at once; downstream runs on and clears', () => {
    startGrinding();
    mill.runFor(20_000);
    mill.forced.set('HM301.Trip', true);
    mill.runFor(600);
    for (const id of ['HM301', 'FD301', 'CC201', 'SF201']) expect(drive(id)).not.toBe('Running');
    expect(drive('EL301')).toBe('Running');
    expect(route('GRIND')).toBe('Tripped');
    expect(mill.until(() => energized().length === 0, 600_000)).toBe(true);
    const stops = mill.records.filter((one) => one.kind === 'downtime');
    expect(stops).toMatchObject([{ unit: 'GRIND', endedTimeMs: null }]);
  });

  it('takes the reset of a trip while it still clears, and is ready once it is clear', () => {
    startGrinding();
    mill.runFor(20_000);
    mill.forced.set('HM301.Trip', true);
    mill.runFor(600);
    expect(route('GRIND')).toBe('Tripped');
    expect(energized()).not.toEqual([]);
    expect(mill.command('GRIND', 'RESET')).toEqual({ accepted: true });
    expect(route('GRIND')).toBe('Clearing');
    expect(mill.until(() => route('GRIND') === 'Idle', 600_000)).toBe(true);
    expect(energized()).toEqual([]);
    const stops = mill.records.filter((one) => one.kind === 'downtime');
    expect(stops.at(-1)).toMatchObject({ unit: 'GRIND', endedTimeMs: expect.any(Number) });
  });

  it('closes the source and ends when its destination is full', () => {
    startGrinding();
    mill.forced.set('DB401.High', true);
    mill.runFor(600);
    expect(route('GRIND')).toBe('Clearing');
    expect(mill.until(() => route('GRIND') === 'Idle', 600_000)).toBe(true);
  });

  it('waits while another route holds one of its devices', () => {
    const plan = { source: 'SB601', destination: 'FB901' };
    mill.command('MIXTOFIN', 'START', plan);
    expect(mill.until(() => route('MIXTOFIN') === 'Running', 120_000)).toBe(true);
    mill.command('MIXTOPRESS', 'START', { source: 'SB601', destination: 'PB701' });
    mill.runFor(10_000);
    expect(route('MIXTOPRESS')).toBe('Starting');
    mill.command('MIXTOFIN', 'STOP');
    expect(mill.until(() => route('MIXTOPRESS') === 'Running', 300_000)).toBe(true);
  });

  it('does not trip while the last product is still over its distributor: it turns it later', () => {
    startGrinding();
    mill.command('GRIND', 'STOP');
    expect(mill.until(() => route('GRIND') === 'Idle', 400_000)).toBe(true);
    // Both still turn out, as drives do for a moment after their contactors have opened.
    for (const one of ['FD301', 'EL301']) mill.forced.set(`${one}.RunFb`, true);
    mill.command('GRIND', 'START', { source: 'SI201', destination: 'DB402' });
    mill.runFor(1_000);
    expect(mill.documents.get('GRIND')).toMatchObject({
      state: 'Starting',
      reasons: [{ code: 'device.product-flows', objects: { from: 'EL301' } }],
    });
    for (const one of ['FD301', 'EL301']) mill.forced.delete(`${one}.RunFb`);
    expect(mill.until(() => route('GRIND') === 'Running', 120_000)).toBe(true);
    expect(mill.records.some((one) => one.kind === 'downtime')).toBe(false);
  });

  it('waits for a drive that was started too often, moves nothing, and goes on when it may', () => {
    const device = pilot.deviceById.get('HM301');
    const startsMax = device?.type === 'hammerMill' ? device.settings.startsPerHourMax : 0;
    expect(startsMax).toBeGreaterThan(0);
    for (let runs = 0; runs < startsMax; runs += 1) {
      startGrinding();
      mill.command('GRIND', 'STOP');
      expect(mill.until(() => route('GRIND') === 'Idle', 400_000)).toBe(true);
    }
    const firstMs = (mill.context('HM301')['recentStartsMs'] as number[])[0] ?? 0;
    mill.sent.length = 0;
    mill.command('GRIND', 'START', { source: 'SI201', destination: 'DB401' });
    mill.runFor(60_000);
    expect(route('GRIND')).toBe('Starting');
    expect(mill.documents.get('GRIND')).toMatchObject({
      reasons: [{ code: 'device.starts-per-hour', objects: { device: 'HM301' } }],
    });
    expect(energized()).toEqual([]);
    // It is not asked again and again, and it owns nothing while it waits.
    expect(
      mill.sent.filter(({ to, command }) => to === 'HM301' && command === 'ACQUIRE'),
    ).toHaveLength(1);
    expect(mill.context('EL301')['owner']).toBeNull();
    const leftMs = firstMs + 3_600_000 - mill.nowMs;
    expect(mill.until(() => route('GRIND') === 'Running', leftMs + 120_000)).toBe(true);
    expect(mill.nowMs).toBeGreaterThan(firstMs + 3_600_000);
  });

  it('comes back tripped and with all outputs off after a restart', () => {
    startGrinding();
    mill.restart();
    mill.runFor(400);
    expect(route('GRIND')).toBe('Tripped');
    expect(energized()).toEqual([]);
    mill.runFor(60_000);
    expect(energized()).toEqual([]);
    expect(mill.command('GRIND', 'RESET')).toEqual({ accepted: true });
    expect(route('GRIND')).toBe('Idle');
  });
});

describe('refills', () => {
  it('serve one bin after the other on the route that they share', () => {
    mill.forced.set('DB401.LevelPct', 20);
    mill.forced.set('DB403.LevelPct', 10);
    expect(mill.until(() => route('GRIND') === 'Running', 200_000)).toBe(true);
    expect(mill.documents.get('GRIND')).toMatchObject({ destination: 'DB403', source: 'SI204' });
    mill.forced.set('DB403.LevelPct', 90);
    expect(mill.until(() => route('GRIND') === 'Idle', 600_000)).toBe(true);
    expect(mill.until(() => route('GRIND') === 'Running', 200_000)).toBe(true);
    expect(mill.documents.get('GRIND')).toMatchObject({ destination: 'DB401', source: 'SI201' });
  });

  it('let an emptier bin have the route once they have enough for a while', () => {
    mill.forced.set('DB403.LevelPct', 29);
    expect(mill.until(() => route('GRIND') === 'Running', 200_000)).toBe(true);
    mill.forced.set('DB401.LevelPct', 12);
    mill.runFor(60_000);
    expect(mill.documents.get('GRIND')).toMatchObject({ destination: 'DB403', state: 'Running' });
    mill.forced.set('DB403.LevelPct', 41);
    expect(mill.until(() => route('GRIND') === 'Idle', 600_000)).toBe(true);
    expect(mill.until(() => route('GRIND') === 'Running', 200_000)).toBe(true);
    expect(mill.documents.get('GRIND')).toMatchObject({ destination: 'DB401', source: 'SI201' });
  });

  it('keep the route while the others that wait are fuller', () => {
    mill.forced.set('DB403.LevelPct', 10);
    expect(mill.until(() => route('GRIND') === 'Running', 200_000)).toBe(true);
    mill.forced.set('DB403.LevelPct', 26);
    mill.forced.set('DB401.LevelPct', 28);
    mill.runFor(5_000);
    mill.forced.set('DB403.LevelPct', 27);
    mill.runFor(60_000);
    expect(mill.documents.get('GRIND')).toMatchObject({ destination: 'DB403', state: 'Running' });
  });
});

describe('a hammer mill', () => {
  it('is fed so that its motor holds its load', () => {
    startGrinding();
    mill.runFor(240_000);
    expect(Number(mill.code('HM301.LoadPct'))).toBeGreaterThan(80);
    expect(Number(mill.code('HM301.LoadPct'))).toBeLessThan(105);
  });
});

describe('a press', () => {
  const start = () => mill.command('PM701:unit', 'START', { destination: 'FB901', setC: 84 });

  it('keeps steam shut while there is no mash', () => {
    expect(start()).toEqual({ accepted: true });
    expect(mill.until(() => phase() === 'Warming', 200_000)).toBe(true);
    mill.runFor(60_000);
    expect(mill.outputs.get('PM701.SteamOpen')).toBe(false);
  });

  it('shuts feed and steam in the scan in which it chokes, and stops its drive after 20 s', () => {
    start();
    mill.forced.set('PB701.Low', false);
    expect(mill.until(() => mill.outputs.get('PM701.SteamOpen') === true, 200_000)).toBe(true);
    mill.forced.set('PM701.RollSlipPct', 35);
    mill.scan();
    expect(phase()).toBe('Choked');
    expect(mill.outputs.get('PM701.SteamOpen')).toBe(false);
    expect(mill.outputs.get('FD701.Cmd')).toBe(false);
    expect(mill.outputs.get('PM701.Cmd')).toBe(true);
    expect(mill.raised.has('PM701.Choked')).toBe(true);
    mill.runFor(21_000);
    expect(mill.outputs.get('PM701.Cmd')).toBe(false);
  });

  it('loses feed and steam in the same scan as its main drive', () => {
    start();
    mill.forced.set('PB701.Low', false);
    expect(mill.until(() => mill.outputs.get('PM701.SteamOpen') === true, 200_000)).toBe(true);
    mill.forced.set('PM701.Trip', true);
    mill.scan();
    mill.scan();
    expect(phase()).toBe('Faulted');
    expect(mill.outputs.get('FD701.Cmd')).toBe(false);
    expect(mill.outputs.get('PM701.SteamOpen')).toBe(false);
  });

  it('runs empty when it is asked to stop, and stops its route', () => {
    start();
    expect(mill.until(() => phase() === 'Warming', 200_000)).toBe(true);
    mill.command('PM701:unit', 'STOP');
    expect(mill.until(() => phase() === 'Stopped', 900_000)).toBe(true);
    expect(route('PELLET')).toBe('Idle');
    expect(energized()).toEqual([]);
  });

  it('comes back held with all outputs off after a restart, and goes on when resumed', () => {
    start();
    expect(mill.until(() => phase() === 'Warming', 200_000)).toBe(true);
    mill.restart();
    mill.runFor(30_000);
    expect(phase()).toBe('Held');
    expect(energized()).toEqual([]);
    expect(mill.command('PM701:unit', 'RESUME')).toEqual({ accepted: true });
    expect(mill.until(() => phase() === 'Warming', 200_000)).toBe(true);
  });
});
