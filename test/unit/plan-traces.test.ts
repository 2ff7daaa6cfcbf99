// Goal: what the mill made before counts in the plan: each unit remembers the last product that
// went over it, until a flush of the right mass has passed.
import { describe, expect, test } from 'vitest';
import { CARRY_OVER } from '../../plc/mill/mills/carry-over.ts';
import { reference } from '../../plc/mill/mills/reference.ts';
import type { FeedNature } from '../../plc/model/carry-over.ts';
import type { Order } from '../../plc/model/order.ts';
import { loadRecipes } from '../../recipes/load.ts';
import { substituted } from '../../recipes/substitute.ts';
import type { MadeOrder } from '../../server/planning/traces.ts';
import { tracesOf } from '../../server/planning/traces.ts';
import { millWays } from '../../server/planning/ways.ts';
import { orderOf } from '../support/finisher-order.ts';

const drug: FeedNature = { drugClass: 'coccidiostat', species: 'broiler', withdrawal: false };
const none: FeedNature = { ...drug, drugClass: 'none' };

async function made(more: Partial<Order>, isOver = true, hasStarted = true): Promise<MadeOrder> {
  const plan = { orderId: '2611-0001', orderKg: 12_000, batchKg: 6_000 };
  const order = await orderOf('BROILER-FIN', { ...plan, line: 'LINE1', destination: 'FB101' });
  const on = { presses: ['PM1'], bagger: 'BG1' };
  return { order: { ...order, ...on, ...more }, isOver, hasStarted, dosedKg: 0 };
}
const { baggers } = millWays(reference);
const unitsOf = (list: readonly MadeOrder[]) =>
  [...tracesOf(CARRY_OVER, list, baggers).keys()].sort();

describe('what lies on the ways', () => {
  test('is left by medicated feed on its line, press, bagger, what leads to that, and in its bin', async () => {
    expect(unitsOf([await made({ nature: drug })])).toEqual([
      'BG1',
      'DV1',
      'FB101',
      'LINE1',
      'PM1',
    ]);
  });

  test('is taken along by a flush of the right mass, not by a smaller one, and not out of the bin', async () => {
    const medicated = await made({ nature: drug });
    const flush = (orderKg: number, bagger: string | null = null) =>
      made({ kind: 'flush', nature: none, orderKg, bagger, destination: 'FB102' });
    expect(unitsOf([medicated, await flush(480)])).toEqual(['BG1', 'DV1', 'FB101']);
    const all = ['BG1', 'DV1', 'FB101', 'LINE1', 'PM1'];
    expect(unitsOf([medicated, await flush(200)])).toEqual(all);
    expect(unitsOf([medicated, await flush(480, 'BG1')])).toEqual(['FB101']);
  });

  test('counts of orders that wait in the line too, and not of one that never began', async () => {
    expect(unitsOf([await made({ nature: drug }, false, false)])).toContain('PM1');
    expect(unitsOf([await made({ nature: drug }, true, false)])).toEqual([]);
  });
});

describe('a substitution', () => {
  test('replaces an ingredient kilogram for kilogram where the formula lists it', async () => {
    const formula = (await loadRecipes()).formulas.get('BROILER-FIN');
    if (formula === undefined) throw new Error('no finisher');
    const listed = {
      ...formula,
      items: formula.items.map((item) =>
        item.material === 'CORN-GLUTEN' ? { ...item, substitutes: ['SBM'] } : item,
      ),
    };
    const done = substituted(listed, [{ material: 'CORN-GLUTEN', by: 'SBM' }]);
    expect(done.notAllowed).toEqual([]);
    expect(done.formula.items.map(({ material }) => material)).not.toContain('CORN-GLUTEN');
    expect(done.formula.items.find(({ material }) => material === 'SBM')?.pct).toBe(28);
    const not = substituted(formula, [{ material: 'MAIZE', by: 'WHEAT' }]);
    expect(not.notAllowed).toEqual([{ material: 'MAIZE', by: 'WHEAT' }]);
  });
});
