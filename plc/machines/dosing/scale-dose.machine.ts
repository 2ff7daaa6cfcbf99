import { setup } from 'xstate';
import type { MachineOutput, MachineSpec } from '../contract.ts';
import type { MachineEvent } from '../kit.ts';
import { effects, refuseUnknown } from '../kit.ts';
import { named } from '../spec.ts';
import type { ScaleContext, ScaleInput } from './scale-dose.context.ts';
import { newScale, scaleView } from './scale-dose.context.ts';
import * as emptying from './scale-dose.discharge.ts';
import { knock } from './scale-dose.feeder.ts';
import { finish } from './scale-dose.finish.ts';
import { scaleGuards } from './scale-dose.guards.ts';
import * as steps from './scale-dose.steps.ts';

const { effect, effectWith, enter } = effects<ScaleContext>(scaleView);

const scaleSetup = setup({
  types: {} as {
    context: ScaleContext;
    events: MachineEvent;
    emitted: MachineOutput;
    input: ScaleInput;
  },
  guards: scaleGuards,
  actions: {
    enter,
    begin: effect(steps.begin),
    startFilling: effect(steps.startFilling),
    track: effect(steps.track),
    goFine: effect(steps.goFine),
    knock: effect(knock),
    cut: effect(steps.cut),
    settle: effect(steps.settle),
    weigh: effect(steps.weigh),
    startJog: effect(steps.startJog),
    timeJog: effect(steps.timeJog),
    askPerson: effectWith(steps.askPerson),
    moreJogs: effect(steps.moreJogs),
    finish: effect(finish),
    repeatAnswer: effect(steps.repeatAnswer),
    refuseDose: effect(steps.refuseDose),
    refuseSecond: effect(steps.refuseSecond),
    startAbort: effect(steps.startAbort),
    hold: effectWith(steps.hold),
    openGate: effect(emptying.openGate),
    watchEmptying: effect(emptying.watchEmptying),
    nowEmpty: effect(emptying.nowEmpty),
    wasEmpty: effect(emptying.wasEmpty),
    alreadyEmpty: effect(emptying.alreadyEmpty),
    refuseWeight: effect(steps.refuseWeight),
    waitAgain: effect(steps.waitAgain),
    giveUp: effect(emptying.giveUp),
    acceptOnly: effect(steps.acceptOnly),
    look: effect(steps.look),
    refuseUnknown: effect(refuseUnknown),
  },
});

const DOSE = [
  { guard: 'doneBefore', actions: 'repeatAnswer' },
  { guard: 'canDose', target: 'Filling', actions: 'begin' },
  { actions: 'refuseDose' },
] as const;

/**
 * One scale with its feeders and its gate (DOMAIN 3 and 4). DOSE weighs one ingredient on top of
 * what is there, DISCHARGE empties it; DOSED, WAITING, UNIT_HELD and DISCHARGED answer the
 * machine that asked.
 */
