/** Goal: a silent unit costs the others little, and is found again soon. */
import { describe, expect, it } from 'vitest';
import { backOffMs, isDue } from '../../plc/drivers/back-off.ts';
import { UnitLink } from '../../plc/drivers/modbus/unit-link.ts';

const TIMEOUT_MS = 1_000;
const link = () => new UnitLink(1, TIMEOUT_MS, () => 0.5);

describe('the link to a Modbus unit', () => {
  it('bears one lost answer, and is silent after two', () => {
    const unit = link();
    unit.missed(0);
    expect(unit.silent).toBe(false);
    unit.missed(0);
    expect(unit.silent).toBe(true);
    unit.answered(3);
    expect(unit.silent).toBe(false);
  });

  it('is given the full time-out until it has answered once', () => {
    const unit = link();
    unit.missed(0);
    unit.missed(0);
    expect(unit.patienceMs).toBe(TIMEOUT_MS);
  });

  it('costs the others little time while it is silent, and is asked every 1.8 s at least', () => {
    const unit = link();
    unit.answered(5);
    let nowMs = 0;
    let waitedMs = 0;
    unit.missed(nowMs);
    unit.missed(nowMs);
    while (nowMs < 60_000) {
      const askedBeforeMs = nowMs;
      while (!unit.isDue(nowMs)) nowMs++;
      expect(nowMs - askedBeforeMs).toBeLessThanOrEqual(1_800);
      waitedMs += unit.patienceMs;
      nowMs += unit.patienceMs;
      unit.missed(nowMs);
    }
    expect(waitedMs / nowMs).toBeLessThan(0.15);
  });

  it('is patient again from time to time with a unit that has become slow', () => {
    const unit = link();
    unit.answered(5);
    const patience: number[] = [];
    for (let misses = 0; misses < 10; misses++) {
      unit.missed(0);
      patience.push(unit.patienceMs);
    }
    expect(patience.slice(1)).toContain(TIMEOUT_MS);
    expect(patience).toContain(100);
  });
});

describe('the back-off', () => {
  it('grows to 1.5 s and no further, with a jitter of a fifth', () => {
    expect([1, 2, 3, 4, 5, 90].map((failures) => backOffMs(failures, () => 0.5))).toEqual([
      250, 500, 1_000, 1_500, 1_500, 1_500,
    ]);
    expect(backOffMs(9, () => 0)).toBeCloseTo(1_200);
    expect(backOffMs(9, () => 1)).toBeCloseTo(1_800);
  });

  it('does not wait for hours after the clock was set back', () => {
    expect(isDue(1_000, 999)).toBe(false);
    expect(isDue(1_000, 1_000)).toBe(true);
    expect(isDue(3_600_000, 0)).toBe(true);
  });
});
