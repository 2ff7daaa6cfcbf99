// Goal: a line begins its orders in the sequence of the plan, does not stand with work before it,
// and never lets anything pass an order on whose place a rule of carry-over hangs (DOMAIN 4).
import { beforeEach, describe, expect, test } from 'vitest';
import { buildMachines } from '../../plc/machines/index.ts';
import { pilot } from '../../plc/mill/mills/pilot.ts';
import type { Order } from '../../plc/model/order.ts';
import type { LineStatus } from '../../plc/model/status.ts';
import { MachineBench } from '../support/machine-bench.ts';

const PLAIN = { drugClass: 'none', species: 'broiler', withdrawal: false } as const;
const DRUG = { ...PLAIN, drugClass: 'coccidiostat' } as const;
const MASH = { id: 'mash', pelleted: false, dryMixS: 10, wetMixS: 10, conditionerC: null };
const PELLETS = { ...MASH, id: 'pelleted', pelleted: true, conditionerC: 80 };

let bench: MachineBench;
beforeEach(() => {
  bench = new MachineBench(pilot, buildMachines(pilot), 3, 200);
  // What another order left above the press.
  bench.forced.set('PB701.Low', false);
  bench.forced.set('PB701.LevelPct', 50);
  bench.runFor(2_000);
});

function send(orderId: string, destination: string, change: Partial<Order>): void {
  const order: Order = {
    ...{ orderId, lot: `L-${orderId}`, formulaCode: orderId, formulaVersion: 1, line: 'LINE1' },
    product: { vi: orderId, en: orderId },
    items: [
      { material: 'MAIZE', pct: 65, drug: false },
      { material: 'SBM', pct: 35, drug: false },
    ],
    ...{ procedure: MASH, orderKg: 100, batchKg: 100, destination, packaging: 'bulk', bagKg: 25 },
    ...{ kind: 'feed', nature: PLAIN, presses: [], bagger: null, dueTimeMs: null, customer: null },
    ...change,
  };
  expect(bench.command('LINE1', 'SUBMIT', { order })).toEqual({ accepted: true });
  expect(bench.command('LINE1', 'START', { orderId })).toEqual({ accepted: true });
}

function begun(): string[] {
  const { orders } = bench.documents.get('LINE1') as LineStatus;
  return orders.filter(({ state }) => state === 'Running').map(({ order }) => order.orderId);
}

describe('the sequence of a line', () => {
  test('is that of the plan while the press of the first order is empty, or soon will be', () => {
    bench.forced.set('PB701.LevelPct', 0.1);
    bench.runFor(400);
    send('FIRST', 'FB901', { procedure: PELLETS, presses: ['PM701'] });
    send('SECOND', 'FB902', {});
    bench.runFor(2_000);
    expect(begun()).toEqual(['FIRST']);
  });

  test('lets mash go first while the press of the order before it still has work', () => {
    send('FIRST', 'FB901', { procedure: PELLETS, presses: ['PM701'] });
    send('SECOND', 'FB902', {});
    expect(bench.until(() => begun().includes('SECOND'), 1_200_000)).toBe(true);
    expect(begun()).not.toContain('FIRST');
  });

  test('does not begin an order for a full press while another one may be ready before it', () => {
    // The second one waits for its bin, which still holds another product.
    bench.forced.set('FB902.Low', false);
    send('FIRST', 'FB901', { procedure: PELLETS, presses: ['PM701'] });
    send('SECOND', 'FB902', {});
    bench.runFor(10_000);
    expect(begun()).toEqual([]);
    const { reasons } = bench.documents.get('LINE1') as LineStatus;
    expect(reasons).toContainEqual({
      code: 'unit.not-emptied',
      objects: { bin: 'PB701', unit: 'PM701' },
    });
    bench.forced.set('PB701.LevelPct', 0.1);
    bench.runFor(4_000);
    expect(begun()).toEqual(['FIRST']);
  });

  test('lets nothing pass an order with a drug, and no drug pass another order', () => {
    send('FIRST', 'FB901', { procedure: PELLETS, presses: ['PM701'], nature: DRUG });
    send('SECOND', 'FB902', {});
    expect(bench.until(() => begun().includes('FIRST'), 1_200_000)).toBe(true);
    expect(begun()).not.toContain('SECOND');
  });

  test('has a flush bagged before the order behind it, though that has its product first', () => {
    send('FLUSH', 'FB902', { kind: 'flush', packaging: 'bags' });
    send('FEED', 'FB901', { packaging: 'bags' });
    expect(bench.until(() => begun().includes('FEED'), 1_200_000)).toBe(true);
    bench.forced.set('FB901.Low', false);
    bench.runFor(10_000);
    const { orders } = bench.documents.get('LINE1') as LineStatus;
    const feed = orders.find(({ order }) => order.orderId === 'FEED');
    expect(feed?.reasons).toContainEqual({
      code: 'order.flush-first',
      objects: { flush: 'FLUSH' },
    });
    const bagged = () =>
      bench.sent.filter(({ to, command }) => to.startsWith('BG') && command === 'ALLOCATE');
    expect(bagged().map(({ args }) => args['orderId'])).not.toContain('FEED');
    const isAsked = () => bagged().some(({ args }) => args['orderId'] === 'FEED');
    expect(bench.until(isAsked, 3_600_000)).toBe(true);
    expect(bagged()[0]?.args['orderId']).toBe('FLUSH');
  });

  test('lets no order for the same bin pass', () => {
    send('FIRST', 'FB901', { procedure: PELLETS, presses: ['PM701'] });
    send('SECOND', 'FB901', {});
    expect(bench.until(() => begun().includes('FIRST'), 1_200_000)).toBe(true);
    expect(begun()).not.toContain('SECOND');
  });
});
