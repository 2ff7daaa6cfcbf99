import type { BinFlow, Book, Portion } from '../../logic/layers.ts';
import type { CarryOverRule } from '../../model/carry-over.ts';
import type { KitContext } from '../kit.ts';
import type { LotsNews } from './lots-news.ts';

/** A bin whose stock is kept. */
export interface StockBin {
  readonly capacityKg: number;
  readonly material: string | null;
  readonly flow: BinFlow;
  /** What lay in it when the book was opened (the mill file). */
  readonly openingKg: number;
  readonly openingLot: string | null;
  /** Whether its level is watched against the book: not where product only passes through. */
  readonly watched: boolean;
  /** Mash or feed lies in it, each lot apart: when its level is nothing, so is its book. */
  readonly product: boolean;
  /** It has tags: a store has none. */
  readonly tagged: boolean;
}

/** What the stock keeper is made with. */
export interface StockInput {
  readonly id: string;
  readonly bins: Readonly<Record<string, StockBin>>;
  /** Scale -> the surge bin under the mixer of its line. */
  readonly surges: Readonly<Record<string, string>>;
  /** Destinations of routes that write down each bag themselves. */
  readonly baggers: readonly string[];
  /** Where trucks tip and sacks are dumped: scales and sacks tell what goes through, not levels. */
  readonly weighedPits: readonly string[];
  /** Hatches where persons add sacks: what they weigh comes out of the store of sacks. */
  readonly hatches: readonly string[];
  /** The store of sacks. */
  readonly store: string;
  /** Materials that are drugs: labelled, and brought by two persons. */
  readonly drugs: readonly string[];
  readonly carryOver: readonly CarryOverRule[];
}

export interface BinStock {
  readonly book: Book;
  /** What came out last: what comes out beyond the book is taken to be of the same. */
  readonly last: Pick<Portion, 'lot' | 'material'>;
  /** Since when book and level have differed too much, process ms. */
  readonly differsSinceMs: number | null;
  readonly differs: boolean;
}

/** A transfer that runs, or has ended and waits for its level to come to rest. */
export interface Transfer {
  readonly movementId: string;
  readonly from: string;
  readonly to: string;
  /** Parts written down so far: the number of the next. */
  readonly parts: number;
  /** Mass moved so far, kg. */
  readonly movedKg: number;
  /** Mass that something weighed, kg; null: the level tells. */
  readonly weighedKg: number | null;
  /** When the last of it is settled, process ms; null while it runs. */
  readonly endsAtMs: number | null;
  /**
   * What its source was booked to hold when that was empty and something new began to come in, kg:
   * this much is still on its way (in a press, in a cooler) and is all that will come of it.
   */
  readonly onItsWayKg?: number;
}

/** A batch on its way from the scales to the surge bin. */
export interface BatchInMaking {
  readonly surge: string;
  readonly dosedKg: number;
}

/** Bags since the last stock record of a bagger. */
export interface Bagged {
  readonly from: string;
  readonly kg: number;
  readonly bags: number;
  readonly lastBagId: string;
}

export interface StockContext extends KitContext {
  readonly state: 'Keeping';
  readonly made: StockInput;
  readonly bins: Readonly<Record<string, BinStock>>;
  /** By route. */
  readonly transfers: Readonly<Record<string, Transfer>>;
  readonly ended: readonly Transfer[];
  readonly batches: Readonly<Record<string, BatchInMaking>>;
  readonly bagged: Readonly<Record<string, Bagged>>;
  /** What must not be used. */
  readonly news: LotsNews;
  /** Receipts and corrections so far: part of their ids. */
  readonly entries: number;
  readonly lookAtMs: number;
  /** All of it was shown once. */
  readonly told: boolean;
}

/** How often running transfers are settled and levels compared, ms. */
export const LOOK_MS = 60_000;
/** A level is at rest so long after a transfer has ended, ms. */
export const REST_MS = 10_000;
/** Book against level: more than this share of the bin is an alarm (DOMAIN 4) ... */
export const DIFFERENCE_PCT = 3;
/** ... once it has lasted so long with no transfer under way, ms. */
export const DIFFERENCE_MS = 600_000;
/** A running transfer is settled when it has moved this much of the bin: less is noise, %. */
export const STEP_PCT = 0.5;
/** A stock record for as many bags: a pallet. */
export const BAGS_PER_RECORD = 40;
/** Batches in making and ended transfers that are remembered; beyond, the oldest is settled. */
export const REMEMBERED_MAX = 60;
