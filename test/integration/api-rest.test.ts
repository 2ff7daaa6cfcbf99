// Goal: the REST interface does what its document says: orders become control recipes, wrong
// requests name all their faults, pages are served as a browser should keep them.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { orderSchema, statusSchema } from '../../plc/link/contract.ts';
import { pilot } from '../../plc/mill/mills/pilot.ts';
import { linksSchema } from '../../server/contract/links.ts';
import { millViewSchema, newOrderSchema } from '../../server/contract/rest.ts';
import { PeopleServerHouse } from '../support/people-server.ts';

let house: PeopleServerHouse;
let cookie: string;
beforeAll(async () => {
  house = await PeopleServerHouse.open(['operator']);
  cookie = await house.signIn('operator');
  const assets = join(house.dataDir, 'hmi', 'assets');
  mkdirSync(assets, { recursive: true });
  writeFileSync(join(house.dataDir, 'hmi', 'index.html'), '<!doctype html><title>HMI</title>');
  writeFileSync(join(assets, 'index-B4x9.js'), 'export {};');
});
afterAll(() => house.close());
beforeEach(() => {
  house.controller.told.length = 0;
  house.controller.answer = () => ({ accepted: true });
});

const ORDER = {
  formula: 'BROILER-FIN',
  orderKg: 1_500,
  batchKg: 500,
  line: 'LINE1',
  destination: 'FB901',
  packaging: 'bags',
  bagKg: 25,
};

test('an order carries its own recipe, a number and a lot, and is started', async () => {
  const formulas = await house.call('GET', '/api/formulas', { cookie });
  const formula = formulas
    .json<{ code: string; conditionerC: number; items: { material: string; pct: number }[] }[]>()
    .find(({ code }) => code === ORDER.formula);
  const answer = await house.call('POST', '/api/orders', { cookie, body: ORDER });
  expect(answer.status).toBe(201);
  const made = answer.json<{ orderId: string; lot: string; started: boolean }>();
  expect(made.orderId).toMatch(/^\d{4}-0001$/);
  expect(made).toMatchObject({ lot: `TP-${made.orderId}`, started: true, reasons: [] });
  const [submit, start] = house.controller.told;
  expect([submit?.name, submit?.target, start?.name, start?.target]).toEqual([
    'order.submit',
    'LINE1',
    'order.start',
    'LINE1',
  ]);
  const order = orderSchema.parse(submit?.args['order']);
  expect(order).toMatchObject({ orderId: made.orderId, batchKg: 500, destination: 'FB901' });
  expect(order.items).toEqual(
    formula?.items.map(({ material, pct }) => ({ material, pct, drug: false })),
  );
  expect(order.procedure).toMatchObject({ pelleted: true, conditionerC: formula?.conditionerC });
  expect(start?.args).toEqual({ orderId: made.orderId });
});

test('orders made at once have different numbers, and one that waits is not started', async () => {
  const body = { ...ORDER, start: false };
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => house.call('POST', '/api/orders', { cookie, body })),
  );
  const ids = answers.map((answer) => answer.json<{ orderId: string }>().orderId);
  expect(new Set(ids).size).toBe(8);
  expect(house.controller.told.every(({ name }) => name === 'order.submit')).toBe(true);
});

test('an order that the mill cannot make is refused with every reason and not sent', async () => {
  const body = { ...ORDER, formula: 'KHONG-CO', destination: 'SI201' };
  const answer = await house.call('POST', '/api/orders', { cookie, body });
  expect(answer.status).toBe(409);
  expect(answer.json()['reasons']).toEqual([
    { code: 'formula.unknown', objects: { formula: 'KHONG-CO' } },
    { code: 'order.destination', objects: { bin: 'SI201', line: 'LINE1' } },
  ]);
  expect(house.controller.told).toEqual([]);
});

test('an order that the controller refuses has its reasons and is not started', async () => {
  const reasons = [{ code: 'order.queue-full', objects: { limit: 20 } }] as const;
  house.controller.answer = () => ({ accepted: false, reasons });
  const answer = await house.call('POST', '/api/orders', { cookie, body: ORDER });
  expect([answer.status, answer.json()['reasons']]).toEqual([409, reasons]);
  expect(house.controller.told.map(({ name }) => name)).toEqual(['order.submit']);
});

