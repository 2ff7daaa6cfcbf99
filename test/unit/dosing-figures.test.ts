// Goal: the figures of DOMAIN 4 Dosing hold for the reference mill and for every formula that comes
// with it: which scale weighs what, from which mass on, how finely, and how long a weight settles.
import { describe, expect, test } from 'vitest';
import { planDoses } from '../../plc/logic/batch-plan.ts';
import { JOGS_MAX, jogMs, KNOCKS_MAX, NO_FLOW_MS, noFlowWaitMs } from '../../plc/logic/dosing.ts';
import { learnRate, UNKNOWN_RATE } from '../../plc/logic/flow-rate.ts';
import { dosingPlaces } from '../../plc/machines/batching/batching.ts';
import { reference } from '../../plc/mill/mills/reference.ts';
import { controlRecipe } from '../../recipes/control-recipe.ts';
import { loadRecipes } from '../../recipes/load.ts';

const BATCH_KG = 6_000;
const { formulas, procedures, materials } = await loadRecipes();
const [line] = reference.lines;
if (line === undefined) throw new Error('the reference mill has no line');
const places = dosingPlaces(reference, line);

function scaleOf(id: string) {
  const device = reference.deviceById.get(id);
  return device?.type === 'scale' ? device.settings : null;
}

const plans = [...formulas.values()].map((formula) => {
  const procedure = procedures.get(formula.procedure);
  if (procedure === undefined) throw new Error(`no procedure ${formula.procedure}`);
  const { items } = controlRecipe(formula, procedure, materials);
  return { code: formula.code, plan: planDoses(items, BATCH_KG, places) };
});
const doses = plans.flatMap(({ plan }) => plan.doses);

describe('Main > 5 % of the formula, medium 1-5 %, micro < 1 %, medication far below 0.1 %', () => {
  test('mains are on the 6 t and 3 t scales, below 1 % never on the 6 t one, drugs on the finest', () => {
    expect(plans.flatMap(({ plan }) => plan.reasons)).toEqual([]);
    for (const { targetKg, scale, material, drug } of doses) {
      const pct = (100 * targetKg) / BATCH_KG;
      const capacityKg = scaleOf(scale)?.capacityKg ?? 0;
      const isMeter = line.meters?.includes(scale) === true;
      if (pct > 5 && !isMeter) expect(capacityKg, material).toBeGreaterThanOrEqual(3_000);
      if (pct < 1) expect(capacityKg, material).toBeLessThanOrEqual(3_000);
      if (drug) expect(capacityKg, material).toBe(20);
    }
  });
});

describe('Scales', () => {
  test('are 6 t (d = 1 kg), 3 t (0.5), 500 kg (0.1), 100 kg (0.01) and 20 kg (0.001)', () => {
    const kinds = line.scales.map((id) => [scaleOf(id)?.capacityKg, scaleOf(id)?.divisionKg]);
    expect(kinds.slice(0, 5)).toEqual([
      ...[
        [6_000, 1],
        [3_000, 0.5],
        [500, 0.1],
      ],
      ...[
        [100, 0.01],
        [20, 0.001],
      ],
    ]);
  });

  test('settle 1.5-3 s before the dose is evaluated', () => {
    for (const id of line.scales) {
      const settleS = scaleOf(id)?.settleS ?? 0;
      expect(settleS >= 1.5 && settleS <= 3, id).toBe(true);
    }
  });

  test('a dose below 20 d (main) or 50 d (micro) is never planned on them', () => {
    for (const { scale, targetKg, material } of doses) {
      const settings = scaleOf(scale);
      if (settings === null) continue;
      const least = settings.capacityKg >= 3_000 ? 20 : 50;
      expect(settings.minimumDivisions).toBe(least);
      expect(targetKg, material).toBeGreaterThanOrEqual(least * settings.divisionKg);
    }
  });

  test('such a dose is moved to a finer scale, and refused where there is none', () => {
    const item = (material: string) => [{ material, pct: 100, drug: false }];
    // 300 g of salt: below 50 d of the 500 kg scale, not of the 100 kg one.
    const moved = planDoses(item('SALT'), 0.8, places);
    expect(moved.doses.map(({ scale }) => scaleOf(scale)?.capacityKg)).toEqual([100]);
    const scales = places.filter(({ byHand }) => byHand === undefined);
    const refused = planDoses(item('MAIZE'), 19, scales);
    expect(refused.reasons).toMatchObject([
      { code: 'dose.below-minimum', objects: { minimumKg: 20, targetKg: 19 } },
    ]);
  });
});

