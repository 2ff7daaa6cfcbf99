import type { Text } from './text.ts';

/** Drugs and medicated feed. */
export const DRUG_REASONS = {
  'drug.not-medicated': {
    vi: 'Lệnh {order} không có thuốc hoặc chưa kết thúc',
    en: 'Order {order} holds no drug or has not ended',
  },
  'drug.second-person': {
    vi: '{user} đã đối chiếu lệnh {order}; phải có người thứ hai xác nhận',
    en: '{user} reconciled order {order}; a second person must confirm',
  },
  'drug.not-proposed': {
    vi: 'Lệnh {order} chưa được đối chiếu',
    en: 'Order {order} has not been reconciled yet',
  },
  'drug.reconciled': {
    vi: 'Lệnh {order} đã được đối chiếu',
    en: 'Order {order} has been reconciled already',
  },
  'drug.not-reconciled': {
    vi: '{bin} chứa thức ăn có thuốc của lệnh {order}, chưa được hai người đối chiếu',
    en: '{bin} holds medicated feed of order {order}, which two persons have not reconciled yet',
  },
  'drug.unknown': { vi: '{material} không phải là thuốc', en: '{material} is not a drug' },
} as const satisfies Readonly<Record<string, Text>>;
