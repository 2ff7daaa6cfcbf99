// Goal: only who proves himself gets in, and stays in only as long as he may: one-time passwords,
// revoked sessions, guessing, requests from other sites; and every try is written down where
// nobody can change it.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PeopleServerHouse } from '../support/people-server.ts';
import { until } from '../support/until.ts';

let house: PeopleServerHouse;
beforeAll(async () => {
  house = await PeopleServerHouse.open(['operator', 'manager']);
});
afterAll(() => house.close());

interface Audited {
  readonly user: string;
  readonly door: string;
  readonly outcome: string;
}

async function trail(query = ''): Promise<Audited[]> {
  const answer = await house.call('GET', `/api/audit${query}`, { cookie: house.admin });
  return answer.json<Audited[]>();
}

test('the first start makes one administrator, and only the first', async () => {
  expect(await house.server.users.createFirst()).toBeNull();
  const users = await house.call('GET', '/api/users', { cookie: house.admin });
  expect(users.json<{ user: string; role: string }[]>()).toContainEqual(
    expect.objectContaining({ user: 'admin', role: 'administrator', active: true }),
  );
});

test('a one-time password opens nothing but the change of itself', async () => {
  const made = await house.call('POST', '/api/users', {
    cookie: house.admin,
    body: { user: 'moi', name: 'Người mới', role: 'engineer' },
  });
  expect(made.status).toBe(201);
  const { oneTimePassword } = made.json<{ oneTimePassword: string }>();
  const cookie = await house.signIn('moi', oneTimePassword);
  const session = (await house.call('GET', '/api/session', { cookie })).json();
  expect(session).toMatchObject({ passwordChangeRequired: true });
  expect((session['may'] as string[]).includes('order.start')).toBe(false);
  const mill = await house.call('GET', '/api/mill', { cookie });
  expect([mill.status, mill.json()['type']]).toEqual([
    403,
    'urn:feed-mill:problem:password-change-required',
  ]);
  const same = await house.call('POST', '/api/session/password', {
    cookie,
    body: { current: oneTimePassword, next: oneTimePassword },
  });
  expect(same.status).toBe(409);
  const changed = await house.call('POST', '/api/session/password', {
    cookie,
    body: { current: oneTimePassword, next: 'một câu dài dễ nhớ' },
  });
  expect(changed.status).toBe(204);
  expect((await house.call('GET', '/api/mill', { cookie })).status).toBe(200);
  // The same letters from a keyboard that composes them otherwise.
  await house.signIn('moi', 'một câu dài dễ nhớ'.normalize('NFD'));
});

test('the database holds neither passwords nor tokens', async () => {
  const cookie = await house.signIn('operator');
  const token = cookie.split('=')[1] ?? '';
  const users = await house.pool.query<{ row: string }>(
    'select app_user::text as row from app_user',
  );
  const sessions = await house.pool.query<{ row: string }>(
    `select app_session::text || encode(token_hash, 'escape') as row from app_session`,
  );
  const all = [...users.rows, ...sessions.rows].map(({ row }) => row).join('\n');
  expect(all).toContain('scrypt$32768$8$3$');
  expect(all).not.toContain(token);
  expect(all).not.toContain(house.password);
});

test('the cookie is kept from scripts and from other sites', async () => {
  const answer = await house.call('POST', '/api/session', {
    body: { user: 'operator', password: house.password },
  });
  expect(answer.headers.getSetCookie()[0]).toMatch(
    /^mill_session=[\w-]{43}; Path=\/; Max-Age=43200; HttpOnly; SameSite=Strict$/,
  );
  expect(answer.headers.get('cache-control')).toBe('no-store');
});

test.each([
  { origin: 'http://evil.example' },
  { origin: 'null' },
  { 'sec-fetch-site': 'cross-site' },
  { 'sec-fetch-site': 'same-site' },
])('a change that another site asks for is refused: %j', async (headers) => {
  const cookie = await house.signIn('operator');
  const before = house.controller.told.length;
  const answer = await house.call('POST', '/api/commands', {
    cookie,
    headers,
    body: {
      commandId: crypto.randomUUID(),
      name: 'order.hold',
      target: 'LINE1',
      args: { orderId: '1' },
    },
  });
  expect([answer.status, answer.json()['type']]).toEqual([403, 'urn:feed-mill:problem:cross-site']);
  expect(house.controller.told.length).toBe(before);
});

