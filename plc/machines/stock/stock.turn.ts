import type { Portion } from '../../logic/layers.ts';
import { bookKg, currentLot, lay, stored, take } from '../../logic/layers.ts';
import type { StockRecord } from '../../model/record-stock.ts';
import { goodNumber } from '../../model/tag.ts';
import type { EventBase, MachineOutput } from '../contract.ts';
import type { Effect } from '../kit.ts';
import type { BinStock, StockContext } from './stock.context.ts';

/** Where stock comes from and goes to, and why. */
export interface Way {
  readonly cause: StockRecord['cause'];
  readonly causeId: string;
  readonly from: string | null;
  readonly to: string | null;
  /** Number of the first part. */
  readonly first: number;
  readonly estimated: boolean;
  readonly by: string | null;
  readonly note: string | null;
}

export function way(of: Pick<Way, 'cause' | 'causeId' | 'from' | 'to'> & Partial<Way>): Way {
  return { first: 1, estimated: false, by: null, note: null, ...of };
}

/** What is kept while one event is worked off: the context as it becomes, and what is let out. */
export interface StockTurn {
  context: StockContext;
  readonly event: EventBase;
  readonly out: MachineOutput[];
  /** Bins whose book changed. */
  readonly touched: Set<string>;
}

export function beginTurn(context: StockContext, event: EventBase): StockTurn {
  return { context, event, out: [], touched: new Set() };
}

export function binOf(turn: StockTurn, id: string | null): BinStock | null {
  return id === null ? null : (turn.context.bins[id] ?? null);
}

export function setBin(turn: StockTurn, id: string, change: Partial<BinStock>): void {
  const { bins } = turn.context;
  const known = bins[id];
  if (known === undefined) return;
  turn.context = { ...turn.context, bins: { ...bins, [id]: { ...known, ...change } } };
  turn.touched.add(id);
}

function write(turn: StockTurn, of: Way, portions: readonly Portion[]): void {
  portions.forEach(({ lot, material, kg }, index) => {
    const { cause, causeId, from, to, estimated, by, note } = of;
    const stockId = `${causeId}/${of.first + index}`;
    const timeMs = turn.event.utcMs;
    const record: StockRecord = {
      kind: 'stock',
      ...{ stockId, cause, causeId, from, to, material, lot, kg, estimated, by, note, timeMs },
    };
    turn.out.push({ type: 'record', record });
  });
}

/** Lays portions from outside into a bin. @returns how many parts were written down. */
export function bringIn(turn: StockTurn, of: Way, portions: readonly Portion[]): number {
  const bin = binOf(turn, of.to);
  if (bin === null || of.to === null) return 0;
  const flow = turn.context.made.bins[of.to]?.flow ?? 'mass';
  setBin(turn, of.to, { book: lay(bin.book, portions, flow) });
  write(turn, of, portions);
  return portions.length;
}

/** Takes `kg` out of a bin and, if the destination is one, lays it there. @returns parts. */
export function move(turn: StockTurn, of: Way, kg: number): number {
  const source = binOf(turn, of.from);
  if (kg <= 0) return 0;
  if (source === null || of.from === null) return 0;
  const { book, taken } = take(source.book, kg, source.last);
  const { lot, material } = taken.at(-1) ?? source.last;
  setBin(turn, of.from, { book, last: { lot, material } });
  const destination = binOf(turn, of.to);
  if (destination !== null && of.to !== null) {
    const flow = turn.context.made.bins[of.to]?.flow ?? 'mass';
    setBin(turn, of.to, { book: lay(destination.book, taken, flow) });
  }
  write(turn, of, taken);
  return taken.length;
}

/**
 * Takes so much of one lot out of the store of sacks, also where its receipt was never booked: it
 * stands below zero then. @returns parts.
 */
export function moveFromStore(turn: StockTurn, of: Omit<Way, 'from'>, portion: Portion): number {
  const { store } = turn.context.made;
  const held = binOf(turn, store);
  if (held === null || portion.kg <= 0) return 0;
  setBin(turn, store, { book: stored(held.book, [{ ...portion, kg: -portion.kg }]) });
  const destination = binOf(turn, of.to);
  if (destination !== null && of.to !== null) {
    const flow = turn.context.made.bins[of.to]?.flow ?? 'mass';
    setBin(turn, of.to, { book: lay(destination.book, [portion], flow) });
  }
  write(turn, { ...of, from: store }, [portion]);
  return 1;
}

/** What the level says lies in a bin, kg; null while it cannot be trusted. */
export function measuredKg(turn: StockTurn, id: string): number | null {
  const levelPct = goodNumber(turn.event.inputs[`${id}.LevelPct`]);
  const capacityKg = turn.context.made.bins[id]?.capacityKg ?? null;
  return levelPct === null || capacityKg === null ? null : (levelPct / 100) * capacityKg;
}

/** Tags and document of a bin as its book is now. */
function show({ context }: StockTurn, id: string): MachineOutput[] {
  const bin = context.bins[id];
  const made = context.made.bins[id];
  if (bin === undefined || made === undefined) return [];
  const kg = bookKg(bin.book);
  const rounded = Math.round(kg * 1_000) / 1_000;
  const isShort = made.flow === 'store' && bin.book.layers.flat().some((one) => one.kg < 0);
  const tags: MachineOutput[] = [
    { type: 'publish', tag: `${id}.BookKg`, value: rounded },
    { type: 'publish', tag: `${id}.Lot`, value: currentLot(bin.book) ?? '' },
    { type: bin.differs ? 'raise' : 'clear', alarm: `${id}.BookDiffers` },
  ];
  return [
    ...(made.tagged ? tags : []),
    {
      type: 'status',
      document: {
        kind: 'stock',
        bin: id,
        material: made.material,
        flow: made.flow,
        capacityKg: made.capacityKg,
        bookKg: rounded,
        layers: bin.book.layers,
        differs: bin.differs || isShort,
      },
    },
  ];
}

/** Ends the turn: what changed is kept and shown; `all` shows every bin. */
export function endTurn(turn: StockTurn, all = false): Effect<StockContext> {
  const ids = all ? Object.keys(turn.context.made.bins) : [...turn.touched];
  const { bins, transfers, ended, batches, bagged, entries, lookAtMs } = turn.context;
  return {
    set: { bins, transfers, ended, batches, bagged, entries, lookAtMs, told: true },
    out: [...turn.out, ...ids.flatMap((id) => show(turn, id))],
  };
}
