import type { ProcedureState } from '../../model/isa88.ts';
import type { ProcedureCommand } from '../../model/procedure.ts';
import { afterCommand, afterDone } from '../../model/procedure.ts';
import type { Reason } from '../../model/reason.ts';
import { reason } from '../../model/reason.ts';
import type { BatchStatus, PhaseStatus } from '../../model/status.ts';
import { refused, senderOf, textArg } from '../kit.ts';
import type { BatchRun, DoseRun } from './batch.context.ts';
import { recordBatch } from './batch.records.ts';
import type { Turn } from './batch.turn.ts';
import { accept, mixerPhase, note, orderOf, scaleState, tell } from './batch.turn.ts';

/** The batches that are under way: the one in the mixer, the one that is dosed. */
function batchesOf({ work }: Turn): BatchRun[] {
  return [work.mixing, work.dosing].filter((one) => one !== null);
}

function isMixer(one: Turn, unit: string): boolean {
  return unit === one.setup.mixer;
}

function dosesOn(batch: BatchRun, unit: string): DoseRun[] {
  return batch.doses.filter((dose) => dose.scale === unit);
}

function isDosing(batch: BatchRun, unit: string): boolean {
  return dosesOn(batch, unit).some(({ state }) => state === 'dosing' || state === 'deciding');
}

/** Units of a batch: each scale, meter and hatch that it has a dose on, and the mixer. */
function unitsOf(one: Turn, batch: BatchRun): string[] {
  return [...new Set(batch.doses.map(({ scale }) => scale)), one.setup.mixer];
}

/** The state of a phase by what its unit has done, where no command has changed it. */
function plainState(one: Turn, batch: BatchRun, unit: string): ProcedureState {
  if (isMixer(one, unit)) return one.work.mixing === batch ? 'Running' : 'Idle';
  const doses = dosesOn(batch, unit);
  if (doses.every(({ state }) => state === 'done')) return 'Complete';
  return doses.every(({ state }) => state === 'waiting') ? 'Idle' : 'Running';
}

/** The ISA-88 state of one phase of a batch. */
export function phaseState(one: Turn, batch: BatchRun, unit: string): ProcedureState {
  return batch.phases[unit] ?? plainState(one, batch, unit);
}

/** The batches with the states of their phases, as the line's display shows them. */
export function batchStatuses(one: Turn): BatchStatus[] {
  return batchesOf(one).map((batch) => ({
    batchId: batch.batchId,
    orderId: batch.orderId,
    number: batch.number,
    state: batch.state,
    phases: unitsOf(one, batch).map(
      (unit): PhaseStatus => ({ unit, state: phaseState(one, batch, unit) }),
    ),
  }));
}

/** No command keeps this phase, or the batch, from going on. */
export function goesOn(batch: BatchRun, unit: string): boolean {
  return batch.state === 'Running' && batch.phases[unit] === undefined;
}

/** A person holds the unit on purpose, by its phase or its batch: the line is not held for it. */
export function isHeldOnPurpose(one: Turn, unit: string): boolean {
  const HELD: readonly (ProcedureState | undefined)[] = ['Holding', 'Held', 'Restarting'];
  return batchesOf(one).some(
    (batch) =>
      unitsOf(one, batch).includes(unit) &&
      (HELD.includes(batch.state) || HELD.includes(batch.phases[unit])) &&
      (!isMixer(one, unit) || one.work.mixing === batch),
  );
}

const RESTING = ['Empty', 'Full', 'Held', 'Faulted'];

function stateOf(one: Turn, unit: string): string {
  if (!isMixer(one, unit)) return scaleState(one, unit) ?? 'Held';
  return mixerPhase(one) ?? 'Held';
}

/** What the acting state of a phase waits for is done. */
function isPhaseDone(one: Turn, batch: BatchRun, unit: string, state: ProcedureState): boolean {
  const now = stateOf(one, unit);
  if (state === 'Holding') return RESTING.includes(now);
  if (state === 'Restarting') return now !== 'Held';
  if (isMixer(one, unit)) return now === 'Waiting' || RESTING.includes(now);
  // A meter that is armed, and a unit that stands, weigh nothing.
  return !isDosing(batch, unit) || ['Full', 'Held', 'Faulted'].includes(now);
}

