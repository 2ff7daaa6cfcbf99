import type { Blend } from '../blend.ts';
import { AMBIENT_C, blendOf, MG_PER_KG, pour, temperatureOf } from '../blend.ts';
import { leavingC } from '../carrier.ts';
import { lag } from '../chance.ts';
import type { MillState, Step } from '../item.ts';
import { book, substanceOf } from '../item.ts';
import type { CarrierDriveState } from './carrier-drive.ts';

/** Heat that condensing steam gives, kJ/kg, and that mash takes up, kJ/kgK (DOMAIN 6). */
const STEAM_KJ_PER_KG = 2400;
const MASH_KJ_PER_KG_K = 1.95;
/** Above this steam no longer condenses on the mash and blows through. */
const CONDENSING_C_MAX = 99;
const SENSOR_TAU_S = 10;

/** Water that steam leaves in the product; the cooler takes most of it out again. */
export function waterOf(mill: MillState): number {
  return substanceOf(mill, 'WATER', 'STEAM');
}

/**
 * Condenses this step's steam on the product just picked up: it warms, and gains the steam's mass.
 */
export function condense(now: Step, steamKgPerS: number, parcel: Blend): void {
  const warmable = CONDENSING_C_MAX - temperatureOf(parcel);
  const steamMgMax = (parcel.mg * warmable * MASH_KJ_PER_KG_K) / STEAM_KJ_PER_KG;
  const mg = Math.floor(Math.min(steamKgPerS * MG_PER_KG * now.dtS, steamMgMax));
  if (mg <= 0) return;
  const water = waterOf(now.mill);
  const warmedC = temperatureOf(parcel) + (mg * STEAM_KJ_PER_KG) / (parcel.mg * MASH_KJ_PER_KG_K);
  book(now.mill.sources, 'steam', water, mg);
  pour(parcel, blendOf(water, mg));
  parcel.heat = parcel.mg * warmedC;
}

/** The sensor at the outlet: of the product that leaves, or of the empty shell. */
export function stepConditioner(now: Step, state: CarrierDriveState): void {
  const productC = leavingC(state.carrier);
  if (productC !== null) state.outletC = lag(state.outletC, productC, SENSOR_TAU_S, now.dtS);
  else {
    const shellC = state.steamKgPerS > 0 ? 100 : AMBIENT_C;
    state.outletC = lag(state.outletC, shellC, 90, now.dtS);
  }
}
