import type { DosingBin } from '../../logic/batch-plan.ts';
import { planDoses } from '../../logic/batch-plan.ts';
import type { Reason } from '../../model/reason.ts';
import { reason } from '../../model/reason.ts';
import { isCommand, numberArg, textArg } from '../kit.ts';
import type { BatchRun, DoseRun } from './batch.context.ts';
import { goesOn, isHeldOnPurpose } from './batch.control.ts';
import { downstreamRefused } from './batch.downstream.ts';
import { entersMixer, isByHand, laterDoses, mayBeAsked, owedDoses } from './batch.hand.ts';
import { leftOut, safeScales, unsafeReasons } from './batch.lots.ts';
import { recordBatch, recordDosing } from './batch.records.ts';
import { transferRoute } from './batch.transfer.ts';
import type { Turn } from './batch.turn.ts';
import { accept, contentKg, mixerPhase, note, orderOf, scaleState, tell } from './batch.turn.ts';

/** Begins the next batch as soon as the one before it has been weighed and handed to the mixer. */
function beginBatch(one: Turn): void {
  const { work, event } = one;
  const run = work.active;
  if (run === null || work.dosing !== null || run.stopRequested) return;
  if (one.state === 'Pausing' || one.state === 'Paused') return;
  if (run.batchesStarted >= run.batchesPlanned) return;
  const { items } = run.order;
  const scales = safeScales(one, run.order);
  const plan = planDoses(items, run.eachKg, scales, (bin) => contentKg(one, bin));
  if (plan.reasons.length > 0) {
    note(work.reasons, ...leftOut(one, run.order), ...plan.reasons);
    return;
  }
  const number = run.batchesStarted + 1;
  const batchId = `${run.order.orderId}/${number}`;
  const sequence = new Map<string, number>();
  const doses: DoseRun[] = plan.doses.map((dose) => {
    const count = (sequence.get(dose.scale) ?? 0) + 1;
    sequence.set(dose.scale, count);
    const doseId = `${batchId}/${dose.scale}/${count}`;
    return {
      ...dose,
      doseId,
      state: 'waiting',
      actualKg: null,
      resumed: false,
      rest: null,
      askedAtMs: 0,
    };
  });
  const { orderId } = run.order;
  const { eachKg: targetKg } = run;
  const handIn = !doses.some((dose) => isByHand(one, dose));
  work.dosing = {
    ...{ batchId, orderId, number, targetKg, startedTimeMs: event.utcMs, doses, handIn },
    ...{ state: 'Running', by: null, phases: {} },
  };
  run.batchesStarted = number;
  recordBatch(one, work.dosing, 'Running');
}

/** Scales work side by side; on one scale the next dose begins when the one before it is done. */
function askDoses(one: Turn, batch: BatchRun): void {
  for (const place of one.setup.scales) {
    const { id } = place;
    if (!mayBeAsked(one, place, batch) || !goesOn(batch, id)) continue;
    const doses = batch.doses.filter((dose) => dose.scale === id);
    const dose = doses.find((other) => other.state !== 'done');
    if (dose === undefined || dose.state !== 'waiting') continue;
    const first = doses[0] === dose;
    const state = scaleState(one, id);
    if (state === 'Faulted') note(one.work.waitsFor, reason('scale.not-good', { scale: id }));
    // The first dose waits until the mixer has taken the batch before; a resumed one may find it
    // Full.
    const isFree = state === 'Empty' || (state === 'Full' && (!first || dose.resumed));
    const unsafe = isFree ? unsafeDose(one, batch, dose) : [];
    note(one.work.waitsFor, ...unsafe);
    if (isFree && unsafe.length === 0) ask(one, batch, dose);
  }
}

/** A lot that must not be used, or not in this feed, came up in the bin since it was planned. */
function unsafeDose(one: Turn, batch: BatchRun, dose: DoseRun): Reason[] {
  const run = orderOf(one, batch);
  return run === undefined || isByHand(one, dose) ? [] : unsafeReasons(one, run.order, dose.bin);
}

