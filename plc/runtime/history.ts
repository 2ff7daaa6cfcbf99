import { gridOf, onGrid } from '../logic/stored-grid.ts';
import type { Door, DoorPoint } from '../logic/swinging-door.ts';
import { doorAt, passDoor } from '../logic/swinging-door.ts';
import { qualityCode } from '../model/quality.ts';
import type { HistorySample } from '../model/record.ts';
import type { TagDefinition, TagValue } from '../model/tag.ts';
import { Deadlines } from './deadlines.ts';
import type { InputImage } from './input-image.ts';
import type { TagIndex } from './tag-index.ts';

/**
 * A tag that does not change is stored again after this unless it says otherwise, so that a window
 * of history finds it, UTC ms.
 */
const SILENCE_MS = 15 * 60_000;
/** Silences are looked for this often, ms. */
const LOOK_MS = 1_000;
/**
 * A tag stored by lines that has left the bound of its last stored value is stored at least this
 * often, so that history lags by no more, ms.
 */
const LINE_MS_MAX = 60_000;

/** How values of a measurement are stored; null: exactly as they are. */
interface Rounding {
  readonly grid: number;
  /** What is left of the bound of lines when their ends are rounded. */
  readonly bound: number;
}

function roundingOf(tag: TagDefinition): Rounding | null {
  const isMeasured = tag.dataType === 'float' || tag.dataType === 'double';
  const tolerance = tag.lineBound ?? tag.deadband;
  if (!isMeasured || tag.isExact === true || tolerance <= 0) return null;
  const grid = gridOf(tolerance);
  return { grid, bound: tolerance - grid / 2 };
}

/** Flags as 0/1; text and anything not finite is no number. */
function numeric(value: TagValue): number | null {
  const raw = value.quality === 'good' ? value.value : value.lastValue;
  if (typeof raw === 'boolean') return raw ? 1 : 0;
  return typeof raw === 'number' && Number.isFinite(raw) ? raw : null;
}

/**
 * Chooses which tag changes are stored: each change of quality, each change of a flag, state or
 * count, and of a measurement what exceeds the tag's deadband, or what the lines between stored
 * points need to stay within the tag's bound. A measurement with either is rounded by at most an
 * eighth of it, and what is restored stays within it. Samples carry the time of day of their
 * scan.
 */
export class History {
  readonly #index: TagIndex;
  readonly #image: InputImage;
  readonly #storedValue: (number | null)[];
  readonly #storedQuality: Int8Array;
  readonly #storedMs: Float64Array;
  readonly #roundings: readonly (Rounding | null)[];
  /** The door of each tag that is stored by lines; null while nothing good of it is known. */
  readonly #doors = new Map<number, Door | null>();
  /** When a tag is looked at though it did not change; waiting costs nothing. */
  readonly #due = new Deadlines<number>();
  /** The deadline for which a tag stands there; Infinity: none. */
  readonly #awaitedMs: Float64Array;
  #samples: HistorySample[] = [];
  #repeatedMs = 0;
  #scanMs = 0;

  constructor(index: TagIndex, image: InputImage) {
    this.#index = index;
    this.#image = image;
    this.#storedValue = index.tags.map(() => null);
    this.#storedQuality = new Int8Array(index.tags.length).fill(-1);
    this.#storedMs = new Float64Array(index.tags.length);
    this.#awaitedMs = new Float64Array(index.tags.length).fill(Number.POSITIVE_INFINITY);
    this.#roundings = index.tags.map(roundingOf);
    index.tags.forEach(({ lineBound, dataType }, tag) => {
      const analog = dataType === 'float' || dataType === 'double';
      if (lineBound !== undefined && analog) this.#doors.set(tag, null);
    });
  }

  /** Looks at the tags that changed in a scan. */
  observe(changed: Iterable<number>, utcMs: number): void {
    for (const tag of changed) {
      const value = this.#image.value(tag);
      const number = numeric(value);
      const stored = this.#storedValue[tag] ?? null;
      const sameQuality = this.#storedQuality[tag] === qualityCode(value.quality);
      const door = this.#doors.get(tag);
      if (door !== undefined) {
        this.#observeLine(tag, sameQuality ? door : null, value, utcMs);
      } else if (!sameQuality || this.#moved(tag, stored, number)) {
        this.#store(tag, number, qualityCode(value.quality), utcMs);
      }
    }
    this.#scanMs = utcMs;
  }

  /**
   * Stores values of the past that a driver has read from the field's own history. What is known
   * of the tag now stays as it is, and so do its live samples.
   */
  backfill(name: string, values: readonly TagValue[]): void {
    const tag = this.#index.find(name);
    if (tag === undefined) return;
    for (const value of values) {
      const quality = qualityCode(value.quality);
      const number = this.#rounded(tag, numeric(value));
      this.#samples.push([tag, value.receivedTimeMs, number, quality]);
    }
  }

