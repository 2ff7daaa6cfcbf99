import { z } from 'zod';

const time = z.iso.datetime();
const figure = z.number().nullable();

/** One job of the maintenance of the database. */
export const jobViewSchema = z.object({
  name: z.enum(['rollups', 'partitions', 'retention', 'disk', 'measure', 'jobs', 'keys', 'backup']),
  everyS: z.number(),
  lastOk: time.nullable(),
  lastFailed: time.nullable(),
  /** Since it last ended well. */
  failures: z.number().int(),
  error: z.string().nullable(),
  durationMs: figure,
  /** Failed twice in a row or overdue: an alarm. */
  inTrouble: z.boolean(),
});
export type JobView = z.infer<typeof jobViewSchema>;

/** How the store of records and history is. Null: not known. */
export const storageViewSchema = z.object({
  databaseUp: z.boolean(),
  /** Why it is not up, as it said itself. */
  fault: z.string().nullable(),
  jobs: z.array(jobViewSchema),
  /** Of the controller: what waits to be stored. */
  spool: z.object({ usedPct: figure, lagS: figure }),
  databaseBytes: figure,
  disk: z.object({ totalBytes: z.number(), usedBytes: z.number() }).nullable(),
  forecast: z
    .object({
      growthBytesPerDay: figure,
      /** Null: not known, or it does not fill. */
      daysLeft: figure,
      measuredDays: z.number(),
    })
    .nullable(),
  lastBackup: z
    .object({ taken: time, file: z.string(), bytes: z.number(), rows: z.number() })
    .nullable(),
  /** How long history is kept, days. */
  keepDays: z.object({
    samples: z.number(),
    minutes: z.number(),
    hours: z.number(),
    days: z.number(),
  }),
  /** For want of disk: what goes before its time, down to how many days; when that is. */
  whenFull: z.object({
    drop: z.enum(['samples', 'nothing']),
    samplesDaysMin: z.number(),
    freePctMin: z.number(),
  }),
});
export type StorageView = z.infer<typeof storageViewSchema>;
