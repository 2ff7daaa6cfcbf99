import type { AlarmRecord, MachineRecord } from '../../plc/model/record.ts';
import { bagReject, binState, load, pallet, pressRun } from './finishing-tables.ts';
import { stock, truck } from './stock-tables.ts';

export type StoredRecord = MachineRecord | AlarmRecord;
export type RecordKind = StoredRecord['kind'];

/** How records of one kind become rows. */
export interface RecordTable<R extends StoredRecord = StoredRecord> {
  readonly table: string;
  readonly key: string;
  /** Column names with their types. The first one is the key. */
  readonly columns: Readonly<Record<string, string>>;
  /**
   * `last`: the record tells how its subject is now, so a later one takes its place. `first`: it
   * tells what happened once; another one of the same id that says something else is a fault and
   * kept aside.
   */
  readonly keep: 'first' | 'last';
  readonly row: (record: R) => Readonly<Record<string, unknown>>;
}

const time = (ms: number) => new Date(ms).toISOString();
const timeOrNull = (ms: number | null) => (ms === null ? null : time(ms));

type Of<K extends RecordKind> = Extract<StoredRecord, { kind: K }>;

const TEXT = 'text';
const MASS = 'double precision';
const TIME = 'timestamptz';

const orders: RecordTable<Of<'order'>> = {
  table: 'orders',
  key: 'order_id',
  keep: 'last',
  columns: {
    order_id: TEXT,
    formula_code: TEXT,
    formula_version: 'integer',
    product_vi: TEXT,
    product_en: TEXT,
    state: TEXT,
    line: TEXT,
    destination: TEXT,
    packaging: TEXT,
    bag_kg: MASS,
    lot: TEXT,
    order_kg: MASS,
    batch_kg: MASS,
    batches_planned: 'integer',
    batches_done: 'integer',
    dosed_kg: MASS,
    produced_kg: MASS,
    bags: 'integer',
    created_by: TEXT,
    created: TIME,
    started: TIME,
    finished: TIME,
    reasons: 'jsonb',
    document: 'jsonb',
  },
  row: ({ order, ...record }) => ({
    order_id: order.orderId,
    formula_code: order.formulaCode,
    formula_version: order.formulaVersion,
    product_vi: order.product.vi,
    product_en: order.product.en,
    state: record.state,
    line: order.line,
    destination: order.destination,
    packaging: order.packaging,
    bag_kg: order.bagKg,
    lot: order.lot,
    order_kg: order.orderKg,
    batch_kg: order.batchKg,
    batches_planned: record.batchesPlanned,
    batches_done: record.batchesDone,
    dosed_kg: record.dosedKg,
    produced_kg: record.producedKg,
    bags: record.bags,
    created_by: record.createdBy,
    created: time(record.createdTimeMs),
    started: timeOrNull(record.startedTimeMs),
    finished: timeOrNull(record.finishedTimeMs),
    reasons: record.reasons,
    document: order,
  }),
};

const batch: RecordTable<Of<'batch'>> = {
  table: 'batch',
  key: 'batch_id',
  keep: 'last',
  columns: {
    batch_id: TEXT,
    order_id: TEXT,
    number: 'integer',
    state: TEXT,
    target_kg: MASS,
    actual_kg: MASS,
    started: TIME,
    finished: TIME,
    lot: TEXT,
  },
  row: (record) => ({
    batch_id: record.batchId,
    order_id: record.orderId,
    number: record.number,
    state: record.state,
    target_kg: record.targetKg,
    actual_kg: record.actualKg,
    started: time(record.startedTimeMs),
    finished: timeOrNull(record.finishedTimeMs),
    lot: record.lot,
  }),
};

const phase: RecordTable<Of<'phase'>> = {
  table: 'phase',
  key: 'phase_id',
  keep: 'first',
  columns: { phase_id: TEXT, batch_id: TEXT, phase: TEXT, started: TIME, ended: TIME },
  row: (record) => ({
    phase_id: record.phaseId,
    batch_id: record.batchId,
    phase: record.phase,
    started: time(record.startedTimeMs),
    ended: time(record.endedTimeMs),
  }),
};

