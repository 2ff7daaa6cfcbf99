import { setup } from 'xstate';
import type { MachineOutput, MachineSpec } from '../contract.ts';
import type { MachineEvent } from '../kit.ts';
import { effects, refuseUnknown } from '../kit.ts';
import type { MixerContext, MixerInput } from './mixer.context.ts';
import { mixerView, newMixer } from './mixer.context.ts';
import * as steps from './mixer.steps.ts';

const { effect, effectWith, enter } = effects<MixerContext>(mixerView);

const mixerSetup = setup({
  types: {} as {
    context: MixerContext;
    events: MachineEvent;
    emitted: MachineOutput;
    input: MixerInput;
  },
  guards: steps.mixerGuards,
  actions: {
    enter,
    begin: effect(steps.begin),
    startDrive: effect(steps.startDrive),
    askScales: effect(steps.askScales),
    scaleIn: effect(steps.scaleIn),
    handIn: effect(steps.handIn),
    endPhase: effectWith(steps.endPhase),
    startDry: effect(steps.startDry),
    startWet: effect(steps.startWet),
    startWetTimer: effect(steps.startWetTimer),
    tick: effect(steps.tick),
    waitForWay: effect(steps.waitForWay),
    openGate: effect(steps.openGate),
    watchDischarge: effect(steps.watchDischarge),
    batchOut: effect(steps.batchOut),
    stopDrive: effect(steps.stopDrive),
    hold: effectWith(steps.hold),
    passOn: effect(steps.passOn),
    askAgain: effect(steps.askAgain),
    restartFailed: effect(steps.restartFailed),
    abort: effect(steps.abort),
    watchHandDischarge: effect(steps.watchHandDischarge),
    emptied: effect(steps.emptied),
    refuseMix: effect(steps.refuseMix),
    acceptOnly: effect(steps.acceptOnly),
    look: effect(steps.look),
    refuseUnknown: effect(refuseUnknown),
  },
});

type Working = 'Filling' | 'DryMixing' | 'WetMixing' | 'Waiting' | 'Discharging';

/** What leads from a working state to Held, and out of it for good. */
function holding<S extends Working>(from: S) {
  const held = { target: '#mixer.Held', actions: { type: 'hold', params: { from } } } as const;
  return {
    HOLD: held,
    RESTORED: held,
    REFUSED: { ...held, guard: 'neededRefused' },
    ABORT: { target: '#mixer.Held', actions: 'abort' },
    MIX: { guard: 'sameBatch', actions: 'acceptOnly' },
  } as const;
}

/** What a working state does when drive or gate fails it. */
function failing<S extends Working, G extends 'driveDead' | 'driveLost' | 'gateDead'>(
  guard: G,
  from: S,
) {
  return { guard, target: '#mixer.Held', actions: { type: 'hold', params: { from } } } as const;
}

/**
 * A mixer as an ISA-88 unit: MIX {batchId, dryScales, liquidScales, lateScales, mainKg, dryMixS,
 * wetMixS, route} fills and mixes one batch; it is discharged when the line says WAY_FREE {batchId}
 * and the way really is, and MIXED is answered. HOLD, RESUME and ABORT come from the line.
 */
