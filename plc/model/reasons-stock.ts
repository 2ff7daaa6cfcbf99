import type { Text } from './text.ts';

/** Stock and intake. */
export const STOCK_REASONS = {
  'stock.unknown-bin': {
    vi: 'Sổ tồn kho không có bồn {bin}',
    en: 'The stock book has no bin {bin}',
  },
  'stock.other-material': {
    vi: '{bin} dành cho {meant}, không nhận {material}',
    en: '{bin} is for {meant} and takes no {material}',
  },
} as const satisfies Readonly<Record<string, Text>>;
