import type { Text } from './text.ts';

/** Orders and formulas. */
export const ORDER_REASONS = {
  'order.batch-size': {
    vi: 'Mẻ {batchKg} kg vượt cối trộn {mixerKg} kg',
    en: 'A batch of {batchKg} kg exceeds the {mixerKg} kg mixer',
  },
  'order.queue-full': {
    vi: 'Hàng đợi lệnh đã đầy ({limit})',
    en: 'The order queue is full ({limit})',
  },
  'order.exists': { vi: 'Lệnh {order} đã có', en: 'Order {order} exists already' },
  'order.unknown': { vi: 'Không có lệnh {order}', en: 'There is no order {order}' },
  'order.made-elsewhere': {
    vi: 'Lệnh sản xuất chỉ được lập từ công thức ở bảng lệnh',
    en: 'An order is made from a formula in the order panel only',
  },
  'formula.unknown': { vi: 'Không có công thức {formula}', en: 'There is no formula {formula}' },
  'order.destination': {
    vi: '{bin} không phải bồn thành phẩm của {line}',
    en: '{bin} is not a finished bin of {line}',
  },
} as const satisfies Readonly<Record<string, Text>>;
