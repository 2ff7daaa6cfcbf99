import { writeCsv } from '../../plc/mill/csv-text.ts';
import type { Material } from '../../recipes/schema.ts';
import type { RecipeVersion } from '../contract/recipes.ts';

/** Versions as JSON that can be imported again. */
export function exportJson(versions: readonly RecipeVersion[]): string {
  const list = versions.map(({ code, document }) => ({ code, document }));
  return `${JSON.stringify(list, null, 2)}\n`;
}

/** Versions as CSV, one ingredient a line, that can be imported again. */
export function exportCsv(
  versions: readonly RecipeVersion[],
  materials: ReadonlyMap<string, Material>,
): string {
  const rows = versions.flatMap(({ code, version, document }) =>
    document.items.map(({ material, pct }) => [
      code,
      String(version),
      material,
      materials.get(material)?.text.vi ?? material,
      String(pct),
    ]),
  );
  return writeCsv([['formula', 'version', 'material', 'name', 'pct'], ...rows], ',');
}
