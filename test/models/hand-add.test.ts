// Goal: what no bin or scale can give is weighed and tipped by a person: the right lot, the right
// mass, written down with his name, and the mixer is not discharged before it is in (DOMAIN 4).
import { beforeEach, describe, expect, test } from 'vitest';
import { planDoses } from '../../plc/logic/batch-plan.ts';
import { readLabel } from '../../plc/logic/lot-label.ts';
import { buildMachines } from '../../plc/machines/index.ts';
import type { MixerPhase, ScaleState } from '../../plc/model/isa88.ts';
import { MIXER_PHASES, PROCEDURE_STATES, SCALE_STATES } from '../../plc/model/isa88.ts';
import { LOTS_ID } from '../../plc/model/lots.ts';
import type { Order } from '../../plc/model/order.ts';
import type { DoseRecord } from '../../plc/model/record.ts';
import { BAG_STORE } from '../../plc/model/sacks.ts';
import type { DeviceStatus, LineStatus } from '../../plc/model/status.ts';
import { STOCK_ID } from '../../plc/model/stock.ts';
import { addByHand, ledger } from '../../simulators/process/index.ts';
import { hatchedPilot } from '../support/hatched-pilot.ts';
import { MachineBench } from '../support/machine-bench.ts';

const MILL = hatchedPilot();
const SEED = 7;
const LONG_MS = 1_200_000;
const GOOD = '(10)PRE-1(17)301231(240)COLOUR';
const ORDER: Order = {
  orderId: 'H-1',
  formulaCode: 'TEST',
  formulaVersion: 1,
  product: { vi: 'Thử', en: 'Test' },
  items: [
    { material: 'MAIZE', pct: 66, drug: false },
    { material: 'SBM', pct: 32, drug: false },
    { material: 'COLOUR', pct: 2, drug: false },
  ],
  procedure: { id: 'mash', pelleted: false, dryMixS: 10, wetMixS: 10, conditionerC: null },
  orderKg: 200,
  batchKg: 100,
  line: 'LINE1',
  destination: 'FB901',
  packaging: 'bulk',
  bagKg: 25,
  lot: 'L-1',
  kind: 'feed',
  nature: { drugClass: 'none', species: 'broiler', withdrawal: false },
  presses: [],
  bagger: null,
  dueTimeMs: null,
  customer: null,
};

let bench: MachineBench;
beforeEach(() => {
  bench = new MachineBench(MILL, buildMachines(MILL), SEED, 200);
  bench.runFor(2_000);
});

function hatch(): ScaleState | undefined {
  return SCALE_STATES[Number(bench.code('HA1.State'))];
}

function phase(): MixerPhase | undefined {
  return MIXER_PHASES[Number(bench.code('MX601.Phase'))];
}

function begin(change: Partial<Order> = {}): void {
  const order = { ...ORDER, ...change };
  expect(bench.command('LINE1', 'SUBMIT', { order })).toEqual({ accepted: true });
  expect(bench.command('LINE1', 'START', { orderId: order.orderId })).toEqual({ accepted: true });
  expect(bench.until(() => hatch() === 'Filling', LONG_MS)).toBe(true);
}

function scanned(label: string) {
  return bench.command('HA1', 'SCAN_LOT', { label });
}

/** Whoever tipped a sack presses the button before he takes the next one. */
const HANDS_FREE_MS = 6_000;

function sack(kg: number): void {
  bench.runFor(HANDS_FREE_MS);
  addByHand(bench.state, { device: 'HA1', material: 'COLOUR', lot: 'PRE-1', kg });
  bench.runFor(8_000);
}

function codes(answer: ReturnType<typeof scanned>): string[] {
  return answer.accepted ? [] : answer.reasons.map(({ code }) => code);
}

function handDoses(): DoseRecord[] {
  return bench.records.filter(
    (one): one is DoseRecord => one.kind === 'dose' && one.scale === 'HA1',
  );
}

