import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Recipes } from './parse.ts';
import { parseRecipes } from './parse.ts';

/** The recipes that come with the software. */
export const RECIPE_FOLDER = fileURLToPath(new URL('.', import.meta.url));

/**
 * Reads and checks every `.json` file below a recipe folder.
 * @throws {RecipeFaultsError} naming every fault; a folder that cannot be read throws the
 * system's error.
 */
export async function loadRecipes(folder: string = RECIPE_FOLDER): Promise<Recipes> {
  const names = await readdir(folder, { recursive: true });
  const paths = names.filter((name) => name.endsWith('.json')).sort();
  const files = await Promise.all(
    paths.map(async (path) => ({
      path: path.replaceAll('\\', '/'),
      text: await readFile(join(folder, path), 'utf8'),
    })),
  );
  return parseRecipes(files);
}
