import { z } from 'zod';
import { STOCK_CAUSES, TRUCK_STATES } from '../../plc/model/record-stock.ts';

const time = z.iso.datetime();
const kg = z.number();
const portion = z.object({ lot: z.string().nullable(), material: z.string().nullable(), kg });

/** What the book says lies in a bin now: layers, the lowest first. */
export const stockViewSchema = z.object({
  bin: z.string(),
  material: z.string().nullable(),
  flow: z.enum(['mass', 'funnel', 'store']),
  capacityKg: kg,
  bookKg: kg,
  layers: z.array(z.array(portion)),
  differs: z.boolean(),
});

/** One lot's part of what moved. */
export const stockMoveSchema = z.object({
  stockId: z.string(),
  cause: z.enum(STOCK_CAUSES),
  causeId: z.string(),
  from: z.string().nullable(),
  to: z.string().nullable(),
  material: z.string().nullable(),
  lot: z.string().nullable(),
  kg,
  estimated: z.boolean(),
  by: z.string().nullable(),
  note: z.string().nullable(),
  time,
});
export type StockMove = z.infer<typeof stockMoveSchema>;

/** Movements of a lot, a bin (out or in), or a cause (dose, truck, transfer); newest first. */
export const stockMovesQuerySchema = z.strictObject({
  lot: z.string().min(1).max(64).optional(),
  bin: z.string().min(1).max(64).optional(),
  cause: z.string().min(1).max(200).optional(),
  before: z.iso.datetime().optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(200),
});
export type StockMovesQuery = z.output<typeof stockMovesQuerySchema>;

export const truckViewSchema = z.object({
  truckId: z.string(),
  plate: z.string(),
  material: z.string(),
  supplier: z.string(),
  supplierLot: z.string(),
  ticketKg: kg,
  state: z.enum(TRUCK_STATES),
  grossKg: kg.nullable(),
  tareKg: kg.nullable(),
  netKg: kg.nullable(),
  pit: z.string().nullable(),
  lot: z.string().nullable(),
  destinations: z.array(z.object({ bin: z.string(), kg: kg.nullable() })),
  createdBy: z.string(),
  booked: time,
  arrived: time.nullable(),
  finished: time.nullable(),
});
export type TruckView = z.infer<typeof truckViewSchema>;
