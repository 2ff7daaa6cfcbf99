import type { FeedNature } from '../../plc/model/carry-over.ts';
import type { BinContent, PlanInput, Trace } from './plan-types.ts';

/** A finished bin as the plan fills and empties it. */
interface PlanBin {
  formulaCode: string | null;
  nature: FeedNature | null;
  kg: number;
  known: boolean;
  /** From then on another product may come. `Infinity`: nothing planned empties it. */
  freeMs: number;
  /** Until then an order fills it, and no other may. */
  filledMs: number;
}

/** When an order fills its bin, and when the bin is empty again; null while nobody knows. */
interface Filling {
  readonly fillMs: number;
  readonly filledMs: number;
  readonly emptyMs: number | null;
}

function planBin(content: BinContent | undefined, nowMs: number): PlanBin {
  const kg = content?.kg === undefined ? 0 : content.kg;
  const formulaCode = content?.formulaCode ?? null;
  const isEmpty = kg !== null && kg <= 0;
  return {
    formulaCode: isEmpty ? null : formulaCode,
    nature: content?.nature ?? null,
    kg: kg ?? 0,
    known: kg !== null,
    freeMs: isEmpty ? nowMs : Number.POSITIVE_INFINITY,
    filledMs: nowMs,
  };
}

/** Mass of a material or product below which a bin counts as empty, kg. */
const EMPTY_KG = 1e-6;

/**
 * The mill as the plan goes on: when each unit is free, what went over it last, what the bins hold.
 * Orders are put on it one after the other; nothing here is the mill itself.
 */
export class PlanBoard {
  readonly input: PlanInput;
  readonly #freeMs: Map<string, number>;
  readonly #traces: Map<string, Trace>;
  readonly #dies: Map<string, number>;
  readonly #stock: Map<string, number>;
  readonly #bins = new Map<string, PlanBin>();
  screenMm: number | null;

  constructor(input: PlanInput) {
    const { start, ways } = input;
    this.input = input;
    this.#freeMs = new Map(start.busyUntilMs);
    this.#traces = new Map(start.traces);
    this.#dies = new Map(start.diesMm);
    this.#stock = new Map(start.stockKg);
    this.screenMm = start.screenMm;
    for (const id of ways.finishedKg.keys()) {
      this.#bins.set(id, planBin(start.finished.get(id), start.nowMs));
    }
  }

  /** When a unit can take the next order, ms UTC. */
  freeMs(unit: string): number {
    return Math.max(this.input.start.nowMs, this.#freeMs.get(unit) ?? 0);
  }

  occupy(unit: string, untilMs: number): void {
    this.#freeMs.set(unit, Math.max(this.freeMs(unit), untilMs));
  }

  trace(unit: string): Trace | null {
    return this.#traces.get(unit) ?? null;
  }

  leave(unit: string, trace: Trace | null): void {
    if (trace === null) this.#traces.delete(unit);
    else this.#traces.set(unit, trace);
  }

  die(press: string): number | null {
    return this.#dies.get(press) ?? null;
  }

  setDie(press: string, dieMm: number): void {
    this.#dies.set(press, dieMm);
  }

  stockKg(material: string): number {
    return this.#stock.get(material) ?? 0;
  }

  take(material: string, kg: number): void {
    this.#stock.set(material, Math.max(0, this.stockKg(material) - kg));
  }

  /** Whether the content of a finished bin is known. */
  isKnown(bin: string): boolean {
    return this.#bins.get(bin)?.known ?? false;
  }

  /** What a bin holds of a product, or nothing once it is free. */
  contentOf(bin: string, atMs: number): Trace | null {
    const one = this.#bins.get(bin);
    if (one === undefined || one.formulaCode === null || one.freeMs <= atMs) return null;
    return one.nature === null ? null : { formulaCode: one.formulaCode, nature: one.nature };
  }

  /** Room in a finished bin for this product at a time, kg; 0 while it holds another one. */
  roomKg(bin: string, formulaCode: string, atMs: number): number {
    const one = this.#bins.get(bin);
    const limit = this.input.ways.finishedKg.get(bin) ?? 0;
    if (one === undefined || !one.known) return 0;
    if (one.freeMs <= atMs || one.kg <= EMPTY_KG) return limit;
    return one.formulaCode === formulaCode ? Math.max(0, limit - one.kg) : 0;
  }

  isEmpty(bin: string, atMs: number): boolean {
    const one = this.#bins.get(bin);
    if (one?.known !== true) return false;
    return one.freeMs <= atMs || one.kg <= EMPTY_KG;
  }

  /** From when on a bin is empty again; `Infinity` while nothing empties it. */
  emptyMs(bin: string): number {
    const one = this.#bins.get(bin);
    if (one === undefined || !one.known) return Number.POSITIVE_INFINITY;
    return one.kg <= EMPTY_KG ? this.input.start.nowMs : one.freeMs;
  }

  /** Until when an order fills a bin: a bin takes one order at a time. */
  filledMs(bin: string): number {
    return this.#bins.get(bin)?.filledMs ?? 0;
  }

  /** Puts product into a bin. */
  fill(bin: string, of: Trace, kg: number, { fillMs, filledMs, emptyMs }: Filling): void {
    const one = this.#bins.get(bin);
    if (one === undefined) return;
    const before = one.freeMs <= fillMs ? 0 : one.kg;
    one.formulaCode = of.formulaCode;
    one.nature = of.nature;
    one.kg = before + kg;
    one.freeMs = emptyMs ?? Number.POSITIVE_INFINITY;
    one.filledMs = filledMs;
  }
}
