import { z } from 'zod';
import type { Reason, ReasonCode } from '../model/reason.ts';
import { REASON_TEXTS } from '../model/reason.ts';
import type { StockRecord, TruckRecord } from '../model/record-stock.ts';
import { STOCK_CAUSES, TRUCK_STATES } from '../model/record-stock.ts';

const id = z.string().min(1).max(64);
const words = z.string().trim().min(1).max(200);
const kg = z.number().nonnegative().max(1e9);
const timeMs = z.number().int().nonnegative().max(8.64e15);
/** The bar code of a sack: GS1 elements (10) lot, (17) expiry, (240) material. */
const label = z.string().min(1).max(100);
const plate = z.string().trim().min(3).max(16);
const reasonSchema = z.strictObject({
  code: z.enum(Object.keys(REASON_TEXTS) as [ReasonCode, ...ReasonCode[]]),
  objects: z.record(z.string(), z.union([z.string(), z.number()])),
}) satisfies z.ZodType<Reason>;

const sample = {
  moisturePct: z.number().min(0).max(100),
  proteinPct: z.number().min(0).max(100),
  mycotoxinPpb: z.number().min(0).max(10_000),
};
const truck = { truckId: id };

/**
 * Commands of the truck desk (target `TRUCKS`), the stock keeper (`STOCK`), the register of lots
 * (`LOTS`), dump hoppers and transfers.
 */
export const INTAKE_COMMANDS = {
  'truck.book': z.strictObject({
    plate,
    material: id,
    supplier: words,
    supplierLot: id,
    ticketKg: z.number().positive().max(100_000),
    dueTimeMs: timeMs.optional(),
  }),
  'truck.arrive': z.strictObject(truck),
  /** `material`: what the laboratory found to be in it. */
  'truck.sample': z.strictObject({ ...truck, ...sample, material: id }),
  /** For a plate that the camera does not read; without it the machine weighs by itself. */
  'truck.weigh': z.strictObject({ ...truck, bridge: id }),
  'truck.permit': z.strictObject({ ...truck, pit: id }),
  /** Bagged goods: they were carried into the store of sacks. */
  'truck.unload': z.strictObject(truck),
  'truck.cancel': z.strictObject({ ...truck, note: words }),
  /** After a restart: the pit goes on where it was (target: its light). */
  'pit.resume': z.strictObject({}),
  /** Into a bin or into `STORE`. A drug: with the label of its lot, and a second person. */
  'stock.receive': z.strictObject({
    bin: id,
    material: id,
    lot: id,
    kg: z.number().positive().max(100_000),
    label: label.optional(),
    second: id.optional(),
  }),
  'stock.correct': z.strictObject({ bin: id, kg, lot: id.optional(), note: words }),
  /** Target `LOTS`: a lot may not be used, wherever it lies, or may again. */
  'lot.quarantine': z.strictObject({ lot: id, on: z.boolean(), note: words }),
  /** Target: the hopper. Sacks are dumped into it for one bin, lot by lot. */
  'dump.start': z.strictObject({ bin: id, label, second: id.optional() }),
  'dump.scan-lot': z.strictObject({ label, second: id.optional() }),
  'dump.tipped': z.strictObject({
    sacks: z.number().int().min(1).max(400),
    kg: z.number().positive().max(20_000).optional(),
  }),
  'dump.stop': z.strictObject({}),
  'dump.resume': z.strictObject({}),
  /** Target: the route that leads from one bin to the other. */
  'transfer.start': z.strictObject({
    source: id,
    destination: id,
    kg: z.number().positive().max(5_000_000),
  }),
  'transfer.stop': z.strictObject({}),
  'transfer.resume': z.strictObject({}),
} as const;

export const stockRecordSchema = z.strictObject({
  kind: z.literal('stock'),
  stockId: z.string().max(240),
  cause: z.enum(STOCK_CAUSES),
  causeId: z.string().max(200),
  from: id.nullable(),
  to: id.nullable(),
  material: id.nullable(),
  lot: id.nullable(),
  kg,
  estimated: z.boolean(),
  by: id.nullable(),
  note: z.string().max(200).nullable(),
  timeMs,
}) satisfies z.ZodType<StockRecord>;

export const truckRecordSchema = z.strictObject({
  kind: z.literal('truck'),
  truckId: id,
  plate,
  material: id,
  supplier: words,
  supplierLot: id,
  ticketKg: kg,
  state: z.enum(TRUCK_STATES),
  sample: z.strictObject(sample).nullable(),
  grossKg: kg.nullable(),
  tareKg: kg.nullable(),
  netKg: z.number().nullable(),
  pit: id.nullable(),
  destinations: z.array(z.strictObject({ bin: id, kg: kg.nullable() })).max(4),
  lot: id.nullable(),
  createdBy: id,
  bookedTimeMs: timeMs,
  dueTimeMs: timeMs.nullable(),
  arrivedTimeMs: timeMs.nullable(),
  finishedTimeMs: timeMs.nullable(),
  reasons: z.array(reasonSchema).max(20),
}) satisfies z.ZodType<TruckRecord>;
