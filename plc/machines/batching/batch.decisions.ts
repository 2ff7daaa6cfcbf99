import type { DosingBin } from '../../logic/batch-plan.ts';
import { fullest } from '../../logic/batch-plan.ts';
import { reason } from '../../model/reason.ts';
import { textArg } from '../kit.ts';
import type { DoseRun } from './batch.context.ts';
import { entersMixer, isByHand, owedDoses } from './batch.hand.ts';
import { unsafeReasons } from './batch.lots.ts';
import { orderOfDose, reasonsArg } from './batch.making.ts';
import type { Turn } from './batch.turn.ts';
import {
  accept,
  contentKg,
  hasProduct,
  isLow,
  note,
  scaleState,
  tell,
  wakeAt,
} from './batch.turn.ts';

/**
 * Doses that stand: what is asked of a person, and what the line decides by itself because a bin
 * gives nothing more.
 */

/** The fullest other bin of the material on the same scale that this batch has not tried yet. */
function otherBin(one: Turn, dose: DoseRun): DosingBin | null {
  const scale = one.setup.scales.find(({ id }) => id === dose.scale);
  const tried = one.work.dosing?.doses.map(({ bin }) => bin) ?? [];
  const order = orderOfDose(one, dose)?.order;
  const open = scale?.bins.filter(
    ({ bin, material }) =>
      material === dose.material &&
      !tried.includes(bin) &&
      (order === undefined || unsafeReasons(one, order, bin).length === 0),
  );
  return fullest(open ?? [], ({ bin }) => contentKg(one, bin));
}

/**
 * WAITING {scale, reasons}: the dose on that scale stands; the rest goes on. Another bin with its
 * material takes over; a bin that ran empty is waited for; all else a person must decide.
 */
export function doseWaits(one: Turn): void {
  accept(one);
  const scale = textArg(one.event, 'scale');
  const reasons = reasonsArg(one);
  const dose = owedDoses(one).find(
    (other) => other.scale === scale && ['dosing', 'deciding'].includes(other.state),
  );
  if (dose === undefined) {
    note(one.work.waitsFor, ...reasons);
    return;
  }
  const { bin } = dose;
  let starved = isStarved(dose);
  if (reasons.some(({ code }) => code === 'dose.no-flow')) {
    dose.rest = otherBin(one, dose);
    if (dose.rest !== null) {
      tell(one, dose.scale, 'DECIDE', { decision: 'move' });
      return;
    }
    starved = isLow(one, bin);
  }
  dose.state = 'deciding';
  dose.asks = starved ? [reason('dose.bin-empty', { bin })] : reasons;
}

function isStarved({ asks }: DoseRun): boolean {
  return asks?.some(({ code }) => code === 'dose.bin-empty') === true;
}

/** The level of a bin wakes nobody: while a dose waits for product it is looked at so often, ms. */
const REFILLED_LOOK_MS = 5_000;
/** A dose that is larger than its bin goes on from this level. */
const REFILLED_SHARE = 0.5;

/**
 * Whether a bin that ran empty holds again what the dose still needs. A bin that bridges is not
 * low: there a person must look.
 */
function isRefilled(one: Turn, dose: DoseRun): boolean {
  const content = contentKg(one, dose.bin);
  if (content === null || !hasProduct(one, dose.bin)) return false;
  const worthKg = (one.setup.binKg[dose.bin] ?? 0) * REFILLED_SHARE;
  return content >= Math.min(dose.targetKg, worthKg);
}

/**
 * A dose whose bin ran empty goes on by itself when the bin has been filled (DOMAIN 4), unless it
 * was filled with a lot that must not be used.
 */
function goOnWhenRefilled(one: Turn, dose: DoseRun): void {
  if (scaleState(one, dose.scale) !== 'Waiting') return;
  const order = orderOfDose(one, dose)?.order;
  const unsafe = order === undefined ? [] : unsafeReasons(one, order, dose.bin);
  note(one.work.waitsFor, ...unsafe);
  if (unsafe.length === 0 && isRefilled(one, dose)) {
    tell(one, dose.scale, 'DECIDE', { decision: 'retry' });
  } else wakeAt(one, one.event.nowMs + REFILLED_LOOK_MS);
}

/** Doses that are decided upon, or being weighed again after "dose on". */
export function followDecisions(one: Turn): void {
  const doses = owedDoses(one);
  // What it waits for is found anew in each turn.
  one.work.waitsFor = [];
  for (const dose of doses) {
    if (dose.state !== 'deciding') continue;
    if (['Filling', 'Settling', 'Jogging'].includes(scaleState(one, dose.scale) ?? '')) {
      Object.assign(dose, { state: 'dosing', asks: [] });
    } else if (isStarved(dose)) goOnWhenRefilled(one, dose);
  }
  askForLost(one, doses);
}

/** A scale that was asked shows that it works on the dose within this, ms. */
const ASK_AGAIN_MS = 5_000;

/**
 * A dose that its scale knows nothing of is asked for again, whenever the scale can be trusted:
 * one that was Faulted at the moment of a RESUME would else stand for ever. A dose that is done
 * is answered from memory, so nothing is weighed twice.
 */
function askForLost(one: Turn, doses: readonly DoseRun[]): void {
  for (const dose of doses) {
    if (dose.state !== 'dosing' && dose.state !== 'deciding') continue;
    const state = scaleState(one, dose.scale);
    // A meter that is Full has it and waits for the mixer.
    const isArmed = entersMixer(one, dose) && !isByHand(one, dose);
    if (state !== 'Empty' && (state !== 'Full' || isArmed)) continue;
    if (one.event.nowMs < dose.askedAtMs + ASK_AGAIN_MS) {
      wakeAt(one, dose.askedAtMs + ASK_AGAIN_MS);
      continue;
    }
    Object.assign(dose, { state: 'waiting', resumed: true, asks: [] });
  }
}
