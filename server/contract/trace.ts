import { z } from 'zod';

/** The genealogy of a lot, both ways (EU 178/2002 art. 18, ISO 22005). Times are ISO 8601 UTC. */

const time = z.iso.datetime();
const text = z.object({ vi: z.string(), en: z.string() });

export const TRACE_KINDS = [
  'supplier',
  'raw',
  'batch',
  'product',
  'bags',
  'truck',
  'customer',
] as const;

/** A place of the drawing, left to right in the order of `TRACE_KINDS`. */
export const traceNodeSchema = z.object({
  /** Unique in the answer. */
  id: z.string(),
  kind: z.enum(TRACE_KINDS),
  label: z.string(),
  /** Product or material; null where the label says all. */
  text: text.nullable(),
  kg: z.number().nullable(),
  count: z.number().int().nullable(),
  from: time.nullable(),
  to: time.nullable(),
  /** A drug is in it, also by fines and rework. */
  drug: z.boolean(),
  orderId: z.string().nullable(),
});
export type TraceNode = z.infer<typeof traceNodeSchema>;

export const traceSchema = z.object({
  /** The node that was asked for. */
  start: z.string(),
  nodes: z.array(traceNodeSchema),
  edges: z.array(z.object({ from: z.string(), to: z.string(), kg: z.number().nullable() })),
  /** Ways of the traced lots between places of the mill. */
  movements: z.array(
    z.object({
      lot: z.string(),
      /** Null: from outside, or out of the book. */
      from: z.string().nullable(),
      to: z.string().nullable(),
      times: z.number().int(),
      kg: z.number().nullable(),
      first: time,
      last: time,
    }),
  ),
  /** Pallets of the lots; the one that was asked for, or that holds the bag, with its bags. */
  pallets: z.array(
    z.object({
      palletId: z.string(),
      lot: z.string().nullable(),
      palletiser: z.string(),
      bagger: z.string().nullable(),
      bags: z.number().int(),
      netKg: z.number().nullable(),
      time,
      asked: z.boolean(),
      bagIds: z.array(z.string()),
    }),
  ),
  rejects: z.array(
    z.object({
      lot: z.string(),
      bagger: z.string(),
      cause: z.enum(['weight', 'metal']),
      bags: z.number().int(),
    }),
  ),
  /** More than the answer holds: the trace is not complete. */
  truncated: z.boolean(),
});
export type Trace = z.infer<typeof traceSchema>;
