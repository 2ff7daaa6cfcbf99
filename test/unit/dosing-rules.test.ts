// Goal: the rules of one dose and of a batch's plan hold for any numbers: in-flight is learnt
// and converges, the cut does not depend on the scan, no flow is seen after 10 s, batches are
// equal and every reason is listed.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DosingScale } from '../../plc/logic/batch-plan.ts';
import { batchSizes, orderReasons, planDoses } from '../../plc/logic/batch-plan.ts';
import {
  cutNow,
  doseTimeLimitMs,
  fineAmountKg,
  flowMissing,
  jogMs,
  judge,
  meanKg,
  measuredFlow,
  movedMark,
  nominalFlows,
  scanInterval,
  toleranceOf,
  withWeighing,
} from '../../plc/logic/dosing.ts';
import { confidencePct, firstInFlight, forLot, learn } from '../../plc/logic/in-flight.ts';
import { dosingScale } from '../../plc/machines/batching/batching.ts';
import { pilot } from '../../plc/mill/mills/pilot.ts';
import type { Order } from '../../plc/model/order.ts';
import { controlRecipe } from '../../recipes/control-recipe.ts';
import { loadRecipes } from '../../recipes/load.ts';

describe('mass in flight', () => {
  test('converges to what really falls, from any first guess', () => {
    const kg = fc.double({ min: 0.01, max: 5, noNaN: true });
    fc.assert(
      fc.property(kg, kg, (really, guess) => {
        let known = { kg: guess, errorsKg: [] as readonly number[], lot: null as string | null };
        for (let dose = 0; dose < 60; dose++) known = learn(known, really - known.kg);
        expect(Math.abs(known.kg - really)).toBeLessThan(0.01 * Math.max(really, guess));
      }),
    );
  });

  test('takes half of the mean error of the last four doses', () => {
    const first = firstInFlight(0.5, 1, 'A');
    expect(first.kg).toBe(0.5);
    expect(learn(first, 0.2).kg).toBeCloseTo(0.6);
    const four = { kg: 1, errorsKg: [9, 0.1, 0.1, 0.1], lot: 'A' };
    expect(learn(four, 0.1).kg).toBeCloseTo(1.05);
    expect(learn(four, 0.1).errorsKg).toEqual([0.1, 0.1, 0.1, 0.1]);
  });

  test('is never negative', () => {
    expect(learn({ kg: 0.1, errorsKg: [], lot: null }, -5).kg).toBe(0);
  });

  test('does not believe one error far from the others, but a second one on its side', () => {
    const known = { kg: 1, errorsKg: [0.01, -0.01, 0.01, -0.01], lot: 'A' };
    const once = learn(known, 0.4, 0.03);
    expect(once).toEqual({ ...known, suspectKg: 0.4 });
    const twice = learn(once, 0.5, 0.03);
    expect(twice.errorsKg).toEqual([0.4, 0.5]);
    expect(twice.kg).toBeCloseTo(1.225);
    expect(learn(once, -0.4, 0.03)).toEqual({ ...known, suspectKg: -0.4 });
    expect(learn(once, 0.01, 0.03)).toMatchObject({ suspectKg: null, kg: 1 });
  });

  test('an error within the guard of the others is no outlier, however still they are', () => {
    const still = { kg: 1, errorsKg: [0, 0, 0, 0], lot: 'A' };
    expect(learn(still, 0.029, 0.03).errorsKg).toEqual([0, 0, 0, 0.029]);
    expect(learn(still, 0.031, 0.03).errorsKg).toEqual([0, 0, 0, 0]);
  });

  test('says how sure it is: not at all before two doses, less the wider they spread', () => {
    const of = (...errorsKg: number[]) => confidencePct({ kg: 1, errorsKg, lot: 'A' }, 0.5);
    expect([of(), of(0.1)]).toEqual([0, 0]);
    expect(of(0.1, 0.1, 0.1, 0.1)).toBe(100);
    expect(of(0.1, -0.1, 0.1, -0.1)).toBe(77);
    expect(of(1, -1)).toBe(0);
    expect(confidencePct({ kg: 1, errorsKg: [0, 0], lot: null }, 0)).toBe(0);
  });

  test('forgets its errors at a lot change and keeps its mass as a start', () => {
    const known = { kg: 0.3, errorsKg: [0.1, 0.2], lot: 'A' };
    expect(forLot(known, 'A')).toBe(known);
    expect(forLot(known, 'B')).toEqual({ kg: 0.3, errorsKg: [], lot: 'B' });
  });
});

