import type { FeedNature } from './carry-over.ts';

/** A run of a press, from its start until it ran empty: emitted once. Masses kg, times ms UTC. */
export interface PressRunRecord {
  readonly kind: 'press-run';
  /** Unique for ever: `<press>/<start time>`. */
  readonly runId: string;
  readonly press: string;
  readonly orderId: string | null;
  readonly lot: string | null;
  readonly destination: string;
  readonly setC: number;
  /** Mash by the feeder's calibration, and steam by the heat that it took up. */
  readonly fedKg: number;
  readonly steamKg: number;
  /** By the press's own meter; null where it could not be read. */
  readonly kWh: number | null;
  /** Conditioner while it pressed, degC; null where it never did. */
  readonly meanC: number | null;
  readonly minC: number | null;
  readonly maxC: number | null;
  readonly chokes: number;
  readonly startedTimeMs: number;
  readonly endedTimeMs: number;
}

/** A pallet that the palletiser finished: emitted once. */
export interface PalletRecord {
  readonly kind: 'pallet';
  /** Unique for ever: `<palletiser>/<count>`. */
  readonly palletId: string;
  readonly orderId: string | null;
  readonly lot: string | null;
  readonly palletiser: string;
  readonly bagger: string;
  /** By the palletiser's own count: a whole pallet, or the rest of an order. */
  readonly bags: number;
  /** The bags that are on it; fewer than `bags` where some were filled unseen. */
  readonly bagIds: readonly string[];
  readonly netKg: number | null;
  readonly timeMs: number;
}

/** A bag that was thrown out behind the bagger: emitted once. */
export interface BagRejectRecord {
  readonly kind: 'bag-reject';
  /** Unique for ever: `<device>/<its count of rejects>`. */
  readonly rejectId: string;
  /** Null where it is not known which of several it was. */
  readonly bagId: string | null;
  readonly bagger: string;
  readonly device: string;
  readonly cause: 'weight' | 'metal';
  readonly orderId: string | null;
  readonly lot: string | null;
  readonly timeMs: number;
}

/** Product loaded into one compartment of a bulk truck: emitted once. */
export interface LoadRecord {
  readonly kind: 'load';
  /** Unique for ever: `<spout>/<start time>`. */
  readonly loadId: string;
  readonly spout: string;
  readonly truck: string;
  readonly compartment: number;
  readonly bin: string;
  readonly orderId: string | null;
  readonly lot: string | null;
  readonly targetKg: number;
  readonly netKg: number;
  /** What the compartment carried before, by its papers; null: not known. */
  readonly last: FeedNature | null;
  /** Number of the certificate that it was cleaned by; null: it was not cleaned. */
  readonly certificate: string | null;
  readonly startedTimeMs: number;
  readonly endedTimeMs: number;
}

/** A finished bin changed its state: emitted once. */
export interface BinStateRecord {
  readonly kind: 'bin-state';
  /** Unique for ever: `<bin>/<time>/<state>`. */
  readonly changeId: string;
  readonly bin: string;
  readonly state: string;
  readonly orderId: string | null;
  readonly lot: string | null;
  /** Who released, held or cleaned it; null where it went by itself. */
  readonly by: string | null;
  readonly timeMs: number;
}

export type FinishingRecord =
  | PressRunRecord
  | PalletRecord
  | BagRejectRecord
  | LoadRecord
  | BinStateRecord;
