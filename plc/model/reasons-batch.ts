import type { Text } from './text.ts';

/** Batches, and what their orders share with others. */
export const BATCH_REASONS = {
  'dose.second-person': {
    vi: 'Liều thuốc {material} ngoài dung sai phải do hai người duyệt',
    en: 'The dose of {material}, a drug, is out of tolerance: two persons must release it',
  },
  'dose.second-unfit': {
    vi: '{user} không được duyệt liều thuốc cùng người thao tác',
    en: '{user} may not release a dose as the second person',
  },
  'unit.allocated': {
    vi: '{unit} đang làm cho lệnh {order}',
    en: '{unit} is working for order {order}',
  },
  'unit.not-emptied': {
    vi: '{bin} trước {unit} còn liệu không thuộc lệnh này',
    en: '{bin} before {unit} still holds product of another order',
  },
  'press.none-leads': {
    vi: 'Không có máy ép nào của {line} dẫn tới {bin}',
    en: 'No press of {line} leads to {bin}',
  },
  'bagger.none-leads': {
    vi: 'Không có máy đóng bao nào của {line} lấy liệu từ {bin}',
    en: 'No bagger of {line} is fed from {bin}',
  },
  'bin.in-use': {
    vi: '{bin} đang dùng cho lệnh {order}',
    en: '{bin} is in use by order {order}',
  },
  'line.tails-full': {
    vi: '{line} còn {limit} lệnh đang ép hoặc đóng bao',
    en: '{line} still has {limit} orders being pressed or bagged',
  },
} as const satisfies Readonly<Record<string, Text>>;
