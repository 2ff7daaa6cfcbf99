/**
 * Goal: stock is layers of lots that doses, transfers, batches and bags move (DOMAIN 4, Storage):
 * book, doses and the simulated bins agree to 0.1 % per ingredient over hours of making feed, also
 * over a kill of the controller in the midst of it, and nothing is booked twice.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { SpoolRecord } from '../../plc/model/record.ts';
import { finisherOrder } from '../support/finisher-order.ts';
import { accounts, stockOf, stockRecords } from '../support/stock-accounts.ts';
import { VirtualMill } from '../support/virtual-mill.ts';

let mill: VirtualMill | null = null;

afterEach(async () => {
  await mill?.stop();
  mill = null;
});

function ofKind<K extends SpoolRecord['kind']>(records: readonly SpoolRecord[], kind: K) {
  return records.filter((one): one is Extract<SpoolRecord, { kind: K }> => one.kind === kind);
}

async function make(running: VirtualMill, orderId: string): Promise<void> {
  const order = await finisherOrder(orderId);
  expect(await running.command('order.submit', order.line, { order })).toEqual({ accepted: true });
  const started = await running.command('order.start', order.line, { orderId });
  expect(started).toEqual({ accepted: true });
}

/** Passes time until the order is complete and every route has come to rest. */
async function finish(running: VirtualMill): Promise<void> {
  const endMs = running.utcMs + 4 * 3_600_000;
  const state = async () => ofKind(await running.records(), 'order').at(-1)?.state;
  while ((await state()) !== 'Complete' && running.utcMs < endMs) await running.runFor(10_000);
  expect(await state(), JSON.stringify(running.status('line'))).toBe('Complete');
  const idle = () => running.status('route').every((one) => 'state' in one && one.state === 'Idle');
  await running.until('every route at rest', idle, 3 * 3_600_000);
  await running.runFor(120_000);
}

async function expectAgreement(running: VirtualMill): Promise<void> {
  for (const [material, { bookKg, simulatedKg, dosedKg }] of await accounts(running)) {
    const seen = `${material}: book ${bookKg}, simulated ${simulatedKg}, dosed ${dosedKg}`;
    expect.soft(Math.abs(bookKg - simulatedKg), seen).toBeLessThan(simulatedKg * 0.001);
  }
}

describe('the stock of the pilot mill', () => {
  it('agrees with doses and simulator to 0.1 % per ingredient, over a kill as well', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mill-stock-'));
    const file = join(folder, 'spool.sqlite');
    const first = await VirtualMill.start({ seed: 21, file });
    await make(first, '2611-0301');
    await finish(first);
    await expectAgreement(first);
    await make(first, '2611-0302');
    while (ofKind(await first.records(), 'dose').length < 35) await first.runFor(1_000);
    await first.die();
    first.fieldAlone(10_000);

    mill = await VirtualMill.start({ file, field: first.field, startMs: first.utcMs });
    const running = mill;
    await running.runFor(5_000);
    const resumed = await running.command('order.resume', 'LINE1', { orderId: '2611-0302' });
    expect(resumed).toEqual({ accepted: true });
    for (const route of running.status('route')) {
      if (route.kind === 'route' && route.state === 'Tripped') {
        await running.command('route.reset', route.route);
      }
    }
    await finish(running);
    await expectAgreement(running);

    const records = await running.records();
    const moved = await stockRecords(running);
    expect(new Set(moved.map((one) => one.stockId)).size).toBe(moved.length);
    for (const dose of ofKind(records, 'dose')) {
      const layers = moved.filter((one) => one.causeId === dose.doseId);
      const kg = layers.reduce((sum, one) => sum + one.kg, 0);
      expect(kg, dose.doseId).toBeCloseTo(dose.actualKg, 5);
      expect(layers.every((one) => one.from === dose.bin && one.to === dose.scale)).toBe(true);
      expect(
        layers.every((one) => one.lot !== null),
        dose.doseId,
      ).toBe(true);
    }
    expect(running.log.filter((line) => line.level === 'error')).toEqual([]);
    rmSync(folder, { recursive: true, force: true });
  }, 900_000);

  it('gives every bag the lot of its order, and knows which lots its batches were made of', async () => {
    mill = await VirtualMill.start({ seed: 22 });
    await make(mill, '2611-0303');
    await finish(mill);
    const moved = await stockRecords(mill);
    const bagged = moved.filter((one) => one.cause === 'bags');
    expect(new Set(bagged.map((one) => one.lot))).toEqual(new Set(['TP-2611-0303']));
    const bagsKg = ofKind(await mill.records(), 'bag').reduce((sum, one) => sum + one.netKg, 0);
    expect(bagged.reduce((sum, one) => sum + one.kg, 0)).toBeCloseTo(bagsKg, 3);
    const dosed = moved.filter((one) => one.cause === 'dose');
    expect(dosed.some((one) => one.lot === 'NGO-2611-01')).toBe(true);
    expect(stockOf(mill).filter((one) => one.differs)).toEqual([]);
  }, 600_000);
});