describe('the cut', () => {
  test('comes on average at the right moment, whatever the scan', () => {
    for (const scanMs of [20, 100, 200, 400]) {
      const errors: number[] = [];
      for (let phase = 0; phase < 50; phase++) {
        const flow = 0.4;
        let atMs = (phase / 50) * scanMs;
        while (!cutNow((flow * atMs) / 1_000, 10, 0.5, flow, scanMs)) atMs += scanMs;
        errors.push((flow * atMs) / 1_000 + 0.5 - 10);
      }
      const mean = errors.reduce((sum, one) => sum + one, 0) / errors.length;
      expect(Math.abs(mean), `scan ${scanMs} ms`).toBeLessThan(0.01);
    }
  });

  test('leaves three seconds of coarse flow, more where it flows faster than promised', () => {
    const flows = nominalFlows({ coarseHz: 50, fineHz: 5, kgPerHourPerHz: 240 });
    expect(flows.coarseKgPerS).toBeCloseTo(3.333, 3);
    expect(fineAmountKg(flows, null)).toBeCloseTo(10);
    expect(fineAmountKg(flows, 5)).toBeCloseTo(15);
    expect(fineAmountKg(flows, 500)).toBeCloseTo(20);
  });

  test('measures the flow over the recent weights only', () => {
    let trend: { atMs: number; kg: number }[] = [];
    for (let atMs = 0; atMs <= 5_000; atMs += 100) trend = withWeighing(trend, { atMs, kg: atMs });
    expect(measuredFlow(trend)).toBeCloseTo(1_000);
    expect(scanInterval(trend)).toBeCloseTo(100);
    expect(trend.length).toBeLessThanOrEqual(22);
    expect(measuredFlow([{ atMs: 0, kg: 1 }])).toBeNull();
    expect(scanInterval([])).toBe(0);
  });
});

describe('the settled weight', () => {
  test('is a mean over time: a weight counts for as long as it held', () => {
    const trend = [
      { atMs: 0, kg: 10 },
      { atMs: 900, kg: 11 },
      { atMs: 1_000, kg: 99 },
    ];
    expect(meanKg(trend)).toBeCloseTo(10.1);
    expect(meanKg([{ atMs: 5, kg: 3 }])).toBe(3);
    expect(meanKg([])).toBeNull();
  });

  test('remembers the weight that held before the recent time began', () => {
    const trend = withWeighing([{ atMs: 0, kg: 10 }], { atMs: 9_000, kg: 11 });
    expect(meanKg(trend)).toBe(10);
  });
});

describe('no flow', () => {
  test('is less than 20 % of what is expected for 10 s', () => {
    const mark = { atMs: 0, kg: 0 };
    expect(movedMark(mark, { atMs: 9_000, kg: 1.9 }, 1)).toBe(mark);
    expect(movedMark(mark, { atMs: 9_000, kg: 2 }, 1)).toEqual({ atMs: 9_000, kg: 2 });
    expect(flowMissing(mark, 9_999)).toBe(false);
    expect(flowMissing(mark, 10_000)).toBe(true);
  });
});

describe('a dose', () => {
  test('is judged by its tolerance, both limits included', () => {
    expect(judge(99.5, 100, 0.5)).toBe('in-tolerance');
    expect(judge(100.5, 100, 0.5)).toBe('in-tolerance');
    expect(judge(99.49, 100, 0.5)).toBe('under');
    expect(judge(100.51, 100, 0.5)).toBe('over');
  });

  test('has the larger of a share and a mass as tolerance', () => {
    expect(toleranceOf(325, { tolerancePct: 0.5, toleranceKg: 0.2 })).toBeCloseTo(1.625);
    expect(toleranceOf(6, { tolerancePct: 0.5, toleranceKg: 0.2 })).toBe(0.2);
  });

  test('is corrected by pulses of 200 to 500 ms', () => {
    expect(jogMs(0.001, 0.33)).toBe(200);
    expect(jogMs(0.1, 0.33)).toBeCloseTo(303, 0);
    expect(jogMs(9, 0.33)).toBe(500);
    expect(jogMs(1, 0)).toBe(500);
  });

  test('may take twice its planned time and half a minute', () => {
    const flows = { coarseKgPerS: 3, fineKgPerS: 0.3 };
    expect(doseTimeLimitMs(300, flows)).toBeCloseTo(30_000 + 2_000 * (100 + 30));
  });
});

const scales: DosingScale[] = pilot.lines[0]?.scales.map((id) => dosingScale(pilot, id)) ?? [];

