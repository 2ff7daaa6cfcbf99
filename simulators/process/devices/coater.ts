import type { Blend } from '../blend.ts';
import { blendOf, MG_PER_KG, pour, temperatureOf } from '../blend.ts';
import { lag, wander } from '../chance.ts';
import type { Behaviour, Item, Step } from '../item.ts';
import { book, rounded, substanceOf } from '../item.ts';
import type { CarrierDriveState } from './carrier-drive.ts';
import {
  carrierProduct,
  createCarrierDrive,
  isStanding,
  measureCarrierDrive,
  stepCarrierDrive,
} from './carrier-drive.ts';
import type { FeederState } from './feeder.ts';

/** Deviation is told against the ratio that the controller has held over this time, s. */
const RATIO_TAU_S = 60;
/** Below this there is no flow to hold a ratio to, kg/s. */
const FLOW_MIN_KG_PER_S = 0.05;

/** What its own liquid station lays on, of the product, where the mill file names no pump. */
const STATION_SHARE = 0.02;
const STATION_SIGMA = 0.002;

interface CoaterState extends CarrierDriveState {
  liquidKgPerS: number;
  /** Liquid for each kg of product: now, and as it has been held. */
  ratio: number;
  heldRatio: number;
  wander: number;
}

/** Liquid that pumps put into it now, kg/s. */
function liquidInto(item: Item<'coater', CoaterState>): number {
  let sum = 0;
  for (const { device, state } of item.inlets) {
    if (device.type === 'feeder') sum += (state as FeederState).flowKgPerS;
  }
  return sum;
}

/** Lays liquid of its own station on product; it comes from outside, under a name. Returns mg. */
function layOn(now: Step, { id, state }: Item<'coater', CoaterState>, parcel: Blend): number {
  state.wander = wander(now.mill.chance, state.wander, STATION_SIGMA, 20, now.dtS);
  const mg = Math.floor(parcel.mg * Math.max(0, STATION_SHARE + state.wander));
  if (mg === 0) return 0;
  const liquid = substanceOf(now.mill, 'COATING', id);
  book(now.mill.sources, `${id} liquid`, liquid, mg);
  pour(parcel, blendOf(liquid, mg, temperatureOf(parcel)));
  return mg;
}

/** A coating drum: a carrier whose pumps lay liquid on what it turns over. */
export const coater: Behaviour<'coater', CoaterState> = {
  pace: 'coarse',
  create: () => ({ ...createCarrierDrive(), liquidKgPerS: 0, ratio: 0, heldRatio: 0, wander: 0 }),
  idle: (now, item) => item.state.liquidKgPerS < 0.001 && isStanding(now, item),
  step(now, item) {
    const { state } = item;
    let laidMg = 0;
    const hasPump = item.inlets.some(({ device }) => device.type === 'feeder');
    stepCarrierDrive(now, item, {
      blocked: false,
      load: 0,
      treat: (parcel) => {
        if (!hasPump) laidMg += layOn(now, item, parcel);
      },
    });
    const kgPerS = hasPump ? liquidInto(item) : laidMg / MG_PER_KG / now.dtS;
    state.liquidKgPerS = lag(state.liquidKgPerS, kgPerS, 2, now.dtS);
    const dryKgPerS = state.throughputKgPerS - state.liquidKgPerS;
    const flows = dryKgPerS > FLOW_MIN_KG_PER_S && state.liquidKgPerS > 0.001;
    state.ratio = flows ? state.liquidKgPerS / dryKgPerS : 0;
    if (!flows) state.heldRatio = 0;
    else if (state.heldRatio === 0) state.heldRatio = state.ratio;
    else state.heldRatio = lag(state.heldRatio, state.ratio, RATIO_TAU_S, now.dtS);
  },
  ...carrierProduct,
  measure(item, say, mill) {
    measureCarrierDrive(mill, item, say);
    const { throughputKgPerS, liquidKgPerS, ratio, heldRatio } = item.state;
    say('BeltTPerH', rounded(3.6 * Math.max(0, throughputKgPerS - liquidKgPerS), 2));
    say('LiquidKgPerH', rounded(3600 * liquidKgPerS, 1));
    say('DeviationPct', heldRatio === 0 ? 0 : rounded(100 * (ratio / heldRatio - 1), 1));
  },
};
