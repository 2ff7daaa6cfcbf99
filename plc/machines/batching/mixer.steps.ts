import type { MixerPhase } from '../../model/isa88.ts';
import { GATE_STATES, MOTOR_STATES, ROUTE_STATES } from '../../model/isa88.ts';
import type { Reason } from '../../model/reason.ts';
import { reason } from '../../model/reason.ts';
import type { PhaseRecord } from '../../model/record.ts';
import { isOn } from '../../model/tag.ts';
import type { MachineOutput } from '../contract.ts';
import type { Effect, MachineEvent } from '../kit.ts';
import {
  ACCEPTED,
  flagArg,
  input,
  invalidArg,
  isCommand,
  numberArg,
  passed,
  refused,
  send,
  senderOf,
  stateOf,
  textArg,
} from '../kit.ts';
import type { MixerContext, MixRequest } from './mixer.context.ts';

type Step = (context: MixerContext, event: MachineEvent) => Effect<MixerContext>;

interface Given {
  readonly context: MixerContext;
  readonly event: MachineEvent;
}

/**
 * With nothing to mix for this long, the drive stops: stopping it between batches would wear it,
 * ms.
 */
const IDLE_RUN_MS = 300_000;

function texts(event: MachineEvent, name: string): string[] | null {
  const value = isCommand(event) ? event.args[name] : null;
  return Array.isArray(value) && value.every((one) => typeof one === 'string') ? value : null;
}

/** The batch that a MIX command brings; null when an argument is missing or of the wrong kind. */
export function mixRequest(event: MachineEvent): MixRequest | null {
  const batchId = textArg(event, 'batchId');
  const route = textArg(event, 'route');
  const dryScales = texts(event, 'dryScales');
  const liquidScales = texts(event, 'liquidScales');
  const lateScales = texts(event, 'lateScales') ?? [];
  const mainKg = numberArg(event, 'mainKg') ?? 0;
  const dryMixS = numberArg(event, 'dryMixS');
  const wetMixS = numberArg(event, 'wetMixS');
  if (batchId === null || route === null || dryScales === null || liquidScales === null)
    return null;
  if (dryMixS === null || wetMixS === null) return null;
  const scales = { dryScales, liquidScales, lateScales };
  const handAdd = flagArg(event, 'handAdd') === true;
  return { batchId, route, ...scales, mainKg, dryMixS, wetMixS, handAdd };
}

function driveState({ context, event }: Given) {
  return stateOf(MOTOR_STATES, input(event.inputs, `${context.setup.mixer}.State`));
}

function gateState({ context, event }: Given) {
  return stateOf(GATE_STATES, input(event.inputs, `${context.setup.gate}.State`));
}

const DEAD = ['Faulted', 'LocalOff', 'Interlocked', 'OutOfService'];

/** Conditions of the mixer's drawing, by name. All are total. */
export const mixerGuards = {
  canMix: ({ event }: Given) => mixRequest(event) !== null,
  sameBatch: ({ context, event }: Given) => context.batch?.batchId === textArg(event, 'batchId'),
  driveDead: (given: Given) => DEAD.includes(driveState(given) ?? ''),
  gateDead: (given: Given) => DEAD.includes(gateState(given) ?? ''),
  driveLost: (given: Given) => driveState(given) !== 'Running',
  ready: (given: Given) =>
    !given.context.asked && driveState(given) === 'Running' && gateState(given) === 'Closed',
  driveRunning: (given: Given) => driveState(given) === 'Running',
  filled: ({ context }: Given) => context.asked && context.pending.length === 0,
  /** The last liquid is in and the wet timer has not begun. */
  liquidsIn: ({ context }: Given) => context.pending.length === 0 && context.dueMs === null,
  due: ({ context, event }: Given) => passed(context.dueMs, event.nowMs),
  dryMixed: ({ context, event }: Given) =>
    passed(context.dueMs, event.nowMs) && (context.handAdded || context.batch?.handAdd !== true),
  /** The surge hopper is empty and its route runs: only now may the product leave. */
  wayFree: ({ context, event }: Given) =>
    context.batch?.batchId === textArg(event, 'batchId') &&
    isOn(event.inputs[`${context.setup.surge}.Low`]) &&
    stateOf(ROUTE_STATES, input(event.inputs, `${context.batch?.route ?? ''}.State`)) === 'Running',
  discharged: (given: Given) => given.context.closing && gateState(given) === 'Closed',
  neededRefused: ({ context, event }: Given) =>
    'from' in event &&
    ((event.from === context.setup.mixer && ['ACQUIRE', 'START'].includes(event.command)) ||
      (event.from === context.setup.gate && ['ACQUIRE', 'OPEN'].includes(event.command)) ||
      event.command === 'DISCHARGE'),
  abortedEmpty: ({ context }: Given) => context.aborted && !context.asked,
  isAborted: ({ context }: Given) => context.aborted,
  heldFromFilling: ({ context }: Given) => context.heldFrom === 'Filling',
  heldFromDry: ({ context }: Given) => context.heldFrom === 'DryMixing',
  heldFromWet: ({ context }: Given) => context.heldFrom === 'WetMixing',
  heldFromWaiting: ({ context }: Given) => context.heldFrom === 'Waiting',
};

