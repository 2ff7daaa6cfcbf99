/**
 * Goal: the first half hour of a day of the reference mill, with the planner's orders on both
 * lines, trucks at the gate, faults and an engineer on duty: feed of several products is weighed,
 * mixed, pressed and bagged, and what must never happen does not. The whole day over several seeds
 * is `npm run day -- --hours 24 --seeds 3`.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DayRun } from '../support/day/day-run.ts';
import { agrees } from '../support/day/ingredients.ts';
import { report, stopWords } from '../support/day/report.ts';

const SEED = 1;
const HOURS = 0.6;
/** More faults than a mill has, so that a short slice sees some. */
const FAULTS_PER_HOUR = 6;

let day: DayRun;
let told = '';

beforeAll(async () => {
  day = await DayRun.run({
    ...{ hours: HOURS, seed: SEED, faultsPerHour: FAULTS_PER_HOUR },
    // After a night: so the refills have something to do in so short a day.
    dosingBinsPct: 42,
  });
  told = report(day).join('\n');
  console.log(told);
}, 1_800_000);

afterAll(async () => {
  await day?.running.stop();
});

/** Came into bins of this kind, kg. */
function intoBins(kind: string): number {
  const { bins } = day.running.ledger();
  return day.running.controller.mill.devices
    .filter((one) => one.type === 'bin' && one.settings.kind === kind)
    .reduce((sum, { id }) => sum + (bins[id]?.inKg ?? 0), 0);
}

describe('a day of the reference mill begins', () => {
  it('with orders of the plan on both lines, at more than the rate of 10 batches an hour', () => {
    expect(day.refusedOrders, told).toEqual([]);
    const batches = [...day.records.batchesOf.values()].reduce((sum, count) => sum + count, 0);
    expect(day.records.batchesOf.size, told).toBe(2);
    expect(batches / HOURS, told).toBeGreaterThan(10);
  });

  it('with feed from both lines pressed and in bags, and faults that happened', () => {
    expect(day.records.byProduct.size, told).toBeGreaterThanOrEqual(2);
    expect(day.records.bagsBy.size, told).toBeGreaterThanOrEqual(2);
    const baggedKg = [...day.records.byProduct.values()].reduce((sum, kg) => sum + kg, 0);
    expect(baggedKg, told).toBeGreaterThan(5_000);
    expect(day.faults.injected.length, told).toBeGreaterThan(0);
  });

  it('with trucks that tip, and silos that take what they bring', () => {
    expect(day.running.ledger().sources['trucks'] ?? 0, told).toBeGreaterThan(20_000);
    expect(intoBins('silo'), told).toBeGreaterThan(10_000);
  });

  it('with dosing bins that are refilled by themselves', () => {
    expect(intoBins('dosing'), told).toBeGreaterThan(5_000);
  });

  it('no device is energised against an interlock that is open or not good', () => {
    expect(day.watch.looked, told).toBeGreaterThan(50);
    expect(day.watch.interlocks.kept, told).toEqual([]);
  });

  it('mass is conserved', () => {
    expect(day.watch.mass.kept, told).toEqual([]);
    expect(day.running.ledger().balanceMg, told).toBe(0);
  });

  it('book, doses and simulator agree to 0.1 % for every ingredient', () => {
    const { ingredients } = day;
    expect(ingredients.length, told).toBeGreaterThanOrEqual(8);
    expect(
      ingredients.filter((one) => !agrees(one)),
      told,
    ).toEqual([]);
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
