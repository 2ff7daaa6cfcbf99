import { z } from 'zod';

/** The production report of a day or shift. Times are ISO 8601 UTC, masses t unless named. */

const text = z.object({ vi: z.string(), en: z.string() });
const time = z.iso.datetime();
const day = z.iso.date();

/** The mill's shifts: 06-14, 14-22 and 22-06 local time; a day is its three shifts, from 06:00. */
export const SHIFTS = [1, 2, 3] as const;
export const reportQuerySchema = z.object({
  day,
  shift: z.coerce.number().int().min(1).max(3).optional(),
});
export const reportCsvQuerySchema = reportQuerySchema.extend({
  language: z.enum(['vi', 'en']).default('vi'),
});
export const productionReportSchema = z.object({
  day: z.string(),
  shift: z.number().int().nullable(),
  from: time,
  to: time,
  timeZone: z.string(),
  /** Share of the period in which history was recorded, %. */
  coveragePct: z.number(),
  products: z.array(
    z.object({
      formula: z.string(),
      text,
      orders: z.number().int(),
      batches: z.number().int(),
      dosedT: z.number(),
      baggedT: z.number(),
      bags: z.number().int(),
      /** Loaded into bulk trucks. */
      bulkT: z.number(),
    }),
  ),
  totals: z.object({
    batches: z.number().int(),
    dosedT: z.number(),
    baggedT: z.number(),
    bags: z.number().int(),
    bulkT: z.number(),
    /** (bags - target) averaged, g/bag; null without bags. */
    giveawayGPerBag: z.number().nullable(),
  }),
  dosing: z.array(
    z.object({
      scale: z.string(),
      material: z.string(),
      doses: z.number().int(),
      targetKg: z.number(),
      actualKg: z.number(),
      biasKg: z.number(),
      sdKg: z.number(),
      inTolerancePct: z.number(),
      jogs: z.number(),
    }),
  ),
  /** Runs of presses that ended, by product. */
  pelleting: z.array(
    z.object({
      formula: z.string(),
      text,
      /** Mash that was fed to the presses. */
      pressedT: z.number(),
      /** By the presses' own meters; null where none could be read. */
      kWhPerT: z.number().nullable(),
      steamKgPerT: z.number(),
      /** Of the conditioned mash, weighted by mass, degC; null where it was never measured. */
      meanC: z.number().nullable(),
      chokes: z.number().int(),
    }),
  ),
  /** Electricity, by the counters of all drives. */
  energy: z.object({
    kWh: z.number(),
    /** Of what left the mill in bags and bulk trucks; null while that is nothing. */
    kWhPerT: z.number().nullable(),
    areas: z.array(z.object({ area: z.string(), text, kWh: z.number() })),
  }),
  downtime: z.array(
    z.object({
      unit: z.string(),
      reason: z.string(),
      reasonText: text,
      stops: z.number().int(),
      minutes: z.number(),
    }),
  ),
});
export type ProductionReport = z.infer<typeof productionReportSchema>;
