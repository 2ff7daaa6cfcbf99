import type { Order } from '../plc/model/order.ts';
import type { Formula, Material, Procedure } from './schema.ts';

/** What an order takes over from the master recipe. */
export type ControlRecipe = Pick<
  Order,
  'formulaCode' | 'formulaVersion' | 'product' | 'items' | 'procedure' | 'nature'
>;

/** The order's own copy of formula and procedure (ISA-88 control recipe). */
export function controlRecipe(
  formula: Formula,
  procedure: Procedure,
  materials: ReadonlyMap<string, Material>,
): ControlRecipe {
  const { id, pelleted, dryMixS, wetMixS } = procedure;
  return {
    formulaCode: formula.code,
    formulaVersion: formula.version,
    product: formula.text,
    items: formula.items.map(({ material, pct }) => ({
      material,
      pct,
      drug: materials.get(material)?.medicated === true,
    })),
    procedure: {
      id,
      pelleted,
      dryMixS,
      wetMixS,
      conditionerC: pelleted ? formula.conditionerC : null,
      ...(pelleted ? finishOf(formula) : {}),
    },
    nature: formula.nature,
  };
}

/** How its pellets are finished: only what the formula sets. */
function finishOf({ pressLoadPct, crumbleMm, coatPct }: Formula): Partial<Order['procedure']> {
  return {
    ...(pressLoadPct === undefined ? {} : { pressLoadPct }),
    ...(crumbleMm === undefined ? {} : { crumbleMm }),
    ...(coatPct === undefined ? {} : { coatPct }),
  };
}
