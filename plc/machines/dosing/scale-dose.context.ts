import type { Changeover } from '../../logic/changeover.ts';
import type { FlowMark, Flows, Weighing } from '../../logic/dosing.ts';
import { noFlowWaitMs, nominalFlows } from '../../logic/dosing.ts';
import type { FlowRate } from '../../logic/flow-rate.ts';
import type { InFlight } from '../../logic/in-flight.ts';
import type { ScaleState } from '../../model/isa88.ts';
import { SCALE_STATES } from '../../model/isa88.ts';
import type { Reason } from '../../model/reason.ts';
import type { KitContext, View } from '../kit.ts';
import { codeOf, earliest, newContext } from '../kit.ts';

/** What a scale is told of each feeder that fills it. */
export interface DosingFeeder {
  readonly coarseHz: number;
  readonly fineHz: number;
  readonly kgPerHourPerHz: number;
}

/** What the machine of one scale is made with. */
export interface ScaleInput {
  readonly id: string;
  readonly divisionKg: number;
  readonly capacityKg: number;
  readonly settleS: number;
  readonly gate: string;
  readonly feeders: Readonly<Record<string, DosingFeeder>>;
  /** Bins that its feeders draw from. */
  readonly bins: readonly string[];
  /** The drive that knocks a bin whose product hangs, by bin; those without have none. */
  readonly knockers: Readonly<Record<string, string>>;
  /** Whether it learns from its doses; off only to compare. */
  readonly learns: boolean;
}

/** What is asked of a scale: the arguments of DOSE. */
export interface DoseRequest {
  /** Unique for ever: a dose that was done already is answered from memory, not weighed again. */
  readonly doseId: string;
  readonly batchId: string;
  readonly bin: string;
  readonly feeder: string;
  readonly material: string;
  /** What the order was planned with; the book of the bin goes before it. */
  readonly lot: string | null;
  readonly targetKg: number;
  readonly toleranceKg: number;
  /** Contains a drug: a second person releases it when it is out of tolerance. */
  readonly drug: boolean;
  /** Part of the dose may be on the scale already: the controller stopped while it ran. */
  readonly resumed: boolean;
}

/** The dose that is being weighed. */
export interface Dose extends DoseRequest {
  /** Net weight before it, kg: the dose weighs Net minus this. */
  readonly startNetKg: number;
  readonly startedUtcMs: number;
  /** Machine that asked for it and is told of its end. */
  readonly owner: string;
  readonly flows: Flows;
  readonly inFlight: InFlight;
  readonly changeover: Changeover;
  /** When the coarse and the fine flow began, process ms; null: not yet, or disturbed meanwhile. */
  readonly coarseSinceMs: number | null;
  readonly fineSinceMs: number | null;
  /** How long the fine flow ran before the cut, s; null: it says nothing. */
  readonly fineS: number | null;
  /** Flows that were steady before the change and before the cut, kg/s; null: there was none. */
  readonly seenCoarseKgPerS: number | null;
  readonly seenFineKgPerS: number | null;
  /** How often its bin was knocked. */
  readonly knocks: number;
  readonly jogs: number;
  /** Pulses of the present attempt; a person who says "dose on" gives five more. */
  readonly jogsLeft: number;
  /** Actual minus target as first weighed; learnt from when the dose ends in tolerance. */
  readonly firstErrorKg: number | null;
  /** Mean of the settled weight, kg; null while it is not settled. */
  readonly settledKg: number | null;
  /** Who aborted it: what has arrived is then its actual mass. */
  readonly abortedBy: string | null;
}

/** A finished dose that is still on the scale. */
export interface DoneDose {
  readonly doseId: string;
  readonly actualKg: number;
  /** Missing in what an older version has kept. */
  readonly batchId?: string;
}

