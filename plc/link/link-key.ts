import { randomBytes, timingSafeEqual } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const KEY_LENGTH_MIN = 32;

/**
 * The installation's key of `/link`, `<dataDir>/link.key`, made by whichever of controller and
 * server starts first, readable by its user alone. Written aside and linked into place: nobody
 * reads half a key.
 * @throws {Error} for a key too short to be one; the engineer must remove the file.
 */
export function linkKey(dataDir: string): string {
  const file = join(dataDir, 'link.key');
  mkdirSync(dataDir, { recursive: true });
  const aside = `${file}.${process.pid}`;
  try {
    writeFileSync(aside, randomBytes(32).toString('base64url'), { mode: 0o600, flag: 'wx' });
    linkSync(aside, file);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    rmSync(aside, { force: true });
  }
  const key = readFileSync(file, 'utf8').trim();
  if (key.length < KEY_LENGTH_MIN) {
    throw new Error(`${file} holds no key: remove it and restart controller and server`);
  }
  return key;
}

/**
 * Whether a key that somebody offers is ours; takes the same time for each wrong one of our length.
 */
export function isKey(offered: unknown, key: string): boolean {
  if (typeof offered !== 'string') return false;
  const [a, b] = [Buffer.from(offered), Buffer.from(key)];
  return a.length === b.length && timingSafeEqual(a, b);
}
