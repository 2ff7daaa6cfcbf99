import { cutNow, FINE_AMOUNT_S, flowMissing, judge, scanInterval } from '../../logic/dosing.ts';
import { isJump, pulsesSince } from '../../logic/pulse-count.ts';
import { GATE_STATES, MOTOR_STATES } from '../../model/isa88.ts';
import { goodNumber } from '../../model/tag.ts';
import type { MachineEvent } from '../kit.ts';
import { input, passed, senderOf, stateOf, textArg } from '../kit.ts';
import type { MeterContext } from './meter-dose.context.ts';
import { doseRequest } from './scale-dose.request.ts';

interface Given {
  readonly context: MeterContext;
  readonly event: MachineEvent;
}

/** The count of the meter; null when it cannot be trusted. */
export function pulses({ event }: Pick<Given, 'event'>): number | null {
  return goodNumber(input(event.inputs, 'Pulses'));
}

export function pumpState({ context, event }: Given) {
  return stateOf(MOTOR_STATES, input(event.inputs, `${context.setup.pump}.State`));
}

export function valveState({ context, event }: Given) {
  return stateOf(GATE_STATES, input(event.inputs, `${context.setup.valve}.State`));
}

const DEAD = ['Faulted', 'LocalOff', 'Interlocked', 'OutOfService'];

/** What has passed since the count was last looked at; null: it cannot be told. */
export function freshKg({ context, event }: Given): number | null {
  const now = pulses({ event });
  const { lastPulses, setup, countedMs } = context;
  if (now === null || lastPulses === null) return null;
  const fresh = pulsesSince(lastPulses, now);
  const perS = setup.kgPerHMax / 3_600 / setup.kgPerPulse;
  return isJump(fresh, event.nowMs - countedMs, perS) ? null : fresh * setup.kgPerPulse;
}

/** What the dose has got so far, kg. */
export function meteredKg(given: Given): number | null {
  const { dose } = given.context;
  const fresh = freshKg(given);
  return dose === null || fresh === null ? null : dose.gotKg + fresh;
}

function verdict({ context: { dose } }: Given) {
  return dose === null ? null : judge(dose.gotKg, dose.targetKg, dose.toleranceKg);
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

function cutsAt(given: Given, kg: number, flowKgPerS: number): boolean {
  const { dose, trend } = given.context;
  const got = meteredKg(given);
  if (dose === null || got === null) return false;
  return cutNow(got, dose.targetKg, kg, flowKgPerS, scanInterval(trend));
}

/** Conditions of the meter's drawing, by name. All are total. */
export const meterGuards = {
  /** Its count is not good, or jumped: what flows is not known. */
  countLost: (given: Given) => pulses(given) === null,
  countJumped: (given: Given) => meteredKg(given) === null,
  equipmentDead: (given: Given) =>
    DEAD.includes(pumpState(given) ?? '') || DEAD.includes(valveState(given) ?? ''),
  neededRefused: ({ context, event }: Given) =>
    'from' in event &&
    [context.setup.pump, context.setup.valve].includes(event.from) &&
    ['ACQUIRE', 'START', 'OPEN'].includes(event.command),
  doneBefore: ({ context, event }: Given) =>
    context.done.some((one) => one.doseId === textArg(event, 'doseId')),
  sameDose: ({ context, event }: Given) => context.dose?.doseId === textArg(event, 'doseId'),
  canDose: (given: Given) => {
    const request = doseRequest(given.event);
    return request !== null && request.feeder === given.context.setup.pump;
  },
  /** The mixer waits for it already. */
  isAwaited: ({ context, event }: Given) =>
    context.awaits !== null && context.awaits === textArg(event, 'batchId'),
  batchDone: ({ context, event }: Given) =>
    context.done.some((one) => one.batchId === textArg(event, 'batchId')),
  /** The mixer's batch is the one that the dose is for. */
  sameBatch: ({ context, event }: Given) => context.dose?.batchId === textArg(event, 'batchId'),
  fineDue: (given: Given) => {
    const { dose, stage } = given.context;
    if (dose === null || stage === 'fine') return false;
    const { coarseKgPerS } = dose.flows;
    return cutsAt(given, coarseKgPerS * FINE_AMOUNT_S, coarseKgPerS);
  },
  cutOff: (given: Given) => {
    const { dose, stage } = given.context;
    if (dose === null) return false;
    const { coarseKgPerS, fineKgPerS } = dose.flows;
    return cutsAt(given, dose.inFlight.kg, stage === 'coarse' ? coarseKgPerS : fineKgPerS);
  },
  noFlow: ({ context, event }: Given) =>
    context.flowingSinceMs !== null && flowMissing(context.mark, event.nowMs),
  tookTooLong: ({ context, event }: Given) => passed(context.limitMs, event.nowMs),
  due: ({ context, event }: Given) => passed(context.dueMs, event.nowMs),
  aborted: ({ context }: Given) => context.dose !== null && context.dose.abortedBy !== null,
  inTolerance: (given: Given) => verdict(given) === 'in-tolerance',
  mayTop: (given: Given) => verdict(given) === 'under' && (given.context.dose?.topsLeft ?? 0) > 0,
  retryUnder: (given: Given) =>
    textArg(given.event, 'decision') === 'retry' && verdict(given) === 'under',
  retry: ({ event }: Given) => textArg(event, 'decision') === 'retry',
  needsSecond: (given: Given) => isAccept(given) && needsSecond(given),
  accept: (given: Given) => isAccept(given) && !needsSecond(given),
  hasDose: ({ context }: Given) => context.dose !== null,
  heldFromFilling: ({ context }: Given) => context.heldFrom === 'Filling',
  heldFromWaiting: ({ context }: Given) => context.heldFrom === 'Waiting',
};
