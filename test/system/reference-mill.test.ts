/**
 * Goal: the reference mill of 2,000 t a day stands quietly with all its devices, and makes an order
 * from dosing bins to bags, in virtual time with the real machines and the real controller.
 */
import { afterEach, describe, expect, it } from 'vitest';
import { reference } from '../../plc/mill/mills/reference.ts';
import type { SpoolRecord } from '../../plc/model/record.ts';
import { orderOf } from '../support/finisher-order.ts';
import { VirtualMill } from '../support/virtual-mill.ts';

const SEED = 5;
let mill: VirtualMill | null = null;

afterEach(async () => {
  await mill?.stop();
  mill = null;
});

function ofKind<K extends SpoolRecord['kind']>(records: readonly SpoolRecord[], kind: K) {
  return records.filter((one): one is Extract<SpoolRecord, { kind: K }> => one.kind === kind);
}

describe('the reference mill', () => {
  it('stands for a minute with every value good, no alarm and nothing to complain of', async () => {
    mill = await VirtualMill.start({ mill: reference, seed: SEED, served: true });
    await mill.runFor(60_000);
    const running = mill;
    expect(running.log.filter((line) => line.level !== 'info')).toEqual([]);
    expect(running.controller.alarms.map((one) => one.alarmId)).toEqual([]);
    // A field in this process has neither a clock nor certificates of its own, and what a tonne
    // costs is not known before one was ground.
    const told = reference.tags.filter(
      (tag) => !/^LINK\..*(SkewMs|CertificateDays)$|\.KWhPerT$/.test(tag.name),
    );
    const doubtful = told.filter((tag) => running.value(tag.name).quality !== 'good');
    expect(doubtful.map((tag) => tag.name)).toEqual([]);
  }, 120_000);

  it('makes a tonne of grower pig mash and bags it', async () => {
    mill = await VirtualMill.start({ mill: reference, seed: SEED });
    const running = mill;
    const order = await orderOf('PIG-GROWER', {
      orderId: '2611-0100',
      orderKg: 1_000,
      batchKg: 1_000,
      line: 'LINE1',
      destination: 'FB101',
    });
    expect(await running.command('order.submit', 'LINE1', { order })).toEqual({ accepted: true });
    const started = await running.command('order.start', 'LINE1', { orderId: order.orderId });
    expect(started).toEqual({ accepted: true });

    const endMs = running.utcMs + 3 * 3_600_000;
    const stateNow = async () => ofKind(await running.records(), 'order').at(-1)?.state;
    while ((await stateNow()) !== 'Complete' && running.utcMs < endMs) await running.runFor(30_000);
    const seen = `seed ${SEED}: ${JSON.stringify(running.status('line'))}`;
    expect(await stateNow(), seen).toBe('Complete');
    expect(running.log.filter((line) => line.level === 'error')).toEqual([]);

    const records = await running.records();
    const doses = ofKind(records, 'dose');
    expect(doses).toHaveLength(order.items.length);
    const dosedKg = doses.reduce((sum, dose) => sum + dose.actualKg, 0);
    const baggedKg = ofKind(records, 'bag').reduce((sum, bag) => sum + bag.netKg, 0);
    expect(Math.abs(dosedKg - order.orderKg)).toBeLessThan(order.orderKg * 0.003);
    // What is too little for a bag goes into the rest sack: up to 25 kg of this tonne.
    expect(baggedKg / dosedKg).toBeGreaterThan(0.95);
  }, 900_000);
});
