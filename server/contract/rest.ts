import { z } from 'zod';

/**
 * Schemas of the REST interface, shared by server (validation, OpenAPI) and HMI. Times are ISO 8601
 * UTC.
 */

export const ROLES = [
  'operator',
  'engineer',
  'maintenance',
  'quality',
  'manager',
  'administrator',
] as const;
export const roleSchema = z.enum(ROLES);
export type Role = z.infer<typeof roleSchema>;

const id = z.string().min(1).max(64);
const text = z.object({ vi: z.string(), en: z.string() });
const time = z.iso.datetime();

/** RFC 9457. `reasons` where a command was refused, `faults` where a request was malformed. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string().optional(),
  reasons: z
    .array(
      z.object({
        code: z.string(),
        objects: z.record(z.string(), z.union([z.string(), z.number()])),
      }),
    )
    .optional(),
  faults: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});
export type Problem = z.infer<typeof problemSchema>;

export const signInSchema = z.strictObject({ user: id, password: z.string().min(1).max(200) });
export const sessionSchema = z.object({
  user: z.string(),
  name: z.string(),
  role: roleSchema,
  expires: time,
  /** The one-time password was used: everything but changing it is refused. */
  passwordChangeRequired: z.boolean(),
  /**
   * Names of the doors this role may pass, so that the screen offers nothing that would be refused.
   */
  may: z.array(z.string()),
});
export type Session = z.infer<typeof sessionSchema>;
export const changePasswordSchema = z.strictObject({
  current: z.string().min(1).max(200),
  next: z.string().min(10).max(200),
});
export const userSchema = z.object({
  user: z.string(),
  name: z.string(),
  role: roleSchema,
  active: z.boolean(),
  created: time,
});
export const newUserSchema = z.strictObject({
  user: z.string().regex(/^[a-z][a-z0-9._-]{1,31}$/),
  name: z.string().min(1).max(100),
  role: roleSchema,
});
/** The answer to a new user: the one-time password is shown this once. */
export const newUserAnswerSchema = z.object({ user: userSchema, oneTimePassword: z.string() });
/** A session of a user as the administrator sees it; its token is nowhere to be read. */
export const sessionViewSchema = z.object({
  id: z.uuid(),
  created: time,
  lastSeen: time,
  expires: time,
  address: z.string(),
});
export const changeUserSchema = z.strictObject({
  name: z.string().min(1).max(100).optional(),
  role: roleSchema.optional(),
  active: z.boolean().optional(),
});

const condition = z.object({
  tag: z.string(),
  comparison: z.enum(['is', 'above', 'below']),
  limit: z.union([z.number(), z.boolean()]),
});
/** What the displays are drawn from. */
export const millViewSchema = z.object({
  id: z.string(),
  text,
  timeZone: z.string(),
  areas: z.array(z.object({ id: z.string(), text })),
  displays: z.array(z.object({ id: z.string(), text, areas: z.array(z.string()) })),
  /** Connections of the controller to the field. */
  connections: z.array(z.object({ id: z.string(), text })),
  materials: z.array(z.object({ code: z.string(), text })),
  devices: z.array(
    z.object({
      id: z.string(),
      type: z.string(),
      typeText: text,
      text,
      area: z.string(),
      at: z.object({ x: z.number(), y: z.number() }),
      settings: z.record(z.string(), z.unknown()),
      permissives: z.array(condition),
      interlocks: z.array(condition),
    }),
  ),
  flows: z.array(z.object({ from: z.string(), to: z.string(), port: z.number().nullable() })),
  routes: z.array(
    z.object({
      id: z.string(),
      text,
      sources: z.array(z.string()),
      destinations: z.array(z.string()),
    }),
  ),
  lines: z.array(
    z.object({
      id: z.string(),
      text,
      scales: z.array(z.string()),
      meters: z.array(z.string()),
      mixer: z.string(),
      surge: z.string(),
      finishedBins: z.array(z.string()),
      presses: z.array(z.object({ press: z.string(), bin: z.string() })),
      baggers: z.array(z.string()),
    }),
  ),
  tags: z.array(
    z.object({
      name: z.string(),
      device: z.string().nullable(),
      role: z.string(),
      text,
      unit: z.string(),
      dataType: z.string(),
      direction: z.enum(['input', 'output', 'derived']),
      low: z.number(),
      high: z.number(),
      states: z.record(z.string(), text).nullable(),
    }),
  ),
  alarms: z.array(
    z.object({
      id: z.string(),
      device: z.string().nullable(),
      priority: z.enum(['high', 'medium', 'low']),
      text,
      cause: text,
      consequence: text,
      action: text,
      timeToRespondS: z.number(),
      /** When it is active; null: a machine raises it. Displays draw normal bands from it. */
      condition: condition.nullable(),
    }),
  ),
  reasonTexts: z.record(z.string(), text),
});
export type MillView = z.infer<typeof millViewSchema>;

