/** A timer that has not fired yet. */
export interface Timer {
  cancel(): void;
}

/**
 * The only reader of time. Three times, kept apart:
 * - `nowMs`: process time, ms from the start of the clock; only rises; runs `speed` times real
 *   time. Deadlines and durations of the process are made from it.
 * - `utcMs`: the time of day, whole ms since 1970; for records and people; may jump when the host
 *   is set.
 * - `realMs`: real time, ms, only rises; for communication: time-outs, staleness, heartbeat, link.
 */
export interface Clock {
  readonly speed: number;
  nowMs(): number;
  utcMs(): number;
  realMs(): number;
  /** Calls back once after `delayMs` of real time. */
  setTimer(callback: () => void, delayMs: number): Timer;
}

/** The clock of a running controller; `speed` is above 1 only against a simulator (SIM_SPEED). */
export function realClock(speed = 1): Clock {
  const startMs = performance.now();
  return {
    speed,
    nowMs: () => (performance.now() - startMs) * speed,
    utcMs: () => Date.now(),
    realMs: () => performance.now(),
    setTimer: (callback, delayMs) => {
      const timer = setTimeout(callback, delayMs);
      return { cancel: () => clearTimeout(timer) };
    },
  };
}

interface WaitingTimer {
  readonly dueMs: number;
  readonly callback: () => void;
}

/**
 * A clock that stands still until `advance` moves it: all three times run together from
 * `startUtcMs`.
 */
export class VirtualClock implements Clock {
  readonly speed = 1;
  readonly #startUtcMs: number;
  #elapsedMs = 0;
  #timers: WaitingTimer[] = [];

  constructor(startUtcMs: number) {
    this.#startUtcMs = startUtcMs;
  }

  nowMs(): number {
    return this.#elapsedMs;
  }

  utcMs(): number {
    return this.#startUtcMs + Math.round(this.#elapsedMs);
  }

  realMs(): number {
    return this.#elapsedMs;
  }

  setTimer(callback: () => void, delayMs: number): Timer {
    const timer = { dueMs: this.#elapsedMs + Math.max(0, delayMs), callback };
    this.#timers.push(timer);
    return {
      cancel: () => {
        this.#timers = this.#timers.filter((one) => one !== timer);
      },
    };
  }

  /** Moves time on by `byMs`, firing due timers in order of their due time. */
  advance(byMs: number): void {
    const endMs = this.#elapsedMs + byMs;
    for (let next = this.#nextUntil(endMs); next !== null; next = this.#nextUntil(endMs)) {
      const due = next;
      this.#timers = this.#timers.filter((one) => one !== due);
      this.#elapsedMs = Math.max(this.#elapsedMs, due.dueMs);
      due.callback();
    }
    this.#elapsedMs = endMs;
  }

  #nextUntil(endMs: number): WaitingTimer | null {
    let first: WaitingTimer | null = null;
    for (const timer of this.#timers) {
      if (timer.dueMs <= endMs && (first === null || timer.dueMs < first.dueMs)) first = timer;
    }
    return first;
  }
}
