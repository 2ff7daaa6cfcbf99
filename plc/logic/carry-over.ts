import type { CarryOverRule, CarryOverVerdict, FeedNature } from '../model/carry-over.ts';

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
