import type { ChainEntry } from '../../server/records/chain/entry.ts';
import { hashOf, NO_HASH } from '../../server/records/chain/entry.ts';
import type { RecordContent } from '../../server/records/chain/record-file.ts';
import type { RecordSigner } from '../../server/records/chain/record-key.ts';
import { batchRecord, doseRecord, orderRecord, START_MS } from './records.ts';

const STREAM = 'order:2611-0001';

/** Entries of an order, bound to each other. */
export function chained(
  drafts: readonly { kind: string; subject: string; content: Record<string, unknown> }[],
): ChainEntry[] {
  const entries: ChainEntry[] = [];
  for (const draft of drafts) {
    const body = {
      ...draft,
      stream: STREAM,
      sequence: entries.length + 1,
      writtenMs: START_MS + entries.length * 1_000,
      previous: entries.at(-1)?.hash ?? NO_HASH,
    };
    entries.push({ ...body, hash: hashOf(body) });
  }
  return entries;
}

/** A record of these entries as the server takes it out of the database. */
export function recordContent(entries: readonly ChainEntry[], signer: RecordSigner): RecordContent {
  const last = entries.at(-1);
  const body = {
    number: 7,
    writtenMs: START_MS,
    heads: [
      { stream: STREAM, sequence: last?.sequence ?? 1, hash: last?.hash ?? NO_HASH },
      { stream: 'mill', sequence: 3, hash: NO_HASH },
    ],
    previous: NO_HASH,
    key: signer.fingerprint,
  };
  const hash = hashOf(body);
  return {
    head: {
      mill: 'pilot',
      millText: { vi: 'Nhà máy thí điểm', en: 'Pilot mill' },
      stream: STREAM,
      timeZone: 'Asia/Ho_Chi_Minh',
      exportedMs: START_MS,
      exportedBy: 'lan',
      coveragePct: 99.5,
    },
    entries,
    anchor: { ...body, hash, signature: signer.sign(hash) },
    publicKey: signer.publicKey,
  };
}

/** An order of two batches with all that a sheet shows. */
export function sampleDrafts(): {
  kind: string;
  subject: string;
  content: Record<string, unknown>;
}[] {
  const {
    order,
    kind: _,
    ...progress
  } = orderRecord({
    state: 'Complete',
    batchesDone: 2,
    bags: 24,
    dosedKg: 1_000,
    producedKg: 600,
    finishedTimeMs: START_MS + 3_000_000,
  });
  const items = [
    { material: 'MAIZE', pct: 99.95, drug: false },
    { material: 'COCCIDIOSTAT', pct: 0.05, drug: true },
  ];
  const one = (kind: string, subject: string, content: object) => ({
    kind,
    subject,
    content: { ...content },
  });
  const batches = [1, 2].flatMap((number) => {
    const batchId = `2611-0001/${number}`;
    const startMs = START_MS + number * 300_000;
    const phases = ['dosing', 'fill-mixer', 'dry-mix', 'wet-mix', 'discharge'].map((phase, at) =>
      one('phase', `phase:${batchId}/${phase}`, {
        batchId,
        phase,
        startedTimeMs: startMs + at * 60_000,
        endedTimeMs: startMs + at * 60_000 + 50_000 - at * 5_000,
      }),
    );
    const doses = [
      { targetKg: 300, actualKg: 300.6, toleranceKg: 1.5 },
      { targetKg: 199.75, actualKg: 199.05, toleranceKg: 1 },
      { targetKg: 0.25, actualKg: 0.35, toleranceKg: 0.01, material: 'COCCIDIOSTAT' },
    ].map((dose, at) => {
      const doseId = `${batchId}/WS501/${at}`;
      const decision = at === 2 ? { decision: 'accepted-over', decidedBy: 'hương' } : {};
      return one('dose', `dose:${doseId}`, {
        ...doseRecord('1'),
        ...dose,
        ...decision,
        doseId,
        batchId,
      });
    });
    const batch = batchRecord(number, { batchId, actualKg: 500 });
    return [...phases, ...doses, one('batch', `batch:${batchId}`, batch)];
  });
  return [
    one('order-accepted', 'order-accepted:1', {
      order: { ...order, items, customer: 'Trại Bình Minh' },
      createdBy: 'lan',
      createdTimeMs: START_MS,
    }),
    one('order', 'order:1', {
      state: 'Held',
      reasons: [{ code: 'operator.abort', objects: { user: 'hùng' } }],
    }),
    ...batches,
    one('action', 'audit:1/asked', {
      auditId: '1',
      timeMs: START_MS + 400_000,
      user: 'hương',
      role: 'engineer',
      door: 'dose.decide',
      args: { scale: 'WS501', decision: 'accept' },
    }),
    one('bags', 'bags:1', {
      bagger: 'BG1001',
      lot: 'L2611-0001',
      firstBagId: 'BG1001/1',
      lastBagId: 'BG1001/24',
      bags: 24,
      netKg: 600.12,
    }),
    one('reconciliation', 'reconciliation:1', {
      timeMs: START_MS + 4_000_000,
      lot: 'CX-9',
      differenceKg: 0.002,
      by: 'hoa',
      confirmedBy: 'minh',
      note: 'Đã cân lại thùng thuốc',
    }),
    one('order', 'order:1', progress),
  ];
}
