/**
 * Goal: the drug ledger of 21 CFR 225 (DOMAIN 7): each drug lot and day with opening, the batches
 * that used it, closing and discrepancy; medicated feed held until two persons reconciled it; the
 * sequence of the day with its flushes.
 */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Reason } from '../../plc/model/reason.ts';
import type { Ledger } from '../../server/contract/drugs.ts';
import type { RecordView } from '../../server/contract/records.ts';
import { lotDay } from '../../server/drugs/drug-ledger.ts';
import { verifyFile } from '../../server/records/chain/verify-file.ts';
import { PeopleServerHouse } from '../support/people-server.ts';
import { newRecordStore } from '../support/record-store.ts';
import { batchRecord, doseRecord, orderRecord, START_MS, spoolRows } from '../support/records.ts';

const DRUG = 'COCCIDIOSTAT';
const day = new Date(START_MS).toISOString().slice(0, 10);
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const nature = { drugClass: 'coccidiostat', species: 'broiler', withdrawal: false } as const;
const plain = orderRecord().order;
const items = [
  { material: 'MAIZE', pct: 99.95, drug: false },
  { material: DRUG, pct: 0.05, drug: true },
];
const ended = { state: 'Complete', finishedTimeMs: START_MS + 3_600_000, dosedKg: 500 } as const;

let house: PeopleServerHouse;
const cookies = new Map<string, string>();
const as = async (user: string, method: string, path: string, body?: unknown) =>
  house.call(method, path, { cookie: cookies.get(user) ?? '', body });

beforeAll(async () => {
  house = await PeopleServerHouse.open(['quality', 'manager', 'operator']);
  await house.addUser('hoa', 'quality');
  for (const user of ['quality', 'manager', 'operator', 'hoa']) {
    cookies.set(user, await house.signIn(user));
  }
  const store = newRecordStore(house.pool, 'plain', silent);
  const drugDose = (batch: number, actualKg: number) =>
    doseRecord(`HA/${batch}`, {
      doseId: `2611-0001/${batch}/HA/1`,
      batchId: `2611-0001/${batch}`,
      material: DRUG,
      lot: 'CX-9',
      targetKg: 0.25,
      actualKg,
    });
  await store.store(
    spoolRows(randomUUID(), 1, [
      orderRecord({ order: { ...plain, items, nature }, ...ended }),
      batchRecord(1),
      batchRecord(2),
      drugDose(1, 0.25),
      drugDose(2, 0.255),
      orderRecord({
        order: { ...plain, orderId: '2611-0002', lot: 'F-2', kind: 'flush' },
        ...ended,
        startedTimeMs: START_MS + 4_000_000,
      }),
      orderRecord({
        order: { ...plain, orderId: '2611-0003', lot: 'TP-3' },
        ...ended,
        startedTimeMs: START_MS + 5_000_000,
      }),
    ]),
  );
});
afterAll(() => house.close());

async function ledger(): Promise<Ledger> {
  const answer = await as('manager', 'GET', `/api/drugs/ledger?day=${day}`);
  expect(answer.status, answer.text).toBe(200);
  return answer.json<Ledger>();
}

describe('the day of a lot', () => {
  test('is opening, received and used against what was counted', () => {
    const at = (kg: number, timeMs: number) => ({ kg, timeMs });
    const entries = [{ kind: 'receipt' as const, kg: 25, timeMs: 1 }];
    expect(lotDay(10, entries, [at(3, 2)])).toMatchObject({
      bookKg: 32,
      closingKg: 32,
      outside: false,
    });
    const counted = [...entries, { kind: 'count' as const, kg: 31.5, timeMs: 3 }];
    expect(lotDay(10, counted, [at(3, 2), at(1, 4)])).toMatchObject({
      bookKg: 31,
      closingKg: 30.5,
      discrepancyKg: -0.5,
      outside: true,
    });
  });
});

