import type { viFinishing } from './vi-finishing.ts';

/** Words of finished bins in English. */
export const enFinishing: Readonly<Record<keyof typeof viFinishing, string>> = {
  'command.bin.release': 'Release',
  'command.bin.hold': 'Hold (quality)',
  'command.bin.cleaned': 'Cleaned',
  'command.load.start': 'Load a compartment',
  'command.load.stop': 'Close the compartment',
  'command.load.hold': 'Hold loading',
  'command.load.resume': 'Resume loading',
  'load.bin': 'From bin',
  'load.truck': 'Truck (plate)',
  'load.kg': 'Compartment (kg)',
  'load.untilEmpty': 'The rest of the bin: ends when it is empty',
  'load.cleaned': 'I have seen the compartment clean',
  'bin.lot': 'Lot',
  'bin.product': 'Product',
  'bin.order': 'Order',
};
