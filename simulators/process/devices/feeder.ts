import { MG_PER_KG, pour, take } from '../blend.ts';
import type { Carrier } from '../carrier.ts';
import { blendsOf, carry, createCarrier, pick } from '../carrier.ts';
import { shareOfName, wander } from '../chance.ts';
import { drawFor, headFor, landingOf } from '../flow.ts';
import type { Behaviour, Item, Step } from '../item.ts';
import { lose, rounded } from '../item.ts';
import type { Motor } from '../motor.ts';
import { createMotor, isResting, measureMotor, stepMotor } from '../motor.ts';

/** Product falls for 0.4-0.9 s, each screw for its own time (DOMAIN 6). */
const FALL_S_MIN = 0.4;
const FALL_S_SPREAD = 0.5;
const CELLS = 10;
/** Flow wanders by +-3 %, two standard deviations. */
const NOISE_SIGMA = 0.015;
const NOISE_TAU_S = 1;
const RAMP_UP_HZ_PER_S = 100;
const RAMP_DOWN_HZ_PER_S = 200;
/** A spout that cannot discharge holds so many seconds of full flow; then the screw jams. */
const SPOUT_S = 3;
const JAM_S = 5;
/** Someone clears the spout of a jammed screw by hand when it has stood for that long, s. */
const HAND_CLEAR_S = 60;

export interface FeederState {
  motor: Motor;
  hz: number;
  air: Carrier;
  noise: number;
  /** What rounding to milligrams left over, mg. */
  remainderMg: number;
  /** What it draws now, kg/s, and has drawn since the mill was new, mg. */
  flowKgPerS: number;
  totalMg: number;
  jamS: number;
  standingS: number;
}

type FeederItem = Item<'feeder', FeederState>;

function spoutMg({ device: { settings } }: FeederItem): number {
  return Math.round(((settings.kgPerHourPerHz * settings.hzMax) / 3600) * SPOUT_S * MG_PER_KG);
}

/** What the screw turns out in this step: k x Hz, +-3 %, less from a nearly empty bin. */
function stepScrew(now: Step, item: FeederItem): void {
  const { state, device } = item;
  state.noise = wander(now.mill.chance, state.noise, NOISE_SIGMA, NOISE_TAU_S, now.dtS);
  const kgPerS = (device.settings.kgPerHourPerHz * state.hz) / 3600;
  const flow = kgPerS * (1 + state.noise) * headFor(now, item);
  const wanted = flow * MG_PER_KG * now.dtS + state.remainderMg;
  const mg = Math.max(0, Math.floor(wanted));
  state.remainderMg = wanted - mg;
  const drawn = drawFor(now, item, mg);
  state.flowKgPerS = drawn.mg / MG_PER_KG / now.dtS;
  state.totalMg += drawn.mg;
  pour(state.air.boot, drawn);
}

/** Its spout is full. A screw that stands with a full spout is cleared by hand after a while. */
function isJammed(now: Step, item: FeederItem): boolean {
  const { state } = item;
  const { boot } = state.air;
  const full = boot.mg >= spoutMg(item);
  const stands = full && !state.motor.running && !now.on(item, 'Cmd');
  state.standingS = stands ? state.standingS + now.dtS : 0;
  if (state.standingS < HAND_CLEAR_S) return full;
  lose(now.mill, `${item.id} cleared by hand`, take(boot, boot.mg));
  return false;
}

function stepHz(now: Step, item: FeederItem): void {
  const { state, device } = item;
  const reference = Math.min(device.settings.hzMax, Math.max(0, now.number(item, 'HzRef')));
  const target = state.motor.running ? reference : 0;
  const up = RAMP_UP_HZ_PER_S * now.dtS;
  const down = RAMP_DOWN_HZ_PER_S * now.dtS;
  state.hz += Math.max(-down, Math.min(up, target - state.hz));
}

/** A screw or pump on a variable speed drive; what it has let go is in the air for a while. */
export const feeder: Behaviour<'feeder', FeederState> = {
  pace: 'fine',
  create: () => ({
    motor: createMotor(),
    hz: 0,
    air: createCarrier(CELLS),
    noise: 0,
    remainderMg: 0,
    flowKgPerS: 0,
    totalMg: 0,
    jamS: 0,
    standingS: 0,
  }),
  idle(now, { id, state, tagNames }) {
    const still = isResting(now, id, state.motor, now.on({ tagNames }, 'Cmd'));
    return (
      still &&
      state.hz === 0 &&
      state.flowKgPerS === 0 &&
      blendsOf(state.air).every((blend) => blend.mg === 0)
    );
  },
  step(now, item) {
    const { state, device } = item;
    const full = isJammed(now, item);
    state.jamS = full && state.hz > 0 ? state.jamS + now.dtS : 0;
    if (state.jamS >= JAM_S) state.motor.tripped = true;
    stepMotor(now, item, device.settings, state.motor, {
      wanted: now.on(item, 'Cmd'),
      load: 0.7 * (state.hz / device.settings.hzMax) + (full ? 0.4 : 0),
      jammed: full,
      runUpS: 0.5,
    });
    stepHz(now, item);
    const landing = landingOf(now, item);
    carry(state.air, now.dtS / fallS(item.id), landing);
    if (state.hz > 0 && !full) stepScrew(now, item);
    else state.flowKgPerS = 0;
    // What finds no room below stays in the spout, until that is full.
    if (landing.room() > 0) pick(state.air, state.air.boot.mg);
  },
  room: (_now, item) => Math.max(0, spoutMg(item) - item.state.air.boot.mg),
  put: (_now, item, parcel) => pour(item.state.air.boot, parcel),
  held: (state) => blendsOf(state.air),
  measure(item, say, mill) {
    measureMotor(mill, item.id, item.state.motor, say);
    say('Hz', rounded(item.state.hz, 2));
  },
};

/** Time that product falls below a screw, s: 0.4-0.9, fixed for each. */
export function fallS(id: string): number {
  return FALL_S_MIN + FALL_S_SPREAD * shareOfName(id);
}
