import { toMilligram } from '../../logic/layers.ts';
import type { BagRecord, BatchRecord, DoseRecord } from '../../model/record.ts';
import type { TruckRecord } from '../../model/record-stock.ts';
import { BAGS_PER_RECORD, REMEMBERED_MAX } from './stock.context.ts';
import { bringBefore } from './stock.transfers.ts';
import type { StockTurn } from './stock.turn.ts';
import { bringIn, move, moveFromStore, way } from './stock.turn.ts';

/** Keeps the newest of a list by id. */
function newest<T>(all: Readonly<Record<string, T>>): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(all).slice(-REMEMBERED_MAX));
}

/** A dose leaves its bin, and belongs to its batch. */
export function bookDose(turn: StockTurn, dose: DoseRecord): void {
  const { bin, scale, doseId, actualKg, batchId } = dose;
  const of = way({ cause: 'dose', causeId: doseId, from: bin, to: scale });
  if (turn.context.made.hatches.includes(scale)) {
    moveFromStore(turn, of, { lot: dose.lot, material: dose.material, kg: toMilligram(actualKg) });
  } else {
    bringBefore(turn, bin, actualKg);
    move(turn, of, actualKg);
  }
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
