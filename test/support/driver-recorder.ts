/** Goal: a sink that remembers what a driver told it. */
import type {
  DriverLog,
  DriverSink,
  FieldSample,
  LinkHealth,
  WriteResult,
} from '../../plc/drivers/driver.ts';
import type { TagScalar, TagValue } from '../../plc/model/tag.ts';
import { lastValueOf, UNKNOWN } from '../../plc/model/tag.ts';

export class DriverRecorder implements DriverSink, DriverLog {
  readonly values = new Map<string, TagValue>();
  readonly confirmedMs = new Map<string, number>();
  readonly healths: LinkHealth[] = [];
  readonly lines: string[] = [];
  readonly results: WriteResult[] = [];
  /** Every sample in the order it came. */
  readonly history: FieldSample[] = [];

  /** Values of the past by tag, in the order they came. */
  readonly past = new Map<string, TagValue[]>();

  backfill(tag: string, values: readonly TagValue[]): void {
    this.past.set(tag, [...(this.past.get(tag) ?? []), ...values]);
  }

  samples(samples: readonly FieldSample[]): void {
    for (const sample of samples) {
      this.values.set(sample.tag, sample.value);
      this.history.push(sample);
    }
  }

  confirm(tags: readonly string[], timeMs: number): void {
    for (const tag of tags) this.confirmedMs.set(tag, timeMs);
  }

  written(result: WriteResult): void {
    this.results.push(result);
  }

  health(health: LinkHealth): void {
    this.healths.push(health);
  }

  info(message: string, details?: object): void {
    this.lines.push(`${message} ${JSON.stringify(details)}`);
  }

  warn(message: string, details?: object): void {
    this.lines.push(`${message} ${JSON.stringify(details)}`);
  }

  qualityOf(tag: string): string {
    return (this.values.get(tag) ?? UNKNOWN).quality;
  }

  /** The value whatever its quality; null before the first. */
  lastValue(tag: string): TagScalar | null {
    return lastValueOf(this.values.get(tag) ?? UNKNOWN);
  }

  isGood(tag: string, value: TagScalar): boolean {
    return this.qualityOf(tag) === 'good' && this.lastValue(tag) === value;
  }

  lastHealth(unitId: number | null = null): LinkHealth | undefined {
    return this.healths.findLast((health) => health.unitId === unitId);
  }

  resultOf(tag: string): WriteResult | undefined {
    return this.results.findLast((result) => result.tag === tag);
  }
}
