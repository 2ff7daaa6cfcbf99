import { z } from 'zod';
import type { AlarmOccurrence } from '../model/alarm.ts';
import { ALARM_PRIORITIES, ALARM_STATES } from '../model/alarm.ts';
import { DRUG_CLASSES, SPECIES } from '../model/carry-over.ts';
import type { CommandResult } from '../model/command.ts';
import { CHOSEN_MODES } from '../model/device-mode.ts';
import { PROCEDURE_STATES } from '../model/isa88.ts';
import { MISSING_TAGS_TOLD_MAX } from '../model/link-status.ts';
import { LINK_TROUBLES, type LinkTrouble } from '../model/link-trouble.ts';
import type { Order } from '../model/order.ts';
import type { ReasonCode } from '../model/reason.ts';
import { REASON_TEXTS } from '../model/reason.ts';
import type { SpoolRecord } from '../model/record.ts';
import type { StatusDocument } from '../model/status.ts';
import { HAND_ADD_COMMANDS } from './hand-add.ts';
import { INTAKE_COMMANDS, stockRecordSchema, truckRecordSchema } from './intake.ts';
import { loadStartSchema } from './load-out.ts';
import { PROCEDURE_PART_COMMANDS } from './procedure-parts.ts';
import {
  bagRejectSchema,
  binStateSchema,
  loadSchema,
  palletSchema,
  pressRunSchema,
} from './records-finishing.ts';

/**
 * Socket.IO namespace `/link` between controller (server side of the socket) and server (client
 * side). Both ends parse what arrives with these schemas. The handshake carries `auth: { key }`,
 * the key of the installation (`DATA_DIR/link.key`), compared in constant time.
 */
export const LINK_NAMESPACE = '/link';
export const LINK_VERSION = 1;

const id = z.string().min(1).max(64);
const kg = z.number().nonnegative().max(1e9);
const timeMs = z.number().int().nonnegative().max(8.64e15);
const bilingual = z.strictObject({ vi: z.string().max(200), en: z.string().max(200) });

export const reasonSchema = z.strictObject({
  code: z.enum(Object.keys(REASON_TEXTS) as [ReasonCode, ...ReasonCode[]]),
  objects: z.record(z.string(), z.union([z.string(), z.number()])),
});
const reasons = z.array(reasonSchema).max(50);

export const orderSchema = z.strictObject({
  orderId: id,
  formulaCode: id,
  formulaVersion: z.number().int().positive(),
  product: bilingual,
  items: z
    .array(z.strictObject({ material: id, pct: z.number().positive().max(100), drug: z.boolean() }))
    .min(1)
    .max(60),
  procedure: z.strictObject({
    id,
    pelleted: z.boolean(),
    dryMixS: z.number().min(0).max(1_800),
    wetMixS: z.number().min(0).max(1_800),
    conditionerC: z.number().min(20).max(110).nullable(),
    pressLoadPct: z.number().min(85).max(92).optional(),
    crumbleMm: z.number().min(1).max(3).optional(),
    coatPct: z.number().min(0).max(6).optional(),
  }),
  orderKg: kg.positive(),
  batchKg: kg.positive(),
  line: id,
  destination: id,
  packaging: z.enum(['bags', 'bulk']),
  bagKg: z.number().positive().max(1_000),
  lot: id,
  kind: z.enum(['feed', 'flush']),
  nature: z.strictObject({
    drugClass: z.enum(DRUG_CLASSES),
    species: z.enum(SPECIES),
    withdrawal: z.boolean(),
  }),
  presses: z.array(id).max(16),
  bagger: id.nullable(),
  dueTimeMs: timeMs.nullable(),
  customer: z.string().min(1).max(100).nullable(),
}) satisfies z.ZodType<Order>;

/**
 * Commands of people to the controller. `target` is a device, route, line or alarm id of the mill.
 */
