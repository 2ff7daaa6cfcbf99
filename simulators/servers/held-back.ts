import type { Chance } from '../process/chance.ts';
import { shareOfName, uniform } from '../process/chance.ts';

/** More is not held back: the oldest is let go early, and counted. */
const HELD_MAX = 5_000;

interface Held {
  readonly dueMs: number;
  readonly release: () => void;
}

/**
 * What a slow or failing device has not sent yet. Time is given to it; what is due is let go in the
 * order in which it is due.
 */
export class HeldBack {
  private held: Held[] = [];
  private readonly chance: Chance;
  private nowMs = 0;
  private lastInOrderMs = 0;
  /** How many were let go early because there were too many. */
  overflows = 0;

  /** @param name of the device: the same one has the same jitter in every replay. */
  constructor(name: string) {
    this.chance = { seed: Math.floor(shareOfName(name) * 4_294_967_295) | 0 };
  }

  /** Lets go after `delayMs` +- `jitterMs`, whatever else waits. */
  hold(release: () => void, delayMs: number, jitterMs = 0): void {
    const swing = jitterMs === 0 ? 0 : jitterMs * (2 * uniform(this.chance) - 1);
    this.insert({ dueMs: this.nowMs + Math.max(0, delayMs + swing), release });
  }

  /** As `hold`, but never before what was held in order earlier. */
  holdInOrder(release: () => void, delayMs: number, jitterMs: number): void {
    const swing = jitterMs === 0 ? 0 : jitterMs * (2 * uniform(this.chance) - 1);
    const dueMs = Math.max(this.lastInOrderMs, this.nowMs + Math.max(0, delayMs + swing));
    this.lastInOrderMs = dueMs;
    this.insert({ dueMs, release });
  }

  get size(): number {
    return this.held.length;
  }

  /** Time passes: lets go what is due. */
  pass(nowMs: number): void {
    this.nowMs = nowMs;
    while (this.held[0] !== undefined && this.held[0].dueMs <= nowMs) this.held.shift()?.release();
  }

  clear(): void {
    this.held = [];
  }

  private insert(one: Held): void {
    if (this.held.length >= HELD_MAX) {
      this.overflows += 1;
      this.held.shift()?.release();
    }
    const after = this.held.findLastIndex(({ dueMs }) => dueMs <= one.dueMs);
    this.held.splice(after + 1, 0, one);
  }
}
