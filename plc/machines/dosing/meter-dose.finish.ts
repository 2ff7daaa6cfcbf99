import type { Verdict } from '../../logic/dosing.ts';
import { judge } from '../../logic/dosing.ts';
import { confidencePct, learn } from '../../logic/in-flight.ts';
import type { DoseRecord } from '../../model/record.ts';
import type { Effect, MachineEvent } from '../kit.ts';
import { ACCEPTED, isCommand, send, senderOf, textArg } from '../kit.ts';
import type { MeterContext, MeterDose } from './meter-dose.context.ts';
import { shut } from './meter-dose.steps.ts';

/** Doses that are remembered, so that none is metered twice. */
const REMEMBERED_DOSES = 20;
/** An error within so many pulses of the others is never an outlier. */
const GUARD_PULSES = 3;

const DECISIONS: Readonly<Record<Verdict, DoseRecord['decision']>> = {
  'in-tolerance': 'in-tolerance',
  under: 'accepted-under',
  over: 'accepted-over',
};

function recordOf(context: MeterContext, dose: MeterDose, event: MachineEvent): DoseRecord {
  const { setup } = context;
  const verdict = judge(dose.gotKg, dose.targetKg, dose.toleranceKg);
  const person = senderOf(event)?.kind === 'person' ? (senderOf(event)?.id ?? null) : null;
  const decidedBy = verdict === 'in-tolerance' ? null : (dose.abortedBy ?? person);
  const { doseId, batchId, bin, material, lot, targetKg, toleranceKg } = dose;
  return {
    ...{ kind: 'dose', doseId, batchId, scale: context.id, bin, material, lot },
    ...{ targetKg, actualKg: dose.gotKg, toleranceKg, inFlightKg: dose.inFlight.kg },
    jogs: dose.tops,
    decision: DECISIONS[verdict],
    decidedBy,
    releasedBy: decidedBy === null || !dose.drug ? null : textArg(event, 'second'),
    fineHz: setup.feeders[setup.pump]?.fineHz ?? 0,
    confidencePct: confidencePct(dose.inFlight, toleranceKg),
    startedTimeMs: dose.startedUtcMs,
    endedTimeMs: event.utcMs,
  };
}

/** What the meter knows after a dose that ended in tolerance. */
function taught(context: MeterContext, dose: MeterDose): Partial<MeterContext> {
  const { firstErrorKg, toleranceKg, material } = dose;
  if (firstErrorKg === null || judge(dose.gotKg, dose.targetKg, toleranceKg) !== 'in-tolerance')
    return {};
  const errorKg = Math.max(-toleranceKg, Math.min(toleranceKg, firstErrorKg));
  const guardKg = GUARD_PULSES * context.setup.kgPerPulse;
  return { learnt: { ...context.learnt, [material]: learn(dose.inFlight, errorKg, guardKg) } };
}

/** The dose is decided: written down once, learnt from, told to the line and to the mixer. */
export const finish = (context: MeterContext, event: MachineEvent): Effect<MeterContext> => {
  const { dose, discharger } = context;
  const answer = event.type === 'DECIDE' && isCommand(event) ? [ACCEPTED] : [];
  if (dose === null) return { out: answer };
  const done = { doseId: dose.doseId, actualKg: dose.gotKg };
  const told =
    discharger === null
      ? []
      : [send(discharger, 'DISCHARGED', { scale: context.id, kg: dose.gotKg })];
  return {
    set: {
      ...taught(context, dose),
      dose: null,
      done: [...context.done, { ...done, batchId: dose.batchId }].slice(-REMEMBERED_DOSES),
      lastPulses: null,
      discharger: null,
      awaits: null,
      limitMs: null,
      dueMs: null,
      heldFrom: null,
      reasons: [],
    },
    out: [
      ...answer,
      ...shut(context, true),
      { type: 'record', record: recordOf(context, dose, event) },
      send(dose.owner, 'DOSED', { scale: context.id, ...done }),
      ...told,
    ],
  };
};
