import type { DosingScale } from '../../logic/batch-plan.ts';
import type { Reason } from '../../model/reason.ts';
import { reason } from '../../model/reason.ts';
import type { BatchRun, DoseRun } from './batch.context.ts';
import type { Turn } from './batch.turn.ts';
import { mixerPhase, scaleState, tell } from './batch.turn.ts';

/** The dose is weighed by a person at a hand-add hatch. */
export function isByHand({ setup }: Pick<Turn, 'setup'>, { scale }: { scale: string }): boolean {
  return setup.scales.some(({ id, byHand }) => id === scale && byHand !== undefined);
}

/**
 * It goes into the mixer when the batch is there already: a sack, or a liquid by meter. The batch
 * is handed over before.
 */
export function entersMixer({ setup }: Pick<Turn, 'setup'>, { scale }: { scale: string }): boolean {
  const place = setup.scales.find(({ id }) => id === scale);
  return place?.byHand !== undefined || place?.metered === true;
}

/** Doses of a batch that go straight into the mixer. */
export function laterDoses(one: Turn, batch: BatchRun): DoseRun[] {
  return batch.doses.filter((dose) => entersMixer(one, dose));
}

export function handDoses(one: Turn, batch: BatchRun): DoseRun[] {
  return batch.doses.filter((dose) => isByHand(one, dose));
}

/** Doses of the batch that is dosed, and those that the one in the mixer still gets. */
export function owedDoses(one: Turn): DoseRun[] {
  const { dosing, mixing } = one.work;
  const later = mixing === null ? [] : laterDoses(one, mixing);
  return [...(dosing?.doses ?? []), ...later];
}

/** The batch in the mixer, of another order than this, still needs that hatch or meter. */
export function isForOther({ work }: Turn, scale: string, orderId: string): boolean {
  const { mixing } = work;
  if (mixing === null || mixing.orderId === orderId) return false;
  return mixing.doses.some((dose) => dose.scale === scale && dose.state !== 'done');
}

/** A meter works for one batch after the other: the liquid of this one may be asked for. */
function meterIsFree({ work }: Turn, scale: string, { batchId }: BatchRun): boolean {
  const { mixing } = work;
  if (mixing === null || mixing.batchId === batchId) return true;
  return mixing.doses.every((dose) => dose.scale !== scale || dose.state === 'done');
}

/** Whether a scale, hatch or meter may be asked for doses of this batch now. */
export function mayBeAsked(one: Turn, { id, byHand, metered }: DosingScale, batch: BatchRun) {
  if (metered === true) return meterIsFree(one, id, batch);
  return byHand === undefined || hatchIsFree(one, batch);
}

/** A hatch works for one batch after the other: the sacks of this one may be asked for. */
function hatchIsFree({ work }: Turn, batch: BatchRun): boolean {
  return batch.batchId === work.mixing?.batchId || work.mixing === null || work.mixing.handIn;
}

/**
 * Lets the person tip what he weighed while the mixer turns with the dry ones in it, and tells the
 * mixer when all of it is in: it goes on to the liquids, and discharges, only then (DOMAIN 4).
 */
export function moveHandAdds(one: Turn): void {
  const batch = one.work.mixing;
  if (batch === null || batch.handIn) return;
  const doses = handDoses(one, batch);
  if (doses.some(({ state }) => state !== 'done')) return;
  const hatches = [...new Set(doses.map(({ scale }) => scale))];
  if (mixerPhase(one) === 'DryMixing') {
    for (const id of hatches) if (scaleState(one, id) === 'Full') tell(one, id, 'DISCHARGE');
  }
  if (hatches.some((id) => scaleState(one, id) !== 'Empty')) return;
  batch.handIn = true;
  tell(one, one.setup.mixerUnit, 'HAND_ADDED', { batchId: batch.batchId });
}

/** Sacks that the batch in the mixer waits for. */
export function sacksMissing(one: Turn): Reason[] {
  const batch = one.work.mixing;
  if (batch === null || batch.handIn) return [];
  return handDoses(one, batch).map(({ scale: device, material, targetKg }) =>
    reason('hand-add.waits', { device, material, kg: Math.round(targetKg * 1e3) / 1e3 }),
  );
}
