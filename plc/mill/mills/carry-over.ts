import type { CarryOverRule } from '../../model/carry-over.ts';
import { text } from '../tag-shorthand.ts';

/** Flush of 8 % of a 6 t mixer (DOMAIN 4: 5-10 % of its capacity). */
const FLUSH_KG = 480;

/**
 * Carry-over of the built-in mills (DOMAIN 4; the order follows 21 CFR 225.65: sequence, flush or
 * clean). The first rule that fits counts.
 */
export const CARRY_OVER: readonly CarryOverRule[] = [
  {
    after: 'ionophore',
    species: ['duck', 'cattle'],
    withdrawal: null,
    sameClass: null,
    verdict: { kind: 'forbidden' },
    why: text(
      'Ionophore gây độc cho loài này dù chỉ là vết',
      'Traces of an ionophore are toxic to this species',
    ),
  },
  ...(['ionophore', 'coccidiostat', 'antibiotic', 'anthelmintic'] as const).flatMap(
    (after): CarryOverRule[] => [
      {
        after,
        species: null,
        withdrawal: false,
        sameClass: true,
        verdict: { kind: 'allowed' },
        why: text('Cùng nhóm thuốc', 'The same class of drug'),
      },
      {
        after,
        species: ['shrimp', 'fish', 'layer'],
        withdrawal: null,
        sameClass: null,
        verdict: { kind: 'forbidden' },
        why: text(
          'Không được có dư lượng thuốc trong thức ăn thủy sản và gà đẻ',
          'No rest of a drug may reach aqua feed or feed of laying hens',
        ),
      },
      {
        after,
        species: null,
        withdrawal: true,
        sameClass: null,
        verdict: { kind: 'flush', flushKg: FLUSH_KG },
        why: text(
          'Thức ăn trước giết mổ: phải đẩy sạch bằng nguyên liệu không thuốc',
          'Feed before slaughter: flush with material without drug',
        ),
      },
      {
        after,
        species: null,
        withdrawal: null,
        sameClass: null,
        verdict: { kind: 'flush', flushKg: FLUSH_KG },
        why: text(
          'Khác nhóm thuốc: đẩy sạch trước khi đổi sản phẩm',
          'Another class of drug: flush before the product changes',
        ),
      },
    ],
  ),
];
