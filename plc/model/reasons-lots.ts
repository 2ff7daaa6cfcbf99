import type { Text } from './text.ts';

/** Lots that must not be used, or not in every feed. The drug comes in both languages. */
export const LOT_REASONS = {
  'lot.quarantined': {
    vi: 'Lô {lot} đang bị cách ly ({user}: {note})',
    en: 'Lot {lot} is in quarantine ({user}: {note})',
  },
  'lot.expired': { vi: 'Lô {lot} đã hết hạn ngày {date}', en: 'Lot {lot} expired on {date}' },
  'lot.drug': {
    vi: 'Lô {lot} có {drug} hoặc dư lượng của nó: không dùng được cho sản phẩm này',
    en: 'Lot {lot} has {drug} or rests of it: this product must not have it',
  },
  'lot.register-full': {
    vi: 'Sổ đã ghi {limit} lô cách ly',
    en: 'The register knows {limit} lots in quarantine already',
  },
  'lot.drug-needs-label': {
    vi: '{material} là thuốc: phải quét nhãn lô có hạn dùng',
    en: '{material} is a drug: scan the label of its lot, with its expiry date',
  },
  'lot.drug-needs-two': {
    vi: '{material} là thuốc: phải có người thứ hai xác nhận',
    en: '{material} is a drug: a second person must confirm it',
  },
} as const satisfies Readonly<Record<string, Text>>;
