// Goal: the planner says of each order how it will be made and when, or everything that is missing;
// a drug is never followed by what must not follow it.
import { describe, expect, test } from 'vitest';
import type { FeedNature } from '../../plc/model/carry-over.ts';
import { flushRecipe } from '../../server/planning/carry-over-check.ts';
import type { PlanRequest } from '../../server/planning/plan-types.ts';
import { planOrders } from '../../server/planning/planner.ts';
import { PLAN_START_MS, planInput, wish } from '../support/plans.ts';

const ON_PM1 = { line: 'LINE1', press: 'PM1', packaging: 'bulk' } as const;
const LAYER: FeedNature = { drugClass: 'none', species: 'layer', withdrawal: false };
const codesOf = (one: { reasons: readonly { code: string }[] } | undefined) =>
  one?.reasons.map(({ code }) => code);

/** A flush of the medicated starter, as a person asks for it. */
function flush(planId: string, orderKg: number): PlanRequest {
  const medicated = wish('x', 'BROILER-STA', 6_000).recipe;
  return {
    ...wish(planId, 'BROILER-FIN', orderKg, ON_PM1),
    kind: 'flush',
    recipe: flushRecipe('MAIZE', medicated.nature, medicated.procedure),
  };
}

describe('an order', () => {
  test('has its doses by scale and bin, its press, bin and bagger, and a forecast', () => {
    const [one] = planOrders(planInput(), [wish('A', 'BROILER-FIN', 24_000)]).orders;
    expect(one?.reasons).toEqual([]);
    expect(one?.batches).toEqual({ count: 4, eachKg: 6_000 });
    const kg = one?.doses.reduce((sum, { targetKg }) => sum + targetKg, 0) ?? 0;
    expect(kg).toBeCloseTo(6_000, 2);
    expect(one?.stages.map(({ stage }) => stage)).toEqual(['dosing', 'pressing', 'bagging']);
    expect(one?.order).toMatchObject({ kind: 'feed', packaging: 'bags', lot: 'TP-A' });
    for (const { startMs, endMs } of one?.stages ?? []) expect(endMs).toBeGreaterThan(startMs);
  });

  test('moves a dose below the minimum of a scale to a finer one that reaches the material', () => {
    const scaleOf = (batchKg: number) =>
      planOrders(planInput(), [
        wish('A', 'BROILER-FIN', batchKg, { line: 'LINE1', batchKg }),
      ]).orders[0]?.doses.find(({ material }) => material === 'LYSINE')?.scale;
    expect([scaleOf(6_000), scaleOf(1_000)]).toEqual(['WS13', 'WS14']);
  });

  test('is refused with what is missing where no scale is fine enough', () => {
    const [one] = planOrders(planInput(), [
      wish('A', 'BROILER-STA', 100, { line: 'LINE1', batchKg: 100 }),
    ]).orders;
    expect(codesOf(one)).toContain('dose.below-minimum');
  });

  test('is refused for a batch larger than the mixer and for material that is not there', () => {
    const stockKg = new Map(planInput().start.stockKg).set('SBM', 1_000);
    const [one] = planOrders(planInput({ stockKg }), [
      wish('A', 'BROILER-FIN', 24_000, { batchKg: 8_000 }),
    ]).orders;
    expect(codesOf(one)).toEqual(
      expect.arrayContaining(['order.batch-size', 'plan.stock-missing']),
    );
    const missing = one?.reasons.find(({ code }) => code === 'plan.stock-missing');
    expect(missing?.objects).toMatchObject({ material: 'SBM', missingKg: 4_760 });
  });

  test('counts what the orders before it take out of the stock', () => {
    const stockKg = new Map(planInput().start.stockKg).set('SBM', 10_000);
    const orders = ['A', 'B'].map((id) => wish(id, 'BROILER-FIN', 24_000));
    const plan = planOrders(planInput({ stockKg }), orders);
    expect(plan.orders.map(codesOf)).toEqual([[], ['plan.stock-missing']]);
  });

  test('says which material may take the place of one that is missing', () => {
    const stockKg = new Map(planInput().start.stockKg).set('SOY-OIL', 0).set('ANIMAL-FAT', 5_000);
    const one = {
      ...wish('A', 'BROILER-FIN', 6_000),
      substitutes: { 'SOY-OIL': ['ANIMAL-FAT', 'FISH-OIL'] },
    };
    const [planned] = planOrders(planInput({ stockKg }), [one]).orders;
    expect(codesOf(planned)).toEqual(['plan.stock-missing', 'plan.substitute', 'plan.substitute']);
  });

  test('is refused for a bin that is full, holds another product, or cannot be trusted', () => {
    const nature = wish('x', 'DUCK-MEAT', 1).recipe.nature;
    const finished = new Map([
      ['FB101', { formulaCode: 'BROILER-FIN', nature, kg: 50_000 }],
      ['FB102', { formulaCode: 'DUCK-MEAT', nature, kg: 10_000 }],
      ['FB103', { formulaCode: null, nature: null, kg: null }],
    ]);
    const codes = ['FB101', 'FB102', 'FB103', 'FB301'].map((destination) => {
      const one = wish('A', 'BROILER-FIN', 24_000, { ...ON_PM1, destination });
      return codesOf(planOrders(planInput({ finished }), [one]).orders[0]);
    });
    expect(codes).toEqual([
      ['plan.no-room'],
      ['bin.other-content'],
      ['plan.bin-unknown'],
      ['plan.bin-unreachable'],
    ]);
  });

  test('that will be late says by how much', () => {
    const one = wish('A', 'BROILER-FIN', 24_000, { dueTimeMs: PLAN_START_MS + 600_000 });
    const [planned] = planOrders(planInput(), [one]).orders;
    expect(planned?.reasons).toEqual([]);
    expect(planned?.notes.map(({ code }) => code)).toEqual(['plan.late']);
  });
});

