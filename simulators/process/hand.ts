import { blendOf, MG_PER_KG } from './blend.ts';
import type { HandAddState } from './devices/instruments.ts';
import { mixerBelow } from './devices/instruments.ts';
import { spoutsOf } from './devices/load-out.ts';
import type { MillState } from './item.ts';
import { book, itemsOf, substanceOf } from './item.ts';
import { TruckError } from './trucks.ts';

/** No more bulk trucks than this wait for a spout. */
const WAITING_MAX = 10;

/**
 * A person weighs a sack by hand, tips it into the hatch and confirms.
 * @throws {TruckError} for an unknown place or material, or while another sack is there.
 */
export function addByHand(
  state: MillState,
  sack: { material: string; lot: string; kg: number; device: string },
): void {
  const places = itemsOf(state, ['handAdd']);
  const place = places.find(({ id }) => id === sack.device);
  if (place === undefined || mixerBelow(state, place) === undefined) {
    const known = places.map(({ id }) => id).join(', ');
    throw new TruckError(`no hand-add ${sack.device} over a mixer; this mill has ${known}`);
  }
  if (!state.mill.materials.some(({ code }) => code === sack.material)) {
    throw new TruckError(`unknown material ${sack.material}; use a code of the mill's materials`);
  }
  const there = place.state as HandAddState;
  if (there.sinceS > 0 || there.content.mg > 0) throw new TruckError('a sack is there; try again');
  const substance = substanceOf(state, sack.material, sack.lot);
  const mg = Math.round(sack.kg * MG_PER_KG);
  book(state.sources, 'hand-add', substance, mg);
  there.content = blendOf(substance, mg);
  there.sinceS = 0.001;
}

/**
 * Sends a bulk truck to a spout; it takes its turn.
 * @throws {TruckError} for an unknown spout, or when too many wait.
 */
export function sendBulkTruck(
  state: MillState,
  truck: { spout: string; name: string; compartments: number; kg: number },
): void {
  const spouts = spoutsOf(state);
  const spout = spouts.find(({ id }) => id === truck.spout);
  if (spout === undefined) {
    const known = spouts.map(({ id }) => id).join(', ');
    throw new TruckError(`no load-out ${truck.spout}; this mill has ${known}`);
  }
  const { waiting } = spout.state;
  if (waiting.length >= WAITING_MAX) throw new TruckError(`${WAITING_MAX} trucks wait already`);
  const kg = Math.min(truck.kg, spout.device.settings.compartmentKgMax);
  const compartmentMg = Math.floor(kg * MG_PER_KG);
  waiting.push({ name: truck.name, compartments: truck.compartments, compartmentMg });
}
