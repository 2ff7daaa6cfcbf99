/**
 * Goal: history compared with what the field really showed, both ways: whatever it showed for long
 * enough is stored, or lies in a time that history itself calls unknown; whatever is stored was
 * shown.
 */

import type { TagDefinition } from '../../../plc/model/tag.ts';
import type { PoolHandle } from '../../../server/db/pool-handle.ts';
import type { Shown, ShownRange, Truth } from './truth.ts';

/** A sample of the database; quality 0 is good. */
interface Sample {
  readonly ms: number;
  readonly value: number | null;
  readonly quality: number;
}

/** A time in which history says one thing of a tag: a value, or null that it does not know. */
interface Said {
  readonly fromMs: number;
  readonly toMs: number;
  readonly value: number | null;
}

export interface SampleCount {
  readonly tags: number;
  /** Samples in the database that were compared with what the field showed. */
  stored: number;
  /** Values that the field showed for so long that they must be stored. */
  demanded: number;
  /** Those of them that fell into a time which history itself calls unknown. */
  inGap: number;
  /** Seconds of measurements that were compared. */
  seconds: number;
  /** Seconds of measurements stored by lines that a killed controller still held back. */
  heldBackS: number;
  /** Time that history calls unknown, of all tags together, s. */
  unknownS: number;
  readonly faults: string[];
}

/** From the field to a stored sample, ms: publishing, a late scan of a busy machine. */
const SLACK_MS = 2_500;
const CLOCK_MS = 250;
const RANGE_MS = 1_000;
const FAULTS_MAX = 20;

const iso = (ms: number) => new Date(ms).toISOString();
const latencyOf = (tag: TagDefinition) => SLACK_MS + 2 * tag.scanMs;

function toleranceOf({ deadband, fieldDeadband, address, lineBound }: TagDefinition): number {
  const step = address?.kind === 'modbus' ? Math.abs(address.scale) : 0;
  return deadband + fieldDeadband + (lineBound ?? 0) + step + 1e-3;
}

function saidOf(samples: readonly Sample[], toMs: number): Said[] {
  return samples.map(({ ms, value, quality }, at) => ({
    fromMs: ms,
    toMs: samples[at + 1]?.ms ?? toMs,
    value: quality === 0 ? value : null,
  }));
}

/** Index of the last element that begins at or before a time; -1 if none does. */
function lastAt<T>(list: readonly T[], ms: number, of: (one: T) => number): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (of(list[middle] as T) <= ms) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function between(said: readonly Said[], fromMs: number, toMs: number): Said[] {
  const found: Said[] = [];
  for (
    let at = Math.max(
      0,
      lastAt(said, fromMs, (one) => one.fromMs),
    );
    at < said.length;
    at++
  ) {
    const one = said[at];
    if (one === undefined || one.fromMs > toMs) break;
    if (one.toMs >= fromMs) found.push(one);
  }
  return found;
}

class TagCount {
  readonly #tag: TagDefinition;
  readonly #said: readonly Said[];
  readonly #count: SampleCount;
  readonly #endMs: number;
  readonly #tolerance: number;

  constructor(tag: TagDefinition, samples: readonly Sample[], count: SampleCount, endMs: number) {
    this.#tag = tag;
    this.#said = saidOf(samples, endMs);
    this.#count = count;
    this.#endMs = endMs;
    this.#tolerance = toleranceOf(tag);
    for (const { fromMs, toMs, value } of this.#said) {
      if (value === null) count.unknownS += Math.max(0, toMs - fromMs) / 1000;
    }
  }

