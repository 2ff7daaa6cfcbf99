import { carryOver } from '../../plc/logic/carry-over.ts';
import type { CarryOverRule } from '../../plc/model/carry-over.ts';
import type { Text } from '../../plc/model/text.ts';
import type { PlanRequest } from './plan-types.ts';

/** What a change between two orders costs, in minutes that the line stands or people work. */
const COST_MIN = { flush: 20, clean: 120, die: 30, screen: 15, forbidden: 100_000 } as const;
/** A minute late is worth so much of a minute of change. */
const LATE_WEIGHT = 0.2;
/** Up to so many orders the best sequence is found for certain; above, a good one. */
export const EXACT_MAX = 11;
export const SEQUENCE_MAX = 60;

/** One order as the sequence sees it. */
export interface SequenceItem {
  readonly request: PlanRequest;
  readonly durationMin: number;
}

export interface SequenceChange {
  readonly kind: 'flush' | 'clean' | 'forbidden' | 'die' | 'screen';
  readonly before: string;
  readonly next: string;
  readonly why: Text;
}

export interface SequenceCost {
  readonly minutes: number;
  readonly flushes: number;
  readonly dieChanges: number;
  readonly screenChanges: number;
  readonly forbidden: number;
  readonly lateMin: number;
}

export interface Proposal {
  /** Plan ids in the proposed order. */
  readonly sequence: readonly string[];
  readonly changes: readonly SequenceChange[];
  readonly asGiven: SequenceCost;
  readonly proposed: SequenceCost;
  readonly flushesSaved: number;
  /** Whether no better sequence exists. */
  readonly exact: boolean;
}

const NO_RULE: Text = {
  vi: 'Ma trận không có quy tắc cho nhóm thuốc này: không cho phép',
  en: 'No rule of the matrix speaks of this drug class: not allowed',
};
const DIE: Text = { vi: 'Khuôn khác', en: 'Another die' };
const SCREEN: Text = { vi: 'Lưới nghiền khác', en: 'Another screen' };

/** What must happen between two orders that follow each other on the same way. */
function changesBetween(
  rules: readonly CarryOverRule[],
  before: PlanRequest,
  next: PlanRequest,
): SequenceChange[] {
  const pair = { before: before.planId, next: next.planId };
  const { verdict, rule } = carryOver(rules, before.recipe.nature, next.recipe.nature);
  const changes: SequenceChange[] = [];
  if (verdict.kind !== 'allowed') {
    changes.push({ kind: verdict.kind, ...pair, why: rule?.why ?? NO_RULE });
  }
  const differs = (a: number | null, b: number | null) => a !== null && b !== null && a !== b;
  if (differs(before.dieMm, next.dieMm)) changes.push({ kind: 'die', ...pair, why: DIE });
  if (differs(before.screenMm, next.screenMm)) {
    changes.push({ kind: 'screen', ...pair, why: SCREEN });
  }
  return changes;
}

/** Costs of all pairs, and how late each order is after so many minutes of work. */
interface Table {
  readonly count: number;
  readonly changes: readonly (readonly SequenceChange[])[][];
  readonly costMin: readonly (readonly number[])[];
  readonly durationMin: readonly number[];
  readonly dueMin: readonly (number | null)[];
}

function tableOf(
  rules: readonly CarryOverRule[],
  items: readonly SequenceItem[],
  nowMs: number,
): Table {
  const changes = items.map((a) =>
    items.map((b) => (a === b ? [] : changesBetween(rules, a.request, b.request))),
  );
  const minutes = (list: readonly SequenceChange[]) =>
    list.reduce((sum, { kind }) => sum + COST_MIN[kind], 0);
  return {
    count: items.length,
    changes,
    costMin: changes.map((row) => row.map(minutes)),
    durationMin: items.map(({ durationMin }) => durationMin),
    dueMin: items.map(({ request }) =>
      request.dueTimeMs === null ? null : (request.dueTimeMs - nowMs) / 60_000,
    ),
  };
}

function lateMin(table: Table, item: number, endMin: number): number {
  const due = table.dueMin[item];
  return due === null || due === undefined ? 0 : Math.max(0, endMin - due);
}

function costOf(table: Table, order: readonly number[]): number {
  let minutes = 0;
  let elapsed = 0;
  let before: number | null = null;
  for (const item of order) {
    if (before !== null) minutes += table.costMin[before]?.[item] ?? 0;
    elapsed += table.durationMin[item] ?? 0;
    minutes += LATE_WEIGHT * lateMin(table, item, elapsed);
    before = item;
  }
  return minutes;
}

/**
 * The best sequence by dynamic programming over sets (Held and Karp 1962): the time of a set does
 * not depend on its order, so that lateness is counted exactly too.
 */
