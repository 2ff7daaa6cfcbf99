import { PACKML_STATES } from '../../../plc/model/isa88.ts';
import type { Behaviour, MillState } from '../item.ts';
import { hasFault } from '../item.ts';
import type { BaggerState } from './bagger.ts';

/** A machine behind the bagger counts as working when a bag came within this, s. */
const BUSY_S = 30;
/** A bag off by more than this is thrown out, as a share of its weight. */
const REJECT_SHARE = 0.008;
const DETECTED_S = 5;

const IDLE = PACKML_STATES.indexOf('Idle');
const EXECUTE = PACKML_STATES.indexOf('Execute');
const ABORTED = PACKML_STATES.indexOf('Aborted');

/** How many bags a bagger has dropped so far. */
function bagsOf(mill: MillState, bagger: string): number {
  return (mill.byId.get(bagger)?.state as BaggerState | undefined)?.bagCount ?? 0;
}

interface Follower {
  /** The bagger's count that was seen last. */
  seen: number;
  /** Since the last bag came, s. */
  quietS: number;
}

/** How many bags came since the last look. */
function follow(state: Follower, bags: number, dtS: number): number {
  const came = bags >= state.seen ? bags - state.seen : bags;
  state.seen = bags;
  state.quietS = came > 0 ? 0 : Math.min(1e6, state.quietS + dtS);
  return came;
}

interface PalletiserState extends Follower {
  onPallet: number;
  pallets: number;
}

/** Stacks what its bagger fills; a pallet that is full is driven away at once. */
export const palletiser: Behaviour<'palletiser', PalletiserState> = {
  pace: 'coarse',
  create: () => ({ seen: 0, quietS: BUSY_S, onPallet: 0, pallets: 0 }),
  step(now, { state, device }) {
    const { bagger, bagsPerPallet } = device.settings;
    state.onPallet += follow(state, bagsOf(now.mill, bagger), now.dtS);
    while (state.onPallet >= bagsPerPallet) {
      state.onPallet -= bagsPerPallet;
      state.pallets += 1;
    }
  },
  measure({ id, state }, say, mill) {
    const fault = hasFault(mill, id, 'machine-fault');
    say('Fault', fault);
    say('PalletReady', !fault);
    say('PackState', fault ? ABORTED : state.quietS < BUSY_S ? EXECUTE : IDLE);
    say('Pallets', state.pallets);
    say('BagsOnPallet', state.onPallet);
  },
};

/** True while a palletiser behind this bagger stands with a fault, so that bags back up. */
export function backsUp(mill: MillState, bagger: string): boolean {
  return (mill.byType.get('palletiser') ?? []).some(({ device }) => {
    const behind = device.type === 'palletiser' && device.settings.bagger === bagger;
    return behind && hasFault(mill, device.id, 'machine-fault');
  });
}

interface CheckweigherState extends Follower {
  lastG: number;
  count: number;
  rejects: number;
}

/** Weighs each bag again; one that is off goes onto the reject table, and is counted. */
export const checkweigher: Behaviour<'checkweigher', CheckweigherState> = {
  pace: 'coarse',
  create: () => ({ seen: 0, quietS: BUSY_S, lastG: 0, count: 0, rejects: 0 }),
  step(now, { state, device }) {
    const { bagger, bagKg, divisionKg } = device.settings;
    const came = follow(state, bagsOf(now.mill, bagger), now.dtS);
    if (came === 0) return;
    const slots = (now.mill.byId.get(bagger)?.state as BaggerState | undefined)?.slotsG ?? [];
    const weightG = slots[state.seen % slots.length] ?? 0;
    const divisionG = divisionKg * 1000;
    state.lastG = Math.round(weightG / divisionG) * divisionG;
    state.count += came;
    if (Math.abs(weightG - bagKg * 1000) > REJECT_SHARE * bagKg * 1000) state.rejects += 1;
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
  rejects: number;
}

/** Finds what is not there until someone puts it there: each bag while its fault is on. */
export const metalDetector: Behaviour<'metalDetector', MetalDetectorState> = {
  pace: 'coarse',
  create: () => ({ seen: 0, quietS: BUSY_S, detectedS: 0, rejects: 0 }),
  step(now, { id, state, device }) {
    const came = follow(state, bagsOf(now.mill, device.settings.bagger), now.dtS);
    state.detectedS = Math.max(0, state.detectedS - now.dtS);
    if (came === 0 || !now.faulty(id, 'metal')) return;
    state.detectedS = DETECTED_S;
    state.rejects += came;
  },
  measure({ id, state }, say, mill) {
    say('Fault', hasFault(mill, id, 'machine-fault'));
    say('Detected', state.detectedS > 0);
    say('Rejects', state.rejects);
  },
};
