import type { FeedNature } from './carry-over.ts';
import type { Text } from './text.ts';

/** States of a finished bin (DOMAIN 4), in wire-code order. */
export const FINISHED_BIN_STATES = [
  'Empty',
  'Filling',
  'Hold',
  'Released',
  'Emptying',
  'Dirty',
] as const;
export type FinishedBinState = (typeof FINISHED_BIN_STATES)[number];

export const FINISHED_BIN_TEXTS: Readonly<Record<FinishedBinState, Text>> = {
  Empty: { vi: 'Rỗng, sạch', en: 'Empty' },
  Filling: { vi: 'Đang nhận hàng', en: 'Filling' },
  Hold: { vi: 'Chờ KCS duyệt', en: 'Hold (quality)' },
  Released: { vi: 'KCS đã duyệt', en: 'Released' },
  Emptying: { vi: 'Đang xuất', en: 'Emptying' },
  Dirty: { vi: 'Còn dư thuốc', en: 'Dirty (drug)' },
};

/** What lies in a finished bin: of which order and lot, and what it is as regards carry-over. */
export interface FinishedContent {
  readonly orderId: string | null;
  readonly lot: string | null;
  readonly product: Text | null;
  /** Null where nobody said what it is. */
  readonly nature: FeedNature | null;
}
