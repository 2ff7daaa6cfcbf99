import type { DosingBin, DosingScale, PlannedDose } from '../../logic/batch-plan.ts';
import type { CarryOverRule, FeedNature } from '../../model/carry-over.ts';
import type { ProcedureState } from '../../model/isa88.ts';
import { PROCEDURE_STATES } from '../../model/isa88.ts';
import type { LotsStatus } from '../../model/lots.ts';
import type { Order } from '../../model/order.ts';
import type { Reason } from '../../model/reason.ts';
import type { DoseProgress, LineStatus } from '../../model/status.ts';
import type { Text } from '../../model/text.ts';
import type { KitContext, View } from '../kit.ts';
import { codeOf, newContext } from '../kit.ts';

/** Orders that may wait for a line. */
export const QUEUE_MAX = 20;
/** Finished orders that stay on the display, and order ids that are remembered against doubles. */
export const RECENT_MAX = 3;
export const KNOWN_IDS_MAX = 500;
/** Orders that may be behind the mixer while the next one is dosed. */
export const TAILS_MAX = 12;

/** A press that takes mash of a line: its unit, the bin above it, the bins it presses into. */
export interface LinePress {
  readonly id: string;
  readonly unit: string;
  readonly bin: string;
  /** What that bin holds, kg. */
  readonly binKg: number;
  readonly destinations: readonly string[];
}

/** A bagger that packs for a line, with the finished bins that feed it. */
export interface LineBagger {
  readonly id: string;
  readonly bins: readonly string[];
}

/** What the machine of one line is made with. */
export interface LineInput {
  readonly id: string;
  readonly scales: readonly DosingScale[];
  /** What each bin above them holds when it is full, kg. */
  readonly binKg: Readonly<Record<string, number>>;
  /** The drive whose tags show the phase, and the unit that takes the commands. */
  readonly mixer: string;
  readonly mixerUnit: string;
  readonly mixerKg: number;
  readonly surge: string;
  readonly finishedBins: readonly string[];
  /** Finished bins that mash reaches without a press. */
  readonly mashBins: readonly string[];
  /** Finished bins that have a machine of their own: told when they are filled. */
  readonly tracedBins: readonly string[];
  readonly presses: readonly LinePress[];
  readonly baggers: readonly LineBagger[];
  readonly routes: { readonly mixToPress: string; readonly mixToFinished: string };
  /** Routes that bring product to the line's dosing bins by themselves. */
  readonly refillRoutes: readonly string[];
  /** Bins of its scales that are refilled by themselves: they are told what will be taken. */
  readonly refilledBins: readonly string[];
  readonly carryOver: readonly CarryOverRule[];
}

/** One dose of the batch that is being made. */
export interface DoseRun extends PlannedDose {
  readonly doseId: string;
  state: DoseProgress['state'];
  actualKg: number | null;
  /** Part of it may be on the scale already: the controller stopped while it ran. */
  resumed: boolean;
  /** Its bin gives nothing more: the rest comes from this one. */
  rest: DosingBin | null;
  /** When the scale was last asked for it, process ms. */
  askedAtMs: number;
  /** Why it stands while it is `deciding`. Missing in what an older version has kept. */
  asks?: readonly Reason[];
}

/** A batch from its first dose until it has left the mixer. */
export interface BatchRun {
  readonly batchId: string;
  readonly orderId: string;
  readonly number: number;
  readonly targetKg: number;
  readonly startedTimeMs: number;
  readonly doses: DoseRun[];
  /** ISA-88 state of the unit procedure, and who brought it there last. */
  state: ProcedureState;
  by: string | null;
  /** Phases, by their unit, that a person's command keeps from going on. */
  phases: Record<string, ProcedureState>;
  /** What persons add by hand is in the mixer; true also where there is none. */
  handIn: boolean;
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
  /** Why its start was refused last; empty when it was not. */
  refused: readonly Reason[];
}

/** How far an order is with the allocation of a unit. */
export interface Claim {
  readonly unit: string;
  state: 'asked' | 'granted' | 'free';
  /** Not asked again before this, process ms. */
  retryAtMs: number;
  /** Why it was refused last; empty when it was not. */
  refused: readonly Reason[];
}

/** A press that works for an order, or is asked for. */
export interface PressRun {
  readonly press: LinePress;
  claim: Claim;
  stage: Stage;
  /** Mash of the order was sent to its bin. */
  used: boolean;
}

