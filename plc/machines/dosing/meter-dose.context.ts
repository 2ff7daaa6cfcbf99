import type { FlowMark, Flows, Weighing } from '../../logic/dosing.ts';
import { NO_FLOW_MS, nominalFlows } from '../../logic/dosing.ts';
import type { InFlight } from '../../logic/in-flight.ts';
import type { ScaleState } from '../../model/isa88.ts';
import { SCALE_STATES } from '../../model/isa88.ts';
import type { Reason } from '../../model/reason.ts';
import type { KitContext, View } from '../kit.ts';
import { codeOf, earliest, newContext } from '../kit.ts';
import type { DoneDose, DoseRequest, DosingFeeder } from './scale-dose.context.ts';

/** What the machine of one dosing meter is made with. */
export interface MeterInput {
  readonly id: string;
  readonly kgPerPulse: number;
  readonly kgPerHMax: number;
  readonly capacityKg: number;
  readonly settleS: number;
  readonly valve: string;
  readonly pump: string;
  /** The bin that its pump draws from. */
  readonly bin: string;
  /** Its pump, as a scale is told of its feeders. */
  readonly feeders: Readonly<Record<string, DosingFeeder>>;
}

/** The dose that is metered, or will be as soon as the mixer asks for it. */
export interface MeterDose extends DoseRequest {
  readonly owner: string;
  readonly startedUtcMs: number;
  readonly flows: Flows;
  readonly inFlight: InFlight;
  /** What the meter has counted for it, kg. */
  readonly gotKg: number;
  /** How often it was topped up after the first cut. */
  readonly tops: number;
  readonly topsLeft: number;
  /** Actual minus target after the first cut; learnt from when the dose ends in tolerance. */
  readonly firstErrorKg: number | null;
  readonly abortedBy: string | null;
}

export interface MeterContext extends KitContext {
  readonly setup: MeterInput;
  readonly dose: MeterDose | null;
  readonly done: readonly (DoneDose & { readonly batchId: string })[];
  readonly learnt: Readonly<Record<string, InFlight>>;
  /** The count when it was last looked at for a dose, and when; null: not counting. */
  readonly lastPulses: number | null;
  readonly countedMs: number;
  readonly stage: 'coarse' | 'fine';
  readonly trend: readonly Weighing[];
  readonly mark: FlowMark;
  /** The pump was told to start: its valve stood open. */
  readonly asked: boolean;
  readonly flowingSinceMs: number | null;
  readonly limitMs: number | null;
  readonly dueMs: number | null;
  /** The mixer that waits for the liquid, and for which batch. */
  readonly discharger: string | null;
  readonly awaits: string | null;
  readonly heldFrom: ScaleState | null;
  readonly reasons: readonly Reason[];
}

export function newMeter(setup: MeterInput): MeterContext {
  return {
    ...newContext(setup.id, 'Empty'),
    setup,
    dose: null,
    done: [],
    learnt: {},
    lastPulses: null,
    countedMs: 0,
    stage: 'coarse',
    trend: [],
    mark: { atMs: 0, kg: 0 },
    asked: false,
    flowingSinceMs: null,
    limitMs: null,
    dueMs: null,
    discharger: null,
    awaits: null,
    heldFrom: null,
    reasons: [],
  };
}

/** The flows of its pump. */
export function meterFlows({ feeders, pump }: MeterInput): Flows {
  return nominalFlows(feeders[pump] ?? { coarseHz: 0, fineHz: 0, kgPerHourPerHz: 0 });
}

function wakeAtMs(context: MeterContext): number | null {
  if (context.state === 'Settling') return context.dueMs;
  if (context.state !== 'Filling') return null;
  const noFlow = context.flowingSinceMs === null ? null : context.mark.atMs + NO_FLOW_MS;
  const last = context.stage === 'fine' ? context.trend.at(-1) : undefined;
  return earliest(context.limitMs, noFlow, last === undefined ? null : last.atMs + 1);
}

/** What a meter shows: its state, what has passed for the dose, and who must decide about what. */
export function meterView(context: MeterContext): View {
  const { id, dose, state, reasons } = context;
  const noFlow = reasons.some((one) => one.code === 'dose.no-flow');
  return {
    publishes: {
      [`${id}.State`]: codeOf(SCALE_STATES, state),
      [`${id}.Net`]: dose === null ? 0 : Math.round(dose.gotKg * 1e3) / 1e3,
      [`${id}.TargetKg`]: dose === null ? 0 : dose.targetKg,
    },
    alarms: {
      [`${id}.NoFlow`]: state === 'Waiting' && noFlow,
      [`${id}.DoseDeviation`]: state === 'Waiting' && !noFlow,
    },
    status: { kind: 'device', device: id, owner: dose?.doseId ?? null, reasons },
    wakeAtMs: wakeAtMs(context),
  };
}
