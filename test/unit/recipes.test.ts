// Goal: recipe files are refused whole, with every fault, its file, place and mend; the mill's
// own ones are sound.
import { describe, expect, test } from 'vitest';
import { pilot } from '../../plc/mill/mills/pilot.ts';
import { loadRecipes } from '../../recipes/load.ts';
import type { RecipeFile } from '../../recipes/parse.ts';
import { parseRecipes, RecipeFaultsError } from '../../recipes/parse.ts';

const words = { vi: 'Tên', en: 'Name' };
const materials = [
  { code: 'MAIZE', text: words, form: 'bulk' },
  { code: 'SBM', text: words, form: 'bulk' },
];
const mash = {
  id: 'mash',
  text: words,
  pelleted: false,
  dryMixS: 30,
  wetMixS: 60,
  unitProcedures: [{ unit: 'dosing', text: words, phases: ['dosing'] }],
};
const formula = {
  code: 'FEED',
  version: 1,
  text: words,
  animal: 'pig',
  nature: { drugClass: 'none', species: 'pig', withdrawal: false },
  procedure: 'mash',
  conditionerC: null,
  items: [
    { material: 'MAIZE', pct: 70 },
    { material: 'SBM', pct: 30 },
  ],
};

function files(change: {
  materials?: unknown;
  mash?: unknown;
  formula?: unknown;
  more?: RecipeFile[];
}): RecipeFile[] {
  return [
    { path: 'materials.json', text: JSON.stringify(change.materials ?? materials) },
    { path: 'procedures/mash.json', text: JSON.stringify(change.mash ?? mash) },
    { path: 'formulas/feed.json', text: JSON.stringify(change.formula ?? formula) },
    ...(change.more ?? []),
  ];
}

function faultsOf(list: RecipeFile[]) {
  try {
    parseRecipes(list);
  } catch (error) {
    if (error instanceof RecipeFaultsError) return error.faults;
    throw error;
  }
  return [];
}

describe('the recipes of the mill', () => {
  test('hold their formulas, mash and pelleted, and both procedures', async () => {
    const recipes = await loadRecipes();
    expect([...recipes.formulas.keys()].sort()).toEqual([
      'BROILER-FIN',
      'BROILER-GRO',
      'BROILER-STA',
      'DUCK-MEAT',
      'LAYER-MASH',
      'PIG-FIN',
      'PIG-GROWER',
      'PIG-SOW',
      'PIG-WEANER',
      'SHRIMP-35',
    ]);
    expect([...recipes.procedures.keys()].sort()).toEqual(['mash', 'pelleted']);
  });

  test('name every material of the pilot mill by its code', async () => {
    const recipes = await loadRecipes();
    for (const { code } of pilot.materials) expect(recipes.materials.has(code), code).toBe(true);
  });

  test('let the pilot mill make broiler finisher and grower pig with the bins it has', async () => {
    const { formulas } = await loadRecipes();
    const held = new Set(pilot.materials.map((one) => one.code));
    for (const code of ['BROILER-FIN', 'PIG-GROWER']) {
      for (const { material } of formulas.get(code)?.items ?? [{ material: 'none' }]) {
        expect(held.has(material), `${code} ${material}`).toBe(true);
      }
    }
  });
});

describe('a set of recipe files', () => {
  test('is taken when it is sound', () => {
    const recipes = parseRecipes(files({}));
    expect(recipes.formulas.get('FEED')?.items).toHaveLength(2);
    expect(recipes.materials.get('SBM')?.medicated).toBe(false);
  });

  test('gives the newest version of a formula', () => {
    const more = [{ path: 'formulas/two.json', text: JSON.stringify({ ...formula, version: 2 }) }];
    expect(parseRecipes(files({ more })).formulas.get('FEED')?.version).toBe(2);
  });

  test('may miss 100 % by 0.05 and no more', () => {
    const of = (pct: number) => ({ ...formula, items: [{ material: 'MAIZE', pct }] });
    expect(faultsOf(files({ formula: of(99.95) }))).toEqual([]);
    expect(faultsOf(files({ formula: of(99.94) }))).toEqual([
      {
        file: 'formulas/feed.json',
        path: 'items',
        fault: 'the shares add up to 99.940 %, not 100 +- 0.05 %',
        mend: 'add 0.060 %',
      },
    ]);
  });

  test('is refused with all faults of all files at once', () => {
    const faults = faultsOf(
      files({
        materials: [...materials, materials[0], { code: 'x', text: words, form: 'bulk' }],
        mash: { ...mash, wetMixSec: 60 },
        formula: {
          ...formula,
          procedure: 'mesh',
          items: [
            { material: 'MAIZ', pct: 60 },
            { material: 'SBM', pct: 20 },
            { material: 'SBM', pct: 10 },
          ],
        },
        more: [
          { path: 'formulas/broken.json', text: '{' },
          { path: 'notes.json', text: '{}' },
        ],
      }),
    );
    expect(faults.map((one) => `${one.file} ${one.path}`).sort()).toEqual([
      'formulas/broken.json ',
      'formulas/feed.json items',
      'formulas/feed.json items[0].material',
      'formulas/feed.json items[2].material',
      'formulas/feed.json procedure',
      'materials.json [2].code',
      'materials.json [3].code',
      'notes.json ',
      'procedures/mash.json ',
    ]);
    for (const fault of faults) expect(fault.mend).not.toBe('');
  });

  test('wants a conditioner temperature for pellets and none for mash', () => {
    const [fault] = faultsOf(files({ formula: { ...formula, conditionerC: 80 } }));
    expect(fault).toMatchObject({ path: 'conditionerC', mend: 'set it to null' });
  });

  test('without materials.json says so', () => {
    const faults = faultsOf(files({}).slice(1));
    expect(faults[0]).toMatchObject({ file: 'materials.json', fault: 'the file is missing' });
  });
});
