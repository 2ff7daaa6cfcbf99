import type { Text } from './text.ts';

/** Bulk load-out: the truck, its compartment and what it carried before. */
export const LOAD_OUT_REASONS = {
  'load.no-truck': {
    vi: 'Chưa có xe đúng vị trí dưới {device}',
    en: 'No truck stands in place below {device}',
  },
  'load.spout-up': { vi: 'Ống xuất của {device} chưa hạ', en: 'The spout of {device} is not down' },
  'load.bin': {
    vi: '{bin} không xuất được qua {device}',
    en: '{bin} cannot be loaded through {device}',
  },
  'load.mass': {
    vi: '{device} xuất được từ {min} đến {max} kg một ngăn',
    en: '{device} loads {min} to {max} kg into one compartment',
  },
  'load.not-empty': {
    vi: 'Ngăn dưới {device} đã có {kg} kg',
    en: 'The compartment below {device} already holds {kg} kg',
  },
  'load.other-lot': {
    vi: '{bin} chứa lô {content}, không phải {lot}',
    en: '{bin} holds lot {content}, not {lot}',
  },
  'load.last-load-clean': {
    vi: 'Ngăn vừa chở hàng có thuốc ({drug}): phải vệ sinh trước khi xuất',
    en: 'The compartment last carried feed with a drug ({drug}): clean it before it is loaded',
  },
  'load.last-load-forbidden': {
    vi: 'Ngăn vừa chở hàng có thuốc ({drug}): không được chở lô này',
    en: 'The compartment last carried feed with a drug ({drug}): it must not carry this lot',
  },
  'load.last-load-unknown': {
    vi: 'Không rõ ngăn vừa chở gì: phải vệ sinh trước khi xuất',
    en: 'Nobody knows what the compartment carried last: clean it before it is loaded',
  },
  'load.no-certificate': {
    vi: 'Ngăn đã vệ sinh phải có số giấy chứng nhận vệ sinh',
    en: 'A compartment that was cleaned needs the number of its cleaning certificate',
  },
  'load.last-load-known': {
    vi: 'Nhà máy đã xuất hàng có thuốc ({drug}) vào ngăn này của xe {truck}: khai lại hàng chở trước',
    en: 'The mill itself loaded it last, with a drug ({drug}), on truck {truck}: name that',
  },
  'load.moved': {
    vi: 'Xe dưới {device} đã dời khi đang xuất',
    en: 'The truck below {device} moved while it was loaded',
  },
} as const satisfies Readonly<Record<string, Text>>;
