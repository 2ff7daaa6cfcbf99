import type { MillView } from '../../../../server/contract/rest.ts';

export type { MillView } from '../../../../server/contract/rest.ts';
export { type Device, settingText } from '../../state/mill.ts';

/** What a drawing is made from: a whole mill, or the part of it that one display shows. */
export interface Drawn {
  readonly devices: readonly MillView['devices'][number][];
  readonly flows: readonly MillView['flows'][number][];
}
