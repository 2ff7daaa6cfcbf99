import type { TagScalar } from '../../plc/model/tag.ts';
import { isSafeState } from './devices/heartbeat.ts';
import type { MillState, Step } from './item.ts';
import { stepTrucks } from './trucks.ts';

/** The physics holds for steps up to this; a longer one is cut into such pieces, ms. */
export const STEP_MS_MAX = 20;

/** What is commanded, by tag name. A tag that is missing is off. */
export type Outputs = ReadonlyMap<string, TagScalar>;

/** Connections whose controller heard no heartbeat and so holds all its outputs off. */
export function safeConnections(state: MillState): Set<string> {
  const safe = new Set<string>();
  for (const item of state.items) {
    if (item.device.type !== 'heartbeat') continue;
    if (isSafeState(item.state)) safe.add(item.device.connection);
  }
  return safe;
}

function stepOf(state: MillState, outputs: Outputs, dtMs: number): Step {
  const faults = new Set(state.faults.map((one) => `${one.device} ${one.fault}`));
  return {
    mill: state,
    dtS: dtMs / 1000,
    on: (item, role) => outputs.get(`${item.id}.${role}`) === true,
    number: (item, role) => {
      const value = outputs.get(`${item.id}.${role}`);
      return typeof value === 'number' && Number.isFinite(value) ? value : 0;
    },
    faulty: (id, fault) => faults.size > 0 && faults.has(`${id} ${fault}`),
  };
}

/** The same step as the devices behind a controller in its safe state see it: everything off. */
function silenced(now: Step): Step {
  return { ...now, on: () => false, number: () => 0 };
}

function stepItems(state: MillState, now: Step): void {
  const off = silenced(now);
  let safe: Set<string> | null = null;
  for (const item of state.items) {
    if (item.device.type === 'heartbeat') {
      item.behaviour.step(now, item);
      continue;
    }
    safe ??= safeConnections(state);
    item.behaviour.step(safe.has(item.device.connection) ? off : now, item);
  }
}

/**
 * Advances the mill by `dtMs` of process time under these outputs. The state is advanced in place
 * and returned (copying it a hundred times a second would cost more than the physics); beyond that
 * the result depends on nothing but the arguments: no clock, and chance only from the seed in the
 * state.
 */
export function step(state: MillState, outputs: Outputs, dtMs: number): MillState {
  for (let leftMs = dtMs; leftMs > 0; leftMs -= STEP_MS_MAX) {
    const pieceMs = Math.min(leftMs, STEP_MS_MAX);
    const now = stepOf(state, outputs, pieceMs);
    stepTrucks(now);
    stepItems(state, now);
    state.timeMs += pieceMs;
  }
  return state;
}
