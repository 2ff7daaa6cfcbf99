import { z } from 'zod';
import type { RecordFaultCode } from './record-faults.ts';
import { RECORD_FAULT_TEXTS } from './record-faults.ts';

/** Schemas of the batch record, its trace and the drug ledger. Times are ISO 8601 UTC. */

const time = z.iso.datetime();

export const recordFaultSchema = z.object({
  code: z.enum(Object.keys(RECORD_FAULT_TEXTS) as [RecordFaultCode, ...RecordFaultCode[]]),
  objects: z.record(z.string(), z.union([z.string(), z.number()])),
});

/** The batch record of an order as the chain holds it, and whether it is as it was signed. */
export const recordViewSchema = z.object({
  orderId: z.string(),
  /** Hash of the last entry, and the fingerprint of the key that signed it. */
  head: z.string(),
  key: z.string().nullable(),
  signed: time.nullable(),
  /** The first thing that is not as it was signed; null: all is. */
  fault: recordFaultSchema.nullable(),
  /** Sums that do not hold. */
  sums: z.array(recordFaultSchema),
  entries: z.array(
    z.object({
      sequence: z.number().int(),
      kind: z.string(),
      written: time,
      hash: z.string(),
      content: z.record(z.string(), z.unknown()),
    }),
  ),
});
export type RecordView = z.infer<typeof recordViewSchema>;
