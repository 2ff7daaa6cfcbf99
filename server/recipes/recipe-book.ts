import type { Reason } from '../../plc/model/reason.ts';
import { reason } from '../../plc/model/reason.ts';
import type { Recipes } from '../../recipes/parse.ts';
import type { Formula } from '../../recipes/schema.ts';
import type { Database } from '../auth/database.ts';
import type { RecipeDocument, RecipeVersion } from '../contract/recipes.ts';
import { recipeFaultsOf, sumPct } from './recipe-faults.ts';
import { recipeSql, rowOf, type VersionRow } from './recipe-sql.ts';

/** What became of a step: the version as it is now, or why it was refused. */
export type RecipeResult =
  | { readonly ok: true; readonly version: RecipeVersion }
  | { readonly ok: false; readonly reasons: readonly Reason[] };

/** Who approved the recipes that the system came with. */
export const SEED_USER = 'seed';

const UNIQUE_VIOLATION = '23505';

function refused(...reasons: Reason[]): RecipeResult {
  return { ok: false, reasons };
}

function isUniqueViolation(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === UNIQUE_VIOLATION;
}

/** A version as the files write it. */
export function formulaOf({ code, version, document }: RecipeVersion): Formula {
  return { code, version, ...document };
}

function documentOf(formula: Formula): RecipeDocument {
  const { code: _code, version: _version, validFrom: _validFrom, ...document } = formula;
  return document;
}

/**
 * Master recipes with their versions: draft, approved by a second person, retired. The recipe files
 * are its first content, once; from then on the database is the master. Everything throws what `pg`
 * throws while the database is away.
 */
export class RecipeBook {
  readonly #seed: Recipes;
  readonly #database: Database;
  readonly #today: () => string;
  #seeded = false;

  /** `today`: the mill's date, `YYYY-MM-DD`. */
  constructor(seed: Recipes, database: Database, today: () => string) {
    this.#seed = seed;
    this.#database = database;
    this.#today = today;
  }

  get parts(): Pick<Recipes, 'materials' | 'procedures'> {
    return this.#seed;
  }

  /** The recipes that orders may be made with today: of each formula its newest valid version. */
  async current(): Promise<Recipes> {
    const rows = await this.#query(recipeSql.current, [this.#today()]);
    const versions = rows.map((row) => this.#versionOf(row));
    return {
      materials: this.#seed.materials,
      procedures: this.#seed.procedures,
      formulas: new Map(versions.map((one) => [one.code, formulaOf(one)])),
    };
  }

  /** Every version, formulas by code, newest first. */
  async all(): Promise<RecipeVersion[]> {
    return (await this.#query(recipeSql.all, [])).map((row) => this.#versionOf(row));
  }

  async versions(code: string): Promise<RecipeVersion[]> {
    return (await this.#query(recipeSql.ofCode, [code])).map((row) => this.#versionOf(row));
  }

  async version(code: string, version: number): Promise<RecipeVersion | null> {
    return (await this.versions(code)).find((one) => one.version === version) ?? null;
  }

  /** A draft of a new formula, or the next version of one. A formula has one draft at a time. */
  async draft(
    user: string,
    code: string,
    note: string,
    document: RecipeDocument | undefined,
  ): Promise<RecipeResult> {
    const [latest] = await this.versions(code);
    const content = document ?? latest?.document;
    if (content === undefined) {
      return refused(reason('formula.unknown', { formula: code }));
    }
    const version = (latest?.version ?? 0) + 1;
    try {
      return await this.#changed(recipeSql.insert, [code, version, content, note, user]);
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      return this.#notInState(code, latest?.version ?? version);
    }
  }

  /** Saves a draft; who looked at an older revision is refused. */
  async change(
    user: string,
    of: { readonly code: string; readonly version: number; readonly revision: number },
    note: string,
    document: RecipeDocument,
  ): Promise<RecipeResult> {
    const { code, version, revision } = of;
    const values = [code, version, revision, document, note, user];
    return (await this.#tried(recipeSql.change, values)) ?? this.#whyNot(code, version);
  }

  /** Approves a draft that someone else wrote and that has no faults. */
  async approve(
    user: string,
    of: { readonly code: string; readonly version: number; readonly revision: number },
    validFrom: string,
  ): Promise<RecipeResult> {
    const { code, version, revision } = of;
    const there = await this.version(code, version);
    if (there === null) return this.#whyNot(code, version);
    if (there.state === 'draft') {
      if (there.editors.includes(user)) return refused(reason('recipe.own-approval', { user }));
      if (there.faults.length > 0) return refused(...(there.faults as Reason[]));
    }
    const values = [code, version, revision, user, validFrom];
    return (await this.#tried(recipeSql.approve, values)) ?? this.#whyNot(code, version);
  }

  /** Nothing is made with an approved version any more. Orders that have their copy run on. */
  async retire(user: string, code: string, version: number): Promise<RecipeResult> {
    const values = [code, version, user];
    return (await this.#tried(recipeSql.retire, values)) ?? this.#whyNot(code, version);
  }

  /** Throws a draft away; its number is used again. */
  async discard(code: string, version: number): Promise<RecipeResult> {
    return (await this.#tried(recipeSql.discard, [code, version])) ?? this.#whyNot(code, version);
  }

  async #changed(sql: string, values: unknown[]): Promise<RecipeResult> {
    const rows = await this.#query(sql, values);
    const [row] = rows;
    if (row === undefined) throw new Error('a written recipe version was not given back');
    return { ok: true, version: this.#versionOf(row) };
  }

  /** The version after the step, or null where its condition did not hold. */
  async #tried(sql: string, values: unknown[]): Promise<RecipeResult | null> {
    const [row] = await this.#query(sql, values);
    return row === undefined ? null : { ok: true, version: this.#versionOf(row) };
  }

  async #whyNot(code: string, version: number): Promise<RecipeResult> {
    const there = await this.version(code, version);
    if (there === null) return refused(reason('recipe.unknown', { formula: code, version }));
    if (there.state === 'draft') {
      const user = there.editors.at(-1) ?? there.author;
      return refused(reason('recipe.changed', { user }));
    }
    return this.#notInState(code, version);
  }

  async #notInState(code: string, version: number): Promise<RecipeResult> {
    const state = (await this.version(code, version))?.state ?? 'draft';
    return refused(reason('recipe.not-in-state', { formula: code, version, state }));
  }

  #versionOf(row: VersionRow): RecipeVersion {
    const version = rowOf(row);
    const faults = recipeFaultsOf(version.document, this.#seed);
    return {
      ...version,
      sumPct: sumPct(version.document),
      faults: faults.map(({ code, objects }) => ({ code, objects: { ...objects } })),
    };
  }

  async #query(sql: string, values: unknown[]): Promise<VersionRow[]> {
    if (!this.#seeded) await this.#seedOnce();
    return (await this.#database.query<VersionRow>(sql, values)).rows;
  }

  /**
   * The files are stored where nothing is stored yet; two servers that start at once do it once.
   */
  async #seedOnce(): Promise<void> {
    const formulas = [...this.#seed.formulas.values()].map((formula) => ({
      code: formula.code,
      version: formula.version,
      document: documentOf(formula),
      validFrom: formula.validFrom ?? '2000-01-01',
    }));
    await this.#database.query(recipeSql.seed, [JSON.stringify(formulas), SEED_USER]);
    this.#seeded = true;
  }
}
