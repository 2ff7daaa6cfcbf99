import { setup } from 'xstate';
import type { MachineOutput, MachineSpec } from '../contract.ts';
import type { MachineEvent } from '../kit.ts';
import { effects, refuseUnknown } from '../kit.ts';
import type { MeterContext, MeterInput } from './meter-dose.context.ts';
import { meterView, newMeter } from './meter-dose.context.ts';
import { finish } from './meter-dose.finish.ts';
import { meterGuards } from './meter-dose.guards.ts';
import * as steps from './meter-dose.steps.ts';

const { effect, effectWith, enter } = effects<MeterContext>(meterView);

const base = setup({
  types: {} as {
    context: MeterContext;
    events: MachineEvent;
    emitted: MachineOutput;
    input: MeterInput;
  },
  guards: meterGuards,
  actions: {
    enter,
    arm: effect(steps.arm),
    awaitDose: effect(steps.awaitDose),
    alreadyIn: effect(steps.alreadyIn),
    taken: effect(steps.taken),
    startFilling: effect(steps.startFilling),
    track: effect(steps.track),
    goFine: effect(steps.goFine),
    cut: effect(steps.cut),
    settle: effect(steps.settle),
    weigh: effect(steps.weigh),
    topUp: effect(steps.topUp),
    moreTops: effect(steps.moreTops),
    askPerson: effectWith(steps.askPerson),
    waitAgain: effect(steps.waitAgain),
    hold: effectWith(steps.hold),
    watch: effect(steps.watch),
    recount: effect(steps.recount),
    startAbort: effect(steps.startAbort),
    disarm: effect(steps.disarm),
    finish: effect(finish),
    repeatAnswer: effect(steps.repeatAnswer),
    refuseDose: effect(steps.refuseDose),
    refuseCount: effect(steps.refuseCount),
    refuseSecond: effect(steps.refuseSecond),
    acceptOnly: effect(steps.acceptOnly),
    look: effect(steps.look),
    refuseUnknown: effect(refuseUnknown),
  },
});

function held<S extends 'Filling' | 'Settling' | 'Waiting'>(from: S) {
  return { target: '#meter-dose.Held', actions: { type: 'hold', params: { from } } } as const;
}

/** What a working state answers to what it knows already, and what leads to Held. */
function working<S extends 'Filling' | 'Settling' | 'Waiting'>(from: S) {
  return {
    DOSE: { guard: 'sameDose', actions: 'acceptOnly' },
    DISCHARGE: { guard: 'sameBatch', actions: 'taken' },
    HOLD: held(from),
    RESTORED: held(from),
  } as const;
}

/**
 * A liquid dosed by meter (DOMAIN 4), in the states of a scale: DOSE arms it (Full), DISCHARGE
 * {batchId} from the mixer lets it in: valve, pump, coarse, fine, cut, count out, evaluate. DOSED
 * goes to the line and DISCHARGED to the mixer when the liquid is in.
 */
