import { z } from 'zod';
import { diffFormulas } from '../../../recipes/diff.ts';
import { scaledTo } from '../../../recipes/scale.ts';
import type { AuditTrail } from '../../auth/audit.ts';
import type { Door } from '../../auth/policy.ts';
import type { Caller } from '../../commands/command-gate.ts';
import type { RecipeList, RecipeVersion, RecipeView } from '../../contract/recipes.ts';
import {
  approveRecipeSchema,
  changeRecipeSchema,
  newRecipeSchema,
  recipeDiffSchema,
  recipeListSchema,
  recipeVersionSchema,
  scaledSchema,
} from '../../contract/recipes.ts';
import type { RecipeBook, RecipeResult } from '../../recipes/recipe-book.ts';
import { formulaOf } from '../../recipes/recipe-book.ts';
import { audited } from '../audited.ts';
import { ProblemError } from '../problem.ts';
import type { Route } from '../route.ts';
import { callerOf, route } from '../route.ts';

export interface RecipeParts {
  readonly book: RecipeBook;
  readonly audit: AuditTrail;
  /** The mill's date, `YYYY-MM-DD`. */
  readonly today: () => string;
}

const codeParams = z.strictObject({ code: z.string().min(1).max(32) });
const versionParams = codeParams.extend({ version: z.coerce.number().int().positive() });

/** Master recipes: versions, who wrote and who approved them. */
export function recipeRoutes(parts: RecipeParts): Route[] {
  return [
    listRoute(parts),
    versionsRoute(parts),
    diffRoute(parts),
    scaledRoute(parts),
    draftRoute(parts),
    changeRoute(parts),
    approveRoute(parts),
    retireRoute(parts),
    discardRoute(parts),
  ];
}

function viewsOf(versions: readonly RecipeVersion[], today: string): RecipeView[] {
  const codes = [...new Set(versions.map(({ code }) => code))];
  return codes.flatMap((code) => {
    const own = versions.filter((one) => one.code === code);
    const current = own.find(
      ({ state, validFrom }) => state === 'approved' && (validFrom ?? '') <= today,
    );
    const [latest] = own;
    if (latest === undefined) return [];
    return {
      code,
      text: (current ?? latest).document.text,
      current: current?.version ?? null,
      draft: own.find(({ state }) => state === 'draft')?.version ?? null,
      latest: latest.version,
      sumPct: latest.sumPct,
    };
  });
}

function listRoute({ book, today }: RecipeParts): Route {
  return route({
    method: 'get',
    path: '/api/recipes',
    door: 'recipes.read',
    tag: 'recipes',
    summary: { vi: 'Các công thức với phiên bản', en: 'Recipes with their versions' },
    response: recipeListSchema,
    handle: async (): Promise<RecipeList> => {
      const { materials, procedures } = book.parts;
      return {
        recipes: viewsOf(await book.all(), today()),
        materials: [...materials.values()].map(({ code, text, medicated }) => ({
          code,
          text,
          medicated,
        })),
        procedures: [...procedures.values()].map(({ id, text, pelleted }) => ({
          id,
          text,
          pelleted,
        })),
      };
    },
  });
}

function versionsRoute({ book }: RecipeParts): Route {
  return route({
    method: 'get',
    path: '/api/recipes/:code',
    door: 'recipes.read',
    tag: 'recipes',
    summary: { vi: 'Mọi phiên bản của công thức', en: 'All versions of a recipe, newest first' },
    params: codeParams,
    response: z.array(recipeVersionSchema),
    handle: async ({ params }) => {
      const versions = await book.versions(params.code);
      if (versions.length === 0) throw new ProblemError('not-found', { detail: params.code });
      return versions;
    },
  });
}

async function versionOf(book: RecipeBook, code: string, version: number): Promise<RecipeVersion> {
  const found = await book.version(code, version);
  if (found === null) throw new ProblemError('not-found', { detail: `${code} ${version}` });
  return found;
}

function diffRoute({ book }: RecipeParts): Route {
  return route({
    method: 'get',
    path: '/api/recipes/:code/versions/:version/diff',
    door: 'recipes.read',
    tag: 'recipes',
    summary: { vi: 'So sánh với phiên bản khác', en: 'What differs from another version' },
    params: versionParams,
    query: z.strictObject({ from: z.coerce.number().int().positive() }),
    response: recipeDiffSchema,
    handle: async ({ params, query }) => {
      const before = await versionOf(book, params.code, query.from);
      const after = await versionOf(book, params.code, params.version);
      const { items, members } = diffFormulas(formulaOf(before), formulaOf(after));
      return { items: [...items], members: [...members] };
    },
  });
}

