import type { viModules } from './vi-modules.ts';

/** Modes, jogs and last stops of devices, in English. */
export const enModules: Readonly<Record<keyof typeof viModules, string>> = {
  'command.device.jog': 'Jog',
  'module.jog': 'Jog {s} s',
  'command.device.mode': 'Change mode',
  'module.mode': 'Mode',
  'module.back': 'then {mode} again',
  'module.change': 'Change to',
  'module.starts': 'Starts in the hour',
  'module.startsOf': '{count} / {max}',
  'module.startsFull': 'all used, the motor must cool',
  'module.firstOut': 'First-out',
  'module.lastStop': 'Last stop',
  'module.neverStopped': 'Has not stopped yet',
  'command.filterClean': 'Clean now',
  'command.airNext': 'Next compressor leads',
  'command.palletiser.start': 'Start stacking',
  'command.palletiser.stop': 'Stop stacking',
  'command.palletiser.hold': 'Hold stacking',
  'command.palletiser.unhold': 'Unhold',
  'command.palletiser.clear': 'Clear fault',
  'command.palletiser.reset': 'Reset stacking',
  'command.palletiser.abort': 'Abort stacking',
};
