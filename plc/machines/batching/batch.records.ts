import type { ProcedureState } from '../../model/isa88.ts';
import type { Reason } from '../../model/reason.ts';
import type { MachineRecord } from '../../model/record.ts';
import type { BatchRun, OrderRun } from './batch.context.ts';
import type { Turn } from './batch.turn.ts';
import { orderOf } from './batch.turn.ts';

function write(one: Turn, record: MachineRecord): void {
  one.out.push({ type: 'record', record });
}

/** The order as it is now; the last such record counts. */
export function recordOrder(one: Turn, run: OrderRun): void {
  const bulkKg = run.order.packaging === 'bulk' ? run.dosedKg : 0;
  write(one, {
    kind: 'order',
    order: run.order,
    state: run.state,
    createdBy: run.createdBy,
    createdTimeMs: run.createdTimeMs,
    startedTimeMs: run.startedTimeMs,
    finishedTimeMs: run.finishedTimeMs,
    batchesPlanned: run.batchesPlanned,
    batchesDone: run.batchesDone,
    dosedKg: run.dosedKg,
    producedKg: run.baggedKg + bulkKg,
    bags: run.bags,
    reasons: run.reasons,
  });
}

export function dosedKg(batch: BatchRun): number {
  return batch.doses.reduce((sum, dose) => sum + (dose.actualKg ?? 0), 0);
}

const ENDED: readonly ProcedureState[] = ['Complete', 'Aborted', 'Stopped'];

/** The batch as it is now; the last such record counts. */
export function recordBatch(one: Turn, batch: BatchRun, state: ProcedureState): void {
  const order = orderOf(one, batch)?.order;
  if (order === undefined) return;
  write(one, {
    kind: 'batch',
    batchId: batch.batchId,
    orderId: order.orderId,
    number: batch.number,
    state,
    targetKg: batch.targetKg,
    actualKg: dosedKg(batch),
    startedTimeMs: batch.startedTimeMs,
    finishedTimeMs: ENDED.includes(state) ? one.event.utcMs : null,
    lot: order.lot,
  });
}

/** Both batches that may be under way. */
export function recordBatches(one: Turn, state: ProcedureState): void {
  for (const batch of [one.work.mixing, one.work.dosing]) {
    if (batch !== null) recordBatch(one, batch, state);
  }
}

/** The batches of one order that may be under way. */
export function recordBatchesOf(one: Turn, run: OrderRun, state: ProcedureState): void {
  for (const batch of [one.work.mixing, one.work.dosing]) {
    if (batch?.orderId === run.order.orderId) recordBatch(one, batch, state);
  }
}

export function recordDosing(one: Turn, batch: BatchRun): void {
  write(one, {
    kind: 'phase',
    phaseId: `${batch.batchId}/dosing/1`,
    batchId: batch.batchId,
    phase: 'dosing',
    startedTimeMs: batch.startedTimeMs,
    endedTimeMs: one.event.utcMs,
  });
}

function recordDowntime(one: Turn, endedTimeMs: number | null): void {
  const { downtime } = one.work;
  if (downtime === null) return;
  write(one, {
    kind: 'downtime',
    downtimeId: `${one.id}/${downtime.startedTimeMs}`,
    unit: one.id,
    startedTimeMs: downtime.startedTimeMs,
    endedTimeMs,
    reasons: downtime.reasons,
  });
}

/** A stop of the line begins, with why; one that has begun goes on. */
export function beginDowntime(one: Turn, reasons: readonly Reason[]): void {
  if (one.work.downtime !== null) return;
  one.work.downtime = { startedTimeMs: one.event.utcMs, reasons };
  recordDowntime(one, null);
}

export function endDowntime(one: Turn): void {
  recordDowntime(one, one.event.utcMs);
  one.work.downtime = null;
}
