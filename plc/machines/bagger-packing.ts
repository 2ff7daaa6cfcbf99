import type { Reason } from '../model/reason.ts';
import { reason } from '../model/reason.ts';
import type { PalletRecord } from '../model/record.ts';
import { goodNumber, isOn } from '../model/tag.ts';
import type { EventBase, MachineOutput } from './contract.ts';

/** The machines behind a bagger; null where the line has none. */
export interface PackingInput {
  readonly metalDetector: string | null;
  readonly checkweigher: string | null;
  readonly palletiser: string | null;
  readonly bagsPerPallet: number;
}

/** Counters behind the bagger when last seen, and bags that were thrown out in a row. */
export interface Packing {
  readonly pallets: number | null;
  readonly weighed: number | null;
  readonly rejects: number | null;
  readonly rejectsInRow: number;
  /** Bags of this order that the checkweigher threw out. */
  readonly orderRejects: number;
}

export const NO_PACKING: Packing = {
  pallets: null,
  weighed: null,
  rejects: null,
  rejectsInRow: 0,
  orderRejects: 0,
};

/** So many bags out of weight one after the other are no chance any more. */
const REJECTS_IN_ROW_MAX = 3;

/** Metal in a bag, or one bag after the other out of weight: the bagger's own cause to hold. */
export function packingReasons(made: PackingInput, packing: Packing, event: EventBase): Reason[] {
  const { metalDetector, checkweigher } = made;
  const metal = metalDetector !== null && isOn(event.inputs['Metal']);
  const off = checkweigher !== null && packing.rejectsInRow >= REJECTS_IN_ROW_MAX;
  return [
    ...(metal ? [reason('bagger.metal', { device: metalDetector })] : []),
    ...(off
      ? [reason('bagger.weights-off', { device: checkweigher, count: REJECTS_IN_ROW_MAX })]
      : []),
  ];
}

/** How much a counter rose; one that was set back, or is not known, tells nothing. */
function risen(before: number | null, now: number | null): number {
  return before === null || now === null || now < before ? 0 : now - before;
}

/** The counters as they are now. */
export function watchedPacking(packing: Packing, event: EventBase): Packing {
  const weighed = goodNumber(event.inputs['Weighed']);
  const rejects = goodNumber(event.inputs['Rejects']);
  const bad = risen(packing.rejects, rejects);
  const passed = risen(packing.weighed, weighed) - bad;
  const before = passed > 0 ? 0 : packing.rejectsInRow;
  return {
    pallets: goodNumber(event.inputs['Pallets']) ?? packing.pallets,
    weighed: weighed ?? packing.weighed,
    rejects: rejects ?? packing.rejects,
    rejectsInRow: before + bad,
    orderRejects: packing.orderRejects + bad,
  };
}

/** Pallets between two counts that are written down at most; more is a counter that was set. */
const PALLETS_MAX = 100;

/** A record for each pallet that was finished since the last look. */
export function palletRecords(
  made: PackingInput,
  before: Packing,
  event: EventBase,
  job: { readonly orderId: string | null; readonly lot: string | null } | null,
): MachineOutput[] {
  const now = goodNumber(event.inputs['Pallets']);
  const count = risen(before.pallets, now);
  if (made.palletiser === null || now === null || count > PALLETS_MAX) return [];
  const { palletiser, bagsPerPallet } = made;
  return Array.from({ length: count }, (_, index): MachineOutput => {
    const record: PalletRecord = {
      kind: 'pallet',
      palletId: `${palletiser}/${now - count + index + 1}`,
      orderId: job?.orderId ?? null,
      lot: job?.lot ?? null,
      palletiser,
      bags: bagsPerPallet,
      timeMs: event.utcMs,
    };
    return { type: 'record', record };
  });
}
