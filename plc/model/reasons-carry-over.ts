import type { DrugClass } from './carry-over.ts';
import type { Text } from './text.ts';

/** Names of the drug classes in the reasons of carry-over. */
export const DRUG_CLASS_TEXTS: Readonly<Record<DrugClass, Text>> = {
  none: { vi: 'không thuốc', en: 'no drug' },
  ionophore: { vi: 'ionophore', en: 'ionophore' },
  coccidiostat: { vi: 'thuốc cầu trùng', en: 'coccidiostat' },
  antibiotic: { vi: 'kháng sinh', en: 'antibiotic' },
  anthelmintic: { vi: 'thuốc tẩy giun', en: 'anthelmintic' },
};

/**
 * Carry-over at the route (DOMAIN 4). `drugVi`, `whyVi` and their English twins are the class and
 * the rule's own words.
 */
export const CARRY_OVER_REASONS = {
  'carry-over.flush': {
    vi: '{place} còn dư {drugVi} của lô {lot}: cần đẩy sạch thêm {missingKg} kg (tổng {flushKg} kg). {whyVi}',
    en: '{place} holds a rest of {drugEn} of lot {lot}: flush {missingKg} kg more ({flushKg} kg in all). {whyEn}',
  },
  'carry-over.clean': {
    vi: '{place} còn dư {drugVi} của lô {lot}: phải vệ sinh bằng tay. {whyVi}',
    en: '{place} holds a rest of {drugEn} of lot {lot}: it must be cleaned by hand. {whyEn}',
  },
  'carry-over.unknown': {
    vi: '{place} còn dư {drugVi} của lô {lot}: chưa rõ sản phẩm nào sẽ đi qua',
    en: '{place} holds a rest of {drugEn} of lot {lot}, and which product comes is not known',
  },
} as const satisfies Readonly<Record<string, Text>>;
