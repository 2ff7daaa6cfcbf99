import type { Text } from './text.ts';

/** Scales and doses. */
export const DOSE_REASONS = {
  'dose.below-minimum': {
    vi: 'Mẻ {material} {targetKg} kg nhỏ hơn mức cân tối thiểu {minimumKg} kg của {scale}',
    en: 'Dose of {material}, {targetKg} kg, is below the {minimumKg} kg minimum of {scale}',
  },
  'dose.exceeds-scale': {
    vi: 'Mẻ cần {kg} kg trên cân {scale}, cân chỉ chứa {capacityKg} kg',
    en: 'The batch needs {kg} kg on {scale}, which holds {capacityKg} kg',
  },
  'dose.no-flow': { vi: '{bin} không xuống liệu', en: 'No flow from {bin}' },
  'dose.bin-empty': {
    vi: '{bin} hết liệu, có liệu lại thì tự cân tiếp',
    en: '{bin} ran empty: its dose goes on by itself when the bin has been filled',
  },
  'dose.knocking': {
    vi: '{bin} không xuống liệu, {knocker} đang rung gõ',
    en: 'No flow from {bin}: {knocker} knocks it',
  },
  'dose.under': {
    vi: '{material} thiếu {deviationKg} kg',
    en: '{material} is short by {deviationKg} kg',
  },
  'dose.over': {
    vi: '{material} dư {deviationKg} kg',
    en: '{material} is over by {deviationKg} kg',
  },
  'dose.timeout': { vi: 'Quá thời gian cân {material}', en: 'Dosing {material} took too long' },
  'scale.not-empty': {
    vi: 'Cân {scale} chưa rỗng ({netKg} kg)',
    en: 'Scale {scale} is not empty ({netKg} kg)',
  },
  'scale.overload': { vi: 'Cân {scale} quá tải', en: 'Scale {scale} is overloaded' },
  'meter.not-good': {
    vi: 'Lưu lượng kế {meter} không tin cậy: mất tín hiệu hoặc bộ đếm nhảy số',
    en: 'Meter {meter} cannot be trusted: its signal is lost or its count jumped',
  },
  'scale.not-good': { vi: 'Cân {scale} không tin cậy', en: 'Scale {scale} cannot be trusted' },
} as const satisfies Readonly<Record<string, Text>>;
