import { putInto, roomAt } from '../flow.ts';
import type { Behaviour, Item } from '../item.ts';

/** A healthy diverter needs at most this share of the travel time that counts as a fault. */
const TRAVEL_SHARE = 0.7;

interface DiverterState {
  /** 1 .. number of positions; between two while it turns. */
  position: number;
  inPosition: boolean;
}

/**
 * Product goes to the position that is nearest, also while it turns: that is how bins get mixed up.
 */
function towards(item: Item<'diverter' | 'distributor', DiverterState>): Item | undefined {
  const nearest = Math.round(item.state.position);
  return item.outlets.find((outlet) => outlet.port === nearest)?.to;
}

/** A diverter or distributor. Request 0 means: stay where you are. */
export const diverter: Behaviour<'diverter' | 'distributor', DiverterState> = {
  pace: 'coarse',
  create: () => ({ position: 1, inPosition: true }),
  idle(now, item) {
    const { position, inPosition } = item.state;
    const request = Math.round(now.number(item, 'Req'));
    const target = request === 0 ? Math.round(position) : request;
    return inPosition && position === target && !now.mill.faults.hasAny(item.id);
  },
  step(now, item) {
    const { state, device } = item;
    const { positions, travelS } = device.settings;
    const request = Math.round(now.number(item, 'Req'));
    const valid = request >= 1 && request <= positions;
    const target = valid ? request : Math.round(state.position);
    const moved = (Math.max(1, positions - 1) / (travelS * TRAVEL_SHARE)) * now.dtS;
    if (!now.faulty(item.id, 'stuck')) {
      state.position += Math.max(-moved, Math.min(moved, target - state.position));
    }
    state.inPosition = Math.abs(state.position - target) < 0.01 && (valid || request === 0);
  },
  room: (now, item) => roomAt(now, towards(item)),
  put(now, item, parcel) {
    const next = towards(item);
    if (next !== undefined) putInto(now, next, parcel);
  },
  measure(item, say) {
    say('Pos', Math.round(item.state.position));
    say('InPos', item.state.inPosition);
  },
};
