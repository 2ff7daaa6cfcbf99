import type { Text } from './text.ts';

/**
 * What a person may choose for a control module (ISA-88.01 5.7, as it is used for single devices):
 * - `Auto`: machines of the controller hold and command it. A person may stop it while nobody holds
 *   it, and no more.
 * - `SemiAuto`: it works for routes that a person started, not for those that start by themselves;
 *   while nobody holds it a person commands it singly.
 * - `Manual`: only persons command it, start, jog, open and turn. No machine gets it.
 * Permissives, interlocks and starts per hour are in force in each of them.
 */
export const CHOSEN_MODES = ['Auto', 'SemiAuto', 'Manual'] as const;
export type ChosenMode = (typeof CHOSEN_MODES)[number];

/** The mode that is in force: the local switch and a device taken out of service go before. */
export const DEVICE_MODES = [...CHOSEN_MODES, 'LocalOff', 'OutOfService'] as const;
export type DeviceMode = (typeof DEVICE_MODES)[number];

export const DEVICE_MODE_TEXTS: Readonly<Record<DeviceMode, Text>> = {
  Auto: { vi: 'Tự động', en: 'Auto' },
  SemiAuto: { vi: 'Bán tự động', en: 'Semi-auto' },
  Manual: { vi: 'Bằng tay', en: 'Manual' },
  LocalOff: { vi: 'Tại chỗ', en: 'Local' },
  OutOfService: { vi: 'Ngừng sử dụng', en: 'Out of service' },
};
