import type { Flows } from './dosing.ts';
import { FINE_AMOUNT_S } from './dosing.ts';

/**
 * When a dose changes from coarse to fine flow, learnt for each bin and speed: too early and the
 * line waits for the last kilograms, too late and the coarse flow carries the dose over its target.
 */
export interface Changeover {
  /** What is still missing when the flow is made fine, kg. */
  readonly kg: number;
  readonly lot: string | null;
}

/** The fine flow is wanted for so long: the coarse product has landed, the weight follows again. */
export const FINE_S = 6;
/** Shorter than this, the fine flow was never steady at the cut. */
const OVERRUN_S = 2.5;
/** A coarse run shorter than this says nothing about its overrun. */
export const COARSE_RUN_MS = 4_000;
const GAIN = 0.6;
/** After an overrun so much more is left for the fine flow, s of coarse flow. */
const STEP_S = 0.4;
/** Another lot may flow so much faster. */
const LOT_MARGIN = 1.15;

/** Before anything was learnt: three seconds of coarse flow, enough for any fall. */
export function firstChangeover({ coarseKgPerS }: Flows, lot: string | null): Changeover {
  return { kg: coarseKgPerS * FINE_AMOUNT_S, lot };
}

function bounded(kg: number, { coarseKgPerS }: Flows): number {
  return Math.min(coarseKgPerS * FINE_AMOUNT_S, Math.max(coarseKgPerS * 0.5, kg));
}

/** The changeover to dose with; a new lot is approached with a margin. */
export function changeoverFor(of: Changeover, lot: string | null, flows: Flows): Changeover {
  return of.lot === lot ? of : { kg: bounded(of.kg * LOT_MARGIN, flows), lot };
}

/**
 * Proposes the next changeover from how long the fine flow ran before the cut.
 * @param fineS from the change to fine flow to the cut, s.
 */
export function learnChangeover(of: Changeover, fineS: number, flows: Flows): Changeover {
  const changeKg =
    fineS < OVERRUN_S ? STEP_S * flows.coarseKgPerS : GAIN * (FINE_S - fineS) * flows.fineKgPerS;
  return { ...of, kg: bounded(of.kg + changeKg, flows) };
}
