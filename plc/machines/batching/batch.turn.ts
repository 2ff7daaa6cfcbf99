import type { MixerPhase, ScaleState } from '../../model/isa88.ts';
import { MIXER_PHASES, SCALE_STATES } from '../../model/isa88.ts';
import { goodNumber, isOff, isOn } from '../../model/tag.ts';
import type { MachineOutput } from '../contract.ts';
import type { Effect, MachineEvent } from '../kit.ts';
import { ACCEPTED, input, isCommand, send, stateOf } from '../kit.ts';
import type { BatchRun, LineContext, LineInput, LineWork, OrderRun } from './batch.context.ts';
import { copyWork } from './batch.context.ts';
import { demandMessages } from './batch.demand.ts';
import { refreshStatus } from './batch.status.ts';

/**
 * One turn of a line: an event, the line's work to change, and what is let out. The work is a
 * copy; the context itself never changes, so that a step remains a pure function.
 */
export interface Turn {
  readonly id: string;
  /** The line's ISA-88 state before this turn. */
  readonly state: string;
  readonly setup: LineInput;
  readonly event: MachineEvent;
  readonly work: LineWork;
  readonly out: MachineOutput[];
}

type Step = (context: LineContext, event: MachineEvent) => Effect<LineContext>;

/** A step of the line's drawing made from something done in a turn. */
export function turn(act: (turn: Turn) => void): Step {
  return (context, event) => {
    const { id, state, setup } = context;
    const one: Turn = {
      id,
      state,
      setup,
      event,
      work: copyWork(context.work),
      out: [],
    };
    // Every SCAN works out its deadlines anew; anything else that happened is looked at in the
    // next one.
    one.work.wakeAtMs = event.type === 'SCAN' ? null : event.nowMs;
    act(one);
    refreshStatus(one);
    one.out.push(...demandMessages(setup, context.work, one.work));
    return { set: { work: one.work }, out: one.out };
  };
}

export function accept(one: Turn): void {
  if (isCommand(one.event)) one.out.push(ACCEPTED);
}

export function tell(
  one: Turn,
  to: string,
  command: string,
  args: Readonly<Record<string, unknown>> = {},
): void {
  one.out.push(send(to, command, args));
}

/** Asks to be woken at this time though no input changes. */
export function wakeAt(one: Turn, atMs: number): void {
  one.work.wakeAtMs = Math.min(one.work.wakeAtMs ?? atMs, atMs);
}

export function scaleState(one: Turn, scale: string): ScaleState | null {
  return stateOf(SCALE_STATES, input(one.event.inputs, `${scale}.State`));
}

export function mixerPhase(one: Turn): MixerPhase | null {
  return stateOf(MIXER_PHASES, input(one.event.inputs, `${one.setup.mixer}.Phase`));
}

/** The orders that have begun and are not at their end, oldest first. */
export function begun({ work }: Turn): OrderRun[] {
  return work.active === null ? work.tails : [...work.tails, work.active];
}

/** The order that a batch belongs to. */
export function orderOf(one: Turn, batch: BatchRun): OrderRun | undefined {
  return begun(one).find((run) => run.order.orderId === batch.orderId);
}

/** The bin is known to be at or below its low level. */
export function isLow(one: Turn, bin: string): boolean {
  return isOn(one.event.inputs[`${bin}.Low`]);
}

/**
 * What is known to lie in a bin of a scale, kg; 0 at its low level, null: nothing is known. A level
 * of nothing, while the switch says that there is product, is wrong.
 */
export function contentKg(one: Turn, bin: string): number | null {
  if (isLow(one, bin)) return 0;
  const level = goodNumber(one.event.inputs[`${bin}.LevelPct`]);
  const fullKg = one.setup.binKg[bin];
  if (level === null || level <= 0 || fullKg === undefined) return null;
  return (level / 100) * fullKg;
}

/** The bin is known to hold more than its low level. */
export function hasProduct(one: Turn, bin: string): boolean {
  return isOff(one.event.inputs[`${bin}.Low`]);
}

/** Puts every reason on the list once. */
export function note<R extends { code: string; objects: object }>(
  list: R[],
  ...reasons: R[]
): void {
  for (const one of reasons) {
    const key = JSON.stringify(one);
    if (!list.some((other) => JSON.stringify(other) === key)) list.push(one);
  }
}
