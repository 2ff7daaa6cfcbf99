import { z } from 'zod';

/** The ledger of drugs and the reconciliation of medicated feed (21 CFR 225). Masses kg. */

const time = z.iso.datetime();
const text = z.object({ vi: z.string(), en: z.string() });

export const ledgerQuerySchema = z.strictObject({ day: z.iso.date() });
export const ledgerCsvQuerySchema = ledgerQuerySchema.extend({
  language: z.enum(['vi', 'en']).default('vi'),
});

export const drugEntrySchema = z.strictObject({
  kind: z.enum(['receipt', 'count']),
  lot: z.string().trim().min(1).max(64),
  material: z.string().min(1).max(64),
  kg: z.number().min(0).max(100_000),
  note: z.string().trim().min(1).max(500),
});
export type DrugEntry = z.infer<typeof drugEntrySchema>;

export const reconcileSchema = z.strictObject({ note: z.string().trim().min(1).max(500) });

export const drugLotUseSchema = z.object({
  lot: z.string(),
  material: z.string(),
  targetKg: z.number(),
  usedKg: z.number(),
});

export const ledgerSchema = z.object({
  day: z.string(),
  from: time,
  to: time,
  timeZone: z.string(),
  lots: z.array(
    z.object({
      lot: z.string(),
      material: z.string(),
      text,
      openingKg: z.number(),
      receivedKg: z.number(),
      usedKg: z.number(),
      /** What should be left: opening + received - used. */
      bookKg: z.number(),
      /** What is left: the last count of the day, else the book. */
      closingKg: z.number(),
      counted: z.boolean(),
      /** Closing - book. */
      discrepancyKg: z.number(),
      outside: z.boolean(),
      uses: z.array(
        z.object({
          batchId: z.string(),
          orderId: z.string(),
          targetKg: z.number(),
          kg: z.number(),
        }),
      ),
    }),
  ),
  /** Medicated orders that ended and are held, and those reconciled in the day. */
  orders: z.array(
    z.object({
      orderId: z.string(),
      lot: z.string(),
      product: text,
      state: z.enum(['held', 'proposed', 'released']),
      finished: time.nullable(),
      proposedBy: z.string().nullable(),
      confirmedBy: z.string().nullable(),
      lots: z.array(drugLotUseSchema),
    }),
  ),
  /** Orders of the day in their sequence on each line, with what went before. */
  sequence: z.array(
    z.object({
      line: z.string(),
      orderId: z.string(),
      lot: z.string(),
      product: text,
      kind: z.string(),
      drugClass: z.string(),
      afterDrugClass: z.string().nullable(),
      afterKind: z.string().nullable(),
      started: time,
      kg: z.number(),
    }),
  ),
});
export type Ledger = z.infer<typeof ledgerSchema>;
