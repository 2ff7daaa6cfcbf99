import type { Text } from './text.ts';

/** What a pit or liquid bay is doing; the number is the code of its light's `State` tag. */
export const PIT_STATES = ['Free', 'Permitted', 'Tipping', 'Conveying', 'Stopped', 'Held'] as const;
export type PitState = (typeof PIT_STATES)[number];

export const PIT_STATE_TEXTS: Readonly<Record<PitState, Text>> = {
  Free: { vi: 'Trống', en: 'Free' },
  Permitted: { vi: 'Chờ xe', en: 'Awaits truck' },
  Tipping: { vi: 'Đang đổ', en: 'Tipping' },
  Conveying: { vi: 'Đang tải', en: 'Conveying' },
  Stopped: { vi: 'Tuyến dừng', en: 'Route stopped' },
  Held: { vi: 'Đã giữ', en: 'Held' },
};