function exact(table: Table): number[] {
  const { count } = table;
  const sets = 1 << count;
  const best = new Float64Array(sets * count).fill(Number.POSITIVE_INFINITY);
  const from = new Int8Array(sets * count).fill(-1);
  for (let set = 1; set < sets; set += 1) {
    let elapsed = 0;
    for (let item = 0; item < count; item += 1) {
      if (set & (1 << item)) elapsed += table.durationMin[item] ?? 0;
    }
    for (let last = 0; last < count; last += 1) {
      if ((set & (1 << last)) === 0) continue;
      const late = LATE_WEIGHT * lateMin(table, last, elapsed);
      const rest = set & ~(1 << last);
      const at = set * count + last;
      if (rest === 0) best[at] = late;
      for (let before = 0; before < count; before += 1) {
        if ((rest & (1 << before)) === 0) continue;
        const cost =
          (best[rest * count + before] ?? 0) + (table.costMin[before]?.[last] ?? 0) + late;
        if (cost < (best[at] ?? 0) - 1e-9) {
          best[at] = cost;
          from[at] = before;
        }
      }
    }
  }
  return pathBack(count, best, from);
}

function pathBack(count: number, best: Float64Array, from: Int8Array): number[] {
  let set = (1 << count) - 1;
  let last = 0;
  for (let item = 1; item < count; item += 1) {
    if ((best[set * count + item] ?? 0) < (best[set * count + last] ?? 0) - 1e-9) last = item;
  }
  const path: number[] = [];
  while (last >= 0) {
    path.unshift(last);
    const before = from[set * count + last] ?? -1;
    set &= ~(1 << last);
    last = before;
  }
  return path;
}

/** From this order on, always the cheapest next one. */
function nearest(table: Table, first: number): number[] {
  const path = [first];
  const left = new Set(Array.from({ length: table.count }, (_, item) => item));
  left.delete(first);
  while (left.size > 0) {
    const last = path.at(-1) ?? 0;
    let next = -1;
    for (const item of left) {
      const better = (table.costMin[last]?.[item] ?? 0) - (table.costMin[last]?.[next] ?? 0);
      const dueSooner = (table.dueMin[item] ?? 1e9) - (table.dueMin[next] ?? 1e9);
      if (next < 0 || better < 0 || (better === 0 && dueSooner < 0)) next = item;
    }
    path.push(next);
    left.delete(next);
  }
  return path;
}

/** Moves runs of up to three orders elsewhere while that helps (Or 1976). */
function improved(table: Table, start: readonly number[]): number[] {
  let path = [...start];
  let cost = costOf(table, path);
  for (let moved = true; moved; ) {
    moved = false;
    for (let length = 1; length <= 3; length += 1) {
      for (let from = 0; from + length <= path.length; from += 1) {
        const run = path.slice(from, from + length);
        const rest = [...path.slice(0, from), ...path.slice(from + length)];
        for (let to = 0; to <= rest.length; to += 1) {
          const tried = [...rest.slice(0, to), ...run, ...rest.slice(to)];
          const triedCost = costOf(table, tried);
          if (triedCost < cost - 1e-9) {
            path = tried;
            cost = triedCost;
            moved = true;
          }
        }
      }
    }
  }
  return path;
}

/** Starts tried: the given sequence, and the nearest neighbour of up to so many first orders. */
const STARTS_MAX = 8;

function heuristic(table: Table): number[] {
  const given = Array.from({ length: table.count }, (_, item) => item);
  const starts = [given, ...given.slice(0, STARTS_MAX).map((first) => nearest(table, first))];
  return starts
    .map((start) => improved(table, start))
    .reduce((best, one) => (costOf(table, one) < costOf(table, best) - 1e-9 ? one : best));
}

function changesAlong(table: Table, order: readonly number[]): SequenceChange[] {
  return order.slice(1).flatMap((item, index) => table.changes[order[index] ?? 0]?.[item] ?? []);
}

function sumUp(table: Table, order: readonly number[]): SequenceCost {
  const changes = changesAlong(table, order);
  const count = (kind: SequenceChange['kind']) => changes.filter((one) => one.kind === kind).length;
  let elapsed = 0;
  let late = 0;
  for (const item of order) {
    elapsed += table.durationMin[item] ?? 0;
    late += lateMin(table, item, elapsed);
  }
  return {
    minutes: costOf(table, order),
    flushes: count('flush'),
    dieChanges: count('die'),
    screenChanges: count('screen'),
    forbidden: count('forbidden'),
    lateMin: late,
  };
}

/**
 * Proposes the sequence of orders on one way that needs the fewest flushes, changes of die and of
 * screen, and keeps what is due. The same orders always give the same proposal.
 * @throws {RangeError} for more than 60 orders (programmer): a longer queue is cut before.
 */
export function proposeSequence(
  rules: readonly CarryOverRule[],
  items: readonly SequenceItem[],
  nowMs: number,
): Proposal {
  if (items.length > SEQUENCE_MAX) throw new RangeError(`at most ${SEQUENCE_MAX} orders`);
  const table = tableOf(rules, items, nowMs);
  const given = items.map((_, index) => index);
  const isExact = items.length <= EXACT_MAX;
  const found = items.length < 2 ? given : isExact ? exact(table) : heuristic(table);
  // A sequence that costs the same as the given one is no reason to move anything.
  const order = costOf(table, found) < costOf(table, given) - 1e-9 ? found : given;
  const [asGiven, proposed] = [sumUp(table, given), sumUp(table, order)];
  return {
    sequence: order.map((item) => items[item]?.request.planId ?? ''),
    changes: changesAlong(table, order),
    asGiven,
    proposed,
    flushesSaved: asGiven.flushes - proposed.flushes,
    exact: isExact,
  };
}