export const COMMANDS = {
  'order.submit': z.strictObject({ order: orderSchema }),
  'order.start': z.strictObject({ orderId: id }),
  'order.hold': z.strictObject({ orderId: id }),
  'order.resume': z.strictObject({ orderId: id }),
  'order.stop': z.strictObject({ orderId: id }),
  'order.abort': z.strictObject({ orderId: id }),
  'order.remove': z.strictObject({ orderId: id }),
  'order.pause': z.strictObject({ orderId: id }),
  'order.reset': z.strictObject({ orderId: id }),
  ...PROCEDURE_PART_COMMANDS,
  'dose.decide': z.strictObject({
    scale: id,
    decision: z.enum(['accept', 'retry']),
    /** Who releases a drug out of tolerance together with the one who sends this. */
    second: id.optional(),
  }),
  ...HAND_ADD_COMMANDS,
  'device.start': z.strictObject({}),
  'device.stop': z.strictObject({}),
  'device.open': z.strictObject({}),
  'device.close': z.strictObject({}),
  'device.position': z.strictObject({ position: z.number().int().min(1).max(64) }),
  /** Runs a single device for `s` seconds, in Manual; 2 s unless said otherwise. */
  'device.jog': z.strictObject({ s: z.number().min(0.2).max(10).optional() }),
  'device.mode': z.strictObject({ mode: z.enum(CHOSEN_MODES) }),
  'device.reset': z.strictObject({}),
  'device.out-of-service': z.strictObject({ on: z.boolean() }),
  'route.start': z.strictObject({
    source: id,
    destination: id,
    second: id.optional(),
    wait: z.boolean().optional(),
  }),
  'route.cancel': z.strictObject({ destination: id }),
  'route.change': z.strictObject({ destination: id, second: id.optional() }),
  'route.cleaned': z.strictObject({ source: id, destination: id }),
  'route.stop': z.strictObject({}),
  'route.reset': z.strictObject({}),
  'press.reset': z.strictObject({}),
  'cooler.fire-out': z.strictObject({}),
  'bagger.start': z.strictObject({}),
  'bagger.stop': z.strictObject({}),
  'bagger.hold': z.strictObject({}),
  'bagger.unhold': z.strictObject({}),
  'bagger.abort': z.strictObject({}),
  'bagger.clear': z.strictObject({}),
  'bagger.reset': z.strictObject({}),
  'load.start': loadStartSchema,
  'load.stop': z.strictObject({}),
  'load.hold': z.strictObject({}),
  'load.resume': z.strictObject({}),
  ...INTAKE_COMMANDS,
  'bin.release': z.strictObject({}),
  'bin.hold': z.strictObject({}),
  'bin.cleaned': z.strictObject({}),
  'alarm.acknowledge': z.strictObject({ comment: z.string().max(500) }),
} as const;
export type CommandName = keyof typeof COMMANDS;
export const COMMAND_NAMES = Object.keys(COMMANDS) as [CommandName, ...CommandName[]];

/**
 * server -> plc `command`, answered by `CommandResult`. A repeated `commandId` gets its first
 * answer.
 */
export const commandSchema = z.strictObject({
  commandId: z.uuid(),
  name: z.enum(COMMAND_NAMES),
  target: id,
  args: z.record(z.string(), z.unknown()),
  user: id,
  /**
   * The server's time of the request; a command older than 10 s is refused, not carried out late.
   */
  sentTimeMs: timeMs,
});
export type LinkCommand = z.infer<typeof commandSchema>;

export const commandResultSchema: z.ZodType<CommandResult> = z.union([
  z.strictObject({ accepted: z.literal(true) }),
  z.strictObject({ accepted: z.literal(false), reasons }),
]);

/**
 * plc -> server, first thing after connecting: which mill this is. A hash that differs stops the
 * link.
 */
export const helloSchema = z.strictObject({
  version: z.literal(LINK_VERSION),
  mill: id,
  tagTableHash: z.string().length(64),
  /** Changes with each start of the controller; frames are numbered from 1 in it. */
  session: id,
  speed: z.number().positive(),
  timeMs,
});
export type LinkHello = z.infer<typeof helloSchema>;

/** [tag index, quality code, value or null, source time ms, received time ms] */
export const tagChangeSchema = z.tuple([
  z.number().int().nonnegative(),
  z.number().int().min(0).max(3),
  z.union([z.number(), z.boolean(), z.string(), z.null()]),
  timeMs,
  timeMs,
]);
export type TagChange = z.infer<typeof tagChangeSchema>;

/**
 * plc -> server `frame`: all that changed since the last one; `full`: every tag (after connecting).
 */
export const frameSchema = z.strictObject({
  sequence: z.number().int().positive(),
  full: z.boolean(),
  timeMs,
  changes: z.array(tagChangeSchema),
});
export type LinkFrame = z.infer<typeof frameSchema>;

export const occurrenceSchema = z.strictObject({
  occurrenceId: z.string().max(200),
  alarmId: z.string().max(100),
  state: z.enum(ALARM_STATES),
  priority: z.enum(ALARM_PRIORITIES),
  raisedTimeMs: timeMs,
  returnedTimeMs: timeMs.nullable(),
  acknowledgedTimeMs: timeMs.nullable(),
  acknowledgedBy: id.nullable(),
  comment: z.string().max(500).nullable(),
  value: z.union([z.number(), z.boolean()]).nullable(),
}) satisfies z.ZodType<AlarmOccurrence>;

/** plc -> server `alarms`: every occurrence that is not Normal yet, whenever that list changes. */
export const alarmsSchema = z.array(occurrenceSchema).max(2_000);

type LinkDocument = Extract<StatusDocument, { readonly kind: 'link' }>;
const count = z.number().int().nonnegative();
const figure = z.number().finite().nullable();
export const linkStatusSchema = z.strictObject({
  kind: z.literal('link'),
  connection: id,
  unitId: z.number().int().min(0).max(255).nullable(),
  protocol: z.enum(['opcua', 'modbus']),
  address: z.string().max(500),
  online: z.boolean(),
  sinceMs: timeMs.nullable(),
  trouble: z.enum(Object.keys(LINK_TROUBLES) as [LinkTrouble, ...LinkTrouble[]]).nullable(),
  lastError: z.string().max(500).nullable(),
  requestsPerS: figure,
  roundTripP50Ms: figure,
  roundTripP99Ms: figure,
  lateReplies: count,
  latePerMin: count,
  overruns: count,
  overflows: count,
  reconnects: count,
  serverRestarts: count,
  skewMs: figure,
  unmonitored: z.strictObject({
    count,
    tags: z.array(z.string().max(100)).max(MISSING_TAGS_TOLD_MAX),
  }),
  unprotected: z.boolean(),
  certificateEndsMs: z.number().nullable(),
}) satisfies z.ZodType<LinkDocument>;

