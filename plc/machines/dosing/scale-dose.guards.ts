import {
  cutNow,
  flowMissing,
  judge,
  KNOCKS_MAX,
  measuredFlow,
  noFlowWaitMs,
  scanInterval,
  smoothedKg,
} from '../../logic/dosing.ts';
import { GATE_STATES, MOTOR_STATES } from '../../model/isa88.ts';
import { goodNumber, isOn } from '../../model/tag.ts';
import type { MachineEvent } from '../kit.ts';
import { input, passed, senderOf, stateOf, textArg } from '../kit.ts';
import type { ScaleContext } from './scale-dose.context.ts';
import { emptyBandKg, flowsOf, knockerOf } from './scale-dose.context.ts';
import { doseRequest } from './scale-dose.request.ts';

interface Given {
  readonly context: ScaleContext;
  readonly event: MachineEvent;
}

/** Net weight, kg, if it may be acted upon: good, and the scale is not overloaded. */
export function netKg({ event }: Pick<Given, 'event'>): number | null {
  const overload = input(event.inputs, 'Overload');
  if (overload.quality !== 'good' || overload.value === true) return null;
  return goodNumber(input(event.inputs, 'Net'));
}

/** What the present dose weighs so far, kg. */
export function gotKg(given: Given): number | null {
  const net = netKg(given);
  return net === null || given.context.dose === null ? null : net - given.context.dose.startNetKg;
}

/**
 * What the dose weighs, to be judged and written down: the mean of the settled weight, unless
 * the weight has moved since (someone added by hand while it waited for a decision).
 */
export function weighedKg(given: Given): number | null {
  const settled = given.context.dose?.settledKg ?? null;
  const got = gotKg(given);
  if (settled === null || got === null) return got;
  return Math.abs(got - settled) <= 3 * given.context.setup.divisionKg ? settled : got;
}

/** Net weight of the empty scale, kg: exactly nothing while the weigher says so. */
export function zeroKg(event: MachineEvent): number | null {
  return isOn(event.inputs['Zero']) ? 0 : netKg({ event });
}

export function feederState({ context, event }: Given) {
  const role = `${context.dose?.feeder ?? ''}.State`;
  return stateOf(MOTOR_STATES, input(event.inputs, role));
}

export function gateState({ context, event }: Given) {
  return stateOf(GATE_STATES, input(event.inputs, `${context.setup.gate}.State`));
}

/** The flow to reckon with: as measured while it makes sense, else as promised. */
function flowKgPerS(context: ScaleContext): number {
  const flows = context.dose?.flows;
  if (flows === undefined) return 0;
  const nominal = context.stage === 'coarse' ? flows.coarseKgPerS : flows.fineKgPerS;
  const measured = context.stage === 'coarse' ? measuredFlow(context.trend) : null;
  return Math.min(measured ?? nominal, nominal * 2);
}

/** Nothing is or was on it: the weight is at its zero. */
export function isZero(given: Given): boolean {
  const net = netKg(given);
  return net !== null && Math.abs(net) <= emptyBandKg(given.context.setup);
}

const DEAD = ['Faulted', 'LocalOff', 'Interlocked', 'OutOfService'];

/** Readings swing by no more than this, in divisions. */
const NOISE_DIVISIONS = 2;