test('nobody hands in an order of his own making', async () => {
  const body = { commandId: crypto.randomUUID(), name: 'order.submit', target: 'LINE1', args: {} };
  const answer = await house.call('POST', '/api/commands', { cookie: house.admin, body });
  expect(answer.json()['reasons']).toEqual([{ code: 'order.made-elsewhere', objects: {} }]);
  expect(house.controller.told).toEqual([]);
});

test('a wrong request names all its faults, in the language that is asked for', async () => {
  const body = { ...ORDER, orderKg: -1, packaging: 'sack', colour: 'red' };
  const answer = await house.call('POST', '/api/orders', {
    cookie,
    body,
    headers: { 'accept-language': 'en' },
  });
  expect(answer.status).toBe(400);
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  const problem = answer.json<{ title: string; faults: { path: string; message: string }[] }>();
  expect(problem.title).toBe('The request is malformed');
  expect(problem.faults.map(({ path }) => path).sort()).toEqual([
    'body',
    'body.orderKg',
    'body.packaging',
  ]);
  const vi = await house.call('GET', '/api/tags/KHONG.Co', { cookie });
  expect([vi.status, vi.json()['title']]).toEqual([404, 'Không tìm thấy']);
});

test('what is no JSON, or too much of it, is refused as such', async () => {
  const send = (body: string) =>
    fetch(`${house.url}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
  expect((await send('{"user":')).status).toBe(400);
  expect((await send(JSON.stringify({ user: 'x'.repeat(200_000) }))).status).toBe(413);
});

test('the mill is told without its field addresses', async () => {
  const answer = await house.call('GET', '/api/mill', { cookie });
  const mill = millViewSchema.parse(answer.json());
  expect([mill.devices.length, mill.tags.length, mill.alarms.length]).toEqual([
    pilot.devices.length,
    pilot.tags.length,
    pilot.alarms.length,
  ]);
  expect(answer.text).not.toMatch(/opc\.tcp|registerBase|urn:feed-mill:field/);
});

test('the mill is sent compressed, once to whoever has it, and to nobody who is not signed in', async () => {
  const ask = (headers: Record<string, string>, who: string | null = cookie) =>
    house.call('GET', '/api/mill', { ...(who === null ? {} : { cookie: who }), headers });
  const plain = await ask({ 'accept-encoding': 'identity' });
  expect(plain.headers.get('content-encoding')).toBeNull();
  const tags = new Set([plain.headers.get('etag')]);
  for (const coding of ['br', 'gzip']) {
    const packed = await ask({ 'accept-encoding': coding });
    expect(packed.headers.get('content-encoding')).toBe(coding);
    expect(packed.text).toBe(plain.text);
    const etag = packed.headers.get('etag') ?? '';
    tags.add(etag);
    const again = {
      'accept-encoding': coding,
      'if-none-match': etag,
      'cache-control': 'max-age=0',
    };
    expect([(await ask(again)).status, (await ask(again)).text]).toEqual([304, '']);
    expect((await ask(again, null)).status).toBe(401);
  }
  expect(tags.size).toBe(3);
  expect(plain.headers.get('cache-control')).toBe('private, no-cache');
});

test('an alarm says when it is active, or that a machine raises it', async () => {
  const answer = await house.call('GET', '/api/mill', { cookie });
  const { alarms } = millViewSchema.parse(answer.json());
  const conditionOf = (id: string) => alarms.find((alarm) => alarm.id === id)?.condition;
  const limit = pilot.alarms.find(({ id }) => id === 'PM701.ConditionerHot')?.condition?.limit;
  expect(conditionOf('PM701.ConditionerHot')).toEqual({
    tag: 'PM701.ConditionerT',
    comparison: 'above',
    limit,
  });
  expect(conditionOf('PM701.Choked')).toBeNull();
});

test('values come with quality and times', async () => {
  const index = pilot.tags.findIndex(({ name }) => name === 'EL101.Amps');
  const changes: [number, number, number, number, number][] = [[index, 2, 12.5, 1_000, 2_000]];
  house.server.tags.apply({ sequence: 1, full: true, timeMs: 2_000, changes });
  const one = await house.call('GET', '/api/tags/EL101.Amps', { cookie });
  expect(one.json()).toEqual({
    tag: 'EL101.Amps',
    quality: 'stale',
    value: 12.5,
    sourceTime: '1970-01-01T00:00:01.000Z',
    receivedTime: '1970-01-01T00:00:02.000Z',
  });
  const two = await house.call('GET', '/api/tags?names=EL101.Amps,EL101.Trip', { cookie });
  expect(two.json<unknown[]>().length).toBe(2);
  const all = await house.call('GET', '/api/tags', { cookie });
  expect(all.json<unknown[]>().length).toBe(pilot.tags.length);
});

test('history is asked for tags that exist, in a span that makes sense', async () => {
  const ask = (tags: string, from: string, to: string) =>
    house.call('GET', `/api/history?tags=${tags}&from=${from}&to=${to}`, { cookie });
  const day = ['2026-11-22T00:00:00Z', '2026-11-23T00:00:00Z'] as const;
  expect((await ask('EL101.Amps', ...day)).status).toBe(200);
  const wrong = await ask('KHONG.Co,EL101.Amps', day[1], day[0]);
  expect(wrong.json<{ faults: { path: string }[] }>().faults.map(({ path }) => path)).toEqual([
    'tags',
    'to',
  ]);
  const many = pilot.tags.slice(0, 9).map(({ name }) => name);
  expect((await ask(many.join(','), ...day)).status).toBe(400);
});

test('history answers each kind of question, and says what it cannot understand', async () => {
  const window = 'from=2026-11-22T00:00:00Z&to=2026-11-23T00:00:00Z';
  const ask = (path: string) => house.call('GET', `/api/history/${path}`, { cookie });
  const at = await ask('at?tags=EL101.Amps&time=2026-11-22T00:00:00Z');
  expect(at.json()).toEqual([
    { tag: 'EL101.Amps', unit: 'A', time: null, value: null, quality: 3 },
  ]);
  expect((await ask(`raw?tag=EL101.Amps&${window}`)).json()).toEqual({ points: [], next: null });
  const aligned = await ask(`aligned?tags=EL101.Amps,EL101.Trip&${window}&points=24`);
  expect(aligned.json()).toMatchObject({ stepMs: 3_600_000, series: [{}, {}] });
  expect((await ask(`states?tag=EL101.Trip&${window}`)).status).toBe(200);
  const sum = encodeURIComponent('max(EL101.Amps, 1) + 1');
  const calculated = await ask(`calculated?expression=${sum}&${window}&points=24`);
  expect(calculated.json<{ points: unknown[] }>().points.length).toBe(24);
  for (const expression of ['EL101.Amps +', 'KHONG.Co * 2']) {
    const path = `calculated?expression=${encodeURIComponent(expression)}&${window}`;
    expect((await ask(path)).status).toBe(400);
  }
  const csv = await ask(`export?tags=EL101.Amps&${window}`);
  expect([csv.status, csv.text]).toEqual([200, 'time,tag,value,quality\r\n']);
  expect(csv.headers.get('content-disposition')).toContain('history-2026-11-22.csv');
  const parquet = await ask(`export?tags=EL101.Amps&${window}&format=parquet`);
  expect(parquet.text.slice(0, 4)).toBe('PAR1');
});

test('records of a mill that has made nothing yet are empty, not wrong', async () => {
  const manager = house.admin;
  for (const list of ['/api/orders', '/api/alarms?limit=5&before=2026-11-23T00:00:00Z']) {
    expect((await house.call('GET', list, { cookie })).json()).toEqual([]);
  }
  for (const one of ['/api/orders/2611-9999', '/api/batches/2611-9999%2F1']) {
    const answer = await house.call('GET', one, { cookie });
    expect([answer.status, answer.json()['detail']]).toEqual([
      404,
      decodeURIComponent(one.slice(one.lastIndexOf('/') + 1)),
    ]);
  }
  const query = 'day=2026-11-22&shift=2';
  const report = await house.call('GET', `/api/reports/production?${query}`, { cookie: manager });
  expect(report.json()).toMatchObject({
    day: '2026-11-22',
    shift: 2,
    products: [],
    coveragePct: 0,
  });
  const csv = await house.call('GET', `/api/reports/production.csv?${query}&language=en`, {
    cookie: manager,
  });
  expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8');
  expect(csv.headers.get('content-disposition')).toContain('production-2026-11-22-2.csv');
  expect((await house.call('GET', '/api/orders?limit=9999', { cookie })).status).toBe(400);
});

test('the OpenAPI document is made from the schemas that check the requests', async () => {
  const answer = await house.call('GET', '/api/openapi.json');
  const document = answer.json<{
    openapi: string;
    paths: Record<string, Record<string, { requestBody?: object; operationId: string }>>;
  }>();
  expect(document.openapi).toBe('3.1.0');
  const body = JSON.stringify(document.paths['/api/orders']?.['post']?.requestBody);
  for (const key of Object.keys(newOrderSchema.shape)) expect(body).toContain(`"${key}"`);
  const ids = Object.values(document.paths).flatMap((methods) =>
    Object.values(methods).map(({ operationId }) => operationId),
  );
  expect(new Set(ids).size).toBe(ids.length);
  const page = await house.call('GET', '/api/docs');
  expect(page.headers.get('content-type')).toContain('text/html');
  expect(page.text).toContain('/api/batches/{id}');
  expect(page.text).not.toMatch(/src=|https?:\/\//);
});

test('pages are never kept, files with a hash for ever, and no script of others runs', async () => {
  const page = await house.call('GET', '/orders/2611-0001', { headers: { accept: 'text/html' } });
  expect([page.status, page.headers.get('cache-control')]).toEqual([200, 'no-cache']);
  expect(page.text).toContain('HMI');
  const policy = page.headers.get('content-security-policy') ?? '';
  expect(policy).toContain(`script-src 'self';`);
  expect(policy).toContain(`frame-ancestors 'none'`);
  const file = await house.call('GET', '/assets/index-B4x9.js');
  expect(file.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  for (const path of ['/assets/index-old.js', '/api/nothing', '/api']) {
    expect((await house.call('GET', path)).status).toBe(404);
  }
  expect((await house.call('GET', '/../../package.json')).status).toBe(404);
});

test('health, readiness and metrics are there for machines', async () => {
  expect((await house.call('GET', '/healthz')).json()).toEqual({ ok: true });
  expect((await house.call('GET', '/readyz')).json()).toEqual({ controller: true, database: true });
  const metrics = (await house.call('GET', '/metrics')).text;
  expect(metrics).toMatch(/^mill_link_connected 1$/m);
  expect(metrics).toMatch(/mill_http_request_seconds_count\{method="POST",route="\/api\/orders"/);
  expect(metrics).toMatch(/^process_resident_memory_bytes \d+/m);
});

test('how a connection is can be read in words, with what to do and who does it', async () => {
  const told = {
    kind: 'link',
    connection: 'scales',
    unitId: 2,
    protocol: 'modbus',
    address: '10.0.0.6:502/2',
    online: false,
    sinceMs: Date.UTC(2026, 10, 24, 8),
    trouble: 'silent',
    lastError: 'no answer within 1000 ms',
    requestsPerS: null,
    roundTripP50Ms: null,
    roundTripP99Ms: null,
    lateReplies: 3,
    latePerMin: 1,
    overruns: 0,
    overflows: 0,
    reconnects: 0,
    serverRestarts: 0,
    skewMs: null,
    unmonitored: { count: 1, tags: ['WS502.Net'] },
    unprotected: false,
    certificateEndsMs: null,
  } as const;
  house.server.board.setStatus(statusSchema.parse(told));
  const answer = await house.call('GET', '/api/links', { cookie });
  const { controllerConnected, links } = linksSchema.parse(answer.json());
  expect(controllerConnected).toBe(false);
  expect(links).toMatchObject([
    {
      connection: 'scales',
      unit: 2,
      text: { en: 'Weighers' },
      since: '2026-11-24T08:00:00.000Z',
      lastError: {
        code: 'silent',
        who: 'maintenance',
        text: { en: 'The device does not answer in time' },
        message: 'no answer within 1000 ms',
      },
      unmonitored: { count: 1, tags: ['WS502.Net'] },
    },
  ]);
  expect(() => statusSchema.parse({ ...told, unmonitored: { count: -1, tags: [] } })).toThrow();
});
