import type { PlannedDose } from '../../plc/logic/batch-plan.ts';
import type { CarryOverRule, FeedNature } from '../../plc/model/carry-over.ts';
import type { Order } from '../../plc/model/order.ts';
import type { Reason } from '../../plc/model/reason.ts';
import type { Text } from '../../plc/model/text.ts';
import type { ControlRecipe } from '../../recipes/control-recipe.ts';
import type { MillWays } from './ways.ts';

/** What is wanted. Members that are null are left to the planner. */
export interface PlanRequest {
  /** Becomes the order's number. */
  readonly planId: string;
  readonly kind: Order['kind'];
  readonly recipe: ControlRecipe;
  /** Materials that may take the place of another one, as the formula lists them. */
  readonly substitutes: Readonly<Record<string, readonly string[]>>;
  /** Die of the press and screen of the hammer mills that the product asks for, mm. */
  readonly dieMm: number | null;
  readonly screenMm: number | null;
  readonly orderKg: number;
  readonly batchKg: number | null;
  readonly line: string | null;
  readonly press: string | null;
  readonly destination: string | null;
  readonly bagger: string | null;
  readonly packaging: Order['packaging'];
  readonly bagKg: number;
  readonly dueTimeMs: number | null;
  readonly customer: string | null;
}

/** What went over a unit last, as far as the next product must know. */
export interface Trace {
  readonly formulaCode: string;
  readonly nature: FeedNature;
}

/** A finished bin at the start of the plan. */
export interface BinContent {
  readonly formulaCode: string | null;
  readonly nature: FeedNature | null;
  /** Null: not known, because its signals are not good. */
  readonly kg: number | null;
}

/** The mill at the moment from which is planned. What is not in a map is empty, clean or free. */
export interface PlanStart {
  readonly nowMs: number;
  readonly finished: ReadonlyMap<string, BinContent>;
  /** By unit: a line, press or bagger. */
  readonly traces: ReadonlyMap<string, Trace>;
  readonly diesMm: ReadonlyMap<string, number>;
  readonly screenMm: number | null;
  /** What storage and dosing bins hold of each material, kg. */
  readonly stockKg: ReadonlyMap<string, number>;
  readonly busyUntilMs: ReadonlyMap<string, number>;
}

export interface PlanInput {
  readonly ways: MillWays;
  readonly carryOver: readonly CarryOverRule[];
  readonly start: PlanStart;
}

/** A stage of an order on its unit, as forecast; ms UTC. */
export interface PlanStage {
  readonly stage: 'dosing' | 'pressing' | 'bagging';
  readonly unit: string;
  readonly startMs: number;
  readonly endMs: number;
}

/** What must happen on a unit before the order, and the rule that asks for it. */
export interface PlanChange {
  readonly kind: 'flush' | 'clean' | 'forbidden' | 'die' | 'screen';
  readonly unit: string;
  readonly flushKg: number;
  readonly why: Text;
}

/** An order as it would be sent to its line, with its forecast and all that speaks against it. */
export interface PlannedOrder {
  readonly planId: string;
  readonly order: Order;
  readonly press: string | null;
  readonly batches: { readonly count: number; readonly eachKg: number };
  /** Doses of one batch. */
  readonly doses: readonly PlannedDose[];
  readonly stages: readonly PlanStage[];
  readonly changes: readonly PlanChange[];
  /** Why it cannot be released; empty when it can. */
  readonly reasons: readonly Reason[];
  /** What a person should know, and that keeps nothing from going on. */
  readonly notes: readonly Reason[];
  /** The order that this flush was planned for by itself; null for what a person asked for. */
  readonly flushFor: string | null;
}

export interface Plan {
  readonly orders: readonly PlannedOrder[];
  readonly endMs: number;
  readonly flushes: number;
  readonly dieChanges: number;
  readonly screenChanges: number;
}
