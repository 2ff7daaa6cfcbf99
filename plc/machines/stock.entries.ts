import { bookKg, toMilligram } from '../logic/layers.ts';
import type { Reason } from '../model/reason.ts';
import { reason } from '../model/reason.ts';
import type { BagRecord, BatchRecord, DoseRecord } from '../model/record.ts';
import type { TruckRecord } from '../model/record-stock.ts';
import type { MachineEvent } from './kit.ts';
import { ACCEPTED, invalidArg, numberArg, senderOf, textArg } from './kit.ts';
import type { StockContext } from './stock.context.ts';
import { BAGS_PER_RECORD, REMEMBERED_MAX } from './stock.context.ts';
import { bringBefore } from './stock.transfers.ts';
import type { StockTurn } from './stock.turn.ts';
import { binOf, bringIn, move, way } from './stock.turn.ts';

/** Keeps the newest of a list by id. */
function newest<T>(all: Readonly<Record<string, T>>): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(all).slice(-REMEMBERED_MAX));
}

/** A dose leaves its bin, and belongs to its batch. */
export function bookDose(turn: StockTurn, dose: DoseRecord): void {
  const { bin, scale, doseId, actualKg, batchId } = dose;
  bringBefore(turn, bin, actualKg);
  move(turn, way({ cause: 'dose', causeId: doseId, from: bin, to: scale }), actualKg);
  const surge = turn.context.made.surges[scale];
  if (surge === undefined) return;
  const { batches } = turn.context;
  const dosedKg = toMilligram((batches[batchId]?.dosedKg ?? 0) + actualKg);
  turn.context = {
    ...turn.context,
    batches: newest({ ...batches, [batchId]: { surge, dosedKg } }),
  };
}

/** A batch that is complete lies in the surge bin under its mixer, as the lot of its order. */
export function bookBatch(turn: StockTurn, batch: BatchRecord): void {
  const { [batch.batchId]: made, ...batches } = turn.context.batches;
  if (made === undefined || batch.state !== 'Complete') return;
  turn.context = { ...turn.context, batches };
  const kg = batch.actualKg > 0 ? batch.actualKg : made.dosedKg;
  const of = way({ cause: 'batch', causeId: batch.batchId, from: null, to: made.surge });
  bringIn(turn, of, [{ lot: batch.lot, material: null, kg: toMilligram(kg) }]);
}

/** The finished bin that a bagger is fed from now: the one its route runs from. */
function bagSource({ context }: StockTurn, source: string | null, bagger: string): string | null {
  return source ?? context.bagged[bagger]?.from ?? null;
}

/** Books the bags of a bagger that are not booked yet. */
export function settleBags(turn: StockTurn, bagger: string): void {
  const { [bagger]: bags, ...rest } = turn.context.bagged;
  if (bags === undefined) return;
  if (bags.kg > 0) {
    const of = { cause: 'bags', causeId: bags.lastBagId, from: bags.from, to: bagger } as const;
    bringBefore(turn, bags.from, bags.kg);
    move(turn, way(of), bags.kg);
  }
  turn.context = { ...turn.context, bagged: rest };
}

/** The route of a bagger runs from this bin: what it bags from now on leaves this one. */
export function feedBagger(turn: StockTurn, bagger: string, from: string): void {
  if (turn.context.bagged[bagger]?.from === from) return;
  settleBags(turn, bagger);
  const fed = { from, kg: 0, bags: 0, lastBagId: '' };
  turn.context = { ...turn.context, bagged: { ...turn.context.bagged, [bagger]: fed } };
}

/** A bag; the stock is moved once for each pallet, so that a day of bags stays readable. */
export function bookBag(turn: StockTurn, bag: BagRecord): void {
  const from = bagSource(turn, null, bag.bagger);
  const known = turn.context.bagged[bag.bagger];
  if (from === null || known === undefined) return;
  const next = {
    from,
    kg: toMilligram(known.kg + bag.netKg),
    bags: known.bags + 1,
    lastBagId: bag.bagId,
  };
  turn.context = { ...turn.context, bagged: { ...turn.context.bagged, [bag.bagger]: next } };
  if (next.bags < BAGS_PER_RECORD) return;
  settleBags(turn, bag.bagger);
  feedBagger(turn, bag.bagger, from);
}