function isBatchDone(one: Turn, batch: BatchRun): boolean {
  const units = unitsOf(one, batch).filter(
    (unit) => !isMixer(one, unit) || one.work.mixing === batch,
  );
  return units.every((unit) => isPhaseDone(one, batch, unit, batch.state));
}

const ACTING: readonly ProcedureState[] = [
  'Pausing',
  'Holding',
  'Restarting',
  'Stopping',
  'Aborting',
];

function movePhases(one: Turn, batch: BatchRun): void {
  for (const [unit, state] of Object.entries(batch.phases)) {
    if (!ACTING.includes(state) || !isPhaseDone(one, batch, unit, state)) continue;
    const next = afterDone(state);
    if (next === 'Running') delete batch.phases[unit];
    else batch.phases[unit] = next;
  }
}

/** A batch is ended before its time: its order is held, and what lies there is a person's. */
function endBatch(one: Turn, batch: BatchRun): void {
  const { work } = one;
  recordBatch(one, batch, batch.state);
  for (const { scale, state } of batch.doses) {
    if (state === 'dosing') tell(one, scale, 'ABORT', { user: batch.by ?? one.id });
  }
  note(work.reasons, reason('batch.ended', { batch: batch.batchId, user: batch.by ?? '' }));
  if (work.dosing === batch) work.dosing = null;
  if (work.mixing === batch) work.mixing = null;
}

/** Batches and phases whose acting state is done go to the next; shows what stands still. */
export function moveControls(one: Turn): void {
  for (const batch of batchesOf(one)) {
    movePhases(one, batch);
    if (ACTING.includes(batch.state) && isBatchDone(one, batch)) {
      batch.state = afterDone(batch.state);
      if (batch.state === 'Stopped' || batch.state === 'Aborted') endBatch(one, batch);
      else recordBatch(one, batch, batch.state);
    }
  }
}

/** Batches and phases that a person lets stand, for the line's display. */
export function standing(one: Turn): Reason[] {
  return batchesOf(one).flatMap(({ batchId, state, phases, by }) => [
    ...(state === 'Running'
      ? []
      : [reason('batch.stands', { batch: batchId, state, user: by ?? '' })]),
    ...Object.entries(phases).map(([unit, phase]) =>
      reason('phase.stands', { batch: batchId, unit, state: phase }),
    ),
  ]);
}

function refuseState(one: Turn, object: string, state: ProcedureState, command: string): void {
  one.out.push(refused(reason('command.not-in-state', { object, state, command })));
}

function findBatch(one: Turn): BatchRun | null {
  const id = textArg(one.event, 'batchId') ?? '';
  const batch = batchesOf(one).find(({ batchId }) => batchId === id);
  if (batch !== undefined) return batch;
  one.out.push(refused(reason('batch.unknown', { batch: id })));
  return null;
}

/** 'BATCH_HOLD' -> HOLD. */
function commandOf(one: Turn): ProcedureCommand {
  return one.event.type.slice(one.event.type.indexOf('_') + 1) as ProcedureCommand;
}

/** What a hold, an abort or a going on means for the unit itself. */
function tellUnit(one: Turn, unit: string, command: ProcedureCommand): void {
  const to = isMixer(one, unit) ? one.setup.mixerUnit : unit;
  const user = senderOf(one.event)?.id ?? one.id;
  if (command === 'HOLD') tell(one, to, 'HOLD', { user });
  if (command === 'ABORT') tell(one, to, 'ABORT', { user });
  const resumes = command === 'RESUME' || command === 'RESTART';
  if (resumes && stateOf(one, unit) === 'Held') tell(one, to, 'RESUME');
}

/** Units that are at work for this batch and no other. */
function ownUnits(one: Turn, batch: BatchRun): string[] {
  return unitsOf(one, batch).filter((unit) => {
    if (isMixer(one, unit)) return one.work.mixing === batch;
    const other = batchesOf(one).find((another) => another !== batch);
    const begun = dosesOn(batch, unit).some(({ state }) => state !== 'waiting');
    return begun && (other === undefined || !isDosing(other, unit));
  });
}

