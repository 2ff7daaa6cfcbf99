import type { Condition } from '../model/condition.ts';
import type { Reason } from '../model/reason.ts';
import { reason } from '../model/reason.ts';
import type { TagValue } from '../model/tag.ts';
import { UNKNOWN } from '../model/tag.ts';

/** Reads a tag by name; a tag that nobody reads is bad. */
export type ReadTag = (tag: string) => TagValue | undefined;

function holds(condition: Condition, value: unknown): boolean {
  const { comparison, limit } = condition;
  if (comparison === 'is') return value === limit;
  if (typeof value !== 'number' || typeof limit !== 'number') return false;
  return comparison === 'above' ? value > limit : value < limit;
}

/** The reason of a value that cannot be trusted, or null when it can. */
export function notGood(tag: string, value: TagValue | undefined): Reason | null {
  const { quality } = value ?? UNKNOWN;
  return quality === 'good' ? null : reason('input.not-good', { tag, quality });
}

/** What a condition is to its device: needed before a start, or needed while it runs. */
type ConditionKind = 'permissive.open' | 'interlock.open';

function openReason(
  device: string,
  condition: Condition,
  value: TagValue,
  kind: ConditionKind,
): Reason | null {
  if (value.quality !== 'good') return notGood(condition.tag, value);
  if (holds(condition, value.value)) return null;
  const [owner = '', role] = condition.tag.split('.');
  if (role === 'EStop') return reason('estop.pressed', { device: owner });
  return reason(kind, { device, tag: condition.tag });
}

/**
 * Why these conditions of a device do not all hold; empty when they do. A value that is anything
 * but good satisfies nothing (DESIGN 3.1).
 */
export function openConditions(
  device: string,
  conditions: readonly Condition[],
  read: ReadTag,
  kind: ConditionKind = 'interlock.open',
): Reason[] {
  return conditions
    .map((one) => openReason(device, one, read(one.tag) ?? UNKNOWN, kind))
    .filter((one) => one !== null);
}

/** The conditions that are known to be violated: by a good value, not by a lost signal. */
export function violated(conditions: readonly Condition[], read: ReadTag): Condition[] {
  return conditions.filter((one) => {
    const value = read(one.tag);
    return value?.quality === 'good' && !holds(one, value.value);
  });
}
