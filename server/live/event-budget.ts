/** A bucket that fills with time: so many events at once, and so many a second for long. */
export class EventBudget {
  readonly #perS: number;
  readonly #atOnce: number;
  #left: number;
  #filledMs: number;

  constructor(perS: number, atOnce: number, nowMs: number) {
    this.#perS = perS;
    this.#atOnce = atOnce;
    this.#left = atOnce;
    this.#filledMs = nowMs;
  }

  /** Takes one; false when there is none. */
  take(nowMs: number): boolean {
    const filled = this.#left + ((nowMs - this.#filledMs) / 1000) * this.#perS;
    this.#left = Math.min(this.#atOnce, filled);
    this.#filledMs = nowMs;
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}
