import type { Text } from './text.ts';

/** Refills: why a bin is not being filled. */
export const REFILL_REASONS = {
  'refill.no-source': {
    vi: 'Không còn bồn nào có {material} để nạp cho {bin}',
    en: 'No bin with {material} is left to fill {bin} from',
  },
  'refill.waits': {
    vi: '{bin} chờ tuyến {route}',
    en: '{bin} waits for route {route}',
  },
  'refill.peak': {
    vi: '{bin} chờ hết giờ cao điểm của giá điện',
    en: '{bin} waits for the end of the peak hours of the tariff',
  },
  'refill.route-tripped': {
    vi: 'Tuyến {route} nạp cho {bin} đang ngắt, cần đặt lại',
    en: 'Route {route}, which fills {bin}, has tripped and needs a reset',
  },
} as const satisfies Readonly<Record<string, Text>>;