/** Conditions of the scale's drawing, by name. All are total. */
export const scaleGuards = {
  /** The weight cannot be acted upon: bad, stale or overloaded. */
  weightLost: (given: Given) => netKg(given) === null,
  weightGood: (given: Given) => netKg(given) !== null,
  /** The feeder or the gate that is needed now cannot work. */
  feederDead: (given: Given) => DEAD.includes(feederState(given) ?? ''),
  gateDead: (given: Given) => DEAD.includes(gateState(given) ?? ''),
  /** One of the machines it works with refused. */
  neededRefused: ({ context, event }: Given) =>
    'from' in event &&
    (event.from === context.dose?.feeder || event.from === context.setup.gate) &&
    ['ACQUIRE', 'START', 'OPEN'].includes(event.command),
  /** This very dose is on the scale already. */
  doneBefore: ({ context, event }: Given) =>
    context.done.some((one) => one.doseId === textArg(event, 'doseId')),
  sameDose: ({ context, event }: Given) => context.dose?.doseId === textArg(event, 'doseId'),
  /**
   * A dose it can weigh: known feeder, good weight, and empty unless others of its batch are on
   * it.
   */
  canDose: (given: Given) => {
    const request = doseRequest(given.event);
    if (request === null || netKg(given) === null) return false;
    if (flowsOf(given.context.setup, request.feeder) === null) return false;
    const { done, refilled } = given.context;
    return done.length > 0 || request.resumed || refilled || isZero(given);
  },
  fineDue: (given: Given) => {
    const { dose, stage, trend } = given.context;
    const got = gotKg(given);
    if (dose === null || got === null || stage === 'fine') return false;
    const { kg } = dose.changeover;
    return cutNow(got, dose.targetKg, kg, flowKgPerS(given.context), scanInterval(trend));
  },
  cutOff: (given: Given) => {
    const { dose, trend, setup } = given.context;
    const got = gotKg(given);
    if (dose === null || got === null) return false;
    const { divisionKg } = setup;
    const { kg } = dose.inFlight;
    const flow = flowKgPerS(given.context);
    const fine = given.context.stage === 'fine' ? smoothedKg(trend, flow) : null;
    // Whatever the mean says, a weight far beyond the cut is not noise.
    const weighed = fine === null ? got : Math.max(fine, got - NOISE_DIVISIONS * divisionKg);
    return cutNow(weighed, dose.targetKg, kg, flow, scanInterval(trend));
  },
  /** No flow, and a knock may still bring it down. */
  mayKnock: (given: Given) =>
    isStarved(given) &&
    knockerOf(given.context) !== null &&
    (given.context.dose?.knocks ?? 0) < KNOCKS_MAX,
  noFlow: (given: Given) => isStarved(given),
  tookTooLong: ({ context, event }: Given) => passed(context.limitMs, event.nowMs),
  due: ({ context, event }: Given) => passed(context.dueMs, event.nowMs),
  settled: (given: Given) => {
    const { context, event } = given;
    if (!passed(context.dueMs, event.nowMs)) return false;
    const patience = context.setup.settleS * 5_000;
    return isOn(event.inputs['Stable']) || event.nowMs - context.sinceMs >= patience;
  },
  aborted: ({ context }: Given) => context.dose !== null && context.dose.abortedBy !== null,
  inTolerance: (given: Given) => verdict(given) === 'in-tolerance',
  mayJog: (given: Given) => verdict(given) === 'under' && (given.context.dose?.jogsLeft ?? 0) > 0,
  retryUnder: (given: Given) =>
    textArg(given.event, 'decision') === 'retry' && verdict(given) === 'under',
  retry: ({ event }: Given) => textArg(event, 'decision') === 'retry',
  accept: (given: Given) => isAccept(given) && !needsSecond(given),
  /** The line goes on from another bin: what has come from this one is its dose. */
  move: ({ event }: Given) =>
    textArg(event, 'decision') === 'move' && senderOf(event)?.kind === 'machine',
  needsSecond: (given: Given) => isAccept(given) && needsSecond(given),
  emptied: (given: Given) => isZero(given),
  discharged: (given: Given) => given.context.closing && gateState(given) === 'Closed',
  hasContent: ({ context }: Given) => context.done.length > 0,
  /**
   * All that is on it, or comes onto it, belongs to other batches: after a restart the mixer may
   * know less than the scale, which was empty meanwhile and has gone on.
   */
  holdsNothingOf: ({ context, event }: Given) => {
    const batchId = textArg(event, 'batchId');
    const { dose, done } = context;
    const there = dose === null ? done : [dose, ...done];
    if (batchId === null || there.length === 0) return false;
    return there.every((one) => one.batchId !== undefined && one.batchId !== batchId);
  },
  heldFromFilling: ({ context }: Given) => context.heldFrom === 'Filling',
  heldFromWaiting: ({ context }: Given) => context.heldFrom === 'Waiting',
  /** Held while it emptied: it was empty before, and has product again. */
  refilledSince: (given: Given) => {
    const { heldFrom, lowKg, setup } = given.context;
    const bandKg = emptyBandKg(setup);
    const net = netKg(given);
    if (heldFrom !== 'Discharging' || lowKg === null || net === null) return false;
    return lowKg <= bandKg && net > lowKg + bandKg;
  },
  heldFromDischarge: ({ context }: Given) => context.heldFrom === 'Discharging',
};

function isStarved({ context, event }: Given): boolean {
  const { dose, flowingSinceMs, mark } = context;
  return flowingSinceMs !== null && flowMissing(mark, event.nowMs, noFlowWaitMs(dose?.knocks ?? 0));
}

function isAccept({ event }: Given): boolean {
  return textArg(event, 'decision') === 'accept' && senderOf(event)?.kind === 'person';
}

/** A drug out of tolerance is released by two persons (DOMAIN 4), who are not the same. */
function needsSecond({ context, event }: Given): boolean {
  if (context.dose?.drug !== true) return false;
  const second = textArg(event, 'second');
  return second === null || second === senderOf(event)?.id;
}

function verdict(given: Given) {
  const { dose } = given.context;
  const got = weighedKg(given);
  return dose === null || got === null ? null : judge(got, dose.targetKg, dose.toleranceKg);
}