describe('a hand-add', () => {
  test('shows material, mass and lot; is scanned, weighed and confirmed by a user', () => {
    begin({ orderKg: 100 });
    const shown = () => (bench.documents.get('HA1') as DeviceStatus | undefined)?.handAdd;
    expect(shown()).toMatchObject({ material: 'COLOUR', targetKg: 2, lot: null });
    expect(codes(bench.command('HA1', 'CONFIRM'))).toContain('hand-add.not-scanned');
    expect(scanned(GOOD)).toEqual({ accepted: true });
    bench.runFor(1_000);
    expect(shown()?.lot).toBe('PRE-1');
    sack(2);
    expect(bench.command('HA1', 'CONFIRM')).toEqual({ accepted: true });
    const state = () => PROCEDURE_STATES[Number(bench.code('LINE1.State'))];
    expect(bench.until(() => state() === 'Complete', LONG_MS)).toBe(true);
    expect(handDoses()).toMatchObject([
      { lot: 'PRE-1', targetKg: 2, actualKg: 2, decision: 'in-tolerance', decidedBy: 'lan' },
    ]);
    const batch = bench.records.findLast((one) => one.kind === 'batch');
    const sumKg = bench.records.reduce(
      (sum, one) => sum + (one.kind === 'dose' ? one.actualKg : 0),
      0,
    );
    expect(batch).toMatchObject({ state: 'Complete' });
    expect(batch?.kind === 'batch' ? batch.actualKg : 0).toBeCloseTo(sumKg, 6);
    expect(ledger(bench.state).inTransit['HA1'] ?? 0).toBe(0);
  });

  test('comes out of the store of sacks by its lot: book, receipts and doses agree to 0.1 %', () => {
    const store = () => {
      const { bins } = bench.context(STOCK_ID) as {
        bins: Record<string, { book: { layers: { lot: string; kg: number }[][] } }>;
      };
      return bins[BAG_STORE]?.book.layers.flat() ?? [];
    };
    begin({ orderKg: 100 });
    scanned(GOOD);
    sack(2);
    expect(bench.command('HA1', 'CONFIRM')).toEqual({ accepted: true });
    bench.runFor(1_000);
    // Used before its receipt was booked: the book says what is missing.
    expect(store()).toMatchObject([{ lot: 'PRE-1', kg: -2 }]);
    const received = { bin: BAG_STORE, material: 'COLOUR', lot: 'PRE-1', kg: 100 };
    expect(bench.command(STOCK_ID, 'RECEIVE', received)).toEqual({ accepted: true });
    const usedKg = handDoses().reduce((sum, { actualKg }) => sum + actualKg, 0);
    const bookKg = store().reduce((sum, { kg }) => sum + kg, 0);
    expect(Math.abs(bookKg - (100 - usedKg))).toBeLessThan(0.001 * usedKg);
    const moved = bench.records.filter((one) => one.kind === 'stock' && one.to === 'HA1');
    expect(moved).toMatchObject([{ from: BAG_STORE, cause: 'dose', lot: 'PRE-1', kg: 2 }]);
  });

  test('blocks mixer discharge until it is in, and each batch waits for its own', () => {
    begin();
    expect(bench.until(() => phase() === 'DryMixing', LONG_MS)).toBe(true);
    bench.runFor(5 * 60_000);
    expect(phase()).toBe('DryMixing');
    const line = () => bench.documents.get('LINE1') as LineStatus;
    expect(line().reasons.map(({ code }) => code)).toContain('hand-add.waits');
    for (const batch of [1, 2]) {
      expect(
        bench.until(() => hatch() === 'Filling', LONG_MS),
        `batch ${batch}`,
      ).toBe(true);
      expect(scanned(GOOD)).toEqual({ accepted: true });
      sack(2);
      expect(bench.command('HA1', 'CONFIRM')).toEqual({ accepted: true });
      // Emptied; the sack of the next batch may be asked for in the same scan.
      expect(
        bench.until(() => ['Empty', 'Filling'].includes(hatch() ?? ''), LONG_MS),
        `batch ${batch}`,
      ).toBe(true);
    }
    const state = () => PROCEDURE_STATES[Number(bench.code('LINE1.State'))];
    expect(bench.until(() => state() === 'Complete', LONG_MS)).toBe(true);
    expect(handDoses().map(({ batchId }) => batchId)).toEqual(['H-1/1', 'H-1/2']);
  });

  test('of an expired, quarantined or wrong lot is refused with its reason', () => {
    begin();
    expect(codes(scanned('???'))).toEqual(['hand-add.unreadable']);
    expect(codes(scanned('(10)A'))).toEqual(['hand-add.no-material']);
    expect(codes(scanned('(10)A(240)SALT'))).toEqual(['hand-add.wrong-material']);
    expect(codes(scanned('(10)A(17)200229(240)SALT'))).toEqual([
      'hand-add.wrong-material',
      'hand-add.expired',
    ]);
    const quarantine = (on: boolean) => {
      const answer = bench.command(LOTS_ID, 'QUARANTINE', { lot: 'PRE-1', on, note: 'mốc' });
      expect(answer).toEqual({ accepted: true });
    };
    quarantine(true);
    expect(codes(scanned(GOOD))).toEqual(['lot.quarantined']);
    quarantine(false);
    expect(scanned(GOOD)).toEqual({ accepted: true });
    quarantine(true);
    sack(2);
    expect(codes(bench.command('HA1', 'CONFIRM'))).toEqual(['lot.quarantined']);
  });

  test('out of tolerance, or on a scale that is not good, cannot be confirmed; no machine may', () => {
    begin();
    scanned(GOOD);
    sack(2.5);
    expect(codes(bench.command('HA1', 'CONFIRM'))).toEqual(['dose.over']);
    bench.lost.add('HA1.Net');
    bench.runFor(1_000);
    expect(codes(bench.command('HA1', 'CONFIRM'))).toEqual(['scale.not-good']);
    bench.lost.clear();
    bench.runFor(1_000);
    const machine = { kind: 'machine', id: 'LINE1' } as const;
    expect(codes(bench.command('HA1', 'CONFIRM', {}, machine))).toEqual(['command.unknown']);
    expect(handDoses()).toEqual([]);
  });

  test('is held by a restart, and goes on where it was', () => {
    begin({ orderKg: 100 });
    scanned(GOOD);
    bench.restart();
    bench.runFor(1_000);
    expect(hatch()).toBe('Held');
    expect(bench.command('LINE1', 'RESUME', { orderId: 'H-1' })).toEqual({ accepted: true });
    expect(bench.until(() => hatch() === 'Filling', LONG_MS)).toBe(true);
    sack(2);
    expect(bench.command('HA1', 'CONFIRM')).toEqual({ accepted: true });
    const state = () => PROCEDURE_STATES[Number(bench.code('LINE1.State'))];
    expect(bench.until(() => state() === 'Complete', LONG_MS)).toBe(true);
    expect(handDoses()).toHaveLength(1);
  });
});

