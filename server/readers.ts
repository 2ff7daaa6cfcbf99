import type { Mill } from '../plc/mill/definition.ts';
import { listAlarms } from './alarms/alarm-queries.ts';
import type {
  HistoryReader,
  PackingReader,
  RecordReader,
  ReportReader,
  StockReader,
} from './api/ports.ts';
import type { Database } from './db/database.ts';
import { exportHistory } from './historian/export.ts';
import { tagsOf } from './historian/expression.ts';
import { readHistory } from './historian/history.ts';
import { readAligned, readAt, readCalculated } from './historian/moments.ts';
import { readQuarantine } from './historian/sample-quarantine.ts';
import { readRaw, readStates } from './historian/states.ts';
import { listOrders, readBatch, readOrder } from './records/order-queries.ts';
import { listPallets, listRejects, readPallet } from './records/packing-queries.ts';
import { listMoves, listTrucks } from './records/stock-queries.ts';
import { productionCsv } from './reports/production-csv.ts';
import { productionReport } from './reports/production-report.ts';

/**
 * What REST reads of the database: quick lists on the people's connections, history on its
 * own, the rest on those of reports.
 */
export function readersOf(
  database: Pick<Database, 'people' | 'reports' | 'history' | 'storage'>,
  mill: Mill,
): RecordReader & HistoryReader & ReportReader & StockReader & PackingReader {
  const { people, reports } = database;
  return {
    ...historyReader(database, mill),
    orders: (query) => listOrders(people, query),
    order: (orderId) => readOrder(people, orderId),
    batch: (batchId) => readBatch(people, batchId),
    moves: (query) => listMoves(people, query),
    pallets: (query) => listPallets(people, query),
    pallet: (palletId) => readPallet(people, palletId),
    rejects: (query) => listRejects(people, query),
    trucks: (query) => listTrucks(people, query),
    alarms: (query) => listAlarms(people, mill, query),
    production: (day, shift) => productionReport(reports, mill, { day, shift: shift ?? undefined }),
    productionCsv,
  };
}

function historyReader(database: Pick<Database, 'history' | 'storage'>, mill: Mill): HistoryReader {
  const db = database.history;
  /** Asked anew each time: it is not known before the database was up. */
  const storage = () => database.storage ?? 'plain';
  const named = (names: readonly string[]) =>
    names.flatMap((name) => mill.tagByName.get(name) ?? []);
  return {
    history: (names, window, points, by) =>
      readHistory(db, { tags: named(names), ...window, points, by }),
    historyAt: (names, timeMs) => readAt(db, named(names), timeMs),
    historyRaw: (name, window, limit) => readRaw(db, name, window, limit),
    historyAligned: (names, window, points) =>
      readAligned(db, { tags: named(names), ...window, points, storage: storage() }),
    historyStates: (name, { fromMs, toMs }) => readStates(db, name, fromMs, toMs),
    historyCalculated: (expression, window, points) =>
      readCalculated(db, expression, {
        ...{ tags: named(tagsOf(expression)), ...window, points },
        storage: storage(),
      }),
    historyQuarantine: (limit) => readQuarantine(db, limit),
    historyExport: (tags, window, format) => exportHistory(db, { tags, ...window, format }),
  };
}
