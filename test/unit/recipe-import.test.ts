// Goal: exports of formulation software are read as they are, and a faulty file is refused whole,
// each fault with its line and column.
import { describe, expect, test } from 'vitest';
import { diffFormulas } from '../../recipes/diff.ts';
import { loadRecipes } from '../../recipes/load.ts';
import { scaledTo } from '../../recipes/scale.ts';
import type { RecipeVersion } from '../../server/contract/recipes.ts';
import { csvMappingSchema, recipeVersionSchema } from '../../server/contract/recipes.ts';
import { exportCsv, exportJson } from '../../server/recipes/export-recipes.ts';
import type { ImportKnown } from '../../server/recipes/import-recipes.ts';
import { importCsv, importJson } from '../../server/recipes/import-recipes.ts';

const recipes = await loadRecipes();
const versions: RecipeVersion[] = [...recipes.formulas.values()].map((formula) => {
  const { code, version, validFrom: _, ...document } = formula;
  return recipeVersionSchema.parse({
    ...{ code, version, state: 'approved', revision: 1, note: '', author: 'seed', editors: [] },
    ...{ created: '2026-11-25T00:00:00.000Z', changed: '2026-11-25T00:00:00.000Z' },
    ...{ approvedBy: 'seed', approved: null, validFrom: '2026-01-01', retiredBy: null },
    ...{ retired: null, document, sumPct: 100, faults: [] },
  });
});
const known: ImportKnown = {
  materials: new Set(recipes.materials.keys()),
  latest: new Map(versions.map((one) => [one.code, one])),
};
const plain = csvMappingSchema.parse({});

describe('an export of formulation software', () => {
  test('is read by its own column names, codes, unit and decimal comma', () => {
    const mapping = csvMappingSchema.parse({
      formula: 'Công thức',
      material: 'Nguyên liệu',
      share: 'kg/tấn',
      unit: 'kgPerT',
      formulas: { 'GA-02': 'BROILER-FIN' },
      materials: { 'CORN 15%': 'MAIZE', 'SBM 46': 'SBM' },
    });
    const text = 'Công thức;Giá;Nguyên liệu;kg/tấn\nGA-02;1;CORN 15%;650,5\nGA-02;2;SBM 46;349,5\n';
    const { recipes: read, faults } = importCsv(text, mapping, known);
    expect(faults).toEqual([]);
    expect(read).toMatchObject([
      {
        code: 'BROILER-FIN',
        document: {
          procedure: 'pelleted',
          items: [
            { material: 'MAIZE', pct: 65.05 },
            { material: 'SBM', pct: 34.95 },
          ],
        },
      },
    ]);
  });

  test('is refused whole with every fault, its line and column', () => {
    const text = [
      'formula,material,pct',
      'BROILER-FIN,MAIZE,sixty',
      'KHONG-CO,SBM,10',
      '',
      'BROILER-FIN,SAND,120',
      'BROILER-FIN,SBM,20',
      'BROILER-FIN,SBM,20',
    ].join('\r\n');
    const { recipes: read, faults } = importCsv(text, plain, known);
    expect(read).toEqual([]);
    expect(faults).toEqual([
      { line: 2, column: 3, fault: '"sixty" is no number' },
      { line: 3, column: 1, fault: 'there is no formula "KHONG-CO"' },
      { line: 5, column: 2, fault: 'there is no material "SAND"' },
      { line: 5, column: 3, fault: '120 % is not above 0 and up to 100 %' },
      { line: 7, column: 2, fault: 'SBM is listed twice in BROILER-FIN' },
    ]);
  });

  test('without the mapped columns or without lines says so', () => {
    expect(importCsv('code,pct\nX,1\n', plain, known).faults.map(({ fault }) => fault)).toEqual([
      'no column "formula"',
      'no column "material"',
    ]);
    expect(importCsv('', plain, known).faults).toHaveLength(1);
  });
});

describe('what is exported', () => {
  test('is read back the same, as JSON and as CSV', () => {
    const written = versions.map(({ code, document }) => ({ code, document }));
    expect(importJson(exportJson(versions))).toEqual({ recipes: written, faults: [] });
    const csv = exportCsv(versions, recipes.materials);
    expect(importCsv(csv, plain, known)).toEqual({ recipes: written, faults: [] });
  });

  test('as JSON names the line and column of each fault', () => {
    expect(importJson('[\n  {"code": "A1",}\n]').faults).toMatchObject([{ line: 2, column: 17 }]);
    const text = exportJson(versions.slice(0, 2)).replace(
      '"procedure": "',
      '"procedure": 7, "x": "',
    );
    const at = text.split('\n').findIndex((line) => line.includes('"procedure": 7')) + 1;
    const { faults } = importJson(text);
    expect(faults.find(({ fault }) => fault.includes('procedure'))?.line).toBe(at);
  });
});

test('a formula scaled to a batch weighs the whole batch', () => {
  const starter = recipes.formulas.get('BROILER-STA');
  if (starter === undefined) throw new Error('no starter');
  const items = scaledTo(starter, 6_000);
  expect(items.reduce((sum, { kg }) => sum + kg, 0)).toBeCloseTo(6_000, 6);
  expect(items.find(({ material }) => material === 'COCCIDIOSTAT')?.kg).toBeCloseTo(3, 2);
});

test('two versions are compared ingredient by ingredient', () => {
  const formula = recipes.formulas.get('BROILER-FIN');
  if (formula === undefined) throw new Error('no finisher');
  const after = {
    ...formula,
    conditionerC: 80,
    items: formula.items
      .filter(({ material }) => material !== 'CORN-GLUTEN')
      .map((item) => (item.material === 'SBM' ? { ...item, pct: 28 } : item)),
  };
  const { items, members } = diffFormulas(formula, after);
  const changed = items.filter((one) => one.beforePct !== one.afterPct);
  expect(changed).toEqual([
    { material: 'SBM', beforePct: 24, afterPct: 28 },
    { material: 'CORN-GLUTEN', beforePct: 4, afterPct: null },
  ]);
  expect(members).toEqual([
    { member: 'conditionerC', before: String(formula.conditionerC), after: '80' },
  ]);
});
