import type { Text } from './text.ts';

/** Presses and baggers. */
export const FINISHING_REASONS = {
  'press.choke': { vi: 'Máy ép {device} bị kẹt', en: 'Press {device} is choked' },
  'bagger.blocked': {
    vi: 'Đầu ra máy đóng bao {device} bị nghẽn',
    en: 'The outlet of bagger {device} is blocked',
  },
} as const satisfies Readonly<Record<string, Text>>;
