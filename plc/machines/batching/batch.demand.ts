import type { BinDemand, OrderToCome } from '../../logic/bin-demand.ts';
import { binDemands } from '../../logic/bin-demand.ts';
import type { MachineOutput } from '../contract.ts';
import { send } from '../kit.ts';
import type { LineInput, LineWork, OrderRun } from './batch.context.ts';

/** A change of demand that is smaller than this is not told, kg. */
const STEP_KG = 1;

function toCome(run: OrderRun, isDosing: boolean): OrderToCome {
  const { order, eachKg, batchesPlanned, batchesStarted } = run;
  return { order, eachKg, batches: batchesPlanned - batchesStarted + (isDosing ? 1 : 0) };
}

/** A line that is held takes nothing: after a restart nothing is ground before it is resumed. */
function takesNothing({ active }: LineWork): boolean {
  return active !== null && ['Holding', 'Held', 'Aborting', 'Aborted'].includes(active.state);
}

function demandsOf({ scales }: LineInput, work: LineWork): Record<string, BinDemand> {
  const { active, queue, dosing } = work;
  if (takesNothing(work)) return {};
  const running = active === null || active.stopRequested ? [] : [toCome(active, dosing !== null)];
  const bins = scales.flatMap((scale) => scale.bins);
  return binDemands([...running, ...queue.map((run) => toCome(run, false))], bins);
}

/** What the demand is made of: as long as it is the same, nothing is worked out. */
function signature(work: LineWork): string {
  const { active, queue, dosing } = work;
  const run = active === null ? '' : `${active.order.orderId}/${active.batchesStarted}`;
  const waiting = queue.map((one) => one.order.orderId).join();
  return `${run} ${takesNothing(work)} ${dosing === null} ${active?.stopRequested} ${waiting}`;
}

/**
 * Tells the refills of a line's bins what its orders will take from them, whenever that changes:
 * DEMAND {kg, batchKg} to each bin that is refilled by itself.
 */
export function demandMessages(setup: LineInput, before: LineWork, now: LineWork): MachineOutput[] {
  if (signature(before) === signature(now)) return [];
  const old = demandsOf(setup, before);
  const wanted = demandsOf(setup, now);
  return setup.refilledBins
    .filter((bin) => Math.abs((wanted[bin]?.kg ?? 0) - (old[bin]?.kg ?? 0)) >= STEP_KG)
    .map((bin) => send(`${bin}:refill`, 'DEMAND', { ...(wanted[bin] ?? { kg: 0, batchKg: 0 }) }));
}
