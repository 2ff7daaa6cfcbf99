import type { Text } from './text.ts';

/** Presses and baggers. */
export const FINISHING_REASONS = {
  'press.choke': { vi: 'Máy ép {device} bị kẹt', en: 'Press {device} is choked' },
  'press.no-steam': {
    vi: 'Nồi hơi {boiler} không đủ áp suất cho máy ép {device}',
    en: 'Boiler {boiler} lacks pressure for press {device}',
  },
  'bagger.blocked': {
    vi: 'Đầu ra máy đóng bao {device} bị nghẽn',
    en: 'The outlet of bagger {device} is blocked',
  },
} as const satisfies Readonly<Record<string, Text>>;