/** An order's product behind the mixer (ISA-88 unit procedures transfer, press, pack). */
export interface Flow {
  transfer: Stage;
  /** The bin that the transfer goes to now; null: not chosen. */
  transferTo: string | null;
  presses: PressRun[];
  bagging: Stage;
  bagger: Claim | null;
  /** The finished bin, where it has a machine of its own. */
  fill: Claim | null;
  /** Units that were asked for so far: another one is tried each time. */
  tries: number;
  /** Since when the surge hopper has been empty with nothing more to come, process ms. */
  surgeLowSinceMs: number | null;
  /** The bagger's total when the order began to be bagged, g. */
  baggerStartG: number | null;
  /** Faults behind the mixer are not looked for before this: they were just reset, process ms. */
  lookFromMs: number;
  /** What its product waits for behind the mixer. */
  waitsFor: Reason[];
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
  stopRequested: boolean;
  reasons: Reason[];
  flow: Flow;
}

/** What lies in a finished bin. */
export interface BinContent {
  readonly formulaCode: string;
  readonly lot: string;
  readonly product: Text;
  readonly nature: FeedNature;
}

/** Everything that changes while a line works. Changed only inside a turn, on a copy. */
export interface LineWork {
  queue: OrderRun[];
  /** The order whose batches are weighed. */
  active: OrderRun | null;
  /** Orders whose batches are all weighed and whose product is still on its way, oldest first. */
  tails: OrderRun[];
  recent: OrderRun[];
  knownIds: string[];
  dosing: BatchRun | null;
  mixing: BatchRun | null;
  /** The mixer is not told again before this that its way is free, process ms. */
  wayToldMs: number;
  /** Refill routes that a person's RESUME lets go on: reset as soon as they have cleared. */
  toReset: string[];
  resetAtMs: number;
  /** What lies in each finished bin. */
  contents: Record<string, BinContent>;
  /** Bins out of which nothing, or not everything, may be dosed, by the register of lots. */
  lotsIn: LotsStatus['bins'];
  /** Why it is held; also what it waits for. */
  reasons: Reason[];
  waitsFor: Reason[];
  downtime: { readonly startedTimeMs: number; readonly reasons: readonly Reason[] } | null;
  status: LineStatus | null;
  statusKey: string;
  statusUtcMs: number;
  wakeAtMs: number | null;
}

export interface LineContext extends KitContext {
  readonly setup: LineInput;
  readonly work: LineWork;
}

export function newStage(): Stage {
  return { step: 'rest', retryAtMs: 0, refused: [] };
}

export function newFlow(): Flow {
  return {
    transfer: newStage(),
    transferTo: null,
    presses: [],
    bagging: newStage(),
    bagger: null,
    fill: null,
    tries: 0,
    surgeLowSinceMs: null,
    baggerStartG: null,
    lookFromMs: 0,
    waitsFor: [],
  };
}

export function newLine(setup: LineInput): LineContext {
  return {
    ...newContext(setup.id, 'Idle'),
    setup,
    work: {
      queue: [],
      active: null,
      tails: [],
      recent: [],
      knownIds: [],
      dosing: null,
      mixing: null,
      wayToldMs: 0,
      toReset: [],
      resetAtMs: 0,
      contents: {},
      lotsIn: {},
      reasons: [],
      waitsFor: [],
      downtime: null,
      status: null,
      statusKey: '',
      statusUtcMs: 0,
      wakeAtMs: null,
    },
  };
}

function copyFlow(flow: Flow): Flow {
  return {
    ...flow,
    transfer: { ...flow.transfer },
    presses: flow.presses.map((one) => ({
      ...one,
      claim: { ...one.claim },
      stage: { ...one.stage },
    })),
    bagging: { ...flow.bagging },
    bagger: flow.bagger === null ? null : { ...flow.bagger },
    fill: flow.fill === null ? null : { ...flow.fill },
    waitsFor: [...flow.waitsFor],
  };
}

function copyRun(run: OrderRun): OrderRun {
  return { ...run, reasons: [...run.reasons], flow: copyFlow(run.flow) };
}

function copyBatch(batch: BatchRun | null): BatchRun | null {
  if (batch === null) return null;
  return {
    ...batch,
    doses: batch.doses.map((dose) => ({ ...dose })),
    phases: { ...batch.phases },
  };
}

/**
 * A copy that a turn may change. What never changes (orders, reasons) is shared: a line is woken
 * at every scan in which one of its scales moves.
 */
export function copyWork(work: LineWork): LineWork {
  return {
    ...work,
    queue: work.queue.map(copyRun),
    active: work.active === null ? null : copyRun(work.active),
    tails: work.tails.map(copyRun),
    recent: [...work.recent],
    dosing: copyBatch(work.dosing),
    mixing: copyBatch(work.mixing),
    toReset: [...work.toReset],
    contents: { ...work.contents },
    reasons: [...work.reasons],
    waitsFor: [...work.waitsFor],
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