describe('the ledger', () => {
  test('names the batches that used a drug lot, and what is missing', async () => {
    const [lot] = (await ledger()).lots;
    expect(lot).toMatchObject({ lot: 'CX-9', openingKg: 0, usedKg: 0.505, bookKg: -0.505 });
    expect(lot?.outside).toBe(true);
    expect(lot?.uses.map(({ batchId }) => batchId).sort()).toEqual(['2611-0001/1', '2611-0001/2']);
  });

  test('holds the sequence of the day: feed, flush, feed', async () => {
    const { sequence } = await ledger();
    expect(
      sequence.map((one) => [one.kind, one.drugClass, one.afterDrugClass, one.afterKind]),
    ).toEqual([
      ['feed', 'coccidiostat', null, null],
      ['flush', 'none', 'coccidiostat', 'feed'],
      ['feed', 'none', 'none', 'flush'],
    ]);
  });

  test('takes receipts and counts of quality alone, of drugs alone, and never changes them', async () => {
    const entry = { kind: 'receipt', lot: 'CX-9', material: DRUG, kg: 25, note: 'Phiếu nhập 12' };
    expect((await as('operator', 'POST', '/api/drugs/entries', entry)).status).toBe(403);
    const maize = await as('quality', 'POST', '/api/drugs/entries', {
      ...entry,
      material: 'MAIZE',
    });
    expect([maize.status, maize.text]).toEqual([409, expect.stringContaining('drug.unknown')]);
    expect((await as('quality', 'POST', '/api/drugs/entries', entry)).status).toBe(204);
    const changed = house.pool.query('update drug_entry set kg = 24');
    await expect(changed).rejects.toThrow('only ever added to');
    const { rows } = await house.pool.query<{ stream: string }>(
      "select stream from record_entry where kind = 'drug-count'",
    );
    expect(rows).toEqual([{ stream: 'lot:CX-9' }]);
  });

  test('goes out as CSV and PDF', async () => {
    const csv = await as('manager', 'GET', `/api/drugs/ledger.csv?day=${day}&language=en`);
    expect(csv.text).toContain('CX-9');
    expect(csv.text).toContain('2611-0001/2,0.255');
    const pdf = await as('manager', 'GET', `/api/drugs/ledger.pdf?day=${day}`);
    expect([pdf.status, pdf.text.slice(0, 5)]).toEqual([200, '%PDF-']);
  });
});

describe('medicated feed', () => {
  const path = '/api/drugs/reconciliations/2611-0001';
  const note = { note: 'Đã cân lại thùng' };
  const state = async () => (await ledger()).orders.map((order) => [order.orderId, order.state]);

  /** Asks to release a bin that holds this, as the controller tells. */
  const release = async (orderId: string | null, drugClass: 'none' | 'coccidiostat') => {
    const content = { orderId, lot: 'TP-1', product: null, nature: { ...nature, drugClass } };
    const told = { kind: 'bin', bin: 'FB901', state: 'Hold', released: false } as const;
    house.server.board.setStatus({ ...told, content, reasons: [] });
    const command = { commandId: randomUUID(), name: 'bin.release', target: 'FB901', args: {} };
    const answer = await as('quality', 'POST', '/api/commands', command);
    const { reasons = [] } = answer.json<{ reasons?: readonly Reason[] }>();
    return [answer.status, ...reasons.map(({ code }) => code)];
  };
  const unreconciled = [409, 'drug.not-reconciled'];

  test('is held until quality reconciled it and another person confirmed', async () => {
    expect(await state()).toEqual([['2611-0001', 'held']]);
    expect(await release('2611-0001', 'coccidiostat')).toEqual(unreconciled);
    expect((await as('quality', 'POST', `${path}/confirm`, note)).text).toContain(
      'drug.not-proposed',
    );
    expect((await as('manager', 'POST', path, note)).status).toBe(403);
    expect((await as('quality', 'POST', path, note)).status).toBe(204);
    expect(await state()).toEqual([['2611-0001', 'proposed']]);
    expect(await release('2611-0001', 'coccidiostat')).toEqual(unreconciled);
    expect(house.controller.told).toEqual([]);
    expect((await as('quality', 'POST', `${path}/confirm`, note)).text).toContain(
      'drug.second-person',
    );
    expect((await as('hoa', 'POST', `${path}/confirm`, note)).status).toBe(204);
    expect(await release('2611-0001', 'coccidiostat')).toEqual([200]);
    expect((await as('hoa', 'POST', `${path}/confirm`, note)).text).toContain('drug.reconciled');
    const other = await as('quality', 'POST', '/api/drugs/reconciliations/2611-0003', note);
    expect(other.text).toContain('drug.not-medicated');
  });

  test('of an order that nobody knows is not released; feed without a drug is', async () => {
    expect(await release('2611-0099', 'coccidiostat')).toEqual(unreconciled);
    expect(await release('2611-0003', 'none')).toEqual([200]);
  });

  test('has its reconciliation and who did it in the batch record, chained and exported', async () => {
    const view = await as('operator', 'GET', '/api/orders/2611-0001/record');
    const record = view.json<RecordView>();
    expect(record.fault).toBeNull();
    const steps = record.entries.filter(({ kind }) => kind === 'reconciliation');
    expect(
      steps.map(({ content }) => [content['step'], content['by'], content['confirmedBy']]),
    ).toEqual([
      ['proposed', 'quality', null],
      ['confirmed', 'quality', 'hoa'],
    ]);
    expect(record.entries.some(({ kind }) => kind === 'action')).toBe(true);
    for (const type of ['json', 'pdf']) {
      const file = await fetch(`${house.url}/api/orders/2611-0001/record.${type}`, {
        headers: { cookie: cookies.get('operator') ?? '' },
      });
      const bytes = Buffer.from(await file.arrayBuffer());
      expect(verifyFile(bytes, record.key).fault, type).toBeNull();
    }
    expect((await as('operator', 'GET', '/api/orders/2611-9999/record')).status).toBe(404);
    expect((await as('operator', 'GET', '/api/trace/CX-9')).text).toContain('2611-0001/2');
  });
});