const meterMachine = base.createMachine({
  id: 'meter-dose',
  context: ({ input }) => newMeter(input),
  initial: 'Empty',
  on: {
    SCAN: { actions: 'look' },
    RESTORED: { actions: 'look' },
    REFUSED: {},
    HOLD: { actions: 'acceptOnly' },
    RESUME: { actions: 'acceptOnly' },
    ABORT: { actions: 'acceptOnly' },
    '*': { actions: 'refuseUnknown' },
  },
  states: {
    Empty: {
      entry: { type: 'enter', params: { state: 'Empty' } },
      on: {
        SCAN: [{ guard: 'countLost', target: 'Faulted' }, { actions: 'look' }],
        DOSE: [
          { guard: 'doneBefore', actions: 'repeatAnswer' },
          { guard: 'countLost', actions: 'refuseCount' },
          { guard: 'canDose', target: 'Armed', actions: 'arm' },
          { actions: 'refuseDose' },
        ],
        DISCHARGE: [{ guard: 'batchDone', actions: 'alreadyIn' }, { actions: 'awaitDose' }],
        ABORT: { actions: 'disarm' },
      },
    },
    /** Passed through at once: the mixer may be waiting for it already. */
    Armed: {
      always: [{ guard: 'isAwaited', target: 'Filling' }, { target: 'Full' }],
    },
    Full: {
      entry: { type: 'enter', params: { state: 'Full' } },
      on: {
        SCAN: [{ guard: 'countLost', target: 'Faulted' }, { actions: 'look' }],
        DOSE: { guard: 'sameDose', actions: 'acceptOnly' },
        DISCHARGE: { guard: 'sameBatch', target: 'Filling', actions: 'taken' },
        ABORT: { target: 'Empty', actions: 'disarm' },
      },
    },
    Filling: {
      entry: [{ type: 'enter', params: { state: 'Filling' } }, 'startFilling'],
      on: {
        ...working('Filling'),
        SCAN: [{ guard: 'countJumped', ...held('Filling') }, { actions: 'track' }],
        REFUSED: { guard: 'neededRefused', ...held('Filling') },
        ABORT: { target: 'Settling', actions: 'startAbort' },
      },
      always: [
        { guard: 'countJumped', ...held('Filling') },
        { guard: 'equipmentDead', ...held('Filling') },
        { guard: 'cutOff', target: 'Settling' },
        {
          guard: 'noFlow',
          target: 'Waiting',
          actions: { type: 'askPerson', params: { why: 'no-flow' } },
        },
        {
          guard: 'tookTooLong',
          target: 'Waiting',
          actions: { type: 'askPerson', params: { why: 'timeout' } },
        },
        { guard: 'fineDue', actions: 'goFine' },
      ],
    },
    Settling: {
      entry: [{ type: 'enter', params: { state: 'Settling' } }, 'cut'],
      on: {
        ...working('Settling'),
        SCAN: [
          { guard: 'countJumped', ...held('Settling') },
          { guard: 'due', target: 'Judging', actions: 'weigh' },
          { actions: 'settle' },
        ],
        ABORT: { actions: 'startAbort' },
      },
    },
    /** Passed through at once: what the count means. */
    Judging: {
      always: [
        { guard: 'aborted', target: 'Empty', actions: 'finish' },
        { guard: 'inTolerance', target: 'Empty', actions: 'finish' },
        { guard: 'mayTop', target: 'Filling', actions: 'topUp' },
        { target: 'Waiting', actions: { type: 'askPerson', params: { why: 'deviation' } } },
      ],
    },
    Waiting: {
      entry: { type: 'enter', params: { state: 'Waiting' } },
      on: {
        ...working('Waiting'),
        SCAN: { actions: 'watch' },
        DECIDE: [
          { guard: 'retryUnder', target: 'Filling', actions: 'moreTops' },
          { guard: 'retry', target: 'Settling', actions: 'moreTops' },
          { guard: 'needsSecond', actions: 'refuseSecond' },
          { guard: 'accept', target: 'Empty', actions: 'finish' },
        ],
        ABORT: { target: 'Empty', actions: ['startAbort', 'finish'] },
      },
    },
    Held: {
      entry: { type: 'enter', params: { state: 'Held' } },
      on: {
        SCAN: { actions: 'watch' },
        DOSE: { guard: 'sameDose', actions: 'acceptOnly' },
        DISCHARGE: { guard: 'sameBatch', actions: 'taken' },
        RESUME: [
          { guard: 'countLost', actions: 'refuseCount' },
          { guard: 'heldFromFilling', target: 'Filling', actions: 'recount' },
          { guard: 'heldFromWaiting', target: 'Waiting', actions: 'waitAgain' },
          { target: 'Settling', actions: 'recount' },
        ],
        ABORT: { target: 'Empty', actions: ['startAbort', 'finish'] },
      },
    },
    Faulted: {
      entry: { type: 'enter', params: { state: 'Faulted' } },
      on: {
        SCAN: [
          { guard: 'countLost', actions: 'look' },
          { guard: 'hasDose', target: 'Full' },
          { target: 'Empty' },
        ],
        DOSE: [{ guard: 'sameDose', actions: 'acceptOnly' }, { actions: 'refuseCount' }],
        DISCHARGE: { actions: 'refuseCount' },
      },
    },
  },
});

/** The machine of one dosing meter. */
export function meterSpec(input: MeterInput): MachineSpec {
  const lot = `${input.bin}.Lot`;
  return {
    id: input.id,
    logic: meterMachine,
    input,
    reads: {
      Pulses: `${input.id}.Pulses`,
      [`${input.pump}.State`]: `${input.pump}.State`,
      [`${input.valve}.State`]: `${input.valve}.State`,
      [lot]: lot,
    },
    glances: [lot],
    version: 1,
    persistence: 'restored',
    counters: [],
  };
}
