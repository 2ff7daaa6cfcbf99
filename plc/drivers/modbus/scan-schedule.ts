/** Later than this is not late but another time of day, ms. */
const CLOCK_JUMP_MS = 600_000;

/** What is read in one rhythm. */
export interface ScanClass<T> {
  readonly intervalMs: number;
  readonly items: readonly T[];
}

interface Cycle<T> extends ScanClass<T> {
  /** What is left of the scan under way, from `at` on. */
  queue: readonly T[];
  at: number;
  /** When the next scan begins; the one under way should be over by then. */
  dueMs: number;
}

/**
 * Which block is read next on a line that takes one request at a time. Of the scans under way the
 * one that must be over first goes on (earliest deadline first), so that a slow class never delays
 * a fast one for longer than a request, and on a line that is too slow for all of them none
 * starves. A scan that is due while the one before is under way is left out and counted, never
 * stacked.
 */
export class ScanSchedule<T> {
  readonly #cycles: readonly Cycle<T>[];
  /** Asked for out of turn. */
  #extra: T[] = [];
  #overruns = 0;

  constructor(classes: readonly ScanClass<T>[], nowMs: number) {
    this.#cycles = classes.map((one) => ({ ...one, queue: [], at: 0, dueMs: nowMs }));
  }

  /** The next item, or null until {@link nextDueMs}. */
  next(nowMs: number): T | null {
    const extra = this.#extra.shift();
    if (extra !== undefined) return extra;
    let first: Cycle<T> | null = null;
    for (const cycle of this.#cycles) {
      if (cycle.at >= cycle.queue.length) this.#begin(cycle, nowMs);
      if (cycle.at >= cycle.queue.length) continue;
      if (first === null || cycle.dueMs < first.dueMs) first = cycle;
    }
    return first?.queue[first.at++] ?? null;
  }

  /** These come before all others. */
  hasten(items: readonly T[]): void {
    this.#extra.push(...items);
  }

  /** Takes items out of the scans under way; they come again with the next. */
  drop(isOut: (item: T) => boolean): void {
    this.#extra = this.#extra.filter((item) => !isOut(item));
    for (const cycle of this.#cycles) {
      cycle.queue = cycle.queue.slice(cycle.at).filter((item) => !isOut(item));
      cycle.at = 0;
    }
  }

  /** Nothing could be read for a while: all classes begin anew, and none of it is an overrun. */
  restart(nowMs: number): void {
    this.#extra = [];
    for (const cycle of this.#cycles) {
      cycle.queue = [];
      cycle.at = 0;
      cycle.dueMs = nowMs;
    }
  }

  /** When the next scan is due, ms; without any, never. */
  get nextDueMs(): number {
    return Math.min(...this.#cycles.map(({ dueMs }) => dueMs));
  }

  /** Scans left out since this was last asked. */
  takeOverruns(): number {
    const overruns = this.#overruns;
    this.#overruns = 0;
    return overruns;
  }

  #begin(cycle: Cycle<T>, nowMs: number): void {
    // After the clock was set back, `dueMs` may be hours away.
    if (cycle.dueMs - nowMs > cycle.intervalMs) cycle.dueMs = nowMs;
    if (nowMs < cycle.dueMs) return;
    const lateMs = nowMs - cycle.dueMs;
    const missed = Math.floor(lateMs / cycle.intervalMs);
    // No request takes so long: the clock was set, and nothing was left out.
    if (lateMs < CLOCK_JUMP_MS) this.#overruns += missed;
    cycle.dueMs += cycle.intervalMs * (missed + 1);
    cycle.queue = cycle.items;
    cycle.at = 0;
  }
}
