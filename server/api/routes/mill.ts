import { z } from 'zod';
import type { Mill } from '../../../plc/mill/definition.ts';
import { lastValueOf } from '../../../plc/model/tag.ts';
import type { Recipes } from '../../../recipes/parse.ts';
import type { FormulaView } from '../../contract/rest.ts';
import {
  formulaViewSchema,
  millViewSchema,
  tagQuerySchema,
  tagValueSchema,
} from '../../contract/rest.ts';
import type { TagStore } from '../../tags/tag-store.ts';
import { millView } from '../mill-view.ts';
import { ProblemError } from '../problem.ts';
import type { Route } from '../route.ts';
import { iso, route } from '../route.ts';

export interface MillParts {
  readonly mill: Mill;
  readonly tags: TagStore;
  /** Those that orders may be made with now. */
  readonly recipes: () => Promise<Recipes>;
}

/** What the mill is, its values now, and what it can make. */
export function millRoutes(parts: MillParts): Route[] {
  return [millRoute(parts), tagsRoute(parts), tagRoute(parts), formulasRoute(parts)];
}

function millRoute({ mill }: MillParts): Route {
  const view = millView(mill);
  return route({
    method: 'get',
    path: '/api/mill',
    door: 'mill.read',
    tag: 'mill',
    summary: { vi: 'Định nghĩa nhà máy', en: 'The mill definition' },
    fixed: true,
    response: millViewSchema,
    handle: () => view,
  });
}

function valueView(tags: TagStore, name: string): z.infer<typeof tagValueSchema> {
  const index = tags.indexOf(name);
  if (index === null) throw new ProblemError('not-found', { detail: name });
  const value = tags.at(index);
  return {
    tag: name,
    quality: value.quality,
    value: lastValueOf(value),
    sourceTime: iso(value.sourceTimeMs),
    receivedTime: iso(value.receivedTimeMs),
  };
}

function tagsRoute({ tags }: MillParts): Route {
  return route({
    method: 'get',
    path: '/api/tags',
    door: 'tags.read',
    tag: 'tags',
    summary: { vi: 'Giá trị hiện tại', en: 'Values now' },
    query: tagQuerySchema,
    response: z.array(tagValueSchema),
    handle: ({ query }) => {
      const names = query.names?.split(',') ?? tags.tags.map(({ name }) => name);
      return names.map((name) => valueView(tags, name));
    },
  });
}

function tagRoute({ tags }: MillParts): Route {
  return route({
    method: 'get',
    path: '/api/tags/:name',
    door: 'tags.read',
    tag: 'tags',
    summary: { vi: 'Giá trị hiện tại của một tín hiệu', en: 'The value of a tag now' },
    params: z.strictObject({ name: z.string().min(1).max(64) }),
    response: tagValueSchema,
    handle: ({ params }) => valueView(tags, params.name),
  });
}

function formulaViews({ formulas, materials, procedures }: Recipes): FormulaView[] {
  return [...formulas.values()].map((formula) => ({
    code: formula.code,
    version: formula.version,
    text: formula.text,
    animal: formula.animal,
    pelleted: procedures.get(formula.procedure)?.pelleted ?? false,
    procedure: formula.procedure,
    conditionerC: formula.conditionerC,
    items: formula.items.map(({ material, pct }) => ({
      material,
      pct,
      text: materials.get(material)?.text ?? { vi: material, en: material },
    })),
  }));
}

function formulasRoute({ recipes }: MillParts): Route {
  return route({
    method: 'get',
    path: '/api/formulas',
    door: 'formulas.read',
    tag: 'orders',
    summary: { vi: 'Công thức', en: 'Formulas' },
    response: z.array(formulaViewSchema),
    handle: async () => formulaViews(await recipes()),
  });
}
