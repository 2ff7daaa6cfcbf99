import { COARSE_RUN_MS, changeoverFor, firstChangeover } from '../../logic/changeover.ts';
import {
  averagingMs,
  doseTimeLimitMs,
  JOGS_MAX,
  jogMs,
  meanKg,
  measuredFlow,
  movedMark,
  withWeighing,
} from '../../logic/dosing.ts';
import { firstInFlight, forLot } from '../../logic/in-flight.ts';
import type { ScaleState } from '../../model/isa88.ts';
import type { Reason } from '../../model/reason.ts';
import { reason } from '../../model/reason.ts';
import { isOn } from '../../model/tag.ts';
import type { MachineOutput } from '../contract.ts';
import type { Effect, MachineEvent } from '../kit.ts';
import {
  ACCEPTED,
  invalidArg,
  isCommand,
  passed,
  refused,
  send,
  senderOf,
  textArg,
} from '../kit.ts';
import type { Dose, ScaleContext } from './scale-dose.context.ts';
import { expectedKgPerS, flowsOf, learntKey } from './scale-dose.context.ts';
import { feed, stopFeeder, stopKnocker } from './scale-dose.feeder.ts';
import { feederState, gotKg, netKg, weighedKg, zeroKg } from './scale-dose.guards.ts';
import { doseRequest, lotTaken } from './scale-dose.request.ts';

type Step = (context: ScaleContext, event: MachineEvent) => Effect<ScaleContext>;

/** Before anything was learnt: scale, drive and communication delay together, s of fine flow. */
const FIRST_DELAY_S = 1.2;
/** Less than so many seconds of coarse flow is not worth starting it. */
const COARSE_WORTH_S = 0.5;
/** A pulse whose feeder did not even start within this is given up, ms. */
const JOG_START_MS = 5_000;

export function answer(event: MachineEvent): MachineOutput[] {
  return isCommand(event) ? [ACCEPTED] : [];
}

/** A new dose: learnt in-flight is looked up, its start weight is fixed once and for all. */
export const begin: Step = (context, event) => {
  const request = doseRequest(event);
  const flows = request === null ? null : flowsOf(context.setup, request.feeder);
  if (request === null || flows === null) return { out: [refused(invalidArg('args'))] };
  const net = zeroKg(event) ?? context.restNetKg;
  const key = learntKey(request, context.setup);
  const learnt = context.learnt[key];
  const lot = lotTaken(event, request);
  const isGoingOn = context.done.length > 0 || request.resumed || context.refilled;
  const dose: Dose = {
    ...request,
    lot,
    startNetKg: isGoingOn ? context.restNetKg : net,
    startedUtcMs: event.utcMs,
    owner: senderOf(event)?.id ?? '',
    flows,
    inFlight: forLot(learnt ?? firstInFlight(flows.fineKgPerS, FIRST_DELAY_S, lot), lot),
    changeover: changeoverFor(context.changeovers[key] ?? firstChangeover(flows, lot), lot, flows),
    coarseSinceMs: null,
    fineSinceMs: null,
    fineS: null,
    seenCoarseKgPerS: null,
    seenFineKgPerS: null,
    knocks: 0,
    jogs: 0,
    jogsLeft: JOGS_MAX,
    firstErrorKg: null,
    settledKg: null,
    abortedBy: null,
  };
  return { set: { dose, refilled: false, reasons: [] }, out: [ACCEPTED] };
};

/**
 * Feeder on: at coarse speed if enough is missing for it, else at fine speed. `track` changes
 * over.
 */