export const mixerMachine = mixerSetup.createMachine({
  id: 'mixer',
  context: ({ input }) => newMixer(input),
  initial: 'Empty',
  on: {
    SCAN: { actions: 'look' },
    RESTORED: { actions: 'look' },
    REFUSED: {},
    DISCHARGED: { actions: 'scaleIn' },
    HAND_ADDED: { actions: 'handIn' },
    UNIT_HELD: { actions: 'passOn' },
    HOLD: { actions: 'acceptOnly' },
    RESUME: { actions: 'acceptOnly' },
    ABORT: { actions: 'acceptOnly' },
    WAY_FREE: { actions: 'acceptOnly' },
    '*': { actions: 'refuseUnknown' },
  },
  states: {
    Empty: {
      entry: { type: 'enter', params: { state: 'Empty' } },
      on: {
        SCAN: [{ guard: 'due', actions: 'stopDrive' }, { actions: 'look' }],
        RESTORED: { actions: 'stopDrive' },
        MIX: [
          { guard: 'canMix', target: 'Filling', actions: ['begin', 'startDrive'] },
          { actions: 'refuseMix' },
        ],
        ABORT: { actions: ['acceptOnly', 'stopDrive'] },
      },
    },
    Filling: {
      entry: { type: 'enter', params: { state: 'Filling' } },
      on: {
        ...holding('Filling'),
        SCAN: [
          failing('driveDead', 'Filling'),
          failing('gateDead', 'Filling'),
          { guard: 'ready', actions: 'askScales' },
          { actions: 'look' },
        ],
      },
      always: {
        guard: 'filled',
        target: 'DryMixing',
        actions: { type: 'endPhase', params: { phase: 'fill-mixer' } },
      },
    },
    DryMixing: {
      entry: [{ type: 'enter', params: { state: 'DryMixing' } }, 'startDry'],
      on: {
        ...holding('DryMixing'),
        SCAN: [
          failing('driveLost', 'DryMixing'),
          {
            guard: 'dryMixed',
            target: 'WetMixing',
            actions: { type: 'endPhase', params: { phase: 'dry-mix' } },
          },
          { actions: 'tick' },
        ],
      },
    },
    WetMixing: {
      entry: [{ type: 'enter', params: { state: 'WetMixing' } }, 'startWet'],
      on: {
        ...holding('WetMixing'),
        SCAN: [
          failing('driveLost', 'WetMixing'),
          {
            guard: 'due',
            target: 'Waiting',
            actions: { type: 'endPhase', params: { phase: 'wet-mix' } },
          },
          { actions: 'tick' },
        ],
      },
      always: { guard: 'liquidsIn', actions: 'startWetTimer' },
    },
    Waiting: {
      entry: [{ type: 'enter', params: { state: 'Waiting' } }, 'waitForWay'],
      on: {
        ...holding('Waiting'),
        SCAN: [failing('driveLost', 'Waiting'), { actions: 'look' }],
        WAY_FREE: [
          { guard: 'wayFree', target: 'Discharging', actions: 'acceptOnly' },
          { actions: 'acceptOnly' },
        ],
      },
    },
    Discharging: {
      entry: [{ type: 'enter', params: { state: 'Discharging' } }, 'openGate'],
      on: {
        ...holding('Discharging'),
        SCAN: [
          failing('driveLost', 'Discharging'),
          failing('gateDead', 'Discharging'),
          {
            guard: 'discharged',
            target: 'Empty',
            actions: [{ type: 'endPhase', params: { phase: 'discharge' } }, 'batchOut'],
          },
          { actions: 'watchDischarge' },
        ],
      },
    },
    Held: {
      id: 'Held',
      entry: { type: 'enter', params: { state: 'Held' } },
      on: {
        SCAN: [
          { guard: 'due', target: 'Empty', actions: 'emptied' },
          { actions: 'watchHandDischarge' },
        ],
        MIX: { guard: 'sameBatch', actions: 'acceptOnly' },
        RESUME: [
          { guard: 'isAborted', actions: 'acceptOnly' },
          { target: 'Restarting', actions: ['acceptOnly', 'startDrive'] },
        ],
        ABORT: { actions: 'abort' },
      },
      always: [{ guard: 'abortedEmpty', target: 'Empty', actions: 'emptied' }],
    },
    /** Shown as Held until the drive runs again. */
    Restarting: {
      entry: { type: 'enter', params: { state: 'Held' } },
      on: {
        SCAN: [
          { guard: 'driveDead', target: 'Held', actions: 'restartFailed' },
          { guard: 'driveRunning', target: 'Resuming' },
          { actions: 'look' },
        ],
        REFUSED: { guard: 'neededRefused', target: 'Held', actions: 'restartFailed' },
        HOLD: { target: 'Held', actions: 'acceptOnly' },
        RESTORED: { target: 'Held', actions: 'look' },
        MIX: { guard: 'sameBatch', actions: 'acceptOnly' },
        ABORT: { target: 'Held', actions: 'abort' },
      },
    },
    /** Passed through at once: back to where it was held. */
    Resuming: {
      always: [
        { guard: 'heldFromFilling', target: 'Filling', actions: 'askAgain' },
        { guard: 'heldFromDry', target: 'DryMixing' },
        { guard: 'heldFromWet', target: 'WetMixing' },
        { guard: 'heldFromWaiting', target: 'Waiting' },
        { target: 'Discharging' },
      ],
    },
  },
});

/** The machine of one mixer. */
export function mixerSpec(input: MixerInput): MachineSpec {
  const names = [
    `${input.mixer}.State`,
    `${input.gate}.State`,
    `${input.surge}.Low`,
    ...input.routes.map((route) => `${route}.State`),
  ];
  return {
    id: input.id,
    logic: mixerMachine,
    input,
    reads: Object.fromEntries(names.map((name) => [name, name])),
    version: 3,
    persistence: 'restored',
    counters: [],
  };
}
