import { z } from 'zod';

/** Planned orders: the queue before the lines, its forecast and what is missing. */

const id = z.string().min(1).max(64);
const text = z.object({ vi: z.string(), en: z.string() });
const time = z.iso.datetime();
const reasons = z.array(
  z.object({
    code: z.string(),
    objects: z.record(z.string(), z.union([z.string(), z.number()])),
  }),
);

export const PLAN_STATES = ['planned', 'released', 'sent', 'refused'] as const;
export type PlanState = (typeof PLAN_STATES)[number];

/** What is wanted. What is left out is proposed by the planner. */
export const planWishSchema = z.strictObject({
  formula: id,
  orderKg: z.number().min(1).max(1_000_000),
  batchKg: z.number().min(1).max(20_000).optional(),
  line: id.optional(),
  press: id.optional(),
  destination: id.optional(),
  bagger: id.optional(),
  packaging: z.enum(['bags', 'bulk']),
  bagKg: z.number().min(1).max(1_000).default(25),
  due: time.optional(),
  customer: z.string().min(1).max(100).optional(),
  /** Ingredients that another one takes the place of, as the formula allows. */
  substitutions: z
    .array(z.strictObject({ material: id, by: id }))
    .max(20)
    .default([]),
});
export type PlanWish = z.input<typeof planWishSchema>;

export const planStageSchema = z.object({
  stage: z.enum(['dosing', 'pressing', 'bagging']),
  unit: z.string(),
  start: time,
  end: time,
});

export const plannedOrderSchema = z.object({
  planId: z.string(),
  state: z.enum(PLAN_STATES),
  kind: z.enum(['feed', 'flush']),
  /** The order that this flush makes legal; it is planned by itself. */
  flushFor: z.string().nullable(),
  formula: z.string(),
  formulaVersion: z.number().int(),
  product: text,
  orderKg: z.number(),
  batches: z.object({ count: z.number().int(), eachKg: z.number() }),
  line: z.string(),
  press: z.string().nullable(),
  destination: z.string(),
  packaging: z.enum(['bags', 'bulk']),
  bagger: z.string().nullable(),
  due: time.nullable(),
  customer: z.string().nullable(),
  createdBy: z.string(),
  releasedBy: z.string().nullable(),
  stages: z.array(planStageSchema),
  doses: z.array(
    z.object({
      material: z.string(),
      scale: z.string(),
      bin: z.string(),
      targetKg: z.number(),
      toleranceKg: z.number(),
    }),
  ),
  changes: z.array(
    z.object({
      kind: z.enum(['flush', 'clean', 'forbidden', 'die', 'screen']),
      unit: z.string(),
      flushKg: z.number(),
      why: text,
    }),
  ),
  /** Why it cannot be released; empty when it can. */
  reasons,
  notes: reasons,
});
export type PlannedOrderView = z.infer<typeof plannedOrderSchema>;

export const planViewSchema = z.object({
  /** Counts the changes of the queue: sent back with every change of it. */
  revision: z.number().int(),
  orders: z.array(plannedOrderSchema),
  end: time,
  flushes: z.number().int(),
  dieChanges: z.number().int(),
  screenChanges: z.number().int(),
});
export type PlanView = z.infer<typeof planViewSchema>;

export const planSequenceSchema = z.strictObject({
  revision: z.number().int(),
  /** Every planned order, in the order in which they are to be made. */
  sequence: z.array(id).max(60),
});
/** Releases the queue from its top down to this order. */
export const planReleaseSchema = z.strictObject({ revision: z.number().int(), upTo: id });

const cost = z.object({
  minutes: z.number(),
  flushes: z.number().int(),
  dieChanges: z.number().int(),
  screenChanges: z.number().int(),
  forbidden: z.number().int(),
  lateMin: z.number(),
});
export const planProposalSchema = z.object({
  revision: z.number().int(),
  sequence: z.array(z.string()),
  lines: z.array(
    z.object({
      line: z.string(),
      exact: z.boolean(),
      asGiven: cost,
      proposed: cost,
      flushesSaved: z.number().int(),
      changes: z.array(
        z.object({ kind: z.string(), before: z.string(), next: z.string(), why: text }),
      ),
    }),
  ),
});
export type PlanProposal = z.infer<typeof planProposalSchema>;
