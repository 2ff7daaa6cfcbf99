import type { Behaviour, Item, Step } from '../item.ts';
import { rounded } from '../item.ts';
import type { CarrierDriveState } from './carrier-drive.ts';
import {
  carrierProduct,
  createCarrierDrive,
  isStanding,
  measureCarrierDrive,
  stepCarrierDrive,
} from './carrier-drive.ts';

/** How fast the spindles move a roll, mm/s, and how long the flap of the bypass travels, s. */
const GAP_MM_PER_S = 0.2;
const FLAP_S = 3;
/** Breaking pellets takes this share of full load more at the finest gap than at the widest. */
const FINE_LOAD = 0.3;

interface CrumblerState extends CarrierDriveState {
  gapMm: number;
  /** 0: product goes between the rolls, 1: past them. */
  bypass: number;
}

type CrumblerItem = Item<'crumbler', CrumblerState>;

function wantedBypass(now: Step, item: CrumblerItem): number {
  return now.on(item, 'BypassOpen') ? 1 : 0;
}

function stepSetting(now: Step, item: CrumblerItem): void {
  const { state } = item;
  if (now.faulty(item.id, 'stuck')) return;
  const flap = now.dtS / FLAP_S;
  state.bypass += Math.max(-flap, Math.min(flap, wantedBypass(now, item) - state.bypass));
  const setMm = now.number(item, 'SetMm');
  if (setMm <= 0) return;
  const moved = GAP_MM_PER_S * now.dtS;
  state.gapMm += Math.max(-moved, Math.min(moved, setMm - state.gapMm));
}

/** Work that the rolls add, as a share of full load at this throughput. */
function rollLoad({ state, device }: CrumblerItem): number {
  const { gapMmMin, gapMmMax, capacityTPerH } = device.settings;
  const fine = (gapMmMax - state.gapMm) / (gapMmMax - gapMmMin);
  const share = (3.6 * state.throughputKgPerS) / capacityTPerH;
  return FINE_LOAD * Math.max(0, Math.min(1, fine)) * share * (1 - state.bypass);
}

/** Two rolls that break pellets into crumbs, with a flap that leads pellets past them. */
export const crumbler: Behaviour<'crumbler', CrumblerState> = {
  pace: 'coarse',
  create: ({ settings }) => ({ ...createCarrierDrive(), gapMm: settings.gapMmMax, bypass: 1 }),
  idle(now, item) {
    const setMm = now.number(item, 'SetMm');
    const isSet = setMm <= 0 || Math.abs(setMm - item.state.gapMm) < 1e-9;
    return isSet && item.state.bypass === wantedBypass(now, item) && isStanding(now, item);
  },
  step(now, item) {
    stepSetting(now, item);
    stepCarrierDrive(now, item, { blocked: false, load: rollLoad(item) });
  },
  ...carrierProduct,
  measure(item, say, mill) {
    measureCarrierDrive(mill, item, say);
    say('GapMm', rounded(item.state.gapMm, 2));
    say('BypassFb', item.state.bypass > 0.98);
  },
};
