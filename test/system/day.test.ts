/**
 * Goal: the first hours of a day of the reference mill, with orders on both lines, trucks at the
 * pits, faults and an engineer on duty: feed is made and bagged, and what must never happen does
 * not. The whole day over several seeds is `npm run day -- --hours 24 --seeds 3`.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DayRun } from '../support/day/day-run.ts';
import { report, stopWords } from '../support/day/report.ts';

const SEED = 1;
const HOURS = 0.5;
/** More faults than a mill has, so that a short slice sees some. */
const FAULTS_PER_HOUR = 6;

let day: DayRun;
let told = '';

beforeAll(async () => {
  day = await DayRun.run({ hours: HOURS, seed: SEED, faultsPerHour: FAULTS_PER_HOUR });
  told = report(day).join('\n');
  console.log(told);
}, 1_800_000);

afterAll(async () => {
  await day?.running.stop();
});

describe('a day of the reference mill begins', () => {
  it('with feed from both lines in bags, and faults that happened', () => {
    expect(day.records.byProduct.size, told).toBeGreaterThanOrEqual(2);
    const baggedKg = [...day.records.byProduct.values()].reduce((sum, kg) => sum + kg, 0);
    expect(baggedKg, told).toBeGreaterThan(15_000 * HOURS);
    expect(day.faults.injected.length, told).toBeGreaterThan(0);
  });

  it('with trucks that tip, and silos that take what they bring', () => {
    const { sources } = day.running.ledger();
    expect(sources['trucks'] ?? 0, told).toBeGreaterThan(50_000);
  });

  it('no device is energised against an interlock that is open or not good', () => {
    expect(day.watch.looked, told).toBeGreaterThan(50);
    expect(day.watch.interlocks.kept, told).toEqual([]);
  });

  it('mass is conserved', () => {
    expect(day.watch.mass.kept, told).toEqual([]);
    expect(day.running.ledger().balanceMg, told).toBe(0);
  });

  it('no dose of a running order starves while there is product in the silo', () => {
    expect(day.watch.starved.kept, told).toEqual([]);
  });

  it('every stop has a reason', () => {
    expect(
      stopWords(day).filter((words) => words.endsWith('NO REASON')),
      told,
    ).toEqual([]);
  });

  it('with few actions of a person', () => {
    expect(day.duty.actions.length / HOURS, told).toBeLessThan(60);
  });
});
