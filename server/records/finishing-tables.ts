import type {
  BagRejectRecord,
  BinStateRecord,
  LoadRecord,
  PalletRecord,
  PressRunRecord,
} from '../../plc/model/record.ts';
import type { RecordTable } from './record-tables.ts';

const time = (ms: number) => new Date(ms).toISOString();

const TEXT = 'text';
const FIGURE = 'double precision';
const TIME = 'timestamptz';

export const pressRun: RecordTable<PressRunRecord> = {
  table: 'press_run',
  key: 'run_id',
  keep: 'first',
  columns: {
    run_id: TEXT,
    press: TEXT,
    order_id: TEXT,
    lot: TEXT,
    destination: TEXT,
    set_c: FIGURE,
    fed_kg: FIGURE,
    steam_kg: FIGURE,
    kwh: FIGURE,
    mean_c: FIGURE,
    min_c: FIGURE,
    max_c: FIGURE,
    chokes: 'integer',
    started: TIME,
    ended: TIME,
  },
  row: (record) => ({
    run_id: record.runId,
    press: record.press,
    order_id: record.orderId,
    lot: record.lot,
    destination: record.destination,
    set_c: record.setC,
    fed_kg: record.fedKg,
    steam_kg: record.steamKg,
    kwh: record.kWh,
    mean_c: record.meanC,
    min_c: record.minC,
    max_c: record.maxC,
    chokes: record.chokes,
    started: time(record.startedTimeMs),
    ended: time(record.endedTimeMs),
  }),
};

export const pallet: RecordTable<PalletRecord> = {
  table: 'pallet',
  key: 'pallet_id',
  keep: 'first',
  columns: {
    pallet_id: TEXT,
    order_id: TEXT,
    lot: TEXT,
    palletiser: TEXT,
    bagger: TEXT,
    bags: 'integer',
    bag_ids: 'text[]',
    net_kg: FIGURE,
    time: TIME,
  },
  row: (record) => ({
    pallet_id: record.palletId,
    order_id: record.orderId,
    lot: record.lot,
    palletiser: record.palletiser,
    bagger: record.bagger,
    bags: record.bags,
    bag_ids: record.bagIds,
    net_kg: record.netKg,
    time: time(record.timeMs),
  }),
};

export const bagReject: RecordTable<BagRejectRecord> = {
  table: 'bag_reject',
  key: 'reject_id',
  keep: 'first',
  columns: {
    reject_id: TEXT,
    bag_id: TEXT,
    bagger: TEXT,
    device: TEXT,
    cause: TEXT,
    order_id: TEXT,
    lot: TEXT,
    time: TIME,
  },
  row: (record) => ({
    reject_id: record.rejectId,
    bag_id: record.bagId,
    bagger: record.bagger,
    device: record.device,
    cause: record.cause,
    order_id: record.orderId,
    lot: record.lot,
    time: time(record.timeMs),
  }),
};

export const load: RecordTable<LoadRecord> = {
  table: 'bulk_load',
  key: 'load_id',
  keep: 'first',
  columns: {
    load_id: TEXT,
    spout: TEXT,
    truck: TEXT,
    compartment: 'integer',
    bin: TEXT,
    order_id: TEXT,
    lot: TEXT,
    target_kg: FIGURE,
    net_kg: FIGURE,
    last_load: 'jsonb',
    certificate: TEXT,
    started: TIME,
    ended: TIME,
  },
  row: (record) => ({
    load_id: record.loadId,
    spout: record.spout,
    truck: record.truck,
    compartment: record.compartment,
    bin: record.bin,
    order_id: record.orderId,
    lot: record.lot,
    target_kg: record.targetKg,
    net_kg: record.netKg,
    last_load: record.last,
    certificate: record.certificate,
    started: time(record.startedTimeMs),
    ended: time(record.endedTimeMs),
  }),
};

export const binState: RecordTable<BinStateRecord> = {
  table: 'bin_state',
  key: 'change_id',
  keep: 'first',
  columns: {
    change_id: TEXT,
    bin: TEXT,
    state: TEXT,
    order_id: TEXT,
    lot: TEXT,
    changed_by: TEXT,
    time: TIME,
  },
  row: (record) => ({
    change_id: record.changeId,
    bin: record.bin,
    state: record.state,
    order_id: record.orderId,
    lot: record.lot,
    changed_by: record.by,
    time: time(record.timeMs),
  }),
};
