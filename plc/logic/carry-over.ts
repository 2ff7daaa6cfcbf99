import type { CarryOverRule, CarryOverVerdict, FeedNature } from '../model/carry-over.ts';
import type { Order } from '../model/order.ts';

/** A verdict with the rule that it comes from; null where nothing speaks against it. */
export interface CarryOverFinding {
  readonly verdict: CarryOverVerdict;
  readonly rule: CarryOverRule | null;
}

const ALLOWED: CarryOverFinding = { verdict: { kind: 'allowed' }, rule: null };

function fits(rule: CarryOverRule, before: FeedNature, next: FeedNature): boolean {
  return (
    rule.after === before.drugClass &&
    (rule.species === null || rule.species.includes(next.species)) &&
    (rule.withdrawal === null || rule.withdrawal === next.withdrawal) &&
    (rule.sameClass === null || rule.sameClass === (before.drugClass === next.drugClass))
  );
}

/**
 * What must happen before `next` follows `before` on the same way: the first rule of the matrix
 * that fits (DOMAIN 4, carry-over). After feed without drugs everything is allowed; after a drug
 * that no rule speaks of, nothing is.
 */
export function carryOver(
  rules: readonly CarryOverRule[],
  before: FeedNature | null,
  next: FeedNature,
): CarryOverFinding {
  if (before === null || before.drugClass === 'none') return ALLOWED;
  const rule = rules.find((one) => fits(one, before, next));
  return rule === undefined
    ? { verdict: { kind: 'forbidden' }, rule: null }
    : { verdict: rule.verdict, rule };
}

/**
 * Mass that makes a way free of a drug class, kg: the greatest flush that the matrix asks for after
 * it; 0 where it asks for none.
 */
export function flushKgAfter(
  rules: readonly CarryOverRule[],
  drugClass: FeedNature['drugClass'],
): number {
  const asked = rules.map(({ after, verdict }) =>
    after === drugClass && verdict.kind === 'flush' ? verdict.flushKg : 0,
  );
  return Math.max(0, ...asked);
}

/**
 * What an order leaves behind on the way that it passed: a feed leaves itself; a flush of the right
 * mass leaves nothing, a smaller one leaves what was there.
 */
export function natureLeft(
  rules: readonly CarryOverRule[],
  before: FeedNature | null,
  order: Pick<Order, 'kind' | 'nature' | 'orderKg'>,
): FeedNature | null {
  if (order.kind === 'feed') return order.nature;
  if (before === null) return null;
  return order.orderKg >= flushKgAfter(rules, before.drugClass) - 1e-6 ? null : before;
}
