import { backOffMs, isDue } from '../back-off.ts';

/**
 * A unit counts as silent when this many requests in succession had no answer: one may be lost on
 * its way.
 */
const MISSES_UNTIL_SILENT = 2;
/** A silent unit is asked with a time-out of this many of its longest round trips ... */
const PROBE_ROUND_TRIPS = 4;
/** ... but not less than this, ms ... */
const PROBE_TIMEOUT_MIN_MS = 100;
/** ... and every so many probes with the full time-out, in case it has become slower. */
const FULL_PROBE_EVERY = 8;

/**
 * How well one unit answers, and so when and for how long it is worth asking. A silent unit is
 * asked seldom and with little patience, because while it is waited for the others behind the same
 * socket wait too.
 */
export class UnitLink {
  readonly unitId: number;
  readonly #timeoutMs: number;
  readonly #random: () => number;
  #misses = 0;
  #nextProbeMs = 0;
  #longestRoundTripMs: number | null = null;

  constructor(unitId: number, timeoutMs: number, random: () => number) {
    this.unitId = unitId;
    this.#timeoutMs = timeoutMs;
    this.#random = random;
  }

  get silent(): boolean {
    return this.#misses >= MISSES_UNTIL_SILENT;
  }

  /** Whether it should be asked now. */
  isDue(nowMs: number): boolean {
    return !this.silent || isDue(this.#nextProbeMs, nowMs);
  }

  /** How long to wait for its next answer, ms. */
  get patienceMs(): number {
    const probes = this.#misses - MISSES_UNTIL_SILENT;
    if (this.#longestRoundTripMs === null || probes < 0) return this.#timeoutMs;
    if (probes % FULL_PROBE_EVERY === FULL_PROBE_EVERY - 1) return this.#timeoutMs;
    const patienceMs = PROBE_ROUND_TRIPS * this.#longestRoundTripMs;
    return Math.min(this.#timeoutMs, Math.max(PROBE_TIMEOUT_MIN_MS, patienceMs));
  }

  answered(roundTripMs: number): void {
    this.#misses = 0;
    this.#longestRoundTripMs = Math.max(this.#longestRoundTripMs ?? 0, roundTripMs);
  }

  missed(nowMs: number): void {
    this.#misses++;
    const failures = this.#misses - MISSES_UNTIL_SILENT + 1;
    if (this.silent) this.#nextProbeMs = nowMs + backOffMs(failures, this.#random);
  }

  /** The way to it is lost: silent at once, and asked as soon as there is a way again. */
  cutOff(): void {
    this.#misses = MISSES_UNTIL_SILENT;
    this.#nextProbeMs = 0;
    this.#longestRoundTripMs = null;
  }
}
