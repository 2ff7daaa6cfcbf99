import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the checkout. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

const LEFT_OUT = new Set(['node_modules', 'dist', 'data', '.git', 'test-results']);

export interface SourceFile {
  /** Path from the root, with `/`. */
  readonly path: string;
  readonly lines: readonly string[];
}

/** Every file with one of these endings below these folders of the checkout. */
export function sources(folders: readonly string[], endings: readonly string[]): SourceFile[] {
  const found: SourceFile[] = [];
  const walk = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        if (!LEFT_OUT.has(entry.name)) walk(path);
      } else if (endings.some((ending) => entry.name.endsWith(ending))) {
        found.push({
          path: relative(root, path).replaceAll('\\', '/'),
          lines: readFileSync(path, 'utf8').split('\n'),
        });
      }
    }
  };
  for (const folder of folders) walk(join(root, folder));
  return found;
}

export const CODE_FOLDERS = ['plc', 'server', 'hmi', 'recipes', 'simulators', 'test', 'scripts'];
