import { judge } from '../../logic/dosing.ts';
import { readLabel } from '../../logic/lot-label.ts';
import { lotReasons } from '../../logic/lot-register.ts';
import { sackReasons } from '../../logic/sack-check.ts';
import type { ScaleState } from '../../model/isa88.ts';
import { LOTS_ID } from '../../model/lots.ts';
import type { Reason } from '../../model/reason.ts';
import { reason } from '../../model/reason.ts';
import type { DoseRecord } from '../../model/record.ts';
import { goodNumber, isOff, isOn } from '../../model/tag.ts';
import { doseRequest } from '../dosing/scale-dose.request.ts';
import type { Effect, MachineEvent } from '../kit.ts';
import {
  ACCEPTED,
  input,
  invalidArg,
  isCommand,
  passed,
  refused,
  send,
  senderOf,
  textArg,
} from '../kit.ts';
import { natureArg } from '../nature-arg.ts';
import { lotsTold } from '../stock/lots-news.ts';
import type { HandAddContext } from './hand-add.context.ts';

type Step = (context: HandAddContext, event: MachineEvent) => Effect<HandAddContext>;

interface Given {
  readonly context: HandAddContext;
  readonly event: MachineEvent;
}

/** Doses that are remembered, so that none is weighed twice. */
const REMEMBERED_DOSES = 60;
/** The platform must be empty and the hatch closed this long before the sack counts as in, ms. */
const EMPTY_MS = 2_000;
/** A platform within so many divisions of zero is empty. */
const EMPTY_DIVISIONS = 5;

/** Net weight, kg, if it may be acted upon: good, and the platform is not overloaded. */
function netKg(event: MachineEvent): number | null {
  return isOff(input(event.inputs, 'Overload')) ? goodNumber(input(event.inputs, 'Net')) : null;
}

function doneDose({ context, event }: Given) {
  const id = textArg(event, 'doseId');
  return context.done.find(({ doseId }) => doseId === id);
}

/** Conditions of the hatch's drawing, by name. All are total. */
export const handAddGuards = {
  canDose: ({ event }: Given) => doseRequest(event) !== null,
  isDone: (given: Given) => doneDose(given) !== undefined,
  sameDose: ({ context, event }: Given) => context.dose?.doseId === textArg(event, 'doseId'),
  canScan: ({ context, event }: Given) => scanRefusals(context, event).length === 0,
  canConfirm: ({ context, event }: Given) => confirmRefusals(context, event).length === 0,
  emptied: ({ context, event }: Given) =>
    passed(context.dueMs, event.nowMs) && isPlatformEmpty(context, event),
  heldFromFilling: ({ context }: Given) => context.heldFrom === 'Filling',
  heldFromFull: ({ context }: Given) => context.heldFrom === 'Full',
};

/** DOSE {doseId, batchId, material, targetKg, toleranceKg, drug} from the line. */
export const begin: Step = (_context, event) => {
  const wanted = doseRequest(event);
  if (wanted === null) return { out: [refused(invalidArg('args'))] };
  const owner = senderOf(event)?.id ?? '';
  const nature = natureArg(event);
  const dose = { ...wanted, startedUtcMs: event.utcMs, owner, scanned: null, nature };
  return { set: { dose, reasons: [] }, out: [ACCEPTED] };
};

/** Asked again for what is done: answered from memory. */
export const answerDone: Step = (context, event) => {
  const done = doneDose({ context, event });
  const to = senderOf(event)?.id;
  const told =
    done === undefined || to === undefined
      ? []
      : [send(to, 'DOSED', { scale: context.id, ...done })];
  return { out: [ACCEPTED, ...told] };
};

/** Why a scanned sack may not go into the batch: all of it at once (DOMAIN 4). */
export function scanRefusals(context: HandAddContext, event: MachineEvent): Reason[] {
  const label = readLabel(textArg(event, 'label') ?? '');
  const { dose, news, setup } = context;
  if (dose === null) return [reason('hand-add.unreadable')];
  const { material, drug, nature: next } = dose;
  const facts = label === null ? undefined : news.lots[label.lot];
  return sackReasons(setup.carryOver, { label, material, drug, facts, next }, event.utcMs);
}

export const noteScan: Step = ({ dose }, event) => {
  const label = readLabel(textArg(event, 'label') ?? '');
  if (dose === null || label === null) return { out: [refused(reason('hand-add.unreadable'))] };
  const { lot, material, expiryTimeMs } = label;
  return {
    set: { dose: { ...dose, scanned: lot } },
    out: [ACCEPTED, send(LOTS_ID, 'NOTE', { lot, material, expiryTimeMs })],
  };
};

export const refuseScan: Step = (context, event) => ({
  out: [refused(...scanRefusals(context, event))],
});

/** What lies there for the present dose, kg. */
function weighedKg(context: HandAddContext, event: MachineEvent): number | null {
  const net = netKg(event);
  return net === null ? null : Math.round((net - context.confirmedKg) * 1e6) / 1e6;
}

