import { setup } from 'xstate';
import { readLabel } from '../../logic/lot-label.ts';
import { LOTS_ID } from '../../model/lots.ts';
import type { Reason } from '../../model/reason.ts';
import { reason } from '../../model/reason.ts';
import { STOCK_ID } from '../../model/stock.ts';
import type { MachineOutput } from '../contract.ts';
import type { Effect, MachineEvent } from '../kit.ts';
import {
  ACCEPTED,
  effects,
  invalidArg,
  newContext,
  numberArg,
  passed,
  refused,
  refuseUnknown,
  send,
  senderOf,
  textArg,
} from '../kit.ts';
import { lotsTold, NO_NEWS } from '../stock/lots-news.ts';
import type { DumpContext, DumpInput } from './dump.context.ts';
import {
  ASK_MS,
  binFor,
  dumpView,
  isEmpty,
  isHigh,
  labelRefusals,
  lotFaults,
  routeState,
  startRefusals,
  watched,
} from './dump.context.ts';

const { effect, enter } = effects<DumpContext>(dumpView);
type Step = Effect<DumpContext>;

/** What the label of the scanned sack says goes into the register of lots. */
function noteLabel(event: MachineEvent): MachineOutput[] {
  const label = readLabel(textArg(event, 'label') ?? '');
  if (label === null) return [];
  const { lot, material, expiryTimeMs } = label;
  return [send(LOTS_ID, 'NOTE', { lot, material, expiryTimeMs })];
}

function begin(context: DumpContext, event: MachineEvent): Step {
  const to = binFor(context, textArg(event, 'bin'));
  const lot = readLabel(textArg(event, 'label') ?? '')?.lot;
  if (to === undefined || lot === undefined) return {};
  const { hopper } = context.made;
  const job = { hopper, bin: to.bin, material: to.material, lot, sacks: 0, kg: 0 };
  const now = { ...context, job };
  return {
    set: { ...watched(now, event), job, ending: false },
    out: [ACCEPTED, ...noteLabel(event)],
  };
}

function scanRefusals(context: DumpContext, event: MachineEvent): Reason[] {
  const to = binFor(context, context.job?.bin ?? null);
  return to === undefined ? [invalidArg('label')] : labelRefusals(context, event, to);
}

/** Sacks of another lot of the material are dumped from now on. */
function nextLot(context: DumpContext, event: MachineEvent): Step {
  const lot = readLabel(textArg(event, 'label') ?? '')?.lot;
  if (context.job === null || lot === undefined) return {};
  return { set: { job: { ...context.job, lot } }, out: [ACCEPTED, ...noteLabel(event)] };
}

/** More sacks than this are not tipped at once by a person. */
const SACKS_MAX = 400;

function tippedRefusals({ job }: DumpContext, event: MachineEvent): Reason[] {
  const sacks = numberArg(event, 'sacks') ?? 0;
  if (senderOf(event)?.kind !== 'person') {
    return [reason('command.unknown', { command: event.type })];
  }
  if (job === null || sacks < 1 || sacks > SACKS_MAX) return [invalidArg('sacks')];
  const kg = numberArg(event, 'kg');
  return kg !== null && kg <= 0 ? [invalidArg('kg')] : [];
}

/** Whole sacks that were tipped: the bin has them in the book, of the lot that was scanned. */
function tipped(context: DumpContext, event: MachineEvent): Step {
  const { job } = context;
  const to = binFor(context, job?.bin ?? null);
  if (job === null || to === undefined) return {};
  const sacks = numberArg(event, 'sacks') ?? 0;
  const kg = numberArg(event, 'kg') ?? sacks * to.sackKg;
  const { bin, material, lot } = job;
  const by = senderOf(event)?.id ?? '?';
  const now = { ...context, job: { ...job, sacks: job.sacks + sacks, kg: job.kg + kg } };
  return {
    set: { job: now.job, reasons: watched(now, event).reasons ?? [] },
    out: [ACCEPTED, send(STOCK_ID, 'RECEIVE', { bin, material, lot, kg, by })],
  };
}

function askRoute({ job, made }: DumpContext, event: MachineEvent): Step {
  if (job === null) return {};
  const way = { source: made.hopper, destination: job.bin };
  return {
    set: { askAtMs: event.nowMs + ASK_MS },
    out: [send(made.route, 'START', way)],
  };
}

