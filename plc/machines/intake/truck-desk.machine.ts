import { setup } from 'xstate';
import type { Reason } from '../../model/reason.ts';
import { reason } from '../../model/reason.ts';
import type { MachineOutput } from '../contract.ts';
import type { MachineEvent } from '../kit.ts';
import {
  ACCEPTED,
  effects,
  invalidArg,
  newContext,
  refused,
  refuseUnknown,
  textArg,
} from '../kit.ts';
import type { DeskContext, DeskInput } from './truck-desk.context.ts';
import { deskView, goLights, sampleOf, truckOf } from './truck-desk.context.ts';
import {
  arrive,
  atPit,
  bookRefusals,
  bookTruck,
  cancel,
  granted,
  hasTipped,
  lookRound,
  noteRefusal,
  permitCommand,
  pitCleared,
  takeSample,
  truckRefusals,
  unload,
  unloadRefusals,
  weighByHand,
  weighRefusals,
} from './truck-desk.steps.ts';

const { effect, enter } = effects<DeskContext>(deskView);

const sampleRefusals = (context: DeskContext, event: MachineEvent): Reason[] => [
  ...truckRefusals(context, event, ['Arrived']),
  ...(sampleOf(event) === null ? [invalidArg('sample')] : []),
];

const permitRefusals = (context: DeskContext, event: MachineEvent): Reason[] => {
  const light = textArg(event, 'pit');
  const material = truckOf(context, event)?.material ?? '';
  const pit = context.made.pits.find((one) => one.light === light);
  const fits = pit?.materials.includes(material) === true && context.pits[pit.light] === undefined;
  return [
    ...truckRefusals(context, event, ['Weighed']),
    ...(fits ? [] : [reason('intake.no-pit', { material })]),
  ];
};

type Refusals = (context: DeskContext, event: MachineEvent) => Reason[];

/** The answer no, with every reason. */
function refusal(why: Refusals) {
  return effect((context, event) => ({ out: [refused(...why(context, event))] }));
}

function none(why: Refusals) {
  return ({ context, event }: { context: DeskContext; event: MachineEvent }) =>
    why(context, event).length === 0;
}

const cancelRefusals: Refusals = (context, event) =>
  truckRefusals(context, event, ['Booked', 'Arrived', 'Accepted', 'Weighed', 'Permitted']);
const arriveRefusals: Refusals = (context, event) => truckRefusals(context, event, ['Booked']);

const base = setup({
  types: {} as {
    context: DeskContext;
    events: MachineEvent;
    emitted: MachineOutput;
    input: DeskInput;
  },
  actions: {
    enter,
    look: effect(lookRound),
    showLights: effect((context, event) => ({ out: goLights(context, event) })),
    refuse: effect(refuseUnknown),
    noteRefusal: effect(noteRefusal),
    book: effect(bookTruck),
    refuseBook: refusal(bookRefusals),
    arrive: effect(arrive),
    refuseArrive: refusal(arriveRefusals),
    takeSample: effect(takeSample),
    refuseSample: refusal(sampleRefusals),
    weigh: effect(weighByHand),
    refuseWeigh: refusal(weighRefusals),
    permit: effect((context, event) => {
      const truck = truckOf(context, event);
      const light = textArg(event, 'pit');
      if (truck === undefined || light === null) return {};
      const asked = { ...context.asked, [light]: truck.truckId };
      return { set: { asked }, out: [ACCEPTED, permitCommand(truck, light)] };
    }),
    refusePermit: refusal(permitRefusals),
    unload: effect(unload),
    refuseUnload: refusal(unloadRefusals),
    cancel: effect(cancel),
    refuseCancel: refusal(cancelRefusals),
    granted: effect(granted),
    atPit: effect(atPit),
    tipped: effect(hasTipped),
    cleared: effect(pitCleared),
    accept: effect(() => ({ out: [ACCEPTED] })),
  },
  guards: {
    mayBook: none(bookRefusals),
    mayArrive: none(arriveRefusals),
    maySample: none(sampleRefusals),
    mayWeigh: none(weighRefusals),
    mayPermit: none(permitRefusals),
    mayUnload: none(unloadRefusals),
    mayCancel: none(cancelRefusals),
  },
});

/**
 * The truck desk (DOMAIN 4, Intake): appointment, gate, sample, gross weight, pit permit, lot, tare
 * and net of every truck. It weighs whoever stands still on a weighbridge by its number plate,
 * gives the pits their trucks in turn, and writes down each step; the record of a truck that is
 * complete books its stock.
 * Commands: BOOK, ARRIVE, SAMPLE, WEIGH, PERMIT, UNLOAD (sacks), CANCEL of people; GRANTED, AT_PIT,
 * TIPPED, CLEARED, WITHDRAWN of pits.
 */
export const truckDeskMachine = base.createMachine({
  id: 'truck-desk',
  context: ({ input: made }) => ({
    ...newContext(made.id, 'Open'),
    state: 'Open',
    made,
    trucks: [],
    booked: 0,
    pits: {},
    asked: {},
    askAtMs: null,
    cleared: {},
    differing: {},
  }),
  initial: 'Open',
  states: {
    Open: {
      entry: { type: 'enter', params: { state: 'Open' } },
      on: {
        SCAN: { actions: 'look' },
        RESTORED: { actions: 'showLights' },
        REFUSED: { actions: 'noteRefusal' },
        BOOK: [{ guard: 'mayBook', actions: 'book' }, { actions: 'refuseBook' }],
        ARRIVE: [{ guard: 'mayArrive', actions: 'arrive' }, { actions: 'refuseArrive' }],
        SAMPLE: [{ guard: 'maySample', actions: 'takeSample' }, { actions: 'refuseSample' }],
        WEIGH: [{ guard: 'mayWeigh', actions: 'weigh' }, { actions: 'refuseWeigh' }],
        PERMIT: [{ guard: 'mayPermit', actions: 'permit' }, { actions: 'refusePermit' }],
        UNLOAD: [{ guard: 'mayUnload', actions: 'unload' }, { actions: 'refuseUnload' }],
        CANCEL: [{ guard: 'mayCancel', actions: 'cancel' }, { actions: 'refuseCancel' }],
        GRANTED: { actions: 'granted' },
        AT_PIT: { actions: 'atPit' },
        TIPPED: { actions: 'tipped' },
        CLEARED: { actions: 'cleared' },
        WITHDRAWN: { actions: 'accept' },
        '*': { actions: 'refuse' },
      },
    },
  },
});
