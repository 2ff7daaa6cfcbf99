/** What a bag filler shows of the bags it has made: a count, a total, and its last bags by slot. */
export interface BagCounters {
  readonly count: number;
  readonly totalG: number;
  /** Net weights, g; the bag that made the count n lies in slot n modulo the number of slots. */
  readonly slotsG: readonly number[];
}

/** One bag that was made since the counters were last seen. */
export interface NewBag {
  readonly count: number;
  readonly netKg: number;
}

/** More bags than this at once are a counter that was set anew, not bags. */
export const BAGS_AT_ONCE_MAX = 5_000;

/**
 * The bags made between two looks, each exactly once, also when the second look comes after a
 * restart. Bags that have left their slot share what the total leaves for them. A counter that
 * went back or leapt was set anew: it yields no bags.
 */
export function bagsBetween(seen: BagCounters, now: BagCounters): NewBag[] {
  const made = now.count - seen.count;
  if (made <= 0 || made > BAGS_AT_ONCE_MAX) return [];
  const slots = now.slotsG.length;
  const known = Math.min(made, slots);
  const slotOf = (count: number) => now.slotsG[count % slots] ?? 0;
  const counts = Array.from({ length: made }, (_, index) => seen.count + 1 + index);
  const inSlots = counts.slice(made - known);
  const knownG = inSlots.reduce((sum, count) => sum + slotOf(count), 0);
  const older = made - known;
  const averageG = older === 0 ? 0 : Math.max(0, (now.totalG - seen.totalG - knownG) / older);
  return counts.map((count, index) => ({
    count,
    netKg: Math.round(index < older ? averageG : slotOf(count)) / 1000,
  }));
}
