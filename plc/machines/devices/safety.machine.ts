import { setup } from 'xstate';
import type { MachineOutput } from '../contract.ts';
import type { KitContext, MachineEvent } from '../kit.ts';
import {
  ACCEPTED,
  effects,
  invalidArg,
  newContext,
  numberArg,
  passed,
  refused,
  refuseUnknown,
} from '../kit.ts';

interface SafetyContext extends KitContext {
  readonly state: 'Quiet' | 'Sounding';
  /** The horn sounds until then: the latest of all who asked. */
  readonly untilMs: number | null;
}

/** Longest warning that anybody may ask for, s. */
const HORN_MAX_S = 30;

const { effect, enter } = effects<SafetyContext>(({ id, state, untilMs }) => ({
  writes: { [`${id}.HornCmd`]: state === 'Sounding' },
  wakeAtMs: untilMs,
}));

function isHorn(event: MachineEvent): boolean {
  const s = numberArg(event, 's');
  return s !== null && s > 0;
}

const base = setup({
  types: {} as {
    context: SafetyContext;
    events: MachineEvent;
    emitted: MachineOutput;
    input: { readonly id: string };
  },
  actions: {
    enter,
    look: effect(() => ({})),
    refuse: effect(refuseUnknown),
    refuseHorn: effect(() => ({ out: [refused(invalidArg('s'))] })),
    sound: effect(({ untilMs }, event) => ({
      set: {
        untilMs: Math.max(
          untilMs ?? 0,
          event.nowMs + Math.min(HORN_MAX_S, numberArg(event, 's') ?? 0) * 1000,
        ),
      },
      out: [ACCEPTED],
    })),
    silence: effect(() => ({ set: { untilMs: null } })),
  },
  guards: {
    isHorn: ({ event }) => isHorn(event),
    over: ({ context, event }) => passed(context.untilMs, event.nowMs),
  },
});

/** The warning horn of an area: one machine sounds it for all that ask. Command: HORN {s}. */
export const safetyMachine = base.createMachine({
  id: 'safety',
  context: ({ input }) => ({ ...newContext(input.id, 'Quiet'), state: 'Quiet', untilMs: null }),
  initial: 'Quiet',
  on: {
    SCAN: { actions: 'look' },
    RESTORED: { target: '.Quiet' },
    REFUSED: { actions: 'look' },
    HORN: [{ guard: 'isHorn', target: '.Sounding', actions: 'sound' }, { actions: 'refuseHorn' }],
    '*': { actions: 'refuse' },
  },
  states: {
    Quiet: { entry: ['silence', { type: 'enter', params: { state: 'Quiet' } }] },
    Sounding: {
      entry: { type: 'enter', params: { state: 'Sounding' } },
      on: { SCAN: [{ guard: 'over', target: 'Quiet' }, { actions: 'look' }] },
    },
  },
});
