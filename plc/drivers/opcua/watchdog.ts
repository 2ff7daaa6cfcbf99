import type { DriverClock, DriverTimer } from '../driver.ts';
import type { Subscription } from './publish-loop.ts';

/** This many keep-alives in a row may be missing ... */
const KEEP_ALIVES_UNTIL_LOST = 3;
/** ... but the silence is not borne longer than this, ms, for the tags go stale. */
const SILENCE_MAX_MS = 4_000;
/** The silence is looked at this often until it is too long. */
const LOOKS = 4;

/**
 * Tells when nothing was heard of a subscription for too long. It counts looks instead of comparing
 * times, so that a set clock neither loses nor hides a silence.
 */
export class Watchdog {
  readonly #clock: DriverClock;
  readonly #onSilence: (reason: string) => void;
  readonly #limitMs: number;
  #looks = 0;
  #timer: DriverTimer | null = null;

  constructor(
    clock: DriverClock,
    { publishingIntervalMs, keepAliveCount }: Subscription,
    onSilence: (reason: string) => void,
  ) {
    this.#clock = clock;
    this.#onSilence = onSilence;
    const keepAliveMs = publishingIntervalMs * keepAliveCount;
    const wantedMs = keepAliveMs * KEEP_ALIVES_UNTIL_LOST;
    // A server that insists on slower keep-alives must still be able to deliver one in time.
    this.#limitMs = Math.max(Math.min(wantedMs, SILENCE_MAX_MS), 1.5 * keepAliveMs);
  }

  start(): void {
    this.#timer = this.#clock.setTimer(() => {
      this.#looks += 1;
      if (this.#looks < LOOKS) this.start();
      else this.#onSilence(`nothing was heard for ${Math.round(this.#limitMs)} ms`);
    }, this.#limitMs / LOOKS);
  }

  heard(): void {
    this.#looks = 0;
  }

  stop(): void {
    this.#timer?.cancel();
  }
}
