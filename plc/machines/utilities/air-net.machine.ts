import { setup } from 'xstate';
import { notGood } from '../../logic/interlock.ts';
import type { AirState } from '../../model/isa88.ts';
import { AIR_STATES } from '../../model/isa88.ts';
import type { Reason } from '../../model/reason.ts';
import { reason } from '../../model/reason.ts';
import { goodNumber, isOff, isOn } from '../../model/tag.ts';
import type { EventBase, MachineOutput } from '../contract.ts';
import type { Effect, KitContext, MachineEvent, View } from '../kit.ts';
import { ACCEPTED, codeOf, effects, newContext, passed, refused, refuseUnknown } from '../kit.ts';

/** What the machine of a compressed-air header is made with. */
export interface AirNetInput {
  readonly id: string;
  readonly compressors: readonly string[];
  readonly lowBar: number;
}

export interface AirNetContext extends KitContext {
  readonly state: AirState;
  readonly made: AirNetInput;
  /** Which compressor leads, counted from 0; the others stand by at their lower pressures. */
  readonly lead: number;
  /** When the next one takes the lead so that all wear alike, process ms. */
  readonly turnAtMs: number | null;
  readonly reasons: readonly Reason[];
}

/** The header counts as sufficient again this far above its low limit, bar. */
const BACK_BAR = 0.2;
/** Each compressor leads for a week, ms. */
const TURN_MS = 7 * 24 * 3_600_000;

function airView(context: AirNetContext): View {
  const { id, state, made, lead } = context;
  return {
    writes: Object.fromEntries(
      made.compressors.map((one, index) => [`${one}.SetLead`, index === lead]),
    ),
    publishes: {
      [`${id}.Ok`]: state === 'Unknown' ? null : state === 'Ready',
      [`${id}.Lead`]: lead + 1,
      [`${id}.State`]: codeOf(AIR_STATES, state),
    },
    status: { kind: 'device', device: id, owner: null, reasons: context.reasons },
    wakeAtMs: context.turnAtMs,
  };
}

const { effect, enter } = effects<AirNetContext>(airView);

/** A compressor that gives air, or would as soon as it is needed. */
function isSound(compressor: string, event: EventBase): boolean {
  return isOn(event.inputs[`${compressor}.RunFb`]) && isOff(event.inputs[`${compressor}.Trip`]);
}

/** The next sound compressor after this one; the same where no other is. */
function nextLead({ made, lead }: AirNetContext, event: EventBase): number {
  const count = made.compressors.length;
  const others = Array.from({ length: count - 1 }, (_, index) => (lead + 1 + index) % count);
  return others.find((one) => isSound(made.compressors[one] ?? '', event)) ?? lead;
}

function reasonsNow({ id, made }: AirNetContext, event: EventBase): Reason[] {
  const doubt = notGood(`${id}.PressureBar`, event.inputs['PressureBar']);
  const bar = goodNumber(event.inputs['PressureBar']);
  const isLow = bar !== null && bar < made.lowBar + BACK_BAR;
  return [
    ...(doubt === null ? [] : [doubt]),
    ...(isLow ? [reason('air.low', { device: id, bar: made.lowBar })] : []),
    ...made.compressors
      .filter((one) => isOn(event.inputs[`${one}.Trip`]))
      .map((one) => reason('device.trip', { device: one })),
  ];
}

/** The lead passes on when it fails, and by itself each week. */
function watch(context: AirNetContext, event: EventBase): Effect<AirNetContext> {
  const { made, lead, turnAtMs } = context;
  const due = passed(turnAtMs, event.nowMs);
  const failed = !isSound(made.compressors[lead] ?? '', event);
  const next = due || failed ? nextLead(context, event) : lead;
  const kept = next === lead && !due && turnAtMs !== null;
  return {
    set: {
      lead: next,
      turnAtMs: kept ? turnAtMs : event.nowMs + TURN_MS,
      reasons: reasonsNow(context, event),
    },
  };
}

const bar = (event: EventBase) => goodNumber(event.inputs['PressureBar']);

const base = setup({
  types: {} as {
    context: AirNetContext;
    events: MachineEvent;
    emitted: MachineOutput;
    input: AirNetInput;
  },
  actions: {
    enter,
    watch: effect(watch),
    refuse: effect(refuseUnknown),
    refuseNext: effect(({ id }) => ({ out: [refused(reason('air.no-other', { device: id }))] })),
    passOn: effect((context, event) => ({
      set: { lead: nextLead(context, event), turnAtMs: event.nowMs + TURN_MS },
      out: [ACCEPTED],
    })),
  },
  guards: {
    unseen: ({ event }) => bar(event) === null,
    isLow: ({ context, event }) => (bar(event) ?? 0) < context.made.lowBar,
    isBack: ({ context, event }) => (bar(event) ?? 0) >= context.made.lowBar + BACK_BAR,
    hasOther: ({ context, event }) => nextLead(context, event) !== context.lead,
  },
});

const unseen = { guard: 'unseen', target: 'Unknown', actions: 'watch' } as const;
const low = { guard: 'isLow', target: 'Low', actions: 'watch' } as const;
const look = { actions: 'watch' } as const;

/**
 * The compressed-air header (DOMAIN 3, permissive): tells whether gates and diverters may be told
 * to move, and which compressor leads. The compressors keep their own control, so that a mill
 * without this controller still has air. Command: START (the next compressor takes the lead).
 */
export const airNetMachine = base.createMachine({
  id: 'airNet',
  context: ({ input: made }) => ({
    ...newContext(made.id, 'Unknown'),
    state: 'Unknown',
    made,
    lead: 0,
    turnAtMs: null,
    reasons: [],
  }),
  initial: 'Unknown',
  on: {
    RESTORED: { actions: 'watch' },
    REFUSED: { actions: 'watch' },
    START: [{ guard: 'hasOther', actions: 'passOn' }, { actions: 'refuseNext' }],
    '*': { actions: 'refuse' },
  },
  states: {
    Unknown: {
      entry: { type: 'enter', params: { state: 'Unknown' } },
      on: {
        SCAN: [{ guard: 'unseen', actions: 'watch' }, low, { target: 'Ready', actions: 'watch' }],
      },
    },
    Ready: {
      entry: { type: 'enter', params: { state: 'Ready' } },
      on: { SCAN: [unseen, low, look] },
    },
    Low: {
      entry: { type: 'enter', params: { state: 'Low' } },
      on: { SCAN: [unseen, { guard: 'isBack', target: 'Ready', actions: 'watch' }, look] },
    },
  },
});
