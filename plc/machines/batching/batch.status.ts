import { sameData } from '../../logic/same-data.ts';
import type { MixerPhase, ProcedureState, ScaleState } from '../../model/isa88.ts';
import { MIXER_PHASES, PROCEDURE_STATES, SCALE_STATES } from '../../model/isa88.ts';
import type { Reason } from '../../model/reason.ts';
import type { DoseProgress, LineStatus, OrderProgress } from '../../model/status.ts';
import { goodNumber } from '../../model/tag.ts';
import { input, stateOf } from '../kit.ts';
import type { BatchRun, DoseRun, OrderRun } from './batch.context.ts';
import { batchStatuses, standing } from './batch.control.ts';
import { laterDoses, owedDoses, sacksMissing } from './batch.hand.ts';
import type { Turn } from './batch.turn.ts';
import { begun, wakeAt } from './batch.turn.ts';

/** Weights change all the time: shown this often, ms of the clock on the wall. */
const WEIGHTS_EVERY_MS = 500;

function progressOf(run: OrderRun): OrderProgress {
  return {
    order: run.order,
    state: run.state,
    batchesPlanned: run.batchesPlanned,
    batchesDone: run.batchesDone,
    dosedKg: grams(run.dosedKg),
    bags: run.bags,
    baggedKg: grams(run.baggedKg),
    reasons: [...run.reasons, ...run.flow.waitsFor],
  };
}

function grams(kg: number): number {
  return Math.round(kg * 1_000) / 1_000;
}

/** What a dose that is running weighs so far: net of the scale less what is done on it. */
function runningKg(one: Turn, batch: BatchRun, dose: DoseRun): number | null {
  const net = goodNumber(input(one.event.inputs, `${dose.scale}.Net`));
  if (net === null) return null;
  const before = batch.doses
    .filter((other) => other.scale === dose.scale && other.actualKg !== null)
    .reduce((sum, other) => sum + (other.actualKg ?? 0), 0);
  return grams(Math.max(0, net - before));
}

function doseProgress(one: Turn, batch: BatchRun, dose: DoseRun): DoseProgress {
  const running = dose.state === 'dosing' || dose.state === 'deciding';
  if (running) wakeAt(one, one.event.nowMs + WEIGHTS_EVERY_MS);
  return {
    scale: dose.scale,
    bin: dose.bin,
    material: dose.material,
    targetKg: grams(dose.targetKg),
    actualKg: running ? runningKg(one, batch, dose) : dose.actualKg,
    toleranceKg: grams(dose.toleranceKg),
    state: dose.state,
    drug: dose.drug,
  };
}

/** The batch that is dosed; and what the one before, in the mixer already, still gets. */
function shownDoses(one: Turn): DoseProgress[] {
  const { dosing, mixing } = one.work;
  const batch = dosing ?? mixing;
  if (batch === null) return [];
  const shown = batch.doses.map((dose) => doseProgress(one, batch, dose));
  if (mixing === null || mixing === batch) return shown;
  const later = laterDoses(one, mixing).filter(({ state }) => state !== 'done');
  return [...later.map((dose) => doseProgress(one, mixing, dose)), ...shown];
}

/** What the line is doing, as its display shows it. */
export function lineStatus(one: Turn): LineStatus {
  const { work, setup, event } = one;
  const batch = work.dosing ?? work.mixing;
  const state = PROCEDURE_STATES.find((name) => name === one.state) ?? 'Idle';
  const scales: Record<string, ScaleState> = {};
  for (const { id } of setup.scales) {
    scales[id] = stateOf(SCALE_STATES, input(event.inputs, `${id}.State`)) ?? 'Faulted';
  }
  const phase: MixerPhase | null = stateOf(
    MIXER_PHASES,
    input(event.inputs, `${setup.mixer}.Phase`),
  );
  return {
    line: one.id,
    state: work.active === null ? state : procedureState(work.active, state),
    batchNumber: batch?.number ?? null,
    batches: batchStatuses(one),
    doses: shownDoses(one),
    scales,
    mixer: phase ?? 'Held',
    orders: [...begun(one).toReversed(), ...work.queue, ...work.recent].map(progressOf),
    reasons: [
      ...work.reasons,
      ...asked(one),
      ...work.waitsFor,
      ...sacksMissing(one),
      ...standing(one),
    ],
  };
}

/** What is asked about the doses that stand. */
function asked(one: Turn): Reason[] {
  return owedDoses(one).flatMap(({ state, asks = [] }) => (state === 'deciding' ? asks : []));
}

function procedureState(run: OrderRun, otherwise: ProcedureState): ProcedureState {
  return run.state === 'Queued' ? otherwise : run.state;
}

/** The document without weights, in short: what must be shown at once when it changes. */
function keyOf(status: LineStatus): string {
  const { doses, scales, orders, reasons } = status;
  return [
    status.state,
    status.batchNumber,
    status.mixer,
    ...status.batches.map((one) => `${one.state} ${one.phases.map(({ state }) => state)}`),
    ...doses.map((dose) => `${dose.scale} ${dose.bin} ${dose.material} ${dose.state}`),
    ...Object.values(scales),
    ...orders.map(
      (one) =>
        `${one.order.orderId} ${one.state} ${one.batchesDone} ${JSON.stringify(one.reasons)}`,
    ),
    JSON.stringify(reasons),
  ].join('|');
}

/** The display document: at once when a state changed, at most twice a second for weights. */
export function refreshStatus(one: Turn): void {
  const { work } = one;
  const next = lineStatus(one);
  const key = keyOf(next);
  if (key === work.statusKey) {
    const sinceLastMs = one.event.utcMs - work.statusUtcMs;
    if (Math.abs(sinceLastMs) < WEIGHTS_EVERY_MS) return;
    if (sameData(work.status, next)) return;
  }
  work.status = next;
  work.statusKey = key;
  work.statusUtcMs = one.event.utcMs;
}