export const scaleMachine = scaleSetup.createMachine({
  id: 'scale-dose',
  context: ({ input }) => newScale(input),
  initial: 'Empty',
  on: {
    SCAN: { actions: 'look' },
    RESTORED: { actions: 'look' },
    REFUSED: {},
    HOLD: { actions: 'acceptOnly' },
    RESUME: { actions: 'acceptOnly' },
    ABORT: { actions: 'acceptOnly' },
    DISCHARGE: [{ guard: 'holdsNothingOf', actions: 'alreadyEmpty' }, { actions: 'refuseUnknown' }],
    '*': { actions: 'refuseUnknown' },
  },
  states: {
    Empty: {
      entry: { type: 'enter', params: { state: 'Empty' } },
      on: {
        SCAN: [{ guard: 'weightLost', target: 'Faulted' }, { actions: 'look' }],
        DOSE: [...DOSE],
        DISCHARGE: { actions: 'alreadyEmpty' },
      },
    },
    Filling: {
      entry: [{ type: 'enter', params: { state: 'Filling' } }, 'startFilling'],
      on: {
        SCAN: { actions: 'track' },
        DOSE: { guard: 'sameDose', actions: 'acceptOnly' },
        HOLD: { target: 'Held', actions: { type: 'hold', params: { from: 'Filling' } } },
        RESTORED: { target: 'Held', actions: { type: 'hold', params: { from: 'Filling' } } },
        REFUSED: {
          guard: 'neededRefused',
          target: 'Held',
          actions: { type: 'hold', params: { from: 'Filling' } },
        },
        ABORT: { target: 'Settling', actions: 'startAbort' },
      },
      always: [
        {
          guard: 'weightLost',
          target: 'Held',
          actions: { type: 'hold', params: { from: 'Filling' } },
        },
        {
          guard: 'feederDead',
          target: 'Held',
          actions: { type: 'hold', params: { from: 'Filling' } },
        },
        { guard: 'cutOff', target: 'Settling' },
        { guard: 'mayKnock', actions: 'knock' },
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
        SCAN: [
          {
            guard: 'weightLost',
            target: 'Held',
            actions: { type: 'hold', params: { from: 'Settling' } },
          },
          { guard: 'settled', target: 'Judging', actions: 'weigh' },
          { actions: 'settle' },
        ],
        DOSE: { guard: 'sameDose', actions: 'acceptOnly' },
        HOLD: { target: 'Held', actions: { type: 'hold', params: { from: 'Settling' } } },
        RESTORED: { target: 'Held', actions: { type: 'hold', params: { from: 'Settling' } } },
        ABORT: { actions: 'startAbort' },
      },
    },
    /** Passed through at once: what the settled weight means. */
    Judging: {
      always: [
        { guard: 'aborted', target: 'Full', actions: 'finish' },
        { guard: 'inTolerance', target: 'Full', actions: 'finish' },
        { guard: 'mayJog', target: 'Jogging' },
        { target: 'Waiting', actions: { type: 'askPerson', params: { why: 'deviation' } } },
      ],
    },
    Jogging: {
      entry: [{ type: 'enter', params: { state: 'Jogging' } }, 'startJog'],
      on: {
        SCAN: [
          {
            guard: 'weightLost',
            target: 'Held',
            actions: { type: 'hold', params: { from: 'Settling' } },
          },
          { guard: 'due', target: 'Settling' },
          { actions: 'timeJog' },
        ],
        DOSE: { guard: 'sameDose', actions: 'acceptOnly' },
        HOLD: { target: 'Held', actions: { type: 'hold', params: { from: 'Settling' } } },
        RESTORED: { target: 'Held', actions: { type: 'hold', params: { from: 'Settling' } } },
        REFUSED: {
          guard: 'neededRefused',
          target: 'Held',
          actions: { type: 'hold', params: { from: 'Settling' } },
        },
        ABORT: { target: 'Settling', actions: 'startAbort' },
      },
    },
    Waiting: {
      entry: { type: 'enter', params: { state: 'Waiting' } },
      on: {
        DECIDE: [
          { guard: 'retryUnder', target: 'Filling', actions: 'moreJogs' },
          { guard: 'retry', target: 'Settling', actions: 'moreJogs' },
          { guard: 'move', target: 'Full', actions: 'finish' },
          { guard: 'needsSecond', actions: 'refuseSecond' },
          { guard: 'accept', target: 'Full', actions: 'finish' },
        ],
        DOSE: { guard: 'sameDose', actions: 'acceptOnly' },
        HOLD: { target: 'Held', actions: { type: 'hold', params: { from: 'Waiting' } } },
        RESTORED: { target: 'Held', actions: { type: 'hold', params: { from: 'Waiting' } } },
        ABORT: { target: 'Full', actions: ['startAbort', 'finish'] },
      },
    },
    Full: {
      entry: { type: 'enter', params: { state: 'Full' } },
      on: {
        SCAN: [
          { guard: 'weightLost', target: 'Faulted' },
          { guard: 'emptied', target: 'Empty', actions: 'nowEmpty' },
          { actions: 'look' },
        ],
        DOSE: [...DOSE],
        DISCHARGE: [
          { guard: 'holdsNothingOf', actions: 'alreadyEmpty' },
          { target: 'Discharging' },
        ],
      },
    },
    Discharging: {
      entry: [{ type: 'enter', params: { state: 'Discharging' } }, 'openGate'],
      on: {
        SCAN: [
          { guard: 'discharged', target: 'Empty', actions: 'nowEmpty' },
          {
            guard: 'weightLost',
            target: 'Held',
            actions: { type: 'hold', params: { from: 'Discharging' } },
          },
          {
            guard: 'gateDead',
            target: 'Held',
            actions: { type: 'hold', params: { from: 'Discharging' } },
          },
          { actions: 'watchEmptying' },
        ],
        DISCHARGE: { actions: 'acceptOnly' },
        HOLD: { target: 'Held', actions: { type: 'hold', params: { from: 'Discharging' } } },
        RESTORED: { target: 'Held', actions: { type: 'hold', params: { from: 'Discharging' } } },
        REFUSED: {
          guard: 'neededRefused',
          target: 'Held',
          actions: { type: 'hold', params: { from: 'Discharging' } },
        },
        ABORT: { target: 'Full', actions: 'giveUp' },
      },
    },
    Held: {
      entry: { type: 'enter', params: { state: 'Held' } },
      on: {
        DOSE: { guard: 'sameDose', actions: 'acceptOnly' },
        DISCHARGE: { guard: 'heldFromDischarge', actions: 'acceptOnly' },
        RESUME: [
          { guard: 'weightLost', actions: 'refuseWeight' },
          { guard: 'refilledSince', target: 'Empty', actions: 'wasEmpty' },
          { guard: 'heldFromDischarge', target: 'Discharging', actions: 'acceptOnly' },
          { guard: 'heldFromFilling', target: 'Filling', actions: 'acceptOnly' },
          { guard: 'heldFromWaiting', target: 'Waiting', actions: 'waitAgain' },
          { target: 'Settling', actions: 'acceptOnly' },
        ],
        ABORT: [
          { guard: 'heldFromDischarge', target: 'Full', actions: 'giveUp' },
          { guard: 'weightLost', target: 'Full', actions: ['startAbort', 'finish'] },
          { target: 'Settling', actions: 'startAbort' },
        ],
      },
    },
    Faulted: {
      entry: { type: 'enter', params: { state: 'Faulted' } },
      on: {
        SCAN: [
          { guard: 'weightLost', actions: 'look' },
          { guard: 'hasContent', target: 'Full' },
          { target: 'Empty' },
        ],
        DOSE: { actions: 'refuseDose' },
      },
    },
  },
});

/** The machine of one scale. */
export function scaleSpec(input: ScaleInput): MachineSpec {
  const roles = ['Net', 'Stable', 'Zero', 'Overload'].map((role) => [role, `${input.id}.${role}`]);
  const states = [...Object.keys(input.feeders), input.gate].map((id) => [
    `${id}.State`,
    `${id}.State`,
  ]);
  const lots = input.bins.map((bin) => `${bin}.Lot`);
  return {
    id: input.id,
    logic: scaleMachine,
    input,
    reads: { ...Object.fromEntries([...roles, ...states]), ...named(lots) },
    glances: lots,
    version: 5,
    persistence: 'restored',
    counters: [],
  };
}
