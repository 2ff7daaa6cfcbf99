import type { PressRunRecord } from '../../model/record.ts';
import { goodNumber } from '../../model/tag.ts';
import type { EventBase, MachineOutput } from '../contract.ts';
import type { MachineEvent } from '../kit.ts';
import { textArg } from '../kit.ts';
import type { PressContext } from './press-rules.ts';

/** One run of a press, from START until it has run empty: for whom, and what came of it. */
export interface PressRun {
  readonly orderId: string | null;
  readonly lot: string | null;
  readonly startedUtcMs: number;
  /** When it was last measured, process ms. */
  readonly measuredMs: number;
  readonly fedKg: number;
  readonly steamKg: number;
  /** The press's own meter at the start and now, kWh; null while it could not be read. */
  readonly startKWh: number | null;
  readonly nowKWh: number | null;
  readonly chokes: number;
  /** Conditioner while it pressed: weighted by mass for the mean, degC. */
  readonly heatKgC: number;
  readonly pressedKg: number;
  readonly minC: number | null;
  readonly maxC: number | null;
}

/** Heat that mash takes up and that steam gives, kJ/kgK and kJ/kg (DOMAIN 6). */
const MASH_KJ_PER_KG_K = 1.95;
const STEAM_KJ_PER_KG = 2_400;
const MASH_C = 26;
/** It is measured in steps of this, ms. */
const STEP_MS = 1_000;

/** A run that begins now, for the order that the START names. */
export function newRun(event: MachineEvent): PressRun {
  const kWh = goodNumber(event.inputs['kWh']);
  return {
    orderId: textArg(event, 'orderId'),
    lot: textArg(event, 'lot'),
    startedUtcMs: event.utcMs,
    measuredMs: event.nowMs,
    fedKg: 0,
    steamKg: 0,
    startKWh: kWh,
    nowKWh: kWh,
    chokes: 0,
    heatKgC: 0,
    pressedKg: 0,
    minC: null,
    maxC: null,
  };
}

/**
 * The run with what the last step added: mash by the feeder's calibrated frequency, steam by the
 * heat that the mash took up.
 */
export function measuredRun(context: PressContext, event: EventBase): PressRun | null {
  const { run, made, state } = context;
  if (run === null || state === 'Stopped') return run;
  const hours = (event.nowMs - run.measuredMs) / 3_600_000;
  if (hours * 3_600_000 < STEP_MS) return run;
  const hz = goodNumber(event.inputs['Hz']) ?? 0;
  const kg = hz * made.kgPerHourPerHz * hours;
  const temperatureC = goodNumber(event.inputs['ConditionerT']);
  const riseC = Math.max(0, (temperatureC ?? MASH_C) - MASH_C);
  const steamKg = context.steamOn ? (kg * riseC * MASH_KJ_PER_KG_K) / STEAM_KJ_PER_KG : 0;
  const kWh = goodNumber(event.inputs['kWh']);
  const measured = {
    ...run,
    measuredMs: event.nowMs,
    fedKg: run.fedKg + kg,
    steamKg: run.steamKg + steamKg,
    startKWh: run.startKWh ?? kWh,
    nowKWh: kWh ?? run.nowKWh,
  };
  if (state !== 'Pressing' || temperatureC === null || kg === 0) return measured;
  return {
    ...measured,
    heatKgC: run.heatKgC + kg * temperatureC,
    pressedKg: run.pressedKg + kg,
    minC: Math.min(run.minC ?? temperatureC, temperatureC),
    maxC: Math.max(run.maxC ?? temperatureC, temperatureC),
  };
}

/** The record of the run that ends now; none where there was no run. */
export function runRecord(context: PressContext, event: EventBase): MachineOutput[] {
  const { run, made } = context;
  if (run === null) return [];
  const kWh = run.startKWh === null || run.nowKWh === null ? null : run.nowKWh - run.startKWh;
  const record: PressRunRecord = {
    kind: 'press-run',
    runId: `${made.press}/${run.startedUtcMs}`,
    press: made.press,
    orderId: run.orderId,
    lot: run.lot,
    destination: context.destination,
    setC: context.setC,
    fedKg: run.fedKg,
    steamKg: run.steamKg,
    kWh,
    meanC: run.pressedKg === 0 ? null : run.heatKgC / run.pressedKg,
    minC: run.minC,
    maxC: run.maxC,
    chokes: run.chokes,
    startedTimeMs: run.startedUtcMs,
    endedTimeMs: event.utcMs,
  };
  return [{ type: 'record', record }];
}
