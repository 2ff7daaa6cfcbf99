// Goal: a recipe is written by one person and approved by another, no version that was approved is
// ever changed, and orders are made with the version that is valid on their day.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { orderSchema } from '../../plc/link/contract.ts';
import type { RecipeDocument, RecipeVersion } from '../../server/contract/recipes.ts';
import { recipeListSchema } from '../../server/contract/recipes.ts';
import { PeopleServerHouse } from '../support/people-server.ts';

let house: PeopleServerHouse;
const cookies = new Map<string, string>();
beforeAll(async () => {
  house = await PeopleServerHouse.open(['operator', 'engineer', 'quality', 'manager']);
  for (const role of ['operator', 'engineer', 'quality', 'manager']) {
    cookies.set(role, await house.signIn(role));
  }
});
afterAll(() => house.close());
beforeEach(() => {
  house.controller.told.length = 0;
});

const call = (who: string, method: string, path: string, body?: unknown) =>
  house.call(method, path, {
    cookie: cookies.get(who) ?? '',
    ...(body === undefined ? {} : { body }),
  });

async function newest(code: string): Promise<RecipeVersion> {
  const [latest] = (await call('manager', 'GET', `/api/recipes/${code}`)).json<RecipeVersion[]>();
  if (latest === undefined) throw new Error(`no ${code}`);
  return latest;
}

/** A draft of the next version, with so much more of one ingredient and less of another. */
async function draftOf(code: string, up: string, down: string, pct: number) {
  const made = await call('engineer', 'POST', '/api/recipes', { code });
  expect(made.status, made.text).toBe(201);
  const draft = made.json<RecipeVersion>();
  const document: RecipeDocument = {
    ...draft.document,
    items: draft.document.items.map((item) => {
      const by = item.material === up ? pct : item.material === down ? -pct : 0;
      return { ...item, pct: Math.round((item.pct + by) * 1_000) / 1_000 };
    }),
  };
  const path = `/api/recipes/${code}/versions/${draft.version}`;
  const body = { revision: draft.revision, document };
  const saved = await call('engineer', 'PATCH', path, body);
  expect(saved.status, saved.text).toBe(200);
  return { path, saved: saved.json<RecipeVersion>() };
}

const approval = (revision: number, validFrom = '2026-01-01') => ({ revision, validFrom });
const ORDER = {
  ...{ formula: 'BROILER-FIN', orderKg: 1_500, batchKg: 500, line: 'LINE1' },
  ...{ destination: 'FB901', packaging: 'bags', bagKg: 25 },
};

test('the recipe files are the first content, once, approved by the system', async () => {
  const list = recipeListSchema.parse((await call('operator', 'GET', '/api/recipes')).json());
  expect(list.recipes.length).toBeGreaterThanOrEqual(10);
  expect(list.recipes.every(({ current }) => current === 1)).toBe(true);
  expect(await newest('BROILER-FIN')).toMatchObject({ state: 'approved', approvedBy: 'seed' });
});

test('nobody approves what he wrote or changed himself; a second person does, and orders follow', async () => {
  const { path, saved } = await draftOf('BROILER-FIN', 'MAIZE', 'SBM', 1);
  const own = await call('engineer', 'POST', `${path}/approve`, approval(saved.revision));
  expect([own.status, own.json()['reasons']]).toEqual([
    409,
    [{ code: 'recipe.own-approval', objects: { user: 'engineer' } }],
  ]);
  const early = await call('operator', 'POST', '/api/orders', ORDER);
  expect(early.status).toBe(201);
  const good = await call('quality', 'POST', `${path}/approve`, approval(saved.revision));
  expect(good.json()).toMatchObject({ state: 'approved', approvedBy: 'quality', version: 2 });
  await call('operator', 'POST', '/api/orders', ORDER);
  const orders = house.controller.told
    .filter(({ name }) => name === 'order.submit')
    .map(({ args }) => orderSchema.parse(args['order']));
  expect(orders.map(({ formulaVersion }) => formulaVersion)).toEqual([1, 2]);
  expect(orders[1]?.items.find(({ material }) => material === 'MAIZE')?.pct).toBe(66);
});

test('an approved version is never changed, not even past the interface', async () => {
  const version = await newest('BROILER-FIN');
  const path = `/api/recipes/BROILER-FIN/versions/${version.version}`;
  const body = { revision: version.revision, document: version.document };
  const answer = await call('engineer', 'PATCH', path, body);
  expect(answer.json()['reasons']).toMatchObject([{ code: 'recipe.not-in-state' }]);
  expect((await call('engineer', 'DELETE', path)).status).toBe(409);
  for (const sql of [
    `update recipe_version set document = '{}' where code = 'BROILER-FIN'`,
    `delete from recipe_version where code = 'BROILER-FIN'`,
    `update recipe_version set state = 'draft' where code = 'BROILER-FIN'`,
  ]) {
    await expect(house.pool.query(sql)).rejects.toThrow('an approved recipe is not changed');
  }
});

