import type { TagScalar } from '../../plc/model/tag.ts';
import { isSafeState } from './devices/heartbeat.ts';
import type { Item, MillState, Step } from './item.ts';
import { COARSE_STEPS, markMoved, wake } from './roster.ts';
import { stepTrucks } from './trucks.ts';

/** The physics goes in steps of this, however time comes in, ms: so it can be replayed. */
const STEP_MS = 20;

/** What is commanded, by tag name. A tag that is missing is off. */
export type Outputs = ReadonlyMap<string, TagScalar>;

/** Connections whose controller heard no heartbeat and so holds all its outputs off. */
export function safeConnections(state: MillState): Set<string> {
  const safe = new Set<string>();
  for (const item of state.heartbeats) {
    if (isSafeState(item.state)) safe.add(item.device.connection);
  }
  return safe;
}

function commanded(outputs: Outputs, item: Pick<Item, 'tagNames'>, role: string) {
  const name = item.tagNames.get(role);
  return name === undefined ? undefined : outputs.get(name);
}

function stepOf(state: MillState, outputs: Outputs, dtS: number): Step {
  return {
    mill: state,
    dtS,
    on: (item, role) => commanded(outputs, item, role) === true,
    number: (item, role) => {
      const value = commanded(outputs, item, role);
      return typeof value === 'number' && Number.isFinite(value) ? value : 0;
    },
    text: (item, role) => {
      const value = commanded(outputs, item, role);
      return typeof value === 'string' ? value : '';
    },
    faulty: (id, fault) => state.faults.has(id, fault),
  };
}

/** The same step as the devices behind a controller in its safe state see it: everything off. */
function silenced(now: Step): Step {
  return { ...now, on: () => false, number: () => 0, text: () => '' };
}

/** A step as a device sees it, by its pace and by whether its controller is safe. */
interface Views {
  readonly fine: Step;
  readonly coarse: Step;
  readonly fineOff: Step;
  readonly coarseOff: Step;
}

function viewsOf(state: MillState, outputs: Outputs): Views {
  const fine = stepOf(state, outputs, STEP_MS / 1000);
  const coarse = { ...fine, dtS: (COARSE_STEPS * STEP_MS) / 1000 };
  return { fine, coarse, fineOff: silenced(fine), coarseOff: silenced(coarse) };
}

function stepItems(state: MillState, views: Views): void {
  for (const item of state.heartbeats) {
    item.behaviour.step(views.fine, item);
  }
  const safe = safeConnections(state);
  if (!isSameSet(safe, state.safe)) state.roster.wakeAll();
  state.safe = safe;
  const turn = Math.round(state.timeMs / STEP_MS) % COARSE_STEPS;
  state.roster.each(turn, (item) => {
    const { behaviour } = item;
    const coarse = behaviour.pace === 'coarse';
    const off = safe.size > 0 && safe.has(item.device.connection);
    const live = coarse ? views.coarse : views.fine;
    const silent = coarse ? views.coarseOff : views.fineOff;
    const now = off ? silent : live;
    if (behaviour.idle?.(now, item) === true) return true;
    item.touched = false;
    behaviour.step(now, item);
    markMoved(state, item);
    return false;
  });
}

function isSameSet(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((one) => b.has(one));
}

/** Wakes what may move now: whose outputs changed, or all where that is not told. */
function wakeCommanded(state: MillState, changed: Iterable<string> | null): void {
  const isFaultNew = state.faults.revision !== state.faultsSeen;
  state.faultsSeen = state.faults.revision;
  if (changed === null || isFaultNew) {
    state.roster.wakeAll();
    return;
  }
  for (const tag of changed) {
    const item = state.byTag.get(tag);
    if (item !== undefined) wake(state, item);
  }
}

/**
 * Advances the mill by `dtMs` of process time under these outputs, in whole steps; what is less
 * than a step is kept for the next call. The state is advanced in place and returned (copying it a
 * hundred times a second would cost more than the physics); beyond that the result depends on
 * nothing but the arguments: no clock, and chance only from the seed in the state.
 * @param changed names of all outputs that changed since the last call, where that is known: then
 * only what they command is looked at. The result is the same without it.
 */
export function step(
  state: MillState,
  outputs: Outputs,
  dtMs: number,
  changed: Iterable<string> | null = null,
): MillState {
  const views = viewsOf(state, outputs);
  wakeCommanded(state, changed);
  state.owedMs += dtMs;
  while (state.owedMs >= STEP_MS) {
    state.owedMs -= STEP_MS;
    stepTrucks(views.fine);
    stepItems(state, views);
    state.timeMs += STEP_MS;
    state.faults.pass(STEP_MS, false);
    if (state.faults.revision !== state.faultsSeen) wakeCommanded(state, null);
  }
  return state;
}