export const begin: Step = (_context, event) => {
  const batch = mixRequest(event);
  if (batch === null) return { out: [refused(invalidArg('args'))] };
  return {
    set: {
      batch,
      owner: senderOf(event)?.id ?? null,
      pending: [...batch.dryScales],
      asked: false,
      lateAsked: false,
      handAdded: false,
      contentKg: 0,
      dueMs: null,
      leftMs: null,
      aborted: false,
      reasons: [],
      phaseStartUtcMs: event.utcMs,
    },
    out: [ACCEPTED],
  };
};

/** Takes drive and gate and starts the drive; it goes on running from batch to batch. */
export const startDrive: Step = ({ setup }) => ({
  out: [
    send(setup.mixer, 'ACQUIRE'),
    send(setup.gate, 'ACQUIRE'),
    send(setup.gate, 'CLOSE'),
    send(setup.mixer, 'START', { horn: true }),
  ],
});

function discharge({ batch }: MixerContext, scales: readonly string[]): MachineOutput[] {
  const batchId = batch?.batchId ?? '';
  return scales.map((scale) => send(scale, 'DISCHARGE', { batchId }));
}

/** Of the mains so much must be in before drugs and micro follow: the shafts then spread them. */
const MAINS_SHARE = 0.5;

function isLate({ batch }: MixerContext, scale: string): boolean {
  return batch?.lateScales.includes(scale) === true;
}

function mainsAreIn({ batch }: MixerContext, contentKg: number): boolean {
  return batch !== null && contentKg >= batch.mainKg * MAINS_SHARE;
}

/** Mains and medium first; drugs and micro at once only where there are no mains. */
export const askScales: Step = (context) => {
  const lateAsked = mainsAreIn(context, context.contentKg);
  const asked = context.pending.filter((scale) => lateAsked || !isLate(context, scale));
  return { set: { asked: true, lateAsked }, out: discharge(context, asked) };
};

export const scaleIn: Step = (context, event) => {
  const scale = textArg(event, 'scale');
  if (!context.pending.includes(scale ?? '')) return { out: [ACCEPTED] };
  const pending = context.pending.filter((one) => one !== scale);
  const contentKg = context.contentKg + (numberArg(event, 'kg') ?? 0);
  const first = pending.every((one) => isLate(context, one));
  const late = context.asked && !context.lateAsked && (first || mainsAreIn(context, contentKg));
  return {
    set: { pending, contentKg, lateAsked: context.lateAsked || late },
    out: [
      ACCEPTED,
      ...(late
        ? discharge(
            context,
            pending.filter((one) => isLate(context, one)),
          )
        : []),
    ],
  };
};

/** Writes down the step that ends; the next one begins now. */
export const endPhase = (
  context: MixerContext,
  event: MachineEvent,
  { phase }: { readonly phase: PhaseRecord['phase'] },
): Effect<MixerContext> => {
  const batchId = context.batch?.batchId ?? '';
  const record: PhaseRecord = {
    kind: 'phase',
    phaseId: `${batchId}/${phase}/1`,
    batchId,
    phase,
    startedTimeMs: context.phaseStartUtcMs,
    endedTimeMs: event.utcMs,
  };
  return {
    set: { phaseStartUtcMs: event.utcMs, dueMs: null, leftMs: null },
    out: [{ type: 'record', record }],
  };
};

/** HAND_ADDED {batchId} from the line: the sacks of the batch are in. */
export const handIn: Step = ({ batch, handAdded }, event) => ({
  set: { handAdded: handAdded || (batch !== null && batch.batchId === textArg(event, 'batchId')) },
  out: [ACCEPTED],
});

function timer(context: MixerContext, event: MachineEvent, wholeMs: number): Partial<MixerContext> {
  const leftMs = context.leftMs ?? wholeMs;
  return { leftMs, dueMs: event.nowMs + leftMs, heldFrom: null, reasons: [] };
}

export const startDry: Step = (context, event) => ({
  set: timer(context, event, (context.batch?.dryMixS ?? 0) * 1_000),
});

/** Liquids run in first; when it goes on after a hold, those that are in stay in. */
export const startWet: Step = (context) => {
  const again = context.heldFrom === 'WetMixing';
  const pending = again ? context.pending : (context.batch?.liquidScales ?? []);
  return {
    set: { pending, dueMs: null, heldFrom: null, reasons: [] },
    out: discharge(context, pending),
  };
};

export const startWetTimer: Step = (context, event) => ({
  set: timer(context, event, (context.batch?.wetMixS ?? 0) * 1_000),
});

export const tick: Step = (context, event) =>
  context.dueMs === null ? {} : { set: { leftMs: Math.max(0, context.dueMs - event.nowMs) } };

export const waitForWay: Step = () => ({
  set: { dueMs: null, leftMs: null, heldFrom: null, reasons: [] },
});

