import { z } from 'zod';
import type { CsvRow } from '../../plc/mill/csv-text.ts';
import { readCsv } from '../../plc/mill/csv-text.ts';
import type { CsvMapping, RecipeDocument, RecipeVersion } from '../contract/recipes.ts';
import { recipeDocumentSchema } from '../contract/recipes.ts';

/** A fault of an imported file: where, counted from 1, and what. `column` 0: the whole line. */
export interface ImportFault {
  readonly line: number;
  readonly column: number;
  readonly fault: string;
}

/** A formula out of a file. Of a CSV it is what the newest version says, with new ingredients. */
export interface ImportedRecipe {
  readonly code: string;
  readonly document: RecipeDocument;
}

export interface ImportResult {
  readonly recipes: readonly ImportedRecipe[];
  readonly faults: readonly ImportFault[];
}

/** What the mill knows and the file must name. */
export interface ImportKnown {
  readonly materials: ReadonlySet<string>;
  /** The newest version of each formula. */
  readonly latest: ReadonlyMap<string, RecipeVersion>;
}

const FAULTS_MAX = 200;
const TO_PCT = { pct: 1, kgPerT: 0.1, fraction: 100 } as const;

/** A number as spreadsheets write it, with a decimal point or comma; null when it is none. */
function numberOf(text: string): number | null {
  const plain = text.trim().replace(/\s/g, '');
  if (!/^[+-]?\d+([.,]\d+)?$/.test(plain)) return null;
  return Number(plain.replace(',', '.'));
}

interface Columns {
  readonly formula: number;
  readonly material: number;
  readonly share: number;
}

function columnsOf(header: CsvRow, mapping: CsvMapping, faults: ImportFault[]): Columns | null {
  const names = header.cells.map((cell) => cell.trim().toLowerCase());
  const find = (name: string) => {
    const at = names.indexOf(name.trim().toLowerCase());
    if (at < 0) faults.push({ line: header.line, column: 0, fault: `no column "${name}"` });
    return at;
  };
  const columns = {
    formula: find(mapping.formula),
    material: find(mapping.material),
    share: find(mapping.share),
  };
  return Object.values(columns).includes(-1) ? null : columns;
}

interface Share {
  readonly formula: string;
  readonly material: string;
  readonly pct: number;
}

/** One ingredient; null with its faults told. */
function shareOf(
  row: CsvRow,
  columns: Columns,
  mapping: CsvMapping,
  known: ImportKnown,
  faults: ImportFault[],
): Share | null {
  const before = faults.length;
  const cell = (of: keyof Columns) => row.cells[columns[of]]?.trim() ?? '';
  const tell = (of: keyof Columns, fault: string) =>
    faults.push({ line: row.line, column: columns[of] + 1, fault });
  const formula = mapping.formulas[cell('formula')] ?? cell('formula');
  const material = mapping.materials[cell('material')] ?? cell('material');
  if (!known.latest.has(formula)) tell('formula', `there is no formula "${formula}"`);
  if (!known.materials.has(material)) tell('material', `there is no material "${material}"`);
  const share = numberOf(cell('share'));
  const pct = share === null ? 0 : Math.round(share * TO_PCT[mapping.unit] * 1e6) / 1e6;
  if (share === null) tell('share', `"${cell('share')}" is no number`);
  else if (pct <= 0 || pct > 100) tell('share', `${pct} % is not above 0 and up to 100 %`);
  return faults.length > before ? null : { formula, material, pct };
}

