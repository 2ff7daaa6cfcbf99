import type { Clock, Timer } from './clock.ts';

/** Scan period, process ms, and the shortest one in real time. */
export const PERIOD_MS = 100;
export const PERIOD_REAL_MIN_MS = 10;

/** Calls `tick` each period with how late it is, real ms. Periods that were missed are left out. */
export class ScanLoop {
  readonly #clock: Clock;
  readonly #tick: (lateMs: number) => void;
  readonly #periodMs: number;
  #timer: Timer | null = null;
  #dueMs = 0;

  constructor(clock: Clock, tick: (lateMs: number) => void) {
    this.#clock = clock;
    this.#tick = tick;
    this.#periodMs = Math.max(PERIOD_REAL_MIN_MS, PERIOD_MS / clock.speed);
  }

  start(): void {
    if (this.#timer !== null) return;
    this.#dueMs = this.#clock.realMs();
    this.#next();
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = null;
  }

  #next(): void {
    const now = this.#clock.realMs();
    this.#dueMs += this.#periodMs;
    if (this.#dueMs < now) this.#dueMs = now;
    this.#timer = this.#clock.setTimer(() => {
      const lateMs = Math.max(0, this.#clock.realMs() - this.#dueMs);
      this.#next();
      this.#tick(lateMs);
    }, this.#dueMs - now);
  }
}
