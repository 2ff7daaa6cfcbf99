import type { FeedNature } from './carry-over.ts';
import type { Text } from './text.ts';

/** One ingredient of a formula: material code and inclusion in % of the batch. */
export interface FormulaItem {
  readonly material: string;
  readonly pct: number;
  /** Contains a veterinary drug: tighter tolerance, two persons release a dose out of it. */
  readonly drug: boolean;
}

/** Times and temperatures of how a product is made (ISA-88 recipe procedure, parameters). */
export interface ProcedureParameters {
  readonly id: string;
  readonly pelleted: boolean;
  readonly dryMixS: number;
  readonly wetMixS: number;
  /** Conditioner set point, degC; null for mash. */
  readonly conditionerC: number | null;
  /** Load that the press's feeder holds, % of full load; the press's own without it. */
  readonly pressLoadPct?: number | undefined;
  /** Roll gap of the crumbler, mm; whole pellets without it. */
  readonly crumbleMm?: number | undefined;
  /** Liquid laid on the pellets, % of them; none without it. */
  readonly coatPct?: number | undefined;
}

/**
 * An order with its own copy of formula and procedure (ISA-88 control recipe): later edits of the
 * master recipe do not reach it.
 */
export interface Order {
  /** Unique for ever, given by the server, e.g. `2611-0007`. */
  readonly orderId: string;
  readonly formulaCode: string;
  readonly formulaVersion: number;
  readonly product: Text;
  readonly items: readonly FormulaItem[];
  readonly procedure: ProcedureParameters;
  readonly orderKg: number;
  readonly batchKg: number;
  readonly line: string;
  /** Finished bin. */
  readonly destination: string;
  readonly packaging: 'bags' | 'bulk';
  readonly bagKg: number;
  /** Lot of the finished product. */
  readonly lot: string;
  /** `flush`: material sent through the ways after a drug, stored as a lot of its own. */
  readonly kind: 'feed' | 'flush';
  /** What it is as regards carry-over. */
  readonly nature: FeedNature;
  /** Presses that may make it, of those of its line; empty: whichever is free. */
  readonly presses: readonly string[];
  /** Bagger that packs it, of those of its line; null: whichever is free. */
  readonly bagger: string | null;
  /** Wanted by then, ms UTC. */
  readonly dueTimeMs: number | null;
  readonly customer: string | null;
}
