import { setup } from 'xstate';
import { MOTOR_STATES } from '../../model/isa88.ts';
import type { Reason } from '../../model/reason.ts';
import { reason } from '../../model/reason.ts';
import { isOff, isOn } from '../../model/tag.ts';
import type { EventBase, MachineOutput } from '../contract.ts';
import type { KitContext, MachineEvent } from '../kit.ts';
import { effects, input, newContext, refuseUnknown, stateOf } from '../kit.ts';

/** What the watch of a magnet is made with. */
export interface MagnetInput {
  readonly id: string;
  readonly magnet: string;
  /** Product passes while this drive runs. */
  readonly passedBy: string;
  readonly cleanEveryH: number;
}

export interface MagnetContext extends KitContext {
  readonly state: 'InPlace' | 'Out';
  readonly made: MagnetInput;
  /** How long product has passed since it was cleaned, ms; counted until `countedMs`. */
  readonly passedMs: number;
  readonly countedMs: number | null;
  /** Its drawer came out while product passed: alarmed until it is shut again. */
  readonly spilt: boolean;
}

/** What survives a restart. */
export const MAGNET_COUNTERS = ['passedMs'] as const;

const HOUR_MS = 3_600_000;
/** Time is counted in steps of this while product passes, ms. */
const STEP_MS = 60_000;
/** A drawer that is out for so long was cleaned; a shorter look into it does not count, ms. */
const CLEANING_MS = 10_000;

const { effect, enter } = effects<MagnetContext>((context) => {
  const { magnet } = context.made;
  return {
    publishes: { [`${magnet}.PassedH`]: Math.round((10 * context.passedMs) / HOUR_MS) / 10 },
    alarms: { [`${magnet}.DrawerOut`]: context.spilt, [`${magnet}.CleaningDue`]: isDue(context) },
    status: { kind: 'device', device: context.id, owner: null, reasons: reasonsOf(context) },
    wakeAtMs: context.countedMs === null ? null : context.countedMs + STEP_MS,
  };
});

function isDue({ passedMs, made }: MagnetContext): boolean {
  return passedMs >= made.cleanEveryH * HOUR_MS;
}

function reasonsOf(context: MagnetContext): Reason[] {
  const { magnet: device } = context.made;
  return [
    ...(context.state === 'Out' ? [reason('magnet.drawer-out', { device })] : []),
    ...(isDue(context) ? [reason('magnet.cleaning-due', { device })] : []),
  ];
}

function passes(event: EventBase): boolean {
  return stateOf(MOTOR_STATES, input(event.inputs, 'PassedBy')) === 'Running';
}

const base = setup({
  types: {} as {
    context: MagnetContext;
    events: MachineEvent;
    emitted: MachineOutput;
    input: MagnetInput;
  },
  actions: {
    enter,
    look: effect(() => ({})),
    count: effect((context, event) => {
      const { countedMs, passedMs } = context;
      const more = countedMs === null ? 0 : event.nowMs - countedMs;
      return {
        set: { passedMs: passedMs + more, countedMs: passes(event) ? event.nowMs : null },
      };
    }),
    noteOut: effect((context, event) => ({
      set: { countedMs: null, spilt: context.countedMs !== null || passes(event) },
    })),
    noteIn: effect((context, event) => {
      const wasCleaned = event.nowMs - context.sinceMs >= CLEANING_MS;
      return { set: { spilt: false, passedMs: wasCleaned ? 0 : context.passedMs } };
    }),
    refuse: effect(refuseUnknown),
  },
  guards: {
    isOut: ({ event }) => isOff(event.inputs['InPlace']),
    isIn: ({ event }) => isOn(event.inputs['InPlace']),
  },
});

/**
 * The watch of a magnet (DOMAIN 4): counts the hours that product has passed since its drawer was
 * last out for cleaning, asks for that in time, and tells a drawer that is pulled out while product
 * passes. What stops then is interlocked by the drawer's switch itself. It takes no commands.
 */
export const magnetMachine = base.createMachine({
  id: 'magnet',
  context: ({ input: made }) => ({
    ...newContext(made.id, 'InPlace'),
    state: 'InPlace',
    made,
    passedMs: 0,
    countedMs: null,
    spilt: false,
  }),
  initial: 'InPlace',
  on: {
    SCAN: { actions: 'look' },
    RESTORED: { actions: 'look' },
    REFUSED: { actions: 'look' },
    '*': { actions: 'refuse' },
  },
  states: {
    InPlace: {
      entry: { type: 'enter', params: { state: 'InPlace' } },
      on: {
        SCAN: [{ guard: 'isOut', target: 'Out', actions: 'noteOut' }, { actions: 'count' }],
      },
    },
    Out: {
      entry: { type: 'enter', params: { state: 'Out' } },
      on: {
        SCAN: [{ guard: 'isIn', target: 'InPlace', actions: 'noteIn' }, { actions: 'look' }],
      },
    },
  },
});
