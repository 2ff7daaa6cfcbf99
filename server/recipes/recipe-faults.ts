import type { Reason } from '../../plc/model/reason.ts';
import { reason } from '../../plc/model/reason.ts';
import type { Recipes } from '../../recipes/parse.ts';
import { SUM_TOLERANCE_PCT } from '../../recipes/validate.ts';
import type { RecipeDocument } from '../contract/recipes.ts';

/** Sum of all shares, %, without the dust of binary fractions. */
export function sumPct(document: Pick<RecipeDocument, 'items'>): number {
  const sum = document.items.reduce((total, { pct }) => total + pct, 0);
  return Math.round(sum * 1e6) / 1e6;
}

/** Why a draft cannot be approved: the rules of the recipe files, as reasons. */
export function recipeFaultsOf(
  document: RecipeDocument,
  { materials, procedures }: Pick<Recipes, 'materials' | 'procedures'>,
): Reason[] {
  const faults: Reason[] = [];
  const sum = sumPct(document);
  if (Math.abs(sum - 100) > SUM_TOLERANCE_PCT + 1e-9) faults.push(reason('recipe.sum', { sum }));
  const seen = new Set<string>();
  for (const { material, substitutes } of document.items) {
    for (const one of [material, ...(substitutes ?? [])]) {
      if (!materials.has(one)) faults.push(reason('recipe.material-unknown', { material: one }));
    }
    if (seen.has(material)) faults.push(reason('recipe.material-twice', { material }));
    seen.add(material);
  }
  const procedure = procedures.get(document.procedure);
  if (procedure === undefined) {
    faults.push(reason('recipe.procedure-unknown', { procedure: document.procedure }));
  } else if (procedure.pelleted !== (document.conditionerC !== null)) {
    faults.push(reason('recipe.conditioner', { procedure: procedure.id }));
  }
  return faults;
}
