import type { Text } from './text.ts';

/** One ingredient of a formula: material code and inclusion in % of the batch. */
export interface FormulaItem {
  readonly material: string;
  readonly pct: number;
}

/** Times and temperatures of how a product is made (ISA-88 recipe procedure, parameters). */
export interface ProcedureParameters {
  readonly id: string;
  readonly pelleted: boolean;
  readonly dryMixS: number;
  readonly wetMixS: number;
  /** Conditioner set point, degC; null for mash. */
  readonly conditionerC: number | null;
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
}
