import { goodNumber, isOff } from '../../model/tag.ts';
import type { EventBase } from '../contract.ts';

/**
 * What is watched of a hammer mill while it is fed: how much load each Hz of its feeder makes, and
 * how much energy a tonne takes.
 */
export interface MillWatch {
  /** Load above idle per Hz, over minutes and over seconds; null before it is known. */
  readonly usual: number | null;
  readonly recent: number | null;
  readonly learntS: number;
  /** Since when the recent figure is far below the usual one, process ms. */
  readonly fallenSinceMs: number | null;
  readonly fedKg: number;
  readonly startKWh: number | null;
  readonly nowKWh: number | null;
}

export const NOTHING_WATCHED: MillWatch = {
  usual: null,
  recent: null,
  learntS: 0,
  fallenSinceMs: null,
  fedKg: 0,
  startKWh: null,
  nowKWh: null,
};

/** What the watch needs to know of the mill. */
export interface WatchInput {
  readonly idlePct: number;
  readonly kgPerHourPerHz: number;
}

const USUAL_TAU_S = 300;
const RECENT_TAU_S = 8;
/** The usual load is known after so long of feeding, s. */
const LEARN_S = 120;
/** A screen is broken when the load of the same flow falls below this share of the usual one. */
const BROKEN_SHARE = 0.7;
const BROKEN_MS = 20_000;
/** Below this there is no flow to judge by: the bin bridges or is empty, % above idle. */
const FLOW_MIN_PCT = 5;
const HZ_MIN = 5;
/** The energy of a tonne is told from this mass on, kg. */
const ENERGY_FROM_KG = 250;

function follow(before: number | null, now: number, tauS: number, dtS: number): number {
  return before === null ? now : before + (now - before) * Math.min(1, dtS / tauS);
}

/** One step of the watch, `dtS` after the last, at this frequency and load. */
export function watchedMill(
  watch: MillWatch,
  made: WatchInput,
  event: EventBase,
  { hz, loadPct, dtS }: { readonly hz: number; readonly loadPct: number; readonly dtS: number },
): MillWatch {
  const kWh = goodNumber(event.inputs['kWh']);
  const energy = {
    fedKg: watch.fedKg + (hz * made.kgPerHourPerHz * dtS) / 3_600,
    startKWh: watch.startKWh ?? kWh,
    nowKWh: kWh ?? watch.nowKWh,
  };
  const above = loadPct - made.idlePct;
  const flows = hz >= HZ_MIN && above >= FLOW_MIN_PCT && isOff(event.inputs['Low']);
  if (!flows) return { ...watch, ...energy, recent: null, fallenSinceMs: null };
  const recent = follow(watch.recent, above / hz, RECENT_TAU_S, dtS);
  const known = watch.learntS >= LEARN_S && watch.usual !== null;
  const fallen = known && recent < BROKEN_SHARE * (watch.usual ?? 0);
  return {
    ...energy,
    recent,
    // What has fallen is not learnt as usual.
    usual: fallen ? watch.usual : follow(watch.usual, above / hz, USUAL_TAU_S, dtS),
    learntS: watch.learntS + dtS,
    fallenSinceMs: fallen ? (watch.fallenSinceMs ?? event.nowMs) : null,
  };
}

/** Amps fell while the flow is steady: the screen has a hole (DOMAIN 4). */
export function isScreenBroken({ fallenSinceMs }: MillWatch, event: EventBase): boolean {
  return fallenSinceMs !== null && event.nowMs - fallenSinceMs >= BROKEN_MS;
}

/** Energy of a tonne in this run, kWh/t, one decimal; null before enough was ground. */
export function energyPerTonne({ fedKg, startKWh, nowKWh }: MillWatch): number | null {
  if (fedKg < ENERGY_FROM_KG || startKWh === null || nowKWh === null) return null;
  return Math.round((10_000 * (nowKWh - startKWh)) / fedKg) / 10;
}
