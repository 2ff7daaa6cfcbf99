import type { z } from 'zod';
import type {
  FEWER_BY,
  HISTORY_FORMATS,
  History,
  HistoryAligned,
  HistoryAt,
  HistoryCalculated,
  HistoryQuarantine,
  HistoryRaw,
  HistoryStates,
} from '../contract/history.ts';
import type { BagRejectView, PalletsQuery, PalletView } from '../contract/packing.ts';
import type { ProductionReport } from '../contract/production-report.ts';
import type { alarmViewSchema, BatchView, OrderView, orderDetailSchema } from '../contract/rest.ts';
import type { StockMove, StockMovesQuery, TruckView } from '../contract/stock.ts';
import type { Expression } from '../historian/expression.ts';

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

/** A window of history; times in ms UTC. */
export interface HistoryWindow {
  readonly fromMs: number;
  readonly toMs: number;
}

/** What REST reads of the history of tags that the mill has. */
export interface HistoryReader {
  history(
    tags: readonly string[],
    window: HistoryWindow,
    points: number,
    by: (typeof FEWER_BY)[number],
  ): Promise<History>;
  historyAt(tags: readonly string[], timeMs: number): Promise<HistoryAt>;
  historyRaw(tag: string, window: HistoryWindow, limit: number): Promise<HistoryRaw>;
  historyAligned(
    tags: readonly string[],
    window: HistoryWindow,
    points: number,
  ): Promise<HistoryAligned>;
  historyStates(tag: string, window: HistoryWindow): Promise<HistoryStates>;
  historyCalculated(
    expression: Expression,
    window: HistoryWindow,
    points: number,
  ): Promise<HistoryCalculated>;
  historyQuarantine(limit: number): Promise<HistoryQuarantine>;
  historyExport(
    tags: readonly string[],
    window: HistoryWindow,
    format: (typeof HISTORY_FORMATS)[number],
  ): AsyncIterable<Uint8Array>;
}

export interface ReportReader {
  production(day: string, shift: number | null): Promise<ProductionReport>;
  productionCsv(report: ProductionReport, language: 'vi' | 'en'): string;
}

/** What was stacked, and what was thrown out before. */
export interface PackingReader {
  pallets(query: PalletsQuery): Promise<PalletView[]>;
  pallet(palletId: string): Promise<PalletView | null>;
  rejects(query: PalletsQuery): Promise<BagRejectView[]>;
}

export interface StockReader {
  moves(query: StockMovesQuery): Promise<StockMove[]>;
  trucks(query: ListQuery): Promise<TruckView[]>;
}
