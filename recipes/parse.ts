import { z } from 'zod';
import type { Formula, Material, Procedure } from './schema.ts';
import { formulaSchema, materialSchema, procedureSchema } from './schema.ts';
import type { FromFile, RecipeFault } from './validate.ts';
import { recipeFaults } from './validate.ts';

/** A recipe file as it was read: its path below the recipe folder, with `/`, and its text. */
export interface RecipeFile {
  readonly path: string;
  readonly text: string;
}

/** All master recipes of the mill, checked. */
export interface Recipes {
  readonly materials: ReadonlyMap<string, Material>;
  /** The newest version of each formula, by its code. */
  readonly formulas: ReadonlyMap<string, Formula>;
  readonly procedures: ReadonlyMap<string, Procedure>;
}

/**
 * Recipe files that cannot be used; the nutritionist or engineer who wrote them must mend every
 * fault.
 */
export class RecipeFaultsError extends Error {
  readonly faults: readonly RecipeFault[];

  constructor(faults: readonly RecipeFault[]) {
    const list = faults
      .map((one) => `  ${one.file}${one.path && ` ${one.path}`}: ${one.fault}; ${one.mend}`)
      .join('\n');
    super(`recipes have ${faults.length} fault(s); their author must mend them:\n${list}`);
    this.name = 'RecipeFaultsError';
    this.faults = faults;
  }
}

function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');
}

function mendOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return 'correct the spelling of the key or remove it';
  if (issue.code === 'invalid_type') return `give a value of type ${issue.expected}`;
  return 'correct the value';
}

/** Parses one value of one file; its faults are added to `faults`. */
function parsed<T>(
  schema: z.ZodType<T>,
  file: string,
  path: string,
  value: unknown,
  faults: RecipeFault[],
): FromFile<T>[] {
  const result = schema.safeParse(value);
  if (result.success) return [{ file, path, value: result.data }];
  for (const issue of result.error.issues) {
    const inside = pathText(issue.path);
    const joint = path !== '' && inside !== '' && !inside.startsWith('[') ? '.' : '';
    faults.push({
      file,
      path: `${path}${joint}${inside}`,
      fault: issue.message,
      mend: mendOf(issue),
    });
  }
  return [];
}

function jsonOf(file: RecipeFile, faults: RecipeFault[]): { value: unknown } | null {
  try {
    return { value: JSON.parse(file.text) };
  } catch (cause) {
    faults.push({
      file: file.path,
      path: '',
      fault: `not JSON: ${cause instanceof Error ? cause.message : String(cause)}`,
      mend: 'correct the text at that place',
    });
    return null;
  }
}

const FOLDERS = 'materials.json, formulas/<name>.json and procedures/<name>.json';

/** Reads the value of a file by where the file lies. */
function sort(
  file: string,
  value: unknown,
  into: { m: FromFile<Material>[]; f: FromFile<Formula>[]; p: FromFile<Procedure>[] },
  faults: RecipeFault[],
): void {
  if (file === 'materials.json') {
    const list = parsed(z.array(z.unknown()).min(1), file, '', value, faults)[0]?.value ?? [];
    for (const [index, one] of list.entries()) {
      into.m.push(...parsed<Material>(materialSchema, file, `[${index}]`, one, faults));
    }
  } else if (file.startsWith('formulas/')) {
    into.f.push(...parsed(formulaSchema, file, '', value, faults));
  } else if (file.startsWith('procedures/')) {
    into.p.push(...parsed(procedureSchema, file, '', value, faults));
  } else {
    faults.push({
      file,
      path: '',
      fault: 'a recipe file of an unknown kind',
      mend: `recipes are ${FOLDERS}`,
    });
  }
}

function newestByCode(formulas: readonly FromFile<Formula>[]): Map<string, Formula> {
  const newest = new Map<string, Formula>();
  for (const { value } of formulas) {
    if ((newest.get(value.code)?.version ?? 0) < value.version) newest.set(value.code, value);
  }
  return newest;
}

/**
 * Checks all recipe files together. Pure: it reads nothing.
 * @throws {RecipeFaultsError} naming every fault, its file, place and mend. Unknown keys,
 * unknown materials and procedures, doubles and shares that do not add up to 100 +- 0.05 % are
 * faults.
 */
export function parseRecipes(files: readonly RecipeFile[]): Recipes {
  const faults: RecipeFault[] = [];
  const into = {
    m: [] as FromFile<Material>[],
    f: [] as FromFile<Formula>[],
    p: [] as FromFile<Procedure>[],
  };
  for (const file of files) {
    const json = jsonOf(file, faults);
    if (json !== null) sort(file.path, json.value, into, faults);
  }
  if (!files.some((file) => file.path === 'materials.json')) {
    faults.push({
      file: 'materials.json',
      path: '',
      fault: 'the file is missing',
      mend: 'list the materials there',
    });
  }
  faults.push(...recipeFaults({ materials: into.m, formulas: into.f, procedures: into.p }));
  if (faults.length > 0) throw new RecipeFaultsError(faults);
  return {
    materials: new Map(into.m.map(({ value }) => [value.code, value])),
    formulas: newestByCode(into.f),
    procedures: new Map(into.p.map(({ value }) => [value.id, value])),
  };
}
