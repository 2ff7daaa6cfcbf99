import type { Text } from './text.ts';

/** Modes of control modules, and what stopped them. */
export const MODE_REASONS = {
  'device.mode-auto': {
    vi: '{device} đang ở chế độ tự động; chuyển sang bằng tay để điều khiển riêng',
    en: '{device} is in Auto; change it to Manual to command it singly',
  },
  'device.mode-semi': {
    vi: '{device} đang bán tự động, chỉ nhận tuyến do người vận hành khởi động',
    en: '{device} is in SemiAuto and only works for routes that a person started',
  },
  'device.mode-manual': {
    vi: '{device} đang ở chế độ bằng tay, không nhận lệnh tự động',
    en: '{device} is in Manual and takes no automatic commands',
  },
  'device.mode-moving': {
    vi: 'Dừng {device} trước khi chuyển sang chế độ {mode}',
    en: 'Stop {device} before its mode is changed to {mode}',
  },
  'device.jog-manual': {
    vi: 'Chỉ nhấp {device} khi ở chế độ bằng tay',
    en: '{device} is jogged in Manual only',
  },
  'device.jog-choked': {
    vi: '{device} đã dừng vì nghẹt: không được nhấp, dọn chân gàu rồi khởi động bình thường',
    en: '{device} stopped on a choke: it is never jogged, clear the boot and start it normally',
  },
  'device.stopped-by': { vi: '{who} đã dừng {device}', en: '{who} stopped {device}' },
  'device.jog-over': { vi: 'Hết thời gian nhấp {device}', en: 'The jog of {device} is over' },
  'permissive.open': {
    vi: '{device} chưa đủ điều kiện khởi động: {tag}',
    en: '{device} may not start yet: {tag}',
  },
  'protection.tripped': {
    vi: 'Bảo vệ {tag} đã dừng {device}, cần đặt lại',
    en: 'Protection {tag} stopped {device}, which needs a reset',
  },
  'device.product-flows': {
    vi: '{device} không quay khi còn liệu chảy từ {from}',
    en: '{device} does not turn while product flows from {from}',
  },
  'device.no-delta': {
    vi: '{device} không chuyển được từ sao sang tam giác',
    en: '{device} did not change over from star to delta',
  },
} as const satisfies Readonly<Record<string, Text>>;
