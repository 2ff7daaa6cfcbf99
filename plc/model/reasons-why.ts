import type { Text } from './text.ts';

/** What only the answer to "why?" says: steps between a stop and its root. */
export const WHY_REASONS = {
  'why.link-lost': {
    vi: 'Mất kết nối {connection}',
    en: 'Link {connection} is lost',
  },
  'why.unit-lost': {
    vi: 'Trạm {unit} trên kết nối {connection} không trả lời',
    en: 'Unit {unit} on link {connection} does not answer',
  },
  'why.signal': {
    vi: 'Riêng tín hiệu {tag} hỏng, kết nối {connection} vẫn tốt',
    en: 'Signal {tag} alone is wrong, link {connection} is sound',
  },
  'why.route-runs': {
    vi: 'Tuyến {route} đang chạy từ {source} tới {destination} cho {owner}',
    en: 'Route {route} runs from {source} to {destination} for {owner}',
  },
  'why.queued-behind': {
    vi: 'Lệnh {order} chờ sau lệnh {before}',
    en: 'Order {order} waits behind order {before}',
  },
  'why.queued': {
    vi: 'Lệnh {order} chưa được cho chạy',
    en: 'Order {order} has not been started',
  },
  'why.controller-away': {
    vi: 'Mất liên lạc với bộ điều khiển nên chưa rõ nguyên nhân',
    en: 'The controller cannot be heard, so the cause is not known',
  },
} as const satisfies Readonly<Record<string, Text>>;
