import { setup } from 'xstate';
import type { MachineOutput, MachineSpec } from '../contract.ts';
import type { MachineEvent } from '../kit.ts';
import { effects, refuseUnknown } from '../kit.ts';
import { restored, roles } from '../spec.ts';
import type { HandAddContext, HandAddInput } from './hand-add.context.ts';
import { handAddView, newHandAdd } from './hand-add.context.ts';
import * as steps from './hand-add.steps.ts';

const { effect, effectWith, enter } = effects<HandAddContext>(handAddView);

const base = setup({
  types: {} as {
    context: HandAddContext;
    events: MachineEvent;
    emitted: MachineOutput;
    input: HandAddInput;
  },
  guards: steps.handAddGuards,
  actions: {
    enter,
    begin: effect(steps.begin),
    answerDone: effect(steps.answerDone),
    noteScan: effect(steps.noteScan),
    refuseScan: effect(steps.refuseScan),
    confirm: effect(steps.confirm),
    refuseConfirm: effect(steps.refuseConfirm),
    followLots: effect(steps.followLots),
    startTipping: effect(steps.startTipping),
    watchTipping: effect(steps.watchTipping),
    nowEmpty: effect(steps.nowEmpty),
    giveUp: effect(steps.giveUp),
    hold: effectWith(steps.hold),
    goOn: effect(steps.goOn),
    acceptOnly: effect(steps.acceptOnly),
    refuseDose: effect(steps.refuseDose),
    look: effect(steps.look),
    refuseUnknown: effect(refuseUnknown),
  },
});

/** What leads from a working state to Held, and out of it for good. */
function holding<S extends 'Filling' | 'Full' | 'Discharging'>(from: S) {
  const held = { target: '#handAdd.Held', actions: { type: 'hold', params: { from } } } as const;
  return {
    HOLD: held,
    RESTORED: held,
    ABORT: { target: '#handAdd.Empty', actions: 'giveUp' },
  } as const;
}

const dose = [
  { guard: 'isDone', actions: 'answerDone' },
  { guard: 'canDose', target: 'Filling', actions: 'begin' },
  { actions: 'refuseDose' },
] as const;

/**
 * A hand-add hatch (DOMAIN 4), in the states of a scale. DOSE {doseId, batchId, material, targetKg,
 * toleranceKg, drug, nature} from the line asks for a sack; a person scans its label with SCAN_LOT
 * {label}, puts it on the platform and CONFIRMs the weight; several lie there side by side.
 * DISCHARGE lets him tip them. What quality says of a lot comes from the register of lots.
 */
const handAddMachine = base.createMachine({
  id: 'handAdd',
  context: ({ input }) => newHandAdd(input),
  initial: 'Empty',
  on: {
    SCAN: { actions: 'look' },
    RESTORED: { actions: 'look' },
    REFUSED: {},
    HOLD: { actions: 'acceptOnly' },
    RESUME: { actions: 'acceptOnly' },
    ABORT: { actions: 'acceptOnly' },
    TOLD: { actions: 'followLots' },
    '*': { actions: 'refuseUnknown' },
  },
  states: {
    Empty: {
      entry: { type: 'enter', params: { state: 'Empty' } },
      on: { DOSE: [...dose], DISCHARGE: { actions: 'acceptOnly' } },
    },
    Filling: {
      entry: { type: 'enter', params: { state: 'Filling' } },
      on: {
        ...holding('Filling'),
        DOSE: { guard: 'sameDose', actions: 'acceptOnly' },
        SCAN_LOT: [{ guard: 'canScan', actions: 'noteScan' }, { actions: 'refuseScan' }],
        CONFIRM: [
          { guard: 'canConfirm', target: 'Full', actions: 'confirm' },
          { actions: 'refuseConfirm' },
        ],
      },
    },
    Full: {
      entry: { type: 'enter', params: { state: 'Full' } },
      on: {
        ...holding('Full'),
        DOSE: [...dose],
        DISCHARGE: { target: 'Discharging', actions: 'startTipping' },
      },
    },
    Discharging: {
      entry: { type: 'enter', params: { state: 'Discharging' } },
      on: {
        ...holding('Discharging'),
        DISCHARGE: { actions: 'acceptOnly' },
        SCAN: [
          { guard: 'emptied', target: 'Empty', actions: 'nowEmpty' },
          { actions: 'watchTipping' },
        ],
      },
    },
    Held: {
      entry: { type: 'enter', params: { state: 'Held' } },
      on: {
        DOSE: { guard: 'sameDose', actions: 'acceptOnly' },
        RESUME: [
          { guard: 'heldFromFilling', target: 'Filling', actions: 'goOn' },
          { guard: 'heldFromFull', target: 'Full', actions: 'goOn' },
          { target: 'Discharging', actions: 'goOn' },
        ],
        ABORT: { target: 'Empty', actions: 'giveUp' },
      },
    },
  },
});

/** The machine of one hand-add hatch. */
export function handAddSpec(input: HandAddInput): MachineSpec {
  const reads = roles(input.id, 'Net', 'Stable', 'Overload', 'HatchOpen');
  return { ...restored(input.id, handAddMachine, input, reads, 2), follows: ['lots'] };
}
