import { doseTimeLimitMs, JOGS_MAX, movedMark, withWeighing } from '../../logic/dosing.ts';
import { firstInFlight, forLot } from '../../logic/in-flight.ts';
import type { ScaleState } from '../../model/isa88.ts';
import type { Reason } from '../../model/reason.ts';
import { reason } from '../../model/reason.ts';
import type { MachineOutput } from '../contract.ts';
import type { Effect, MachineEvent } from '../kit.ts';
import { ACCEPTED, invalidArg, isCommand, refused, send, senderOf, textArg } from '../kit.ts';
import type { MeterContext, MeterDose } from './meter-dose.context.ts';
import { meterFlows } from './meter-dose.context.ts';
import { freshKg, meterGuards, pulses, pumpState, valveState } from './meter-dose.guards.ts';
import { doseRequest, lotTaken } from './scale-dose.request.ts';

type Step = (context: MeterContext, event: MachineEvent) => Effect<MeterContext>;

/** Before anything was learnt: what still passes after the cut, s of fine flow. */
const FIRST_DELAY_S = 0.5;
/** Less than so many seconds of coarse flow is not worth starting it. */
const COARSE_WORTH_S = 0.5;
/** Coarse flow that is left for the fine flow, s. */
const FINE_LEFT_S = 3;

export function answer(event: MachineEvent): MachineOutput[] {
  return isCommand(event) ? [ACCEPTED] : [];
}

/** DOSE: kept until the mixer asks for the liquid. */
export const arm: Step = (context, event) => {
  const request = doseRequest(event);
  if (request === null) return { out: [refused(invalidArg('args'))] };
  const flows = meterFlows(context.setup);
  const lot = lotTaken(event, request);
  const known = context.learnt[request.material];
  const dose: MeterDose = {
    ...request,
    lot,
    owner: senderOf(event)?.id ?? '',
    startedUtcMs: event.utcMs,
    flows,
    inFlight: forLot(known ?? firstInFlight(flows.fineKgPerS, FIRST_DELAY_S, lot), lot),
    gotKg: 0,
    tops: 0,
    topsLeft: JOGS_MAX,
    firstErrorKg: null,
    abortedBy: null,
  };
  return { set: { dose, lastPulses: null, reasons: [] }, out: [ACCEPTED] };
};

/** DISCHARGE {batchId} from the mixer, before the dose was asked for: remembered. */
export const awaitDose: Step = (_context, event) => ({
  set: { discharger: senderOf(event)?.id ?? null, awaits: textArg(event, 'batchId') },
  out: [ACCEPTED],
});

/** DISCHARGE once more, for what is in already. */
export const alreadyIn: Step = (context, event) => {
  const to = senderOf(event)?.id;
  const told = to === undefined ? [] : [send(to, 'DISCHARGED', { scale: context.id, kg: 0 })];
  return { out: [ACCEPTED, ...told] };
};

/** DISCHARGE: the mixer takes the liquid now. */
export const taken: Step = (_context, event) => ({
  set: { discharger: senderOf(event)?.id ?? null },
  out: [ACCEPTED],
});

/** The valve first: a pump against a shut valve bursts its seal. `track` starts the pump. */
export const startFilling: Step = (context, event) => {
  const { dose, setup } = context;
  if (dose === null) return {};
  const missing = dose.targetKg - dose.gotKg;
  const { coarseKgPerS } = dose.flows;
  const fine = missing <= coarseKgPerS * (FINE_LEFT_S + COARSE_WORTH_S);
  return {
    set: {
      lastPulses: context.lastPulses ?? pulses({ event }),
      countedMs: context.lastPulses === null ? event.nowMs : context.countedMs,
      stage: fine ? 'fine' : 'coarse',
      trend: [],
      mark: { atMs: event.nowMs, kg: dose.gotKg },
      asked: false,
      flowingSinceMs: null,
      limitMs: event.nowMs + doseTimeLimitMs(Math.max(0, missing), dose.flows),
      dueMs: null,
      heldFrom: null,
      reasons: [],
    },
    out: [send(setup.valve, 'ACQUIRE'), send(setup.valve, 'OPEN')],
  };
};

