import type { Mill } from '../plc/mill/definition.ts';
import { listAlarms } from './alarms/alarm-queries.ts';
import type { HistoryReader, RecordReader, ReportReader, StockReader } from './api/ports.ts';
import type { Database } from './db/database.ts';
import { readHistory } from './historian/history.ts';
import { listOrders, readBatch, readOrder } from './records/order-queries.ts';
import { listMoves, listTrucks } from './records/stock-queries.ts';
import { productionCsv } from './reports/production-csv.ts';
import { productionReport } from './reports/production-report.ts';

/**
 * What REST reads of the database: quick lists on the people's connections, the rest on those of
 * reports.
 */
export function readersOf(
  { people, reports }: Pick<Database, 'people' | 'reports'>,
  mill: Mill,
): RecordReader & HistoryReader & ReportReader & StockReader {
  return {
    orders: (query) => listOrders(people, query),
    order: (orderId) => readOrder(people, orderId),
    batch: (batchId) => readBatch(people, batchId),
    moves: (query) => listMoves(people, query),
    trucks: (query) => listTrucks(people, query),
    alarms: (query) => listAlarms(people, mill, query),
    history: (names, fromMs, toMs, points) => {
      const tags = names.flatMap((name) => mill.tagByName.get(name) ?? []);
      return readHistory(reports, { tags, fromMs, toMs, points });
    },
    production: (day, shift) => productionReport(reports, mill, { day, shift: shift ?? undefined }),
    productionCsv,
  };
}
