import type { Reason } from './reason.ts';

/** What moved stock, and whose id `causeId` is. */
export const STOCK_CAUSES = [
  'dose',
  'movement',
  'bags',
  'truck',
  'receipt',
  'batch',
  'correction',
] as const;
export type StockCause = (typeof STOCK_CAUSES)[number];

/**
 * One lot's part of what went into, out of or from one bin to another: emitted once. All parts of
 * one dose, transfer or truck name the same cause, so the layers of a dose and the way of a lot
 * are read by it. Masses kg, times ms UTC.
 */
export interface StockRecord {
  readonly kind: 'stock';
  /** Unique for ever: `<causeId>/<number of the part>`. */
  readonly stockId: string;
  readonly cause: StockCause;
  /** doseId, movementId, truckId, batchId, `<bagger>/<last count>`, or the id of a command. */
  readonly causeId: string;
  /** Bin that it left; null: it came from outside, or from a mixer. */
  readonly from: string | null;
  /** Bin, scale or bagger that it went to; null: it left the book. */
  readonly to: string | null;
  readonly material: string | null;
  /** Null where more was taken than the book knew of. */
  readonly lot: string | null;
  readonly kg: number;
  /** True where nothing weighed it: from levels and what was taken meanwhile. */
  readonly estimated: boolean;
  /** Person and reason of a receipt or correction. */
  readonly by: string | null;
  readonly note: string | null;
  readonly timeMs: number;
}

/** Where a truck is on its way through the yard, in the order of the way. */
export const TRUCK_STATES = [
  'Booked',
  'Arrived',
  'Accepted',
  'Weighed',
  'Permitted',
  'Tipping',
  'Tipped',
  'Complete',
  'Rejected',
  'Cancelled',
] as const;
export type TruckState = (typeof TRUCK_STATES)[number];

/** What the laboratory found. */
export interface TruckSample {
  readonly moisturePct: number;
  readonly proteinPct: number;
  /** Aflatoxin B1, micrograms per kg. */
  readonly mycotoxinPpb: number;
}

/** A truck of raw material: emitted at every change, the last one counts. Masses kg. */
export interface TruckRecord {
  readonly kind: 'truck';
  readonly truckId: string;
  readonly plate: string;
  readonly material: string;
  readonly supplier: string;
  readonly supplierLot: string;
  /** Net weight on the supplier's ticket. */
  readonly ticketKg: number;
  readonly state: TruckState;
  readonly sample: TruckSample | null;
  readonly grossKg: number | null;
  readonly tareKg: number | null;
  readonly netKg: number | null;
  readonly pit: string | null;
  /** Silos that took it, with the mass of each once it is known. */
  readonly destinations: readonly { readonly bin: string; readonly kg: number | null }[];
  /** The mill's own lot, made with the pit permit. */
  readonly lot: string | null;
  readonly createdBy: string;
  readonly bookedTimeMs: number;
  readonly dueTimeMs: number | null;
  readonly arrivedTimeMs: number | null;
  readonly finishedTimeMs: number | null;
  /** Why it was rejected, or what it waits for. */
  readonly reasons: readonly Reason[];
}
