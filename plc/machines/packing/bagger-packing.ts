import type { Passed } from '../../logic/pallet-bags.ts';
import { passBags } from '../../logic/pallet-bags.ts';
import type { Reason } from '../../model/reason.ts';
import { reason } from '../../model/reason.ts';
import type { BagRejectRecord } from '../../model/record.ts';
import { goodNumber, isOn } from '../../model/tag.ts';
import type { EventBase, MachineOutput } from '../contract.ts';

/** The machines behind a bagger that look at each bag; null where the line has none. */
export interface PackingInput {
  readonly metalDetector: string | null;
  readonly checkweigher: string | null;
}

/** A machine that looks at each bag: its counters when last seen, the bags before it. */
interface Station {
  readonly passed: number | null;
  readonly rejects: number | null;
  readonly before: readonly string[];
}

/** What is behind the bagger, and the bags of its order that were thrown out there. */
export interface Packing {
  readonly metal: Station;
  readonly weight: Station;
  readonly rejectsInRow: number;
  readonly orderRejects: number;
  readonly orderMetal: number;
}

const NO_STATION: Station = { passed: null, rejects: null, before: [] };

export const NO_PACKING: Packing = {
  metal: NO_STATION,
  weight: NO_STATION,
  rejectsInRow: 0,
  orderRejects: 0,
  orderMetal: 0,
};

/** So many bags out of weight one after the other are no chance any more. */
const REJECTS_IN_ROW_MAX = 3;
/** More bags than this on a belt were missed by the machine at its end. */
const BEFORE_MAX = 20;

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

/** More bags than this between two looks are a counter that was set. */
const RISEN_MAX = 5_000;

/** How much a counter rose; one that was set anew, or is not known, tells nothing. */
function risen(before: number | null, now: number | null): number {
  const by = before === null || now === null ? 0 : now - before;
  return by > 0 && by <= RISEN_MAX ? by : 0;
}

interface Looked {
  readonly station: Station;
  readonly passed: Passed;
  /** How many bags it looked at, and how many of them it threw out. */
  readonly count: number;
  readonly bad: number;
}

/** What came past a station since the last look. */
function lookAt(
  { passed, rejects, before }: Station,
  arrived: readonly string[],
  now: { readonly passed: number | null; readonly rejects: number | null },
): Looked {
  const waiting = [...before, ...arrived].slice(-BEFORE_MAX);
  const bad = risen(rejects, now.rejects);
  const count = Math.max(risen(passed, now.passed), bad);
  const gone = passBags(waiting, count, bad);
  const station = {
    passed: now.passed ?? passed,
    rejects: now.rejects ?? rejects,
    before: gone.rest,
  };
  return { station, passed: gone, count, bad };
}

/** No station here: all bags go on. */
const straightOn = (station: Station, arrived: readonly string[]): Looked => ({
  station,
  passed: { on: arrived, thrownOut: [], rest: [] },
  count: 0,
  bad: 0,
});

function rejectRecords(
  device: string | null,
  cause: BagRejectRecord['cause'],
  { station, passed }: Looked,
  of: Pick<BagRejectRecord, 'bagger' | 'orderId' | 'lot' | 'timeMs'>,
): MachineOutput[] {
  const { thrownOut } = passed;
  if (device === null || station.rejects === null) return [];
  const first = station.rejects - thrownOut.length + 1;
  return thrownOut.map((bagId, index): MachineOutput => {
    const rejectId = `${device}/${first + index}`;
    const record: BagRejectRecord = { kind: 'bag-reject', rejectId, bagId, device, cause, ...of };
    return { type: 'record', record };
  });
}

/** The counters as they are now, with a record for each bag that was thrown out since. */
export function watchedPacking(
  made: PackingInput,
  before: Packing,
  event: EventBase,
  bagIds: readonly string[],
  of: Pick<BagRejectRecord, 'bagger' | 'orderId' | 'lot'>,
): { readonly packing: Packing; readonly out: readonly MachineOutput[] } {
  const read = (role: string) => goodNumber(event.inputs[role]);
  const metal =
    made.metalDetector === null
      ? straightOn(before.metal, bagIds)
      : lookAt(before.metal, bagIds, { passed: read('Looked'), rejects: read('MetalRejects') });
  const weight =
    made.checkweigher === null
      ? straightOn(before.weight, metal.passed.on)
      : lookAt(before.weight, metal.passed.on, {
          passed: read('Weighed'),
          rejects: read('Rejects'),
        });
  const inRow = weight.count > weight.bad ? 0 : before.rejectsInRow;
  const what = { ...of, timeMs: event.utcMs };
  return {
    packing: {
      metal: metal.station,
      weight: weight.station,
      rejectsInRow: inRow + weight.bad,
      orderRejects: before.orderRejects + weight.bad,
      orderMetal: before.orderMetal + metal.bad,
    },
    out: [
      ...rejectRecords(made.metalDetector, 'metal', metal, what),
      ...rejectRecords(made.checkweigher, 'weight', weight, what),
    ],
  };
}