export interface ScaleContext extends KitContext {
  readonly setup: ScaleInput;
  /** Net at the end of the last dose, or when it was last empty, kg: where the next dose starts. */
  readonly restNetKg: number;
  readonly dose: Dose | null;
  readonly done: readonly DoneDose[];
  /** Learnt mass in flight, by bin, material and speed. */
  readonly learnt: Readonly<Record<string, InFlight>>;
  /** Learnt changes from coarse to fine flow, by the same. */
  readonly changeovers: Readonly<Record<string, Changeover>>;
  /** Learnt flows, by the same. */
  readonly rates: Readonly<Record<string, FlowRate>>;
  readonly stage: 'coarse' | 'fine';
  readonly trend: readonly Weighing[];
  readonly mark: FlowMark;
  /** The feeder was told to start; one that is still stopping is told later. */
  readonly asked: boolean;
  /** Set once the feeder runs; null while it is starting. */
  readonly flowingSinceMs: number | null;
  /** When the dose has taken too long, process ms. */
  readonly limitMs: number | null;
  /** When the knocker that runs is stopped, process ms; null: none runs. */
  readonly knockOffMs: number | null;
  /** When the weight may be judged: settling, or at the end of a pulse. */
  readonly dueMs: number | null;
  /** Who emptied it by DISCHARGE and is told. */
  readonly discharger: string | null;
  readonly dischargedKg: number;
  /** Lowest net weight since it began to empty, kg; null: it does not. */
  readonly lowKg: number | null;
  /**
   * It stood empty and has product again though the snapshot knows of no dose: the controller was
   * killed in the scan in which the next one began. That dose begins at `restNetKg`.
   */
  readonly refilled: boolean;
  /** The gate was told to close: it has been open and the scale was empty. */
  readonly closing: boolean;
  /** Where RESUME leads. */
  readonly heldFrom: ScaleState | null;
  readonly reasons: readonly Reason[];
}

export function newScale(setup: ScaleInput): ScaleContext {
  return {
    ...newContext(setup.id, 'Empty'),
    setup,
    restNetKg: 0,
    dose: null,
    done: [],
    learnt: {},
    changeovers: {},
    rates: {},
    stage: 'coarse',
    trend: [],
    mark: { atMs: 0, kg: 0 },
    asked: false,
    flowingSinceMs: null,
    limitMs: null,
    knockOffMs: null,
    dueMs: null,
    discharger: null,
    dischargedKg: 0,
    lowKg: null,
    refilled: false,
    closing: false,
    heldFrom: null,
    reasons: [],
  };
}

/** A net weight within this is an empty scale, kg: five divisions or 0.1 % of the capacity. */
export function emptyBandKg(setup: ScaleInput): number {
  return Math.max(5 * setup.divisionKg, setup.capacityKg * 0.001);
}

/** The key of what was learnt: each material falls differently from each bin at each speed. */
export function learntKey(
  dose: Pick<Dose, 'bin' | 'feeder' | 'material'>,
  setup: ScaleInput,
): string {
  return `${dose.bin} ${dose.material} ${setup.feeders[dose.feeder]?.fineHz ?? 0} Hz`;
}

/** The flows of a feeder of this scale; null when it has no such feeder. */
export function flowsOf(setup: ScaleInput, feeder: string): Flows | null {
  const settings = setup.feeders[feeder];
  return settings === undefined ? null : nominalFlows(settings);
}

/** The flow that is expected now, kg/s: as learnt from earlier doses, else as promised. */
export function expectedKgPerS(context: ScaleContext): number {
  const { dose, setup, rates, stage } = context;
  if (dose === null) return 0;
  const learnt = rates[learntKey(dose, setup)];
  return stage === 'coarse'
    ? (learnt?.coarseKgPerS ?? dose.flows.coarseKgPerS)
    : (learnt?.fineKgPerS ?? dose.flows.fineKgPerS);
}

/** The drive that knocks the bin of the present dose; null: it has none. */
export function knockerOf({ dose, setup }: ScaleContext): string | null {
  return setup.knockers[dose?.bin ?? ''] ?? null;
}

function wakeAtMs(context: ScaleContext): number | null {
  if (context.state === 'Filling') {
    const waitMs = noFlowWaitMs(context.dose?.knocks ?? 0);
    const noFlow = context.flowingSinceMs === null ? null : context.mark.atMs + waitMs;
    // The fine flow is looked at in every scan, also when the reading stands on one division.
    const last = context.stage === 'fine' ? context.trend.at(-1) : undefined;
    return earliest(
      context.limitMs,
      context.knockOffMs,
      noFlow,
      last === undefined ? null : last.atMs + 1,
    );
  }
  return ['Settling', 'Jogging', 'Discharging'].includes(context.state) ? context.dueMs : null;
}

/** What a scale shows: its state, the net weight it doses to, and who must decide about what. */
export function scaleView(context: ScaleContext): View {
  const { id, dose, state } = context;
  const noFlow = context.reasons.some((one) => one.code === 'dose.no-flow');
  return {
    publishes: {
      [`${id}.State`]: codeOf(SCALE_STATES, state),
      [`${id}.TargetKg`]: dose === null ? 0 : Math.max(0, dose.startNetKg + dose.targetKg),
    },
    alarms: {
      [`${id}.NoFlow`]: state === 'Waiting' && noFlow,
      [`${id}.DoseDeviation`]: state === 'Waiting' && !noFlow,
    },
    status: {
      kind: 'device',
      device: id,
      owner: dose?.doseId ?? null,
      reasons: context.reasons,
    },
    wakeAtMs: wakeAtMs(context),
  };
}
