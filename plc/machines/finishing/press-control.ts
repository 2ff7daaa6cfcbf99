import { clamp, pi, ramp } from '../../logic/pid.ts';
import { goodNumber } from '../../model/tag.ts';
import type { EventBase } from '../contract.ts';
import type { PressContext } from './press-rules.ts';

/**
 * The two loops of a press (DOMAIN 4): feed holds the motor's load, steam the conditioner's
 * temperature.
 */
export const STEP_MS = 1_000;
const FEED_RAMP_HZ_PER_S = 0.5;
const FEED_KP_HZ_PER_PCT = 0.08;
const FEED_TI_S = 20;
/** The least that a press is fed while it presses, as a share of its feed while it warms up. */
const FEED_LOW_SHARE = 0.5;
const STEAM_KP_PCT_PER_C = 0.4;
const STEAM_TI_S = 80;
/** What the temperature loop may add to or take from the feed-forward, % of valve. */
const STEAM_TRIM_PCT = 25;
/** A half open valve heats the full throughput of its press by about this much, K (DOMAIN 6). */
const HALF_VALVE_RISE_K = 58;
const MASH_C = 26;
/** Mash that is moister plugs the die, % (DOMAIN 4); so fast steam is taken back, % of valve/s. */
const MOISTURE_PCT_MAX = 17.5;
const MOIST_PCT_PER_S = 0.5;

/**
 * Valve opening that heats this feed to the set point, %: steam is proportional to feed and rise.
 */
export function steamFeedForwardPct(
  feedTPerH: number,
  capacityTPerH: number,
  setC: number,
): number {
  const rise = Math.max(0, setC - MASH_C) / HALF_VALVE_RISE_K;
  return capacityTPerH <= 0 ? 0 : clamp((50 * rise * feedTPerH) / capacityTPerH, 0, 100);
}

/** Motor load in % of full load current, one decimal; null when the current cannot be trusted. */
export function loadOf(context: PressContext, event: EventBase): number | null {
  const amps = goodNumber(event.inputs['Amps']);
  return amps === null ? null : Math.round((1000 * amps) / context.made.ratedAmps) / 10;
}

function nextHz(context: PressContext, event: EventBase, dtS: number): Partial<PressContext> {
  const { made } = context;
  const load = loadOf(context, event);
  if (load === null) return { hz: 0, feedIntegral: 0 };
  const warming = context.state !== 'Pressing' || context.emptySinceMs !== null;
  const low = made.hz.warm * FEED_LOW_SHARE;
  if (warming) {
    return { hz: ramp(context.hz, made.hz.warm, 2, dtS), feedIntegral: made.hz.warm - low };
  }
  const limits = { kp: FEED_KP_HZ_PER_PCT, tiS: FEED_TI_S, low, high: made.hz.max };
  // From its lowest feed on: so the integral alone can reach the highest.
  const wanted = pi(limits, context.feedIntegral, context.setPct - load, low, dtS);
  const hz = ramp(context.hz, wanted.output, FEED_RAMP_HZ_PER_S, dtS);
  return { hz, feedIntegral: wanted.integral };
}

function nextSteam(context: PressContext, event: EventBase, dtS: number): Partial<PressContext> {
  const { made, setC } = context;
  const temperatureC = goodNumber(event.inputs['ConditionerT']);
  if (temperatureC === null || !context.steamOn) return { steamPct: 0, steamIntegral: 0 };
  const feedTPerH = ((goodNumber(event.inputs['Hz']) ?? 0) * made.kgPerHourPerHz) / 1000;
  const forward = steamFeedForwardPct(feedTPerH, made.capacityTPerH, setC);
  const limits = {
    kp: STEAM_KP_PCT_PER_C,
    tiS: STEAM_TI_S,
    low: Math.max(0, forward - STEAM_TRIM_PCT),
    high: Math.min(100, forward + STEAM_TRIM_PCT),
  };
  const moisturePct = goodNumber(event.inputs['MoisturePct']);
  if (moisturePct !== null && moisturePct > MOISTURE_PCT_MAX) {
    // More steam would choke the die: it is taken back until the mash is dry enough.
    const steamPct = Math.max(0, context.steamPct - MOIST_PCT_PER_S * dtS);
    return { steamPct: Math.round(steamPct * 10) / 10, steamIntegral: steamPct };
  }
  const { output, integral } = pi(limits, context.steamIntegral, setC - temperatureC, forward, dtS);
  return { steamPct: Math.round(output * 10) / 10, steamIntegral: integral };
}

/** One step of both loops; nothing changes before a step's time has passed. */
export function controlled(context: PressContext, event: EventBase): Partial<PressContext> {
  const dtS = (event.nowMs - context.steppedMs) / 1000;
  if (dtS * 1000 < STEP_MS) return {};
  return {
    ...nextHz(context, event, dtS),
    ...nextSteam(context, event, dtS),
    steppedMs: event.nowMs,
  };
}
