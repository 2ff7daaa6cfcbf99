import { setup } from 'xstate';
import type { MotorState } from '../model/isa88.ts';
import { MOTOR_STATES } from '../model/isa88.ts';
import type { Reason } from '../model/reason.ts';
import { reason } from '../model/reason.ts';
import { goodNumber } from '../model/tag.ts';
import type { EventBase, MachineOutput } from './contract.ts';
import type { KitContext, MachineEvent } from './kit.ts';
import { ACCEPTED, effects, input, newContext, refused, refuseUnknown, stateOf } from './kit.ts';
import { acquire, notYours, release } from './owner.ts';

/** What a cooler machine is made with. */
export interface CoolerInput {
  readonly id: string;
  readonly fan: string;
  /** The press that feeds it; null: only its level counts. */
  readonly press: string | null;
  /** Bed level at which it discharges, %. */
  readonly highPct: number;
}

export interface CoolerContext extends KitContext {
  readonly state: 'Off' | 'Cooling' | 'Discharging';
  readonly made: CoolerInput;
  readonly owner: string | null;
  /** Since when nothing more comes, process ms: after a last cooling time it runs empty. */
  readonly unfedSinceMs: number | null;
  readonly reasons: readonly Reason[];
}

/**
 * The bed is let down from the discharge level by this share of it, so that it stays deep enough
 * to cool.
 */
const LET_DOWN_SHARE = 0.8;
/** The last bed is cooled this long before it runs empty, ms. */
const LAST_COOLING_MS = 60_000;

const { effect, enter } = effects<CoolerContext>((context) => ({
  writes: { [`${context.id}.DischargeCmd`]: context.state === 'Discharging' },
  status: {
    kind: 'device',
    device: context.id,
    owner: context.owner,
    reasons: context.reasons,
  },
  wakeAtMs: context.unfedSinceMs === null ? null : context.unfedSinceMs + LAST_COOLING_MS,
}));

function motorOf(event: EventBase, role: string): MotorState | null {
  return stateOf(MOTOR_STATES, input(event.inputs, role));
}

function fanReasons({ made }: CoolerContext, event: EventBase): Reason[] {
  return motorOf(event, 'FanState') === 'Running'
    ? []
    : [reason('cooler.no-fan', { device: made.fan })];
}

function startRefusals(context: CoolerContext, event: MachineEvent): Reason[] {
  const owned = notYours(context, event);
  return owned === null ? fanReasons(context, event) : [owned];
}

function isFed({ made }: CoolerContext, event: EventBase): boolean {
  return made.press === null || motorOf(event, 'PressState') === 'Running';
}

function runsEmpty({ unfedSinceMs }: CoolerContext, event: EventBase): boolean {
  return unfedSinceMs !== null && event.nowMs - unfedSinceMs >= LAST_COOLING_MS;
}

const base = setup({
  types: {} as {
    context: CoolerContext;
    events: MachineEvent;
    emitted: MachineOutput;
    input: CoolerInput;
  },
  actions: {
    enter,
    look: effect(() => ({})),
    watch: effect((context, event) => ({
      set: {
        unfedSinceMs: isFed(context, event) ? null : (context.unfedSinceMs ?? event.nowMs),
        reasons: fanReasons(context, event),
      },
    })),
    rest: effect(() => ({ set: { unfedSinceMs: null, reasons: [] } })),
    accept: effect(() => ({ out: [ACCEPTED] })),
    refuse: effect(refuseUnknown),
    refuseStart: effect((context, event) => ({ out: [refused(...startRefusals(context, event))] })),
    refuseOwned: effect((context, event) => {
      const owned = notYours(context, event);
      return owned === null ? refuseUnknown(context, event) : { out: [refused(owned)] };
    }),
    acquire: effect((context, event) => acquire(context, event, [])),
    release: effect(release),
  },
  guards: {
    mayStart: ({ context, event }) => startRefusals(context, event).length === 0,
    mayCommand: ({ context, event }) => notYours(context, event) === null,
    deep: ({ context, event }) => {
      const levelPct = goodNumber(event.inputs['LevelPct']);
      return levelPct !== null && (levelPct >= context.made.highPct || runsEmpty(context, event));
    },
    letDown: ({ context, event }) => {
      const levelPct = goodNumber(event.inputs['LevelPct']);
      if (levelPct === null) return true;
      return levelPct <= context.made.highPct * LET_DOWN_SHARE && !runsEmpty(context, event);
    },
  },
});

const stop = [
  { guard: 'mayCommand', target: 'Off', actions: 'accept' },
  { actions: 'refuseOwned' },
] as const;

/**
 * A counter-flow cooler (DOMAIN 4): lets down its bed when it is deep enough, and runs empty when
 * the press above it has stopped. It starts only while its fan runs. Commands: START, STOP,
 * ACQUIRE, RELEASE.
 */
export const coolerMachine = base.createMachine({
  id: 'cooler',
  context: ({ input: made }) => ({
    ...newContext(made.id, 'Off'),
    state: 'Off',
    made,
    owner: null,
    unfedSinceMs: null,
    reasons: [],
  }),
  initial: 'Off',
  on: {
    SCAN: { actions: 'watch' },
    RESTORED: { target: '.Off' },
    REFUSED: { actions: 'look' },
    ACQUIRE: { actions: 'acquire' },
    RELEASE: { actions: 'release' },
    '*': { actions: 'refuse' },
  },
  states: {
    Off: {
      entry: [{ type: 'enter', params: { state: 'Off' } }, 'rest'],
      on: {
        SCAN: { actions: 'look' },
        START: [
          { guard: 'mayStart', target: 'Cooling', actions: 'accept' },
          { actions: 'refuseStart' },
        ],
        STOP: { actions: 'accept' },
      },
    },
    Cooling: {
      entry: { type: 'enter', params: { state: 'Cooling' } },
      on: {
        SCAN: [{ guard: 'deep', target: 'Discharging', actions: 'watch' }, { actions: 'watch' }],
        START: { actions: 'accept' },
        STOP: [...stop],
      },
    },
    Discharging: {
      entry: { type: 'enter', params: { state: 'Discharging' } },
      on: {
        SCAN: [{ guard: 'letDown', target: 'Cooling', actions: 'watch' }, { actions: 'watch' }],
        START: { actions: 'accept' },
        STOP: [...stop],
      },
    },
  },
});
