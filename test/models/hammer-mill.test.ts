// Goal: a hammer mill grinds by the rules of DOMAIN 4: its feeder holds its motor's load, stops at
// an overload, its direction changes between runs, and a broken screen is told by its amps.
import { beforeEach, describe, expect, it } from 'vitest';
import { buildControlMachines } from '../../plc/machines/index.ts';
import { pilot } from '../../plc/mill/mills/pilot.ts';
import { MOTOR_STATES, ROUTE_STATES } from '../../plc/model/isa88.ts';
import { lastValueOf } from '../../plc/model/tag.ts';
import { setFault } from '../../simulators/process/index.ts';
import { MachineBench } from '../support/machine-bench.ts';

const WAY = { source: 'SI201', destination: 'DB401' };
const settings = pilot.deviceById.get('HM301')?.settings as { readonly ratedAmps: number };

let mill: MachineBench;

const specs = buildControlMachines(pilot).filter(
  ({ id }) => ['storage', 'grinding', 'dosing'].includes(areaOf(id)) || /^(GRIND|ES001)$/.test(id),
);

function areaOf(id: string): string {
  return pilot.deviceById.get(id.replace(':unit', ''))?.area ?? '';
}

const value = (tag: string) => Number(lastValueOf(mill.tag(tag)));
const route = () => ROUTE_STATES[Number(mill.code('GRIND.State'))];
const drive = (id: string) => MOTOR_STATES[Number(mill.code(`${id}.State`))];
const starts = () => mill.sent.filter((one) => one.command === 'START').map((one) => one.to);

function grind(): void {
  mill.forced.set('DB401.High', false);
  expect(mill.command('GRIND', 'START', WAY)).toEqual({ accepted: true });
  expect(mill.until(() => route() === 'Running', 120_000)).toBe(true);
}

function loadPct(pct: number | null): void {
  if (pct === null) mill.forced.delete('HM301.Amps');
  else mill.forced.set('HM301.Amps', (pct / 100) * settings.ratedAmps);
}

beforeEach(() => {
  mill = new MachineBench(pilot, specs, 5, 200);
  for (const { id } of pilot.refills) mill.forced.set(`${id}.LevelPct`, 60);
  mill.runFor(2_000);
});

