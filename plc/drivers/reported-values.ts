import type { TagValue } from '../model/tag.ts';
import { doubt, lastValueOf, UNKNOWN } from '../model/tag.ts';
import type { DriverSink, FieldSample } from './driver.ts';

/**
 * What a driver has told its sink about each tag. A change is told once, a repetition only
 * confirmed, and a loss is told for exactly the tags that were not bad before. Bounded by the
 * number of tags.
 */
export class ReportedValues {
  readonly #sink: DriverSink;
  readonly #last = new Map<string, TagValue>();

  constructor(sink: DriverSink) {
    this.#sink = sink;
  }

  /** Tells every sample, changed or not. */
  tell(samples: readonly FieldSample[]): void {
    if (samples.length === 0) return;
    for (const { tag, value } of samples) this.#last.set(tag, value);
    this.#sink.samples(samples);
  }

  /** Tells the samples whose value or quality changed; confirms the others at `timeMs`. */
  tellChanges(samples: readonly FieldSample[], timeMs: number): void {
    const changed: FieldSample[] = [];
    const same: string[] = [];
    for (const sample of samples) {
      if (isSame(this.#last.get(sample.tag), sample.value)) same.push(sample.tag);
      else changed.push(sample);
    }
    this.tell(changed);
    if (same.length > 0) this.#sink.confirm(same, timeMs);
  }

  /** These tags were seen at `timeMs` as they were told last. */
  confirm(tags: readonly string[], timeMs: number): void {
    this.#sink.confirm(tags, timeMs);
  }

  /** Tells these tags as bad, their last values kept as such. */
  tellBad(tags: Iterable<string>): void {
    const samples: FieldSample[] = [];
    for (const tag of tags) {
      const last = this.#last.get(tag);
      if (last?.quality !== 'bad') samples.push({ tag, value: doubt(last ?? UNKNOWN, 'bad') });
    }
    this.tell(samples);
  }

  /** The last value told, {@link UNKNOWN} before the first. */
  last(tag: string): TagValue {
    return this.#last.get(tag) ?? UNKNOWN;
  }
}

function isSame(before: TagValue | undefined, now: TagValue): boolean {
  return (
    before !== undefined &&
    before.quality === now.quality &&
    Object.is(lastValueOf(before), lastValueOf(now))
  );
}