export const startFilling: Step = (context, event) => {
  const { dose } = context;
  if (dose === null) return {};
  const got = gotKg({ context, event }) ?? 0;
  const shortKg = dose.changeover.kg + dose.flows.coarseKgPerS * COARSE_WORTH_S;
  const fine = dose.targetKg - got <= shortKg;
  const stage = fine ? 'fine' : 'coarse';
  const asked = feederState({ context, event }) !== 'Stopping';
  return {
    set: {
      dose: { ...dose, settledKg: null, coarseSinceMs: null, fineSinceMs: null, fineS: null },
      stage,
      trend: [],
      mark: { atMs: event.nowMs, kg: got },
      asked,
      flowingSinceMs: null,
      limitMs: event.nowMs + doseTimeLimitMs(Math.max(0, dose.targetKg - got), dose.flows),
      knockOffMs: null,
      heldFrom: null,
      reasons: [],
    },
    out: asked ? feed(context, stage) : [],
  };
};

/** Keeps the recent weights for the flow, and the mark for its absence. */
export const track: Step = (context, event) => {
  const { dose } = context;
  const got = gotKg({ context, event });
  if (dose === null || got === null) return {};
  const weighing = { atMs: event.nowMs, kg: got };
  const feeder = feederState({ context, event });
  const running = feeder === 'Running';
  const late = !context.asked && feeder === 'Stopped';
  const flowingSinceMs = context.flowingSinceMs ?? (running ? event.nowMs : null);
  const mark = movedMark(context.mark, weighing, expectedKgPerS(context));
  const quiet = passed(context.knockOffMs, event.nowMs);
  const began = context.flowingSinceMs === null && flowingSinceMs !== null;
  const coarse = began && context.stage === 'coarse';
  return {
    set: {
      ...(coarse ? { dose: { ...dose, coarseSinceMs: event.nowMs } } : {}),
      trend: withWeighing(context.trend, weighing),
      flowingSinceMs,
      mark: began ? weighing : mark,
      // It flows again.
      ...(mark === context.mark ? {} : { reasons: [] }),
      ...(quiet ? { knockOffMs: null } : {}),
      asked: context.asked || late,
    },
    out: [...(late ? feed(context, context.stage) : []), ...(quiet ? stopKnocker(context) : [])],
  };
};

/** A flow over a shorter time than this says nothing, ms. */
const STEADY_MS = 1_800;

/** The flow over the recent weights; null while they are too few. */
function steadyFlow({ trend }: ScaleContext): number | null {
  const lengthMs = (trend.at(-1)?.atMs ?? 0) - (trend[0]?.atMs ?? 0);
  return lengthMs < STEADY_MS ? null : measuredFlow(trend);
}

export const goFine: Step = (context, event) => {
  const { dose } = context;
  const hz = context.setup.feeders[dose?.feeder ?? '']?.fineHz ?? 0;
  const got = gotKg({ context, event }) ?? 0;
  return {
    set: {
      ...(dose === null
        ? {}
        : { dose: { ...dose, fineSinceMs: event.nowMs, seenCoarseKgPerS: steadyFlow(context) } }),
      stage: 'fine',
      trend: [],
      mark: { atMs: event.nowMs, kg: got },
    },
    out: dose === null ? [] : [send(dose.feeder, 'SET_HZ', { hz })],
  };
};

/** The weight must have settled, and then been averaged for a while. */
function settledAt(context: ScaleContext, event: MachineEvent): number {
  return event.nowMs + context.setup.settleS * 1_000 + averageMs(context);
}

function averageMs({ dose, setup }: ScaleContext): number {
  return averagingMs(dose?.targetKg ?? 0, setup.divisionKg);
}

/** How long the fine flow ran, where a coarse one that was worth it came before. */
function fineRunS({ dose }: ScaleContext, event: MachineEvent): number | null {
  if (dose === null || dose.coarseSinceMs === null || dose.fineSinceMs === null) return null;
  if (dose.fineSinceMs - dose.coarseSinceMs < COARSE_RUN_MS) return null;
  return (event.nowMs - dose.fineSinceMs) / 1_000;
}

/** The fine flow of the first run, before the cut. */
function seenFine(context: ScaleContext): Partial<Dose> {
  const { dose, stage } = context;
  if (stage !== 'fine' || dose === null || dose.seenFineKgPerS !== null) return {};
  return { seenFineKgPerS: dose.firstErrorKg === null ? steadyFlow(context) : null };
}

