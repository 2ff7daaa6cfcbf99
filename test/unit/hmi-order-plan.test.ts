/**
 * Goal: what a person types for a new order becomes the batches that he expects, in either
 * language.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseNumber, planOrder } from '../../hmi/src/displays/line/order-plan.ts';

describe('the plan of a new order', () => {
  it('makes 1,5 t with 500 kg batches three batches and 60 bags', () => {
    const plan = planOrder({ tonnes: '1,5', batchKg: '500', bagKg: '25' });
    expect(plan).toMatchObject({ orderKg: 1_500, batches: 3, perBatchKg: 500, bags: 60 });
  });

  it('takes a decimal comma and a decimal point alike', () => {
    expect(parseNumber('1,5')).toBe(1.5);
    expect(parseNumber(' 1.5 ')).toBe(1.5);
  });

  it('has no plan while a number is missing, negative, zero or none', () => {
    for (const typed of ['', '0', '-1', 'abc', '1,5,0', '1e3', 'Infinity']) {
      expect(planOrder({ tonnes: typed, batchKg: '500', bagKg: '25' })).toBeNull();
    }
  });

  it('never plans a batch larger than was asked for, and loses no mass', () => {
    const kg = fc.integer({ min: 1, max: 99_999 });
    fc.assert(
      fc.property(kg, fc.integer({ min: 50, max: 6_000 }), (orderKg, batchKg) => {
        const draft = { tonnes: String(orderKg / 1_000), batchKg: String(batchKg), bagKg: '25' };
        const plan = planOrder(draft);
        if (plan === null) return false;
        const whole = Math.abs(plan.perBatchKg * plan.batches - orderKg) < 1e-6;
        return whole && plan.perBatchKg <= Math.max(batchKg, 0) + 1e-3;
      }),
    );
  });
});
