import type { Text } from './text.ts';

/** States of a bulk load-out (DOMAIN 4), in wire-code order. */
export const LOAD_OUT_STATES = [
  'Idle',
  'Starting',
  // The source is open until what is still on its way fills the compartment.
  'Coarse',
  // The source is closed, the way runs empty and the compartment is weighed.
  'Clearing',
  // A short opening for what is still missing.
  'Fine',
  // The compartment has its weight; the truck moves on.
  'Done',
  'Held',
] as const;
export type LoadOutState = (typeof LOAD_OUT_STATES)[number];

export const LOAD_OUT_TEXTS: Readonly<Record<LoadOutState, Text>> = {
  Idle: { vi: 'Chờ xe', en: 'Idle' },
  Starting: { vi: 'Đang khởi động', en: 'Starting' },
  Coarse: { vi: 'Xuất nhanh', en: 'Coarse' },
  Clearing: { vi: 'Xả sạch, cân', en: 'Clearing, weighing' },
  Fine: { vi: 'Xuất bù', en: 'Fine' },
  Done: { vi: 'Đủ ngăn, xe dời', en: 'Done, truck moves on' },
  Held: { vi: 'Đã giữ', en: 'Held' },
};
