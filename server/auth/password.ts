import { randomBytes, randomInt, scrypt, timingSafeEqual } from 'node:crypto';

/**
 * Cost of scrypt (RFC 7914; OWASP Password Storage, 2^15/8/3): about 32 MiB and 0.2 s a password.
 */
const COST = { N: 2 ** 15, r: 8, p: 3 };
const KEY_BYTES = 32;
const MEMORY_MAX_BYTES = 128 * 1024 * 1024;
/** No 0/o, 1/l/i: a one-time password is read off a screen and typed. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';

interface Cost {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

function derive(password: string, salt: Buffer, cost: Cost): Promise<Buffer> {
  return new Promise((done, fail) => {
    // NFKC: the same Vietnamese letters typed on two keyboards may differ in code points.
    scrypt(
      password.normalize('NFKC'),
      salt,
      KEY_BYTES,
      { ...cost, maxmem: MEMORY_MAX_BYTES },
      (error, key) => (error === null ? done(key) : fail(error)),
    );
  });
}

/** A hash with its parameters: `scrypt$N$r$p$salt$key`, so that the cost can be raised later. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(password, salt, COST);
  const { N, r, p } = COST;
  return ['scrypt', N, r, p, salt.toString('base64url'), key.toString('base64url')].join('$');
}

/**
 * Whether a password matches a hash of `hashPassword`, compared in constant time.
 * @throws {Error} for a hash of another form: the database was changed by hand (administrator).
 */
export async function matchesPassword(password: string, hash: string): Promise<boolean> {
  const [kind, N, r, p, salt, key] = hash.split('$');
  if (kind !== 'scrypt' || salt === undefined || key === undefined) {
    throw new Error('a stored password hash has an unknown form; an administrator must reset it');
  }
  const expected = Buffer.from(key, 'base64url');
  const cost = { N: Number(N), r: Number(r), p: Number(p) };
  const actual = await derive(password, Buffer.from(salt, 'base64url'), cost);
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}

/** A password for one sign-in: 16 letters and digits in groups of four, 79 bits. */
export function oneTimePassword(): string {
  const letter = () => ALPHABET[randomInt(ALPHABET.length)] ?? '';
  return Array.from({ length: 4 }, () => Array.from({ length: 4 }, letter).join('')).join('-');
}