const base = setup({
  types: {} as {
    context: DumpContext;
    events: MachineEvent;
    emitted: MachineOutput;
    input: DumpInput;
  },
  actions: {
    enter,
    look: effect((context, event) => ({ set: watched(context, event) })),
    follow: effect((context, event) => {
      const news = lotsTold(event) ?? context.news;
      return { set: { news, ...watched({ ...context, news }, event) } };
    }),
    accept: effect(() => ({ out: [ACCEPTED] })),
    refuse: effect(refuseUnknown),
    begin: effect(begin),
    refuseStart: effect((context, event) => ({ out: [refused(...startRefusals(context, event))] })),
    nextLot: effect(nextLot),
    refuseScan: effect((context, event) => ({ out: [refused(...scanRefusals(context, event))] })),
    tipped: effect(tipped),
    refuseTipped: effect((context, event) => ({
      out: [refused(...tippedRefusals(context, event))],
    })),
    refuseBusy: effect(({ job, made }) => ({
      out: [refused(reason('dump.not-finished', { hopper: made.hopper, bin: job?.bin ?? '?' }))],
    })),
    refuseLot: effect((context, event) => ({ out: [refused(...lotFaults(context, event))] })),
    askRoute: effect(askRoute),
    stopRoute: effect((context, event) => ({
      set: { ...watched(context, event), ending: true, askAtMs: null },
      out: [send(context.made.route, 'STOP')],
    })),
    rest: effect(() => ({
      set: { job: null, askAtMs: null, emptySinceMs: null, ending: false, reasons: [] },
    })),
  },
  guards: {
    mayStart: ({ context, event }) => startRefusals(context, event).length === 0,
    mayScan: ({ context, event }) => scanRefusals(context, event).length === 0,
    isTipped: ({ context, event }) => tippedRefusals(context, event).length === 0,
    lotIsBad: ({ context, event }) => lotFaults(context, event).length > 0,
    mayAsk: ({ context, event }) =>
      routeState(event) === 'Idle' &&
      (context.askAtMs === null || passed(context.askAtMs, event.nowMs)) &&
      context.job !== null &&
      !isHigh(context.job.bin, event),
    isThrough: ({ context, event }) =>
      !context.ending && isEmpty(context, event) && routeState(event) === 'Running',
    isDone: ({ context, event }) => routeState(event) === 'Idle' && isEmpty(context, event),
    hasJob: ({ context }) => context.job !== null,
  },
});

const whileAtWork = {
  START: { actions: 'refuseBusy' },
  TIPPED: [{ guard: 'isTipped', actions: 'tipped' }, { actions: 'refuseTipped' }],
} as const;
const lotIsBad = { guard: 'lotIsBad', target: '#Held', actions: 'stopRoute' } as const;

/**
 * A hopper that a person dumps sacks into (DOMAIN 2: bag intake): the label of a lot is scanned for
 * a bin that asks for its material, the route to that bin runs, the sacks that were tipped are told
 * and stand in the book of the bin at once. It refuses what is expired, in quarantine, of another
 * material or has rests of a drug; a drug is dumped by two persons. A lot that is put into
 * quarantine while it is dumped closes the way.
 * Commands of people: START {bin, label, second?}, SCAN_LOT {label, second?} for the next lot,
 * TIPPED {sacks, kg?}, STOP (no more sacks), RESUME.
 */
export const dumpMachine = base.createMachine({
  id: 'dump',
  context: ({ input: made }) => ({
    ...newContext(made.id, 'Idle'),
    state: 'Idle',
    made,
    job: null,
    news: NO_NEWS,
    emptySinceMs: null,
    askAtMs: null,
    ending: false,
    reasons: [],
  }),
  initial: 'Idle',
  on: {
    SCAN: { actions: 'look' },
    TOLD: { actions: 'follow' },
    // The route is asked again: it says itself why it does not come.
    REFUSED: { actions: 'look' },
    RESTORED: [{ guard: 'hasJob', target: '#Held', actions: 'look' }, { actions: 'look' }],
    '*': { actions: 'refuse' },
  },
  states: {
    Idle: {
      id: 'Idle',
      entry: [{ type: 'enter', params: { state: 'Idle' } }, 'rest'],
      on: {
        START: [
          { guard: 'mayStart', target: 'Dumping', actions: 'begin' },
          { actions: 'refuseStart' },
        ],
        STOP: { actions: 'accept' },
      },
    },
    Dumping: {
      entry: [{ type: 'enter', params: { state: 'Dumping' } }, 'askRoute'],
      on: {
        ...whileAtWork,
        SCAN_LOT: [{ guard: 'mayScan', actions: 'nextLot' }, { actions: 'refuseScan' }],
        STOP: { target: 'Emptying', actions: 'accept' },
        SCAN: [lotIsBad, { guard: 'mayAsk', actions: ['look', 'askRoute'] }, { actions: 'look' }],
      },
    },
    Emptying: {
      entry: { type: 'enter', params: { state: 'Emptying' } },
      on: {
        ...whileAtWork,
        STOP: { actions: 'accept' },
        SCAN: [
          lotIsBad,
          { guard: 'isDone', target: 'Idle' },
          { guard: 'isThrough', actions: 'stopRoute' },
          { guard: 'mayAsk', actions: ['look', 'askRoute'] },
          { actions: 'look' },
        ],
      },
    },
    Held: {
      id: 'Held',
      entry: { type: 'enter', params: { state: 'Held' } },
      on: {
        ...whileAtWork,
        RESUME: [
          { guard: 'lotIsBad', actions: 'refuseLot' },
          { target: 'Dumping', actions: 'accept' },
        ],
        STOP: [
          { guard: 'lotIsBad', actions: 'refuseLot' },
          { target: 'Emptying', actions: 'accept' },
        ],
      },
    },
  },
});
