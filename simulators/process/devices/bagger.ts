import { BAG_WEIGHT_SLOTS } from '../../../plc/mill/types/process.ts';
import type { Blend } from '../blend.ts';
import { emptyBlend, MG_PER_KG, pour, take } from '../blend.ts';
import { normal, shareOfName } from '../chance.ts';
import type { Behaviour, Item, Step } from '../item.ts';
import { hasFault, lose, rounded } from '../item.ts';
import { backsUp } from './packing.ts';

/** The hopper above the scale holds so many bags. */
const HOPPER_BAGS = 6;
/**
 * Coarse fill to 75 % in the first, fine in the second part of a cycle, then settle and change
 * bags.
 */
const COARSE_TO = 0.75;
const COARSE_TIME = 0.4;
const FINE_TIME = 0.25;
/** Starved: asked to fill, and product for a bag missing for so long. */
const STARVED_S = 10;
/** A rest too small for a bag is taken out by hand when the machine stood disabled for so long. */
const REST_S = 60;
/** A bag needs a little more in the hopper than its weight, or the last of it trickles. */
const RESERVE = 1.01;
const MG_PER_G = 1000;

type Phase = 'waiting' | 'filling' | 'changing';

export interface BaggerState {
  hopper: Blend;
  bag: Blend;
  phase: Phase;
  phaseS: number;
  /** What this bag will weigh: the set weight and the error of the cut-off. */
  goalMg: number;
  bagCount: number;
  totalG: number;
  /**
   * Net weights of the last eight bags, g. The bag that made the count n lies in slot n modulo 8.
   */
  slotsG: number[];
  starvedS: number;
  idleS: number;
}

type BaggerItem = Item<'bagger', BaggerState>;

function createBagger(): BaggerState {
  return {
    hopper: emptyBlend(),
    bag: emptyBlend(),
    phase: 'waiting',
    phaseS: 0,
    goalMg: 0,
    bagCount: 0,
    totalG: 0,
    slotsG: Array.from({ length: BAG_WEIGHT_SLOTS }, () => 0),
    starvedS: 0,
    idleS: 0,
  };
}

/** One sigma of a bag's weight, g: 20-50, fixed for each machine (DOMAIN 4). */
function sigmaG(id: string): number {
  return 20 + 30 * shareOfName(id);
}

function setPhase(state: BaggerState, phase: Phase): void {
  state.phase = phase;
  state.phaseS = 0;
}

function waitForBag(now: Step, item: BaggerItem, enabled: boolean): void {
  const { state } = item;
  const targetMg = now.number(item, 'TargetKg') * MG_PER_KG;
  if (!enabled || targetMg <= 0) {
    state.starvedS = 0;
    return;
  }
  if (state.hopper.mg < targetMg * RESERVE) {
    state.starvedS += now.dtS;
    return;
  }
  state.starvedS = 0;
  const errorMg = sigmaG(item.id) * MG_PER_G * normal(now.mill.chance);
  state.goalMg = Math.round(Math.min(state.hopper.mg, Math.max(targetMg / 2, targetMg + errorMg)));
  setPhase(state, 'filling');
}

/** Share of a bag that should be in it so long after its fill began. */
function fillShare(phaseS: number, cycleS: number): number {
  const share = phaseS / cycleS;
  if (share < COARSE_TIME) return (COARSE_TO * share) / COARSE_TIME;
  return Math.min(1, COARSE_TO + ((1 - COARSE_TO) * (share - COARSE_TIME)) / FINE_TIME);
}

function fillBag(item: BaggerItem, cycleS: number): void {
  const { state } = item;
  const due = Math.round(state.goalMg * fillShare(state.phaseS, cycleS)) - state.bag.mg;
  pour(state.bag, take(state.hopper, due));
  if (state.bag.mg >= state.goalMg) setPhase(state, 'changing');
}

function dropBag(now: Step, item: BaggerItem): void {
  const { state, device } = item;
  const division = device.settings.divisionKg * 1000;
  const weightG = Math.round(state.bag.mg / MG_PER_G / division) * division;
  state.bagCount = (state.bagCount + 1) % 4_294_967_296;
  state.totalG = (state.totalG + Math.round(weightG)) % 4_294_967_296;
  state.slotsG[state.bagCount % BAG_WEIGHT_SLOTS] = Math.round(weightG);
  now.mill.bags.count++;
  pour(now.mill.bags.content, state.bag);
  setPhase(state, 'waiting');
}

/** What is too little for a bag goes into a rest sack, so that the next lot starts clean. */
function takeOutRest(now: Step, item: BaggerItem, enabled: boolean): void {
  const { state, device } = item;
  state.idleS = enabled || state.phase !== 'waiting' ? 0 : state.idleS + now.dtS;
  if (state.idleS < REST_S || state.hopper.mg >= device.settings.bagKg * MG_PER_KG * RESERVE)
    return;
  lose(now.mill, `${item.id} rest sack`, take(state.hopper, state.hopper.mg));
}

/**
 * A gross bag filler: coarse to 75 %, fine, settle, change; counts and remembers what it filled.
 */
export const bagger: Behaviour<'bagger', BaggerState> = {
  pace: 'fine',
  create: () => createBagger(),
  step(now, item) {
    const { state, device } = item;
    const blocked = now.faulty(item.id, 'blocked') || backsUp(now.mill, item.id);
    const stopped = now.faulty(item.id, 'machine-fault') || blocked;
    const enabled = now.on(item, 'Enable') && !stopped;
    takeOutRest(now, item, now.on(item, 'Enable'));
    // A bag that was begun is finished; a fault leaves it hanging on the spout until it is cleared.
    if (stopped) return;
    const cycleS = 3600 / device.settings.bagsPerHour;
    state.phaseS += now.dtS;
    if (state.phase === 'waiting') waitForBag(now, item, enabled);
    else if (state.phase === 'filling') fillBag(item, cycleS);
    else if (state.phaseS >= cycleS * (1 - COARSE_TIME - FINE_TIME)) dropBag(now, item);
  },
  room: (_now, { state, device }) =>
    Math.max(0, Math.floor(device.settings.bagKg * HOPPER_BAGS * MG_PER_KG) - state.hopper.mg),
  put: (_now, { state }, parcel) => pour(state.hopper, parcel),
  held: (state) => [state.hopper, state.bag],
  measure({ id, state }, say, mill) {
    say('Filling', state.phase !== 'waiting');
    say('Starved', state.starvedS >= STARVED_S);
    say('Blocked', hasFault(mill, id, 'blocked') || backsUp(mill, id));
    say('Fault', hasFault(mill, id, 'machine-fault'));
    say('BagCount', state.bagCount);
    say('TotalG', state.totalG);
    say('HopperKg', rounded(state.hopper.mg / MG_PER_KG, 2));
    state.slotsG.forEach((weightG, slot) => {
      say(`BagG${slot}`, weightG);
    });
  },
};
