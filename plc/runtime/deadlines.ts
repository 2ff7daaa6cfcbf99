interface Deadline<T> {
  readonly atMs: number;
  readonly what: T;
}

/**
 * What is due when, as a binary heap: to add and to take cost as the logarithm of what waits, and
 * to see that nothing is due costs nothing. Bounded by who adds.
 */
export class Deadlines<T> {
  readonly #heap: Deadline<T>[] = [];

  /** Adds a deadline; one at Infinity never comes and is not kept. */
  push(atMs: number, what: T): void {
    if (atMs === Number.POSITIVE_INFINITY) return;
    const heap = this.#heap;
    const added = { atMs, what };
    let place = heap.push(added) - 1;
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = heap[above];
      if (parent === undefined || parent.atMs <= atMs) break;
      heap[place] = parent;
      place = above;
    }
    heap[place] = added;
  }

  /** Takes the earliest deadline that has come by `nowMs`, or null while there is none. */
  take(nowMs: number): Deadline<T> | null {
    const first = this.#heap[0];
    if (first === undefined || first.atMs > nowMs) return null;
    const last = this.#heap.pop();
    if (last !== undefined && this.#heap.length > 0) this.#sink(last);
    return first;
  }

  /** Puts one at the top and lets it down to its place. */
  #sink(one: Deadline<T>): void {
    const heap = this.#heap;
    let place = 0;
    for (;;) {
      const left = 2 * place + 1;
      const a = heap[left];
      const b = heap[left + 1];
      const below = b !== undefined && a !== undefined && b.atMs < a.atMs ? left + 1 : left;
      const child = heap[below];
      if (child === undefined || child.atMs >= one.atMs) break;
      heap[place] = child;
      place = below;
    }
    heap[place] = one;
  }
}
