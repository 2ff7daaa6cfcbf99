import type { FieldSample } from '../drivers/driver.ts';
import { doubt, good, lastValueOf, type TagScalar, type TagValue, UNKNOWN } from '../model/tag.ts';
import type { TagIndex } from './tag-index.ts';

/** Ages are judged in steps of this, real ms: with the default age of 4 s stale within 5 s. */
const AGE_STEP_MS = 200;
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
  /** Numbers of the tags of a frozen list that a driver confirms again and again. */
  readonly #confirmed = new WeakMap<readonly string[], Int32Array>();
  /** Tags whose age must be judged, by the step in which it may have become too great. */
  readonly #dueByStep = new Map<number, number[]>();
  /** The tags that stand in it: each once. */
  readonly #waits: Uint8Array;
  #judgedStep: number | null = null;
  #stale = 0;
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
    this.#waits = new Uint8Array(index.tags.length);
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
    for (const index of this.#numbersOf(tags)) {
      this.#seenMs[index] = seenMs;
      if (this.#stale === 0) continue;
      const delivered = this.#delivered[index];
      if (this.#values[index]?.quality === 'stale' && delivered !== undefined) {
        this.#arrived.set(index, delivered);
      }
    }
  }

  /**
   * Begins a scan: takes over what arrived and is not too old already, and judges the ages that
   * may have become too great.
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
    this.#judgeAges(realMs, changed);
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
    if (address === null || !isTrusted(value)) return value;
    return realMs - (this.#seenMs[index] ?? 0) > maxAgeMs ? doubt(value, 'stale') : value;
  }

  #set(index: number, value: TagValue): boolean {
    const before = this.value(index);
    const changed = !same(before, value);
    if (before.quality === 'stale') this.#stale -= 1;
    if (value.quality === 'stale') this.#stale += 1;
    this.#values[index] = value;
    if (isTrusted(value)) this.#await(index);
    return changed;
  }

  /** A frozen list cannot change: looked up once. */
  #numbersOf(tags: readonly string[]): Int32Array {
    const known = this.#confirmed.get(tags);
    if (known !== undefined) return known;
    const found = tags.map((name) => this.#index.find(name)).filter((one) => one !== undefined);
    const numbers = Int32Array.from(found);
    if (Object.isFrozen(tags)) this.#confirmed.set(tags, numbers);
    return numbers;
  }

  /** Has a field tag's age judged as soon as it can be too great; it stands there once. */
  #await(index: number): void {
    if (this.#waits[index] === 1) return;
    const { address, maxAgeMs } = this.#index.tag(index);
    if (address === null) return;
    this.#waits[index] = 1;
    const dueMs = (this.#seenMs[index] ?? 0) + maxAgeMs;
    const step = Math.max(stepOf(dueMs) + 1, (this.#judgedStep ?? 0) + 1);
    const due = this.#dueByStep.get(step);
    if (due === undefined) this.#dueByStep.set(step, [index]);
    else due.push(index);
  }

  #judgeAges(realMs: number, changed: Set<number>): void {
    const now = stepOf(realMs);
    const from = this.#judgedStep ?? now - 1;
    this.#judgedStep = now;
    // After a long stand-still the steps are more than the tags: then those that there are.
    const steps =
      now - from > this.#dueByStep.size
        ? [...this.#dueByStep.keys()].filter((step) => step <= now).sort((a, b) => a - b)
        : Array.from({ length: now - from }, (_, place) => from + 1 + place);
    for (const step of steps) {
      const due = this.#dueByStep.get(step);
      if (due === undefined) continue;
      this.#dueByStep.delete(step);
      for (const index of due) this.#judge(index, realMs, changed);
    }
  }

  /** Its turn has come: too old, or awaited again from when it was last confirmed. */
  #judge(index: number, realMs: number, changed: Set<number>): void {
    this.#waits[index] = 0;
    if (this.#set(index, this.#aged(index, this.value(index), realMs))) changed.add(index);
  }
}

function stepOf(realMs: number): number {
  return Math.floor(realMs / AGE_STEP_MS);
}

function isTrusted(value: TagValue): boolean {
  return value.quality === 'good' || value.quality === 'uncertain';
}
