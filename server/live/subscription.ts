import { qualityCode } from '../../plc/model/quality.ts';
import { lastValueOf } from '../../plc/model/tag.ts';
import type { LiveChange } from '../contract/live-frame.ts';
import { encodeLiveFrame } from '../contract/live-frame.ts';
import type { TagStore } from '../tags/tag-store.ts';

/**
 * The tags that one screen shows. Changes mark their tag; a frame carries the last value of each
 * marked one. So what waits is never more than the subscription, however slow the screen is.
 */
export class Subscription {
  readonly #store: TagStore;
  readonly #indexes: readonly number[];
  readonly #marked = new Set<number>();
  readonly #stops: (() => void)[] = [];
  readonly unknownTags: readonly string[];
  #sequence = 0;

  /**
   * A name twice is one tag twice: each position gets its values. Unknown names stay bad for ever.
   */
  constructor(store: TagStore, names: readonly string[]) {
    this.#store = store;
    this.#indexes = names.map((name) => store.indexOf(name) ?? -1);
    this.unknownTags = names.filter((_, at) => this.#indexes[at] === -1);
  }

  start(): void {
    if (this.#stops.length > 0) return;
    this.#indexes.forEach((index, position) => {
      if (index >= 0) {
        this.#stops.push(this.#store.watch(index, () => this.#marked.add(position)));
      }
    });
  }

  stop(): void {
    for (const stop of this.#stops.splice(0)) stop();
    this.#marked.clear();
  }

  /** Every tag; what was marked is in it. */
  snapshot(): Uint8Array {
    this.#marked.clear();
    return this.#encode(this.#indexes.keys());
  }

  /** What changed since the last frame, or null. */
  nextFrame(): Uint8Array | null {
    if (this.#marked.size === 0) return null;
    const frame = this.#encode(this.#marked);
    this.#marked.clear();
    return frame;
  }

  #encode(positions: Iterable<number>): Uint8Array {
    this.#sequence += 1;
    return encodeLiveFrame({
      sequence: this.#sequence,
      timeMs: this.#store.frameTimeMs,
      changes: Array.from(positions, (position) => this.#change(position)),
    });
  }

  #change(position: number): LiveChange {
    const value = this.#store.at(this.#indexes[position] ?? -1);
    return {
      tag: position,
      quality: qualityCode(value.quality),
      value: lastValueOf(value),
      sourceTimeMs: value.sourceTimeMs,
      receivedTimeMs: value.receivedTimeMs,
    };
  }
}
