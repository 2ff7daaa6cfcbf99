import { wordOf } from '../faults/catalogue.ts';
import { blendOf, MG_PER_KG } from './blend.ts';
import { putInto, roomAt } from './flow.ts';
import type { MillState, Step, Truck } from './item.ts';
import { book, itemsOf, substanceOf } from './item.ts';

/** A truck tips so much, kg/s (a pit takes 120 t/h, DOMAIN 4). */
const TIPPING_KG_PER_S = 33;
/** A truck without its load, kg; and how long it stands on the weighbridge, s. */
const TARE_KG = 14_000;
const WEIGH_S = 40;
/** No more trucks than this fit in the yard. */
export const TRUCKS_MAX = 20;

/** Why a truck is turned away at the gate, for the person who sent it. */
export class TruckError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'TruckError';
  }
}

/**
 * Sends a truck to a pit (the mill's first unless named). Trucks tip one after another, as there is
 * room.
 * @throws {TruckError} for an unknown pit or material, or a full yard; the sender must act.
 */
export function sendTruck(
  state: MillState,
  load: {
    material: string;
    lot: string;
    kg: number;
    pit?: string | undefined;
    plate?: string | undefined;
  },
): void {
  const pits = state.mill.devices.filter(
    (one) => one.type === 'bin' && one.settings.kind === 'pit',
  );
  const pit = pits.find((one) => load.pit === undefined || one.id === load.pit);
  if (pit === undefined) {
    throw new TruckError(`no such pit; this mill has ${pits.map((one) => one.id).join(', ')}`);
  }
  if (!state.mill.materials.some((one) => one.code === load.material)) {
    throw new TruckError(`unknown material ${load.material}; use a code of the mill's materials`);
  }
  if (state.trucks.length >= TRUCKS_MAX) {
    throw new TruckError(`${TRUCKS_MAX} trucks wait already; try again when one has tipped`);
  }
  const weighed = state.byType.has('weighbridge');
  state.trucks.push({
    pit: load.plate === undefined || load.pit !== undefined ? pit.id : '',
    plate: load.plate ?? '',
    substance: substanceOf(state, load.material, load.lot),
    tareKg: TARE_KG,
    mg: Math.round(load.kg * MG_PER_KG),
    stage: weighed ? 'arriving' : 'tipping',
    bridge: null,
    weighS: 0,
  });
}

/** A driver with a plate stays on the bridge until it is told that it may go. */
function isToldToWait(now: Step, truck: Truck): boolean {
  const bridge = now.mill.byId.get(truck.bridge ?? '');
  return truck.plate !== '' && bridge !== undefined && !now.on(bridge, 'GoCmd');
}

/** The pit whose board shows this plate; empty: none does. */
function calledTo(now: Step, truck: Truck): string {
  const light = itemsOf(now.mill, ['pitLight']).find(
    (one) => now.on(one, 'PermitCmd') && now.text(one, 'PermitPlate') === truck.plate,
  );
  return light?.device.type === 'pitLight' ? light.device.settings.pit : '';
}

/** Trucks in the yard drive to the pit that calls them. */
function stepYard(now: Step): void {
  for (const truck of now.mill.trucks) {
    if (truck.stage !== 'waiting') continue;
    truck.pit = calledTo(now, truck);
    if (truck.pit !== '') truck.stage = 'tipping';
  }
}

/** A driver with a plate tips only while the light is green for it. */
function mayTip(now: Step, truck: Truck): boolean {
  if (truck.plate === '') return true;
  const lights = itemsOf(now.mill, ['pitLight']);
  const own = lights.some(
    ({ device }) => device.type === 'pitLight' && device.settings.pit === truck.pit,
  );
  return !own || calledTo(now, truck) === truck.pit;
}

/** Sends trucks onto bridges that are free, and off those that have weighed them. */
function stepBridges(now: Step): void {
  const { mill, dtS } = now;
  for (const truck of mill.trucks) {
    if (truck.stage !== 'arriving' && truck.stage !== 'leaving') continue;
    if (truck.bridge === null) {
      const free = itemsOf(mill, ['weighbridge']).find(
        ({ id }) => !mill.trucks.some((one) => one.bridge === id),
      );
      truck.bridge = free?.id ?? null;
      truck.weighS = WEIGH_S;
      continue;
    }
    truck.weighS -= dtS;
    if (truck.weighS > 0 || isToldToWait(now, truck)) continue;
    truck.bridge = null;
    if (truck.stage === 'leaving') truck.stage = 'gone';
    else truck.stage = truck.pit === '' ? 'waiting' : 'tipping';
  }
}

/** What comes out of a truck: what its ticket says, unless there is something wrong with it. */
function tipped({ mill }: Step, truck: Truck): number {
  const wrong = mill.faults.of(truck.pit, 'wrong-lot');
  if (wrong === undefined) return truck.substance;
  const told = mill.substances[truck.substance];
  return substanceOf(
    mill,
    wordOf(wrong, 'material') || (told?.material ?? ''),
    wordOf(wrong, 'lot'),
  );
}

/** A truck that has tipped leaves, over a weighbridge where there is one. */
function tip(mill: MillState, truck: Truck): void {
  truck.stage = mill.byType.has('weighbridge') ? 'leaving' : 'gone';
}

/** The first truck at each pit tips into it. */
export function stepTrucks(now: Step): void {
  const { mill } = now;
  if (mill.trucks.length === 0) return;
  stepBridges(now);
  stepYard(now);
  const busy = new Set<string>();
  for (const truck of mill.trucks) {
    if (truck.stage !== 'tipping') continue;
    const pit = mill.byId.get(truck.pit);
    if (pit === undefined || busy.has(truck.pit)) continue;
    busy.add(truck.pit);
    if (!mayTip(now, truck)) continue;
    const due = Math.round(TIPPING_KG_PER_S * MG_PER_KG * now.dtS);
    const mg = Math.min(due, truck.mg, roomAt(now, pit));
    if (mg <= 0) continue;
    const substance = tipped(now, truck);
    book(mill.sources, 'trucks', substance, mg);
    truck.mg -= mg;
    putInto(now, pit, blendOf(substance, mg));
    if (truck.mg === 0) tip(mill, truck);
  }
  if (mill.trucks.some((truck) => truck.stage === 'gone')) {
    mill.trucks = mill.trucks.filter((truck) => truck.stage !== 'gone');
  }
}
