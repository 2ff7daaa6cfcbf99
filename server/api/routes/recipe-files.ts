import { z } from 'zod';
import { importAnswerSchema, importSchema } from '../../contract/recipes.ts';
import { exportCsv, exportJson } from '../../recipes/export-recipes.ts';
import type { ImportKnown } from '../../recipes/import-recipes.ts';
import { importCsv, importJson } from '../../recipes/import-recipes.ts';
import type { RecipeBook } from '../../recipes/recipe-book.ts';
import { ProblemError } from '../problem.ts';
import type { Route } from '../route.ts';
import { callerOf, route } from '../route.ts';
import type { RecipeParts } from './recipes.ts';
import { step } from './recipes.ts';

/** Recipes as files: what formulation software gives, and what this system gives back. */
export function recipeFileRoutes(parts: RecipeParts): Route[] {
  return [importRoute(parts), exportRoute(parts, 'json'), exportRoute(parts, 'csv')];
}

async function knownOf(book: RecipeBook): Promise<ImportKnown> {
  const versions = await book.all();
  // Newest first: of each code the first one counts.
  return {
    materials: new Set(book.parts.materials.keys()),
    latest: new Map([...versions].reverse().map((one) => [one.code, one])),
  };
}

/** A file with any fault changes nothing: every fault is told with its line and column. */
function importRoute({ book, audit }: RecipeParts): Route {
  return route({
    method: 'post',
    path: '/api/recipe-imports',
    door: 'recipes.write',
    tag: 'recipes',
    summary: {
      vi: 'Nhập công thức từ CSV hoặc JSON thành bản nháp',
      en: 'Import recipes from CSV or JSON as drafts',
    },
    status: 201,
    body: importSchema,
    response: importAnswerSchema,
    handle: async (call) => {
      const caller = callerOf(call);
      const { body } = call;
      const { recipes, faults } =
        body.format === 'csv'
          ? importCsv(body.text, body.mapping, await knownOf(book))
          : importJson(body.text);
      if (faults.length > 0) {
        throw new ProblemError('malformed', {
          faults: faults.map(({ line, column, fault }) => ({
            path: column === 0 ? `line ${line}` : `line ${line}, column ${column}`,
            message: fault,
          })),
        });
      }
      const drafts = [];
      for (const { code, document } of recipes) {
        const { version } = await step(audit, caller, 'recipes.write', code, { document }, () =>
          book.draft(caller.signedIn.user, code, '', document),
        );
        drafts.push({ code, version });
      }
      return { drafts };
    },
  });
}

function exportRoute({ book }: RecipeParts, format: 'json' | 'csv'): Route {
  const contentType = format === 'csv' ? 'text/csv; charset=utf-8' : 'application/json';
  return route({
    method: 'get',
    path: `/api/recipe-exports/recipes.${format}`,
    door: 'recipes.read',
    tag: 'recipes',
    summary: { vi: 'Xuất công thức đang dùng', en: 'Export the recipes in use' },
    query: z.strictObject({ code: z.string().min(1).max(32).optional() }),
    response: { contentType, description: 'The newest version that is no draft, of each recipe' },
    handle: async (call) => {
      const versions = (await book.all()).filter(
        ({ code, state }) =>
          state === 'approved' && (call.query.code === undefined || code === call.query.code),
      );
      const newest = [...new Map([...versions].reverse().map((one) => [one.code, one])).values()];
      newest.sort((a, b) => (a.code < b.code ? -1 : 1));
      call.saveAs(`recipes.${format}`);
      return format === 'csv' ? exportCsv(newest, book.parts.materials) : exportJson(newest);
    },
  });
}
