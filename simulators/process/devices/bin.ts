import { numberOf } from '../../faults/catalogue.ts';
import type { Blend } from '../blend.ts';
import { blendOf, emptyBlend, MG_PER_KG } from '../blend.ts';
import { uniform } from '../chance.ts';
import type { Behaviour, Item, Step, Turnover } from '../item.ts';
import { book, rounded, substanceOf } from '../item.ts';
import type { Layers } from '../layers.ts';
import { drawOff, layOn, massOf } from '../layers.ts';
import type { Motor } from '../motor.ts';

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
  /** Its knocker was running when product was last wanted. */
  shaken: boolean;
}

/** True while its product hangs; each pulse of its knocker brings it down with some chance. */
function hangs(now: Step, { id, device, state }: Item<'bin', BinState>): boolean {
  const bridge = now.mill.faults.of(id, 'bridged');
  const { knocker } = device.settings;
  const shaker = knocker === undefined ? undefined : now.mill.byId.get(knocker);
  const shakes = (shaker?.state as { motor?: Motor } | undefined)?.motor?.running === true;
  const isNew = shakes && !state.shaken;
  state.shaken = shakes;
  if (bridge === undefined) return false;
  if (!isNew || 100 * uniform(now.mill.chance) >= numberOf(bridge, 'freePct')) return true;
  now.mill.faults.clear({ fault: 'bridged', device: id });
  return false;
}

/**
 * Pit, silo, hopper, dosing bin, tank: layers of lots, first in first out, with level and switches.
 */
export const bin: Behaviour<'bin', BinState> = {
  pace: 'coarse',
  create(device, mill) {
    const { material, lot, initialKg } = device.settings;
    const mg = Math.round(initialKg * MG_PER_KG);
    if (mg === 0) return { layers: [], high: false, low: true, shaken: false, inMg: 0, outMg: 0 };
    const substance = substanceOf(mill, material ?? 'UNKNOWN', lot ?? '');
    book(mill.sources, 'initial', substance, mg);
    const layers = [blendOf(substance, mg)];
    return { layers, high: false, low: true, shaken: false, inMg: 0, outMg: 0 };
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
    if (hangs(now, item)) return emptyBlend();
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
