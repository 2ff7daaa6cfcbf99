import type { z } from 'zod';
import type {
  alarmViewSchema,
  BatchView,
  History,
  OrderView,
  orderDetailSchema,
  ProductionReport,
} from '../contract/rest.ts';
import type { StockMove, StockMovesQuery, TruckView } from '../contract/stock.ts';

export type OrderDetail = z.infer<typeof orderDetailSchema>;
export type AlarmView = z.infer<typeof alarmViewSchema>;

/** Newest first: at most `limit` of those before `before`. */
export interface ListQuery {
  /** ISO 8601; now without it. */
  readonly before?: string | undefined;
  readonly limit: number;
}

/**
 * What the REST routes read of the stored records. Everything throws what `pg` throws when it is
 * away.
 */
export interface RecordReader {
  orders(query: ListQuery): Promise<OrderView[]>;
  order(orderId: string): Promise<OrderDetail | null>;
  batch(batchId: string): Promise<BatchView | null>;
  alarms(query: ListQuery): Promise<AlarmView[]>;
}

/** Down-sampled history; times in ms UTC. */
export interface HistoryReader {
  history(tags: readonly string[], fromMs: number, toMs: number, points: number): Promise<History>;
}

export interface ReportReader {
  production(day: string, shift: number | null): Promise<ProductionReport>;
  productionCsv(report: ProductionReport, language: 'vi' | 'en'): string;
}

export interface StockReader {
  moves(query: StockMovesQuery): Promise<StockMove[]>;
  trucks(query: ListQuery): Promise<TruckView[]>;
}