/** BATCH_PAUSE, BATCH_RESUME, BATCH_HOLD, BATCH_STOP, BATCH_ABORT {batchId} from a person. */
export function commandBatch(one: Turn): void {
  const batch = findBatch(one);
  if (batch === null) return;
  const command = commandOf(one);
  const next = afterCommand(batch.state, command);
  if (next === null) {
    refuseState(one, batch.batchId, batch.state, command);
    return;
  }
  if (command === 'STOP' && one.work.mixing === batch) {
    one.out.push(refused(reason('batch.in-mixer', { batch: batch.batchId })));
    return;
  }
  accept(one);
  batch.state = next;
  batch.by = senderOf(one.event)?.id ?? null;
  for (const unit of ownUnits(one, batch)) {
    // A phase that is held for itself stays so when its batch goes on.
    if (command !== 'RESUME' || batch.phases[unit] === undefined) tellUnit(one, unit, command);
  }
  recordBatch(one, batch, next);
}

function phaseRefusal(one: Turn, batch: BatchRun, unit: string): Reason | null {
  if (!unitsOf(one, batch).includes(unit)) {
    return reason('phase.unknown', { batch: batch.batchId, unit });
  }
  const ends = ['STOP', 'ABORT'].includes(commandOf(one));
  return ends && isMixer(one, unit) ? reason('phase.mixer-whole', { batch: batch.batchId }) : null;
}

/**
 * PHASE_PAUSE, PHASE_RESUME, PHASE_HOLD, PHASE_STOP, PHASE_ABORT {batchId, unit} from a person;
 * PHASE_RESTART begins a stopped or aborted phase again, with what its doses still lack.
 */
export function commandPhase(one: Turn): void {
  const batch = findBatch(one);
  const unit = textArg(one.event, 'unit') ?? '';
  const why = batch === null ? null : phaseRefusal(one, batch, unit);
  if (batch === null) return;
  if (why !== null) {
    one.out.push(refused(why));
    return;
  }
  const command = commandOf(one);
  const state = phaseState(one, batch, unit);
  const again = command === 'RESTART' && ['Stopped', 'Aborted'].includes(state);
  const next = again ? 'Running' : afterCommand(state, command);
  if (next === null || (command === 'RESTART' && !again)) {
    refuseState(one, unit, state, command);
    return;
  }
  accept(one);
  if (next === 'Running') delete batch.phases[unit];
  else batch.phases[unit] = next;
  if (!again) tellUnit(one, unit, command);
}

/** Why the phase may not be skipped, all of it. */
function skipRefusals(one: Turn, batch: BatchRun, unit: string): Reason[] {
  if (!unitsOf(one, batch).includes(unit)) {
    return [reason('phase.unknown', { batch: batch.batchId, unit })];
  }
  if (isMixer(one, unit)) return [reason('phase.mixer-whole', { batch: batch.batchId })];
  const open = dosesOn(batch, unit).filter(({ state }) => state !== 'done');
  const drugs = open.filter(({ drug }) => drug);
  const state = phaseState(one, batch, unit);
  const rests = ['Idle', 'Paused', 'Stopped', 'Aborted'].includes(state) && !isDosing(batch, unit);
  const medicated = orderOf(one, batch)?.order.nature.drugClass !== 'none';
  return [
    ...drugs.map(({ material }) => reason('phase.skip-drug', { material })),
    ...(rests ? [] : [reason('phase.not-at-rest', { unit, state })]),
    ...(medicated && textArg(one.event, 'second') === null
      ? [reason('phase.skip-second', { unit })]
      : []),
    ...(textArg(one.event, 'reason') === null ? [reason('phase.skip-reason', { unit })] : []),
  ];
}

/**
 * PHASE_SKIP {batchId, unit, reason, second?} from a person who has signed for it: what the phase
 * still owes is left out of the batch, whose record says by whom and why. Never a drug.
 */
export function skipPhase(one: Turn): void {
  const batch = findBatch(one);
  if (batch === null) return;
  const unit = textArg(one.event, 'unit') ?? '';
  const reasons = skipRefusals(one, batch, unit);
  if (reasons.length > 0) {
    one.out.push(refused(...reasons));
    return;
  }
  accept(one);
  const kept = batch.doses.filter(({ scale, state }) => scale !== unit || state === 'done');
  batch.doses.splice(0, batch.doses.length, ...kept);
  delete batch.phases[unit];
}