/** plc -> server `status`: a live document; replaced by the next one of its kind and owner. */
export const statusSchema: z.ZodType<StatusDocument> = z.union([
  linkStatusSchema,
  z.custom<Exclude<StatusDocument, LinkDocument>>(
    (value) =>
      typeof value === 'object' &&
      value !== null &&
      'kind' in value &&
      ['line', 'route', 'device', 'stock', 'lots', 'sacks', 'trucks', 'bin', 'dosing'].includes(
        String(value.kind),
      ),
  ),
]);

const state = z.enum(PROCEDURE_STATES);
const orderState = z.enum([...PROCEDURE_STATES, 'Queued']);

export const recordSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('order'),
    order: orderSchema,
    state: orderState,
    createdBy: id,
    createdTimeMs: timeMs,
    startedTimeMs: timeMs.nullable(),
    finishedTimeMs: timeMs.nullable(),
    batchesPlanned: z.number().int(),
    batchesDone: z.number().int(),
    dosedKg: z.number(),
    producedKg: z.number(),
    bags: z.number().int(),
    reasons,
  }),
  z.strictObject({
    kind: z.literal('batch'),
    batchId: id,
    orderId: id,
    number: z.number().int().positive(),
    state,
    targetKg: kg,
    actualKg: z.number(),
    startedTimeMs: timeMs,
    finishedTimeMs: timeMs.nullable(),
    lot: id,
  }),
  z.strictObject({
    kind: z.literal('phase'),
    phaseId: z.string().max(200),
    batchId: id,
    phase: z.enum(['dosing', 'fill-mixer', 'dry-mix', 'wet-mix', 'discharge']),
    startedTimeMs: timeMs,
    endedTimeMs: timeMs,
  }),
  z.strictObject({
    kind: z.literal('dose'),
    doseId: z.string().max(200),
    batchId: id,
    scale: id,
    bin: id,
    material: id,
    lot: id.nullable(),
    targetKg: kg,
    actualKg: z.number(),
    toleranceKg: kg,
    inFlightKg: z.number(),
    jogs: z.number().int().nonnegative(),
    decision: z.enum(['in-tolerance', 'accepted-under', 'accepted-over', 'moved-bin']),
    decidedBy: id.nullable(),
    releasedBy: id.nullable(),
    fineHz: z.number().nonnegative(),
    confidencePct: z.number().min(0).max(100),
    startedTimeMs: timeMs,
    endedTimeMs: timeMs,
  }),
  z.strictObject({
    kind: z.literal('bag'),
    bagId: id,
    orderId: id.nullable(),
    bagger: id,
    lot: id.nullable(),
    netKg: z.number(),
    timeMs,
  }),
  z.strictObject({
    kind: z.literal('movement'),
    movementId: z.string().max(200),
    from: id,
    to: id,
    material: id.nullable(),
    lot: id.nullable(),
    massKg: z.number().nullable(),
    startedTimeMs: timeMs,
    endedTimeMs: timeMs,
  }),
  z.strictObject({
    kind: z.literal('downtime'),
    downtimeId: z.string().max(200),
    unit: id,
    startedTimeMs: timeMs,
    endedTimeMs: timeMs.nullable(),
    reasons,
  }),
  stockRecordSchema,
  truckRecordSchema,
  pressRunSchema,
  palletSchema,
  bagRejectSchema,
  loadSchema,
  binStateSchema,
  z.strictObject({ kind: z.literal('alarm'), occurrence: occurrenceSchema }),
  z.strictObject({
    kind: z.literal('samples'),
    samples: z
      .array(
        z.tuple([
          z.number().int().nonnegative(),
          timeMs,
          z.number().nullable(),
          z.number().int().min(0).max(3),
        ]),
      )
      .max(50_000),
  }),
]) satisfies z.ZodType<SpoolRecord>;

/**
 * plc -> server `rows`: spool rows in sequence, at most 500 a message, one message unacknowledged
 * at a time. The server answers (socket acknowledgement) with the highest sequence that is stored
 * for good. `spool` names the spool file: a new one starts its sequence anew.
 */
export const rowsSchema = z.strictObject({
  spool: z.uuid(),
  rows: z
    .array(
      z.strictObject({
        sequence: z.number().int().positive(),
        record: recordSchema,
      }),
    )
    .min(1)
    .max(500),
});
export type LinkRows = z.infer<typeof rowsSchema>;
export const rowsAckSchema = z.strictObject({ storedSequence: z.number().int().nonnegative() });
