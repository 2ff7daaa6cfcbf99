import type { LotsStatus } from '../../model/lots.ts';
import type { Reason } from '../../model/reason.ts';
import type { Tariff } from '../../model/tariff.ts';
import type { KitContext } from '../kit.ts';

/** What the refill of one bin is made with. */
export interface RefillInput {
  readonly id: string;
  readonly bin: string;
  readonly material: string | null;
  readonly capacityKg: number;
  readonly route: string;
  /** Storage bins with its material, in the order in which they are emptied. */
  readonly sources: readonly string[];
  readonly startPct: number;
  readonly stopPct: number;
  /** Turn among the bins of the same route: an emptier bin asks earlier. */
  readonly turn: number;
  /** Other bins out of which the same scale takes the same material, with what they hold, kg. */
  readonly twins: Readonly<Record<string, number>>;
  /** Refills of other bins by the same route; which of twins is filled makes no difference. */
  readonly rivals: readonly string[];
  /** Refills of its sources, which are told of the demand in turn. */
  readonly upstream: readonly string[];
  /** Those of its sources that are refilled themselves: small hoppers, not silos. */
  readonly hoppers: readonly string[];
  /**
   * A run is cut short before this only for an order's need or a nearly empty bin: the drives of
   * the route may be started so often in an hour, ms.
   */
  readonly runMinMs: number;
  /** Hours of energy that its route heeds; null where it does not grind. */
  readonly tariff: Tariff | null;
}

/** What one line will take from the bin, kg. */
export interface Demand {
  readonly kg: number;
  readonly batchKg: number;
}

export interface RefillContext extends KitContext {
  readonly state: 'Full' | 'Waiting' | 'Asked' | 'Queued' | 'Filling';
  readonly made: RefillInput;
  readonly source: string | null;
  /** What the lines will take, by who said so. */
  readonly demands: Readonly<Record<string, Demand>>;
  /** An emptier bin, or one that an order needs, waits for the route that this one has. */
  readonly wanted: boolean;
  readonly wantedForOrder: boolean;
  /** One of those that wait is nearly empty. */
  readonly wantedSoon: boolean;
  /** One of those that wait has not enough for the next batch: its line stands, or soon will. */
  readonly wantedByStanding: boolean;
  /** When it asks for the route (again), and when it reminds those who have it, process ms. */
  readonly askAtMs: number | null;
  readonly remindAtMs: number | null;
  /** When the tariff may change, process ms. */
  readonly tariffAtMs: number | null;
  /** Storage out of which nothing may be taken, by the register of lots. */
  readonly lotsIn: LotsStatus['bins'];
  /** Why it is not being filled though it should be. */
  readonly reasons: readonly Reason[];
}
