import type { MixerPhase, ProcedureState, ScaleState } from './isa88.ts';
import type { LinkStatus } from './link-status.ts';
import type { Order } from './order.ts';
import type { Reason } from './reason.ts';

/** One ingredient of the batch that is being made, for live display. */
export interface DoseProgress {
  readonly scale: string;
  readonly bin: string | null;
  readonly material: string;
  readonly targetKg: number;
  readonly actualKg: number | null;
  readonly toleranceKg: number;
  readonly state: 'waiting' | 'dosing' | 'deciding' | 'done';
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

/** What one line is doing: current order and batch, doses, mixer, what it waits for. */
export interface LineStatus {
  readonly line: string;
  readonly state: ProcedureState;
  readonly batchNumber: number | null;
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
  readonly owner: string | null;
  readonly reasons: readonly Reason[];
}

/** Why a device is not running or moving, for its faceplate. */
export interface DeviceStatus {
  readonly device: string;
  readonly owner: string | null;
  readonly reasons: readonly Reason[];
}

/** Live documents beside the tags, by the machine or connection that they tell of. */
export type StatusDocument =
  | ({ readonly kind: 'line' } & LineStatus)
  | ({ readonly kind: 'route' } & RouteStatus)
  | ({ readonly kind: 'device' } & DeviceStatus)
  | ({ readonly kind: 'link' } & LinkStatus);

/** Kind and owner of a document: of those with the same, the latest counts. */
export function documentKey(document: StatusDocument): string {
  switch (document.kind) {
    case 'line':
      return `line ${document.line}`;
    case 'route':
      return `route ${document.route}`;
    case 'device':
      return `device ${document.device}`;
    case 'link':
      return `link ${document.connection} ${document.unitId ?? ''}`;
  }
}
