import { setup } from 'xstate';
import { LOTS_ID, storedNature } from '../../model/lots.ts';
import type { Reason } from '../../model/reason.ts';
import { reason } from '../../model/reason.ts';
import type { MachineOutput, MachineSpec } from '../contract.ts';
import type { Effect, MachineEvent } from '../kit.ts';
import {
  ACCEPTED,
  effects,
  flagArg,
  invalidArg,
  isCommand,
  newContext,
  numberArg,
  refused,
  refuseUnknown,
  senderOf,
  textArg,
} from '../kit.ts';
import { restored } from '../spec.ts';
import type { LotsContext, LotsInput } from './lots.context.ts';
import { heldIn, learnt, lotsView, newFacts, now, QUARANTINE_MAX } from './lots.context.ts';

const { effect, enter } = effects<LotsContext>(lotsView);
type Step = Effect<LotsContext>;

/**
 * An order says what its lot is: a lot with a drug, or a flush with rests of one, is remembered.
 */
function hear(context: LotsContext, event: MachineEvent): Step {
  if (event.type !== 'HEARD' || isCommand(event) || event.record.kind !== 'order') return {};
  const { order } = event.record;
  const nature = storedNature(order);
  const known = context.lots[order.lot];
  if (nature.drugClass === 'none' || known?.nature?.drugClass === nature.drugClass) return {};
  const facts = { ...(known ?? newFacts(order.lot)), nature };
  return { set: { ...now(event), lots: learnt(context, facts) } };
}

function follow(context: LotsContext, event: MachineEvent): Step {
  if (event.type !== 'TOLD' || isCommand(event) || event.document.kind !== 'stock') return {};
  const { bin } = event.document;
  return { set: { ...now(event), bins: { ...context.bins, [bin]: heldIn(event.document) } } };
}

function quarantineRefusals({ lots }: LotsContext, event: MachineEvent): Reason[] {
  const [lot, on, note] = [textArg(event, 'lot'), flagArg(event, 'on'), textArg(event, 'note')];
  if (senderOf(event)?.kind !== 'person')
    return [reason('command.unknown', { command: event.type })];
  if (lot === null || on === null) return [invalidArg('lot')];
  if (note === null) return [invalidArg('note')];
  const held = Object.values(lots).filter(({ quarantinedBy }) => quarantinedBy !== null);
  const isNew = on && !held.some((one) => one.lot === lot);
  if (!isNew || held.length < QUARANTINE_MAX) return [];
  return [reason('lot.register-full', { limit: QUARANTINE_MAX })];
}

function quarantine(context: LotsContext, event: MachineEvent): Step {
  const lot = textArg(event, 'lot') ?? '';
  const on = flagArg(event, 'on') === true;
  const quarantinedBy = on ? (senderOf(event)?.id ?? null) : null;
  const note = on ? textArg(event, 'note') : null;
  const facts = { ...(context.lots[lot] ?? newFacts(lot)), quarantinedBy, note };
  return { set: { ...now(event), lots: learnt(context, facts) }, out: [ACCEPTED] };
}

/** NOTE {lot, material, expiryTimeMs}: what the label of a sack said, from who scanned it. */
function noteLabel(context: LotsContext, event: MachineEvent): Step {
  const lot = textArg(event, 'lot');
  if (lot === null) return { out: [refused(invalidArg('lot'))] };
  const known = context.lots[lot] ?? newFacts(lot);
  const facts = {
    ...known,
    material: textArg(event, 'material') ?? known.material,
    expiryTimeMs: numberArg(event, 'expiryTimeMs') ?? known.expiryTimeMs,
  };
  return { set: { ...now(event), lots: learnt(context, facts) }, out: [ACCEPTED] };
}

const base = setup({
  types: {} as {
    context: LotsContext;
    events: MachineEvent;
    emitted: MachineOutput;
    input: LotsInput;
  },
  actions: {
    enter,
    look: effect((_context, event) => ({ set: now(event) })),
    hear: effect(hear),
    follow: effect(follow),
    quarantine: effect(quarantine),
    refuseQuarantine: effect((context, event) => ({
      out: [refused(...quarantineRefusals(context, event))],
    })),
    noteLabel: effect(noteLabel),
    refuse: effect(refuseUnknown),
  },
  guards: {
    mayQuarantine: ({ context, event }) => quarantineRefusals(context, event).length === 0,
    byMachine: ({ event }) => senderOf(event)?.kind === 'machine',
  },
});

/**
 * The register of lots: which of them quality has put into quarantine, which have expired, and
 * which have a drug or rests of one in them (medicated feed, flushes). It follows the stock book,
 * so that a lot is known wherever it lies, and shows every bin out of which nothing, or not
 * everything, may be taken; lines, refills, transfers, hatches, dump hoppers and finished bins heed
 * it.
 * Commands: QUARANTINE {lot, on, note} of people; NOTE {lot, material, expiryTimeMs} of machines.
 */
const lotsMachine = base.createMachine({
  id: 'lots',
  context: ({ input: made }) => ({
    ...newContext(made.id, 'Keeping'),
    state: 'Keeping',
    made,
    lots: {},
    bins: {},
    utcMs: 0,
    lookAtMs: 0,
  }),
  initial: 'Keeping',
  states: {
    Keeping: {
      entry: { type: 'enter', params: { state: 'Keeping' } },
      on: {
        SCAN: { actions: 'look' },
        RESTORED: { actions: 'look' },
        REFUSED: { actions: 'look' },
        HEARD: { actions: 'hear' },
        TOLD: { actions: 'follow' },
        QUARANTINE: [
          { guard: 'mayQuarantine', actions: 'quarantine' },
          { actions: 'refuseQuarantine' },
        ],
        NOTE: [{ guard: 'byMachine', actions: 'noteLabel' }, { actions: 'refuse' }],
        '*': { actions: 'refuse' },
      },
    },
  },
});

/** The machine that keeps the register of lots of the whole mill. */
export function lotsSpec(): MachineSpec {
  const input: LotsInput = { id: LOTS_ID };
  return { ...restored(LOTS_ID, lotsMachine, input, {}), hears: ['order'], follows: ['stock'] };
}
