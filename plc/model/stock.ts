/** One lot in a layer of a bin, kg. */
export interface StockPortion {
  readonly lot: string | null;
  readonly material: string | null;
  readonly kg: number;
}

/** What the book says lies in one bin, for live display: the lowest layer first. */
export interface StockStatus {
  readonly bin: string;
  readonly material: string | null;
  /** Of a store of sacks each portion is a lot; one below zero was used before its receipt. */
  readonly flow: 'mass' | 'funnel' | 'store';
  readonly capacityKg: number;
  readonly bookKg: number;
  readonly layers: readonly (readonly StockPortion[])[];
  /** Book and measured level have differed by more than 3 % of the bin for longer than allowed. */
  readonly differs: boolean;
}

/** The machine that keeps the book of all bins; target of its commands. */
export const STOCK_ID = 'STOCK';