function ask(one: Turn, batch: BatchRun, dose: DoseRun): void {
  dose.state = 'dosing';
  dose.askedAtMs = one.event.nowMs;
  const { doseId, bin, feeder, material, lot, targetKg, toleranceKg, drug, resumed } = dose;
  tell(one, dose.scale, 'DOSE', {
    doseId,
    batchId: batch.batchId,
    bin,
    feeder,
    material,
    ...(lot === null ? {} : { lot }),
    targetKg,
    toleranceKg,
    drug,
    resumed,
    nature: orderOf(one, batch)?.order.nature ?? null,
  });
}

/** A weighed batch goes to the mixer when that is empty; sacks may follow while it mixes. */
function handOver(one: Turn): void {
  const { work } = one;
  const batch = work.dosing;
  if (batch === null || work.mixing !== null) return;
  const owed = batch.doses.some((dose) => dose.state !== 'done' && !entersMixer(one, dose));
  if (owed || mixerPhase(one) !== 'Empty' || !goesOn(batch, one.setup.mixer)) return;
  recordDosing(one, batch);
  work.mixing = batch;
  work.dosing = null;
  askMixer(one, batch);
}

/** A main ingredient is more of a batch than this, a micro one less (DOMAIN 4). */
const MAIN_SHARE = 0.05;
const MICRO_SHARE = 0.01;

/** A scale with drugs or nothing but micro ingredients on it. */
function entersLate({ doses, targetKg }: BatchRun, scale: string): boolean {
  const own = doses.filter((dose) => dose.scale === scale);
  return own.some((dose) => dose.drug) || own.every((d) => d.targetKg < MICRO_SHARE * targetKg);
}

/** MIX is sent again after a restart: the mixer knows a batch that it already has. */
function askMixer(one: Turn, batch: BatchRun): void {
  const { setup } = one;
  const run = orderOf(one, batch);
  if (run === undefined) return;
  const used = setup.scales.filter(
    ({ id, byHand }) => byHand === undefined && batch.doses.some(({ scale }) => scale === id),
  );
  const late = used.filter((scale) => !scale.liquid && entersLate(batch, scale.id));
  const main = batch.doses.filter((dose) => dose.targetKg > MAIN_SHARE * batch.targetKg);
  tell(one, setup.mixerUnit, 'MIX', {
    batchId: batch.batchId,
    lateScales: late.map((scale) => scale.id),
    mainKg: main.reduce((kg, dose) => kg + (dose.actualKg ?? 0), 0),
    dryScales: used.filter((scale) => !scale.liquid).map((scale) => scale.id),
    liquidScales: used.filter((scale) => scale.liquid).map((scale) => scale.id),
    dryMixS: run.order.procedure.dryMixS,
    wetMixS: run.order.procedure.wetMixS,
    route: transferRoute(one, run),
    handAdd: !batch.handIn,
  });
}

/** Sacks and metered liquids of the batch in the mixer that were not asked for yet. */
export function askLater(one: Turn): void {
  const { mixing } = one.work;
  if (mixing === null) return;
  const doses = laterDoses(one, mixing);
  if (doses.some(({ state }) => state === 'waiting')) askDoses(one, { ...mixing, doses });
}

/** One look at dosing and mixing: begin, ask, hand over. */
export function makeBatches(one: Turn): void {
  beginBatch(one);
  if (one.work.dosing !== null) askDoses(one, one.work.dosing);
  handOver(one);
  askLater(one);
}

function findDose(one: Turn): DoseRun | undefined {
  const id = textArg(one.event, 'doseId');
  return owedDoses(one).find((dose) => dose.doseId === id);
}

/** What a bin did not give any more is a dose of its own, from the next one (DOMAIN 4). */
function goOnFrom(one: Turn, dose: DoseRun, { bin, feeder, lot }: DosingBin): void {
  const batch = one.work.dosing;
  const targetKg = Math.round((dose.targetKg - (dose.actualKg ?? 0)) * 10_000) / 10_000;
  if (batch === null || targetKg <= dose.toleranceKg) return;
  const { scale, material, toleranceKg, drug } = dose;
  const number = batch.doses.filter((other) => other.scale === scale).length + 1;
  batch.doses.splice(batch.doses.indexOf(dose) + 1, 0, {
    ...{ scale, bin, feeder, material, lot, targetKg, toleranceKg, drug },
    doseId: `${batch.batchId}/${scale}/${number}`,
    ...{ state: 'waiting', actualKg: null, resumed: false, rest: null, askedAtMs: 0 },
  });
}

