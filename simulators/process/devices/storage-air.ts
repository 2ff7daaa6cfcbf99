import { AMBIENT_C } from '../blend.ts';
import { lag, shareOfName } from '../chance.ts';
import type { Behaviour, MillState } from '../item.ts';
import { rounded } from '../item.ts';
import type { Motor } from '../motor.ts';

const CABLE_POINTS = 8;
/** Grain insulates: left alone it takes days; a nest of mould warms faster. */
const GRAIN_TAU_S = 10 * 86_400;
const NEST_TAU_S = 1_800;
const NEST_C = 52;
const NEST_POINT = 4;
/** Air that is blown through cools the lowest point first, each one above it later. */
const AERATION_TAU_S = 30 * 3_600;
const LATER_PER_POINT = 0.25;

const DAY_MS = 86_400_000;
/** The simulated mill is new at six in the morning; the day is warmest at three. */
const START_MS = 6 * 3_600_000;
const MEAN_AT_MS = 9 * 3_600_000;
const AIR_SWING_C = 4.5;
const HUMIDITY_PCT = 75;
const HUMIDITY_SWING_PCT = 17;

/** The outside air of the simulated day: damp and cool at night, dry and warm after noon. */
function airAt(timeMs: number): { readonly airC: number; readonly humidityPct: number } {
  const swing = Math.sin((2 * Math.PI * (timeMs + START_MS - MEAN_AT_MS)) / DAY_MS);
  return {
    airC: AMBIENT_C + AIR_SWING_C * swing,
    humidityPct: HUMIDITY_PCT - HUMIDITY_SWING_PCT * swing,
  };
}

/** Temperature and humidity of the outside air. */
export const weatherStation: Behaviour<'weatherStation'> = {
  pace: 'coarse',
  create: () => ({}),
  step: () => undefined,
  measure(_item, say, { timeMs }) {
    const { airC, humidityPct } = airAt(timeMs);
    say('AirT', rounded(airC, 1));
    say('AirHumidityPct', rounded(humidityPct, 0));
  },
};

/** What grain at a point of a cable has, degC; fixed for each. */
function placeC(cable: string, point: number): number {
  return AMBIENT_C - 1 + 3 * shareOfName(`${cable}${point}`);
}

function airShare(mill: MillState, fan: string | undefined): number {
  const state = fan === undefined ? undefined : mill.byId.get(fan)?.state;
  return state === undefined ? 0 : (state as { readonly motor: Motor }).motor.speedPct / 100;
}

interface CableState {
  pointsC: number[];
  /** What each point is drawn to while no air is blown, degC. */
  placesC: number[];
}

/** A temperature cable: grain keeps its own temperature, a nest warms, air from a fan cools. */
export const temperatureCable: Behaviour<'temperatureCable', CableState> = {
  pace: 'coarse',
  create(device) {
    const placesC = Array.from({ length: CABLE_POINTS }, (_, at) => placeC(device.id, at));
    return { pointsC: [...placesC], placesC };
  },
  step(now, { id, state, device }) {
    const nest = now.faulty(id, 'hot-spot');
    const air = airShare(now.mill, device.settings.aeration?.fan);
    const airC = air > 0 ? airAt(now.mill.timeMs).airC : AMBIENT_C;
    state.pointsC = state.pointsC.map((pointC, point) => {
      const near = Math.max(0, 1 - Math.abs(point - NEST_POINT) / 2);
      const heated =
        nest && near > 0
          ? lag(pointC, AMBIENT_C + near * (NEST_C - AMBIENT_C), NEST_TAU_S, now.dtS)
          : lag(pointC, state.placesC[point] ?? AMBIENT_C, GRAIN_TAU_S, now.dtS);
      const tauS = (AERATION_TAU_S * (1 + LATER_PER_POINT * point)) / Math.max(air, 0.01);
      return air > 0.01 ? lag(heated, airC, tauS, now.dtS) : heated;
    });
  },
  measure({ state }, say) {
    state.pointsC.forEach((pointC, point) => {
      say(`T${point + 1}`, rounded(pointC, 1));
    });
    say('MaxT', rounded(Math.max(...state.pointsC), 1));
  },
};
