import type { Text } from './text.ts';

/** Mills, presses and baggers. */
export const FINISHING_REASONS = {
  'mill.backed-off': {
    vi: 'Máy nghiền {device} quá tải: ngừng cấp liệu đến khi tải giảm',
    en: 'Mill {device} is overloaded: its feed stands until the load has fallen',
  },
  'mill.screen-broken': {
    vi: 'Lưới máy nghiền {device} có thể bị rách: dòng giảm khi lưu lượng không đổi',
    en: 'The screen of mill {device} may be broken: its amps fell at a steady flow',
  },
  'coater.ratio-off': {
    vi: 'Dầu phun ở {device} không đúng tỷ lệ với viên',
    en: 'The liquid of {device} is off its share of the product',
  },
  'crumbler.gap-off': {
    vi: 'Khe hở lô của {device} không tới {mm} mm',
    en: 'The roll gap of {device} does not come to {mm} mm',
  },
  'crumbler.bypass-stuck': {
    vi: 'Cửa đường tắt của {device} không mở',
    en: 'The bypass flap of {device} does not open',
  },
  'magnet.drawer-out': {
    vi: 'Ngăn nam châm {device} đang kéo ra',
    en: 'The drawer of magnet {device} is out',
  },
  'magnet.cleaning-due': {
    vi: 'Nam châm {device} đến hạn vệ sinh',
    en: 'Magnet {device} must be cleaned',
  },
  'cooler.fire': {
    vi: '{device} đang ở chế độ cháy: chờ kỹ sư xác nhận đã dập',
    en: '{device} burns or has burnt: an engineer must say that the fire is out',
  },
  'cooler.still-hot': {
    vi: 'Khí thải của {device} chưa xuống dưới {limitC} °C',
    en: 'The exhaust of {device} is not below {limitC} °C yet',
  },
  'cooler.longer-bed': {
    vi: 'Viên ra khỏi {device} còn nóng: giữ lớp liệu dày {m} m',
    en: 'Product leaves {device} warm: its bed is kept {m} m deep',
  },
  'press.choke': { vi: 'Máy ép {device} bị kẹt', en: 'Press {device} is choked' },
  'press.no-steam': {
    vi: 'Nồi hơi {boiler} không đủ áp suất cho máy ép {device}',
    en: 'Boiler {boiler} lacks pressure for press {device}',
  },
  'bagger.metal': {
    vi: '{device} phát hiện kim loại trong bao: giữ bao lại và tìm nguồn',
    en: '{device} found metal in a bag: keep the bag and find where it came from',
  },
  'bagger.weights-off': {
    vi: '{device} loại {count} bao liên tiếp: kiểm tra cân đóng bao',
    en: '{device} rejected {count} bags in a row: check the bagging scale',
  },
  'bagger.blocked': {
    vi: 'Đầu ra máy đóng bao {device} bị nghẽn',
    en: 'The outlet of bagger {device} is blocked',
  },
  'palletiser.blocked': {
    vi: 'Pallet đầy ở {device} chưa được lấy đi',
    en: 'Nobody has taken the full pallet from {device}',
  },
  'palletiser.no-pallet': {
    vi: '{device} hết pallet rỗng',
    en: '{device} has no empty pallet',
  },
  'palletiser.starved': {
    vi: '{device} chờ bao từ {bagger}',
    en: '{device} waits for bags from {bagger}',
  },
  'palletiser.not-emptied': {
    vi: 'Pallet lẻ cuối lệnh không ra khỏi {device}',
    en: 'The last, part pallet did not leave {device}',
  },
} as const satisfies Readonly<Record<string, Text>>;
