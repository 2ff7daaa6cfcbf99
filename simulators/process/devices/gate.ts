import { MG_PER_KG } from '../blend.ts';
import { wander } from '../chance.ts';
import { drawFor, headFor, outletOf, putInto, roomAt } from '../flow.ts';
import type { Behaviour, Step } from '../item.ts';
import { isHeld } from '../motor.ts';
import { hasAir } from './utilities.ts';

/** A healthy gate needs this share of the travel time that counts as a fault. */
const TRAVEL_SHARE = 0.7;
const LIMIT = 0.02;

interface GateState {
  /** 0 closed, 1 open. */
  opening: number;
  noise: number;
  remainderMg: number;
}

function stepTravel(now: Step, id: string, state: GateState, open: boolean, travelS: number): void {
  if (now.faulty(id, 'stuck')) return;
  const moved = now.dtS / (travelS * TRAVEL_SHARE);
  state.opening = Math.max(0, Math.min(1, state.opening + (open ? moved : -moved)));
}

/** A gate or slide below a store: it lets product out by as much as it is open. */
export const gate: Behaviour<'gate' | 'valve', GateState> = {
  pace: 'fine',
  create: () => ({ opening: 0, noise: 0, remainderMg: 0 }),
  idle: (now, item) => item.state.opening === 0 && !now.on(item, 'OpenCmd'),
  step(now, item) {
    const { state, device } = item;
    const open = now.on(item, 'OpenCmd') && !isHeld(item);
    if (hasAir(now.mill)) stepTravel(now, item.id, state, open, device.settings.travelS);
    const next = outletOf(item);
    if (state.opening <= LIMIT || next === undefined) return;
    state.noise = wander(now.mill.chance, state.noise, 0.015, 1, now.dtS);
    const kgPerS = (device.settings.flowTPerH / 3.6) * state.opening * (1 + state.noise);
    const wanted = kgPerS * headFor(now, item) * MG_PER_KG * now.dtS + state.remainderMg;
    const mg = Math.max(0, Math.floor(wanted));
    state.remainderMg = wanted - mg;
    const free = Math.min(mg, roomAt(now, next));
    if (free > 0) putInto(now, next, drawFor(now, item, free));
  },
  room: (now, item) => (item.state.opening > LIMIT ? roomAt(now, outletOf(item)) : 0),
  put(now, item, parcel) {
    const next = outletOf(item);
    if (next !== undefined) putInto(now, next, parcel);
  },
  measure(item, say) {
    say('OpenLS', item.state.opening >= 1 - LIMIT);
    say('CloseLS', item.state.opening <= LIMIT);
  },
};