describe('a hammer mill', () => {
  it('starts after aspiration and discharge, and its feeder after it', () => {
    grind();
    const order = starts();
    expect(order.indexOf('FN301')).toBeLessThan(order.indexOf('EL301'));
    expect(order.indexOf('EL301')).toBeLessThan(order.indexOf('HM301'));
    expect(order.indexOf('HM301')).toBeLessThan(order.indexOf('FD301'));
  });

  it('start: aspiration, discharge, mill (20-40 s to idle amps), feeder', () => {
    mill.forced.set('DB401.High', false);
    expect(mill.command('GRIND', 'START', WAY)).toEqual({ accepted: true });
    const isFed = () => starts().includes('FD301');
    expect(mill.until(() => starts().includes('HM301'), 120_000)).toBe(true);
    const begunMs = mill.nowMs;
    expect(mill.until(isFed, 60_000)).toBe(true);
    const runUpS = (mill.nowMs - begunMs) / 1_000;
    expect(runUpS).toBeGreaterThanOrEqual(20);
    expect(runUpS).toBeLessThanOrEqual(42);
    const idlePct = 35;
    expect((100 * value('HM301.Amps')) / settings.ratedAmps).toBeLessThan(1.3 * idlePct);
  });

  it('is not fed, and is faulted, when its amps do not fall to idle within 40 s', () => {
    mill.forced.set('DB401.High', false);
    mill.command('GRIND', 'START', WAY);
    expect(mill.until(() => starts().includes('HM301'), 120_000)).toBe(true);
    loadPct(60);
    mill.runFor(38_000);
    expect(drive('HM301')).toBe('Starting');
    expect(mill.until(() => drive('HM301') === 'Faulted', 6_000)).toBe(true);
    expect(starts()).not.toContain('FD301');
  });

  it('stops its feeder at more than 110 % for 2 s, and feeds again below the set point', () => {
    grind();
    mill.runFor(60_000);
    loadPct(112);
    mill.runFor(1_600);
    expect(mill.outputs.get('FD301.HzRef')).not.toBe(0);
    mill.runFor(1_000);
    expect(mill.outputs.get('FD301.HzRef')).toBe(0);
    loadPct(60);
    mill.runFor(3_000);
    expect(Number(mill.outputs.get('FD301.HzRef'))).toBeGreaterThan(0);
  });

  it('raises its feed by no more than 2 % a second', () => {
    grind();
    loadPct(50);
    mill.runFor(2_000);
    const before = Number(mill.outputs.get('FD301.HzRef'));
    mill.runFor(5_000);
    expect(Number(mill.outputs.get('FD301.HzRef')) - before).toBeLessThanOrEqual(6);
  });

  it('stops when its load stays beyond 115 % though the feed has stopped', () => {
    grind();
    mill.runFor(30_000);
    loadPct(118);
    mill.runFor(8_000);
    expect(drive('HM301')).not.toBe('Running');
    expect(route()).toBe('Tripped');
  });

  it('turns the other way round in its next run, and never while it turns', () => {
    grind();
    const first = mill.outputs.get('HM301.Reverse');
    mill.runFor(30_000);
    expect(mill.outputs.get('HM301.Reverse')).toBe(first);
    mill.command('GRIND', 'STOP');
    expect(mill.until(() => route() === 'Idle', 600_000)).toBe(true);
    expect(mill.outputs.get('HM301.Reverse')).toBe(!first);
    grind();
    expect(mill.outputs.get('HM301.Reverse')).toBe(!first);
  });

  it('tells a broken screen by amps that fall while the flow is steady', () => {
    grind();
    mill.runFor(240_000);
    expect(mill.raised.has('HM301.ScreenBroken')).toBe(false);
    loadPct(value('HM301.LoadPct') - 20);
    mill.runFor(60_000);
    expect(mill.raised.has('HM301.ScreenBroken')).toBe(true);
  });

  it('broken screen, simulated: amps fall with steady flow, it is told, and no more is fed', () => {
    grind();
    mill.runFor(240_000);
    expect(mill.raised.has('HM301.ScreenBroken')).toBe(false);
    const steadyHz = value('FD301.Hz');
    const before = value('HM301.LoadPct');
    setFault(mill.state, { device: 'HM301', fault: 'screen-broken' });
    expect(mill.until(() => mill.raised.has('HM301.ScreenBroken'), 90_000)).toBe(true);
    expect(value('HM301.LoadPct')).toBeLessThan(before - 15);
    mill.runFor(60_000);
    expect(mill.raised.has('HM301.ScreenBroken')).toBe(true);
    expect(value('FD301.Hz')).toBeLessThan(steadyHz * 1.2);
    expect(mill.documents.get('HM301:unit')).toMatchObject({
      reasons: [{ code: 'mill.screen-broken' }],
    });
    // A process alarm: someone must look, and grinding goes on until then.
    expect(drive('HM301')).toBe('Running');
  }, 120_000);

  it.each([
    ['bearing 75/85', 'BearingT', 75, 84.9, 85, 'BearingHot'],
    ['vibration 7.1/11', 'Vibration', 7.1, 10.9, 11, 'VibrationHigh'],
  ] as const)(
    '%s: alarm at the first, tripped at the second',
    (_rule, role, limit, high, trip, name) => {
      const alarm = pilot.alarms.find(({ id }) => id === `HM301.${name}`);
      expect(alarm?.condition).toMatchObject({ tag: `HM301.${role}`, comparison: 'above', limit });
      grind();
      mill.forced.set(`HM301.${role}`, high);
      mill.runFor(20_000);
      expect(drive('HM301')).toBe('Running');
      mill.forced.set(`HM301.${role}`, trip);
      mill.scan();
      expect(drive('HM301')).not.toBe('Running');
      expect(mill.outputs.get('HM301.Cmd')).toBe(false);
    },
  );

  it('set point 90 % of full load, an alarm above 105 %', () => {
    grind();
    mill.runFor(150_000);
    const loads = Array.from({ length: 60 }, () => {
      mill.runFor(1_000);
      return value('HM301.LoadPct');
    });
    const mean = loads.reduce((sum, one) => sum + one, 0) / loads.length;
    expect(mean).toBeGreaterThan(87);
    expect(mean).toBeLessThan(93);
    const alarm = pilot.alarms.find(({ id }) => id === 'HM301.LoadHigh');
    expect(alarm?.condition).toMatchObject({ comparison: 'above', limit: 105 });
  });

  it('tells what a tonne costs: about 8 kWh', () => {
    grind();
    mill.runFor(480_000);
    expect(value('HM301.KWhPerT')).toBeGreaterThan(4);
    expect(value('HM301.KWhPerT')).toBeLessThan(14);
  });
});
