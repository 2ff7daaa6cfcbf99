import { z } from 'zod';

const kg = z.number();

/** `GET /api/dosing-points`: what the scales have learnt of each bin. */
export const dosingPointsSchema = z.array(
  z.object({
    scale: z.string(),
    bin: z.string(),
    material: z.string(),
    lot: z.string().nullable(),
    /** Still missing at the change to fine flow, kg. */
    changeoverKg: kg,
    /** Still falling after the cut, kg. */
    inFlightKg: kg,
    coarseKgPerS: kg.nullable(),
    fineKgPerS: kg.nullable(),
    doses: z.number(),
  }),
);