export const tagValueSchema = z.object({
  tag: z.string(),
  quality: z.enum(['good', 'uncertain', 'stale', 'bad']),
  value: z.union([z.number(), z.boolean(), z.string(), z.null()]),
  sourceTime: time,
  receivedTime: time,
});

/** Newest first: at most `limit` of those before `before`. */
export const listQuerySchema = z.strictObject({
  before: time.optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});
/** `names`: comma-separated tag names; every tag without it. */
export const tagQuerySchema = z.strictObject({ names: z.string().max(20_000).optional() });
export const auditQuerySchema = listQuerySchema.extend({
  user: z.string().max(64).optional(),
  door: z.string().max(64).optional(),
});

export const formulaViewSchema = z.object({
  code: z.string(),
  version: z.number().int(),
  text,
  animal: z.string(),
  pelleted: z.boolean(),
  procedure: z.string(),
  conditionerC: z.number().nullable(),
  items: z.array(z.object({ material: z.string(), text, pct: z.number() })),
});
export type FormulaView = z.infer<typeof formulaViewSchema>;

export const newOrderSchema = z.strictObject({
  formula: id,
  orderKg: z.number().min(1).max(10_000_000),
  batchKg: z.number().min(1).max(20_000),
  line: id,
  destination: id,
  packaging: z.enum(['bags', 'bulk']),
  bagKg: z.number().min(1).max(1_000),
  /** Start as soon as the line is free, or wait in the queue for `order.start`. */
  start: z.boolean().default(true),
});
export type NewOrder = z.input<typeof newOrderSchema>;
/**
 * The order is in the queue; `started` false with `reasons` where it was to start and could not.
 */
export const newOrderAnswerSchema = z.object({
  orderId: z.string(),
  lot: z.string(),
  started: z.boolean(),
  reasons: problemSchema.shape.reasons.unwrap(),
});
export type NewOrderAnswer = z.infer<typeof newOrderAnswerSchema>;

export const orderViewSchema = z.object({
  orderId: z.string(),
  formula: z.string(),
  formulaVersion: z.number().int(),
  product: text,
  state: z.string(),
  line: z.string(),
  destination: z.string(),
  packaging: z.string(),
  lot: z.string(),
  orderKg: z.number(),
  batchKg: z.number(),
  batchesPlanned: z.number().int(),
  batchesDone: z.number().int(),
  dosedKg: z.number(),
  producedKg: z.number(),
  bags: z.number().int(),
  createdBy: z.string(),
  created: time,
  started: time.nullable(),
  finished: time.nullable(),
});
export type OrderView = z.infer<typeof orderViewSchema>;

export const doseViewSchema = z.object({
  doseId: z.string(),
  batchId: z.string(),
  scale: z.string(),
  bin: z.string(),
  material: z.string(),
  lot: z.string().nullable(),
  targetKg: z.number(),
  actualKg: z.number(),
  toleranceKg: z.number(),
  inFlightKg: z.number(),
  jogs: z.number().int(),
  decision: z.string(),
  decidedBy: z.string().nullable(),
  /** The second person, of a drug out of tolerance. */
  releasedBy: z.string().nullable(),
  /** How sure the mass in flight was; null of doses from before it was kept. */
  confidencePct: z.number().nullable(),
  started: time,
  ended: time,
});
export const batchViewSchema = z.object({
  batchId: z.string(),
  orderId: z.string(),
  number: z.number().int(),
  state: z.string(),
  targetKg: z.number(),
  actualKg: z.number(),
  started: time,
  finished: time.nullable(),
  lot: z.string(),
  phases: z.array(z.object({ phase: z.string(), started: time, ended: time })),
  doses: z.array(doseViewSchema),
});
export type BatchView = z.infer<typeof batchViewSchema>;
export const orderDetailSchema = orderViewSchema.extend({ batches: z.array(batchViewSchema) });

export const alarmViewSchema = z.object({
  occurrenceId: z.string(),
  alarmId: z.string(),
  state: z.string(),
  priority: z.string(),
  text,
  raised: time,
  returned: time.nullable(),
  acknowledged: time.nullable(),
  acknowledgedBy: z.string().nullable(),
  comment: z.string().nullable(),
  value: z.union([z.number(), z.boolean(), z.null()]),
});

export const auditViewSchema = z.object({
  time,
  user: z.string(),
  role: z.string(),
  door: z.string(),
  target: z.string().nullable(),
  args: z.unknown(),
  /** `pending`: sent, and no outcome is known (yet). */
  outcome: z.enum(['pending', 'accepted', 'refused', 'failed']),
  reasons: z.array(z.unknown()),
});
