import { learnChangeover } from '../../logic/changeover.ts';
import type { Verdict } from '../../logic/dosing.ts';
import { judge } from '../../logic/dosing.ts';
import { learnRate, UNKNOWN_RATE } from '../../logic/flow-rate.ts';
import { confidencePct, learn } from '../../logic/in-flight.ts';
import type { DoseRecord } from '../../model/record.ts';
import type { Effect, MachineEvent } from '../kit.ts';
import { ACCEPTED, isCommand, send, senderOf, textArg } from '../kit.ts';
import type { Dose, ScaleContext } from './scale-dose.context.ts';
import { learntKey } from './scale-dose.context.ts';
import { weighedKg } from './scale-dose.guards.ts';
import { pointsOf } from './scale-dose.points.ts';

/** Doses that are remembered while they lie on the scale. */
const REMEMBERED_DOSES = 60;

const DECISIONS: Readonly<Record<Verdict, DoseRecord['decision']>> = {
  'in-tolerance': 'in-tolerance',
  under: 'accepted-under',
  over: 'accepted-over',
};

/** The dose is decided: written down once, learnt from, told to whoever asked for it. */
export const finish = (context: ScaleContext, event: MachineEvent): Effect<ScaleContext> => {
  const { dose } = context;
  // An abort is answered where it is noted; a decision is answered here.
  const answer = event.type === 'DECIDE' && isCommand(event) ? [ACCEPTED] : [];
  if (dose === null) return { out: answer };
  // A weight that was lost meanwhile: the last good one is the best there is.
  const lastKg = context.trend.at(-1)?.kg ?? 0;
  const actualKg = Math.round((weighedKg({ context, event }) ?? lastKg) * 1e6) / 1e6;
  const verdict = judge(actualKg, dose.targetKg, dose.toleranceKg);
  const person = senderOf(event)?.kind === 'person' ? (senderOf(event)?.id ?? null) : null;
  const decidedBy = verdict === 'in-tolerance' ? null : (dose.abortedBy ?? person);
  const record: DoseRecord = {
    kind: 'dose',
    doseId: dose.doseId,
    batchId: dose.batchId,
    scale: context.id,
    bin: dose.bin,
    material: dose.material,
    lot: dose.lot,
    targetKg: dose.targetKg,
    actualKg,
    toleranceKg: dose.toleranceKg,
    inFlightKg: dose.inFlight.kg,
    jogs: dose.jogs,
    decision: textArg(event, 'decision') === 'move' ? 'moved-bin' : DECISIONS[verdict],
    decidedBy,
    releasedBy: decidedBy === null || !dose.drug ? null : textArg(event, 'second'),
    fineHz: context.setup.feeders[dose.feeder]?.fineHz ?? 0,
    confidencePct: confidencePct(dose.inFlight, dose.toleranceKg),
    startedTimeMs: dose.startedUtcMs,
    endedTimeMs: event.utcMs,
  };
  const done = { doseId: dose.doseId, actualKg };
  const after = afterDose(context, dose, actualKg, verdict);
  return {
    set: {
      ...after,
      done: [...context.done, { ...done, batchId: dose.batchId }].slice(-REMEMBERED_DOSES),
    },
    out: [
      ...answer,
      send(dose.feeder, 'STOP'),
      send(dose.feeder, 'RELEASE'),
      { type: 'record', record },
      pointsOf({ ...context, ...after }),
      send(dose.owner, 'DOSED', { scale: context.id, ...done }),
    ],
  };
};

function afterDose(
  context: ScaleContext,
  dose: Dose,
  actualKg: number,
  verdict: Verdict,
): Partial<ScaleContext> {
  return {
    ...(context.setup.learns && verdict === 'in-tolerance' ? taught(context, dose) : {}),
    dose: null,
    restNetKg: dose.startNetKg + actualKg,
    limitMs: null,
    dueMs: null,
    heldFrom: null,
    reasons: [],
  };
}

/** An error within so many divisions of the others is never an outlier. */
const GUARD_DIVISIONS = 3;

/** What the scale knows after a dose that ended in tolerance. */
function taught(context: ScaleContext, dose: Dose): Partial<ScaleContext> {
  const { setup, learnt, changeovers, rates } = context;
  const key = learntKey(dose, setup);
  const { firstErrorKg, toleranceKg, fineS, flows } = dose;
  // A jogged dose was short at first by more than its tolerance: so much of it counts, no more.
  const error = Math.max(-toleranceKg, Math.min(toleranceKg, firstErrorKg ?? 0));
  const guardKg = GUARD_DIVISIONS * setup.divisionKg;
  const changeover =
    fineS === null ? dose.changeover : learnChangeover(dose.changeover, fineS, flows);
  const rate = learnRate(rates[key] ?? UNKNOWN_RATE, {
    coarseKgPerS: dose.seenCoarseKgPerS,
    fineKgPerS: dose.seenFineKgPerS,
  });
  return {
    changeovers: { ...changeovers, [key]: changeover },
    rates: { ...rates, [key]: rate },
    ...(firstErrorKg === null
      ? {}
      : { learnt: { ...learnt, [key]: learn(dose.inFlight, error, guardKg) } }),
  };
}
