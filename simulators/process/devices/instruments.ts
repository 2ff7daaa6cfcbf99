import type { Blend } from '../blend.ts';
import { emptyBlend, MG_PER_KG, pour, take } from '../blend.ts';
import { lag } from '../chance.ts';
import { outletOf, putInto, roomAt } from '../flow.ts';
import type { Behaviour, Item, MillState, Say, Step } from '../item.ts';
import { itemsOf, rounded } from '../item.ts';
import type { CarrierDriveState } from './carrier-drive.ts';
import type { FeederState } from './feeder.ts';

/** A terminal reports an overload from its capacity + 9 divisions on (OIML R 76, T.2.7). */
const OVERLOAD_DIVISIONS = 9;
const STEADY_S = 3;

interface WeighbridgeState {
  /** Load on the plate, kg, and how long it has not changed, s. */
  onKg: number;
  steadyS: number;
  /** Number plate of the truck on it. */
  plate: string;
}

function shown(kg: number, divisionKg: number): number {
  return Number((Math.round(kg / divisionKg) * divisionKg).toFixed(6)) + 0;
}

/** A truck scale: whoever stands on it, empty weight and load (see `trucks.ts`). */
export const weighbridge: Behaviour<'weighbridge', WeighbridgeState> = {
  pace: 'coarse',
  create: () => ({ onKg: 0, steadyS: STEADY_S, plate: '' }),
  step(now, { id, state }) {
    const truck = now.mill.trucks.find((one) => one.bridge === id);
    const onKg = truck === undefined ? 0 : truck.tareKg + truck.mg / MG_PER_KG;
    state.steadyS = onKg === state.onKg ? state.steadyS + now.dtS : 0;
    state.onKg = onKg;
    state.plate = truck?.plate ?? '';
  },
  measure({ state, device }, say) {
    const { divisionKg, capacityKg } = device.settings;
    say('Net', shown(state.onKg, divisionKg));
    say('Stable', state.steadyS >= STEADY_S);
    say('Zero', state.onKg < divisionKg / 2);
    say('Overload', state.onKg > capacityKg + OVERLOAD_DIVISIONS * divisionKg);
    say('Occupied', state.onKg > 0);
    say('Plate', state.plate);
  },
};

/**
 * A person weighs, opens the hatch as soon as the lamp permits it, tips, and confirms; each takes a
 * while, s.
 */
const WEIGH_S = 6;
const TIP_S = 4;
const CONFIRM_S = 3;

export interface HandAddState {
  content: Blend;
  /** Since the sack was put on the platform, s; 0 while nobody is there. */
  sinceS: number;
}

type HandAddItem = Item<'handAdd', HandAddState>;

/** The mixer below the hatch: where product flows to, else that of its area. */
export function mixerBelow(mill: MillState, item: Item): Item | undefined {
  const { area } = item.device;
  return outletOf(item) ?? itemsOf(mill, ['mixer']).find(({ device }) => device.area === area);
}

function stepHandAdd(now: Step, item: HandAddItem): void {
  const { state } = item;
  if (state.content.mg === 0 && state.sinceS === 0) return;
  const waits = state.sinceS + now.dtS > WEIGH_S && state.sinceS <= WEIGH_S;
  state.sinceS = waits && !now.on(item, 'TipPermit') ? WEIGH_S : state.sinceS + now.dtS;
  const next = mixerBelow(now.mill, item);
  if (isOpen(state) && next !== undefined && state.content.mg > 0) {
    const due = take(state.content, Math.min(state.content.mg, roomAt(now, next)));
    if (due.mg > 0) putInto(now, next, due);
  }
  const done = state.sinceS > WEIGH_S + TIP_S + CONFIRM_S;
  if (done && state.content.mg === 0) state.sinceS = 0;
}

function isOpen({ sinceS }: HandAddState): boolean {
  return sinceS > WEIGH_S && sinceS <= WEIGH_S + TIP_S;
}

/** A platform scale beside the mixer's hatch; what is put on it comes by the control port. */
export const handAdd: Behaviour<'handAdd', HandAddState> = {
  pace: 'coarse',
  create: () => ({ content: emptyBlend(), sinceS: 0 }),
  step: stepHandAdd,
  put: (_now, { state }, parcel) => pour(state.content, parcel),
  held: (state) => [state.content],
  measure({ state, device }, say) {
    const { divisionKg, capacityKg } = device.settings;
    const kg = state.content.mg / MG_PER_KG;
    const { sinceS } = state;
    say('Net', shown(kg, divisionKg));
    say('Stable', sinceS === 0 || (sinceS > STEADY_S && !isOpen(state)));
    say('Zero', kg < divisionKg / 2);
    say('Overload', kg > capacityKg + OVERLOAD_DIVISIONS * divisionKg);
    say('HatchOpen', isOpen(state));
    say('Confirm', sinceS > WEIGH_S + TIP_S && state.content.mg === 0);
  },
};

/** Tanks are held at this so that fat stays liquid, degC. */
const TANK_C = 45;

interface FlowMeterState {
  kgPerH: number;
}

/** What a pump passes now, kg/s, and has passed since the mill was new, mg. */
function passed(mill: MillState, pump: string): { kgPerS: number; totalMg: number } {
  const item = mill.byId.get(pump);
  if (item === undefined) return { kgPerS: 0, totalMg: 0 };
  if (item.device.type === 'feeder') {
    const { flowKgPerS, totalMg } = item.state as FeederState;
    return { kgPerS: flowKgPerS, totalMg };
  }
  const { throughputKgPerS, totalMg } = item.state as CarrierDriveState;
  return { kgPerS: throughputKgPerS, totalMg };
}

interface Metered {
  readonly device: { readonly settings: { readonly pump: string } };
  readonly state: FlowMeterState;
}

function stepMeter(now: Step, { device, state }: Metered): void {
  const { kgPerS } = passed(now.mill, device.settings.pump);
  state.kgPerH = lag(state.kgPerH, 3600 * kgPerS, 0.5, now.dtS);
}

function sayMeter({ device, state }: Metered, say: Say, mill: MillState): void {
  say('FlowKgPerH', state.kgPerH < 0.5 ? 0 : rounded(state.kgPerH, 0));
  say('TotalKg', rounded(passed(mill, device.settings.pump).totalMg / MG_PER_KG, 2));
  say('LiquidT', TANK_C);
}

/** A mass flow meter behind a pump: what the pump has passed, and how fast. */
export const flowMeter: Behaviour<'flowMeter', FlowMeterState> = {
  pace: 'coarse',
  create: () => ({ kgPerH: 0 }),
  step: (now, item) => stepMeter(now, item),
  measure: (item, say, mill) => sayMeter(item, say, mill),
};

/** A pulse counter goes on from 0 behind this. */
const PULSES_MAX = 4_294_967_296;

/** The same with a pulse for each so many grams. */
export const doseMeter: Behaviour<'doseMeter', FlowMeterState> = {
  pace: 'coarse',
  create: () => ({ kgPerH: 0 }),
  step: (now, item) => stepMeter(now, item),
  measure(item, say, mill) {
    sayMeter(item, say, mill);
    const { pump, kgPerPulse } = item.device.settings;
    const pulses = Math.floor(passed(mill, pump).totalMg / MG_PER_KG / kgPerPulse);
    say('Pulses', pulses % PULSES_MAX);
  },
};
