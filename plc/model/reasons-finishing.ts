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
