import type { Text } from './text.ts';

/** Sacks that a person brings to a bin, by a dump hopper or by hand. */
export const SACK_REASONS = {
  'sacks.wanted': {
    vi: '{bin} vơi: đổ {sacks} bao {material} ({kg} kg) vào {hopper}',
    en: '{bin} runs low: dump {sacks} sacks of {material} ({kg} kg) into {hopper}',
  },
  'sacks.wanted-by-hand': {
    vi: '{bin} vơi: đổ tay {sacks} bao {material} ({kg} kg)',
    en: '{bin} runs low: tip {sacks} sacks of {material} ({kg} kg) into it by hand',
  },
  'dump.bin': {
    vi: 'Không đổ vào {bin} từ {hopper} được',
    en: '{bin} cannot be filled from {hopper}',
  },
  'dump.hopper-not-empty': {
    vi: '{hopper} còn liệu của lần đổ trước',
    en: '{hopper} still holds what was dumped before',
  },
  'dump.no-room': {
    vi: '{bin} chỉ còn chỗ cho {kg} kg',
    en: '{bin} has room for {kg} kg only',
  },
  'dump.waits-for-sacks': {
    vi: '{hopper}: đổ bao lô {lot} cho {bin}, rồi báo số bao đã đổ',
    en: '{hopper}: dump sacks of lot {lot} for {bin}, then tell how many',
  },
  'dump.not-finished': {
    vi: '{hopper} đang đổ cho {bin}',
    en: '{hopper} is being dumped into for {bin}',
  },
} as const satisfies Readonly<Record<string, Text>>;
