import { carryOver } from '../../logic/carry-over.ts';
import { notGood } from '../../logic/interlock.ts';
import { lotReasons } from '../../logic/lot-register.ts';
import type { CarryOverRule, FeedNature } from '../../model/carry-over.ts';
import { DRUG_CLASSES } from '../../model/carry-over.ts';
import type { FinishedBinState, FinishedContent } from '../../model/finished-bin.ts';
import { FINISHED_BIN_STATES } from '../../model/finished-bin.ts';
import type { Reason } from '../../model/reason.ts';
import { reason } from '../../model/reason.ts';
import type { BinStateRecord } from '../../model/record.ts';
import { goodNumber, isOff, isOn } from '../../model/tag.ts';
import type { Text } from '../../model/text.ts';
import type { EventBase, MachineOutput } from '../contract.ts';
import type { KitContext, MachineEvent, View } from '../kit.ts';
import { codeOf, earliest, flagArg, isCommand, senderOf, textArg } from '../kit.ts';
import { natureArg } from '../nature-arg.ts';
import type { LotsNews } from '../stock/lots-news.ts';

/** What the machine of a finished bin is made with. */
export interface FinishedBinInput {
  readonly id: string;
  readonly carryOver: readonly CarryOverRule[];
}

export interface FinishedBinContext extends KitContext {
  readonly state: FinishedBinState;
  readonly made: FinishedBinInput;
  readonly content: FinishedContent | null;
  /** What was in it last, as regards carry-over; null once it is clean. */
  readonly rest: FeedNature | null;
  /** Quality, or the order, wants it kept; `heldBy` names the person where it was one. */
  readonly held: boolean;
  readonly heldBy: string | null;
  readonly news: LotsNews;
  /** Why its lot may not leave: in quarantine or expired, by the register of lots. */
  readonly lotReasons: readonly Reason[];
  /** Its highest level since it was last filled, %. */
  readonly peakPct: number;
  /** Since when it is known to be empty, or to hold what nobody announced: process ms. */
  readonly emptySinceMs: number | null;
  readonly strangeSinceMs: number | null;
}

/** A level transmitter shows an empty bin as no more than this, %. */
const EMPTY_PCT = 0.1;
/** Empty for so long, it is empty: what slid off the walls has come down. */
const EMPTY_MS = 60_000;
/** Product that nobody announced, seen for so long, is there. */
const STRANGE_MS = 10_000;
/** Fallen by this below its peak, it is being emptied, %. */
const EMPTYING_PCT = 1;

/** Whether it may be bagged or loaded. */
export function isReleased({ state, held, lotReasons: against }: FinishedBinContext): boolean {
  if (against.length > 0) return false;
  return (state === 'Filling' && !held) || state === 'Released' || state === 'Emptying';
}

export function finishedBinReasons(context: FinishedBinContext): Reason[] {
  const { id, state, content, heldBy, held, rest, lotReasons: against } = context;
  if (against.length > 0) return [...against];
  const waits = state === 'Hold' || (state === 'Filling' && held);
  if (state === 'Dirty') return [reason('bin.dirty', { bin: id, drug: rest?.drugClass ?? '?' })];
  if (!waits) return [];
  if (heldBy !== null) return [reason('bin.held-by', { bin: id, user: heldBy })];
  if (content?.nature == null) return [reason('bin.content-unknown', { bin: id })];
  return [reason('bin.awaits-release', { bin: id, lot: content.lot ?? '?' })];
}

export function finishedBinView(context: FinishedBinContext): View {
  const { id, state, content, emptySinceMs, strangeSinceMs } = context;
  const released = isReleased(context);
  return {
    publishes: {
      [`${id}.BinState`]: codeOf(FINISHED_BIN_STATES, state),
      [`${id}.Released`]: released,
      [`${id}.DrugClass`]: drugCode(context),
    },
    status: {
      kind: 'bin',
      bin: id,
      state,
      content,
      released,
      reasons: finishedBinReasons(context),
    },
    wakeAtMs: earliest(
      emptySinceMs === null ? null : emptySinceMs + EMPTY_MS,
      strangeSinceMs === null ? null : strangeSinceMs + STRANGE_MS,
    ),
  };
}

/** Wire code of the drug class of what it holds; null where nobody knows. */
function drugCode({ state, content }: FinishedBinContext): number | null {
  if (state === 'Empty') return codeOf(DRUG_CLASSES, 'none');
  const drug = content?.nature?.drugClass;
  return drug === undefined ? null : codeOf(DRUG_CLASSES, drug);
}

