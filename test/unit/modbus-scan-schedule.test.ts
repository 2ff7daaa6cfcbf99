/**
 * Goal: each class is read in its rhythm, a slow class never holds up a fast one, none starves, and
 * what comes too late is left out.
 */
import { describe, expect, it } from 'vitest';
import { ScanSchedule } from '../../plc/drivers/modbus/scan-schedule.ts';

/** Plays a line on which each request takes `requestMs`; gives what was read when. */
function play(
  schedule: ScanSchedule<string>,
  requestMs: number,
  untilMs: number,
): [number, string][] {
  const read: [number, string][] = [];
  for (let nowMs = 0; nowMs < untilMs; ) {
    const item = schedule.next(nowMs);
    if (item === null) nowMs = schedule.nextDueMs;
    else {
      read.push([nowMs, item]);
      nowMs += requestMs;
    }
  }
  return read;
}

function classesOf(fast: number, slow: number) {
  const name = (kind: string, count: number) => Array.from({ length: count }, (_, i) => kind + i);
  return [
    { intervalMs: 100, items: name('fast', fast) },
    { intervalMs: 1_000, items: name('slow', slow) },
  ];
}

describe('the schedule of a line', () => {
  it('begins each scan on time where the line is fast enough', () => {
    const schedule = new ScanSchedule(classesOf(3, 20), 0);
    const read = play(schedule, 10, 10_000);
    const firsts = read.filter(([, item]) => item === 'fast0').map(([ms]) => ms);
    expect(firsts).toHaveLength(100);
    for (const [scan, ms] of firsts.entries()) expect(ms - 100 * scan).toBeLessThanOrEqual(10);
    for (const item of ['slow0', 'slow19']) {
      expect(read.filter(([, one]) => one === item)).toHaveLength(10);
    }
    expect(schedule.takeOverruns()).toBe(0);
  });

  it('leaves out late scans, counts them, and still reads every class', () => {
    const schedule = new ScanSchedule(classesOf(15, 15), 0);
    const read = play(schedule, 10, 10_000);
    const times = (item: string) => read.filter(([, one]) => one === item).length;
    expect(times('slow0')).toBeGreaterThanOrEqual(9);
    expect(times('slow14')).toBeGreaterThanOrEqual(9);
    expect(times('fast0')).toBeGreaterThan(50);
    expect(times('fast0')).toBeLessThan(70);
    const overruns = schedule.takeOverruns();
    expect(overruns).toBeGreaterThan(25);
    expect(overruns + times('fast0')).toBeLessThanOrEqual(101);
    expect(schedule.takeOverruns()).toBe(0);
  });

  it('reads out of turn what is hastened, and not what is dropped', () => {
    const schedule = new ScanSchedule(classesOf(2, 2), 0);
    expect(schedule.next(0)).toBe('fast0');
    schedule.drop((item) => item.startsWith('fast'));
    schedule.hasten(['slow1']);
    expect([schedule.next(0), schedule.next(0), schedule.next(0)]).toEqual([
      'slow1',
      'slow0',
      'slow1',
    ]);
    expect(schedule.next(0)).toBeNull();
    expect(schedule.next(100)).toBe('fast0');
  });

  it('begins anew after a loss without calling it an overrun, and bears a clock set back', () => {
    const schedule = new ScanSchedule(classesOf(1, 0), 5_000_000);
    expect(schedule.next(5_000_000)).toBe('fast0');
    schedule.restart(9_000_000);
    expect(schedule.next(9_000_000)).toBe('fast0');
    expect(schedule.takeOverruns()).toBe(0);
    expect(schedule.next(1_000)).toBe('fast0');
    expect(schedule.next(1_050)).toBeNull();
    expect(schedule.next(1_100)).toBe('fast0');
  });
});
