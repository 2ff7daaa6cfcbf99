import type { Blend } from '../blend.ts';
import { blendOf, emptyBlend, MG_PER_KG } from '../blend.ts';
import type { Behaviour, Turnover } from '../item.ts';
import { book, rounded, substanceOf } from '../item.ts';
import type { Layers } from '../layers.ts';
import { drawOff, layOn, massOf } from '../layers.ts';

/** A bin takes this much more than its nominal content before product backs up. */
const BRIM = 1.05;
/** Below this level the head of product presses less, and a screw fills less. */
const HEAD_LEVEL = 0.05;
const HEAD_MIN = 0.85;
const FILM_SHARE = 0.001;
/** Level switches return so much below where they act, % of capacity. */
const SWITCH_RETURN_PCT = 0.5;

export interface BinState extends Turnover {
  layers: Layers;
  high: boolean;
  low: boolean;
}

/**
 * Pit, silo, hopper, dosing bin, tank: layers of lots, first in first out, with level and switches.
 */
export const bin: Behaviour<'bin', BinState> = {
  pace: 'coarse',
  create(device, mill) {
    const { material, lot, initialKg } = device.settings;
    const mg = Math.round(initialKg * MG_PER_KG);
    if (mg === 0) return { layers: [], high: false, low: true, inMg: 0, outMg: 0 };
    const substance = substanceOf(mill, material ?? 'UNKNOWN', lot ?? '');
    book(mill.sources, 'initial', substance, mg);
    return { layers: [blendOf(substance, mg)], high: false, low: true, inMg: 0, outMg: 0 };
  },
  idle: (_now, item) => !item.touched,
  step(_now, { state, device }) {
    const { capacityKg, highPct, lowPct } = device.settings;
    const pct = (100 * massOf(state.layers)) / (capacityKg * MG_PER_KG);
    state.high = pct >= highPct - (state.high ? SWITCH_RETURN_PCT : 0);
    state.low = pct < lowPct + (state.low ? SWITCH_RETURN_PCT : 0);
  },
  room: (_now, { state, device }) =>
    Math.max(0, Math.floor(device.settings.capacityKg * MG_PER_KG * BRIM) - massOf(state.layers)),
  put(_now, { state, device }, parcel) {
    state.inMg += parcel.mg;
    layOn(state.layers, parcel, device.settings.capacityKg * MG_PER_KG * FILM_SHARE);
  },
  draw(now, item, mg): Blend {
    if (now.faulty(item.id, 'bridged')) return emptyBlend();
    const drawn = drawOff(item.state.layers, mg);
    item.state.outMg += drawn.mg;
    return drawn;
  },
  head(_now, { state, device }) {
    const level = massOf(state.layers) / (device.settings.capacityKg * MG_PER_KG);
    return HEAD_MIN + (1 - HEAD_MIN) * Math.min(1, level / HEAD_LEVEL);
  },
  held: (state) => state.layers,
  measure({ state, device }, say) {
    const pct = (100 * massOf(state.layers)) / (device.settings.capacityKg * MG_PER_KG);
    say('LevelPct', rounded(pct, 1));
    say('High', state.high);
    say('Low', state.low);
  },
};
