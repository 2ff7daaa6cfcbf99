import { setup } from 'xstate';
import type { Reason } from '../../model/reason.ts';
import { reason } from '../../model/reason.ts';
import { goodNumber, isOff, isOn } from '../../model/tag.ts';
import type { EventBase, MachineOutput } from '../contract.ts';
import type { Effect, KitContext, MachineEvent } from '../kit.ts';
import {
  ACCEPTED,
  effects,
  invalidArg,
  newContext,
  numberArg,
  refused,
  refuseUnknown,
} from '../kit.ts';

/** What the setting of a crumbler is made with. */
export interface CrumblerInput {
  readonly id: string;
  readonly crumbler: string;
  /** Gaps that its rolls may be set to, mm (DOMAIN 4: 1-3). */
  readonly gapMmMin: number;
  readonly gapMmMax: number;
}

export interface CrumblerContext extends KitContext {
  readonly state: 'Bypassed' | 'Crumbling';
  readonly made: CrumblerInput;
  /** Gap that is set, mm. */
  readonly mm: number;
  /** Since when gap or flap are not as they are set, process ms; null: they are. */
  readonly oddSinceMs: number | null;
  readonly off: boolean;
}

/** The gap is as set within this, mm: the spindles have some play. */
const GAP_TOLERANCE_MM = 0.1;
/** Rolls and flap are where they shall be within this, ms. */
const SETTING_MS = 20_000;

const { effect, enter } = effects<CrumblerContext>((context) => {
  const { crumbler } = context.made;
  return {
    writes: {
      [`${crumbler}.SetMm`]: context.mm,
      [`${crumbler}.BypassOpen`]: context.state === 'Bypassed',
    },
    alarms: { [`${crumbler}.GapOff`]: context.off },
    status: { kind: 'device', device: context.id, owner: null, reasons: reasonsOf(context) },
    wakeAtMs: context.oddSinceMs === null || context.off ? null : context.oddSinceMs + SETTING_MS,
  };
});

function reasonsOf({ off, made, state, mm }: CrumblerContext): Reason[] {
  if (!off) return [];
  const { crumbler: device } = made;
  return state === 'Bypassed'
    ? [reason('crumbler.bypass-stuck', { device })]
    : [reason('crumbler.gap-off', { device, mm })];
}

/** Pellets go past the rolls, or all go between rolls of the gap that is set. */
function isAsSet({ state, mm }: CrumblerContext, event: EventBase): boolean {
  if (state === 'Bypassed') return isOn(event.inputs['BypassFb']);
  const gapMm = goodNumber(event.inputs['GapMm']);
  const isSet = gapMm !== null && Math.abs(gapMm - mm) <= GAP_TOLERANCE_MM;
  return isSet && isOff(event.inputs['BypassFb']);
}

function verify(context: CrumblerContext, event: MachineEvent): Effect<CrumblerContext> {
  if (isAsSet(context, event)) return { set: { oddSinceMs: null, off: false } };
  const oddSinceMs = context.oddSinceMs ?? event.nowMs;
  return { set: { oddSinceMs, off: event.nowMs - oddSinceMs >= SETTING_MS } };
}

function gapArg({ made }: CrumblerContext, event: MachineEvent): number | null {
  const mm = numberArg(event, 'mm');
  if (mm === null) return null;
  return mm === 0 || (mm >= made.gapMmMin && mm <= made.gapMmMax) ? mm : null;
}

const base = setup({
  types: {} as {
    context: CrumblerContext;
    events: MachineEvent;
    emitted: MachineOutput;
    input: CrumblerInput;
  },
  actions: {
    enter,
    verify: effect(verify),
    take: effect((context, event) => ({
      set: { mm: gapArg(context, event) ?? context.mm, oddSinceMs: event.nowMs, off: false },
      out: [ACCEPTED],
    })),
    pass: effect((_context, event) => ({
      set: { oddSinceMs: event.nowMs, off: false },
      out: [ACCEPTED],
    })),
    refuseGap: effect(() => ({ out: [refused(invalidArg('mm'))] })),
    refuse: effect(refuseUnknown),
  },
  guards: {
    isBypass: ({ context, event }) => gapArg(context, event) === 0,
    isGap: ({ context, event }) => (gapArg(context, event) ?? 0) > 0,
  },
});

/**
 * The setting of a crumbler (DOMAIN 4: gap 1-3 mm): crumbs by the gap that the product asks for,
 * or whole pellets past the rolls; both are verified by feedback. After a restart pellets stay
 * whole until the press says again what is made.
 * Commands: SET {mm}, the gap, or 0 for the bypass.
 */
export const crumblerMachine = base.createMachine({
  id: 'crumbler',
  context: ({ input: made }) => ({
    ...newContext(made.id, 'Bypassed'),
    state: 'Bypassed',
    made,
    // Rolls wide open until a product asks for crumbs.
    mm: made.gapMmMax,
    oddSinceMs: null,
    off: false,
  }),
  initial: 'Bypassed',
  on: {
    SCAN: { actions: 'verify' },
    RESTORED: { target: '.Bypassed', actions: 'verify' },
    REFUSED: { actions: 'verify' },
    SET: [
      { guard: 'isBypass', target: '.Bypassed', actions: 'pass' },
      { guard: 'isGap', target: '.Crumbling', actions: 'take' },
      { actions: 'refuseGap' },
    ],
    '*': { actions: 'refuse' },
  },
  states: {
    Bypassed: { entry: { type: 'enter', params: { state: 'Bypassed' } } },
    Crumbling: { entry: { type: 'enter', params: { state: 'Crumbling' } } },
  },
});
