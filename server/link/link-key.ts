import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const KEY_LENGTH_MIN = 32;

/**
 * The key of this installation's `/link`, shared by controller and server: `<dataDir>/link.key`,
 * made by whichever starts first, readable by its user alone. It is written aside and then linked
 * into place, so that the other never reads half a key.
 * @throws {Error} for a key that is too short to be one; the engineer must remove or mend the file.
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