function startPump({ setup, stage }: MeterContext): MachineOutput[] {
  const settings = setup.feeders[setup.pump];
  if (settings === undefined) return [];
  return [
    send(setup.pump, 'ACQUIRE'),
    send(setup.pump, 'SET_HZ', { hz: stage === 'coarse' ? settings.coarseHz : settings.fineHz }),
    send(setup.pump, 'START', { horn: false }),
  ];
}

/** What has passed belongs to the dose; the count is looked at from here on. */
function counted(context: MeterContext, event: MachineEvent): Partial<MeterContext> {
  const fresh = freshKg({ context, event });
  if (context.dose === null || fresh === null) return {};
  return {
    dose: { ...context.dose, gotKg: Math.round((context.dose.gotKg + fresh) * 1e6) / 1e6 },
    lastPulses: pulses({ event }),
    countedMs: event.nowMs,
  };
}

export const track: Step = (context, event) => {
  const now = counted(context, event);
  const dose = now.dose ?? context.dose;
  if (dose === null || dose === undefined) return {};
  const isOpen = valveState({ context, event }) === 'Open';
  const pump = pumpState({ context, event });
  const starts = !context.asked && isOpen && pump === 'Stopped';
  const began = context.flowingSinceMs === null && pump === 'Running';
  const weighing = { atMs: event.nowMs, kg: dose.gotKg };
  const { coarseKgPerS, fineKgPerS } = dose.flows;
  const expected = context.stage === 'coarse' ? coarseKgPerS : fineKgPerS;
  return {
    set: {
      ...now,
      trend: withWeighing(context.trend, weighing),
      flowingSinceMs: began ? event.nowMs : context.flowingSinceMs,
      mark: began ? weighing : movedMark(context.mark, weighing, expected),
      asked: context.asked || starts,
    },
    out: starts ? startPump(context) : [],
  };
};

export const goFine: Step = (context, event) => {
  const { setup, dose } = context;
  const hz = setup.feeders[setup.pump]?.fineHz ?? 0;
  return {
    set: { stage: 'fine', trend: [], mark: { atMs: event.nowMs, kg: dose?.gotKg ?? 0 } },
    out: [send(setup.pump, 'SET_HZ', { hz })],
  };
};

/** Cut off: what the pump still brings while it stops is counted. */
export const cut: Step = (context, event) => ({
  set: { dueMs: event.nowMs + context.setup.settleS * 1_000, trend: [], heldFrom: null },
  out: [send(context.setup.pump, 'STOP')],
});

export const settle: Step = (context, event) => {
  const pump = pumpState({ context, event });
  const moving = pump === 'Running' || pump === 'Stopping';
  return {
    set: {
      ...counted(context, event),
      ...(moving ? { dueMs: event.nowMs + context.setup.settleS * 1_000 } : {}),
    },
  };
};

/** The first count after a cut is what the mass in flight is learnt from. */
export const weigh: Step = (context, event) => {
  const now = counted(context, event);
  const dose = now.dose ?? context.dose;
  if (dose === null || dose === undefined) return {};
  const firstErrorKg = dose.firstErrorKg ?? dose.gotKg - dose.targetKg;
  return { set: { ...now, dose: { ...dose, firstErrorKg } } };
};

export const topUp: Step = ({ dose }) =>
  dose === null
    ? {}
    : { set: { dose: { ...dose, tops: dose.tops + 1, topsLeft: dose.topsLeft - 1 } } };

export const moreTops: Step = ({ dose }) => ({
  set: dose === null ? {} : { dose: { ...dose, topsLeft: JOGS_MAX } },
  out: [ACCEPTED],
});

/** Pump off and valve shut; both free where somebody must look at them. */
export function shut({ setup }: MeterContext, release: boolean): MachineOutput[] {
  const off = [send(setup.pump, 'STOP'), send(setup.valve, 'CLOSE')];
  return release ? [...off, send(setup.pump, 'RELEASE'), send(setup.valve, 'RELEASE')] : off;
}

type Waiting = 'no-flow' | 'timeout' | 'deviation';

function waitReason({ dose, setup }: MeterContext, why: Waiting): Reason {
  const material = dose?.material ?? '';
  if (why === 'no-flow') return reason('dose.no-flow', { bin: setup.bin });
  if (why === 'timeout') return reason('dose.timeout', { material });
  const off = (dose?.gotKg ?? 0) - (dose?.targetKg ?? 0);
  const deviationKg = Math.abs(Math.round(off * 1_000) / 1_000);
  return reason(off < 0 ? 'dose.under' : 'dose.over', { material, deviationKg });
}