export const openGate: Step = (context) => ({
  set: { closing: false, dueMs: null, leftMs: null, heldFrom: null, reasons: [] },
  out: [send(context.setup.gate, 'OPEN')],
});

/** The gate stays open for the time that the content takes, counted from when it is fully open. */
export const watchDischarge: Step = (context, event) => {
  const open = gateState({ context, event }) === 'Open';
  if (context.closing || !open) return {};
  const wholeMs = context.setup.dischargeS * 1_000;
  if (context.dueMs === null) return { set: { dueMs: event.nowMs + wholeMs, leftMs: wholeMs } };
  if (event.nowMs < context.dueMs) return tick(context, event);
  return {
    set: { dueMs: null, leftMs: null, closing: true },
    out: [send(context.setup.gate, 'CLOSE')],
  };
};

export const batchOut: Step = (context, event) => ({
  set: {
    batch: null,
    contentKg: 0,
    closing: false,
    asked: false,
    dueMs: event.nowMs + IDLE_RUN_MS,
    leftMs: null,
  },
  out:
    context.owner === null
      ? []
      : [send(context.owner, 'MIXED', { batchId: context.batch?.batchId ?? '' })],
});

/** Idle for long: the drive stops and both are free again. */
export const stopDrive: Step = (context) => ({
  set: { dueMs: null, leftMs: null },
  out: letGo(context),
});

function letGo({ setup }: MixerContext): MachineOutput[] {
  return [
    send(setup.mixer, 'STOP'),
    send(setup.mixer, 'RELEASE'),
    send(setup.gate, 'CLOSE'),
    send(setup.gate, 'RELEASE'),
  ];
}

/**
 * The gate closes and the timer stands still; a running drive keeps running, a loaded one starts
 * badly.
 */
export const hold = (
  context: MixerContext,
  event: MachineEvent,
  { from }: { readonly from: MixerPhase },
): Effect<MixerContext> => {
  const reasons = holdReasons(context, event);
  const leftMs =
    context.dueMs === null || event.type === 'RESTORED'
      ? context.leftMs
      : Math.max(0, context.dueMs - event.nowMs);
  const told =
    isCommand(event) || context.owner === null
      ? []
      : [send(context.owner, 'UNIT_HELD', { unit: context.id, reasons })];
  const out = event.type === 'RESTORED' ? [] : [send(context.setup.gate, 'CLOSE'), ...told];
  return {
    set: { heldFrom: from, reasons, leftMs, dueMs: null },
    out: isCommand(event) ? [ACCEPTED, ...out] : out,
  };
};

function holdReasons(context: MixerContext, event: MachineEvent): Reason[] {
  if (event.type === 'RESTORED') return [reason('restart.held')];
  const by = senderOf(event);
  if (by !== null) return [reason('operator.hold', { user: textArg(event, 'user') ?? by.id })];
  if ('reasons' in event) return [...event.reasons];
  const { mixer, gate } = context.setup;
  const device = mixerGuards.gateDead({ context, event }) ? gate : mixer;
  return [reason('device.faulted', { device })];
}

/** A scale that empties into it was held: the mixer's owner must know why. */
export const passOn: Step = (context, event) => {
  const reasons = isCommand(event) ? event.args['reasons'] : [];
  const told = context.owner === null ? [] : [send(context.owner, 'UNIT_HELD', { reasons })];
  return { out: [ACCEPTED, ...told] };
};

/** Asks again those scales that had not answered when it was held. */
export const askAgain: Step = (context) => ({
  set: { heldFrom: null, reasons: [] },
  out: context.asked
    ? discharge(
        context,
        context.pending.filter((one) => context.lateAsked || !isLate(context, one)),
      )
    : [],
});

export const restartFailed: Step = (context, event) => {
  const reasons = holdReasons(context, event);
  const told =
    context.owner === null ? [] : [send(context.owner, 'UNIT_HELD', { unit: context.id, reasons })];
  return { set: { reasons }, out: told };
};

export const abort: Step = (context) => ({
  set: {
    aborted: true,
    batch: null,
    pending: [],
    heldFrom: null,
    dueMs: null,
    leftMs: null,
    closing: false,
  },
  out: [ACCEPTED, ...letGo(context)],
});

/**
 * After an abort a person opens the gate; once it stood open for the discharge time, it is
 * empty.
 */
export const watchHandDischarge: Step = (context, event) => {
  if (!context.aborted || gateState({ context, event }) !== 'Open') {
    return { set: { dueMs: null, leftMs: null } };
  }
  if (context.dueMs !== null) return tick(context, event);
  const wholeMs = context.setup.dischargeS * 1_000;
  return { set: { dueMs: event.nowMs + wholeMs, leftMs: wholeMs } };
};

export const emptied: Step = () => ({
  set: { aborted: false, asked: false, contentKg: 0, dueMs: null, leftMs: null, reasons: [] },
});

export const refuseMix: Step = () => ({ out: [refused(invalidArg('args'))] });
export const acceptOnly: Step = () => ({ out: [ACCEPTED] });
/** Shows what is to be shown; changes nothing. */
export const look: Step = () => ({});
