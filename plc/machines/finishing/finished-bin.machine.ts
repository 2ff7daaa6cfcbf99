import { setup } from 'xstate';
import type { FinishedBinState } from '../../model/finished-bin.ts';
import { reason } from '../../model/reason.ts';
import type { MachineOutput } from '../contract.ts';
import type { Effect, MachineEvent } from '../kit.ts';
import { ACCEPTED, effects, newContext, refused, refuseUnknown, senderOf } from '../kit.ts';
import { lotsTold, NO_NEWS } from '../stock/lots-news.ts';
import type { FinishedBinContext, FinishedBinInput } from './finished-bin-rules.ts';
import {
  cleanedRefusals,
  contentOf,
  fillRefusals,
  finishedBinView,
  heeded,
  isBeingEmptied,
  isEmpty,
  isSameLot,
  isStrange,
  leavesDrug,
  leftBehind,
  mustBeHeld,
  stateRecord,
  watched,
} from './finished-bin-rules.ts';

const { effect, effectWith, enter } = effects<FinishedBinContext>(finishedBinView);

type Step = Effect<FinishedBinContext>;

/** The lot that is coming; more of the lot that it holds changes nothing of what quality said. */
function take(context: FinishedBinContext, event: MachineEvent): Step {
  if (isSameLot(context, event)) return { out: [ACCEPTED] };
  const content = contentOf(event);
  const lot = heeded({ ...context, content }, event);
  return {
    set: { content, held: mustBeHeld(event), heldBy: null, peakPct: 0, ...lot },
    out: [ACCEPTED],
  };
}

/** It ran empty: what is left on its walls counts for what comes next. */
function forget(context: FinishedBinContext): Step {
  return {
    set: {
      rest: leavesDrug(context) ? leftBehind(context) : null,
      content: null,
      held: false,
      heldBy: null,
      lotReasons: [],
      peakPct: 0,
      emptySinceMs: null,
    },
  };
}

const base = setup({
  types: {} as {
    context: FinishedBinContext;
    events: MachineEvent;
    emitted: MachineOutput;
    input: FinishedBinInput;
  },
  actions: {
    enter,
    watch: effect((context, event) => ({ set: watched(context, event) })),
    accept: effect(() => ({ out: [ACCEPTED] })),
    refuse: effect(refuseUnknown),
    refuseFill: effect((context, event) => ({ out: [refused(...fillRefusals(context, event))] })),
    refuseMachine: effect((_context, event) => ({
      out: [refused(reason('command.unknown', { command: event.type }))],
    })),
    take: effect(take),
    forget: effect(forget),
    follow: effect((context, event) => ({
      set: heeded({ ...context, news: lotsTold(event) ?? context.news }, event),
    })),
    clean: effect(() => ({ set: { rest: null } })),
    refuseCleaned: effect((context, event) => ({
      out: [refused(...cleanedRefusals(context, event))],
    })),
    letGo: effect(() => ({ set: { held: false, heldBy: null } })),
    keep: effect((_context, event) => ({
      set: { held: true, heldBy: senderOf(event)?.id ?? null },
    })),
    keepStrange: effect(() => ({
      set: { content: null, held: true, heldBy: null, strangeSinceMs: null },
    })),
    note: effectWith<{ state: FinishedBinState }>((context, event, { state }) => ({
      out: [stateRecord(context, event, state)],
    })),
  },
  guards: {
    mayFill: ({ context, event }) => fillRefusals(context, event).length === 0,
    isClean: ({ context, event }) => cleanedRefusals(context, event).length === 0,
    byPerson: ({ event }) => senderOf(event)?.kind === 'person',
    held: ({ context }) => context.held,
    empty: ({ context, event }) => isEmpty(context, event),
    drugged: ({ context }) => leavesDrug(context),
    emptyOfDrug: ({ context, event }) => isEmpty(context, event) && leavesDrug(context),
    strange: ({ context, event }) => isStrange(context, event),
    isBeingEmptied: ({ context, event }) => isBeingEmptied(context, event),
  },
});

const entry = (state: FinishedBinState) =>
  [
    { type: 'enter', params: { state } },
    { type: 'note', params: { state } },
  ] as const;