function scaledRoute({ book }: RecipeParts): Route {
  return route({
    method: 'get',
    path: '/api/recipes/:code/versions/:version/batch',
    door: 'recipes.read',
    tag: 'recipes',
    summary: { vi: 'Công thức tính cho một mẻ', en: 'The recipe scaled to one batch' },
    params: versionParams,
    query: z.strictObject({ kg: z.coerce.number().min(1).max(20_000) }),
    response: scaledSchema,
    handle: async ({ params, query }) => {
      const { document } = await versionOf(book, params.code, params.version);
      return { batchKg: query.kg, items: scaledTo(document, query.kg) };
    },
  });
}

/** A step that is written down before and after, whatever becomes of it. */
export async function step(
  audit: AuditTrail,
  caller: Caller,
  door: Door,
  target: string,
  args: unknown,
  act: () => Promise<RecipeResult>,
): Promise<RecipeVersion> {
  return audited(audit, caller, door, target, args, async () => {
    const result = await act();
    if (!result.ok) throw new ProblemError('refused', { reasons: result.reasons });
    return result.version;
  });
}

function draftRoute({ book, audit }: RecipeParts): Route {
  return route({
    method: 'post',
    path: '/api/recipes',
    door: 'recipes.write',
    tag: 'recipes',
    summary: {
      vi: 'Lập bản nháp: công thức mới hoặc phiên bản kế tiếp',
      en: 'Make a draft: a new recipe, or the next version of one',
    },
    status: 201,
    body: newRecipeSchema,
    response: recipeVersionSchema,
    handle: (call) => {
      const caller = callerOf(call);
      const { code, note, document } = call.body;
      return step(audit, caller, 'recipes.write', code, call.body, () =>
        book.draft(caller.signedIn.user, code, note, document),
      );
    },
  });
}

function changeRoute({ book, audit }: RecipeParts): Route {
  return route({
    method: 'patch',
    path: '/api/recipes/:code/versions/:version',
    door: 'recipes.write',
    tag: 'recipes',
    summary: { vi: 'Sửa bản nháp', en: 'Change a draft' },
    params: versionParams,
    body: changeRecipeSchema,
    response: recipeVersionSchema,
    handle: (call) => {
      const caller = callerOf(call);
      const { params, body } = call;
      const target = `${params.code} ${params.version}`;
      return step(audit, caller, 'recipes.write', target, body, () =>
        book.change(
          caller.signedIn.user,
          { ...params, revision: body.revision },
          body.note,
          body.document,
        ),
      );
    },
  });
}

function approveRoute({ book, audit }: RecipeParts): Route {
  return route({
    method: 'post',
    path: '/api/recipes/:code/versions/:version/approve',
    door: 'recipes.approve',
    tag: 'recipes',
    summary: { vi: 'Duyệt bản nháp (người thứ hai)', en: 'Approve a draft (a second person)' },
    params: versionParams,
    body: approveRecipeSchema,
    response: recipeVersionSchema,
    handle: (call) => {
      const caller = callerOf(call);
      const { params, body } = call;
      const target = `${params.code} ${params.version}`;
      const of = { ...params, revision: body.revision };
      return step(audit, caller, 'recipes.approve', target, body, () =>
        book.approve(caller.signedIn.user, of, body.validFrom),
      );
    },
  });
}

function retireRoute({ book, audit }: RecipeParts): Route {
  return route({
    method: 'post',
    path: '/api/recipes/:code/versions/:version/retire',
    door: 'recipes.approve',
    tag: 'recipes',
    summary: { vi: 'Ngừng dùng phiên bản', en: 'Retire a version' },
    params: versionParams,
    response: recipeVersionSchema,
    handle: (call) => {
      const caller = callerOf(call);
      const { code, version } = call.params;
      return step(audit, caller, 'recipes.approve', `${code} ${version}`, { retire: true }, () =>
        book.retire(caller.signedIn.user, code, version),
      );
    },
  });
}

function discardRoute({ book, audit }: RecipeParts): Route {
  return route({
    method: 'delete',
    path: '/api/recipes/:code/versions/:version',
    door: 'recipes.write',
    tag: 'recipes',
    summary: { vi: 'Bỏ bản nháp', en: 'Throw a draft away' },
    params: versionParams,
    response: recipeVersionSchema,
    handle: (call) => {
      const caller = callerOf(call);
      const { code, version } = call.params;
      return step(audit, caller, 'recipes.write', `${code} ${version}`, { discard: true }, () =>
        book.discard(code, version),
      );
    },
  });
}
