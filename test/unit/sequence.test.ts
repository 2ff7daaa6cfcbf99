// Goal: the proposed sequence of a day needs no more flushes and changes than the given one, the
// fewest possible for few orders, and is always the same.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CARRY_OVER } from '../../plc/mill/mills/carry-over.ts';
import type { FeedNature } from '../../plc/model/carry-over.ts';
import { DRUG_CLASSES, SPECIES } from '../../plc/model/carry-over.ts';
import type { SequenceItem } from '../../server/planning/sequence.ts';
import { proposeSequence } from '../../server/planning/sequence.ts';
import { PLAN_START_MS, wish } from '../support/plans.ts';

const item = (
  planId: string,
  nature: FeedNature,
  dieMm: number | null = null,
  dueMin: number | null = null,
): SequenceItem => ({
  request: {
    ...wish(planId, 'BROILER-FIN', 12_000, {}, nature),
    dieMm,
    dueTimeMs: dueMin === null ? null : PLAN_START_MS + dueMin * 60_000,
  },
  durationMin: 30,
});
const medicated: FeedNature = { drugClass: 'coccidiostat', species: 'broiler', withdrawal: false };
const plain: FeedNature = { drugClass: 'none', species: 'broiler', withdrawal: true };
const propose = (items: readonly SequenceItem[]) =>
  proposeSequence(CARRY_OVER, items, PLAN_START_MS);

/** The cost of the best of all sequences, tried one by one. */
function bestOfAll(items: readonly SequenceItem[]): number {
  if (items.length < 2) return propose(items).asGiven.minutes;
  const costs: number[] = [];
  const walk = (head: readonly SequenceItem[], rest: readonly SequenceItem[]): void => {
    if (rest.length === 0) costs.push(propose(head).asGiven.minutes);
    for (const one of rest) {
      walk(
        [...head, one],
        rest.filter((other) => other !== one),
      );
    }
  };
  walk([], items);
  return Math.min(...costs);
}

const anyItem = fc.record({
  drugClass: fc.constantFrom(...DRUG_CLASSES),
  species: fc.constantFrom(...SPECIES),
  withdrawal: fc.boolean(),
  dieMm: fc.constantFrom(2.5, 3.5, 4),
  dueMin: fc.option(fc.integer({ min: 10, max: 200 })),
});
const anyItems = (maxLength: number) =>
  fc
    .array(anyItem, { minLength: 1, maxLength })
    .map((list) =>
      list.map(({ dieMm, dueMin, ...nature }, index) => item(`P${index}`, nature, dieMm, dueMin)),
    );

describe('the proposed sequence', () => {
  test('puts medicated feed last, and says how many flushes that saves and why', () => {
    const given = [item('A', medicated), item('B', plain), item('C', medicated), item('D', plain)];
    const proposal = propose(given);
    expect(proposal.sequence.slice(0, 2).sort()).toEqual(['B', 'D']);
    expect(proposal).toMatchObject({ flushesSaved: 2, exact: true, changes: [] });
    expect(proposal.asGiven.flushes).toBe(2);
  });

  test('keeps products of one die together', () => {
    const given = [2.5, 4, 2.5, 4, 2.5].map((die, index) => item(`P${index}`, plain, die));
    expect(propose(given).proposed.dieChanges).toBe(1);
  });

  test('leaves the given sequence where no other is better', () => {
    const given = ['A', 'B', 'C'].map((id) => item(id, plain, 3.5));
    expect(propose(given).sequence).toEqual(['A', 'B', 'C']);
  });

  test('makes an order sooner rather than hours late', () => {
    const given = [...'ABCDEFGH'].map((id) => item(id, plain, 3.5));
    const urgent = item('U', plain, 3.5, 30);
    expect(propose([...given, urgent]).sequence[0]).toBe('U');
  });

  test('is the best of all for up to six orders, tried one by one', () => {
    fc.assert(
      fc.property(anyItems(6), (items) => {
        expect(propose(items).proposed.minutes).toBeCloseTo(bestOfAll(items), 6);
      }),
      { numRuns: 25 },
    );
  });

  test('of 60 orders is no worse than the given one, complete, and the same every time', () => {
    fc.assert(
      fc.property(anyItems(60), (items) => {
        const proposal = propose(items);
        expect(proposal.proposed.minutes).toBeLessThanOrEqual(proposal.asGiven.minutes + 1e-6);
        expect([...proposal.sequence].sort()).toEqual(
          items.map(({ request }) => request.planId).sort(),
        );
        expect(propose(items)).toEqual(proposal);
      }),
      { numRuns: 8 },
    );
  });
});
