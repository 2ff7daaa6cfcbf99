import type { TruckRecord } from './record-stock.ts';

/** The machine of the truck desk; target of its commands. */
export const TRUCK_DESK_ID = 'TRUCKS';

/** The trucks of today and those still in the yard, the newest last, for live display. */
export interface TruckDeskStatus {
  readonly desk: string;
  readonly trucks: readonly Omit<TruckRecord, 'kind'>[];
}