describe('the plan gives to the hand-add', () => {
  const scale = { capacityKg: 100, minimumKg: 10, tolerancePct: 0.5, toleranceKg: 1 };
  const bins = [{ bin: 'B1', feeder: 'F1', material: 'SALT', lot: null }];
  const hatchOnly = {
    ...{ id: 'HA1', capacityKg: 50, minimumKg: 0.5, tolerancePct: 0.5, toleranceKg: 0.02 },
    ...{ liquid: false, bins: [], byHand: ['SALT', 'COLOUR'] },
  };
  const scales = [{ id: 'WS1', liquid: false, bins, ...scale }, hatchOnly];
  const plan = (material: string, kg: number, liquid = false) =>
    planDoses(
      [{ material, pct: 100, drug: false }],
      kg,
      scales.map((one) => ({ ...one, liquid })),
    );

  test('what no bin holds and what is below the minimum of the scales', () => {
    expect(plan('SALT', 20).doses).toMatchObject([{ scale: 'WS1' }]);
    expect(plan('SALT', 5).doses).toMatchObject([{ scale: 'HA1', bin: 'HA1' }]);
    expect(plan('COLOUR', 5).doses).toMatchObject([{ scale: 'HA1' }]);
  });

  test('but no liquid, nothing it does not know, and nothing too small or too heavy for it', () => {
    const refusal = (...of: Parameters<typeof plan>) => plan(...of).reasons.map(({ code }) => code);
    expect(refusal('SALT', 5, true)).toEqual(['dose.below-minimum']);
    expect(refusal('GOLD', 5)).toEqual(['bin.none-for-material']);
    expect(refusal('COLOUR', 0.4)).toEqual(['bin.none-for-material']);
    expect(refusal('COLOUR', 51)).toEqual(['bin.none-for-material']);
  });
});

describe('the label of a sack', () => {
  const END_OF_2030 = Date.UTC(2031, 0, 1) - 1;
  test('is read as it is printed, and as a scanner sends it', () => {
    const said = { lot: 'A-7', material: 'SALT', expiryTimeMs: END_OF_2030 };
    expect(readLabel('(10)A-7(17)301231(240)SALT')).toEqual(said);
    expect(readLabel(']C11730123110A-7\u001d240SALT')).toEqual(said);
    expect(readLabel('(10)A-7(17)301200')?.expiryTimeMs).toBe(END_OF_2030);
  });

  test('without a lot, or with a date that is none, says nothing', () => {
    for (const label of ['', 'SALT', '(240)SALT', '(10)A(17)300431', '(10)A(17)301301']) {
      expect(readLabel(label), label).toBeNull();
    }
  });
});
