import { pathToFileURL } from 'node:url';
import type { Mill } from '../definition.ts';
import { pilot } from './pilot.ts';
import { reference } from './reference.ts';

const BUILT_IN: Readonly<Record<string, Mill>> = { pilot, reference };

/**
 * The mill that `MILL` chooses: a built-in name, or the path of a mill file whose default export is
 * made with `defineMill`.
 * @throws {MillFaultsError} for a mill file with faults.
 * @throws {Error} naming the built-in mills when there is no such mill; the engineer who set MILL
 * must act.
 */
export async function loadMill(nameOrPath: string): Promise<Mill> {
  const builtIn = BUILT_IN[nameOrPath];
  if (builtIn !== undefined) return builtIn;
  if (!/[/\\.]/.test(nameOrPath)) {
    throw new Error(
      `MILL=${nameOrPath}: there is no such mill; ` +
        `use ${Object.keys(BUILT_IN).join(', ')} or the path of a mill file`,
    );
  }
  const loaded = (await import(pathToFileURL(nameOrPath).href)) as { default?: Mill };
  if (loaded.default?.tagByName === undefined) {
    throw new Error(`MILL=${nameOrPath}: the file must export defineMill({...}) as its default`);
  }
  return loaded.default;
}
