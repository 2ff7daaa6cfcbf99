import type { Text } from './text.ts';

/** Stock and intake. */
export const STOCK_REASONS = {
  'stock.unknown-bin': {
    vi: 'Sổ tồn kho không có bồn {bin}',
    en: 'The stock book has no bin {bin}',
  },
  'stock.other-material': {
    vi: '{bin} dành cho {meant}, không nhận {material}',
    en: '{bin} is for {meant} and takes no {material}',
  },
  'intake.pit-not-empty': {
    vi: 'Hố {pit} còn liệu của xe trước',
    en: 'Pit {pit} still holds product of the truck before',
  },
  'intake.no-silo': {
    vi: 'Không silo nào còn chỗ cho {material}',
    en: 'No silo has room for {material}',
  },
  'intake.no-pit': {
    vi: 'Chưa có hố trống cho {material}',
    en: 'No pit is free for {material} yet',
  },
  'intake.unknown-truck': { vi: 'Không có xe {truck}', en: 'There is no truck {truck}' },
  'intake.unknown-material': {
    vi: 'Nhà máy không nhập {material} bằng xe',
    en: 'The mill takes no {material} by truck',
  },
  'intake.plate-here': {
    vi: 'Xe {plate} đang ở trong nhà máy',
    en: 'Truck {plate} is in the yard already',
  },
  'intake.not-bagged': {
    vi: '{material} là hàng xá: xe phải vào hố',
    en: '{material} comes in bulk: its truck goes to a pit',
  },
  'intake.yard-full': {
    vi: 'Đã có {limit} xe đăng ký chưa xong',
    en: '{limit} trucks are booked and not done',
  },
  'intake.moist': {
    vi: 'Độ ẩm {found} % vượt {limit} %',
    en: 'Moisture {found} % is above {limit} %',
  },
  'intake.protein': {
    vi: 'Đạm {found} % dưới {limit} %',
    en: 'Protein {found} % is below {limit} %',
  },
  'intake.mycotoxin': {
    vi: 'Aflatoxin {found} ppb vượt {limit} ppb',
    en: 'Aflatoxin {found} ppb is above {limit} ppb',
  },
  'intake.other-material': {
    vi: 'Phiếu ghi {ticket}, mẫu là {found}',
    en: 'The ticket says {ticket}, the sample is {found}',
  },
  'intake.bridge-not-ready': {
    vi: 'Cân {bridge} không có xe đứng yên hoặc quá tải',
    en: 'No truck stands still on {bridge}, or it is overloaded',
  },
  'intake.cancelled': { vi: '{user} hủy xe: {note}', en: '{user} cancelled the truck: {note}' },
} as const satisfies Readonly<Record<string, Text>>;