  /** Every value that stood for long enough is there. */
  demandShown(shown: readonly Shown[]): void {
    const latencyMs = latencyOf(this.#tag);
    shown.forEach(({ fromMs, value }, place) => {
      const toMs = Math.min(shown[place + 1]?.fromMs ?? this.#endMs, this.#endMs);
      if (toMs - fromMs < latencyMs) return;
      this.#count.demanded += 1;
      const during = between(this.#said, fromMs, toMs + CLOCK_MS);
      if (during.some((one) => one.value !== null && this.#same(one.value, value))) return;
      const gap = during.findLast((one) => one.value === null);
      // History says that it knew nothing here, to the end of that value or nearly so.
      if (gap !== undefined && gap.toMs > toMs - latencyMs) this.#count.inGap += 1;
      else this.#fault(`lost ${value}, shown at ${iso(fromMs)} for ${toMs - fromMs} ms`);
    });
  }

  /** Every stored value was shown. */
  proveShown(samples: readonly Sample[], shown: readonly Shown[]): void {
    const latencyMs = latencyOf(this.#tag);
    for (const { ms, value, quality } of samples) {
      if (quality !== 0 || value === null || ms > this.#endMs) continue;
      this.#count.stored += 1;
      const first = Math.max(
        0,
        lastAt(shown, ms - latencyMs, (one) => one.fromMs),
      );
      const last = lastAt(shown, ms + CLOCK_MS, (one) => one.fromMs);
      const was = shown.slice(first, last + 1).some((one) => this.#same(one.value, value));
      if (!was) this.#fault(`stored ${value} at ${iso(ms)}, never shown`);
    }
  }

  /** At the end of each second history is what was measured within the latency, and its bound. */
  compareRanges(ranges: readonly ShownRange[]): void {
    const latencyMs = latencyOf(this.#tag);
    for (const { toMs } of ranges) {
      if (toMs > this.#endMs) break;
      const during = between(this.#said, toMs - latencyMs, toMs);
      const now = during.at(-1);
      if (now === undefined || during.some((one) => one.value === null)) continue;
      const value = this.#valueAt(now, toMs);
      if (value === null) {
        this.#count.heldBackS += 1;
        continue;
      }
      this.#count.seconds += 1;
      this.#within(ranges, toMs, value, 'is');
    }
  }

  proveRanges(samples: readonly Sample[], ranges: readonly ShownRange[]): void {
    for (const { ms, value, quality } of samples) {
      if (quality !== 0 || value === null || ms > this.#endMs) continue;
      this.#count.stored += 1;
      this.#within(ranges, ms, value, 'stored');
    }
  }

  /**
   * What history says at a time: the value that held, or of a tag stored by lines the line to the
   * next sample; null where that line was not ended, because the controller was killed before.
   */
  #valueAt(now: Said, ms: number): number | null {
    if (this.#tag.lineBound === undefined || now.value === null) return now.value;
    const next = this.#said[this.#said.indexOf(now) + 1];
    if (next === undefined || next.value === null) return null;
    const share = (ms - now.fromMs) / (next.fromMs - now.fromMs);
    return now.value + share * (next.value - now.value);
  }

  #within(ranges: readonly ShownRange[], ms: number, value: number, what: string): void {
    const latencyMs = latencyOf(this.#tag);
    const first = Math.max(
      0,
      lastAt(ranges, ms - latencyMs - RANGE_MS, (one) => one.toMs),
    );
    const last = lastAt(ranges, ms + CLOCK_MS + RANGE_MS, (one) => one.toMs);
    const near = ranges.slice(first, Math.max(first, last) + 1);
    const low = Math.min(...near.map(({ min }) => min)) - this.#tolerance;
    const high = Math.max(...near.map(({ max }) => max)) + this.#tolerance;
    if (value >= low && value <= high) return;
    this.#fault(`${what} ${value} at ${iso(ms)}, measured ${low} to ${high}`);
  }

  #same(one: number, other: number): boolean {
    return Math.abs(one - other) <= this.#tolerance;
  }

  #fault(text: string): void {
    if (this.#count.faults.length < FAULTS_MAX) {
      this.#count.faults.push(`${this.#tag.name}: ${text}`);
    }
  }
}

/** Compares all inputs of the mill from the journal's beginning to `endMs`. */
export async function recountSamples(
  client: PoolHandle,
  tags: readonly TagDefinition[],
  truth: Truth,
  endMs: number,
): Promise<SampleCount> {
  const inputs = tags.filter(({ direction, dataType }) => {
    return direction === 'input' && dataType !== 'string';
  });
  const count: SampleCount = {
    tags: inputs.length,
    ...{ stored: 0, demanded: 0, inGap: 0, seconds: 0, heldBackS: 0, unknownS: 0 },
    faults: [],
  };
  for (const tag of inputs) {
    const { rows } = await client.query<Sample>(
      `select time::float8 as ms, value, s.quality
       from sample s join tag using (tag_id) where name = $1 order by time`,
      [tag.name],
    );
    const one = new TagCount(tag, rows, count, endMs);
    // What was measured before the journal began cannot be compared.
    const compared = rows.filter(({ ms }) => ms >= truth.fromMs);
    const [shown, ranges] = [truth.discrete.get(tag.name), truth.analog.get(tag.name)];
    if (shown !== undefined) {
      // What was shown before the controller's first look cannot have been seen by it.
      const firstMs = rows.find(({ quality }) => quality === 0)?.ms ?? endMs;
      one.demandShown(shown.filter((_, at) => (shown[at + 1]?.fromMs ?? endMs) > firstMs));
      one.proveShown(compared, shown);
    } else if (ranges !== undefined) {
      one.compareRanges(ranges);
      one.proveRanges(compared, ranges);
    }
  }
  return count;
}
