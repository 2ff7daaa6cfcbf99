// Goal: each rule of Cooling (DOMAIN 4) by its name, on a press line of the reference mill and the
// physics of the simulator: bed, product temperature, air, and what happens when it burns.
import { beforeEach, describe, expect, it } from 'vitest';
import { COMMAND_NAMES } from '../../plc/link/contract.ts';
import { admission } from '../../server/auth/policy.ts';
import { clearFault, setFault } from '../../simulators/process/index.ts';
import { PressBench, pressLines } from '../support/press-bench.ts';

const SEED = 7;
/** Has the cooler while the line presses. */
const PELLET1 = { kind: 'machine', id: 'PELLET1' } as const;
const PART = pressLines('1');
const ROLES = [
  'operator',
  'engineer',
  'maintenance',
  'quality',
  'manager',
  'administrator',
] as const;

let line: PressBench;
const warmerK = () => line.value('CL1.ProductT') - line.value('CL1.AirT');
const isRaised = (alarm: string) => line.mill.raised.has(alarm);

beforeEach(() => {
  line = new PressBench(PART, SEED);
});

describe('Cooling: counter-flow, bed 0.6-1.2 m', () => {
  it('discharge cycles on the level, and product leaves within 5 degC of ambient', () => {
    line.press(20);
    line.mill.runFor(5 * 60_000);
    const bedM: number[] = [];
    let cycles = 0;
    for (let discharged = line.isOn('CL1.DischargeCmd'), s = 0; s < 600; s += 1) {
      line.mill.runFor(1_000);
      const now = line.isOn('CL1.DischargeCmd');
      if (now && !discharged) cycles += 1;
      discharged = now;
      bedM.push(line.value('CL1.BedM'));
    }
    const seen = `seed ${SEED}`;
    expect(cycles, seen).toBeGreaterThanOrEqual(2);
    expect(Math.min(...bedM), seen).toBeGreaterThanOrEqual(0.6);
    expect(Math.max(...bedM), seen).toBeLessThanOrEqual(1.2);
    expect(warmerK(), seen).toBeLessThan(5);
    expect(line.value('CL1.ExhaustT'), seen).toBeLessThan(55);
  }, 240_000);
});

describe('Cooling: product within 5 degC of ambient', () => {
  it('product that leaves warm gets a longer bed, and is cool again by it', () => {
    line.press(30);
    line.mill.runFor(5 * 60_000);
    setFault(line.mill.state, { device: 'CL1', fault: 'weak-air' });
    const isLonger = () => line.reasonsOf('CL1').includes('cooler.longer-bed');
    expect(line.mill.until(isLonger, 20 * 60_000)).toBe(true);
    expect(warmerK()).toBeGreaterThan(5);
    expect(line.mill.until(() => line.value('CL1.BedM') > 1.1, 5 * 60_000)).toBe(true);
    expect(
      line.mill.until(() => warmerK() < 5, 10 * 60_000),
      `seed ${SEED}`,
    ).toBe(true);
    expect(line.value('CL1.BedM')).toBeLessThanOrEqual(1.21);
    expect(line.phase()).toBe('Pressing');
  }, 300_000);

  it('warm from the longest bed too is a process alarm that stops nothing', () => {
    line.press(20);
    line.mill.forced.set('CL1.ProductT', line.value('CL1.AirT') + 6);
    line.mill.runFor(320_000);
    expect(isRaised('CL1.ProductWarm')).toBe(false);
    line.mill.runFor(30_000);
    expect(isRaised('CL1.ProductWarm')).toBe(true);
    expect(line.phase()).toBe('Pressing');
    line.mill.forced.set('CL1.ProductT', line.value('CL1.AirT') + 1);
    line.mill.runFor(1_000);
    expect(isRaised('CL1.ProductWarm')).toBe(false);
  }, 240_000);
});

describe('Cooling: no fan -> no press feed', () => {
  it('the press is not fed, the bed stays in the cooler, and a stopped fan is no fire', () => {
    line.press(12);
    line.mill.runFor(5 * 60_000);
    setFault(line.mill.state, { device: 'FNL1', fault: 'trip' });
    expect(line.mill.until(() => !line.isOn('FP1.Cmd'), 2_000)).toBe(true);
    let hottestC = 0;
    for (let s = 0; s < 15 * 60; s += 1) {
      line.mill.runFor(1_000);
      hottestC = Math.max(hottestC, line.value('CL1.ExhaustT'));
      if (line.isOn('CL1.DischargeCmd')) throw new Error(`hot product is let out after ${s} s`);
    }
    expect(hottestC).toBeLessThan(55);
    expect(isRaised('CL1.ExhaustHot')).toBe(false);
    expect(line.value('CL1.BedM')).toBeGreaterThan(0.6);
    // The way behind it has cleared itself all the same.
    expect(line.isOn('EL1.Cmd')).toBe(false);
    expect(line.mill.command('CL1', 'START')).toMatchObject({
      accepted: false,
      reasons: [{ code: 'cooler.no-fan' }],
    });
  }, 300_000);

  it('nor is it fed while the probe in the exhaust cannot be trusted', () => {
    line.press(8);
    line.mill.lost.add('CL1.ExhaustT');
    line.mill.scan();
    expect(line.isOn('FP1.Cmd')).toBe(false);
    expect(line.isOn('FNL1.Cmd')).toBe(true);
    expect(isRaised('CL1.ExhaustHot')).toBe(false);
  });
});

