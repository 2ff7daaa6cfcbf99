import type { z } from 'zod';
import type { BatchView, doseViewSchema, OrderView, orderDetailSchema } from '../contract/rest.ts';
import type { PoolHandle } from '../db/pool-handle.ts';

/** Newest first: at most `limit` of those before `before`. */
export interface ListRequest {
  readonly before?: string | undefined;
  readonly limit: number;
}

export type OrderDetail = z.infer<typeof orderDetailSchema>;
type DoseView = z.infer<typeof doseViewSchema>;

interface OrderRow extends Record<string, unknown> {
  readonly order_id: string;
  readonly formula_code: string;
  readonly formula_version: number;
  readonly product_vi: string;
  readonly product_en: string;
  readonly state: string;
  readonly line: string;
  readonly destination: string;
  readonly packaging: string;
  readonly lot: string;
  readonly order_kg: number;
  readonly batch_kg: number;
  readonly batches_planned: number;
  readonly batches_done: number;
  readonly dosed_kg: number;
  readonly produced_kg: number;
  readonly bags: number;
  readonly created_by: string;
  readonly created: Date;
  readonly started: Date | null;
  readonly finished: Date | null;
}

const iso = (time: Date) => time.toISOString();
const isoOrNull = (time: Date | null) => time?.toISOString() ?? null;

const orderView = (row: OrderRow): OrderView => ({
  orderId: row.order_id,
  formula: row.formula_code,
  formulaVersion: row.formula_version,
  product: { vi: row.product_vi, en: row.product_en },
  state: row.state,
  line: row.line,
  destination: row.destination,
  packaging: row.packaging,
  lot: row.lot,
  orderKg: row.order_kg,
  batchKg: row.batch_kg,
  batchesPlanned: row.batches_planned,
  batchesDone: row.batches_done,
  dosedKg: row.dosed_kg,
  producedKg: row.produced_kg,
  bags: row.bags,
  createdBy: row.created_by,
  created: iso(row.created),
  started: isoOrNull(row.started),
  finished: isoOrNull(row.finished),
});

/** Orders, newest first. */
export async function listOrders(
  db: PoolHandle,
  { before, limit }: ListRequest,
): Promise<OrderView[]> {
  const { rows } = await db.query<OrderRow>(
    `select * from orders where ($1::timestamptz is null or created < $1)
     order by created desc, order_id desc limit $2`,
    [before ?? null, limit],
  );
  return rows.map(orderView);
}

/** An order with its batches, their phases and doses; null when there is none. */
export async function readOrder(db: PoolHandle, orderId: string): Promise<OrderDetail | null> {
  const { rows } = await db.query<OrderRow>('select * from orders where order_id = $1', [orderId]);
  const [row] = rows;
  if (row === undefined) return null;
  return { ...orderView(row), batches: await readBatches(db, 'order_id', orderId) };
}

/** A batch with its phases and doses; null when there is none. */
export async function readBatch(db: PoolHandle, batchId: string): Promise<BatchView | null> {
  const [batch] = await readBatches(db, 'batch_id', batchId);
  return batch ?? null;
}

interface BatchRow extends Record<string, unknown> {
  readonly batch_id: string;
  readonly order_id: string;
  readonly number: number;
  readonly state: string;
  readonly target_kg: number;
  readonly actual_kg: number;
  readonly started: Date;
  readonly finished: Date | null;
  readonly lot: string;
}

interface PhaseRow extends Record<string, unknown> {
  readonly batch_id: string;
  readonly phase: string;
  readonly started: Date;
  readonly ended: Date;
}

interface DoseRow extends Record<string, unknown> {
  readonly dose_id: string;
  readonly batch_id: string;
  readonly scale: string;
  readonly bin: string;
  readonly material: string;
  readonly lot: string | null;
  readonly target_kg: number;
  readonly actual_kg: number;
  readonly tolerance_kg: number;
  readonly in_flight_kg: number;
  readonly jogs: number;
  readonly decision: string;
  readonly decided_by: string | null;
  readonly released_by: string | null;
  readonly confidence_pct: number | null;
  readonly started: Date;
  readonly ended: Date;
}

const doseView = (row: DoseRow): DoseView => ({
  doseId: row.dose_id,
  batchId: row.batch_id,
  scale: row.scale,
  bin: row.bin,
  material: row.material,
  lot: row.lot,
  targetKg: row.target_kg,
  actualKg: row.actual_kg,
  toleranceKg: row.tolerance_kg,
  inFlightKg: row.in_flight_kg,
  jogs: row.jogs,
  decision: row.decision,
  decidedBy: row.decided_by,
  releasedBy: row.released_by,
  confidencePct: row.confidence_pct,
  started: iso(row.started),
  ended: iso(row.ended),
});

async function readBatches(
  db: PoolHandle,
  by: 'order_id' | 'batch_id',
  id: string,
): Promise<BatchView[]> {
  const batches = await db.query<BatchRow>(
    `select * from batch where ${by} = $1 order by order_id, number`,
    [id],
  );
  const ids = [batches.rows.map((row) => row.batch_id)];
  const [phases, doses] = await Promise.all([
    db.query<PhaseRow>('select * from phase where batch_id = any($1) order by started, ended', ids),
    db.query<DoseRow>('select * from dose where batch_id = any($1) order by started, dose_id', ids),
  ]);
  const phasesOf = Map.groupBy(phases.rows, (row) => row.batch_id);
  const dosesOf = Map.groupBy(doses.rows, (row) => row.batch_id);
  return batches.rows.map((row) => ({
    batchId: row.batch_id,
    orderId: row.order_id,
    number: row.number,
    state: row.state,
    targetKg: row.target_kg,
    actualKg: row.actual_kg,
    started: iso(row.started),
    finished: isoOrNull(row.finished),
    lot: row.lot,
    phases: (phasesOf.get(row.batch_id) ?? []).map(({ phase, started, ended }) => ({
      phase,
      started: iso(started),
      ended: iso(ended),
    })),
    doses: (dosesOf.get(row.batch_id) ?? []).map(doseView),
  }));
}
