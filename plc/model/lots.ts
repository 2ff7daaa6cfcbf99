import type { DrugClass, FeedNature } from './carry-over.ts';
import { DRUG_CLASSES } from './carry-over.ts';
import type { Order } from './order.ts';
import type { Reason } from './reason.ts';

/** What is known of a lot beside where it lies. Times ms UTC. */
export interface LotFacts {
  readonly lot: string;
  readonly material: string | null;
  /** Person of quality who put it into quarantine, and why; null: it is not in quarantine. */
  readonly quarantinedBy: string | null;
  readonly note: string | null;
  /** It may be used until then; null: nobody said. */
  readonly expiryTimeMs: number | null;
  /** The drug in it, or rests of it in a flush; null: none that is known of. */
  readonly nature: FeedNature | null;
}

/** What must be known of the lots of one bin before something is taken out of it. */
export interface BinLots {
  /** Why nothing may be taken: a lot near its outlet is in quarantine or has expired. */
  readonly reasons: readonly Reason[];
  /** Drugs, or rests of them, that may come out with what is taken next. */
  readonly drugs: readonly LotFacts[];
}

/** Lots that must not be used, or not in every feed, wherever they lie: for live display. */
export interface LotsStatus {
  readonly keeper: string;
  readonly lots: readonly (LotFacts & {
    readonly expired: boolean;
    /** Bins and stores that the book has it in. */
    readonly bins: readonly string[];
  })[];
  /** Bins of which it matters. */
  readonly bins: Readonly<Record<string, BinLots>>;
}

/** The machine that keeps the register of lots; target of its commands. */
export const LOTS_ID = 'LOTS';

const FLUSH = /^FLUSH-([A-Z]+)$/;

/**
 * What a product is where it lies. A flush has no drug of its own, but takes the rests along: its
 * formula names their class (`FLUSH-IONOPHORE`), and it is used where that class may be.
 */
export function storedNature(order: Pick<Order, 'kind' | 'formulaCode' | 'nature'>): FeedNature {
  if (order.kind !== 'flush') return order.nature;
  const name = FLUSH.exec(order.formulaCode)?.[1]?.toLowerCase() ?? 'none';
  const drugClass: DrugClass = DRUG_CLASSES.find((one) => one === name) ?? 'none';
  return { ...order.nature, drugClass };
}