describe('Default tolerance', () => {
  const toleranceKg = (material: string, kg: number, drug = false) =>
    planDoses([{ material, pct: 100, drug }], kg, places).doses[0]?.toleranceKg;

  test('main: the larger of 0.5 % and 2 d', () => {
    expect(toleranceKg('MAIZE', 100)).toBe(2);
    expect(toleranceKg('MAIZE', 1_000)).toBe(5);
  });

  test('medium: 0.5 % of every dose that is 1-5 % of its batch', () => {
    const medium = doses.filter(
      ({ scale, targetKg }) => scaleOf(scale)?.capacityKg === 500 && targetKg >= 0.01 * BATCH_KG,
    );
    expect(medium.length).toBeGreaterThan(0);
    for (const { targetKg, toleranceKg: limitKg, material } of medium) {
      expect(limitKg, material).toBeCloseTo(0.005 * targetKg, 6);
    }
  });

  test('micro: the larger of 0.5 % and 10 g', () => {
    expect(toleranceKg('TRYPTOPHAN', 1)).toBe(0.01);
    expect(toleranceKg('TRYPTOPHAN', 40)).toBe(0.2);
  });

  test('drugs: 1 %, and never less than the finest scale can tell', () => {
    expect(toleranceKg('COCCIDIOSTAT', 3, true)).toBe(0.03);
  });
});

describe('Jog', () => {
  test('0.2-0.5 s pulses, at most 5', () => {
    expect(JOGS_MAX).toBe(5);
    for (const missing of [0.001, 0.05, 0.1, 1, 50]) {
      const ms = jogMs(missing, 0.3);
      expect(ms >= 200 && ms <= 500).toBe(true);
    }
  });
});

describe('No flow', () => {
  test('10 s, then three knocks that are given 5 s each', () => {
    expect(NO_FLOW_MS).toBe(10_000);
    expect([0, 1, 2].map(noFlowWaitMs)).toEqual([10_000, 5_000, 5_000]);
    expect(KNOCKS_MAX).toBe(3);
  });

  test('the rate is learnt: the first dose counts whole, each later one a quarter', () => {
    const first = learnRate(UNKNOWN_RATE, { coarseKgPerS: 4, fineKgPerS: null });
    expect(first).toEqual({ coarseKgPerS: 4, fineKgPerS: null, doses: 1 });
    const second = learnRate(first, { coarseKgPerS: 2, fineKgPerS: 0.2 });
    expect(second).toEqual({ coarseKgPerS: 3.5, fineKgPerS: 0.2, doses: 2 });
    expect(learnRate(second, { coarseKgPerS: 0, fineKgPerS: null })).toMatchObject({
      ...{ coarseKgPerS: 3.5, fineKgPerS: 0.2 },
    });
  });
});

describe('Mixing', () => {
  test('dry 30-60 s and wet 60-120 s in every procedure that comes with the software', () => {
    for (const { dryMixS, wetMixS, id } of procedures.values()) {
      expect(dryMixS >= 30 && dryMixS <= 60, id).toBe(true);
      expect(wetMixS >= 60 && wetMixS <= 120, id).toBe(true);
    }
  });

  test('discharge about 15 s', () => {
    for (const { mixer } of reference.lines) {
      const device = reference.deviceById.get(mixer);
      expect(device?.type === 'mixer' ? device.settings.dischargeS : 0).toBe(15);
    }
  });
});
