import type { RecipeDocument } from '../../../../server/contract/recipes.ts';

/** What a recipe says of its making in one number each; the server knows their ranges. */
export const FIGURES = [
  'conditionerC',
  'pressLoadPct',
  'dieMm',
  'crumbleMm',
  'coatPct',
  'screenMm',
  'costPerT',
] as const;

export type FigureName = (typeof FIGURES)[number];

/** The figures as they are typed; an empty one is not stated. */
export type TypedFigures = Record<FigureName, string>;

/** The figures that a recipe states, in the order of making. */
export function statedFigures(document: RecipeDocument): (readonly [FigureName, number])[] {
  return FIGURES.flatMap((name) => {
    const value = document[name] ?? null;
    return value === null ? [] : [[name, value] as const];
  });
}

/** @param write how a number is typed in the chosen language. */
export function typedFigures(
  document: RecipeDocument,
  write: (value: number) => string,
): TypedFigures {
  const stated = statedFigures(document).map(([name, value]) => [name, write(value)]);
  const empty = FIGURES.map((name) => [name, '']);
  return Object.fromEntries([...empty, ...stated]) as TypedFigures;
}

/** A figure as a person types it, with a decimal point or comma; null: it is not stated. */
function figureOf(typed: string): number | null {
  return typed.trim() === '' ? null : Number(typed.trim().replace(',', '.'));
}

export function isFigure(typed: string): boolean {
  const value = figureOf(typed);
  return value === null || (Number.isFinite(value) && value >= 0);
}

/** The document with these figures: what is not stated is left out. */
export function withFigures(document: RecipeDocument, typed: TypedFigures): RecipeDocument {
  const figures = FIGURES.map((name) => [name, figureOf(typed[name])] as const);
  const stated = figures.filter(([, value]) => value !== null);
  const others = Object.entries(document).filter(([name]) => !FIGURES.some((one) => one === name));
  return {
    ...Object.fromEntries([...others, ['conditionerC', null], ...stated]),
  } as RecipeDocument;
}
