export type { MillView } from '../../../../server/contract/rest.ts';
export { type Device, settingText } from '../../state/mill.ts';
