import type { ScaleSettings } from '../../../plc/mill/definition.ts';
import type { Blend } from '../blend.ts';
import { emptyBlend, MG_PER_KG, pour, take } from '../blend.ts';
import { lag, normal } from '../chance.ts';
import type { Behaviour, Step, Turnover } from '../item.ts';

const FILTER_TAU_S = 0.3;
/** Noise of the reading, in divisions (DOMAIN 6). */
const NOISE_DIVISIONS = 0.3;
/** A load cell under load creeps by this share of it, within this time. */
const CREEP_SHARE = 0.000_02;
const CREEP_TAU_S = 300;
/** Stable: within this band for so long. */
const STABLE_DIVISIONS = 1.6;
const STABLE_S = 0.8;
const ZERO_DIVISIONS = 1.5;
/**
 * The terminal's maximum lies above what the hopper is rated for, so that a hopper filled up to its
 * cut-off, with what still falls, is weighed and not lost.
 */
const MAXIMUM_OF_RATED = 1.05;
/** A weigher reports an overload from its maximum + 9 divisions on (OIML R 76, T.2.7). */
const OVERLOAD_DIVISIONS = 9;
/** Physical room of the weigh hopper above its capacity. */
const BRIM = 1.15;

export interface ScaleState extends Turnover {
  content: Blend;
  filteredKg: number;
  creepKg: number;
  shownKg: number;
  referenceKg: number;
  steadyS: number;
}

function stepReading(now: Step, state: ScaleState, divisionKg: number): void {
  const trueKg = state.content.mg / MG_PER_KG;
  state.creepKg = lag(state.creepKg, trueKg * CREEP_SHARE, CREEP_TAU_S, now.dtS);
  state.filteredKg = lag(state.filteredKg, trueKg + state.creepKg, FILTER_TAU_S, now.dtS);
  const noisy = state.filteredKg + NOISE_DIVISIONS * divisionKg * normal(now.mill.chance);
  state.shownKg = Math.round(noisy / divisionKg) * divisionKg;
  if (Math.abs(state.shownKg - state.referenceKg) > STABLE_DIVISIONS * divisionKg) {
    state.referenceKg = state.shownKg;
    state.steadyS = 0;
  } else state.steadyS += now.dtS;
}

type Rating = Pick<ScaleSettings, 'capacityKg' | 'divisionKg'>;

function isOverloaded(state: ScaleState, { capacityKg, divisionKg }: Rating): boolean {
  return state.filteredKg > capacityKg * MAXIMUM_OF_RATED + OVERLOAD_DIVISIONS * divisionKg;
}

/** The terminal's relay: it stops whatever fills a hopper that holds what it is rated for. */
function isFull(state: ScaleState, { capacityKg, divisionKg }: Rating): boolean {
  return state.filteredKg > capacityKg + OVERLOAD_DIVISIONS * divisionKg;
}

/** A hopper scale: first order 0.3 s, noise 0.3 d, creep; reads in whole divisions. */
export const scale: Behaviour<'scale', ScaleState> = {
  pace: 'fine',
  create: () => ({
    content: emptyBlend(),
    filteredKg: 0,
    creepKg: 0,
    shownKg: 0,
    referenceKg: 0,
    steadyS: 0,
    inMg: 0,
    outMg: 0,
  }),
  step: (now, { state, device }) => stepReading(now, state, device.settings.divisionKg),
  locks: ({ state, device }) => isFull(state, device.settings),
  room: (_now, { state, device }) =>
    Math.max(0, Math.floor(device.settings.capacityKg * MG_PER_KG * BRIM) - state.content.mg),
  put(_now, { state }, parcel) {
    state.inMg += parcel.mg;
    pour(state.content, parcel);
  },
  draw(_now, { state }, mg): Blend {
    const drawn = take(state.content, mg);
    state.outMg += drawn.mg;
    return drawn;
  },
  held: (state) => [state.content],
  measure({ state, device }, say) {
    const { divisionKg } = device.settings;
    // Whole divisions in decimal, not in sums of binary fractions; never the negative zero.
    say('Net', Number(state.shownKg.toFixed(6)) + 0);
    say('Stable', state.steadyS >= STABLE_S);
    say('Zero', Math.abs(state.filteredKg) <= ZERO_DIVISIONS * divisionKg);
    say('Overload', isOverloaded(state, device.settings));
  },
};