/** Cut off; the settling time starts when the feeder has really stopped. */
export const cut: Step = (context, event) => {
  const { dose } = context;
  const fineS = dose?.fineS ?? fineRunS(context, event);
  return {
    set: {
      ...(dose === null ? {} : { dose: { ...dose, fineS, ...seenFine(context) } }),
      knockOffMs: null,
      dueMs: settledAt(context, event),
      trend: [],
      heldFrom: null,
    },
    out: stopFeeder(context, false),
  };
};

export const settle: Step = (context, event) => {
  const moving = ['Running', 'Stopping'].includes(feederState({ context, event }) ?? '');
  return {
    set: {
      trend: withGot(context, event),
      ...(moving ? { dueMs: settledAt(context, event) } : {}),
    },
  };
};

function withGot(context: ScaleContext, event: MachineEvent) {
  const kg = gotKg({ context, event });
  if (kg === null) return context.trend;
  return withWeighing(context.trend, { atMs: event.nowMs, kg }, averageMs(context));
}

/** The first settled weight is what the mass in flight is learnt from. */
export const weigh: Step = (context, event) => {
  const { dose } = context;
  const settledKg = meanKg(withGot(context, event));
  if (dose === null || settledKg === null) return {};
  const firstErrorKg = dose.firstErrorKg ?? settledKg - dose.targetKg;
  return { set: { dose: { ...dose, settledKg, firstErrorKg } } };
};

export const startJog: Step = (context, event) => {
  const { dose } = context;
  if (dose === null) return {};
  return {
    set: {
      dose: { ...dose, jogs: dose.jogs + 1, jogsLeft: dose.jogsLeft - 1, settledKg: null },
      flowingSinceMs: null,
      dueMs: event.nowMs + JOG_START_MS,
    },
    out: feed(context, 'fine'),
  };
};

/** The pulse is timed from the feeder's own feedback: starting it takes longer than the pulse. */
export const timeJog: Step = (context, event) => {
  const { dose } = context;
  if (dose === null || context.flowingSinceMs !== null) return {};
  if (feederState({ context, event }) !== 'Running') return {};
  const missing = dose.targetKg - (gotKg({ context, event }) ?? dose.targetKg);
  return {
    set: {
      flowingSinceMs: event.nowMs,
      dueMs: event.nowMs + jogMs(missing, dose.flows.fineKgPerS),
    },
  };
};

function waitReason(context: ScaleContext, event: MachineEvent, why: Waiting): Reason {
  const { dose } = context;
  const material = dose?.material ?? '';
  const got = weighedKg({ context, event }) ?? 0;
  const deviationKg = Math.abs(Math.round((got - (dose?.targetKg ?? 0)) * 1_000) / 1_000);
  if (why === 'no-flow') return reason('dose.no-flow', { bin: dose?.bin ?? '' });
  if (why === 'timeout') return reason('dose.timeout', { material });
  return reason(got < (dose?.targetKg ?? 0) ? 'dose.under' : 'dose.over', {
    material,
    deviationKg,
  });
}

/** Why a person must decide. */
type Waiting = 'no-flow' | 'timeout' | 'deviation';

/** Feeder off and free, so that a person can knock the bin or look at the screw. */
export const askPerson = (
  context: ScaleContext,
  event: MachineEvent,
  { why }: { readonly why: Waiting },
): Effect<ScaleContext> => {
  const reasons = [waitReason(context, event, why)];
  return {
    set: { reasons, knockOffMs: null },
    out: [...stopFeeder(context, true), ...toOwner(context, 'WAITING', { reasons })],
  };
};

function toOwner(
  context: ScaleContext,
  command: string,
  args: Readonly<Record<string, unknown>>,
): MachineOutput[] {
  const owner = context.dose?.owner ?? context.discharger ?? '';
  return owner === '' ? [] : [send(owner, command, { scale: context.id, ...args })];
}