describe('carry-over at plan', () => {
  const medicated = wish('A', 'BROILER-STA', 12_000, ON_PM1);
  const forbidden = wish('B', 'BROILER-FIN', 12_000, ON_PM1, LAYER);

  test('a medicated order followed by a forbidden feed is refused; the right flush makes it legal', () => {
    const refused = planOrders(planInput(), [medicated, forbidden]);
    expect(refused.orders.map(codesOf)).toEqual([
      [],
      ['plan.carry-over-forbidden', 'plan.carry-over-forbidden'],
    ]);
    expect(refused.orders[1]?.changes.map(({ unit, kind }) => [unit, kind])).toEqual([
      ['LINE1', 'forbidden'],
      ['PM1', 'forbidden'],
    ]);
    const legal = planOrders(planInput(), [medicated, flush('F', 480), forbidden]);
    expect(legal.orders.map(codesOf)).toEqual([[], [], []]);
  });

  test('a flush that is too small makes nothing legal', () => {
    const plan = planOrders(planInput(), [medicated, flush('F', 200), forbidden]);
    expect(plan.orders.map(codesOf)).toEqual([
      [],
      ['plan.flush-short'],
      ['plan.carry-over-forbidden', 'plan.carry-over-forbidden'],
    ]);
  });

  test('a feed before slaughter gets its flush by itself, with a lot and bin of its own', () => {
    const feed = wish('B', 'BROILER-FIN', 12_000, ON_PM1);
    const { orders, flushes } = planOrders(planInput(), [medicated, feed]);
    expect(orders.map(({ planId, flushFor }) => [planId, flushFor])).toEqual([
      ['A', null],
      ['B-F', 'B'],
      ['B', null],
    ]);
    expect(flushes).toBe(1);
    const [, flushed, next] = orders;
    expect(flushed?.order).toMatchObject({
      kind: 'flush',
      orderKg: 480,
      presses: ['PM1'],
      lot: 'TP-B-F',
      formulaCode: 'FLUSH-COCCIDIOSTAT',
      items: [{ material: 'MAIZE', pct: 100, drug: false }],
    });
    const bins = orders.map(({ order }) => order.destination);
    expect(new Set(bins).size).toBe(3);
    expect(next?.reasons).toEqual([]);
  });

  test('what leads to a bagger remembers a drug as well, and is flushed by bags through it', () => {
    const bagged = { line: 'LINE1', press: 'PM1', packaging: 'bags' } as const;
    const orders = planOrders(planInput(), [
      wish('A', 'BROILER-STA', 12_000, { ...bagged, destination: 'FB101', bagger: 'BG1' }),
      wish('B', 'BROILER-FIN', 12_000, { ...bagged, destination: 'FB102', bagger: 'BG2' }),
    ]).orders;
    expect(orders.map(codesOf)).toEqual([[], [], []]);
    const made = orders.map(({ planId, order }) => [planId, order.packaging, order.bagger]);
    expect(made).toEqual([
      ['A', 'bags', 'BG1'],
      ['B-F', 'bags', 'BG2'],
      ['B', 'bags', 'BG2'],
    ]);
    // The other bagger had no drug: it is the diverter of the row that is flushed.
    expect(orders[1]?.order.destination).toMatch(/^FB10[3-8]$/);
    expect(orders[2]?.order.destination).toBe('FB102');
  });

  test('a bin that held a drug is cleaned before other feed comes into it', () => {
    const there = { ...ON_PM1, destination: 'FB101' };
    const traces = new Map([
      ['FB101', { formulaCode: 'BROILER-STA', nature: medicated.recipe.nature }],
    ]);
    const [one] = planOrders(planInput({ traces }), [
      wish('B', 'BROILER-FIN', 12_000, there),
    ]).orders;
    expect(codesOf(one)).toEqual(['plan.carry-over-clean']);
  });

  test('what went over a unit before the plan counts too', () => {
    const traces = new Map([
      ['PM1', { formulaCode: 'BROILER-STA', nature: medicated.recipe.nature }],
    ]);
    const { orders } = planOrders(planInput({ traces }), [forbidden]);
    expect(orders.map(codesOf)).toEqual([['plan.carry-over-forbidden']]);
  });
});

test('a press that needs another die stands for the change, and the plan counts it', () => {
  const two = [wish('A', 'BROILER-FIN', 12_000, ON_PM1), wish('B', 'DUCK-MEAT', 12_000, ON_PM1)];
  const { orders, dieChanges } = planOrders(planInput(), two);
  const pressing = orders.flatMap(({ stages }) => stages.filter(({ unit }) => unit === 'PM1'));
  expect(dieChanges).toBe(1);
  expect((pressing[1]?.startMs ?? 0) - (pressing[0]?.endMs ?? 0)).toBeGreaterThanOrEqual(1_800_000);
});
