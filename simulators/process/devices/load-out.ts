import { MG_PER_KG } from '../blend.ts';
import type { Behaviour, Item, MillState, Step } from '../item.ts';
import { hasFault, lose, rounded } from '../item.ts';

/** A truck that nobody sent has so many compartments; the next comes after so long, s. */
const COMPARTMENTS = 4;
const NEXT_TRUCK_S = 120;
/** Moving to the next compartment: spout up, forward, spout down, s. */
const MOVE_S = 20;

/** A bulk truck below a spout, or waiting for it. */
export interface BulkTruck {
  /** Under this name what it takes away stands in the ledger. */
  readonly name: string;
  readonly compartments: number;
  readonly compartmentMg: number;
}

export interface LoadOutState {
  truck: BulkTruck | null;
  waiting: BulkTruck[];
  compartment: number;
  loadedMg: number;
  /** Until the spout is down again, or the next truck is here, s. */
  waitS: number;
}

type LoadOutItem = Item<'loadOut', LoadOutState>;

function anyTruck({ id, device }: Pick<LoadOutItem, 'id' | 'device'>): BulkTruck {
  const compartmentMg = Math.floor(device.settings.compartmentKgMax * MG_PER_KG);
  return { name: id, compartments: COMPARTMENTS, compartmentMg };
}

function callTruck(item: LoadOutItem): void {
  item.state.truck = item.state.waiting.shift() ?? anyTruck(item);
  item.state.compartment = 1;
  item.state.loadedMg = 0;
}

function stepLoadOut(now: Step, item: LoadOutItem): void {
  const { state } = item;
  if (state.waitS > 0) {
    state.waitS = Math.max(0, state.waitS - now.dtS);
    if (state.waitS === 0 && state.truck === null) callTruck(item);
    return;
  }
  if (state.truck === null || state.loadedMg === 0) return;
  // One that is full moves on by itself; one that was promised less is sent on.
  if (state.loadedMg < state.truck.compartmentMg && !now.on(item, 'MoveOn')) return;
  state.loadedMg = 0;
  state.compartment += 1;
  state.waitS = MOVE_S;
  if (state.compartment <= state.truck.compartments) return;
  state.truck = null;
  state.waitS = NEXT_TRUCK_S;
}

function isReady(now: Pick<Step, 'mill'>, { id, state }: LoadOutItem): boolean {
  return state.truck !== null && state.waitS === 0 && !hasFault(now.mill, id, 'machine-fault');
}

/** A spout over bulk trucks: compartment after compartment, then the next truck. */
export const loadOut: Behaviour<'loadOut', LoadOutState> = {
  pace: 'coarse',
  create: (device) => ({
    truck: anyTruck({ id: device.id, device }),
    waiting: [],
    compartment: 1,
    loadedMg: 0,
    waitS: 0,
  }),
  step: stepLoadOut,
  room(now, item) {
    const { truck, loadedMg } = item.state;
    if (truck === null || !isReady(now, item)) return 0;
    return Math.max(0, truck.compartmentMg - loadedMg);
  },
  put(now, { id, state }, parcel) {
    state.loadedMg += parcel.mg;
    lose(now.mill, `${state.truck?.name ?? id} loaded`, parcel);
  },
  measure(item, say, mill) {
    const { id, state } = item;
    say('TruckInPlace', state.truck !== null);
    say('SpoutDown', isReady({ mill }, item));
    say('Fault', hasFault(mill, id, 'machine-fault'));
    say('Compartment', state.truck === null ? 0 : state.compartment);
    say('TargetKg', (state.truck?.compartmentMg ?? 0) / MG_PER_KG);
    say('ActualKg', rounded(state.loadedMg / MG_PER_KG, 0));
  },
};

/** The trucks at all spouts, for those who send more. */
export function spoutsOf(mill: MillState): readonly LoadOutItem[] {
  return (mill.byType.get('loadOut') ?? []) as readonly LoadOutItem[];
}
