// Goal: nothing reaches the controller that is not written down first; without the database the
// mill can be calmed but not driven, and what was done meanwhile is in the trail once it is back.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { PeopleServerHouse } from '../support/people-server.ts';
import { until } from '../support/until.ts';

let house: PeopleServerHouse;
let cookie: string;
beforeAll(async () => {
  house = await PeopleServerHouse.open(['operator', 'quality']);
  cookie = await house.signIn('operator');
});
afterAll(() => house.close());
beforeEach(() => {
  house.controller.answer = () => ({ accepted: true });
});

interface Audited {
  readonly user: string;
  readonly door: string;
  readonly target: string;
  readonly args: unknown;
  readonly outcome: string;
  readonly reasons: readonly { code: string }[];
}

function command(name: string, args: object, by = cookie) {
  const body = { commandId: crypto.randomUUID(), name, target: 'LINE1', args };
  return house.call('POST', '/api/commands', { cookie: by, body });
}

async function trail(door: string): Promise<Audited[]> {
  const answer = await house.call('GET', `/api/audit?door=${door}`, { cookie: house.admin });
  return answer.json<Audited[]>();
}

test('a command stands in the trail before the controller hears it', async () => {
  let before: Audited[] = [];
  house.controller.answer = async () => {
    before = await trail('order.start');
    return { accepted: true };
  };
  expect((await command('order.start', { orderId: '2611-0001' })).status).toBe(200);
  expect(before).toMatchObject([
    { user: 'operator', target: 'LINE1', args: { orderId: '2611-0001' }, outcome: 'pending' },
  ]);
  expect(await trail('order.start')).toMatchObject([{ outcome: 'accepted' }]);
});

test('what the controller refuses is answered and kept with its reasons', async () => {
  const reasons = [{ code: 'order.unknown', objects: { order: '9' } }] as const;
  house.controller.answer = () => ({ accepted: false, reasons });
  const answer = await command('order.stop', { orderId: '9' });
  expect([answer.status, answer.json()['reasons']]).toEqual([409, reasons]);
  expect(await trail('order.stop')).toMatchObject([{ outcome: 'refused', reasons }]);
});

test('a command that did not reach the controller has failed', async () => {
  const reasons = [{ code: 'plc.unreachable', objects: {} }] as const;
  house.controller.answer = () => ({ accepted: false, reasons });
  expect((await command('order.remove', { orderId: '9' })).status).toBe(409);
  expect(await trail('order.remove')).toMatchObject([{ outcome: 'failed' }]);
});

test('who may not is written down too', async () => {
  const quality = await house.signIn('quality');
  const answer = await command('device.reset', {}, quality);
  expect(answer.json()['reasons']).toMatchObject([{ code: 'command.not-allowed' }]);
  expect(await trail('device.reset')).toMatchObject([
    { user: 'quality', outcome: 'refused', reasons: [{ code: 'command.not-allowed' }] },
  ]);
});

test('wrong arguments are all named and never sent', async () => {
  const before = house.controller.told.length;
  const answer = await command('route.start', { source: '', extra: 1 });
  const reasons = answer.json()['reasons'] as { code: string; objects: { path: string } }[];
  expect(reasons.map(({ code }) => code)).toEqual(reasons.map(() => 'command.invalid'));
  expect(reasons.map(({ objects }) => objects.path)).toEqual(
    expect.arrayContaining(['source', 'destination']),
  );
  expect(house.controller.told.length).toBe(before);
});

test('a text with a NUL is kept as far as a database can', async () => {
  const before = house.controller.told.length;
  expect((await command('order.hold', { orderId: 'a\u0000b' })).status).toBe(200);
  expect(house.controller.told.length).toBe(before + 1);
  expect(await trail('order.hold')).toMatchObject([{ args: { orderId: 'a\ufffdb' } }]);
});

test('without the database the mill can be calmed, not driven; all is kept', async () => {
  const journal = join(house.dataDir, 'server', 'audit-journal.jsonl');
  await house.call('GET', '/api/session', { cookie });
  const before = house.controller.told.length;
  await house.databaseAway();
  const start = await command('order.start', { orderId: '7' });
  expect(start.json()['reasons']).toMatchObject([{ code: 'audit.unavailable' }]);
  expect(house.controller.told.length).toBe(before);
  expect((await command('order.abort', { orderId: '7' })).status).toBe(200);
  expect((await command('bagger.hold', {})).status).toBe(200);
  expect(house.controller.told.slice(before).map(({ name }) => name)).toEqual([
    'order.abort',
    'bagger.hold',
  ]);
  expect(existsSync(journal)).toBe(true);
  const unavailable = await house.call('GET', '/api/users', { cookie: house.admin });
  expect([unavailable.status, unavailable.headers.get('retry-after')]).toEqual([503, '5']);

  house.databaseBack();
  await until('journal stored', () => !existsSync(journal), { withinMs: 10_000 });
  expect(await trail('bagger.hold')).toMatchObject([{ user: 'operator', outcome: 'accepted' }]);
  const aborts = await trail('order.abort');
  expect(aborts.filter(({ user }) => user === 'operator')).toMatchObject([{ outcome: 'accepted' }]);
});

test('a journal that a former run left behind is stored after the next start', async () => {
  const journal = join(house.dataDir, 'server', 'audit-journal.jsonl');
  await house.call('GET', '/api/session', { cookie });
  await house.databaseAway();
  expect((await command('device.stop', {}, house.admin)).status).toBeGreaterThan(0);
  expect((await command('route.stop', {})).status).toBe(200);
  await house.server.stop();
  house.databaseBack();
  expect(existsSync(journal)).toBe(true);
  await house.startServer();
  await until('journal stored', () => !existsSync(journal), { withinMs: 10_000 });
  expect(await trail('route.stop')).toMatchObject([{ outcome: 'accepted' }]);
});
