import { blendOf, MG_PER_KG } from './blend.ts';
import type { BinState } from './devices/bin.ts';
import type { HandAddState } from './devices/instruments.ts';
import { mixerBelow } from './devices/instruments.ts';
import { spoutsOf } from './devices/load-out.ts';
import type { Item, MillState } from './item.ts';
import { book, itemsOf, substanceOf } from './item.ts';
import { layOn } from './layers.ts';
import { wake } from './roster.ts';
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

/**
 * A person tips sacks into a bin through its hatch, as far as they fit.
 * @returns what went in, kg.
 * @throws {TruckError} for an unknown bin or material.
 */
export function fillByHand(
  state: MillState,
  sacks: { material: string; lot: string; kg: number; bin: string },
): number {
  const bin = state.byId.get(sacks.bin);
  if (bin?.device.type !== 'bin') throw new TruckError(`no bin ${sacks.bin} to tip sacks into`);
  if (!state.mill.materials.some(({ code }) => code === sacks.material)) {
    throw new TruckError(`unknown material ${sacks.material}; use a code of the mill's materials`);
  }
  const room = bin.device.settings.capacityKg * MG_PER_KG - heldMg(bin);
  const mg = Math.max(0, Math.floor(Math.min(sacks.kg * MG_PER_KG, room)));
  const substance = substanceOf(state, sacks.material, sacks.lot);
  book(state.sources, 'by hand', substance, mg);
  wake(state, bin);
  if (mg > 0) layOn((bin.state as BinState).layers, blendOf(substance, mg), 0);
  (bin.state as BinState).inMg += mg;
  return mg / MG_PER_KG;
}

function heldMg(item: Item): number {
  return (item.behaviour.held?.(item.state) ?? []).reduce((sum, { mg }) => sum + mg, 0);
}
