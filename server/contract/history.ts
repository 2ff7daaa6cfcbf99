import { z } from 'zod';

/** History of tags. Times of a query are ISO 8601 UTC, those of points ms since 1970. */

const time = z.iso.datetime();
/** Comma-separated tag names, at most 8. */
const tags = z.string().min(1).max(600);
const tag = z.string().min(1).max(64);
const window = { from: time, to: time };
const points = z.coerce.number().int().min(10).max(2_000).default(800);
const point = z.tuple([z.number(), z.number().nullable(), z.number().int()]);

/** How many samples become few points: by their extremes, or by what the eye sees. */
export const FEWER_BY = ['min-max', 'lttb'] as const;

export const historyQuerySchema = z.object({
  tags,
  ...window,
  points,
  by: z.enum(FEWER_BY).default('min-max'),
});

/** Points are [time ms, value, quality code]; a null value is a gap (nothing was known then). */
export const historySchema = z.object({
  series: z.array(z.object({ tag: z.string(), unit: z.string(), points: z.array(point) })),
});
export type History = z.infer<typeof historySchema>;

export const historyAtQuerySchema = z.strictObject({ tags, time });
/** `time` is when the value was stored; null with the value where nothing was known. */
export const historyAtSchema = z.array(
  z.object({
    tag: z.string(),
    unit: z.string(),
    time: time.nullable(),
    value: z.number().nullable(),
    quality: z.number().int(),
  }),
);
export type HistoryAt = z.infer<typeof historyAtSchema>;

export const historyRawQuerySchema = z.strictObject({
  tag,
  ...window,
  limit: z.coerce.number().int().min(1).max(10_000).default(2_000),
});
/** `next`: from where to go on; null where all was told. */
export const historyRawSchema = z.object({ points: z.array(point), next: time.nullable() });
export type HistoryRaw = z.infer<typeof historyRawSchema>;

export const historyAlignedQuerySchema = z.strictObject({ tags, ...window, points });
/** What each tag was at the end of each step; null: not known. */
export const historyAlignedSchema = z.object({
  stepMs: z.number().int(),
  times: z.array(z.number()),
  series: z.array(
    z.object({ tag: z.string(), unit: z.string(), values: z.array(z.number().nullable()) }),
  ),
});
export type HistoryAligned = z.infer<typeof historyAlignedSchema>;

export const historyStatesQuerySchema = z.strictObject({ tag, ...window });
/** `next`: from where to go on, when there are more than one answer holds. */
export const historyStatesSchema = z.object({
  intervals: z.array(
    z.object({
      from: z.number(),
      to: z.number(),
      value: z.number().nullable(),
      quality: z.number().int(),
    }),
  ),
  next: time.nullable(),
});
export type HistoryStates = z.infer<typeof historyStatesSchema>;

export const historyCalculatedQuerySchema = z.strictObject({
  /** E.g. `max(EL101.SpeedPct, 10) * 2`. */
  expression: z.string().min(1).max(400),
  ...window,
  points,
});
export const historyCalculatedSchema = z.object({
  stepMs: z.number().int(),
  points: z.array(z.tuple([z.number(), z.number().nullable()])),
});
export type HistoryCalculated = z.infer<typeof historyCalculatedSchema>;

export const historyQuarantineQuerySchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(1_000).default(200),
});
/** Samples that history did not take, newest first; `fault`: of no tag, or of no possible time. */
export const historyQuarantineSchema = z.object({
  total: z.number().int(),
  samples: z.array(
    z.object({
      received: time,
      fault: z.enum(['tag', 'time']),
      tag: z.string().nullable(),
      tagNumber: z.number().int(),
      /** As it came; null where it is no time at all. */
      time: time.nullable(),
      value: z.number().nullable(),
      quality: z.number().int(),
    }),
  ),
});
export type HistoryQuarantine = z.infer<typeof historyQuarantineSchema>;

export const HISTORY_FORMATS = ['csv', 'parquet'] as const;
export const historyExportQuerySchema = z.strictObject({
  tags,
  ...window,
  format: z.enum(HISTORY_FORMATS).default('csv'),
});
