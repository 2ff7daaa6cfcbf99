import { z } from 'zod';

const text = z.object({ vi: z.string(), en: z.string() });
const time = z.iso.datetime();
const figure = z.number().nullable();

/** One connection of the controller, or one Modbus unit (`unit`) behind it. Null: not known now. */
export const linkViewSchema = z.object({
  connection: z.string(),
  unit: z.number().int().nullable(),
  text,
  protocol: z.enum(['opcua', 'modbus']),
  address: z.string(),
  online: z.boolean(),
  /** When it came up or was lost; null while nothing was heard of it yet. */
  since: time.nullable(),
  /** The last error, which may be over; `message` as the library put it. */
  lastError: z
    .object({
      code: z.string(),
      text,
      action: text,
      who: z.enum(['maintenance', 'engineer']),
      message: z.string(),
    })
    .nullable(),
  requestsPerS: figure,
  roundTripP50Ms: figure,
  roundTripP99Ms: figure,
  lateReplies: z.number().int(),
  latePerMin: z.number().int(),
  overruns: z.number().int(),
  overflows: z.number().int(),
  reconnects: z.number().int(),
  serverRestarts: z.number().int(),
  /** The server's clock minus the controller's. */
  skewMs: figure,
  /** Tags that are not delivered: how many, and the first 200 by name. */
  unmonitored: z.object({ count: z.number().int(), tags: z.array(z.string()) }),
  unprotected: z.boolean(),
  certificateEnds: time.nullable(),
});
export type LinkView = z.infer<typeof linkViewSchema>;

/** How the connections are; as of the last word of the controller when it is not reached now. */
export const linksSchema = z.object({
  controllerConnected: z.boolean(),
  links: z.array(linkViewSchema),
});
