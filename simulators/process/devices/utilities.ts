import { AMBIENT_C } from '../blend.ts';
import { lag, wander } from '../chance.ts';
import type { Behaviour, Item, MillState, Step } from '../item.ts';
import { hasFault, itemsOf, rounded } from '../item.ts';
import type { Motor } from '../motor.ts';
import type { CarrierDriveState } from './carrier-drive.ts';
import { meteredBy } from './metered.ts';

/** A clean bag filter at full air, mbar; its dust adds up to so much more. */
const CLEAN_MBAR = 4;
const CAKE_MBAR = 18;
/** A pulse takes this share of the cake off, and goes on for so long, s. */
const PULSE_SHARE = 0.6;
const PULSE_S = 8;
/** Cake for each tonne of product that moves in its area, as a share of a full one. */
const CAKE_PER_T = 0.02;

interface FilterState {
  /** Dust on the bags, 0 clean, 1 as much as they can hold. */
  cake: number;
  pulseS: number;
  diffMbar: number;
}

type FilterItem = Item<'filter', FilterState>;

function motorOf(mill: MillState, id: string): Motor | undefined {
  return (mill.byId.get(id)?.state as { motor?: Motor } | undefined)?.motor;
}

/** What moves product in each area of one simulated mill, found once for each. */
const MOVING = new WeakMap<MillState['byId'], ReadonlyMap<string, readonly Item[]>>();

function movingIn(mill: MillState, area: string): readonly Item[] {
  const known =
    MOVING.get(mill.byId) ??
    Map.groupBy(
      itemsOf(mill, ['conveyor', 'elevator', 'hammerMill', 'press']),
      (item) => item.device.area,
    );
  MOVING.set(mill.byId, known);
  return known.get(area) ?? [];
}

/** Product that moves in an area, kg/s: what makes its dust. */
function movingKgPerS(mill: MillState, area: string): number {
  let sum = 0;
  for (const item of movingIn(mill, area)) {
    sum += (item.state as CarrierDriveState).throughputKgPerS;
  }
  return sum;
}

function stepFilter(now: Step, item: FilterItem): void {
  const { state, device } = item;
  const air = (motorOf(now.mill, device.settings.fan)?.speedPct ?? 0) / 100;
  const dust = (movingKgPerS(now.mill, device.area) * CAKE_PER_T * now.dtS) / 1000;
  state.cake = Math.min(1, state.cake + dust * air);
  state.pulseS = Math.max(0, state.pulseS - now.dtS);
  if (state.pulseS > 0) state.cake *= 1 - (PULSE_SHARE * now.dtS) / PULSE_S;
  const blinded = now.faulty(item.id, 'blinded');
  // Bags that are blinded cannot be blown free: the cake grows as in days.
  if (blinded) state.cake = Math.min(1.5, state.cake + 0.01 * air * now.dtS);
  else if (now.on(item, 'CleanCmd') && state.pulseS === 0 && hasAir(now.mill)) {
    state.pulseS = PULSE_S;
  }
  const burst = now.faulty(item.id, 'burst-vent') || now.faulty(item.id, 'isolated');
  const target = burst ? 0 : air * air * (CLEAN_MBAR + CAKE_MBAR * state.cake);
  state.diffMbar = lag(state.diffMbar, target, 3, now.dtS);
}

/** A bag filter: its pressure rises with the dust of its area, commanded pulses bring it down. */
export const filter: Behaviour<'filter', FilterState> = {
  pace: 'coarse',
  create: () => ({ cake: 0.1, pulseS: 0, diffMbar: 0 }),
  step: stepFilter,
  measure({ id, state }, say, mill) {
    say('DiffMbar', rounded(state.diffMbar, 1));
    say('Cleaning', state.pulseS > 0);
    // The dust is so little beside the product that the ledger leaves it in.
    say('HopperHigh', state.cake > 1.2);
    say('VentBurst', hasFault(mill, id, 'burst-vent'));
    say('Isolated', hasFault(mill, id, 'isolated'));
  },
};

interface BoilerState {
  bar: number;
  firingPct: number;
  takenKgPerH: number;
  waterPct: number;
  flueC: number;
}

