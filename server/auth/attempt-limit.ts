/** Failures within a time window, per key. */
interface Window {
  failures: number;
  readonly endsMs: number;
}

const KEYS_MAX = 10_000;

/**
 * Counts failed sign-ins per key (a name at an address, or an address) in a window; a success
 * clears its key. At most 10,000 keys are kept: the oldest window is forgotten first.
 */
export class AttemptLimit {
  readonly #windowMs: number;
  readonly #failuresMax: number;
  readonly #windows = new Map<string, Window>();

  constructor(failuresMax: number, windowMs: number) {
    this.#failuresMax = failuresMax;
    this.#windowMs = windowMs;
  }

  /** Seconds until another attempt is heard, 0 for now. */
  waitS(key: string): number {
    const window = this.#windows.get(key);
    if (window === undefined || window.failures < this.#failuresMax) return 0;
    return Math.max(0, Math.ceil((window.endsMs - Date.now()) / 1000));
  }

  fail(key: string): void {
    const nowMs = Date.now();
    const window = this.#windows.get(key);
    if (window !== undefined && window.endsMs > nowMs) {
      window.failures += 1;
      return;
    }
    this.#windows.delete(key);
    if (this.#windows.size >= KEYS_MAX) {
      const oldest = this.#windows.keys().next().value;
      if (oldest !== undefined) this.#windows.delete(oldest);
    }
    this.#windows.set(key, { failures: 1, endsMs: nowMs + this.#windowMs });
  }

  succeed(key: string): void {
    this.#windows.delete(key);
  }
}
