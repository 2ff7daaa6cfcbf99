import type { Text } from './text.ts';

/** Finished bins and what leaves them. */
export const FINISHED_REASONS = {
  'bin.awaits-release': {
    vi: '{bin} chứa lô {lot}, chờ KCS duyệt',
    en: '{bin} holds lot {lot}, which awaits release by quality',
  },
  'bin.held-by': { vi: '{user} đã giữ hàng trong {bin}', en: '{user} put {bin} on hold' },
  'bin.content-unknown': {
    vi: 'Không rõ hàng trong {bin}: KCS phải kiểm tra và duyệt',
    en: 'Nobody knows what is in {bin}: quality must look at it and release it',
  },
  'bin.dirty': {
    vi: '{bin} còn dư thuốc ({drug}): phải vệ sinh trước',
    en: '{bin} has a rest of a drug in it ({drug}) and must be cleaned first',
  },
  'bin.not-empty': {
    vi: '{bin} chưa rỗng: chưa thể vệ sinh',
    en: '{bin} is not empty: it cannot have been cleaned',
  },
  'bin.not-released': {
    vi: 'Hàng trong {bin} chưa được xuất',
    en: 'What {bin} holds is not released',
  },
} as const satisfies Readonly<Record<string, Text>>;
