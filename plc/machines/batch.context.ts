import type { DosingScale, PlannedDose } from '../logic/batch-plan.ts';
import type { ProcedureState } from '../model/isa88.ts';
import { PROCEDURE_STATES } from '../model/isa88.ts';
import type { Order } from '../model/order.ts';
import type { Reason } from '../model/reason.ts';
import type { DoseProgress, LineStatus } from '../model/status.ts';
import type { Text } from '../model/text.ts';
import type { KitContext, View } from './kit.ts';
import { codeOf, newContext } from './kit.ts';

/** Orders that may wait for a line. */
export const QUEUE_MAX = 20;
/** Finished orders that stay on the display, and order ids that are remembered against doubles. */
export const RECENT_MAX = 3;
export const KNOWN_IDS_MAX = 500;

/** What the machine of one line is made with. */
export interface LineInput {
  readonly id: string;
  readonly scales: readonly DosingScale[];
  /** The drive whose tags show the phase, and the unit that takes the commands. */
  readonly mixer: string;
  readonly mixerUnit: string;
  readonly mixerKg: number;
  readonly surge: string;
  readonly pressBin: string;
  readonly press: string;
  readonly pressUnit: string;
  readonly finishedBins: readonly string[];
  readonly bagger: string;
  readonly routes: { readonly mixToPress: string; readonly mixToFinished: string };
  /** Routes that bring product to the line's dosing bins by themselves. */
  readonly refillRoutes: readonly string[];
  /** Bins of its scales that are refilled by themselves: they are told what will be taken. */
  readonly refilledBins: readonly string[];
}

/** One dose of the batch that is being made. */
export interface DoseRun extends PlannedDose {
  readonly doseId: string;
  state: DoseProgress['state'];
  actualKg: number | null;
  /** Part of it may be on the scale already: the controller stopped while it ran. */
  resumed: boolean;
}

/** A batch from its first dose until it has left the mixer. */
export interface BatchRun {
  readonly batchId: string;
  readonly number: number;
  readonly targetKg: number;
  readonly startedTimeMs: number;
  readonly doses: DoseRun[];
}

/** An order in the queue or being made. Times ms UTC. */
export interface OrderRun {
  readonly order: Order;
  state: ProcedureState | 'Queued';
  /** Starts as soon as the line is free. */
  autoStart: boolean;
  readonly createdBy: string;
  readonly createdTimeMs: number;
  startedTimeMs: number | null;
  finishedTimeMs: number | null;
  readonly batchesPlanned: number;
  /** Mass of each batch, kg. */
  readonly eachKg: number;
  batchesStarted: number;
  batchesDone: number;
  dosedKg: number;
  bags: number;
  baggedKg: number;
  reasons: Reason[];
}

/**
 * How far the line is with a machine that it starts and later ends: nothing asked, start asked,
 * at work, end asked, done for this order.
 */
export type StageStep = 'rest' | 'asked' | 'on' | 'ending' | 'done';

export interface Stage {
  step: StageStep;
  /** Not asked again before this, process ms. */
  retryAtMs: number;
}

/** Everything that changes while a line works. Changed only inside a turn, on a copy. */
export interface LineWork {
  queue: OrderRun[];
  active: OrderRun | null;
  recent: OrderRun[];
  knownIds: string[];
  dosing: BatchRun | null;
  mixing: BatchRun | null;
  transfer: Stage;
  press: Stage;
  bagging: Stage;
  /** Since when the surge hopper has been empty with nothing more to come, process ms. */
  surgeLowSinceMs: number | null;
  /** The bagger's total when the order began to be bagged, g. */
  baggerStartG: number | null;
  /** What lies in each finished bin. */
  contents: Record<string, { formulaCode: string; lot: string; product: Text }>;
  stopRequested: boolean;
  /** Why it is held; also what it waits for. */
  reasons: Reason[];
  waitsFor: Reason[];
  downtime: { readonly startedTimeMs: number; readonly reasons: readonly Reason[] } | null;
  status: LineStatus | null;
  statusUtcMs: number;
  wakeAtMs: number | null;
}

export interface LineContext extends KitContext {
  readonly setup: LineInput;
  readonly work: LineWork;
}

export function newStage(): Stage {
  return { step: 'rest', retryAtMs: 0 };
}

export function newLine(setup: LineInput): LineContext {
  return {
    ...newContext(setup.id, 'Idle'),
    setup,
    work: {
      queue: [],
      active: null,
      recent: [],
      knownIds: [],
      dosing: null,
      mixing: null,
      transfer: newStage(),
      press: newStage(),
      bagging: newStage(),
      surgeLowSinceMs: null,
      baggerStartG: null,
      contents: {},
      stopRequested: false,
      reasons: [],
      waitsFor: [],
      downtime: null,
      status: null,
      statusUtcMs: 0,
      wakeAtMs: null,
    },
  };
}

export function lineView(context: LineContext): View {
  const { status, wakeAtMs } = context.work;
  return {
    publishes: { [`${context.id}.State`]: codeOf(PROCEDURE_STATES, context.state) },
    ...(status === null ? {} : { status: { kind: 'line', ...status } }),
    wakeAtMs,
  };
}
