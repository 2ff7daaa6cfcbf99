// Goal: the reference mill has a day's plan that makes 2,400 t of at least six products in 24 h, on
// both lines, all presses and all baggers, that its lines can make as it stands.
import { describe, expect, test } from 'vitest';
import { orderSchema } from '../../plc/link/contract.ts';
import { carryOver } from '../../plc/logic/carry-over.ts';
import { reference } from '../../plc/mill/mills/reference.ts';
import { loadRecipes } from '../../recipes/load.ts';
import { dayPlan, REFERENCE_DEMAND } from '../../server/planning/day-plan.ts';
import { newMillStart } from '../../server/planning/mill-stock.ts';
import { millWays } from '../../server/planning/ways.ts';

const HOUR_MS = 3_600_000;
const recipes = await loadRecipes();
const start = newMillStart(reference, Date.UTC(2026, 10, 25));
const endMs = start.nowMs + 24 * HOUR_MS;
const input = {
  mill: reference,
  recipes,
  demand: REFERENCE_DEMAND,
  start,
  deliveriesKg: 'as-needed' as const,
  hours: 24,
  orderIdOf: (n: number) => `2611-${String(n).padStart(4, '0')}`,
};
const day = dayPlan(input);
const stages = day.plan.orders.flatMap((one) => one.stages);

describe('the day of the reference mill', () => {
  test('makes 2,400 t in at least six products within 24 h', () => {
    const madeT = day.plan.orders
      .filter(({ stages: own }) =>
        own.every(({ stage, endMs: until }) => stage === 'bagging' || until <= endMs),
      )
      .reduce((sum, { order }) => sum + order.orderKg / 1_000, 0);
    expect(madeT).toBeGreaterThanOrEqual(2_400);
    expect([...day.tonnes.values()].filter((t) => t > 0).length).toBeGreaterThanOrEqual(6);
    expect([...day.missing]).toEqual([]);
  });

  test('uses both lines, all five presses and all five baggers', () => {
    expect(new Set(stages.map(({ unit }) => unit))).toEqual(
      new Set(['LINE1', 'LINE2'].concat([1, 2, 3, 4, 5].flatMap((n) => [`PM${n}`, `BG${n}`]))),
    );
  });

  test('gives each unit one order at a time', () => {
    for (const unit of new Set(stages.map((one) => one.unit))) {
      const own = stages.filter((one) => one.unit === unit);
      own.sort((a, b) => a.startMs - b.startMs);
      own.slice(1).forEach((one, index) => {
        const before = own[index];
        expect(one.startMs, unit).toBeGreaterThanOrEqual((before?.endMs ?? 0) - 1);
      });
    }
  });

  test('leads the bins of a row, which share one chute, to one bagger at a time', () => {
    const { baggers } = millWays(reference);
    const through = day.plan.orders.flatMap(({ order, stages: own }) => {
      const bagging = own.find(({ stage }) => stage === 'bagging');
      const chute = baggers.get(bagging?.unit ?? '')?.chutes.get(order.destination);
      return bagging === undefined || chute === undefined ? [] : [{ ...bagging, chute }];
    });
    expect(new Set(through.map(({ chute }) => chute)).size).toBe(5);
    for (const one of through) {
      const others = through.filter(({ chute, unit }) => chute === one.chute && unit !== one.unit);
      const clash = others.find(
        ({ startMs, endMs: until }) => startMs < one.endMs && one.startMs < until,
      );
      expect(clash, `${one.chute} to ${one.unit}`).toBeUndefined();
    }
  });

  test('lets no line wait for long, unless a die is changed meanwhile', () => {
    for (const { id } of reference.lines) {
      const own = day.plan.orders.filter(({ order }) => order.line === id);
      const dosing = own.map(({ stages: [first] }) => first);
      own.slice(1).forEach(({ planId, changes }, index) => {
        const waitsMs = (dosing[index + 1]?.startMs ?? 0) - (dosing[index]?.endMs ?? 0);
        const isSetUp = changes.some(({ kind }) => kind === 'die');
        expect(waitsMs, planId).toBeLessThan(isSetUp ? HOUR_MS : HOUR_MS / 4);
      });
    }
  });

  test('lets nothing follow a drug on any unit that the matrix of carry-over does not allow', () => {
    const medicated = day.plan.orders.filter(({ order }) => order.nature.drugClass !== 'none');
    expect(medicated.length).toBeGreaterThan(0);
    for (const unit of new Set(stages.map((one) => one.unit))) {
      const on = day.plan.orders.filter((one) => one.stages.some((stage) => stage.unit === unit));
      on.slice(1).forEach((next, index) => {
        const before = on[index]?.order.nature ?? null;
        const { verdict } = carryOver(reference.carryOver, before, next.order.nature);
        expect(verdict.kind, `${unit} ${next.planId}`).toBe('allowed');
      });
    }
  });

  test('flushes after a medicated campaign in the midst of the day, before what must not have it', () => {
    const early = dayPlan({ ...input, medicatedAtH: 2 });
    expect([...early.missing]).toEqual([]);
    const own = early.plan.orders.filter(({ order }) => order.line === 'LINE2');
    const first = own.findIndex(({ order }) => order.nature.drugClass !== 'none');
    const last = own.findLastIndex(({ order }) => order.nature.drugClass !== 'none');
    const begins = own[first]?.stages[0]?.startMs ?? 0;
    expect(begins - start.nowMs).toBeGreaterThanOrEqual(2 * HOUR_MS);
    // A press of the line must be ready, with its die.
    expect(begins - start.nowMs).toBeLessThan(3.5 * HOUR_MS);
    expect(own.slice(last + 1).some(({ order }) => order.kind === 'feed')).toBe(true);
    for (const unit of ['LINE2', 'PM3', 'PM4']) {
      const over = early.plan.orders.filter(({ stages: on }) =>
        on.some((one) => one.unit === unit),
      );
      const end = over.findLastIndex(({ order }) => order.nature.drugClass !== 'none');
      const next = over[end + 1]?.order;
      expect(next?.kind, `${unit}: ${next?.formulaCode}`).toBe('flush');
    }
  });

  test('begins the medicated campaign early when the line has nothing else to make', () => {
    const demand = REFERENCE_DEMAND.map((one) => ({ ...one, tonnes: one.tonnes / 4 }));
    const short = dayPlan({ ...input, demand });
    expect(short.tonnes.get('BROILER-STA') ?? 0).toBeGreaterThan(0);
  });

  test('sends orders that the controller understands, the same ones every time', () => {
    for (const orders of day.ordersOf.values()) {
      for (const order of orders) expect(orderSchema.parse(order)).toEqual(order);
    }
    expect(dayPlan(input)).toEqual(day);
  });

  test('says what trucks must bring, and makes less when they do not', () => {
    expect(day.toBringKg.get('PREMIX')).toBeGreaterThan(0);
    const without = dayPlan({ ...input, deliveriesKg: new Map() });
    expect(without.totalT).toBeLessThan(day.totalT);
    expect([...without.missing.values()].flat().map(({ code }) => code)).toContain(
      'plan.stock-missing',
    );
  });
});