/** The members that each scan brings up to date. */
export function watched(
  context: FinishedBinContext,
  event: EventBase,
): Partial<FinishedBinContext> {
  const { nowMs, inputs } = event;
  const levelPct = goodNumber(inputs['LevelPct']);
  const empty = isOn(inputs['Low']) && levelPct !== null && levelPct <= EMPTY_PCT;
  const leaves = ['Hold', 'Released', 'Emptying'].includes(context.state);
  const strange = ['Empty', 'Dirty'].includes(context.state) && isOff(inputs['Low']);
  return {
    peakPct: Math.max(context.peakPct, levelPct ?? 0),
    emptySinceMs: empty && leaves ? (context.emptySinceMs ?? nowMs) : null,
    strangeSinceMs: strange ? (context.strangeSinceMs ?? nowMs) : null,
  };
}

export function isEmpty({ emptySinceMs }: FinishedBinContext, event: EventBase): boolean {
  return emptySinceMs !== null && event.nowMs - emptySinceMs >= EMPTY_MS;
}

export function isStrange({ strangeSinceMs }: FinishedBinContext, event: EventBase): boolean {
  return strangeSinceMs !== null && event.nowMs - strangeSinceMs >= STRANGE_MS;
}

export function isBeingEmptied({ peakPct }: FinishedBinContext, event: EventBase): boolean {
  const levelPct = goodNumber(event.inputs['LevelPct']);
  return levelPct !== null && levelPct < peakPct - EMPTYING_PCT;
}

function productArg(event: MachineEvent): Text | null {
  const given = isCommand(event) ? event.args['product'] : null;
  if (typeof given !== 'object' || given === null) return null;
  const { vi, en } = given as Readonly<Record<string, unknown>>;
  return typeof vi === 'string' && typeof en === 'string' ? { vi, en } : null;
}

/** What a FILL says is coming. */
export function contentOf(event: MachineEvent): FinishedContent {
  return {
    orderId: textArg(event, 'orderId'),
    lot: textArg(event, 'lot'),
    product: productArg(event),
    nature: natureArg(event),
  };
}

/** Feed with a drug, or of which nobody knows whether it has one, waits for quality. */
export function mustBeHeld(event: MachineEvent): boolean {
  const { nature } = contentOf(event);
  return nature === null || nature.drugClass !== 'none' || flagArg(event, 'hold') === true;
}

export function isSameLot({ content }: FinishedBinContext, event: MachineEvent): boolean {
  const lot = textArg(event, 'lot');
  return lot !== null && content?.lot === lot;
}

/** Why a FILL is refused: it holds something else, or the rest of a drug forbids it. */
export function fillRefusals(context: FinishedBinContext, event: MachineEvent): Reason[] {
  const { id, state, content, rest, made } = context;
  if (isSameLot(context, event)) return [];
  if (state !== 'Empty' && state !== 'Dirty') {
    return [reason('bin.other-content', { bin: id, content: content?.lot ?? '?' })];
  }
  const { nature } = contentOf(event);
  if (rest === null) return [];
  const allowed =
    nature !== null && carryOver(made.carryOver, rest, nature).verdict.kind === 'allowed';
  return allowed ? [] : [reason('bin.dirty', { bin: id, drug: rest.drugClass })];
}

/**
 * The register of lots has changed, or another lot has come: what it says of the one that is here.
 */
export function heeded(
  { content, news }: Pick<FinishedBinContext, 'content' | 'news'>,
  event: EventBase,
): Pick<FinishedBinContext, 'news' | 'lotReasons'> {
  return { news, lotReasons: lotReasons(news.lots[content?.lot ?? ''], event.utcMs) };
}

/** What its walls are covered with once it is empty; what nobody knows cleans nothing. */
export function leftBehind({ content, rest }: FinishedBinContext): FeedNature | null {
  return content === null ? rest : (content.nature ?? rest);
}

export function leavesDrug(context: FinishedBinContext): boolean {
  return (leftBehind(context)?.drugClass ?? 'none') !== 'none';
}

/**
 * Why a bin is not clean though a person says so: only one that is known to be empty can have been
 * cleaned.
 */
export function cleanedRefusals({ id }: FinishedBinContext, event: MachineEvent): Reason[] {
  if (senderOf(event)?.kind !== 'person') {
    return [reason('command.unknown', { command: event.type })];
  }
  const levelPct = goodNumber(event.inputs['LevelPct']);
  const doubt = levelPct === null ? notGood(`${id}.LevelPct`, event.inputs['LevelPct']) : null;
  if (doubt !== null) return [doubt];
  const empty = isOn(event.inputs['Low']) && (levelPct ?? 0) <= EMPTY_PCT;
  return empty ? [] : [reason('bin.not-empty', { bin: id })];
}

/** The record of a change of state. */
export function stateRecord(
  context: FinishedBinContext,
  event: MachineEvent,
  state: FinishedBinState,
): MachineOutput {
  const by = senderOf(event);
  const record: BinStateRecord = {
    kind: 'bin-state',
    changeId: `${context.id}/${event.utcMs}/${state}`,
    bin: context.id,
    state,
    orderId: context.content?.orderId ?? null,
    lot: context.content?.lot ?? null,
    by: by?.kind === 'person' ? by.id : null,
    timeMs: event.utcMs,
  };
  return { type: 'record', record };
}
