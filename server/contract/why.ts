import { z } from 'zod';

const text = z.object({ vi: z.string(), en: z.string() });

/**
 * One step of a chain of causes: one of `depth` n + 1 is a cause of the nearest one before it with
 * `depth` n. `reason` is null for what was asked about.
 */
const whyStepSchema = z.object({
  depth: z.number().int(),
  object: z.string(),
  state: text.nullable(),
  reason: z
    .object({
      code: z.string(),
      objects: z.record(z.string(), z.union([z.string(), z.number()])),
      text,
    })
    .nullable(),
  root: z.boolean(),
  action: text.nullable(),
});

export const whySchema = z.object({
  id: z.string(),
  /** When the answer was true, by the controller's clock. */
  time: z.iso.datetime(),
  steps: z.array(whyStepSchema),
  firstOut: z.object({ alarmId: z.string(), text, raised: z.iso.datetime() }).nullable(),
});
export type WhyView = z.infer<typeof whySchema>;
