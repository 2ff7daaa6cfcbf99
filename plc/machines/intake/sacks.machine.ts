import { setup } from 'xstate';
import type { SackBin } from '../../mill/sack-bins.ts';
import type { SackTask } from '../../model/sacks.ts';
import { goodNumber } from '../../model/tag.ts';
import type { EventBase, MachineOutput } from '../contract.ts';
import type { KitContext, MachineEvent, View } from '../kit.ts';
import { effects, newContext, refuseUnknown } from '../kit.ts';

export interface SacksInput {
  readonly id: string;
  readonly bins: readonly SackBin[];
  /** A bin is asked for below this, and filled up to that, %. */
  readonly startPct: number;
  readonly stopPct: number;
}

interface SacksContext extends KitContext {
  readonly state: 'Watching';
  readonly made: SacksInput;
  readonly tasks: readonly SackTask[];
  readonly lookAtMs: number;
}

/** Levels are looked at so often, ms. */
const LOOK_MS = 30_000;
/** Below so many times its low level orders will soon wait for a bin. */
const URGENT = 2;

const { effect, enter } = effects<SacksContext>(
  ({ id, tasks, lookAtMs }): View => ({
    status: { kind: 'sacks', desk: id, tasks },
    wakeAtMs: lookAtMs,
  }),
);

/** Once it is asked for, a bin is asked for until it is nearly at its stop level, %. */
const DONE_BELOW_STOP_PCT = 10;

function taskOf({ made, tasks }: SacksContext, of: SackBin, event: EventBase): SackTask[] {
  const { bin, capacityKg, material, hopper, sackKg, drug, lowPct } = of;
  const levelPct = goodNumber(event.inputs[`${bin}.LevelPct`]);
  if (levelPct === null) return [];
  const asked = tasks.some((one) => one.bin === bin);
  if (levelPct >= (asked ? made.stopPct - DONE_BELOW_STOP_PCT : made.startPct)) return [];
  const sacks = Math.floor((((made.stopPct - levelPct) / 100) * capacityKg) / sackKg);
  if (sacks < 1) return [];
  const urgent = levelPct <= URGENT * lowPct;
  const mass = { sacks, sackKg, kg: sacks * sackKg };
  return [{ bin, material, hopper, levelPct: Math.round(levelPct), ...mass, urgent, drug }];
}

function look(context: SacksContext, event: EventBase) {
  const tasks = context.made.bins
    .flatMap((one) => taskOf(context, one, event))
    .sort((a, b) => Number(b.urgent) - Number(a.urgent) || a.levelPct - b.levelPct);
  return { set: { tasks, lookAtMs: event.nowMs + LOOK_MS } };
}

const base = setup({
  types: {} as {
    context: SacksContext;
    events: MachineEvent;
    emitted: MachineOutput;
    input: SacksInput;
  },
  actions: { enter, look: effect(look), refuse: effect(refuseUnknown) },
});

/**
 * Tells which bins are to be filled with sacks, with how many and where, the most urgent first: a
 * list of work for the operator. It commands nothing.
 */
export const sacksMachine = base.createMachine({
  id: 'sacks',
  context: ({ input: made }) => ({
    ...newContext(made.id, 'Watching'),
    state: 'Watching',
    made,
    tasks: [],
    lookAtMs: 0,
  }),
  initial: 'Watching',
  states: {
    Watching: {
      entry: { type: 'enter', params: { state: 'Watching' } },
      on: {
        SCAN: { actions: 'look' },
        RESTORED: { actions: 'look' },
        REFUSED: { actions: 'look' },
        '*': { actions: 'refuse' },
      },
    },
  },
});
