// Goal: the rules under drives, routes, loops and bag counting hold for any numbers, and doubt
// never counts as a good value.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bagsBetween } from '../../plc/logic/bag-count.ts';
import { openConditions, violated } from '../../plc/logic/interlock.ts';
import { pi, ramp } from '../../plc/logic/pid.ts';
import { clearOn, EMPTYING_LIMIT_MS, stopThrough } from '../../plc/logic/route-order.ts';
import type { Condition } from '../../plc/model/condition.ts';
import type { TagValue } from '../../plc/model/tag.ts';
import { doubt, good } from '../../plc/model/tag.ts';

const cold: Condition = { tag: 'EL1.BearingT', comparison: 'below', limit: 80 };
const reading = (value: TagValue) => () => value;

describe('an interlock', () => {
  it('is satisfied by a good value on the right side of its limit only', () => {
    expect(openConditions('EL1', [cold], reading(good(79.9, 0)))).toEqual([]);
    expect(openConditions('EL1', [cold], reading(good(80, 0)))[0]?.code).toBe('interlock.open');
  });

  it('is open but not violated for a value that is not good, though the last was fine', () => {
    const stale = doubt(good(20, 0), 'stale');
    expect(openConditions('EL1', [cold], reading(stale))[0]).toEqual({
      code: 'input.not-good',
      objects: { tag: 'EL1.BearingT', quality: 'stale' },
    });
    expect(violated([cold], reading(stale))).toEqual([]);
  });

  it('names an emergency stop as what it is', () => {
    const released: Condition = { tag: 'ES1.EStop', comparison: 'is', limit: false };
    const [why] = openConditions('EL1', [released], reading(good(true, 0)));
    expect(why).toEqual({ code: 'estop.pressed', objects: { device: 'ES1' } });
  });
});

describe('a PI loop', () => {
  const settings = { kp: 0.2, tiS: 10, low: 0, high: 50 };

  it('stays within its limits for any errors', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -500, max: 500, noNaN: true })), (errors) => {
        let integral = 0;
        for (const error of errors) {
          const step = pi(settings, integral, error, 10, 1);
          integral = step.integral;
          expect(step.output).toBeGreaterThanOrEqual(0);
          expect(step.output).toBeLessThanOrEqual(50);
        }
      }),
    );
  });

  it('does not wind up: after an hour at its limit it comes back within seconds', () => {
    let integral = 0;
    for (let s = 0; s < 3_600; s += 1) integral = pi(settings, integral, 60, 0, 1).integral;
    let s = 0;
    for (; s < 600; s += 1) {
      const step = pi(settings, integral, -20, 0, 1);
      integral = step.integral;
      if (step.output < 40) break;
    }
    expect(s).toBeLessThan(30);
  });

  it('moves no faster than its ramp', () => {
    expect(ramp(10, 50, 2, 3)).toBe(16);
    expect(ramp(10, 11, 2, 3)).toBe(11);
    expect(ramp(10, 0, 2, 1)).toBe(8);
  });
});

describe('clearing a route', () => {
  const devices = [
    { id: 'GATE', cleanOutS: 0 },
    { id: 'CHAIN', cleanOutS: 40 },
    { id: 'ELEVATOR', cleanOutS: 35 },
  ];
  const empty = () => true;

  it('stops each device its clean-out time after the one above it', () => {
    let clearing = stopThrough(null, 0, 0);
    const stops: [number, number][] = [];
    for (let ms = 0; ms <= 100_000; ms += 100) {
      const next = clearOn(devices, clearing, empty, ms);
      if (next.stopped > clearing.stopped) stops.push([next.stopped, ms]);
      clearing = next;
    }
    expect(stops).toEqual([
      [2, 40_000],
      [3, 75_000],
    ]);
  });

  it('waits until what a device empties is empty, but not for ever', () => {
    const start = stopThrough(null, 0, 0);
    expect(clearOn(devices, start, () => false, 60_000).stopped).toBe(1);
    expect(clearOn(devices, start, () => false, EMPTYING_LIMIT_MS).stopped).toBe(2);
  });

  it('never starts again what a trip further down has stopped', () => {
    const tripped = stopThrough(stopThrough(null, 0, 0), 2, 5_000);
    expect(tripped.stopped).toBe(3);
    expect(stopThrough(tripped, 0, 6_000).stopped).toBe(3);
  });
});

describe('bags between two looks at the counters', () => {
  const SLOTS = 8;

  /** Counters of a bagger after these bags, g. */
  function countersAfter(bags: readonly number[]) {
    const slotsG = Array<number>(SLOTS).fill(0);
    bags.forEach((grams, index) => {
      slotsG[(index + 1) % SLOTS] = grams;
    });
    return { count: bags.length, totalG: bags.reduce((sum, one) => sum + one, 0), slotsG };
  }

  it('are each counted once, and weigh together what the total says', () => {
    const grams = fc.array(fc.integer({ min: 24_000, max: 26_000 }), { maxLength: 60 });
    fc.assert(
      fc.property(grams, fc.nat(60), (all, split) => {
        const first = countersAfter(all.slice(0, split));
        const last = countersAfter(all);
        const bags = bagsBetween(first, last);
        expect(bags.map((one) => one.count)).toEqual(
          all.slice(split).map((_, index) => Math.min(split, all.length) + index + 1),
        );
        const kg = bags.reduce((sum, one) => sum + one.netKg, 0);
        expect(Math.abs(kg - (last.totalG - first.totalG) / 1_000)).toBeLessThan(0.06);
        for (const bag of bags.slice(-SLOTS)) {
          expect(bag.netKg * 1_000).toBeCloseTo(all[bag.count - 1] ?? Number.NaN, 6);
        }
      }),
    );
  });

  it('are none when the counter was set back or leapt', () => {
    const now = countersAfter([25_000, 25_010]);
    expect(bagsBetween({ ...now, count: 900 }, now)).toEqual([]);
    expect(bagsBetween(now, { ...now, count: 90_000 })).toEqual([]);
  });
});
