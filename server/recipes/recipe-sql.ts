import type { RecipeDocument, RecipeState, RecipeVersion } from '../contract/recipes.ts';

/** A row of `recipe_version`. */
export interface VersionRow {
  readonly code: string;
  readonly version: number;
  readonly state: RecipeState;
  readonly revision: number;
  readonly document: RecipeDocument;
  readonly note: string;
  readonly author: string;
  readonly editors: string[];
  readonly created: Date;
  readonly changed: Date;
  readonly approved_by: string | null;
  readonly approved: Date | null;
  readonly valid_from: string | null;
  readonly retired_by: string | null;
  readonly retired: Date | null;
}

/** A row as the interface shows it, but for what is computed of its document. */
export function rowOf(row: VersionRow): Omit<RecipeVersion, 'faults' | 'sumPct'> {
  const { approved_by: approvedBy, valid_from: validFrom, retired_by: retiredBy, ...rest } = row;
  return {
    ...rest,
    approvedBy,
    validFrom,
    retiredBy,
    created: row.created.toISOString(),
    changed: row.changed.toISOString(),
    approved: row.approved?.toISOString() ?? null,
    retired: row.retired?.toISOString() ?? null,
  };
}

// A date as text: a Date object would be moved by the server's own zone.
const COLUMNS = `code, version, state, revision, document, note, author, editors, created, changed,
  approved_by, approved, to_char(valid_from, 'YYYY-MM-DD') as valid_from, retired_by, retired`;

/** Each step is one statement whose condition is the rule: nothing comes between both. */
export const recipeSql = {
  all: `select ${COLUMNS} from recipe_version order by code, version desc`,
  ofCode: `select ${COLUMNS} from recipe_version where code = $1 order by version desc`,
  current: `select distinct on (code) ${COLUMNS} from recipe_version
    where state = 'approved' and recipe_version.valid_from <= $1::date
    order by code, version desc`,
  insert: `insert into recipe_version (code, version, state, document, note, author, editors)
    values ($1, $2, 'draft', $3, $4, $5, array[$5::text]) returning ${COLUMNS}`,
  change: `update recipe_version set document = $4, note = $5, revision = revision + 1,
      changed = now(), editors = array_append(array_remove(editors, $6::text), $6::text)
    where code = $1 and version = $2 and state = 'draft' and revision = $3 returning ${COLUMNS}`,
  approve: `update recipe_version set state = 'approved', approved_by = $4, approved = now(),
      valid_from = $5::date
    where code = $1 and version = $2 and state = 'draft' and revision = $3
      and not ($4::text = any (editors)) returning ${COLUMNS}`,
  retire: `update recipe_version set state = 'retired', retired_by = $3, retired = now()
    where code = $1 and version = $2 and state = 'approved' returning ${COLUMNS}`,
  discard: `delete from recipe_version
    where code = $1 and version = $2 and state = 'draft' returning ${COLUMNS}`,
  seed: `insert into recipe_version (code, version, state, document, author, editors,
      approved_by, approved, valid_from)
    select one ->> 'code', (one ->> 'version')::integer, 'approved', one -> 'document', $2::text,
      '{}', $2::text, now(), (one ->> 'validFrom')::date
    from jsonb_array_elements($1::jsonb) as one
    where not exists (select 1 from recipe_version)
    on conflict do nothing`,
} as const;