/** A truck that was weighed empty has left its net weight in the silos, as a lot of its own. */
export function bookTruck(turn: StockTurn, truck: TruckRecord): void {
  if (truck.state !== 'Complete') return;
  let first = 1;
  for (const { bin, kg } of truck.destinations) {
    const of = way({ cause: 'truck', causeId: truck.truckId, from: truck.pit, to: bin, first });
    const { lot, material } = truck;
    first += bringIn(turn, of, [{ lot, material, kg: toMilligram(kg ?? 0) }]);
  }
}

function unknownBin(context: StockContext, event: MachineEvent): Reason[] {
  const bin = textArg(event, 'bin');
  if (bin !== null && context.made.bins[bin] !== undefined) return [];
  return [bin === null ? invalidArg('bin') : reason('stock.unknown-bin', { bin })];
}

/** Why a receipt is refused: unknown bin, no mass, or a material that is not the bin's. */
export function receiptRefusals(context: StockContext, event: MachineEvent): Reason[] {
  const [bin, lot, kg] = [textArg(event, 'bin'), textArg(event, 'lot'), numberArg(event, 'kg')];
  const material = textArg(event, 'material');
  const meant = context.made.bins[bin ?? '']?.material ?? null;
  const other = meant !== null && material !== null && meant !== material;
  return [
    ...unknownBin(context, event),
    ...(lot === null ? [invalidArg('lot')] : []),
    ...(kg === null || kg <= 0 ? [invalidArg('kg')] : []),
    ...(other ? [reason('stock.other-material', { bin: bin ?? '', meant, material })] : []),
  ];
}

/** A person fills a bin by hand, or tips bags: the bin has that lot from now on. */
export function receive(turn: StockTurn, event: MachineEvent): void {
  const bin = textArg(event, 'bin') ?? '';
  const entries = turn.context.entries + 1;
  turn.context = { ...turn.context, entries };
  const of = way({
    cause: 'receipt',
    causeId: `receipt/${event.utcMs}/${entries}`,
    from: null,
    to: bin,
    by: senderOf(event)?.id ?? null,
  });
  const material = textArg(event, 'material') ?? turn.context.made.bins[bin]?.material ?? null;
  const kg = toMilligram(numberArg(event, 'kg') ?? 0);
  bringIn(turn, of, [{ lot: textArg(event, 'lot'), material, kg }]);
  turn.out.push(ACCEPTED);
}

/** Why a correction is refused: unknown bin, a mass that cannot be, or no reason given. */
export function correctionRefusals(context: StockContext, event: MachineEvent): Reason[] {
  const kg = numberArg(event, 'kg');
  const capacityKg = context.made.bins[textArg(event, 'bin') ?? '']?.capacityKg ?? Infinity;
  const impossible = kg === null || kg < 0 || kg > capacityKg * 1.1;
  return [
    ...unknownBin(context, event),
    ...(impossible ? [invalidArg('kg')] : []),
    ...(textArg(event, 'note') === null ? [invalidArg('note')] : []),
  ];
}

/** A person sets the book of a bin to what he found there, with his reason. */
export function correct(turn: StockTurn, event: MachineEvent): void {
  const bin = textArg(event, 'bin') ?? '';
  const known = binOf(turn, bin);
  if (known === null) return;
  const entries = turn.context.entries + 1;
  turn.context = { ...turn.context, entries };
  const moreKg = toMilligram((numberArg(event, 'kg') ?? 0) - bookKg(known.book));
  const said = {
    cause: 'correction',
    causeId: `correction/${event.utcMs}/${entries}`,
    by: senderOf(event)?.id ?? null,
    note: textArg(event, 'note'),
  } as const;
  if (moreKg > 0) {
    const material = turn.context.made.bins[bin]?.material ?? null;
    const portion = { lot: textArg(event, 'lot'), material, kg: moreKg };
    bringIn(turn, way({ ...said, from: null, to: bin }), [portion]);
  } else move(turn, way({ ...said, from: bin, to: null }), -moreKg);
  turn.out.push(ACCEPTED);
}
