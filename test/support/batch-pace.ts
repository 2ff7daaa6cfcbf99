/**
 * Goal: how many batches a line makes, and the time between them that is neither weighing nor
 * discharging nor mixing: what the software takes to see that one is done and to begin the next.
 */
import { reference } from '../../plc/mill/mills/reference.ts';
import { MIXER_PHASES, SCALE_STATES } from '../../plc/model/isa88.ts';
import { beginOrders } from './orders-begun.ts';
import { VirtualMill } from './virtual-mill.ts';

const SCAN_MS = 100;
const WARM_UP_MS = 20 * 60_000;
const WATCH_MS = 60 * 60_000;
const BATCH_KG = 6_000;
const ORDER_KG = 36_000;
/** Orders that follow each other on each line: what is lost between orders counts as well. */
const BINS_OF: Readonly<Record<string, readonly string[]>> = {
  LINE1: ['FB101', 'FB102', 'FB103'],
  LINE2: ['FB301', 'FB302', 'FB303'],
};

export interface LinePace {
  readonly line: string;
  readonly batchesPerHour: number;
  /** From a scale that is empty again to the first dose of the next batch, s; each batch one. */
  readonly toNextDoseS: readonly number[];
  /** From the last thing that the mixer waited for to the first open scale gate, s. */
  readonly toMixerS: readonly number[];
}

/** Looks at the scales and the mixer of one line after every scan. */
class LineWatch {
  readonly toNextDoseS: number[] = [];
  readonly toMixerS: number[] = [];
  readonly #mill: VirtualMill;
  readonly #scales: readonly string[];
  readonly #mixer: string;
  /** What each scale and the mixer are doing, and since when, ms. */
  readonly #now = new Map<string, { readonly state: string; readonly sinceMs: number }>();

  constructor(mill: VirtualMill, line: string) {
    const definition = reference.lines.find(({ id }) => id === line);
    if (definition === undefined) throw new RangeError(`the mill has no line ${line}`);
    this.#mill = mill;
    this.#scales = definition.scales;
    this.#mixer = definition.mixer;
  }

  look(nowMs: number): void {
    for (const scale of this.#scales) this.#scale(scale, nowMs);
    this.#note(this.#mixer, MIXER_PHASES[Number(this.#mill.last(`${this.#mixer}.Phase`))], nowMs);
  }

  #scale(scale: string, nowMs: number): void {
    const before = this.#now.get(scale);
    const state = SCALE_STATES[Number(this.#mill.last(`${scale}.State`))];
    if (!this.#note(scale, state, nowMs) || before === undefined) return;
    // The first scale weighs the most: it is what the others wait for.
    if (scale !== this.#scales[0]) return;
    // Where the next dose begins in the scan in which the gate is closed, nobody sees it empty.
    const isNext = before.state === 'Empty' || before.state === 'Discharging';
    if (isNext && state === 'Filling') {
      const emptyMs = before.state === 'Empty' ? nowMs - before.sinceMs : 0;
      this.toNextDoseS.push(emptyMs / 1_000);
    }
    if (before.state === 'Full' && state === 'Discharging') {
      const weighed = this.#scales.map((one) => this.#now.get(one));
      const full = weighed.filter((one) => one?.state === 'Full').map((one) => one?.sinceMs ?? 0);
      const freeMs = this.#now.get(this.#mixer)?.sinceMs ?? 0;
      this.toMixerS.push((nowMs - Math.max(before.sinceMs, freeMs, ...full)) / 1_000);
    }
  }

  /** True when it does something else than before. */
  #note(what: string, state: string | undefined, nowMs: number): boolean {
    if (state === undefined || this.#now.get(what)?.state === state) return false;
    this.#now.set(what, { state, sinceMs: nowMs });
    return true;
  }
}

/** An hour of both lines of the reference mill with mash, after the first batches. */
export async function paceOfLines(seed: number): Promise<LinePace[]> {
  const mill = await VirtualMill.start({ mill: reference, seed });
  const wishes = Object.entries(BINS_OF).flatMap(([line, bins]) =>
    bins.map((destination) => ({
      ...{ formula: 'PIG-GROWER', line, destination, orderKg: ORDER_KG, batchKg: BATCH_KG },
    })),
  );
  await beginOrders(mill, wishes);
  await mill.runFor(WARM_UP_MS);
  const watches = Object.keys(BINS_OF).map((line) => [line, new LineWatch(mill, line)] as const);
  for (let ms = 0; ms < WATCH_MS; ms += SCAN_MS) {
    for (const [, watch] of watches) watch.look(ms);
    await mill.runFor(SCAN_MS);
  }
  await mill.stop();
  return watches.map(([line, { toNextDoseS, toMixerS }]) => ({
    ...{ line, batchesPerHour: (toMixerS.length * 3_600_000) / WATCH_MS, toNextDoseS, toMixerS },
  }));
}
