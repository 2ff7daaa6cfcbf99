import type { AlarmOccurrence } from './alarm.ts';
import type { ProcedureState } from './isa88.ts';
import type { Order } from './order.ts';
import type { Reason } from './reason.ts';
import type { FinishingRecord } from './record-finishing.ts';
import type { StockRecord, TruckRecord } from './record-stock.ts';

export type * from './record-finishing.ts';

/**
 * State of an order as it goes: emitted at every change, the last one counts. All masses kg, times
 * ms UTC.
 */
export interface OrderRecord {
  readonly kind: 'order';
  readonly order: Order;
  readonly state: ProcedureState | 'Queued';
  readonly createdBy: string;
  readonly createdTimeMs: number;
  readonly startedTimeMs: number | null;
  readonly finishedTimeMs: number | null;
  readonly batchesPlanned: number;
  readonly batchesDone: number;
  readonly dosedKg: number;
  readonly producedKg: number;
  readonly bags: number;
  readonly reasons: readonly Reason[];
}

/** State of one batch: emitted at every change, the last one counts. */
export interface BatchRecord {
  readonly kind: 'batch';
  /** `<orderId>/<number>`. */
  readonly batchId: string;
  readonly orderId: string;
  readonly number: number;
  readonly state: ProcedureState;
  readonly targetKg: number;
  readonly actualKg: number;
  readonly startedTimeMs: number;
  readonly finishedTimeMs: number | null;
  readonly lot: string;
}

/** A step of a batch (ISA-88 phase) with its times: emitted once, when it ends. */
export interface PhaseRecord {
  readonly kind: 'phase';
  /** Unique for ever: `<batchId>/<phase>/<attempt>`. */
  readonly phaseId: string;
  readonly batchId: string;
  readonly phase: 'dosing' | 'fill-mixer' | 'dry-mix' | 'wet-mix' | 'discharge';
  readonly startedTimeMs: number;
  readonly endedTimeMs: number;
}

/** One dose: emitted once, when it was decided. */
export interface DoseRecord {
  readonly kind: 'dose';
  /** Unique for ever: `<batchId>/<scale>/<sequence on that scale>`. */
  readonly doseId: string;
  readonly batchId: string;
  readonly scale: string;
  readonly bin: string;
  readonly material: string;
  readonly lot: string | null;
  readonly targetKg: number;
  readonly actualKg: number;
  readonly toleranceKg: number;
  readonly inFlightKg: number;
  readonly jogs: number;
  readonly decision: 'in-tolerance' | 'accepted-under' | 'accepted-over' | 'moved-bin';
  readonly decidedBy: string | null;
  /** The second person who released a drug out of tolerance. */
  readonly releasedBy: string | null;
  /** Frequency of the screw at the cut, Hz. */
  readonly fineHz: number;
  /** How sure the mass in flight was, 0 to 100 %. */
  readonly confidencePct: number;
  readonly startedTimeMs: number;
  readonly endedTimeMs: number;
}

/** One bag: emitted once. */
export interface BagRecord {
  readonly kind: 'bag';
  /** Unique for ever: `<bagger>/<count>`, the bagger's own counter. */
  readonly bagId: string;
  readonly orderId: string | null;
  readonly bagger: string;
  readonly lot: string | null;
  readonly netKg: number;
  readonly timeMs: number;
}

/** Product that went from one place to another, or to a named loss: emitted once. */
export interface MovementRecord {
  readonly kind: 'movement';
  /** Unique for ever: `<route or unit>/<start time>`. */
  readonly movementId: string;
  readonly from: string;
  readonly to: string;
  readonly material: string | null;
  readonly lot: string | null;
  /** Measured or estimated mass; null where nothing measures it. */
  readonly massKg: number | null;
  readonly startedTimeMs: number;
  readonly endedTimeMs: number;
}

/**
 * A stop of a line, press, bagger or route, with its reason: emitted when it starts and when it
 * ends.
 */
export interface DowntimeRecord {
  readonly kind: 'downtime';
  /** Unique for ever: `<unit>/<start time>`. */
  readonly downtimeId: string;
  readonly unit: string;
  readonly startedTimeMs: number;
  readonly endedTimeMs: number | null;
  readonly reasons: readonly Reason[];
}

/** One time that an alarm was raised: emitted at every change of its state, the last one counts. */
export interface AlarmRecord {
  readonly kind: 'alarm';
  readonly occurrence: AlarmOccurrence;
}

/** What the machines write down. */
export type MachineRecord =
  | OrderRecord
  | BatchRecord
  | PhaseRecord
  | DoseRecord
  | BagRecord
  | MovementRecord
  | DowntimeRecord
  | StockRecord
  | TruckRecord
  | FinishingRecord;

/**
 * One stored tag value: index into the mill's tag table, time ms UTC, value (flags 0/1) and quality
 * code.
 */
export type HistorySample = readonly [
  tagIndex: number,
  timeMs: number,
  value: number | null,
  quality: number,
];

/** Tag changes of a short while, in time order but for those read later from the field. */
export interface SamplesRecord {
  readonly kind: 'samples';
  readonly samples: readonly HistorySample[];
}

export type SpoolRecord = MachineRecord | AlarmRecord | SamplesRecord;