async function order(formula: string, orderKg: number, batchKg: number): Promise<Order> {
  const { formulas, procedures, materials } = await loadRecipes();
  const found = formulas.get(formula);
  const procedure = procedures.get(found?.procedure ?? '');
  if (found === undefined || procedure === undefined) throw new Error(`no formula ${formula}`);
  return {
    orderId: 'T-1',
    ...controlRecipe(found, procedure, materials),
    orderKg,
    batchKg,
    line: 'LINE1',
    destination: 'FB901',
    packaging: 'bags',
    bagKg: 25,
    lot: 'L-1',
    kind: 'feed',
    presses: [],
    bagger: null,
    dueTimeMs: null,
    customer: null,
  };
}

describe('the plan of a batch', () => {
  test('makes equal batches, none above the wanted size', () => {
    expect(batchSizes(1_500, 500)).toEqual({ count: 3, eachKg: 500 });
    expect(batchSizes(1_100, 500)).toEqual({ count: 3, eachKg: 1_100 / 3 });
    expect(batchSizes(10, 500)).toEqual({ count: 1, eachKg: 10 });
  });

  test('weighs 500 kg of broiler finisher on three scales, largest dose first', async () => {
    const { items } = await order('BROILER-FIN', 1_500, 500);
    const { doses, reasons } = planDoses(items, 500, scales);
    expect(reasons).toEqual([]);
    expect(doses.reduce((sum, dose) => sum + dose.targetKg, 0)).toBeCloseTo(500, 3);
    const on = (scale: string) => doses.filter((dose) => dose.scale === scale);
    expect(on('WS501').map((dose) => dose.material)).toEqual([
      'MAIZE',
      'SBM',
      'CORN-GLUTEN',
      'DCP',
      'LIMESTONE',
    ]);
    expect(on('WS503').map((dose) => dose.bin)).toEqual(['LT421']);
    expect(scales.filter((scale) => scale.liquid).map((scale) => scale.id)).toEqual(['WS503']);
    expect(on('WS501')[0]).toMatchObject({ bin: 'DB401', feeder: 'DF401', lot: 'NGO-2611-01' });
  });

  test('lists every material that no bin holds', async () => {
    const reasons = orderReasons(await order('SHRIMP-35', 500, 500), 550, scales);
    const missing = reasons.filter((one) => one.code === 'bin.none-for-material');
    expect(missing.map((one) => one.objects['material'])).toContain('WHEAT-FLOUR');
    expect(missing.length).toBe(12);
  });

  test('refuses a batch above the mixer and a dose below the scale minimum', async () => {
    const tooLarge = orderReasons(await order('BROILER-FIN', 600, 600), 550, scales);
    expect(tooLarge.map((one) => one.code)).toContain('order.batch-size');
    expect(tooLarge.map((one) => one.code)).toContain('dose.exceeds-scale');
    const tiny = orderReasons(await order('BROILER-FIN', 100, 100), 550, scales);
    expect(tiny).toEqual([
      {
        code: 'dose.below-minimum',
        objects: { material: 'DCP', targetKg: 1.5, minimumKg: 2, scale: 'WS501' },
      },
      {
        code: 'dose.below-minimum',
        objects: { material: 'LIMESTONE', targetKg: 1.25, minimumKg: 2, scale: 'WS501' },
      },
    ]);
  });

  test('prefers a bin that is not low', () => {
    const bins = ['A', 'B'].map((bin) => ({ bin, feeder: `F${bin}`, material: 'MAIZE', lot: bin }));
    const one = [{ ...scales[0], bins } as DosingScale];
    const items = [{ material: 'MAIZE', pct: 100, drug: false }];
    expect(planDoses(items, 100, one).doses[0]?.bin).toBe('A');
    expect(planDoses(items, 100, one, (bin) => (bin === 'A' ? 0 : null)).doses[0]?.bin).toBe('B');
    expect(planDoses(items, 100, one, () => 0).doses[0]?.bin).toBe('A');
  });

  test('of bins with the same material the fullest is taken, one of unknown level last', () => {
    const bins = ['A', 'B', 'C'].map((bin) => {
      return { bin, feeder: `F${bin}`, material: 'MAIZE', lot: bin };
    });
    const one = [{ ...scales[0], bins } as DosingScale];
    const items = [{ material: 'MAIZE', pct: 100, drug: false }];
    const binOf = (contents: Readonly<Record<string, number | null>>) =>
      planDoses(items, 100, one, (bin) => contents[bin] ?? null).doses[0]?.bin;
    expect(binOf({ A: 300, B: 900, C: 400 })).toBe('B');
    expect(binOf({ A: 300, B: 0, C: 400 })).toBe('C');
    expect(binOf({ A: null, B: 0, C: 50 })).toBe('C');
    expect(binOf({ A: null, B: 0, C: 0 })).toBe('A');
    expect(binOf({ A: 400, B: 400, C: 400 })).toBe('A');
  });
});
