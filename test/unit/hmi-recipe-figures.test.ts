/** Goal: what a recipe says of its making is typed as people type it; only what is stated is. */
import { describe, expect, it } from 'vitest';
import {
  isFigure,
  statedFigures,
  typedFigures,
  withFigures,
} from '../../hmi/src/displays/recipe/recipe-figures.ts';
import type { RecipeDocument } from '../../server/contract/recipes.ts';

const DOCUMENT: RecipeDocument = {
  text: { vi: 'Cám', en: 'Feed' },
  animal: 'broiler',
  nature: { drugClass: 'none', species: 'broiler', withdrawal: false },
  procedure: 'pelleted',
  conditionerC: 82.5,
  crumbleMm: 2,
  items: [{ material: 'MAIZE', pct: 100 }],
};

describe('figures of a recipe', () => {
  it('are shown as they are stated', () => {
    expect(statedFigures(DOCUMENT)).toEqual([
      ['conditionerC', 82.5],
      ['crumbleMm', 2],
    ]);
  });

  it('come back as they were when nothing is typed', () => {
    expect(withFigures(DOCUMENT, typedFigures(DOCUMENT, String))).toEqual(DOCUMENT);
  });

  it('are left out where they are made empty, and the conditioner then heats nothing', () => {
    const typed = {
      ...typedFigures(DOCUMENT, String),
      conditionerC: ' ',
      crumbleMm: '',
      coatPct: '2,5',
    };
    const { crumbleMm: _gap, ...others } = DOCUMENT;
    expect(withFigures(DOCUMENT, typed)).toEqual({ ...others, conditionerC: null, coatPct: 2.5 });
  });

  it('are numbers', () => {
    expect(['', '2,5', '2.5', '0'].map(isFigure)).toEqual([true, true, true, true]);
    expect(['a', '1,2,3', '-4', '1e999'].map(isFigure)).toEqual([false, false, false, false]);
  });
});
