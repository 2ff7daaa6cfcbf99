import type { Gap } from './backfill.ts';
import type { Subscription } from './publish-loop.ts';
import type { ServerIdentity } from './server-watch.ts';

/** A subscription that a lost session left at the server. */
export interface LeftSubscription {
  readonly subscription: Subscription;
  readonly lastSequence: number | null;
  /** Tags that it does not monitor, and why. */
  readonly refused: ReadonlyMap<string, string>;
}

/** Gaps that wait to be filled; of more than these the oldest are given up. */
const GAPS_MAX = 10;

/** What one session of a driver leaves to the next. */
export class Handover {
  /** The server as it was met last. */
  server: ServerIdentity | null = null;
  left: LeftSubscription | null = null;
  /** When the field was last heard, ms UTC. */
  heardMs: number | null = null;
  /** Nodes of another type than their tag's were told to the log. */
  toldMisfits = false;
  readonly gaps: Gap[] = [];

  /** The field is heard again: what was missed since waits to be read from the server's history. */
  closeGap(nowMs: number): void {
    if (this.heardMs !== null && nowMs > this.heardMs) {
      this.gaps.push({ fromMs: this.heardMs, toMs: nowMs, filled: new Set() });
    }
    if (this.gaps.length > GAPS_MAX) this.gaps.shift();
  }

  /** All that could be had of a gap was had. */
  filled(gap: Gap): void {
    const at = this.gaps.indexOf(gap);
    if (at >= 0) this.gaps.splice(at, 1);
  }
}