/** Reads an export of formulation software, one ingredient a line, with every fault told. */
export function importCsv(text: string, mapping: CsvMapping, known: ImportKnown): ImportResult {
  const { rows, faults: torn } = readCsv(text);
  const faults: ImportFault[] = torn.map(({ line, fault }) => ({ line, column: 0, fault }));
  const [header, ...lines] = rows;
  if (header === undefined || lines.length === 0) {
    faults.push({ line: 1, column: 0, fault: 'the file has no header and ingredients' });
    return { recipes: [], faults };
  }
  const columns = columnsOf(header, mapping, faults);
  if (columns === null) return { recipes: [], faults };
  const items = new Map<string, { material: string; pct: number }[]>();
  for (const row of lines) {
    const share = shareOf(row, columns, mapping, known, faults);
    if (share === null) continue;
    const list = items.get(share.formula) ?? [];
    if (list.some(({ material }) => material === share.material)) {
      const fault = `${share.material} is listed twice in ${share.formula}`;
      faults.push({ line: row.line, column: columns.material + 1, fault });
    }
    items.set(share.formula, [...list, { material: share.material, pct: share.pct }]);
  }
  const recipes = [...items].flatMap(([code, list]) => {
    const latest = known.latest.get(code);
    return latest === undefined ? [] : [{ code, document: withItems(latest.document, list) }];
  });
  return { recipes: faults.length > 0 ? [] : recipes, faults: faults.slice(0, FAULTS_MAX) };
}

/** New shares; what the older version allows in place of an ingredient stays allowed. */
function withItems(
  document: RecipeDocument,
  items: readonly { material: string; pct: number }[],
): RecipeDocument {
  const before = new Map(document.items.map((item) => [item.material, item.substitutes]));
  return {
    ...document,
    items: items.map((item) => {
      const substitutes = before.get(item.material);
      return substitutes === undefined ? { ...item } : { ...item, substitutes };
    }),
  };
}

const exportedSchema = z.array(
  z.strictObject({
    code: z.string().regex(/^[A-Z0-9][A-Z0-9-]{1,31}$/),
    document: recipeDocumentSchema,
  }),
);

/** Line and column, from 1, of a place in a text. */
function placeOf(text: string, at: number): { line: number; column: number } {
  const before = text.slice(0, at).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/**
 * Where a member stands: the keys and indexes of a path are looked for one after the other. Good
 * enough to lead the eye there; a key that is missing leads to its object.
 */
function placeOfPath(text: string, path: readonly PropertyKey[]): { line: number; column: number } {
  let at = 0;
  for (const part of path) {
    const found =
      typeof part === 'number' ? nthElement(text, at, part) : text.indexOf(`"${String(part)}"`, at);
    if (found < 0) break;
    at = found;
  }
  return placeOf(text, at);
}

/** Where the n-th element of the next array begins; -1 when there are not so many. */
function nthElement(text: string, from: number, n: number): number {
  let depth = 0;
  let seen = 0;
  let inString = false;
  for (let at = text.indexOf('[', from); at >= 0 && at < text.length; at += 1) {
    const sign = text[at];
    if (inString) {
      if (sign === '\\') at += 1;
      else if (sign === '"') inString = false;
      continue;
    }
    if (sign === '"') inString = true;
    if (sign === '[' || sign === '{') depth += 1;
    if (sign === ']' || sign === '}') depth -= 1;
    if (depth === 0) return -1;
    if (depth === 1 && (sign === '[' || sign === ',')) {
      if (seen === n) return at + 1 + (/^\s*/.exec(text.slice(at + 1))?.[0].length ?? 0);
      seen += 1;
    }
  }
  return -1;
}

/** Reads what `exportJson` wrote, with every fault told. */
export function importJson(text: string): ImportResult {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const at = Number(/position (\d+)/.exec(message)?.[1] ?? text.length);
    return { recipes: [], faults: [{ ...placeOf(text, at), fault: message }] };
  }
  const parsed = exportedSchema.safeParse(value);
  if (parsed.success) return { recipes: parsed.data, faults: [] };
  const faults = parsed.error.issues.slice(0, FAULTS_MAX).map((issue) => ({
    ...placeOfPath(text, issue.path),
    fault: `${issue.path.map(String).join('.')}: ${issue.message}`,
  }));
  return { recipes: [], faults };
}
