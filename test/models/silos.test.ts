/**
 * Goal: silos keep (DOMAIN 4, Storage): a cable that is hot or warms by 2 degC in a week is an
 * alarm, also across a restart, and outside air is blown through a silo while it is cooler and dry
 * enough, for as long as the fan is the machine's.
 */
import { beforeEach, describe, expect, it } from 'vitest';
import { buildMachines } from '../../plc/machines/index.ts';
import { reference } from '../../plc/mill/mills/reference.ts';
import type { CommandResult } from '../../plc/model/command.ts';
import type { ReasonCode } from '../../plc/model/reason.ts';
import { clearFault, setFault } from '../../simulators/process/index.ts';
import { MachineBench } from '../support/machine-bench.ts';
import { partOf } from '../support/part-mill.ts';

const SILO = partOf(
  reference,
  ({ id, type, connection }) =>
    /^(TC101|SI101|AF101|WX1|ESGRAIN)$/.test(id) ||
    (type === 'heartbeat' && connection === 'storage'),
);
const DAY_MS = 86_400_000;
const SCAN_MS = 1_000;

let bench: MachineBench;
beforeEach(() => {
  bench = new MachineBench(SILO, buildMachines(SILO), 5, SCAN_MS);
  air(28, 70);
  grain(29);
  bench.runFor(120_000);
});

/** Only what is asked of the silo's machine is said by the test; fan and contactor are physics. */
function air(airC: number, humidityPct: number): void {
  bench.forced.set('WX1.AirT', airC);
  bench.forced.set('WX1.AirHumidityPct', humidityPct);
}

function grain(maxC: number): void {
  bench.forced.set('TC101.MaxT', maxC);
}

const blows = () => bench.outputs.get('AF101.Cmd') === true;

function reasons(): readonly ReasonCode[] {
  const document = bench.documents.get('TC101:silo');
  return document?.kind === 'device' ? document.reasons.map((one) => one.code) : [];
}

/** The bench jumps over so many days in steps in which the machine looks once. */
function days(count: number, maxC: (day: number) => number): void {
  for (let step = 1; step <= count * 4; step += 1) {
    grain(maxC(step / 4));
    bench.nowMs += DAY_MS / 4;
    bench.scan();
  }
}

describe('aeration of a silo', () => {
  it('blows while the air is cooler and dry enough, and says why not else', () => {
    expect(reasons()).toEqual(['aeration.air-warm']);
    air(24, 90);
    bench.runFor(120_000);
    expect(reasons()).toEqual(['aeration.air-damp']);
    expect(blows()).toBe(false);
    air(24, 75);
    expect(bench.until(blows, 120_000)).toBe(true);
    expect(reasons()).toEqual(['aeration.runs']);
    // A little nearer and damper is no reason to stop: the fan would be started all the time.
    air(27, 84);
    bench.runFor(600_000);
    expect(blows()).toBe(true);
    air(28, 84);
    expect(bench.until(() => !blows(), 120_000)).toBe(true);
    // Nor is it started again at once.
    air(24, 75);
    expect(bench.until(blows, 600_000)).toBe(false);
    expect(bench.until(blows, 600_000)).toBe(true);
  });

  it('blows damp air too through grain that heats itself', () => {
    grain(45);
    air(30, 95);
    expect(bench.until(blows, 120_000)).toBe(true);
  });

  it('does not blow on a reading that cannot be trusted', () => {
    for (const tag of ['TC101.MaxT', 'WX1.AirT', 'WX1.AirHumidityPct']) {
      air(22, 60);
      expect(bench.until(blows, 1_200_000), tag).toBe(true);
      bench.lost.add(tag);
      expect(
        bench.until(() => !blows(), 120_000),
        tag,
      ).toBe(true);
      expect(reasons()).toEqual(['aeration.no-reading']);
      bench.lost.clear();
    }
  });

  it('leaves a fan that a person has taken, and tries again later', () => {
    const done = (result: CommandResult) => expect(result).toEqual({ accepted: true });
    done(bench.command('AF101', 'MODE', { mode: 'Manual' }));
    done(bench.command('AF101', 'START'));
    air(22, 60);
    bench.runFor(300_000);
    expect(reasons()).toContain('device.mode-manual');
    expect(blows()).toBe(true);
    done(bench.command('AF101', 'STOP'));
    bench.runFor(60_000);
    done(bench.command('AF101', 'MODE', { mode: 'Auto' }));
    expect(blows()).toBe(false);
    expect(bench.until(blows, 1_200_000)).toBe(true);
  });

  it('begins at rest after a restart', () => {
    air(22, 60);
    expect(bench.until(blows, 120_000)).toBe(true);
    bench.restart();
    expect(blows()).toBe(false);
  });

  it('rests when its fan stops by itself, with the reason', () => {
    air(22, 60);
    expect(bench.until(blows, 120_000)).toBe(true);
    bench.runFor(120_000);
    setFault(bench.state, { fault: 'trip', device: 'AF101' });
    expect(bench.until(() => reasons().includes('aeration.fan-stopped'), 300_000)).toBe(true);
    clearFault(bench.state, { device: 'AF101' });
    expect(blows()).toBe(false);
  });
});

describe('temperature cables alarm above 40 degC and at 2 degC in a week', () => {
  const warms = () => bench.raised.has('TC101.Warming');

  it('2 degC in a week is an alarm, the same over two weeks is not', () => {
    days(10, (day) => 29 + day / 7);
    expect(warms()).toBe(false);
    days(10, () => 30.4);
    expect(warms()).toBe(false);
    days(6, (day) => 30.4 + day / 3);
    expect(warms()).toBe(true);
    // It stays where it is: after a week that is what it was a week ago.
    days(8, () => 32.4);
    expect(warms()).toBe(false);
  });

  it('the readings of the week are not lost by a restart, nor by a cable that is lost', () => {
    days(3, () => 29);
    bench.restart();
    bench.lost.add('TC101.MaxT');
    days(1, () => 60);
    expect(warms()).toBe(false);
    bench.lost.clear();
    days(1, () => 31);
    expect(warms()).toBe(true);
  });

  it('above 40 degC is an alarm', () => {
    const hot = reference.alarms.find((one) => one.id === 'TC101.Hot');
    expect(hot?.condition).toMatchObject({ tag: 'TC101.MaxT', comparison: 'above', limit: 40 });
  });
});
