import { z } from 'zod';

/**
 * server -> plc `health`: how the database is with which this server stores what the controller
 * sends, told every few seconds. The controller makes tags and alarms of it, so that an operator
 * hears of a disk that fills as he hears of a bin that fills. Null: not known.
 */
export const serverHealthSchema = z.strictObject({
  databaseUp: z.boolean(),
  /** Jobs of its maintenance that failed or are overdue. */
  jobsFailed: z.number().int().min(0).max(1_000),
  /** Of the disk under the database, %. */
  diskUsedPct: z.number().min(0).max(100).nullable(),
  /** Days until that disk is full as it has grown lately; null also where it does not grow. */
  diskDaysLeft: z.number().min(0).max(100_000).nullable(),
  /** Since the last backup, or since there is something to back up, h. */
  backupAgeH: z.number().min(0).max(1e6).nullable(),
  /** Samples of the last 24 h that history did not take: no such tag, or a time that cannot be. */
  samplesSetAside: z.number().int().min(0).max(1e9).nullable().default(null),
});
export type ServerHealth = z.infer<typeof serverHealthSchema>;
