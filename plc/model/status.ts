import type { ChosenMode, DeviceMode } from './device-mode.ts';
import type { DosingStatus } from './dosing-point.ts';
import type { FinishedBinState, FinishedContent } from './finished-bin.ts';
import type { MixerPhase, ProcedureState, ScaleState } from './isa88.ts';
import type { LinkStatus } from './link-status.ts';
import type { LotsStatus } from './lots.ts';
import type { Order } from './order.ts';
import type { Reason } from './reason.ts';
import type { QueuedStart, Residue, RouteProduct } from './route-product.ts';
import type { DumpJob, SackStatus } from './sacks.ts';
import type { StockStatus } from './stock.ts';
import type { TransferJob } from './transfer.ts';
import type { TruckDeskStatus } from './truck.ts';

/** One ingredient of the batch that is being made, for live display. */
export interface DoseProgress {
  readonly scale: string;
  readonly bin: string | null;
  readonly material: string;
  readonly targetKg: number;
  readonly actualKg: number | null;
  readonly toleranceKg: number;
  readonly state: 'waiting' | 'dosing' | 'deciding' | 'done';
  /** Out of tolerance, two persons release it. */
  readonly drug: boolean;
}

/** An order with how far it is, for live display. */
export interface OrderProgress {
  readonly order: Order;
  readonly state: ProcedureState | 'Queued';
  readonly batchesPlanned: number;
  readonly batchesDone: number;
  readonly dosedKg: number;
  readonly bags: number;
  readonly baggedKg: number;
  /** Why it is held, or what its product waits for behind the mixer. */
  readonly reasons: readonly Reason[];
}

/** A phase of a batch: what one scale, meter, hatch or mixer does for it (ISA-88). */
export interface PhaseStatus {
  readonly unit: string;
  readonly state: ProcedureState;
}

/** A batch that is under way (ISA-88 unit procedure), with its phases. */
export interface BatchStatus {
  readonly batchId: string;
  readonly orderId: string;
  readonly number: number;
  readonly state: ProcedureState;
  readonly phases: readonly PhaseStatus[];
}

/** What one line is doing: current order and batch, doses, mixer, what it waits for. */
export interface LineStatus {
  readonly line: string;
  readonly state: ProcedureState;
  readonly batchNumber: number | null;
  /** Batches under way, the one in the mixer first. */
  readonly batches: readonly BatchStatus[];
  readonly doses: readonly DoseProgress[];
  readonly scales: Readonly<Record<string, ScaleState>>;
  readonly mixer: MixerPhase;
  /** Running orders first, then the queue. */
  readonly orders: readonly OrderProgress[];
  /** Why it is held or what it waits for; empty while all goes on. */
  readonly reasons: readonly Reason[];
}

/** What a route is doing. */
export interface RouteStatus {
  readonly route: string;
  readonly state: string;
  readonly source: string | null;
  readonly destination: string | null;
  /** Where it goes on to when the destination is full. */
  readonly second: string | null;
  readonly owner: string | null;
  /** What it carries, where its owner said so. */
  readonly product: RouteProduct | null;
  /** Who waits for it, in the order in which they are served. */
  readonly queue: readonly QueuedStart[];
  /** What the last medicated product left on its ways, one for each order. */
  readonly residues: readonly Residue[];
  readonly reasons: readonly Reason[];
}

/** Why a device last stopped or left its place, and when. */
export interface LastStop {
  /** Time of day, ms UTC. */
  readonly timeMs: number;
  /** The first is the first-out: what came before all else. */
  readonly reasons: readonly Reason[];
}

/** Starts of a motor within the last hour, and how many it may have. */
export interface HourlyStarts {
  readonly count: number;
  readonly max: number;
}

/** What a control module tells of itself beside its state. */
export interface ModuleStatus {
  readonly mode: DeviceMode;
  /** The mode that a person chose: in force again when local or out of service ends. */
  readonly chosenMode: ChosenMode;
  /** What came first of that which holds it now; null while nothing does. */
  readonly firstOut: Reason | null;
  readonly lastStop: LastStop | null;
  /** Null for what is not a motor. */
  readonly startsInHour: HourlyStarts | null;
  /** Whether it is a device that can be jogged. */
  readonly canJog: boolean;
}

/** A sack that a person is to weigh at a hand-add hatch. */
export interface HandAddStatus {
  readonly batchId: string;
  readonly material: string;
  readonly targetKg: number;
  readonly toleranceKg: number;
  readonly drug: boolean;
  /** The lot that was scanned for it; null: none yet. */
  readonly lot: string | null;
  readonly isHeld: boolean;
}

/** Why a device is not running or moving, for its faceplate. */
export interface DeviceStatus {
  readonly device: string;
  readonly owner: string | null;
  readonly reasons: readonly Reason[];
  /** Absent for what has no modes of its own. */
  readonly module?: ModuleStatus;
  /** Of a hand-add hatch only; null: nothing is to be weighed. */
  readonly handAdd?: HandAddStatus | null;
  /** Of a dump hopper only; null: nothing is being dumped. */
  readonly dump?: DumpJob | null;
  /** Of the transfer unit of a route only; null: nothing is being moved. */
  readonly transfer?: TransferJob | null;
}

/** What a finished bin holds, and whether it may be bagged or loaded. */
export interface FinishedBinStatus {
  readonly bin: string;
  readonly state: FinishedBinState;
  readonly content: FinishedContent | null;
  readonly released: boolean;
  readonly reasons: readonly Reason[];
}

/** Live documents beside the tags, by the machine or connection that they tell of. */
export type StatusDocument =
  | ({ readonly kind: 'line' } & LineStatus)
  | ({ readonly kind: 'route' } & RouteStatus)
  | ({ readonly kind: 'device' } & DeviceStatus)
  | ({ readonly kind: 'link' } & LinkStatus)
  | ({ readonly kind: 'stock' } & StockStatus)
  | ({ readonly kind: 'lots' } & LotsStatus)
  | ({ readonly kind: 'sacks' } & SackStatus)
  | ({ readonly kind: 'trucks' } & TruckDeskStatus)
  | ({ readonly kind: 'bin' } & FinishedBinStatus)
  | ({ readonly kind: 'dosing' } & DosingStatus);

/** Kind and owner of a document: of those with the same, the latest counts. */
export function documentKey(document: StatusDocument): string {
  switch (document.kind) {
    case 'line':
      return `line ${document.line}`;
    case 'route':
      return `route ${document.route}`;
    case 'device':
      return `device ${document.device}`;
    case 'stock':
      return `stock ${document.bin}`;
    case 'lots':
      return `lots ${document.keeper}`;
    case 'sacks':
      return `sacks ${document.desk}`;
    case 'trucks':
      return `trucks ${document.desk}`;
    case 'bin':
      return `bin ${document.bin}`;
    case 'dosing':
      return `dosing ${document.scale}`;
    case 'link':
      return `link ${document.connection} ${document.unitId ?? ''}`;
  }
}
