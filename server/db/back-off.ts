/** How long to wait before trying again: doubled with each failure up to a limit. */
export class BackOff {
  readonly #firstMs: number;
  readonly #lastMs: number;
  #failures = 0;

  constructor(firstMs: number, lastMs: number) {
    this.#firstMs = firstMs;
    this.#lastMs = lastMs;
  }

  nextMs(): number {
    const waitMs = Math.min(this.#firstMs * 2 ** this.#failures, this.#lastMs);
    this.#failures = Math.min(this.#failures + 1, 30);
    return waitMs;
  }

  reset(): void {
    this.#failures = 0;
  }
}