export function toOwner(
  { dose, id }: MeterContext,
  command: string,
  args: Readonly<Record<string, unknown>>,
): MachineOutput[] {
  const owner = dose?.owner ?? '';
  return owner === '' ? [] : [send(owner, command, { scale: id, ...args })];
}

export const askPerson = (
  context: MeterContext,
  event: MachineEvent,
  { why }: { readonly why: Waiting },
): Effect<MeterContext> => {
  const reasons = [waitReason(context, why)];
  return {
    set: { ...counted(context, event), reasons, dueMs: null },
    out: [...shut(context, true), ...toOwner(context, 'WAITING', { reasons })],
  };
};

export const waitAgain: Step = (context) => {
  const reasons = [waitReason(context, 'deviation')];
  return {
    set: { heldFrom: null, reasons },
    out: [ACCEPTED, ...toOwner(context, 'WAITING', { reasons })],
  };
};

function holdReasons(context: MeterContext, event: MachineEvent): Reason[] {
  if (event.type === 'RESTORED') return [reason('restart.held')];
  const by = senderOf(event);
  if (by !== null && event.type === 'HOLD') return [reason('operator.hold', { user: by.id })];
  if ('reasons' in event) return [...event.reasons];
  const { id, setup } = context;
  if (meterGuards.countJumped({ context, event })) return [reason('meter.not-good', { meter: id })];
  const pumpDead = ['Faulted', 'LocalOff', 'Interlocked', 'OutOfService'].includes(
    pumpState({ context, event }) ?? '',
  );
  return [reason('device.faulted', { device: pumpDead ? setup.pump : setup.valve })];
}

/** Pump off, valve shut; what made it so is told to whoever waits for the liquid. */
export const hold = (
  context: MeterContext,
  event: MachineEvent,
  { from }: { readonly from: ScaleState },
): Effect<MeterContext> => {
  const reasons = holdReasons(context, event);
  const told = event.type === 'HOLD' ? answer(event) : toOwner(context, 'UNIT_HELD', { reasons });
  return {
    set: { ...counted(context, event), heldFrom: from, reasons, dueMs: null, limitMs: null },
    out: event.type === 'RESTORED' ? [] : [...shut(context, true), ...told],
  };
};

/** While it is held what still runs out of the pump is counted. */
export const watch: Step = (context, event) => ({ set: counted(context, event) });

/** RESUME after a count that jumped: from here on it is believed again. */
export const recount: Step = (context, event) => ({
  set: meterGuards.countJumped({ context, event })
    ? { lastPulses: pulses({ event }), countedMs: event.nowMs }
    : counted(context, event),
  out: [ACCEPTED],
});

export const startAbort: Step = (context, event) => {
  const abortedBy = textArg(event, 'user') ?? senderOf(event)?.id ?? context.id;
  const dose = context.dose === null ? null : { ...context.dose, abortedBy };
  return { set: { dose }, out: answer(event) };
};

/** Given up before the mixer asked for it. */
export const disarm: Step = () => ({
  set: { dose: null, discharger: null, awaits: null, reasons: [] },
  out: [ACCEPTED],
});

/** A dose that is in already is answered again, not metered again. */
export const repeatAnswer: Step = (context, event) => {
  const done = context.done.find((one) => one.doseId === textArg(event, 'doseId'));
  const to = senderOf(event)?.id;
  if (done === undefined || to === undefined) return { out: [ACCEPTED] };
  const { doseId, actualKg } = done;
  return { out: [ACCEPTED, send(to, 'DOSED', { scale: context.id, doseId, actualKg })] };
};

export const refuseDose: Step = ({ setup }, event) => {
  const feeder = textArg(event, 'feeder') ?? '';
  const known = doseRequest(event) === null || feeder === setup.pump;
  const why = known ? invalidArg('args') : reason('target.unknown', { object: feeder });
  return { out: [refused(why)] };
};

export const refuseCount: Step = ({ id }) => ({
  out: [refused(reason('meter.not-good', { meter: id }))],
});

export const refuseSecond: Step = ({ dose }) => ({
  out: [refused(reason('dose.second-person', { material: dose?.material ?? '' }))],
});

export const acceptOnly: Step = () => ({ out: [ACCEPTED] });
/** Shows what is to be shown; changes nothing. */
export const look: Step = () => ({});
