import { z } from 'zod';
import { DRUG_CLASSES, SPECIES } from '../model/carry-over.ts';

const id = z.string().min(1).max(64);
const longId = z.string().min(1).max(200);
const kg = z.number().nonnegative().max(1e9);
const timeMs = z.number().int().nonnegative().max(8.64e15);
const degC = z.number().min(-50).max(200).nullable();

/** Records of what comes after the mixer, as they travel over `/link`. */
export const pressRunSchema = z.strictObject({
  kind: z.literal('press-run'),
  runId: longId,
  press: id,
  orderId: id.nullable(),
  lot: id.nullable(),
  destination: z.string().max(64),
  setC: z.number(),
  fedKg: kg,
  steamKg: kg,
  kWh: z.number().nullable(),
  meanC: degC,
  minC: degC,
  maxC: degC,
  chokes: z.number().int().nonnegative(),
  startedTimeMs: timeMs,
  endedTimeMs: timeMs,
});

export const palletSchema = z.strictObject({
  kind: z.literal('pallet'),
  palletId: longId,
  orderId: id.nullable(),
  lot: id.nullable(),
  palletiser: id,
  bagger: id,
  bags: z.number().int().positive(),
  bagIds: z.array(id).max(200),
  netKg: z.number().nullable(),
  timeMs,
});

export const bagRejectSchema = z.strictObject({
  kind: z.literal('bag-reject'),
  rejectId: longId,
  bagId: id.nullable(),
  bagger: id,
  device: id,
  cause: z.enum(['weight', 'metal']),
  orderId: id.nullable(),
  lot: id.nullable(),
  timeMs,
});

export const loadSchema = z.strictObject({
  kind: z.literal('load'),
  loadId: longId,
  spout: id,
  truck: id,
  compartment: z.number().int().nonnegative(),
  bin: id,
  orderId: id.nullable(),
  lot: id.nullable(),
  targetKg: kg,
  netKg: z.number(),
  // A spool of before this was asked has rows without it.
  last: z
    .strictObject({
      drugClass: z.enum(DRUG_CLASSES),
      species: z.enum(SPECIES),
      withdrawal: z.boolean(),
    })
    .nullable()
    .default(null),
  certificate: z.string().max(40).nullable().default(null),
  startedTimeMs: timeMs,
  endedTimeMs: timeMs,
});

export const binStateSchema = z.strictObject({
  kind: z.literal('bin-state'),
  changeId: longId,
  bin: id,
  state: z.string().max(20),
  orderId: id.nullable(),
  lot: id.nullable(),
  by: id.nullable(),
  timeMs,
});
