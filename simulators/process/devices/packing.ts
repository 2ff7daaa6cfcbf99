import type { DeviceTypeName } from '../../../plc/mill/definition.ts';
import type { Behaviour, MillState } from '../item.ts';
import { hasFault } from '../item.ts';
import type { BaggerState } from './bagger.ts';

/** A bag off by more than this is thrown out, as a share of its weight. */
const REJECT_SHARE = 0.008;
const DETECTED_S = 5;
/** How long a bag takes from the spout to each machine: sewn, turned, looked at, weighed, s. */
const TO_DETECTOR_S = 3;
const TO_CHECKWEIGHER_S = 2;
const TO_PALLETISER_S = 6;
/** A palletiser puts a bag down in this, and changes pallets in that, s. */
const STACK_S = 3;
const CHANGE_S = 8;
/** So many bags stand before a palletiser; with more the bagger has nowhere to drop one. */
const BEFORE_PALLETISER = 4;

/** A bag on the belt: its number by the bagger's count, and when it will have arrived, s. */
interface Riding {
  readonly bag: number;
  leftS: number;
}

/** What a machine behind the bagger has of bags: those that come, and those that it passed on. */
interface Follower {
  /** The last bag that was put on its belt. */
  seen: number;
  riding: Riding[];
  /** Bags that it let through, of which the next machine has not been told yet. */
  passed: number[];
}

const newFollower = (): Follower => ({ seen: 0, riding: [], passed: [] });

const ORDER: readonly DeviceTypeName[] = ['metalDetector', 'checkweigher', 'palletiser'];

/** The machine of this type behind a bagger. */
function behind(mill: MillState, bagger: string, type: DeviceTypeName): Follower | undefined {
  const found = (mill.byType.get(type) ?? []).find(
    ({ device }) => (device.settings as { bagger?: string }).bagger === bagger,
  );
  return found?.state as Follower | undefined;
}

/** Bags that the machine before this one, or the bagger itself, let go since the last look. */
function arrivals(mill: MillState, bagger: string, type: DeviceTypeName, own: Follower): number[] {
  for (const before of ORDER.slice(0, ORDER.indexOf(type)).reverse()) {
    const machine = behind(mill, bagger, before);
    if (machine !== undefined) return machine.passed.splice(0);
  }
  const { bagCount = 0 } = (mill.byId.get(bagger)?.state ?? {}) as Partial<BaggerState>;
  const came = bagCount >= own.seen ? bagCount - own.seen : bagCount;
  own.seen = bagCount;
  return Array.from({ length: came }, (_, index) => bagCount - came + index + 1);
}

/** Moves the belt on; gives the bags that have come to its end. */
function ride(
  mill: MillState,
  [bagger, type]: readonly [bagger: string, type: DeviceTypeName],
  own: Follower,
  [tookS, dtS]: readonly [tookS: number, dtS: number],
): number[] {
  for (const one of own.riding) one.leftS -= dtS;
  for (const bag of arrivals(mill, bagger, type, own)) own.riding.push({ bag, leftS: tookS });
  const there = own.riding.filter((one) => one.leftS <= 0).map((one) => one.bag);
  own.riding = own.riding.filter((one) => one.leftS > 0);
  return there;
}

interface PalletiserState extends Follower {
  /** Bags that stand before it. */
  waiting: number;
  onPallet: number;
  pallets: number;
  lastPallet: number;
  /** Until the bag in its grippers is put down, and until a new pallet stands, s. */
  stackS: number;
  changeS: number;
}

function sendOut(state: PalletiserState): void {
  state.pallets += 1;
  state.lastPallet = state.onPallet;
  state.onPallet = 0;
  state.changeS = CHANGE_S;
}

