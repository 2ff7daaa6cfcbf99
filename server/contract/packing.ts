import { z } from 'zod';

/** Pallets and bags that were thrown out. Times are ISO 8601 UTC. */

const time = z.iso.datetime();
const text = z.object({ vi: z.string(), en: z.string() });

export const palletViewSchema = z.object({
  palletId: z.string(),
  palletiser: z.string(),
  /** Null for a pallet of a time when this was not written down. */
  bagger: z.string().nullable(),
  orderId: z.string().nullable(),
  lot: z.string().nullable(),
  /** What its order makes; null where the order is not known. */
  product: text.nullable(),
  bags: z.number().int(),
  netKg: z.number().nullable(),
  bagIds: z.array(z.string()),
  time,
});
export type PalletView = z.infer<typeof palletViewSchema>;

/** Pallets of a lot, of an order, or the one that a bag is on; newest first. */
export const palletsQuerySchema = z.strictObject({
  lot: z.string().min(1).max(64).optional(),
  order: z.string().min(1).max(64).optional(),
  bag: z.string().min(1).max(64).optional(),
  before: z.iso.datetime().optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(200),
});
export type PalletsQuery = z.output<typeof palletsQuerySchema>;

export const bagRejectViewSchema = z.object({
  rejectId: z.string(),
  /** Null where it is not known which of several bags it was. */
  bagId: z.string().nullable(),
  bagger: z.string(),
  device: z.string(),
  cause: z.enum(['weight', 'metal']),
  orderId: z.string().nullable(),
  lot: z.string().nullable(),
  time,
});
export type BagRejectView = z.infer<typeof bagRejectViewSchema>;