const dose: RecordTable<Of<'dose'>> = {
  table: 'dose',
  key: 'dose_id',
  keep: 'first',
  columns: {
    dose_id: TEXT,
    batch_id: TEXT,
    scale: TEXT,
    bin: TEXT,
    material: TEXT,
    lot: TEXT,
    target_kg: MASS,
    actual_kg: MASS,
    tolerance_kg: MASS,
    in_flight_kg: MASS,
    jogs: 'integer',
    decision: TEXT,
    decided_by: TEXT,
    released_by: TEXT,
    fine_hz: 'double precision',
    confidence_pct: 'double precision',
    started: TIME,
    ended: TIME,
  },
  row: (record) => ({
    dose_id: record.doseId,
    batch_id: record.batchId,
    scale: record.scale,
    bin: record.bin,
    material: record.material,
    lot: record.lot,
    target_kg: record.targetKg,
    actual_kg: record.actualKg,
    tolerance_kg: record.toleranceKg,
    in_flight_kg: record.inFlightKg,
    jogs: record.jogs,
    decision: record.decision,
    decided_by: record.decidedBy,
    released_by: record.releasedBy,
    fine_hz: record.fineHz,
    confidence_pct: record.confidencePct,
    started: time(record.startedTimeMs),
    ended: time(record.endedTimeMs),
  }),
};

const bag: RecordTable<Of<'bag'>> = {
  table: 'bag',
  key: 'bag_id',
  keep: 'first',
  columns: { bag_id: TEXT, order_id: TEXT, bagger: TEXT, lot: TEXT, net_kg: MASS, time: TIME },
  row: (record) => ({
    bag_id: record.bagId,
    order_id: record.orderId,
    bagger: record.bagger,
    lot: record.lot,
    net_kg: record.netKg,
    time: time(record.timeMs),
  }),
};

const movement: RecordTable<Of<'movement'>> = {
  table: 'movement',
  key: 'movement_id',
  keep: 'first',
  columns: {
    movement_id: TEXT,
    source: TEXT,
    destination: TEXT,
    material: TEXT,
    lot: TEXT,
    mass_kg: MASS,
    started: TIME,
    ended: TIME,
  },
  row: (record) => ({
    movement_id: record.movementId,
    source: record.from,
    destination: record.to,
    material: record.material,
    lot: record.lot,
    mass_kg: record.massKg,
    started: time(record.startedTimeMs),
    ended: time(record.endedTimeMs),
  }),
};

const downtime: RecordTable<Of<'downtime'>> = {
  table: 'downtime',
  key: 'downtime_id',
  keep: 'last',
  columns: { downtime_id: TEXT, unit: TEXT, started: TIME, ended: TIME, reasons: 'jsonb' },
  row: (record) => ({
    downtime_id: record.downtimeId,
    unit: record.unit,
    started: time(record.startedTimeMs),
    ended: timeOrNull(record.endedTimeMs),
    reasons: record.reasons,
  }),
};

const alarm: RecordTable<Of<'alarm'>> = {
  table: 'alarm_occurrence',
  key: 'occurrence_id',
  keep: 'last',
  columns: {
    occurrence_id: TEXT,
    alarm_id: TEXT,
    state: TEXT,
    priority: TEXT,
    raised: TIME,
    returned: TIME,
    acknowledged: TIME,
    acknowledged_by: TEXT,
    comment: TEXT,
    value: 'jsonb',
  },
  row: ({ occurrence }) => ({
    occurrence_id: occurrence.occurrenceId,
    alarm_id: occurrence.alarmId,
    state: occurrence.state,
    priority: occurrence.priority,
    raised: time(occurrence.raisedTimeMs),
    returned: timeOrNull(occurrence.returnedTimeMs),
    acknowledged: timeOrNull(occurrence.acknowledgedTimeMs),
    acknowledged_by: occurrence.acknowledgedBy,
    comment: occurrence.comment,
    value: occurrence.value,
  }),
};

/** Every kind of record and its table. */
export const RECORD_TABLES: { readonly [K in RecordKind]: RecordTable<Of<K>> } = {
  order: orders,
  batch,
  phase,
  dose,
  bag,
  movement,
  downtime,
  'press-run': pressRun,
  pallet,
  'bag-reject': bagReject,
  load,
  'bin-state': binState,
  alarm,
  stock,
  truck,
};
