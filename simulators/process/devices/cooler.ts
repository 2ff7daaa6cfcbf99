import { AMBIENT_C, extract, MG_PER_KG, temperatureOf } from '../blend.ts';
import { lag } from '../chance.ts';
import { outletOf, putInto, roomAt } from '../flow.ts';
import type { Behaviour, Item, Step } from '../item.ts';
import { book, rounded } from '../item.ts';
import type { Layers } from '../layers.ts';
import { drawOff, layOn, massOf } from '../layers.ts';
import type { Motor } from '../motor.ts';
import { waterOf } from './conditioner.ts';

const BRIM = 1.2;
/** The bed lies in slices of this share of it, each with its own temperature. */
const SLICE_SHARE = 0.06;
const GRATE_S = 0.8;
const COOLING_TAU_S = 25;
const STANDING_TAU_S = 3_600;
/** Pellets leave no cooler at ambient temperature. */
const APPROACH_C = 2;
/**
 * Water that evaporates per degree of cooling, as a share of the mass: 45 degC take out about 2.7
 * %.
 */
const EVAPORATION_PER_C = 0.0006;

/** The air damper travels so long, s. */
const DAMPER_S = 3;
/** Weak air: what a clogged cyclone lets through, as a share of all. */
const WEAK_AIR = 0.3;
/** The exhaust probe stands in the duct: warm air is drawn past it, or hardly any rises there. */
const DRAWN_SHARE = 0.35;
const RISEN_SHARE = 0.2;
const DRAWN_TAU_S = 20;
const RISEN_TAU_S = 90;
/** Pellets that smoulder heat the air to so much more; without air they die down. */
const EMBERS_C = 90;
const EMBERS_TAU_S = 30;
const EMBERS_OUT_TAU_S = 240;

interface CoolerState {
  bed: Layers;
  /** 0: the air damper is open, 1: shut. */
  damper: number;
  /** What smouldering pellets add to the exhaust, K. */
  emberC: number;
  discharging: boolean;
  grateS: number;
  exhaustC: number;
  productC: number;
  remainderMg: number;
}

type CoolerItem = Item<'cooler', CoolerState>;

/** Air through the bed, as a share of what its fan draws at full speed. */
function airShare(now: Step, item: CoolerItem): number {
  const fan = now.mill.byId.get(item.device.settings.fan)?.state as { motor: Motor } | undefined;
  const weak = now.faulty(item.id, 'weak-air') ? WEAK_AIR : 1;
  return ((fan?.motor.speedPct ?? 0) / 100) * weak * (1 - item.state.damper);
}

function stepDamper(now: Step, item: CoolerItem): void {
  if (now.faulty(item.id, 'stuck')) return;
  const moved = now.dtS / DAMPER_S;
  const wanted = now.on(item, 'DamperShut') ? 1 : 0;
  item.state.damper += Math.max(-moved, Math.min(moved, wanted - item.state.damper));
}

function stepEmbers(now: Step, item: CoolerItem, air: number): void {
  const { state } = item;
  const burns = now.faulty(item.id, 'fire') && state.bed.length > 0 && air > 0.05;
  state.emberC = burns
    ? lag(state.emberC, EMBERS_C, EMBERS_TAU_S, now.dtS)
    : lag(state.emberC, 0, EMBERS_OUT_TAU_S, now.dtS);
}

/** T = Tamb + dT x exp(-t/tau); the steam's water leaves with the heat (DOMAIN 6). */
function coolBed(now: Step, item: CoolerItem, air: number): void {
  const { state } = item;
  const water = waterOf(now.mill);
  const tauS = air > 0.05 ? COOLING_TAU_S / air : STANDING_TAU_S;
  const share = 1 - Math.exp(-now.dtS / tauS);
  for (const slice of state.bed) {
    const dropC = Math.max(0, temperatureOf(slice) - AMBIENT_C - APPROACH_C) * share;
    slice.heat -= dropC * slice.mg;
    if (air > 0.05) state.remainderMg += slice.mg * dropC * EVAPORATION_PER_C;
    if (state.remainderMg < 1) continue;
    const mg = extract(slice, water, state.remainderMg);
    book(now.mill.losses, `${item.id} evaporation`, water, mg);
    state.remainderMg -= Math.floor(state.remainderMg);
  }
  if (state.bed.some((slice) => slice.mg === 0)) {
    state.bed = state.bed.filter((slice) => slice.mg > 0);
  }
}

function stepGrate(now: Step, item: CoolerItem): void {
  const { state, device } = item;
  const wanted = now.on(item, 'DischargeCmd');
  state.grateS = wanted === state.discharging ? 0 : state.grateS + now.dtS;
  if (state.grateS >= GRATE_S) {
    state.discharging = wanted;
    state.grateS = 0;
  }
  const next = outletOf(item);
  if (!state.discharging || next === undefined) return;
  const mg = Math.round((device.settings.dischargeTPerH / 3.6) * MG_PER_KG * now.dtS);
  const out = drawOff(state.bed, Math.min(mg, roomAt(now, next)));
  if (out.mg === 0) return;
  state.productC = lag(state.productC, temperatureOf(out), 5, now.dtS);
  putInto(now, next, out);
}

function stepSensors(now: Step, item: CoolerItem, air: number): void {
  const { state } = item;
  const top = state.bed.at(-1);
  const hotC = top === undefined ? AMBIENT_C : temperatureOf(top);
  const drawn = air > 0.05;
  const shareC = (drawn ? DRAWN_SHARE : RISEN_SHARE) * (hotC - AMBIENT_C);
  const tauS = drawn ? DRAWN_TAU_S : RISEN_TAU_S;
  state.exhaustC = lag(state.exhaustC, AMBIENT_C + shareC + state.emberC, tauS, now.dtS);
  if (state.bed.length === 0) state.productC = lag(state.productC, AMBIENT_C, 300, now.dtS);
}

/** A counter-flow cooler: a bed cooled by the fan's air, let out by its grate. */
export const cooler: Behaviour<'cooler', CoolerState> = {
  pace: 'coarse',
  create: () => ({
    bed: [],
    damper: 0,
    emberC: 0,
    discharging: false,
    grateS: 0,
    exhaustC: AMBIENT_C,
    productC: AMBIENT_C,
    remainderMg: 0,
  }),
  step(now, item) {
    stepDamper(now, item);
    const air = airShare(now, item);
    stepEmbers(now, item, air);
    coolBed(now, item, air);
    stepGrate(now, item);
    stepSensors(now, item, air);
  },
  room: (_now, { state, device }) =>
    Math.max(0, Math.floor(device.settings.bedKg * MG_PER_KG * BRIM) - massOf(state.bed)),
  put(_now, { state, device }, parcel) {
    const sliceMg = device.settings.bedKg * MG_PER_KG * SLICE_SHARE;
    layOn(state.bed, parcel, sliceMg, sliceMg);
  },
  held: (state) => state.bed,
  measure({ state, device }, say) {
    say('DischargeFb', state.discharging);
    const pct = (100 * massOf(state.bed)) / (device.settings.bedKg * MG_PER_KG);
    say('LevelPct', rounded(pct, 1));
    say('ExhaustT', rounded(state.exhaustC, 1));
    say('ProductT', rounded(state.productC, 1));
    say('AirT', AMBIENT_C);
    say('DamperShutLS', state.damper > 0.98);
  },
};
