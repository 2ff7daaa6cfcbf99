import { setup } from 'xstate';
import { reason } from '../../model/reason.ts';
import type { MachineOutput } from '../contract.ts';
import type { MachineEvent } from '../kit.ts';
import { effects, newContext, passed, refuseUnknown, send } from '../kit.ts';
import type { AerationContext, AerationInput } from './aeration-rules.ts';
import {
  aerationView,
  airReasons,
  fanState,
  REST_MS,
  START_MS,
  watched,
} from './aeration-rules.ts';

const { effect, enter } = effects<AerationContext>(aerationView);

function fanOf({ made }: AerationContext): string {
  return made.aeration?.fan ?? '';
}

function isFan(context: AerationContext, event: MachineEvent): boolean {
  return 'from' in event && event.from === fanOf(context);
}

const base = setup({
  types: {} as {
    context: AerationContext;
    events: MachineEvent;
    emitted: MachineOutput;
    input: AerationInput;
  },
  actions: {
    enter,
    look: effect((context, event) => ({ set: watched(context, event) })),
    refuse: effect(refuseUnknown),
    startFan: effect((context) => ({
      set: { fanReasons: [] },
      out: [send(fanOf(context), 'ACQUIRE'), send(fanOf(context), 'START')],
    })),
    stopFan: effect((context, event) => ({
      set: { restUntilMs: event.nowMs + REST_MS },
      out: [send(fanOf(context), 'STOP'), send(fanOf(context), 'RELEASE')],
    })),
    // A fan that was refused may be running for a person: it is let go, not stopped.
    noteRefusal: effect((context, event) => ({
      set: {
        fanReasons: 'reasons' in event ? event.reasons : [],
        restUntilMs: event.nowMs + REST_MS,
      },
      out: [send(fanOf(context), 'RELEASE')],
    })),
    noteStop: effect((context) => ({
      set: {
        fanReasons: [
          reason('aeration.fan-stopped', { silo: context.made.silo, device: fanOf(context) }),
        ],
      },
    })),
  },
  guards: {
    isWorthIt: ({ context, event }) =>
      context.made.aeration !== null &&
      passed(context.restUntilMs, event.nowMs) &&
      airReasons(context, event, false).length === 0,
    isOver: ({ context, event }) => airReasons(context, event, true).length > 0,
    fanRefused: ({ context, event }) =>
      isFan(context, event) &&
      'command' in event &&
      (event.command === 'START' || event.command === 'ACQUIRE'),
    fanStopped: ({ context, event }) =>
      event.nowMs - context.sinceMs >= START_MS &&
      !['Starting', 'Running'].includes(fanState(event) ?? ''),
  },
});

/**
 * Conditioning of one silo (DOMAIN 4, Storage): watches its temperature cable, also for a rise of
 * 2 K within a week, and has its fan blow outside air through it while that is cooler and dry
 * enough. It commands the fan in the fan's mode Auto only: in any other the fan is a person's.
 * After a restart it begins at rest, with the readings of the week kept. It takes no commands.
 */
export const aerationMachine = base.createMachine({
  id: 'aeration',
  context: ({ input: made }) => ({
    ...newContext(made.id, 'Resting'),
    state: 'Resting',
    made,
    lows: [],
    warming: false,
    lookAtMs: 0,
    restUntilMs: 0,
    fanReasons: [],
    reasons: [],
  }),
  initial: 'Resting',
  on: {
    SCAN: { actions: 'look' },
    RESTORED: { target: '.Resting' },
    REFUSED: { actions: 'look' },
    '*': { actions: 'refuse' },
  },
  states: {
    Resting: {
      entry: { type: 'enter', params: { state: 'Resting' } },
      on: { SCAN: [{ guard: 'isWorthIt', target: 'Aerating' }, { actions: 'look' }] },
    },
    Aerating: {
      entry: [{ type: 'enter', params: { state: 'Aerating' } }, 'startFan'],
      on: {
        REFUSED: [
          { guard: 'fanRefused', target: 'Resting', actions: ['noteRefusal', 'look'] },
          { actions: 'look' },
        ],
        SCAN: [
          { guard: 'isOver', target: 'Resting', actions: ['look', 'stopFan'] },
          { guard: 'fanStopped', target: 'Resting', actions: ['noteStop', 'stopFan', 'look'] },
          { actions: 'look' },
        ],
      },
    },
  },
});
