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
 * Carry-over at the route (DOMAIN 4). The class of the drug and the words of the rule come in both
 * languages: `drug.vi`, `drug.en`, `why.vi`, `why.en`.
 */
export const CARRY_OVER_REASONS = {
  'carry-over.flush': {
    vi: '{place} còn dư {drug} của lô {lot}: cần đẩy sạch thêm {missingKg} kg (tổng {flushKg} kg). {why}',
    en:
      '{place} holds a rest of {drug} of lot {lot}: ' +
      'flush {missingKg} kg more ({flushKg} kg in all). {why}',
  },
  'carry-over.clean': {
    vi: '{place} còn dư {drug} của lô {lot}: phải vệ sinh bằng tay. {why}',
    en: '{place} holds a rest of {drug} of lot {lot}: it must be cleaned by hand. {why}',
  },
  'carry-over.unknown': {
    vi: '{place} còn dư {drug} của lô {lot}: chưa rõ sản phẩm nào sẽ đi qua',
    en: '{place} holds a rest of {drug} of lot {lot}, and which product comes is not known',
  },
} as const satisfies Readonly<Record<string, Text>>;