describe('Cooling: exhaust > 60 degC -> fire logic', () => {
  function burn(): void {
    line.pour(12);
    expect(line.start()).toEqual({ accepted: true });
    expect(line.mill.until(() => line.value('CL1.BedM') > 0.05, 300_000)).toBe(true);
    setFault(line.mill.state, { device: 'CL1', fault: 'fire' });
    expect(line.mill.until(() => isRaised('CL1.ExhaustHot'), 5 * 60_000)).toBe(true);
  }

  it('feed, steam, press, fan and discharge stop in the same scan and the air damper shuts', () => {
    burn();
    expect(line.value('CL1.ExhaustT')).toBeGreaterThan(60);
    for (const tag of ['FP1.Cmd', 'CN1.Cmd', 'PM1.Cmd', 'FNL1.Cmd', 'FNL1.DeltaCmd']) {
      expect(line.isOn(tag), tag).toBe(false);
    }
    expect(line.isOn('PM1.SteamOpen')).toBe(false);
    expect(line.isOn('CL1.DischargeCmd')).toBe(false);
    expect(line.isOn('CL1.DamperShut')).toBe(true);
    // What is behind it runs on and clears.
    expect(line.isOn('EL1.Cmd')).toBe(true);
    line.mill.runFor(10_000);
    expect(isRaised('CL1.DamperOpen')).toBe(false);
  }, 240_000);

  it('is latched until an engineer says that the fire is out, which is refused while it is hot', () => {
    burn();
    const outOf = () => line.mill.command('CL1', 'FIRE_OUT');
    expect(outOf()).toMatchObject({ accepted: false, reasons: [{ code: 'cooler.still-hot' }] });
    line.mill.forced.set('CL1.ExhaustT', 40);
    line.mill.runFor(60_000);
    expect(isRaised('CL1.ExhaustHot')).toBe(true);
    for (const id of ['FP1', 'PM1', 'FNL1']) {
      expect(line.isOn(`${id}.Cmd`), id).toBe(false);
      expect(line.reasonsOf(id), id).toContain('interlock.open');
    }
    expect(line.mill.command('CL1', 'START', {}, PELLET1)).toMatchObject({
      accepted: false,
      reasons: [{ code: 'cooler.fire' }, {}],
    });
    line.mill.lost.add('CL1.ExhaustT');
    expect(outOf()).toMatchObject({ accepted: false, reasons: [{ code: 'input.not-good' }] });
    line.mill.lost.clear();
    expect(outOf()).toEqual({ accepted: true });
    line.mill.scan();
    expect(isRaised('CL1.ExhaustHot')).toBe(false);
    expect(line.isOn('CL1.DamperShut')).toBe(false);
  }, 240_000);

  it('the embers die down without air, and nothing of the bed is lost', () => {
    burn();
    clearFault(line.mill.state, { device: 'CL1', fault: 'fire' });
    expect(line.mill.until(() => line.value('CL1.ExhaustT') < 50, 30 * 60_000)).toBe(true);
    expect(line.value('CL1.BedM')).toBeGreaterThan(0.05);
    expect(line.mill.command('CL1', 'FIRE_OUT')).toEqual({ accepted: true });
  }, 300_000);

  it('a damper that does not shut is an alarm of its own', () => {
    line.press(8);
    setFault(line.mill.state, { device: 'CL1', fault: 'stuck' });
    line.mill.forced.set('CL1.ExhaustT', 61);
    line.mill.runFor(5_000);
    expect(isRaised('CL1.DamperOpen')).toBe(false);
    line.mill.runFor(5_000);
    expect(isRaised('CL1.DamperOpen')).toBe(true);
  });

  it('its alarm is of the highest priority, and only engineers pass the door that ends it', () => {
    const alarm = PART.alarms.find(({ id }) => id === 'CL1.ExhaustHot');
    expect(alarm).toMatchObject({ priority: 'high', condition: null });
    expect(COMMAND_NAMES).toContain('cooler.fire-out');
    const may = ROLES.filter(
      (role) => admission('cooler.fire-out', { role, passwordChangeRequired: false }) === 'open',
    );
    expect(may).toEqual(['engineer', 'administrator']);
  });
});
