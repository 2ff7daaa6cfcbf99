/** How often a count may be seen at most for its window to stay short, ms. */
const SEEN_EVERY_MS = 900;
/** A figure that moved by less than this share of itself is the same to a reader. */
const SAME_SHARE = 0.1;

/**
 * A count that only rises, looked at about once a second: how much it rose within its window.
 * Bounded by the window. Times are real ms.
 */
export class RecentCount {
  readonly #overMs: number;
  #seen: { readonly atMs: number; readonly count: number }[] = [];

  constructor(overMs: number) {
    this.#overMs = overMs;
  }

  see(count: number, atMs: number): void {
    const last = this.#seen.at(-1);
    // A driver that was started anew counts from zero.
    if (last !== undefined && count < last.count) this.#seen = [];
    else if (last !== undefined && atMs - last.atMs < SEEN_EVERY_MS && this.#seen.length > 1) {
      this.#seen.pop();
    }
    this.#seen.push({ atMs, count });
    while (this.#seen.length > 2 && atMs - (this.#seen[0]?.atMs ?? atMs) > this.#overMs) {
      this.#seen.shift();
    }
  }

  /** Begins anew: what was counted so far is of another time. */
  forget(): void {
    this.#seen = [];
  }

  /** How much it rose within the window. */
  more(): number {
    return (this.#seen.at(-1)?.count ?? 0) - (this.#seen[0]?.count ?? 0);
  }

  /** The mean rise per second within the window, to one decimal; null before the second look. */
  perSecond(): number | null {
    const spanMs = (this.#seen.at(-1)?.atMs ?? 0) - (this.#seen[0]?.atMs ?? 0);
    return spanMs <= 0 ? null : Math.round((this.more() / spanMs) * 10_000) / 10;
  }
}

/**
 * The figure to show: the one before, unless the new one differs by a tenth and by `least`. So a
 * display stands still while a link goes on as it did.
 */
export function steady(
  before: number | null | undefined,
  now: number | null,
  least: number,
): number | null {
  if (now === null || before === null || before === undefined) return now;
  const step = Math.max(least, Math.abs(before) * SAME_SHARE);
  return Math.abs(now - before) < step ? before : now;
}