/** Steam stored in a boiler, as the time that full firing takes for a change of 1 bar, s. */
const BAR_S = 45;
const FIRING_TAU_S = 20;

/** Steam that the conditioners take, kg/h. */
function steamTaken(mill: MillState): number {
  let kgPerS = 0;
  for (const item of itemsOf(mill, ['motor'])) {
    kgPerS += (item.state as CarrierDriveState).steamKgPerS;
  }
  return 3600 * kgPerS;
}

/** A boiler with its own burner control: pressure sags when steam is taken faster than it fires. */
export const boiler: Behaviour<'boiler', BoilerState> = {
  pace: 'coarse',
  create: ({ settings }) => ({
    bar: settings.pressureBar,
    firingPct: 0,
    takenKgPerH: 0,
    waterPct: 60,
    flueC: 60,
  }),
  step(now, { id, state, device }) {
    const { steamKgPerH, pressureBar } = device.settings;
    const boilers = itemsOf(now.mill, ['boiler']).length;
    state.takenKgPerH = lag(state.takenKgPerH, steamTaken(now.mill) / boilers, 2, now.dtS);
    const want = now.faulty(id, 'trip') ? 0 : 100 * (pressureBar + 0.5 - state.bar);
    const firing = Math.max(0, Math.min(100, want));
    state.firingPct = lag(state.firingPct, firing, FIRING_TAU_S, now.dtS);
    const balance = state.firingPct / 100 - state.takenKgPerH / steamKgPerH - 0.01;
    state.bar = Math.max(0, Math.min(pressureBar * 1.1, state.bar + (balance * now.dtS) / BAR_S));
    const shrink = 60 - (10 * state.takenKgPerH) / steamKgPerH;
    state.waterPct = lag(state.waterPct, shrink, 60, now.dtS);
    state.flueC = lag(state.flueC, 60 + 1.6 * state.firingPct, 40, now.dtS);
  },
  measure({ id, state }, say, mill) {
    say('RunFb', !hasFault(mill, id, 'trip'));
    say('Trip', hasFault(mill, id, 'trip'));
    say('WaterLow', state.waterPct < 35);
    say('PressureBar', rounded(state.bar, 2));
    say('SteamKgPerH', rounded(state.takenKgPerH, 0));
    say('WaterPct', rounded(state.waterPct, 1));
    say('FlueT', rounded(state.flueC, 1));
  },
};

/** Share of their steam that the presses get: all of it, until the boilers' pressure is low. */
export function steamShare(mill: MillState): number {
  const boilers = itemsOf(mill, ['boiler']);
  if (boilers.length === 0) return 1;
  const pressures = boilers.map((item) => {
    const { state, device } = item as Item<'boiler', BoilerState>;
    return state.bar / device.settings.lowBar;
  });
  return Math.max(0, Math.min(1, Math.max(...pressures)));
}

interface CompressorState {
  bar: number;
  loaded: boolean;
  runHours: number;
  loadPct: number;
  outletC: number;
}

/** Bar per second, loaded and used; gates take the more the more of them move. */
const FILL_BAR_PER_S = 0.05;
const USE_BAR_PER_S = 0.015;
const BAND_BAR = 0.3;
/** One that stands by loads this much lower than the one that leads, bar. */
const STANDBY_BAR = 0.7;

interface AirNetState {
  bar: number;
}

/** The header that a compressor feeds; where the mill lists none it feeds its own vessel. */
function netOf(mill: MillState, id: string): Item<'airNet', AirNetState> | undefined {
  const nets = itemsOf(mill, ['airNet']) as readonly Item<'airNet', AirNetState>[];
  return nets.find(({ device }) => device.settings.compressors.includes(id));
}

