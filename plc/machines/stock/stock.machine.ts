import { setup } from 'xstate';
import { EMPTY_BOOK, lay } from '../../logic/layers.ts';
import type { MachineRecord } from '../../model/record.ts';
import type { MachineOutput } from '../contract.ts';
import type { Effect, MachineEvent } from '../kit.ts';
import { effects, isCommand, newContext, passed, refused, refuseUnknown } from '../kit.ts';
import { lotsTold, NO_NEWS } from './lots-news.ts';
import type { BinStock, StockContext, StockInput } from './stock.context.ts';
import {
  bookBag,
  bookBatch,
  bookDose,
  bookTruck,
  feedBagger,
  settleBags,
} from './stock.entries.ts';
import { correct, correctionRefusals, receiptRefusals, receive } from './stock.receipts.ts';
import { endTransfer, followRoute, lookAround, settleEnded } from './stock.transfers.ts';
import type { StockTurn } from './stock.turn.ts';
import { beginTurn, endTurn } from './stock.turn.ts';

function wakeAtMs({ lookAtMs, ended }: StockContext): number {
  return Math.min(lookAtMs, ...ended.map((one) => one.endsAtMs ?? lookAtMs));
}

// What a bin shows is let out when it changes: a view of all bins would cost every event.
const { effect, enter } = effects<StockContext>((context) => ({ wakeAtMs: wakeAtMs(context) }));

type Step = Effect<StockContext>;

function look(context: StockContext, event: MachineEvent): Step {
  const turn = beginTurn(context, event);
  settleEnded(turn);
  if (passed(context.lookAtMs, event.nowMs)) lookAround(turn);
  return endTurn(turn, !context.told);
}

function book(turn: StockTurn, record: MachineRecord): void {
  if (record.kind === 'dose') bookDose(turn, record);
  else if (record.kind === 'batch') bookBatch(turn, record);
  else if (record.kind === 'bag') bookBag(turn, record);
  else if (record.kind === 'movement') endTransfer(turn, record);
  else if (record.kind === 'truck') bookTruck(turn, record);
}

function hear(context: StockContext, event: MachineEvent): Step {
  if (event.type !== 'HEARD' || isCommand(event)) return {};
  const turn = beginTurn(context, event);
  book(turn, event.record);
  return endTurn(turn);
}

function follow(context: StockContext, event: MachineEvent): Step {
  const news = lotsTold(event);
  if (news !== null) return { set: { news } };
  if (event.type !== 'TOLD' || isCommand(event) || event.document.kind !== 'route') return {};
  const turn = beginTurn(context, event);
  const { document } = event;
  const { destination, source } = document;
  if (destination !== null && context.made.baggers.includes(destination)) {
    if (document.state === 'Running' && source !== null) feedBagger(turn, destination, source);
    if (document.state === 'Idle' || document.state === 'Tripped') settleBags(turn, destination);
  }
  followRoute(turn, document);
  return endTurn(turn);
}

function entry(work: (turn: StockTurn, event: MachineEvent) => void) {
  return effect((context, event) => {
    const turn = beginTurn(context, event);
    work(turn, event);
    return endTurn(turn);
  });
}

const base = setup({
  types: {} as {
    context: StockContext;
    events: MachineEvent;
    emitted: MachineOutput;
    input: StockInput;
  },
  actions: {
    enter,
    look: effect(look),
    showAll: effect((context, event) => endTurn(beginTurn(context, event), true)),
    hear: effect(hear),
    follow: effect(follow),
    receive: entry(receive),
    correct: entry(correct),
    refuse: effect(refuseUnknown),
    refuseReceipt: effect((context, event) => ({
      out: [refused(...receiptRefusals(context, event))],
    })),
    refuseCorrection: effect((context, event) => ({
      out: [refused(...correctionRefusals(context, event))],
    })),
  },
  guards: {
    mayReceive: ({ context, event }) => receiptRefusals(context, event).length === 0,
    mayCorrect: ({ context, event }) => correctionRefusals(context, event).length === 0,
  },
});

function opening(input: StockInput): Record<string, BinStock> {
  return Object.fromEntries(
    Object.entries(input.bins).map(([id, { openingKg, openingLot, material, flow }]) => {
      const portions = openingKg > 0 ? [{ lot: openingLot, material, kg: openingKg }] : [];
      const begun: BinStock = {
        book: lay(EMPTY_BOOK, portions, flow),
        last: { lot: openingLot, material },
        differsSinceMs: null,
        differs: false,
      };
      return [id, begun];
    }),
  );
}

/**
 * The stock keeper: the book of every bin as layers of lots (DOMAIN 4, Storage). It commands
 * nothing. It hears what other machines write down - doses, batches, bags, trucks, transfers - and
 * moves the layers in the same scan; it follows the routes, so that a transfer that nothing weighs
 * is booked from levels while it runs.
 * Commands: RECEIVE {bin, material, lot, kg, label?, second?}, CORRECT {bin, kg, lot, note}.
 */
export const stockMachine = base.createMachine({
  id: 'stock',
  context: ({ input: made }) => ({
    ...newContext(made.id, 'Keeping'),
    state: 'Keeping',
    made,
    bins: opening(made),
    transfers: {},
    ended: [],
    batches: {},
    bagged: {},
    news: NO_NEWS,
    entries: 0,
    lookAtMs: 0,
    told: false,
  }),
  initial: 'Keeping',
  states: {
    Keeping: {
      entry: { type: 'enter', params: { state: 'Keeping' } },
      on: {
        SCAN: { actions: 'look' },
        RESTORED: { actions: 'showAll' },
        REFUSED: { actions: 'look' },
        HEARD: { actions: 'hear' },
        TOLD: { actions: 'follow' },
        RECEIVE: [{ guard: 'mayReceive', actions: 'receive' }, { actions: 'refuseReceipt' }],
        CORRECT: [{ guard: 'mayCorrect', actions: 'correct' }, { actions: 'refuseCorrection' }],
        '*': { actions: 'refuse' },
      },
    },
  },
});
