import type { viFinishing } from './vi-finishing.ts';

/** Words of finished bins in English. */
export const enFinishing: Readonly<Record<keyof typeof viFinishing, string>> = {
  'command.bin.release': 'Release',
  'command.bin.hold': 'Hold (quality)',
  'command.bin.cleaned': 'Cleaned',
  'bin.lot': 'Lot',
  'bin.product': 'Product',
  'bin.order': 'Order',
};