const fill = [
  { guard: 'mayFill', target: '#Filling', actions: 'take' },
  { actions: 'refuseFill' },
] as const;
const release = [
  { guard: 'byPerson', target: '#Released', actions: ['letGo', 'accept'] },
  { actions: 'refuseMachine' },
] as const;
const hold = [
  { guard: 'byPerson', target: '#Hold', actions: ['keep', 'accept'] },
  { actions: 'refuseMachine' },
] as const;
const emptied = [
  { guard: 'drugged', target: '#Dirty', actions: ['forget', 'accept'] },
  { target: '#Empty', actions: ['forget', 'accept'] },
] as const;
/** What a scan that finds it empty does, first the one for the rest of a drug. */
const runsEmpty = [
  { guard: 'emptyOfDrug', target: '#Dirty', actions: 'forget' },
  { guard: 'empty', target: '#Empty', actions: 'forget' },
] as const;

/**
 * A finished bin (DOMAIN 4): Empty, Filling, Hold (quality), Released, Emptying, Dirty (drug). Feed
 * without drugs that nobody holds is released at once and may leave while it still comes; with a
 * drug, or of unknown content, it waits for a person of quality. A drug leaves it Dirty until it is
 * cleaned, or filled with what the matrix of carry-over allows.
 * Commands: FILL {orderId, lot, product, nature, hold}, FILLED, EMPTIED from machines; RELEASE,
 * HOLD, CLEANED from people.
 */
export const finishedBinMachine = base.createMachine({
  id: 'finishedBin',
  context: ({ input: made }) => ({
    ...newContext(made.id, 'Empty'),
    state: 'Empty',
    made,
    content: null,
    rest: null,
    news: NO_NEWS,
    lotReasons: [],
    held: false,
    heldBy: null,
    peakPct: 0,
    emptySinceMs: null,
    strangeSinceMs: null,
  }),
  initial: 'Empty',
  on: {
    SCAN: { actions: 'watch' },
    RESTORED: { actions: 'watch' },
    REFUSED: { actions: 'watch' },
    TOLD: { actions: 'follow' },
    '*': { actions: 'refuse' },
  },
  states: {
    Empty: {
      id: 'Empty',
      entry: [...entry('Empty')],
      on: {
        SCAN: [{ guard: 'strange', target: 'Hold', actions: 'keepStrange' }, { actions: 'watch' }],
        FILL: [...fill],
        FILLED: { actions: 'accept' },
        EMPTIED: { actions: 'accept' },
        CLEANED: [{ guard: 'isClean', actions: ['clean', 'accept'] }, { actions: 'refuseCleaned' }],
      },
    },
    Filling: {
      id: 'Filling',
      entry: [...entry('Filling')],
      on: {
        FILL: [...fill],
        FILLED: [
          { guard: 'held', target: 'Hold', actions: 'accept' },
          { target: 'Released', actions: 'accept' },
        ],
        // It is bagged as fast as it comes: more will come.
        EMPTIED: { actions: 'accept' },
        RELEASE: [
          { guard: 'byPerson', actions: ['letGo', 'accept'] },
          { actions: 'refuseMachine' },
        ],
        HOLD: [{ guard: 'byPerson', actions: ['keep', 'accept'] }, { actions: 'refuseMachine' }],
      },
    },
    Hold: {
      id: 'Hold',
      entry: [...entry('Hold')],
      on: {
        SCAN: [...runsEmpty, { actions: 'watch' }],
        FILL: [...fill],
        FILLED: { actions: 'accept' },
        RELEASE: [...release],
        HOLD: { actions: 'accept' },
      },
    },
    Released: {
      id: 'Released',
      entry: [...entry('Released')],
      on: {
        SCAN: [
          ...runsEmpty,
          { guard: 'isBeingEmptied', target: 'Emptying', actions: 'watch' },
          { actions: 'watch' },
        ],
        FILL: [...fill],
        FILLED: { actions: 'accept' },
        EMPTIED: [...emptied],
        RELEASE: { actions: 'accept' },
        HOLD: [...hold],
      },
    },
    Emptying: {
      entry: [...entry('Emptying')],
      on: {
        SCAN: [...runsEmpty, { actions: 'watch' }],
        FILL: [...fill],
        FILLED: { actions: 'accept' },
        EMPTIED: [...emptied],
        RELEASE: { actions: 'accept' },
        HOLD: [...hold],
      },
    },
    Dirty: {
      id: 'Dirty',
      entry: [...entry('Dirty')],
      on: {
        SCAN: [{ guard: 'strange', target: 'Hold', actions: 'keepStrange' }, { actions: 'watch' }],
        FILL: [...fill],
        FILLED: { actions: 'accept' },
        EMPTIED: { actions: 'accept' },
        CLEANED: [
          { guard: 'isClean', target: 'Empty', actions: ['clean', 'accept'] },
          { actions: 'refuseCleaned' },
        ],
      },
    },
  },
});
