/**
 * The physics of a feed mill (DOMAIN 6): create, step, measure, and account for every milligram.
 */
export { FAULT_NAMES } from '../faults/catalogue.ts';
export { FaultError } from '../faults/check.ts';
export { addByHand, fillByHand, sendBulkTruck } from './hand.ts';
export type { MillState } from './item.ts';
export type { Ledger } from './ledger.ts';
export { contentOf, ledger } from './ledger.ts';
export { clearFault, measure, Readings, setFault } from './measure.ts';
export type { SavedState } from './save.ts';
export { restoreState, saveState } from './save.ts';
export { createState } from './state.ts';
export { safeConnections, step } from './step.ts';
export { sendTruck, TruckError } from './trucks.ts';
