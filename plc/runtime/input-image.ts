import type { FieldSample } from '../drivers/driver.ts';
import { doubt, good, lastValueOf, type TagScalar, type TagValue, UNKNOWN } from '../model/tag.ts';
import type { TagIndex } from './tag-index.ts';

/** How often ages are judged, real ms. With the default age of 4 s a tag is stale within 5 s. */
const AGE_CHECK_MS = 200;
/**
 * Scans further apart than the usual maximum age mean that the controller itself stood still for
 * too long, real ms ...
 */
const STOOD_STILL_MS = 4_000;
/** ... and that what it hears for so long afterwards may still come from a buffer, real ms. */
const CATCH_UP_MS = 1_000;

/** Same quality and value; times do not count. */
function same(a: TagValue, b: TagValue): boolean {
  return a.quality === b.quality && Object.is(lastValueOf(a), lastValueOf(b));
}

/**
 * All tag values as the controller knows them. What drivers deliver waits until `freeze`, so that
 * nothing changes within a scan; what machines publish is seen from the next round on. A field tag
 * that nothing confirmed for longer than its maximum age turns stale by itself. Times here are real
 * ms. Bounded by the tag table: a newer value of a tag replaces an older one that was not frozen
 * yet.
 */
export class InputImage {
  readonly #index: TagIndex;
  readonly #values: TagValue[];
  /** The last value as delivered; comes back when a stale tag is confirmed. */
  readonly #delivered: TagValue[];
  readonly #seenMs: Float64Array;
  #arrived = new Map<number, TagValue>();
  #ageCheckedMs = Number.NEGATIVE_INFINITY;
  /** Time of the last scan; null before the first. */
  #frozenMs: number | null = null;
  /** The last time that the controller stood still. */
  #stoodStill: { readonly sinceMs: number; readonly caughtUpMs: number } | null = null;
  #unknownTags = 0;

  constructor(index: TagIndex) {
    this.#index = index;
    this.#values = index.tags.map(() => UNKNOWN);
    this.#delivered = index.tags.map(() => UNKNOWN);
    this.#seenMs = new Float64Array(index.tags.length);
  }

  /** Samples for tags that the mill does not have, since the start; a fault of a driver. */
  get unknownTags(): number {
    return this.#unknownTags;
  }

  value(index: number): TagValue {
    return this.#values[index] ?? UNKNOWN;
  }

  /** Takes values from the field; they are seen by the next scan. */
  deliver(samples: readonly FieldSample[], realMs: number): void {
    const seenMs = this.#knownSince(realMs);
    for (const { tag, value } of samples) {
      const index = this.#index.find(tag);
      if (index === undefined) {
        this.#unknownTags += 1;
        continue;
      }
      this.#seenMs[index] = seenMs;
      this.#delivered[index] = value;
      this.#arrived.set(index, value);
    }
  }

  /** These tags were seen alive now with the values they have. */
  confirm(tags: readonly string[], realMs: number): void {
    const seenMs = this.#knownSince(realMs);
    for (const name of tags) {
      const index = this.#index.find(name);
      if (index === undefined) continue;
      this.#seenMs[index] = seenMs;
      const delivered = this.#delivered[index];
      if (this.#values[index]?.quality === 'stale' && delivered !== undefined) {
        this.#arrived.set(index, delivered);
      }
    }
  }

  /**
   * Begins a scan: takes over what arrived and is not too old already, judges all ages each 200 ms.
   * @returns numbers of the tags whose value or quality changed.
   */
  freeze(realMs: number): Set<number> {
    const sinceMs = this.#frozenMs ?? realMs;
    if (realMs - sinceMs > STOOD_STILL_MS) {
      this.#stoodStill = { sinceMs, caughtUpMs: realMs + CATCH_UP_MS };
    }
    this.#frozenMs = realMs;
    const changed = new Set<number>();
    if (this.#arrived.size > 0) {
      const arrived = this.#arrived;
      this.#arrived = new Map();
      for (const [index, value] of arrived) {
        if (this.#set(index, this.#aged(index, value, realMs))) changed.add(index);
      }
    }
    if (realMs - this.#ageCheckedMs >= AGE_CHECK_MS) this.#judgeAges(realMs, changed);
    return changed;
  }

  /** Sets a tag that the controller computes. @returns whether it changed. */
  publish(index: number, value: TagScalar, utcMs: number): boolean {
    return this.#set(index, good(value, utcMs));
  }

  /**
   * A computed tag that cannot be computed now: its sources are not good, or its machine failed.
   * @returns whether it changed.
   */
  abandon(index: number): boolean {
    return this.#set(index, doubt(this.value(index), 'bad'));
  }

  /**
   * When that was true at the earliest which is heard of now. After the controller itself stood
   * still, what it hears first has waited in a buffer, nobody knows for how long: at most since the
   * scan before.
   */
  #knownSince(realMs: number): number {
    const scannedMs = this.#frozenMs ?? realMs;
    if (realMs - scannedMs > STOOD_STILL_MS) return scannedMs;
    const still = this.#stoodStill;
    return still !== null && realMs < still.caughtUpMs ? still.sinceMs : realMs;
  }

  /** The value, stale if nothing confirmed it for longer than its maximum age. */
  #aged(index: number, value: TagValue, realMs: number): TagValue {
    const { address, maxAgeMs } = this.#index.tag(index);
    const isTrusted = value.quality === 'good' || value.quality === 'uncertain';
    if (address === null || !isTrusted) return value;
    return realMs - (this.#seenMs[index] ?? 0) > maxAgeMs ? doubt(value, 'stale') : value;
  }

  #set(index: number, value: TagValue): boolean {
    const changed = !same(this.value(index), value);
    this.#values[index] = value;
    return changed;
  }

  #judgeAges(realMs: number, changed: Set<number>): void {
    this.#ageCheckedMs = realMs;
    for (let index = 0; index < this.#values.length; index += 1) {
      if (this.#set(index, this.#aged(index, this.value(index), realMs))) changed.add(index);
    }
  }
}
