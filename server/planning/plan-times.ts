import type { PlannedDose } from '../../plc/logic/batch-plan.ts';
import type { ProcedureParameters } from '../../plc/model/order.ts';
import type { PlanLine, PlanScale } from './ways.ts';

/** Fine flow, settling and evaluation of one dose beside its coarse flow, s. */
const DOSE_OVERHEAD_S = 25;
/** Gates of a scale or mixer, and the checks between two steps, s. */
const GATES_S = 10;
/** From the mixer to a bin: surge hopper, conveyor, leg, s. */
export const MASH_WAY_S = 120;
/**
 * From the last of one order in a press bin to the first of the next in the press, s: the cooler
 * runs empty and 120 s more, the ways behind it clear, then horn, start and warming.
 */
export const PRESS_CHANGE_S = 560;
/** From a press through cooler, crumbler, sieve and coater to a bin, s. */
export const PELLET_WAY_S = 480;

function scaleS(scale: PlanScale, doses: readonly PlannedDose[]): number {
  const filling = doses.reduce((sum, { feeder, targetKg }) => {
    const flow = scale.flowKgPerS.get(feeder) ?? 0;
    return sum + (flow > 0 ? targetKg / flow : 0) + DOSE_OVERHEAD_S;
  }, 0);
  const kg = doses.reduce((sum, { targetKg }) => sum + targetKg, 0);
  return filling + (kg / scale.capacityKg) * scale.dischargeS + GATES_S;
}

/**
 * Time from one batch of a line to the next, s: scales fill side by side and while the mixer works,
 * so the slowest scale or the mixer decides.
 */
export function batchS(
  line: PlanLine,
  doses: readonly PlannedDose[],
  procedure: Pick<ProcedureParameters, 'dryMixS' | 'wetMixS'>,
): number {
  const timesOf = (metered: boolean) =>
    line.scales.flatMap((scale) => {
      const own = doses.filter((dose) => dose.scale === scale.id);
      return own.length === 0 || (scale.metered === true) !== metered ? [] : [scaleS(scale, own)];
    });
  // What flows by meter flows while the batch is in the mixer.
  const meteringS = Math.max(0, ...timesOf(true));
  const isWet = line.scales.some(
    ({ id, liquid }) => liquid && doses.some((dose) => dose.scale === id),
  );
  const mixing =
    procedure.dryMixS + meteringS + (isWet ? procedure.wetMixS : 0) + line.dischargeS + 2 * GATES_S;
  return Math.max(mixing, ...timesOf(false));
}
