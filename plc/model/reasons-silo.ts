import type { Text } from './text.ts';

/** Silos: why air is blown through one, or is not. */
export const SILO_REASONS = {
  'aeration.runs': {
    vi: 'Đang thông gió cho {silo}: không khí ngoài trời mát và đủ khô',
    en: '{silo} is aerated: the outside air is cool and dry enough',
  },
  'aeration.no-reading': {
    vi: 'Không thông gió cho {silo}: số đo nhiệt độ hoặc độ ẩm không tin được',
    en: '{silo} is not aerated: a temperature or the humidity cannot be trusted',
  },
  'aeration.air-warm': {
    vi: 'Không thông gió cho {silo}: không khí ngoài trời chưa mát hơn hạt {limit} °C',
    en: '{silo} is not aerated: the outside air is not {limit} °C cooler than the grain',
  },
  'aeration.air-damp': {
    vi: 'Không thông gió cho {silo}: độ ẩm không khí ngoài trời trên {limit} %',
    en: '{silo} is not aerated: the outside air is above {limit} % humidity',
  },
  'aeration.fan-stopped': {
    vi: 'Quạt {device} của {silo} đã dừng, sẽ thử lại sau',
    en: 'Fan {device} of {silo} has stopped; it is tried again later',
  },
} as const satisfies Readonly<Record<string, Text>>;