/** A screw compressor that loads and unloads within its band, by the pressure that it feels. */
export const compressor: Behaviour<'compressor', CompressorState> = {
  pace: 'coarse',
  create: ({ settings }) => ({
    bar: settings.pressureBar,
    loaded: false,
    runHours: 0,
    loadPct: 0,
    outletC: AMBIENT_C,
  }),
  step(now, item) {
    const { id, state, device } = item;
    const net = netOf(now.mill, id);
    const isStandby = net !== undefined && !now.on(item, 'SetLead');
    const setBar = device.settings.pressureBar - (isStandby ? STANDBY_BAR : 0);
    const runs = !now.faulty(id, 'trip');
    if (!runs || state.bar > setBar + BAND_BAR) state.loaded = false;
    else if (state.bar < setBar - BAND_BAR) state.loaded = true;
    const fill = state.loaded ? FILL_BAR_PER_S : 0;
    if (net === undefined) state.bar = Math.max(0, state.bar + (fill - USE_BAR_PER_S) * now.dtS);
    else state.bar = net.state.bar;
    state.loadPct = lag(state.loadPct, state.loaded ? 100 : 0, 1, now.dtS);
    state.outletC = lag(state.outletC, runs ? AMBIENT_C + 45 : AMBIENT_C, 120, now.dtS);
    if (runs) state.runHours += now.dtS / 3600;
  },
  measure({ id, state }, say, mill) {
    say('RunFb', !hasFault(mill, id, 'trip'));
    say('Trip', hasFault(mill, id, 'trip'));
    say('PressureBar', rounded(state.bar, 2));
    say('LoadPct', rounded(state.loadPct, 0));
    say('OutletT', rounded(state.outletC, 1));
    say('RunHours', rounded(state.runHours, 2));
  },
};

/** The header: what its compressors give and the mill takes. */
export const airNet: Behaviour<'airNet', AirNetState> = {
  pace: 'coarse',
  create: ({ settings }) => ({ bar: settings.pressureBar }),
  step(now, { state, device }) {
    const loaded = device.settings.compressors.filter((id) => {
      const found = now.mill.byId.get(id)?.state as CompressorState | undefined;
      return found?.loaded === true;
    });
    const gain = loaded.length * FILL_BAR_PER_S - USE_BAR_PER_S;
    state.bar = Math.max(0, state.bar + gain * now.dtS);
  },
  measure({ state }, say) {
    say('PressureBar', rounded(state.bar, 2));
  },
};

/** True while the net has air enough to move a gate; a mill without a compressor always has. */
export function hasAir(mill: MillState): boolean {
  const compressors = itemsOf(mill, ['compressor']);
  return (
    compressors.length === 0 ||
    compressors.some((item) => {
      const { state, device } = item as Item<'compressor', CompressorState>;
      return state.bar >= device.settings.lowBar / 2;
    })
  );
}

interface EnergyMeterState {
  kW: number;
  kWh: number;
  volts: number;
}

const PHASE_V = 230;
const POWER_FACTOR = 0.85;
/** Light and control of an area, kW. */
const BASE_KW = 1;

/** Sums the power of the drives that it feeds (see `metered.ts`). */
export const energyMeter: Behaviour<'energyMeter', EnergyMeterState> = {
  pace: 'coarse',
  create: () => ({ kW: BASE_KW, kWh: 0, volts: 0 }),
  step(now, { state, device }) {
    let kW = BASE_KW;
    for (const drive of meteredBy(now.mill, device.id)) {
      const { amps } = (drive.state as { motor: Motor }).motor;
      const { ratedAmps, ratedKw } = drive.device.settings as {
        ratedAmps: number;
        ratedKw: number;
      };
      kW += (amps / ratedAmps) * ratedKw;
    }
    state.kW = kW;
    state.kWh += (kW * now.dtS) / 3600;
    state.volts = wander(now.mill.chance, state.volts, 1.5, 30, now.dtS);
  },
  measure({ state }, say) {
    const amps = (state.kW * 1000) / (3 * PHASE_V * POWER_FACTOR);
    say('kW', rounded(state.kW, 1));
    say('kWh', rounded(state.kWh, 1));
    say('PF', POWER_FACTOR);
    [1, 2, 3].forEach((phase) => {
      say(`V${phase}`, rounded(PHASE_V + state.volts + 0.4 * phase, 1));
      say(`A${phase}`, rounded(amps * (1 + 0.01 * (phase - 2)), 1));
    });
  },
};
