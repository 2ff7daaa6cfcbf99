import { AMBIENT_C, MG_PER_KG, take } from '../blend.ts';
import { leavingC } from '../carrier.ts';
import { lag, uniform } from '../chance.ts';
import type { Behaviour, Item, MillState, Step } from '../item.ts';
import { hasFault, lose, rounded } from '../item.ts';
import { wake } from '../roster.ts';
import type { CarrierDriveState } from './carrier-drive.ts';
import {
  boundsOf,
  carrierProduct,
  createCarrierDrive,
  measureCarrierDrive,
  stepCarrierDrive,
} from './carrier-drive.ts';
import { waterOf } from './conditioner.ts';
import { steamShare } from './utilities.ts';

/** Steam through the open valve, as a share of the press's throughput: 50 % open gives 84 degC. */
const STEAM_SHARE_MAX = 0.068;
const VALVE_TAU_S = 2;
/** Water in mash before steam, %, and above which the die chokes sooner or later (DOMAIN 4). */
const MASH_MOISTURE_PCT = 11;
const WET_MASH_MOISTURE_PCT = 14;
const CHOKING_MOISTURE_PCT = 17.5;
/** Someone clears a choked die by hand when the press has stood for so long, s. */
const HAND_CLEAR_S = 60;

interface PressState extends CarrierDriveState {
  valvePct: number;
  choked: boolean;
  slipPct: number;
  /** The flap before the die lets the product out of the way. */
  bypass: boolean;
}

type PressItem = Item<'press', PressState>;

function conditionerOf(now: Step, item: PressItem): Item | undefined {
  return now.mill.byId.get(item.device.settings.conditioner);
}

/** Steam is blown into the conditioner, which condenses it on what it carries. */
function stepSteam(now: Step, item: PressItem): void {
  const { state } = item;
  const open = now.on(item, 'SteamOpen') ? now.number(item, 'SteamPct') : 0;
  state.valvePct = lag(state.valvePct, Math.max(0, Math.min(100, open)), VALVE_TAU_S, now.dtS);
  const conditioner = conditionerOf(now, item);
  if (conditioner === undefined) return;
  const capacity = boundsOf('press', item.device.settings).capacityMgPerS / MG_PER_KG;
  const steam = (state.valvePct / 100) * STEAM_SHARE_MAX * capacity * steamShare(now.mill);
  if (state.valvePct >= 0.5) wake(now.mill, conditioner);
  (conditioner.state as CarrierDriveState).steamKgPerS = state.valvePct < 0.5 ? 0 : steam;
}

/** Water in the product that is in the die, %. */
function moisturePct(mill: MillState, { id, state }: PressItem): number {
  const mashPct = hasFault(mill, id, 'wet-mash') ? WET_MASH_MOISTURE_PCT : MASH_MOISTURE_PCT;
  const inDie = state.carrier.cells.find((cell) => cell.mg > 0);
  if (inDie === undefined) return mashPct;
  const water = waterOf(mill);
  const added = inDie.parts.find((part) => part.substance === water)?.mg ?? 0;
  return mashPct + (100 * added) / inDie.mg;
}

/** Chance per second that the die chokes: wet mash and overload do it, and so does the fault. */
function chokes(now: Step, item: PressItem): boolean {
  if (now.faulty(item.id, 'choke')) return item.state.motor.running;
  const { motor, carrier } = item.state;
  if (!motor.running || carrier.boot.mg + (carrier.cells[0]?.mg ?? 0) === 0) return false;
  const wet = Math.max(0, moisturePct(now.mill, item) - CHOKING_MOISTURE_PCT);
  const loadPct = (100 * motor.amps) / item.device.settings.ratedAmps;
  const perS = 0.05 * wet + (motor.speedPct > 95 ? 0.01 * Math.max(0, loadPct - 105) : 0);
  return perS > 0 && uniform(now.mill.chance) < perS * now.dtS;
}

function stepChoke(now: Step, item: PressItem): void {
  const { state } = item;
  if (!state.choked) state.choked = chokes(now, item);
  else if (state.standingS >= HAND_CLEAR_S && !now.on(item, 'Cmd')) {
    state.choked = now.faulty(item.id, 'choke');
    for (const blend of [state.carrier.boot, ...state.carrier.cells]) {
      lose(now.mill, `${item.id} cleared by hand`, take(blend, blend.mg));
    }
  }
  const slipping = state.choked && state.motor.running;
  state.slipPct = lag(state.slipPct, slipping ? 35 : 1, slipping ? 3 : 1, now.dtS);
}

/** Cold mash is harder to press: up to 15 % more work at ambient temperature than at 80 degC. */
function coldness(state: PressState): number {
  const productC = leavingC(state.carrier) ?? 80;
  return 0.15 * Math.max(0, Math.min(1, (80 - productC) / (80 - AMBIENT_C)));
}

/** The press: motor and die, its steam valve and the temperature at its conditioner's outlet. */
export const press: Behaviour<'press', PressState> = {
  pace: 'coarse',
  create: () => ({
    ...createCarrierDrive(),
    valvePct: 0,
    choked: false,
    slipPct: 0,
    bypass: false,
  }),
  step(now, item) {
    item.state.bypass = now.on(item, 'BypassOpen');
    stepSteam(now, item);
    stepChoke(now, item);
    const { state } = item;
    const capacity = boundsOf('press', item.device.settings).capacityMgPerS / MG_PER_KG;
    const load = state.choked ? 1.6 : (state.throughputKgPerS / capacity) * coldness(state);
    stepCarrierDrive(now, item, {
      blocked: state.choked,
      load,
      // Friction in the die warms the pellets.
      treat: (parcel) => {
        parcel.heat += parcel.mg * 4;
      },
    });
  },
  locks: ({ state }) => !state.motor.running,
  ...carrierProduct,
  put(now, item, parcel) {
    if (item.state.bypass) lose(now.mill, `${item.id} bypass`, parcel);
    else carrierProduct.put?.(now, item, parcel);
  },
  measure(item, say, mill) {
    measureCarrierDrive(mill, item, say);
    const conditioner = mill.byId.get(item.device.settings.conditioner);
    const state = conditioner?.state as CarrierDriveState | undefined;
    say('ConditionerT', rounded(state?.outletC ?? AMBIENT_C, 1));
    say('MoisturePct', rounded(moisturePct(mill, item), 1));
    say('RollSlipPct', rounded(item.state.slipPct, 1));
  },
};
