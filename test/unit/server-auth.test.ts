// Goal: the small parts that sign-in rests on: password hashes, limits on guessing, the cookie,
// the origin of a request, and a policy table without a gap.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { COMMAND_NAMES } from '../../plc/link/contract.ts';
import { AttemptLimit } from '../../server/auth/attempt-limit.ts';
import { sessionCookie, tokenOfCookies } from '../../server/auth/cookie.ts';
import { isDatabaseAway } from '../../server/auth/database.ts';
import { hashPassword, matchesPassword, oneTimePassword } from '../../server/auth/password.ts';
import { admission, CALMING_COMMANDS, DOORS, openDoors, POLICY } from '../../server/auth/policy.ts';
import { isSameOrigin } from '../../server/auth/same-origin.ts';
import { ROLES } from '../../server/contract/rest.ts';
import { DatabaseDownError } from '../../server/db/pool-handle.ts';
import { EventBudget } from '../../server/live/event-budget.ts';

describe('passwords', () => {
  test('a hash is salted, carries its cost and fits its password only', async () => {
    const [one, two] = await Promise.all([hashPassword('gạo lứt'), hashPassword('gạo lứt')]);
    expect(one).not.toBe(two);
    expect(one).toMatch(/^scrypt\$32768\$8\$3\$[\w-]{22}\$[\w-]{43}$/);
    expect(await matchesPassword('gạo lứt'.normalize('NFD'), one)).toBe(true);
    expect(await matchesPassword('gạo lức', one)).toBe(false);
    await expect(matchesPassword('x', 'plain')).rejects.toThrow('administrator');
  });

  test('one-time passwords are readable and differ', () => {
    const many = Array.from({ length: 50 }, oneTimePassword);
    expect(new Set(many).size).toBe(50);
    for (const one of many) expect(one).toMatch(/^([a-hjkmnp-z2-9]{4}-){3}[a-hjkmnp-z2-9]{4}$/);
  });
});

describe('limits', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  test('too many failures wait for the end of their window; other keys do not', () => {
    const limit = new AttemptLimit(3, 60_000);
    for (let count = 0; count < 3; count++) limit.fail('a');
    expect([limit.waitS('a'), limit.waitS('b')]).toEqual([60, 0]);
    vi.advanceTimersByTime(59_500);
    expect(limit.waitS('a')).toBe(1);
    vi.advanceTimersByTime(500);
    expect(limit.waitS('a')).toBe(0);
    limit.fail('a');
    expect(limit.waitS('a')).toBe(0);
  });

  test('a success forgets the failures before it', () => {
    const limit = new AttemptLimit(2, 60_000);
    limit.fail('a');
    limit.succeed('a');
    limit.fail('a');
    expect(limit.waitS('a')).toBe(0);
  });

  test('a budget allows a burst and then a steady rate', () => {
    const budget = new EventBudget(10, 5, 0);
    const taken = (nowMs: number) => {
      let count = 0;
      while (budget.take(nowMs)) count += 1;
      return count;
    };
    expect([taken(0), taken(50), taken(200), taken(60_000)]).toEqual([5, 0, 2, 5]);
  });
});

describe('requests', () => {
  const token = 'a'.repeat(43);

  test('the session is found among other cookies, and nothing else is taken for it', () => {
    expect(tokenOfCookies(`theme=dark; mill_session=${token}; x=1`)).toBe(token);
    expect(tokenOfCookies(sessionCookie(token, 1, false))).toBe(token);
    expect(tokenOfCookies('mill_session=short')).toBeNull();
    expect(tokenOfCookies(`other_mill_session=${token}`)).toBeNull();
    expect(tokenOfCookies(undefined)).toBeNull();
    expect(sessionCookie(token, 1, true)).toContain('; Secure');
  });

  test.each([
    [{ host: 'mill:8080' }, true],
    [{ host: 'mill:8080', origin: 'http://mill:8080' }, true],
    [{ host: 'mill:8080', origin: 'https://mill:8080', 'sec-fetch-site': 'same-origin' }, true],
    [{ host: 'mill:8080', origin: 'http://mill:9090' }, false],
    [{ host: 'mill:8080', origin: 'http://mill.evil:8080' }, false],
    [{ host: 'mill:8080', origin: 'null' }, false],
    [{ origin: 'null' }, false],
    [{ host: 'mill:8080', 'sec-fetch-site': 'same-site' }, false],
  ])('%j is of the same origin: %s', (headers, same) => {
    expect(isSameOrigin(headers)).toBe(same);
  });

  test('a database that is away is told from a wrong statement and from our own errors', () => {
    const coded = (code: string) => Object.assign(new Error('x'), { code });
    const away = [
      new DatabaseDownError(),
      coded('ECONNREFUSED'),
      coded('57P01'),
      coded('53100'),
      new Error('Connection terminated unexpectedly'),
    ];
    const ours = [
      coded('23505'),
      coded('42P01'),
      coded('ERR_INVALID_ARG_TYPE'),
      new TypeError('x'),
    ];
    expect(away.map(isDatabaseAway)).toEqual(away.map(() => true));
    expect(ours.map(isDatabaseAway)).toEqual(ours.map(() => false));
  });
});

describe('the policy', () => {
  test('has a door for every command, and no role may pass one of the link', () => {
    for (const name of COMMAND_NAMES) expect(DOORS).toContain(name);
    for (const role of ROLES) {
      const open = openDoors({ role, passwordChangeRequired: false });
      expect(open.filter((door) => door.startsWith('link.'))).toEqual([]);
    }
  });

  test('whoever may calm the mill is someone, and calming never drives it', () => {
    for (const name of CALMING_COMMANDS) {
      expect(COMMAND_NAMES).toContain(name);
      expect(ROLES.some((role) => POLICY[name as 'order.hold'].includes(role))).toBe(true);
      expect(name).toMatch(/\.(pause|hold|stop|abort|close|acknowledge)$/);
    }
  });

  test('a one-time password opens only what changes it', () => {
    const open = openDoors({ role: 'administrator', passwordChangeRequired: true });
    const signedIn = DOORS.filter((door) => POLICY[door] === 'signed-in');
    const anyone = DOORS.filter((door) => POLICY[door] === 'anyone');
    expect(new Set(open)).toEqual(new Set([...signedIn, ...anyone]));
    expect(signedIn).toContain('session.password');
  });

  test('only the administrator manages users, and managers command nothing', () => {
    for (const role of ROLES) {
      const visitor = { role, passwordChangeRequired: false };
      const may = admission('users.create', visitor) === 'open';
      expect(may).toBe(role === 'administrator');
      const commands = COMMAND_NAMES.filter((name) => admission(name, visitor) === 'open');
      expect(commands.length > 0).toBe(role !== 'manager');
      // Quality answers for what finished bins hold, for samples of trucks, for lots that nobody
      // may use and for the books of stock, and runs nothing.
      if (role === 'quality') {
        const papers = /^(bin\.\w+|truck\.(book|arrive|sample)|stock\.correct|lot\.quarantine)$/;
        expect(commands.filter((name) => !papers.test(name))).toEqual([]);
      }
    }
  });
});