/** Stacks what its bagger fills while it is enabled; a full pallet, or one it is told, leaves. */
export const palletiser: Behaviour<'palletiser', PalletiserState> = {
  pace: 'coarse',
  create: () => ({
    ...newFollower(),
    waiting: 0,
    onPallet: 0,
    pallets: 0,
    lastPallet: 0,
    stackS: 0,
    changeS: 0,
  }),
  step(now, item) {
    const { id, state, device } = item;
    const { bagger, bagsPerPallet } = device.settings;
    const came = ride(now.mill, [bagger, 'palletiser'], state, [TO_PALLETISER_S, now.dtS]);
    state.waiting += came.length;
    if (now.faulty(id, 'machine-fault')) return;
    if (!now.faulty(id, 'no-pallets')) state.changeS = Math.max(0, state.changeS - now.dtS);
    const begun = state.stackS > 0;
    state.stackS = Math.max(0, state.stackS - now.dtS);
    if (begun && state.stackS === 0) state.onPallet += 1;
    if (state.stackS > 0 || !now.on(item, 'Enable') || now.faulty(id, 'pallet-stays')) return;
    const isDone = now.on(item, 'Eject') && state.waiting === 0 && state.riding.length === 0;
    if (state.onPallet >= bagsPerPallet || (isDone && state.onPallet > 0)) sendOut(state);
    if (state.waiting === 0 || state.changeS > 0) return;
    state.waiting -= 1;
    state.stackS = STACK_S;
  },
  measure({ id, state }, say, mill) {
    say('Fault', hasFault(mill, id, 'machine-fault'));
    say('PalletReady', state.changeS === 0);
    say('Blocked', hasFault(mill, id, 'pallet-stays'));
    say('Stacking', state.stackS > 0);
    say('Pallets', state.pallets);
    say('BagsOnPallet', state.onPallet);
    say('LastPalletBags', state.lastPallet);
  },
};

/** True while bags stand up to this bagger before a palletiser that does not take them. */
export function backsUp(mill: MillState, bagger: string): boolean {
  const machine = behind(mill, bagger, 'palletiser') as PalletiserState | undefined;
  return machine !== undefined && machine.waiting >= BEFORE_PALLETISER;
}

interface CheckweigherState extends Follower {
  lastG: number;
  count: number;
  rejects: number;
}

/** Weighs each bag again; one that is off goes onto the reject table, and is counted. */
export const checkweigher: Behaviour<'checkweigher', CheckweigherState> = {
  pace: 'coarse',
  create: () => ({ ...newFollower(), lastG: 0, count: 0, rejects: 0 }),
  step(now, { state, device }) {
    const { bagger, bagKg, divisionKg } = device.settings;
    const came = ride(now.mill, [bagger, 'checkweigher'], state, [TO_CHECKWEIGHER_S, now.dtS]);
    const slots = (now.mill.byId.get(bagger)?.state as BaggerState | undefined)?.slotsG ?? [];
    const divisionG = divisionKg * 1000;
    for (const bag of came) {
      const weightG = slots[bag % slots.length] ?? 0;
      state.lastG = Math.round(weightG / divisionG) * divisionG;
      state.count += 1;
      const isOff = Math.abs(weightG - bagKg * 1000) > REJECT_SHARE * bagKg * 1000;
      if (isOff) state.rejects += 1;
      else state.passed.push(bag);
    }
  },
  measure({ id, state }, say, mill) {
    say('Fault', hasFault(mill, id, 'machine-fault'));
    say('LastKg', Number((state.lastG / 1000).toFixed(3)));
    say('Count', state.count);
    say('Rejects', state.rejects);
  },
};

interface MetalDetectorState extends Follower {
  detectedS: number;
  count: number;
  rejects: number;
}

/** Finds what is not there until someone puts it there: each bag while its fault is on. */
export const metalDetector: Behaviour<'metalDetector', MetalDetectorState> = {
  pace: 'coarse',
  create: () => ({ ...newFollower(), detectedS: 0, count: 0, rejects: 0 }),
  step(now, { id, state, device }) {
    const way = [device.settings.bagger, 'metalDetector'] as const;
    const came = ride(now.mill, way, state, [TO_DETECTOR_S, now.dtS]);
    state.detectedS = Math.max(0, state.detectedS - now.dtS);
    state.count += came.length;
    if (came.length === 0 || !now.faulty(id, 'metal')) {
      state.passed.push(...came);
      return;
    }
    state.detectedS = DETECTED_S;
    state.rejects += came.length;
  },
  measure({ id, state }, say, mill) {
    say('Fault', hasFault(mill, id, 'machine-fault'));
    say('Detected', state.detectedS > 0);
    say('Rejects', state.rejects);
    say('Count', state.count);
  },
};
