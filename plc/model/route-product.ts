import type { FeedNature } from './carry-over.ts';

/** What a route carries: mash, pellets or finished feed of an order, or a flush after a drug. */
export interface RouteProduct {
  readonly orderId: string;
  readonly lot: string;
  readonly nature: FeedNature;
  readonly kind: 'feed' | 'flush';
  /** Mass that this run of the route brings, kg; 0: not known. A flush counts by it. */
  readonly kg: number;
}

/** What the last medicated product left on a place, and how much flush has passed it since. */
export interface Residue {
  readonly orderId: string;
  readonly lot: string;
  readonly nature: FeedNature;
  readonly flushedKg: number;
}

/** A running order's need goes before a routine refill (DOMAIN 3: one owner at a time). */
export type RoutePriority = 'order' | 'routine';

/** A START that waits for the route. Times are process ms. */
export interface QueuedStart {
  readonly by: string;
  readonly source: string;
  readonly destination: string;
  readonly priority: RoutePriority;
  readonly sinceMs: number;
  readonly untilMs: number;
}
