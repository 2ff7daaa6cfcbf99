import type { StockRecord, TruckRecord } from '../../plc/model/record-stock.ts';
import type { RecordTable } from './record-tables.ts';

const TEXT = 'text';
const MASS = 'double precision';
const TIME = 'timestamptz';
const time = (ms: number) => new Date(ms).toISOString();
const timeOrNull = (ms: number | null) => (ms === null ? null : time(ms));

/** What became of a truck: the last record counts. */
export const truck: RecordTable<TruckRecord> = {
  table: 'truck',
  key: 'truck_id',
  keep: 'last',
  columns: {
    truck_id: TEXT,
    plate: TEXT,
    material: TEXT,
    supplier: TEXT,
    supplier_lot: TEXT,
    ticket_kg: MASS,
    state: TEXT,
    sample: 'jsonb',
    gross_kg: MASS,
    tare_kg: MASS,
    net_kg: MASS,
    pit: TEXT,
    destinations: 'jsonb',
    lot: TEXT,
    created_by: TEXT,
    booked: TIME,
    due: TIME,
    arrived: TIME,
    finished: TIME,
    reasons: 'jsonb',
  },
  row: (record) => ({
    truck_id: record.truckId,
    plate: record.plate,
    material: record.material,
    supplier: record.supplier,
    supplier_lot: record.supplierLot,
    ticket_kg: record.ticketKg,
    state: record.state,
    sample: record.sample,
    gross_kg: record.grossKg,
    tare_kg: record.tareKg,
    net_kg: record.netKg,
    pit: record.pit,
    destinations: record.destinations,
    lot: record.lot,
    created_by: record.createdBy,
    booked: time(record.bookedTimeMs),
    due: timeOrNull(record.dueTimeMs),
    arrived: timeOrNull(record.arrivedTimeMs),
    finished: timeOrNull(record.finishedTimeMs),
    reasons: record.reasons,
  }),
};

/** One lot's part of what moved. */
export const stock: RecordTable<StockRecord> = {
  table: 'stock',
  key: 'stock_id',
  keep: 'first',
  columns: {
    stock_id: TEXT,
    cause: TEXT,
    cause_id: TEXT,
    source: TEXT,
    destination: TEXT,
    material: TEXT,
    lot: TEXT,
    kg: MASS,
    estimated: 'boolean',
    by_user: TEXT,
    note: TEXT,
    time: TIME,
  },
  row: (record) => ({
    stock_id: record.stockId,
    cause: record.cause,
    cause_id: record.causeId,
    source: record.from,
    destination: record.to,
    material: record.material,
    lot: record.lot,
    kg: record.kg,
    estimated: record.estimated,
    by_user: record.by,
    note: record.note,
    time: time(record.timeMs),
  }),
};
