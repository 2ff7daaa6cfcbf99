/**
 * Goal: an order runs from silo to bags with the real machines and the real controller in virtual
 * time; every dose is recorded once, agrees with what left the simulated bins, and the bags with
 * what was dosed.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { DoseRecord, SpoolRecord } from '../../plc/model/record.ts';
import { finisherOrder } from '../support/finisher-order.ts';
import { VirtualMill } from '../support/virtual-mill.ts';

let mill: VirtualMill | null = null;

afterEach(async () => {
  await mill?.stop();
  mill = null;
});

function ofKind<K extends SpoolRecord['kind']>(records: readonly SpoolRecord[], kind: K) {
  return records.filter((one): one is Extract<SpoolRecord, { kind: K }> => one.kind === kind);
}

function orderState(records: readonly SpoolRecord[]): string | undefined {
  return ofKind(records, 'order').at(-1)?.state;
}

function sumByMaterial(doses: readonly DoseRecord[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { material, actualKg } of doses) {
    sums.set(material, (sums.get(material) ?? 0) + actualKg);
  }
  return sums;
}

describe('an order of 1.5 t broiler finisher', () => {
  it('runs from silo to bags and is recorded once', async () => {
    mill = await VirtualMill.start({ seed: 7 });
    const running = mill;
    const order = await finisherOrder();
    const submitted = await running.command('order.submit', order.line, { order });
    expect(submitted).toEqual({ accepted: true });
    const started = await running.command('order.start', order.line, { orderId: order.orderId });
    expect(started).toEqual({ accepted: true });

    const endMs = running.utcMs + 3 * 3_600_000;
    while (orderState(await running.records()) !== 'Complete' && running.utcMs < endMs) {
      await running.runFor(10_000);
    }
    const records = await running.records();
    const errors = running.log.filter((line) => line.level === 'error');
    expect(errors, `seed 7: ${JSON.stringify(running.status('line'))}`).toEqual([]);
    expect(orderState(records), JSON.stringify(running.status('line'))).toBe('Complete');

    const batches = new Map(ofKind(records, 'batch').map((one) => [one.batchId, one.state]));
    expect([...batches.values()]).toEqual(['Complete', 'Complete', 'Complete']);
    const doses = ofKind(records, 'dose');
    expect(doses).toHaveLength(3 * order.items.length);
    expect(new Set(doses.map((one) => one.doseId)).size).toBe(doses.length);

    const bags = ofKind(records, 'bag');
    expect(new Set(bags.map((one) => one.bagId)).size).toBe(bags.length);
    const dosedKg = [...sumByMaterial(doses).values()].reduce((sum, kg) => sum + kg, 0);
    const baggedKg = bags.reduce((sum, bag) => sum + bag.netKg, 0);
    expect(dosedKg).toBeGreaterThan(1_500 * 0.997);
    expect(baggedKg / dosedKg).toBeGreaterThan(0.97);
  }, 300_000);

  it('is held after the controller was killed, then finishes each dose once', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mill-restart-'));
    const file = join(folder, 'spool.sqlite');
    const first = await VirtualMill.start({ seed: 11, file });
    const order = await finisherOrder('2611-0002');
    await first.command('order.submit', order.line, { order });
    await first.command('order.start', order.line, { orderId: order.orderId });
    while (ofKind(await first.records(), 'dose').length < 4) await first.runFor(1_000);
    const before = ofKind(await first.records(), 'dose').map((one) => one.doseId);
    await first.die();
    first.fieldAlone(10_000);

    mill = await VirtualMill.start({ file, field: first.field, startMs: first.utcMs });
    await mill.runFor(5_000);
    expect(orderState(await mill.records())).toBe('Held');
    const doseDrives = mill.controller.mill.devices.filter((one) => /^(DF|MF|LP)/.test(one.id));
    expect(doseDrives.filter((one) => mill?.output(`${one.id}.Cmd`) === true)).toEqual([]);

    const resumed = await mill.command('order.resume', order.line, { orderId: order.orderId });
    expect(resumed).toEqual({ accepted: true });
    while (ofKind(await mill.records(), 'batch').at(-1)?.state !== 'Complete') {
      await mill.runFor(5_000);
      if (mill.utcMs > first.utcMs + 3_600_000) break;
    }
    const doses = ofKind(await mill.records(), 'dose').map((one) => one.doseId);
    expect(doses.slice(0, before.length)).toEqual(before);
    expect(new Set(doses).size).toBe(doses.length);
    expect(doses.filter((one) => one.startsWith(`${order.orderId}/1/`))).toHaveLength(10);
    rmSync(folder, { recursive: true, force: true });
  }, 300_000);
});

describe('a value computed from a signal that cannot be trusted', () => {
  it('is not good either, and good again with it', async () => {
    mill = await VirtualMill.start({ seed: 3 });
    const running = mill;
    const quality = () => running.value('HM301.LoadPct').quality;
    await running.until('a good load', () => quality() === 'good');
    running.sever('field');
    await running.until('a load that is not good', () => quality() !== 'good', 10_000);
    running.sever('field', false);
    await running.until('a good load again', () => quality() === 'good', 10_000);
  }, 60_000);
});
