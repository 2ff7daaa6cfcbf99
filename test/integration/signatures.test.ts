// Goal: a phase is skipped only with an electronic signature (21 CFR 11.200): the password of the
// one who does it, again, and of the second person where there must be one; the trail says who
// signed and why, and no password is kept or sent to the controller.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PeopleServerHouse } from '../support/people-server.ts';

let house: PeopleServerHouse;
let cookie: string;
beforeAll(async () => {
  house = await PeopleServerHouse.open(['engineer', 'quality', 'operator']);
  cookie = await house.signIn('engineer');
});
afterAll(() => house.close());

const ARGS = { orderId: 'O-1', batchId: 'O-1/1', unit: 'WS501', reason: 'Hết nguyên liệu' };

async function skip(signature: object | null, more: object = {}) {
  const before = house.controller.told.length;
  const answer = await house.call('POST', '/api/commands', {
    cookie,
    body: {
      ...{ commandId: crypto.randomUUID(), name: 'phase.skip', target: 'LINE1' },
      args: { ...ARGS, ...more },
      ...(signature === null ? {} : { signature }),
    },
  });
  const codes = answer.status === 200 ? [] : answer.json<{ reasons: { code: string }[] }>().reasons;
  return { codes: codes.map(({ code }) => code), told: house.controller.told.slice(before) };
}

test('without a signature, or with a wrong one, nothing reaches the controller', async () => {
  expect(await skip(null)).toEqual({ codes: ['signature.missing'], told: [] });
  expect(await skip({ password: 'not mine' })).toEqual({ codes: ['signature.wrong'], told: [] });
});

test('with his own password the command goes, and the password does not', async () => {
  const { codes, told } = await skip({ password: house.password });
  expect(codes).toEqual([]);
  expect(told).toMatchObject([{ name: 'phase.skip', args: ARGS, user: 'engineer' }]);
  expect(JSON.stringify(told)).not.toContain(house.password);
});

test('a second person signs too: another one, who may, with a password of the own', async () => {
  const password = house.password;
  const second = (user: string, secondPassword?: string) =>
    skip(
      { password, ...(secondPassword === undefined ? {} : { secondPassword }) },
      { second: user },
    );
  expect((await second('engineer', password)).codes).toEqual(['dose.second-unfit']);
  expect((await second('operator', password)).codes).toEqual(['dose.second-unfit']);
  expect((await second('quality')).codes).toEqual(['signature.missing']);
  expect((await second('quality', 'wrong')).codes).toEqual(['signature.wrong']);
  expect((await second('quality', password)).told).toHaveLength(1);
});

test('the trail says who signed and why, and holds no password', async () => {
  const answer = await house.call('GET', '/api/audit?door=phase.skip', { cookie: house.admin });
  const rows = answer.json<{ outcome: string; args: { signedBy?: string[]; reason: string } }[]>();
  expect(answer.text).not.toContain(house.password);
  const signed = rows.filter(({ outcome }) => outcome === 'accepted');
  expect(signed.map(({ args }) => args.signedBy)).toEqual(
    expect.arrayContaining([['engineer'], ['engineer', 'quality']]),
  );
  expect(signed.every(({ args }) => args.reason === ARGS.reason)).toBe(true);
  expect(rows.filter(({ outcome }) => outcome === 'refused').length).toBeGreaterThanOrEqual(6);
});

test('after five wrong passwords the name is locked for a while', async () => {
  for (let tries = 0; tries < 5; tries += 1) await skip({ password: 'wrong' });
  expect((await skip({ password: house.password })).codes).toEqual(['signature.too-many']);
});
