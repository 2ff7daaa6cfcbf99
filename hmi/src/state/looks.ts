/**
 * How a device is drawn (ISA-101: only the abnormal is coloured).
 * `off` and `on` are normal, `moving` is on its way, `blocked` waits for something, `asking` for a
 * person's decision, `unknown` has no value that could be trusted to have been true.
 */
export type Look =
  | 'off'
  | 'on'
  | 'moving'
  | 'blocked'
  | 'asking'
  | 'local'
  | 'out'
  | 'fault'
  | 'unknown';