test('after five wrong passwords the right one waits too, and all are in the trail', async () => {
  await house.addUser('quen', 'operator');
  const attempt = (password: string) =>
    house.call('POST', '/api/session', { body: { user: 'quen', password } });
  for (let count = 0; count < 5; count++) expect((await attempt('sai rồi')).status).toBe(401);
  const right = await attempt(house.password);
  expect(right.status).toBe(429);
  expect(Number(right.headers.get('retry-after'))).toBeGreaterThan(200);
  const tries = (await trail('?user=quen&door=session.open')).map(({ outcome }) => outcome);
  expect(tries.filter((outcome) => outcome === 'refused').length).toBe(5);
});

test('an unknown name takes as long to refuse as a wrong password', async () => {
  const time = async (user: string) => {
    const started = performance.now();
    await house.call('POST', '/api/session', { body: { user, password: 'sai' } });
    return performance.now() - started;
  };
  const known = Math.min(await time('manager'), await time('manager'));
  const unknown = Math.min(await time('khong'), await time('khong'));
  expect(unknown).toBeGreaterThan(known * 0.5);
  expect(unknown).toBeLessThan(known * 2);
});

test('ending the sessions of a user turns him out at once', async () => {
  const cookie = await house.signIn('manager');
  const path = '/api/users/manager/sessions';
  const list = await house.call('GET', path, { cookie: house.admin });
  expect(list.json<unknown[]>().length).toBeGreaterThan(0);
  expect((await house.call('GET', '/api/mill', { cookie })).status).toBe(200);
  await house.call('DELETE', path, { cookie: house.admin });
  expect((await house.call('GET', '/api/mill', { cookie })).status).toBe(401);
});

test('a session that another server ended is out within the recheck', async () => {
  const cookie = await house.signIn('manager');
  expect((await house.call('GET', '/api/mill', { cookie })).status).toBe(200);
  await house.pool.query(`update app_session set ended = now() where user_name = 'manager'`);
  const read = async () => (await house.call('GET', '/api/mill', { cookie })).status === 401;
  await until('turned out', read, { withinMs: 8_000 });
});

test('a user who is switched off is out, and the last administrator cannot be', async () => {
  await house.addUser('nghi', 'operator');
  const cookie = await house.signIn('nghi');
  const off = (user: string) =>
    house.call('PATCH', `/api/users/${user}`, { cookie: house.admin, body: { active: false } });
  expect((await off('nghi')).json()).toMatchObject({ active: false });
  expect((await house.call('GET', '/api/session', { cookie })).status).toBe(401);
  expect(
    (
      await house.call('POST', '/api/session', {
        body: { user: 'nghi', password: house.password },
      })
    ).status,
  ).toBe(401);
  expect((await off('admin')).json()['type']).toBe('urn:feed-mill:problem:last-administrator');
  expect((await off('khong-co')).status).toBe(404);
});

test('a new role counts from the next request on', async () => {
  await house.addUser('doi', 'quality');
  const cookie = await house.signIn('doi');
  expect((await house.call('GET', '/api/audit', { cookie })).status).toBe(403);
  const body = { role: 'manager' };
  await house.call('PATCH', '/api/users/doi', { cookie: house.admin, body });
  expect((await house.call('GET', '/api/audit', { cookie })).status).toBe(200);
});

test('signing out ends the session', async () => {
  const cookie = await house.signIn('operator');
  expect((await house.call('DELETE', '/api/session', { cookie })).status).toBe(204);
  expect((await house.call('GET', '/api/session', { cookie })).status).toBe(401);
});

test('the audit trail is only ever added to, whoever is connected to the database', async () => {
  expect((await trail()).length).toBeGreaterThan(0);
  for (const table of ['audit', 'audit_outcome']) {
    for (const change of [`delete from ${table}`, `truncate ${table}`]) {
      await expect(house.pool.query(change)).rejects.toThrow('only ever added to');
    }
  }
  await expect(house.pool.query(`update audit set user_name = 'x'`)).rejects.toThrow();
  await expect(house.pool.query(`update audit_outcome set outcome = 'refused'`)).rejects.toThrow();
});
