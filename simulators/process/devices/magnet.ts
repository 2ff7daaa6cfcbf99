import type { Behaviour, MillState } from '../item.ts';
import { hasFault } from '../item.ts';
import type { CarrierDriveState } from './carrier-drive.ts';
import type { FeederState } from './feeder.ts';

/** Nails and scale in a usual delivery, and in one with metal in it: g per tonne. */
const METAL_G_PER_T = 0.5;
const MUCH_METAL_G_PER_T = 2_000;
/** What covers a magnet so that it holds no more, g. */
const COVERED_G = 5_000;

interface MagnetState {
  /** Metal that it holds: so little beside the product that the ledger leaves it in. */
  metalG: number;
}

/** Product that passes it now, kg/s. */
function passingKgPerS(mill: MillState, id: string): number {
  const state = mill.byId.get(id)?.state as Partial<FeederState & CarrierDriveState> | undefined;
  return state?.flowKgPerS ?? state?.throughputKgPerS ?? 0;
}

/** A magnet in a drawer: metal collects on it until someone pulls the drawer out and cleans it. */
export const magnet: Behaviour<'magnet', MagnetState> = {
  pace: 'coarse',
  create: () => ({ metalG: 0 }),
  step(now, { id, state, device }) {
    if (now.faulty(id, 'drawer-out')) {
      state.metalG = 0;
      return;
    }
    const gPerT = now.faulty(id, 'metal') ? MUCH_METAL_G_PER_T : METAL_G_PER_T;
    const t = (passingKgPerS(now.mill, device.settings.passedBy) * now.dtS) / 1_000;
    state.metalG = Math.min(2 * COVERED_G, state.metalG + gPerT * t);
  },
  measure({ id, state }, say, mill) {
    say('InPlace', !hasFault(mill, id, 'drawer-out'));
    say('Covered', state.metalG >= COVERED_G);
  },
};