export const moreJogs: Step = (context) => ({
  set: context.dose === null ? {} : { dose: { ...context.dose, jogsLeft: JOGS_MAX } },
  out: [ACCEPTED],
});

/** A dose that is on the scale already is answered again, not weighed again. */
export const repeatAnswer: Step = (context, event) => {
  const done = context.done.find((one) => one.doseId === textArg(event, 'doseId'));
  const to = senderOf(event)?.id;
  if (done === undefined || to === undefined) return { out: [ACCEPTED] };
  const { doseId, actualKg } = done;
  return { out: [ACCEPTED, send(to, 'DOSED', { scale: context.id, doseId, actualKg })] };
};

export const refuseDose: Step = (context, event) => {
  const scale = context.id;
  const net = netKg({ event });
  if (doseRequest(event) === null) return { out: [refused(invalidArg('args'))] };
  if (net === null) return { out: [refused(reason('scale.not-good', { scale }))] };
  const feeder = textArg(event, 'feeder') ?? '';
  if (flowsOf(context.setup, feeder) === null) {
    return { out: [refused(reason('target.unknown', { object: feeder }))] };
  }
  return { out: [refused(reason('scale.not-empty', { scale, netKg: net }))] };
};

export const startAbort: Step = (context, event) => {
  const by = senderOf(event);
  const abortedBy = textArg(event, 'user') ?? by?.id ?? context.id;
  const dose = context.dose === null ? null : { ...context.dose, abortedBy };
  return { set: { dose }, out: answer(event) };
};

/** Everything that this scale moves is off; what made it so is told to whoever waits for it. */
export const hold = (
  context: ScaleContext,
  event: MachineEvent,
  { from }: { readonly from: ScaleState },
): Effect<ScaleContext> => {
  const reasons = holdReasons(context, event);
  const gate = context.setup.gate;
  const safe =
    from === 'Discharging'
      ? [send(gate, 'CLOSE'), send(gate, 'RELEASE')]
      : stopFeeder(context, true);
  // A dose that is taken and held at once was answered already: its owner is told like of any hold.
  const told = event.type === 'HOLD' ? answer(event) : toOwner(context, 'UNIT_HELD', { reasons });
  return {
    set: { heldFrom: from, reasons, dueMs: null, limitMs: null, knockOffMs: null },
    out: event.type === 'RESTORED' ? [] : [...safe, ...told],
  };
};

function holdReasons(context: ScaleContext, event: MachineEvent): Reason[] {
  if (event.type === 'RESTORED') return [reason('restart.held')];
  const by = senderOf(event);
  if (by !== null && event.type === 'HOLD') return [reason('operator.hold', { user: by.id })];
  if ('reasons' in event) return [...event.reasons];
  if (netKg({ event }) === null) return [noWeight(context, event)];
  const device = context.dose?.feeder ?? context.setup.gate;
  return [reason('device.faulted', { device })];
}

/** Why the weight cannot be used. */
function noWeight(context: ScaleContext, event: MachineEvent): Reason {
  const overload = isOn(event.inputs['Overload']);
  return reason(overload ? 'scale.overload' : 'scale.not-good', { scale: context.id });
}

export const refuseWeight: Step = (context, event) => ({
  out: [refused(noWeight(context, event))],
});

/** Back to the question that was open when it was held. */
export const waitAgain: Step = (context, event) => {
  const reasons = [waitReason(context, event, 'deviation')];
  return {
    set: { heldFrom: null, reasons },
    out: [ACCEPTED, ...toOwner(context, 'WAITING', { reasons })],
  };
};

export const refuseSecond: Step = (context) => ({
  out: [refused(reason('dose.second-person', { material: context.dose?.material ?? '' }))],
});

export const acceptOnly: Step = () => ({ out: [ACCEPTED] });

/** Shows what is to be shown; changes nothing. */
export const look: Step = () => ({});
