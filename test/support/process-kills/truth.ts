/** Goal: what the simulated field really did, read from the journal that it wrote itself. */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { TagScalar } from '../../../plc/model/tag.ts';
import type { JournalLine } from '../../../simulators/field-journal.ts';

/** From `fromMs` on a tag showed this; until the next one. */
export interface Shown {
  readonly fromMs: number;
  readonly value: number;
}

/** In the second before `toMs` a measurement stayed within these. */
export interface ShownRange {
  readonly toMs: number;
  readonly min: number;
  readonly max: number;
}

export interface Truth {
  readonly fromMs: number;
  readonly toMs: number;
  readonly discrete: ReadonlyMap<string, readonly Shown[]>;
  readonly analog: ReadonlyMap<string, readonly ShownRange[]>;
  /** Bags since the beginning, as each left its bagger. */
  readonly bags: readonly { readonly timeMs: number; readonly count: number }[];
  /** What left each bin, kg. */
  readonly outKg: ReadonlyMap<string, number>;
}

const numeric = (value: TagScalar): number | null =>
  typeof value === 'string' ? null : Number(value);

function append<T>(to: Map<string, T[]>, key: string, one: T): void {
  const list = to.get(key);
  if (list === undefined) to.set(key, [one]);
  else list.push(one);
}

/** First and last of a count that only rises. */
class Turnover {
  #first: number | null = null;
  #last = 0;
  see(value: number): void {
    this.#first ??= value;
    this.#last = value;
  }
  get passed(): number {
    return this.#last - (this.#first ?? 0);
  }
}

export async function readTruth(file: string): Promise<Truth> {
  const discrete = new Map<string, Shown[]>();
  const analog = new Map<string, ShownRange[]>();
  const bins = new Map<string, Turnover>();
  const bags: { timeMs: number; count: number }[] = [];
  let firstBags: number | null = null;
  let [fromMs, toMs] = [Number.POSITIVE_INFINITY, 0];
  for await (const text of createInterface({ input: createReadStream(file) })) {
    const line = JSON.parse(text) as JournalLine;
    fromMs = Math.min(fromMs, line[1]);
    toMs = Math.max(toMs, line[1]);
    switch (line[0]) {
      case 'set': {
        const value = numeric(line[3]);
        if (value !== null) append(discrete, line[2], { fromMs: line[1], value });
        break;
      }
      case 'range':
        append(analog, line[2], { toMs: line[1], min: line[3], max: line[4] });
        break;
      case 'bag':
        firstBags ??= line[2];
        bags.push({ timeMs: line[1], count: line[2] - firstBags });
        break;
      case 'bin': {
        const turnover = bins.get(line[2]) ?? new Turnover();
        turnover.see(line[3]);
        bins.set(line[2], turnover);
      }
    }
  }
  const outKg = new Map([...bins].map(([id, turnover]) => [id, turnover.passed]));
  return { fromMs, toMs, discrete, analog, bags, outKg };
}