test('a draft that does not add up is saved, and refused at approval with every fault', async () => {
  const { path, saved } = await draftOf('DUCK-MEAT', 'MAIZE', 'none', 2);
  expect(saved.sumPct).toBeCloseTo(102, 6);
  const items = [...saved.document.items, { material: 'KHONG-CO', pct: 1 }];
  const body = { revision: saved.revision, document: { ...saved.document, items } };
  const worse = (await call('engineer', 'PATCH', path, body)).json<RecipeVersion>();
  const refused = await call('quality', 'POST', `${path}/approve`, approval(worse.revision));
  expect(refused.json<{ reasons: { code: string }[] }>().reasons.map(({ code }) => code)).toEqual([
    'recipe.sum',
    'recipe.material-unknown',
  ]);
  expect((await call('engineer', 'DELETE', path)).status).toBe(200);
  expect(await newest('DUCK-MEAT')).toMatchObject({ version: 1, state: 'approved' });
});

test('who saves or approves a draft that has changed meanwhile is refused', async () => {
  const { path, saved } = await draftOf('PIG-FIN', 'MAIZE', 'SBM', 1);
  const stale = saved.revision - 1;
  const body = { revision: stale, document: saved.document };
  const save = await call('quality', 'PATCH', path, body);
  expect(save.json()['reasons']).toEqual([
    { code: 'recipe.changed', objects: { user: 'engineer' } },
  ]);
  const approve = await call('quality', 'POST', `${path}/approve`, approval(stale));
  expect(approve.json()['reasons']).toMatchObject([{ code: 'recipe.changed' }]);
  const second = await call('engineer', 'POST', '/api/recipes', { code: 'PIG-FIN' });
  expect(second.json()['reasons']).toMatchObject([{ code: 'recipe.not-in-state' }]);
});

test('a version counts from its day on, and a retired one no longer', async () => {
  const { path, saved } = await draftOf('PIG-GROWER', 'MAIZE', 'SBM', 1);
  await call('quality', 'POST', `${path}/approve`, approval(saved.revision, '2999-01-01'));
  const current = async () =>
    recipeListSchema
      .parse((await call('operator', 'GET', '/api/recipes')).json())
      .recipes.find(({ code }) => code === 'PIG-GROWER')?.current;
  expect(await current()).toBe(1);
  const retired = await call('quality', 'POST', '/api/recipes/PIG-GROWER/versions/1/retire');
  expect(retired.json()).toMatchObject({ state: 'retired', retiredBy: 'quality' });
  expect(await current()).toBeNull();
  const order = await call('operator', 'POST', '/api/orders', { ...ORDER, formula: 'PIG-GROWER' });
  expect(order.json()['reasons']).toMatchObject([{ code: 'formula.unknown' }]);
});

test('versions are compared and scaled by REST', async () => {
  const diff = await call('manager', 'GET', '/api/recipes/BROILER-FIN/versions/2/diff?from=1');
  const { items } = diff.json<{ items: { material: string; beforePct: number }[] }>();
  expect(items.find(({ material }) => material === 'MAIZE')).toMatchObject({
    beforePct: 65,
    afterPct: 66,
  });
  const batch = await call('manager', 'GET', '/api/recipes/BROILER-FIN/versions/2/batch?kg=6000');
  const scaled = batch.json<{ items: unknown[] }>();
  expect(scaled.items[0]).toEqual({ material: 'MAIZE', pct: 66, kg: 3_960 });
});

test('a file is imported as drafts, or refused whole with line and column', async () => {
  const shares = ['formula,material,pct', 'LAYER-MASH,MAIZE,70', 'LAYER-MASH,SBM,30'];
  const good = { format: 'csv', text: shares.join('\n') };
  const made = await call('engineer', 'POST', '/api/recipe-imports', good);
  expect(made.json()).toEqual({ drafts: [{ code: 'LAYER-MASH', version: 2 }] });
  const bad = { format: 'csv', text: [...shares, 'PIG-SOW,SAND,1'].join('\n') };
  const refused = await call('engineer', 'POST', '/api/recipe-imports', bad);
  expect([refused.status, refused.json()['faults']]).toEqual([
    400,
    [{ path: 'line 4, column 2', message: 'there is no material "SAND"' }],
  ]);
  const csv = await call('manager', 'GET', '/api/recipe-exports/recipes.csv?code=LAYER-MASH');
  expect(csv.text).toContain('LAYER-MASH,1,MAIZE');
});

test('every step is in the audit trail, refused ones too', async () => {
  const answer = await call('manager', 'GET', '/api/audit?door=recipes.approve');
  const rows = answer.json<{ user: string; target: string; outcome: string }[]>();
  const of = rows.filter(({ target }) => target === 'BROILER-FIN 2');
  expect(of.map(({ user, outcome }) => [user, outcome])).toEqual([
    ['quality', 'accepted'],
    ['engineer', 'refused'],
  ]);
});

test('an operator or manager writes no recipe', async () => {
  for (const who of ['operator', 'manager']) {
    expect((await call(who, 'POST', '/api/recipes', { code: 'PIG-SOW' })).status).toBe(403);
  }
});
