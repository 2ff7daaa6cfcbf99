import type { Text } from './text.ts';

/** Control modules: devices, their interlocks and inputs. */
export const DEVICE_REASONS = {
  'device.trip': {
    vi: '{device} đang báo lỗi bảo vệ (quá tải)',
    en: '{device} has tripped (overload)',
  },
  'device.local': { vi: '{device} đang ở chế độ tại chỗ', en: '{device} is switched to local' },
  'device.faulted': {
    vi: '{device} đang lỗi, cần đặt lại',
    en: '{device} is faulted and needs a reset',
  },
  'device.no-feedback': {
    vi: '{device} không có tín hiệu phản hồi chạy',
    en: '{device} gave no run feedback',
  },
  'device.feedback-lost': {
    vi: '{device} mất phản hồi khi đang chạy',
    en: '{device} lost its feedback while running',
  },
  'device.no-speed': { vi: '{device} không đạt tốc độ', en: '{device} did not reach its speed' },
  'device.welded': {
    vi: '{device} vẫn chạy khi không có lệnh',
    en: '{device} runs without a command',
  },
  'device.travel': { vi: '{device} không tới vị trí', en: '{device} did not reach its position' },
  'device.starts-per-hour': {
    vi: '{device} đã khởi động {limit} lần trong một giờ, chờ động cơ nguội đến {at}',
    en: '{device} was started {limit} times within an hour and must cool down until {at}',
  },
  'device.out-of-service': { vi: '{device} ngừng sử dụng', en: '{device} is out of service' },
  'input.not-good': {
    vi: 'Tín hiệu {tag} không tin cậy ({quality})',
    en: 'Signal {tag} cannot be trusted ({quality})',
  },
  'interlock.open': {
    vi: '{device} bị khóa liên động bởi {tag}',
    en: '{device} is interlocked by {tag}',
  },
  'air.low': {
    vi: 'Khí nén {device} dưới {bar} bar: cửa và van chưa được mở',
    en: 'Compressed air {device} is below {bar} bar: gates and diverters may not be moved',
  },
  'air.no-other': {
    vi: '{device} không có máy nén nào khác sẵn sàng',
    en: '{device} has no other compressor that is ready',
  },
  'filter.not-cleaned': {
    vi: 'Van giũ bụi của {device} không tác động',
    en: 'The cleaning valves of {device} do not answer',
  },
  'cooler.no-fan': {
    vi: 'Quạt làm nguội {device} không chạy',
    en: 'Cooler fan {device} does not run',
  },
  'estop.pressed': {
    vi: 'Nút dừng khẩn {device} đang nhấn',
    en: 'Emergency stop {device} is pressed',
  },
} as const satisfies Readonly<Record<string, Text>>;
