// Goal: the rules of Pelleting (DOMAIN 4) by their names: what counts as a choke, how the line acts
// on one, and the two loops with the set points of the product, on the physics of the simulator.
import { beforeEach, describe, expect, it } from 'vitest';
import { reference } from '../../plc/mill/mills/reference.ts';
import { loadRecipes } from '../../recipes/load.ts';
import { setFault } from '../../simulators/process/index.ts';
import { orderOf } from '../support/finisher-order.ts';
import { PressBench, pressLines } from '../support/press-bench.ts';

const SEED = 7;
const PART = pressLines('1');
const settings = reference.deviceById.get('PM1')?.settings as { readonly ratedAmps: number };
const { formulas } = await loadRecipes();

let line: PressBench;

function amps(pct: number): void {
  line.mill.forced.set('PM1.Amps', (pct / 100) * settings.ratedAmps);
}

beforeEach(() => {
  line = new PressBench(PART, SEED);
});

describe('Choke: feeder stop, steam shut, bypass open, drive turns 20 s, then trip', () => {
  function choked(): void {
    expect(line.phase()).toBe('Choked');
    expect(line.isOn('FP1.Cmd')).toBe(false);
    expect(line.isOn('PM1.SteamOpen')).toBe(false);
    expect(line.isOn('PM1.BypassOpen')).toBe(true);
    expect(line.mill.raised.has('PM1.Choked')).toBe(true);
  }

  it('amps > 115 % for 1.5 s, not for less', () => {
    line.press(8);
    amps(116);
    line.mill.runFor(1_400);
    amps(90);
    line.mill.runFor(1_000);
    expect(line.phase()).toBe('Pressing');
    amps(116);
    expect(line.mill.until(() => line.phase() === 'Choked', 2_000)).toBe(true);
    choked();
  });

  it('roll slip > 10 %, not at 10', () => {
    line.press(8);
    line.mill.forced.set('PM1.RollSlipPct', 10);
    line.mill.runFor(10_000);
    expect(line.phase()).toBe('Pressing');
    line.mill.forced.set('PM1.RollSlipPct', 10.1);
    line.mill.scan();
    choked();
  });

  it('a die that chokes in the simulator: the whole sequence, and the drive stops after 20 s', () => {
    line.press(8);
    setFault(line.mill.state, { device: 'PM1', fault: 'choke' });
    expect(line.mill.until(() => line.phase() === 'Choked', 30_000)).toBe(true);
    choked();
    const sinceMs = line.mill.nowMs;
    expect(line.mill.until(() => !line.isOn('PM1.Cmd'), 30_000)).toBe(true);
    const turnedS = (line.mill.nowMs - sinceMs) / 1_000;
    expect(turnedS).toBeGreaterThan(3);
    expect(turnedS).toBeLessThanOrEqual(20.2);
    // It does not go on by itself.
    line.mill.runFor(120_000);
    expect(line.phase()).toBe('Choked');
    expect(line.isOn('FP1.Cmd')).toBe(false);
  });
});

describe('Moisture > 17.5 % plugs', () => {
  it('steam is taken back while the mash to the die is too moist, and a person is called', () => {
    line.press(8);
    const before = Number(line.mill.outputs.get('PM1.SteamPct'));
    line.mill.forced.set('PM1.MoisturePct', 17.8);
    line.mill.runFor(20_000);
    expect(Number(line.mill.outputs.get('PM1.SteamPct'))).toBeLessThan(before - 8);
    line.mill.forced.set('PM1.MoisturePct', 17);
    line.mill.runFor(60_000);
    expect(Number(line.mill.outputs.get('PM1.SteamPct'))).toBeGreaterThan(before - 8);
    const alarm = PART.alarms.find(({ id }) => id === 'PM1.MoistureHigh');
    expect(alarm?.condition).toMatchObject({ tag: 'PM1.MoisturePct', limit: 17.5 });
  });

  it('mash of 12 % takes 5-6 % from the steam and is pressed; wet mash chokes the die', () => {
    line.press(20);
    line.mill.runFor(4 * 60_000);
    expect(line.value('PM1.MoisturePct')).toBeGreaterThan(11 + 3.5);
    expect(line.value('PM1.MoisturePct')).toBeLessThan(17.5);
    expect(line.phase()).toBe('Pressing');
    setFault(line.mill.state, { device: 'PM1', fault: 'wet-mash' });
    line.mill.scan();
    expect(line.value('PM1.MoisturePct')).toBeGreaterThan(17.5);
    expect(
      line.mill.until(() => line.phase() === 'Choked', 5 * 60_000),
      `seed ${SEED}`,
    ).toBe(true);
  }, 240_000);
});

describe('Two loops with the set points of the product', () => {
  it.each([
    { loadPct: 85, setC: 70 },
    { loadPct: 92, setC: 84 },
  ])(
    'motor at $loadPct % of full load and conditioner at $setC degC',
    ({ loadPct, setC }) => {
      line.press(24, { loadPct, setC });
      line.mill.runFor(12 * 60_000);
      const seen = Array.from({ length: 120 }, () => {
        line.mill.runFor(1_000);
        return [line.value('PM1.LoadPct'), line.value('PM1.ConditionerT')] as const;
      });
      const mean = (at: 0 | 1) => seen.reduce((sum, one) => sum + one[at], 0) / seen.length;
      expect(Math.abs(mean(0) - loadPct), `load ${mean(0)}, seed ${SEED}`).toBeLessThan(2);
      expect(Math.abs(mean(1) - setC), `${mean(1)} degC, seed ${SEED}`).toBeLessThan(2);
    },
    240_000,
  );

  it.each([
    [84.9, false],
    [85, true],
    [92, true],
    [92.1, false],
  ])('a load of %s %% is within 85-92: %s', (loadPct, isTaken) => {
    expect(line.start({ loadPct }).accepted).toBe(isTaken);
  });

  it('each formula is conditioned as its animal wants it', () => {
    const ranges: Readonly<Record<string, readonly [number, number]>> = {
      BROILER: [82, 85],
      PIGLET: [55, 70],
      PIG: [75, 82],
      DUCK: [80, 85],
      SHRIMP: [90, 98],
    };
    const kindOf = ({ code, animal }: { readonly code: string; readonly animal: string }) =>
      code === 'PIG-WEANER' ? 'PIGLET' : animal.toUpperCase();
    const pelleted = [...formulas.values()].filter(({ conditionerC }) => conditionerC !== null);
    expect(pelleted.length).toBeGreaterThanOrEqual(5);
    for (const formula of pelleted) {
      const [low, high] = ranges[kindOf(formula)] ?? [0, 0];
      expect.soft(formula.conditionerC, formula.code).toBeGreaterThanOrEqual(low);
      expect.soft(formula.conditionerC, formula.code).toBeLessThanOrEqual(high);
    }
  });

  it('an order takes crumbs from its formula along, and pellets where it has none', async () => {
    const more = { orderId: '2611-1', orderKg: 6_000, batchKg: 6_000 };
    const way = { line: 'LINE1', destination: 'FB101' };
    const crumbled = await orderOf('BROILER-STA', { ...more, ...way });
    expect(crumbled.procedure).toMatchObject({ conditionerC: 82, crumbleMm: 2 });
    const whole = await orderOf('BROILER-FIN', { ...more, ...way });
    expect(whole.procedure).not.toHaveProperty('crumbleMm');
  });
});
