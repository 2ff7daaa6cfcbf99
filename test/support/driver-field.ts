/**
 * Goal: the same small field behind each kind of driver, so that one suite of behaviours holds for
 * all: two inputs, two outputs, and an output that the field refuses to take.
 */
import type { Driver, DriverContext } from '../../plc/drivers/driver.ts';
import type { ConnectionDefinition } from '../../plc/model/connection.ts';
import type { TagScalar } from '../../plc/model/tag.ts';
import type { CountingClock } from './driver-clock.ts';
import { countingClock } from './driver-clock.ts';
import { DriverRecorder } from './driver-recorder.ts';
import { until } from './until.ts';

/** The tags that every test field has. */
export const FIELD_TAGS = ['Amps', 'RunFb', 'Cmd', 'HzRef', 'Locked'] as const;
export type FieldTagName = (typeof FIELD_TAGS)[number];

export interface TestField {
  /** Brings it up; again after `down` at the same address. */
  up(): Promise<void>;
  down(): Promise<void>;
  set(tag: FieldTagName, value: TagScalar): void;
  get(tag: FieldTagName): TagScalar | null;
  /** Clients connected now. */
  readonly clients: number;
  driver(sink: DriverRecorder, clock: CountingClock): Driver;
  /** What drives a driver without timers of its own. */
  pump(): void;
}

/** A context for a driver under test; the field is not faster than the clock. */
export function contextOf<C extends ConnectionDefinition>(
  connection: C,
  tags: DriverContext['tags'],
  sink: DriverRecorder,
  clock: CountingClock,
): DriverContext<C> {
  return { connection, tags, sink, clock, log: sink, speed: 1 };
}

/** A field, a driver on it and what the driver told, torn down together. */
export class FieldBench {
  readonly field: TestField;
  readonly told = new DriverRecorder();
  readonly clock = countingClock();
  readonly driver: Driver;

  constructor(field: TestField) {
    this.field = field;
    this.driver = field.driver(this.told, this.clock);
  }

  /** Field up, driver started, first values good. */
  async running(): Promise<this> {
    await this.field.up();
    this.driver.start();
    await this.until('first values', () => this.allGood());
    return this;
  }

  allGood(): boolean {
    return FIELD_TAGS.every((tag) => this.told.qualityOf(tag) === 'good');
  }

  allBad(): boolean {
    return FIELD_TAGS.every((tag) => this.told.qualityOf(tag) === 'bad');
  }

  /** Waits for at most 5 s, the time in which a mill may be left without knowing. */
  async until(what: string, condition: () => boolean, withinMs = 5_000): Promise<void> {
    await until(
      what,
      () => {
        this.field.pump();
        return condition();
      },
      { withinMs, everyMs: 10, last: () => this.told.lines.join('\n') },
    );
  }

  async close(): Promise<void> {
    await this.driver.stop();
    await this.field.down();
  }
}
