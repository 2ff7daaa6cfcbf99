import type { ExceptionMeaning } from './exceptions.ts';
import { ReadPart } from './read-part.ts';
import type { ModbusTag, ReadBlock } from './read-plan.ts';
import { blockOf } from './read-plan.ts';

/** A refused request is tried again after this, ms; doubled at each further refusal ... */
const RETRY_FIRST_MS = 1_000;
/** ... up to this. */
const RETRY_LONGEST_MS = 60_000;

/**
 * How one block of the plan is read. While the device takes it, it is one request. Where the device
 * refuses one of its registers it is halved until only the tags of the missing ones are left out;
 * the halves are kept, and the whole is tried again, seldom. Never more parts than tags.
 */
export class BlockReading {
  readonly whole: ReadPart;
  #parts: readonly ReadPart[];
  /** What is asked in every scan. */
  #live: readonly ReadPart[];
  #retryMs = 0;
  #delayMs = RETRY_FIRST_MS;

  constructor(block: ReadBlock) {
    this.whole = new ReadPart(block);
    this.#parts = [this.whole];
    this.#live = this.#parts;
  }

  /** The tags that the device refuses to show. */
  get refusedTags(): string[] {
    return this.#parts.flatMap((part) => (part.isRefused ? part.names : []));
  }

  /** The requests of a scan at this time. */
  due(nowMs: number): readonly ReadPart[] {
    if (this.#live.length === 1 && this.#live[0] === this.whole) return this.#live;
    // After the clock was set back, the moment may be hours away.
    const isTime = nowMs >= this.#retryMs || this.#retryMs - nowMs > RETRY_LONGEST_MS;
    return isTime ? [this.whole] : this.#live;
  }

  /** True when the device shows something again that it refused before. */
  answered(part: ReadPart): boolean {
    const isUsual = part === this.whole ? this.#live[0] === part : !part.isRefused;
    if (isUsual) return false;
    part.isRefused = false;
    if (part === this.whole) {
      this.#delayMs = RETRY_FIRST_MS;
      this.#keep([part]);
    } else {
      this.#keep(this.#parts);
    }
    return true;
  }

  /** The requests to make instead, in the same scan. */
  refused(part: ReadPart, { retry }: ExceptionMeaning, nowMs: number): readonly ReadPart[] {
    part.forget();
    if (retry === 'next') return [];
    if (part === this.whole) {
      this.#retryMs = nowMs + this.#delayMs;
      this.#delayMs = Math.min(RETRY_LONGEST_MS, 2 * this.#delayMs);
      if (this.#parts.length > 1) return this.#parts;
    }
    const halves = retry === 'split' ? halvesOf(part.block) : null;
    part.isRefused = halves === null;
    if (halves === null) {
      this.#keep(this.#parts);
      return [];
    }
    this.#keep(this.#parts.flatMap((one) => (one === part ? halves : [one])));
    return halves;
  }

  /** What was told of it is not known any more; the whole is tried with the next scan. */
  forget(): void {
    this.#retryMs = 0;
    this.#delayMs = RETRY_FIRST_MS;
    this.forgetTold();
  }

  /** Something may have been written to its registers. */
  forgetTold(): void {
    this.whole.forget();
    for (const part of this.#parts) part.forget();
  }

  #keep(parts: readonly ReadPart[]): void {
    this.#parts = parts;
    this.#live = parts.filter((part) => !part.isRefused);
  }
}

/** Two requests in place of one, about as many tags in each; null for tags of one place. */
function halvesOf({ tags, scanMs }: ReadBlock): [ReadPart, ReadPart] | null {
  const isCut = (at: number) => tags[at]?.address.register !== tags[at - 1]?.address.register;
  const middle = tags.length >> 1;
  for (let off = 0; off < tags.length; off++) {
    for (const at of [middle - off, middle + off]) {
      if (at < 1 || at >= tags.length || !isCut(at)) continue;
      return [partOf(tags.slice(0, at), scanMs), partOf(tags.slice(at), scanMs)];
    }
  }
  return null;
}

function partOf(tags: readonly ModbusTag[], scanMs: ReadBlock['scanMs']): ReadPart {
  const [first, ...rest] = tags;
  if (first === undefined) throw new Error('a request without tags');
  return new ReadPart(blockOf([first, ...rest], scanMs));
}