function isFed(one: Turn, dose: DoseRun): boolean {
  return !entersMixer(one, dose);
}

export function orderOfDose(one: Turn, dose: DoseRun) {
  const { dosing, mixing } = one.work;
  const batch = dosing?.doses.includes(dose) === true ? dosing : mixing;
  return batch === null ? undefined : orderOf(one, batch);
}

/** DOSED {doseId, actualKg} from a scale. Told twice, it counts once. */
export function dosed(one: Turn): void {
  accept(one);
  const dose = findDose(one);
  const run = dose === undefined ? undefined : orderOfDose(one, dose);
  if (dose === undefined || run === undefined || dose.state === 'done') return;
  dose.state = 'done';
  dose.actualKg = numberArg(one.event, 'actualKg') ?? 0;
  run.dosedKg += dose.actualKg;
  const ended = ['Aborting', 'Aborted'].includes(one.work.dosing?.phases[dose.scale] ?? '');
  const { bin, feeder, lot, material } = dose;
  // What an aborted phase still owes is weighed when it is begun again.
  const rest = ended && isFed(one, dose) ? { bin, feeder, lot, material } : dose.rest;
  if (rest !== null) goOnFrom(one, dose, rest);
}

/** What a unit told of itself. */
export function reasonsArg(one: Turn): Reason[] {
  const value = isCommand(one.event) ? one.event.args['reasons'] : [];
  return Array.isArray(value) ? (value as Reason[]) : [];
}

/** MIXED {batchId} from the mixer: the batch is out. */
export function mixed(one: Turn): void {
  accept(one);
  const { work } = one;
  const batch = work.mixing;
  if (batch === null || batch.batchId !== textArg(one.event, 'batchId')) return;
  const run = orderOf(one, batch);
  if (run !== undefined) run.batchesDone += 1;
  recordBatch(one, batch, 'Complete');
  work.mixing = null;
}

/** UNIT_HELD {reasons} from scale or mixer: kept as the reasons why the line is held. */
export function unitHeld(one: Turn): void {
  accept(one);
  note(one.work.reasons, ...reasonsArg(one));
}

/** A unit of this line stands Held, though nobody held the line. */
export function heldUnits(one: Turn): void {
  const held = one.setup.scales.filter(({ id }) => scaleState(one, id) === 'Held');
  const mixer = mixerPhase(one) === 'Held' ? [one.setup.mixer] : [];
  if (one.work.reasons.length > 0) return;
  for (const object of [...held.map(({ id }) => id), ...mixer]) {
    if (isHeldOnPurpose(one, object)) continue;
    note(
      one.work.reasons,
      reason('command.not-in-state', { object, state: 'Held', command: 'RUN' }),
    );
  }
}

/**
 * REFUSED: by a scale or the mixer it holds the line; by others it is shown, and asked again
 * later.
 */
export function unitRefused(one: Turn): void {
  const { event, setup, work } = one;
  if (!('from' in event)) return;
  const unit = event.from === setup.mixerUnit || setup.scales.some(({ id }) => id === event.from);
  if (unit && ['DOSE', 'MIX', 'RESUME'].includes(event.command))
    note(work.reasons, ...event.reasons);
  else downstreamRefused(one);
}

/**
 * After a restart, or a refusal: what the scales and the mixer do not know of is asked again. A
 * scale answers a dose that it has done already from memory, so nothing is weighed twice.
 */
export function askAgain(one: Turn): void {
  const { mixing } = one.work;
  for (const dose of owedDoses(one)) {
    const state = scaleState(one, dose.scale);
    if (dose.state === 'done' || dose.state === 'waiting') continue;
    if (state === 'Empty' || state === 'Full')
      Object.assign(dose, { state: 'waiting', resumed: true, asks: [] });
  }
  if (mixing !== null && mixerPhase(one) === 'Empty') askMixer(one, mixing);
}
