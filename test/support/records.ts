import type {
  BagRecord,
  BatchRecord,
  DoseRecord,
  LoadRecord,
  OrderRecord,
  PressRunRecord,
  SamplesRecord,
  SpoolRecord,
} from '../../plc/model/record.ts';

/**
 * Records of a small mill's day, each with the fields that a test cares about laid over a plain
 * one.
 */

const DAY_MS = 86_400_000;
/** 08:00 in Ho Chi Minh City of a day that is over: 01:00 UTC, yesterday. */
export const START_MS = (Math.floor(Date.now() / DAY_MS) - 1) * DAY_MS + 3_600_000;

export function orderRecord(over: Partial<OrderRecord> = {}): OrderRecord {
  return {
    kind: 'order',
    order: {
      orderId: '2611-0001',
      formulaCode: 'BROILER-FINISHER',
      formulaVersion: 1,
      product: { vi: 'Gà thịt giai đoạn cuối', en: 'Broiler finisher' },
      items: [{ material: 'MAIZE', pct: 100, drug: false }],
      procedure: { id: 'MASH', pelleted: false, dryMixS: 30, wetMixS: 60, conditionerC: null },
      orderKg: 1_500,
      batchKg: 500,
      line: 'LINE1',
      destination: 'FB801',
      packaging: 'bags',
      bagKg: 25,
      lot: 'L2611-0001',
      kind: 'feed',
      nature: { drugClass: 'none', species: 'broiler', withdrawal: true },
      presses: [],
      bagger: null,
      dueTimeMs: null,
      customer: null,
    },
    state: 'Running',
    createdBy: 'lan',
    createdTimeMs: START_MS,
    startedTimeMs: START_MS + 1_000,
    finishedTimeMs: null,
    batchesPlanned: 3,
    batchesDone: 0,
    dosedKg: 0,
    producedKg: 0,
    bags: 0,
    reasons: [],
    ...over,
  };
}

export function batchRecord(number: number, over: Partial<BatchRecord> = {}): BatchRecord {
  return {
    kind: 'batch',
    batchId: `2611-0001/${number}`,
    orderId: '2611-0001',
    number,
    state: 'Complete',
    targetKg: 500,
    actualKg: 500,
    startedTimeMs: START_MS + number * 300_000,
    finishedTimeMs: START_MS + number * 300_000 + 240_000,
    lot: 'L2611-0001',
    ...over,
  };
}

export function doseRecord(id: string, over: Partial<DoseRecord> = {}): DoseRecord {
  return {
    kind: 'dose',
    doseId: `2611-0001/1/${id}`,
    batchId: '2611-0001/1',
    scale: 'WS501',
    bin: 'B501',
    material: 'MAIZE',
    lot: 'M-1',
    targetKg: 300,
    actualKg: 300,
    toleranceKg: 1.5,
    inFlightKg: 0.8,
    jogs: 0,
    decision: 'in-tolerance',
    decidedBy: null,
    releasedBy: null,
    fineHz: 5,
    confidencePct: 80,
    startedTimeMs: START_MS + 300_000,
    endedTimeMs: START_MS + 360_000,
    ...over,
  };
}

export function bagRecord(count: number, over: Partial<BagRecord> = {}): BagRecord {
  return {
    kind: 'bag',
    bagId: `BG1001/${count}`,
    orderId: '2611-0001',
    bagger: 'BG1001',
    lot: 'L2611-0001',
    netKg: 25,
    timeMs: START_MS + 1_200_000 + count * 4_000,
    ...over,
  };
}

export function loadRecord(number: number, over: Partial<LoadRecord> = {}): LoadRecord {
  return {
    kind: 'load',
    loadId: `BL1/${number}`,
    spout: 'BL1',
    truck: '51C-123.45',
    compartment: number,
    bin: 'FB901',
    orderId: '2611-0001',
    lot: 'L2611-0001',
    targetKg: 10_000,
    netKg: 10_000,
    last: null,
    certificate: null,
    startedTimeMs: START_MS,
    endedTimeMs: START_MS + number * 600_000,
    ...over,
  };
}

export function pressRunRecord(number: number, over: Partial<PressRunRecord> = {}): PressRunRecord {
  return {
    kind: 'press-run',
    runId: `PM701/${number}`,
    press: 'PM701',
    orderId: '2611-0001',
    lot: 'L2611-0001',
    destination: 'FB901',
    setC: 82,
    fedKg: 12_000,
    steamKg: 600,
    kWh: 120,
    meanC: 82,
    minC: 80,
    maxC: 84,
    chokes: 0,
    startedTimeMs: START_MS,
    endedTimeMs: START_MS + number * 600_000,
    ...over,
  };
}

export function samplesRecord(samples: SamplesRecord['samples']): SamplesRecord {
  return { kind: 'samples', samples };
}

/** Rows of a spool, numbered from `first`. */
export function spoolRows(spool: string, first: number, records: readonly SpoolRecord[]) {
  return { spool, rows: records.map((record, at) => ({ sequence: first + at, record })) };
}
