import type { Text } from './text.ts';

/** Transfers from one bin to another on an engineer's command. */
export const TRANSFER_REASONS = {
  'transfer.no-way': {
    vi: 'Không có đường từ {source} tới {destination}',
    en: 'There is no way from {source} to {destination}',
  },
  'transfer.room': {
    vi: '{bin} chỉ còn chỗ cho {kg} kg',
    en: '{bin} has room for {kg} kg only',
  },
  'transfer.short': { vi: '{bin} chỉ còn {kg} kg', en: '{bin} holds {kg} kg only' },
  'transfer.too-little': {
    vi: 'Ít hơn {kg} kg thì mức bồn không đo được',
    en: 'Less than {kg} kg cannot be told by the levels',
  },
  'transfer.level': {
    vi: 'Mức của {bin} không tin được: không biết đã chuyển bao nhiêu',
    en: 'The level of {bin} cannot be trusted: nobody knows how much has moved',
  },
  'transfer.other-material': {
    vi: '{source} chứa {material}, {destination} dành cho {meant}',
    en: '{source} holds {material}; {destination} is for {meant}',
  },
  'transfer.stopped': {
    vi: 'Tuyến {route} đã dừng khi mới chuyển {kg} kg trong {target} kg',
    en: 'Route {route} stopped when {kg} of {target} kg had moved',
  },
  'transfer.running': {
    vi: 'Đã chuyển {kg} trong {target} kg từ {source} sang {destination}',
    en: '{kg} of {target} kg have moved from {source} to {destination}',
  },
} as const satisfies Readonly<Record<string, Text>>;
