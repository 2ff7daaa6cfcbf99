import type { Text } from './text.ts';

/** Hand-adds: sacks that a person tips into the mixer. */
export const HAND_ADD_REASONS = {
  'hand-add.waits': {
    vi: '{device}: chờ nạp tay {material} {kg} kg',
    en: '{device} waits for {kg} kg of {material} by hand',
  },
  'hand-add.unreadable': {
    vi: 'Mã vạch không đọc được số lô',
    en: 'No lot can be read from the bar code',
  },
  'hand-add.no-material': {
    vi: 'Nhãn lô {lot} không ghi vật liệu',
    en: 'The label of lot {lot} does not name its material',
  },
  'hand-add.wrong-material': {
    vi: 'Lô {lot} là {scanned}, cần {material}',
    en: 'Lot {lot} is {scanned}; {material} is wanted',
  },
  'hand-add.expired': {
    vi: 'Lô {lot} đã hết hạn ngày {date}',
    en: 'Lot {lot} expired on {date}',
  },
  'hand-add.no-expiry': {
    vi: 'Nhãn lô thuốc {lot} không ghi hạn dùng',
    en: 'The label of lot {lot}, a drug, has no expiry date',
  },
  'hand-add.quarantined': {
    vi: 'Lô {lot} đang bị cách ly',
    en: 'Lot {lot} is in quarantine',
  },
  'hand-add.not-scanned': {
    vi: 'Chưa quét lô của {material}',
    en: 'No lot of {material} was scanned yet',
  },
  'hand-add.not-settled': {
    vi: 'Cân {device} chưa ổn định',
    en: 'The weight on {device} has not settled',
  },
  'hand-add.register-full': {
    vi: '{device} đã ghi {limit} lô cách ly',
    en: '{device} knows {limit} lots in quarantine already',
  },
} as const satisfies Readonly<Record<string, Text>>;
