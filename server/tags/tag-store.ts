import type { LinkFrame, TagChange } from '../../plc/link/contract.ts';
import { qualityOfCode } from '../../plc/model/quality.ts';
import type { TagDefinition, TagValue } from '../../plc/model/tag.ts';
import { doubt, UNKNOWN } from '../../plc/model/tag.ts';

type TagListener = (index: number) => void;

function tagValueOf([, code, value, sourceTimeMs, receivedTimeMs]: TagChange): TagValue {
  const quality = qualityOfCode(code);
  if (quality === 'good' && value !== null) {
    return { quality, value, sourceTimeMs, receivedTimeMs };
  }
  // Good without a value is nothing to act upon.
  const doubtful = quality === 'good' ? 'bad' : quality;
  return { quality: doubtful, lastValue: value, sourceTimeMs, receivedTimeMs };
}

/**
 * The last value of every tag as the controller told it, by its index in the mill's tag table, and
 * who wants to know of it. While the controller cannot be heard nothing here is good.
 */
export class TagStore {
  readonly #tags: readonly TagDefinition[];
  readonly #indexByName: ReadonlyMap<string, number>;
  readonly #values: TagValue[];
  readonly #listeners = new Map<number, Set<TagListener>>();
  #frameTimeMs = 0;

  constructor(tags: readonly TagDefinition[]) {
    this.#tags = tags;
    this.#indexByName = new Map(tags.map((tag, index) => [tag.name, index]));
    this.#values = tags.map(() => UNKNOWN);
  }

  get tags(): readonly TagDefinition[] {
    return this.#tags;
  }

  /** The controller's time of the last frame, ms UTC; 0 before the first. */
  get frameTimeMs(): number {
    return this.#frameTimeMs;
  }

  /** The index of a tag, or null for an unknown name. */
  indexOf(name: string): number | null {
    return this.#indexByName.get(name) ?? null;
  }

  /** The value at an index; an index outside the table is an unknown value. */
  at(index: number): TagValue {
    return this.#values[index] ?? UNKNOWN;
  }

  /**
   * Takes over a frame of the link; indexes outside the table are ignored (the hash check forbids
   * them).
   */
  apply(frame: LinkFrame): void {
    this.#frameTimeMs = frame.timeMs;
    for (const change of frame.changes) {
      if (change[0] < this.#values.length) this.#set(change[0], tagValueOf(change));
    }
  }

  /** The controller is not heard any more: every value that was trusted is stale, at once. */
  loseAll(): void {
    this.#values.forEach((value, index) => {
      if (value.quality === 'good' || value.quality === 'uncertain') {
        this.#set(index, doubt(value, 'stale'));
      }
    });
  }

  /** Calls the listener after each change of one tag; returns how to stop. */
  watch(index: number, listener: TagListener): () => void {
    const listeners = this.#listeners.get(index) ?? new Set();
    this.#listeners.set(index, listeners);
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#listeners.delete(index);
    };
  }

  #set(index: number, value: TagValue): void {
    this.#values[index] = value;
    const listeners = this.#listeners.get(index);
    if (listeners === undefined) return;
    for (const listener of listeners) listener(index);
  }
}
