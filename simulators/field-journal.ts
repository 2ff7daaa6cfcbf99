import { appendFileSync } from 'node:fs';
import type { TagScalar } from '../plc/model/tag.ts';
import type { FieldCore } from './field-core.ts';
import { MG_PER_KG } from './process/blend.ts';
import type { BinState } from './process/devices/bin.ts';

/**
 * One line of the journal, as JSON. All times are times of day, ms.
 * - `set`: from then on a flag, state, count or text of the field showed this value.
 * - `range`: within the second that ended then, a measurement showed values from `min` to `max`.
 * - `bag`: so many bags, of so many kg, have left the baggers since the mill was new.
 * - `bin`: so much has left a bin since the mill was new, kg.
 */
export type JournalLine =
  | readonly ['set', number, string, TagScalar]
  | readonly ['range', number, string, number, number]
  | readonly ['bag', number, number, number]
  | readonly ['bin', number, string, number];

const WRITE_MS = 250;
const RANGE_MS = 1_000;

interface Range {
  min: number;
  max: number;
  last: number;
  changed: boolean;
}

/**
 * What the simulated field really did, written down by itself as it happens: the truth that what a
 * controller has recorded can be compared with. Measurements are kept as their extremes of each
 * second, all else change by change.
 */
export class FieldJournal {
  private readonly file: string;
  private readonly core: FieldCore;
  private readonly analog: ReadonlySet<string>;
  private readonly ranges = new Map<string, Range>();
  private readonly shown = new Map<string, TagScalar>();
  private readonly binMg = new Map<string, number>();
  private lines: string[] = [];
  private bags = -1;
  private utcMs = 0;
  private writtenMs = 0;
  private rangedMs = 0;

  constructor(file: string, core: FieldCore) {
    this.file = file;
    this.core = core;
    this.analog = new Set(
      core.state.mill.tags
        .filter(({ dataType }) => dataType === 'float' || dataType === 'double')
        .map(({ name }) => name),
    );
  }

  /** Begins with how everything is now. */
  start(utcMs: number): void {
    this.utcMs = utcMs;
    this.rangedMs = utcMs;
    this.core.image.listen((name, value) => this.see(name, value));
    this.passed(utcMs);
  }

  /** So far has time come; called after each turn of the physics. */
  passed(utcMs: number): void {
    this.lookAtBags();
    if (utcMs - this.rangedMs >= RANGE_MS) {
      this.rangedMs = utcMs;
      this.tellRanges(utcMs);
      this.tellBins(utcMs);
    }
    if (utcMs - this.writtenMs >= WRITE_MS) this.write(utcMs);
    this.utcMs = utcMs;
  }

  stop(utcMs: number): void {
    this.tellRanges(utcMs);
    this.tellBins(utcMs);
    this.write(utcMs);
  }

  private see(name: string, value: TagScalar): void {
    if (typeof value !== 'number' || !this.analog.has(name)) {
      if (this.shown.get(name) === value) return;
      this.shown.set(name, value);
      this.tell(['set', this.utcMs, name, value]);
      return;
    }
    const range = this.ranges.get(name);
    if (range === undefined) {
      this.ranges.set(name, { min: value, max: value, last: value, changed: true });
      return;
    }
    range.min = Math.min(range.min, value);
    range.max = Math.max(range.max, value);
    range.last = value;
    range.changed = true;
  }

  private lookAtBags(): void {
    const { count, content } = this.core.state.bags;
    if (count === this.bags) return;
    this.bags = count;
    this.tell(['bag', this.utcMs, count, content.mg / MG_PER_KG]);
  }

  private tellRanges(utcMs: number): void {
    for (const [name, range] of this.ranges) {
      if (!range.changed) continue;
      this.tell(['range', utcMs, name, range.min, range.max]);
      Object.assign(range, { min: range.last, max: range.last, changed: range.min !== range.max });
    }
  }

  private tellBins(utcMs: number): void {
    for (const { id, device, state } of this.core.state.items) {
      if (device.type !== 'bin') continue;
      const { outMg } = state as BinState;
      if (this.binMg.get(id) === outMg) continue;
      this.binMg.set(id, outMg);
      this.tell(['bin', utcMs, id, outMg / MG_PER_KG]);
    }
  }

  private tell(line: JournalLine): void {
    this.lines.push(JSON.stringify(line));
  }

  private write(utcMs: number): void {
    this.writtenMs = utcMs;
    if (this.lines.length === 0) return;
    appendFileSync(this.file, `${this.lines.join('\n')}\n`);
    this.lines = [];
  }
}