  /** Stores again what has not changed for long. Called now and then. */
  repeat(utcMs: number): void {
    if (Math.abs(utcMs - this.#repeatedMs) < LOOK_MS) return;
    this.#repeatedMs = utcMs;
    for (let due = this.#due.take(utcMs); due !== null; due = this.#due.take(utcMs)) {
      const { what: tag, atMs } = due;
      if (this.#awaitedMs[tag] !== atMs) continue;
      this.#awaitedMs[tag] = Number.POSITIVE_INFINITY;
      this.#repeatTag(tag, utcMs);
      this.#await(tag, Math.max(this.#dueMs(tag), utcMs + LOOK_MS));
    }
  }

  #repeatTag(tag: number, utcMs: number): void {
    if (this.#lineDueMs(tag) <= utcMs) this.#endLine(tag, utcMs);
    const dueMs = (this.#storedMs[tag] ?? 0) + this.#silenceMs(tag);
    const quality = this.#storedQuality[tag] ?? -1;
    if (dueMs <= utcMs) this.#store(tag, numeric(this.#image.value(tag)), quality, utcMs);
  }

  /** Has the tag looked at then, or before. */
  #await(tag: number, atMs: number): void {
    if ((this.#awaitedMs[tag] ?? 0) <= atMs) return;
    this.#awaitedMs[tag] = atMs;
    this.#due.push(atMs, tag);
  }

  #dueMs(tag: number): number {
    const silentMs = (this.#storedMs[tag] ?? 0) + this.#silenceMs(tag);
    return Math.min(silentMs, this.#lineDueMs(tag));
  }

  #silenceMs(tag: number): number {
    return this.#index.tag(tag).silenceMs ?? SILENCE_MS;
  }

  /** While nothing left the bound, who carries the stored value on is right. */
  #lineDueMs(tag: number): number {
    const door = this.#doors.get(tag) ?? null;
    if (door === null) return Number.POSITIVE_INFINITY;
    const isLeft = door.farthest > (this.#roundings[tag]?.bound ?? 0);
    const silenceMs = this.#silenceMs(tag);
    return door.stored.timeMs + (isLeft ? Math.min(LINE_MS_MAX, silenceMs) : silenceMs);
  }

  /** Stores what lines still hold back, as known at the last scan: nothing comes after it. */
  finish(): void {
    for (const tag of this.#doors.keys()) this.#endLine(tag, this.#scanMs);
  }

  /** The samples since the last call. */
  take(): HistorySample[] {
    const samples = this.#samples;
    this.#samples = [];
    return samples;
  }

  /**
   * Passes a change of a tag that is stored by lines. `door` null: a line ends or begins here, and
   * what is known now is stored as it is.
   */
  #observeLine(tag: number, door: Door | null, value: TagValue, utcMs: number): void {
    const number = numeric(value);
    const newestMs = door === null ? utcMs : (door.held ?? door.stored).timeMs;
    if (door === null || number === null || utcMs <= newestMs) {
      this.#endLine(tag, this.#scanMs);
      this.#store(tag, number, qualityCode(value.quality), utcMs);
      const begins = value.quality === 'good' && number !== null;
      this.#doors.set(tag, begins ? doorAt({ timeMs: utcMs, value: number }) : null);
      return;
    }
    // Until the scan before, the tag was what it was at its last change.
    if (this.#scanMs > newestMs && this.#scanMs < utcMs) {
      const { value: before } = door.held ?? door.stored;
      this.#pass(tag, { timeMs: this.#scanMs, value: before });
    }
    this.#pass(tag, { timeMs: utcMs, value: number });
  }

  #pass(tag: number, point: DoorPoint): void {
    const door = this.#doors.get(tag) ?? null;
    if (door === null) return;
    const passed = passDoor(door, point, this.#roundings[tag]?.bound ?? 0);
    this.#doors.set(tag, passed.door);
    this.#await(tag, this.#lineDueMs(tag));
    const good = qualityCode('good');
    if (passed.store !== null) this.#store(tag, passed.store.value, good, passed.store.timeMs);
  }

  /** Ends a tag's line at a time until which its newest value held, and stores that. */
  #endLine(tag: number, utcMs: number): void {
    const door = this.#doors.get(tag) ?? null;
    if (door === null) return;
    const newest = door.held ?? door.stored;
    if (utcMs > newest.timeMs) this.#pass(tag, { timeMs: utcMs, value: newest.value });
    const held = this.#doors.get(tag)?.held ?? null;
    if (held === null) return;
    this.#store(tag, held.value, qualityCode('good'), held.timeMs);
    this.#doors.set(tag, doorAt(held));
  }

  #moved(tag: number, stored: number | null, number: number | null): boolean {
    if (stored === null || number === null) return stored !== number;
    const { deadband } = this.#index.tag(tag);
    return deadband > 0 ? Math.abs(number - stored) >= deadband : number !== stored;
  }

  #rounded(tag: number, number: number | null): number | null {
    const rounding = this.#roundings[tag] ?? null;
    return rounding === null || number === null ? number : onGrid(number, rounding.grid);
  }

  #store(tag: number, number: number | null, quality: number, utcMs: number): void {
    const rounded = this.#rounded(tag, number);
    this.#storedValue[tag] = rounded;
    this.#storedQuality[tag] = quality;
    this.#storedMs[tag] = utcMs;
    this.#await(tag, utcMs + this.#silenceMs(tag));
    this.#samples.push([tag, utcMs, rounded, quality]);
  }
}

/**
 * One sample without a value for each tag: while the controller was not running, nothing is known.
 */
export function gapSamples(tagCount: number, utcMs: number): HistorySample[] {
  const bad = qualityCode('bad');
  return Array.from({ length: tagCount }, (_, tag) => [tag, utcMs, null, bad]);
}