/** Why the person may not confirm yet. Machines confirm nothing: a person answers for a sack. */
export function confirmRefusals(context: HandAddContext, event: MachineEvent): Reason[] {
  const { id: device, dose, news } = context;
  if (dose === null || senderOf(event)?.kind !== 'person')
    return [reason('command.unknown', { command: event.type })];
  const { material, targetKg, toleranceKg, scanned } = dose;
  const lot =
    scanned === null
      ? [reason('hand-add.not-scanned', { material })]
      : lotReasons(news.lots[scanned], event.utcMs);
  const kg = weighedKg(context, event);
  if (kg === null) return [...lot, reason('scale.not-good', { scale: device })];
  if (!isOn(input(event.inputs, 'Stable')))
    return [...lot, reason('hand-add.not-settled', { device })];
  const verdict = judge(kg, targetKg, toleranceKg);
  const deviationKg = Math.round(Math.abs(kg - targetKg) * 1e4) / 1e4;
  if (verdict === 'in-tolerance') return lot;
  return [...lot, reason(`dose.${verdict}`, { material, deviationKg })];
}

export const refuseConfirm: Step = (context, event) => ({
  out: [refused(...confirmRefusals(context, event))],
});

/** The sack is weighed and a person says that it is the right one: written down as a dose. */
export const confirm: Step = (context, event) => {
  const { dose, setup } = context;
  const actualKg = weighedKg(context, event);
  if (dose === null || actualKg === null) return { out: [refused(invalidArg('args'))] };
  const { doseId, batchId, material, targetKg, toleranceKg, owner } = dose;
  const record: DoseRecord = {
    ...{ kind: 'dose', doseId, batchId, scale: setup.id, bin: setup.id, material },
    ...{ lot: dose.scanned, targetKg, actualKg, toleranceKg, inFlightKg: 0, jogs: 0 },
    decision: 'in-tolerance',
    decidedBy: senderOf(event)?.id ?? null,
    releasedBy: null,
    fineHz: 0,
    confidencePct: 100,
    startedTimeMs: dose.startedUtcMs,
    endedTimeMs: event.utcMs,
  };
  const done = { doseId, actualKg };
  return {
    set: {
      dose: null,
      confirmedKg: context.confirmedKg + actualKg,
      done: [...context.done, done].slice(-REMEMBERED_DOSES),
      reasons: [],
    },
    out: [
      ACCEPTED,
      { type: 'record', record },
      send(owner, 'DOSED', { scale: context.id, ...done }),
    ],
  };
};

/** The register of lots has changed. */
export const followLots: Step = ({ news }, event) => ({ set: { news: lotsTold(event) ?? news } });

function isPlatformEmpty({ setup }: HandAddContext, event: MachineEvent): boolean {
  const net = netKg(event);
  return (
    net !== null &&
    net <= EMPTY_DIVISIONS * setup.divisionKg &&
    isOff(input(event.inputs, 'HatchOpen'))
  );
}

function isTrusted(event: MachineEvent): boolean {
  return netKg(event) !== null && input(event.inputs, 'HatchOpen').quality === 'good';
}

/** DISCHARGE: the lamp lets the person tip. */
export const startTipping: Step = (_context, event) => ({
  set: { isTrusted: isTrusted(event) },
  out: [ACCEPTED],
});

/** Tipped: the platform stays empty and the hatch closed for two seconds. */
export const watchTipping: Step = (context, event) => {
  const trusted = { isTrusted: isTrusted(event) };
  if (!isPlatformEmpty(context, event)) return { set: { ...trusted, dueMs: null } };
  return { set: { ...trusted, dueMs: context.dueMs ?? event.nowMs + EMPTY_MS } };
};

export const nowEmpty: Step = () => ({
  set: { confirmedKg: 0, dueMs: null, heldFrom: null, reasons: [] },
});

/** Given up: what lies there is taken away by a person. */
export const giveUp: Step = () => ({
  set: { dose: null, confirmedKg: 0, dueMs: null, heldFrom: null, reasons: [] },
  out: [ACCEPTED],
});

export const hold = (
  _context: HandAddContext,
  event: MachineEvent,
  { from }: { readonly from: ScaleState },
): Effect<HandAddContext> => {
  const user = textArg(event, 'user') ?? senderOf(event)?.id ?? '';
  const why =
    event.type === 'RESTORED' ? reason('restart.held') : reason('operator.hold', { user });
  return {
    set: { heldFrom: from, dueMs: null, reasons: [why] },
    out: isCommand(event) ? [ACCEPTED] : [],
  };
};

export const goOn: Step = (_context, event) => ({
  set: { heldFrom: null, isTrusted: isTrusted(event), reasons: [] },
  out: [ACCEPTED],
});
export const acceptOnly: Step = () => ({ out: [ACCEPTED] });
export const refuseDose: Step = () => ({ out: [refused(invalidArg('args'))] });
/** Shows what is to be shown; changes nothing. */
export const look: Step = () => ({});
