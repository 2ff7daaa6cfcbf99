import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Signs what the server writes into the chain of records (Ed25519, RFC 8032). */
export interface RecordSigner {
  /** SHA-256 of the public key, hexadecimal: what people compare. */
  readonly fingerprint: string;
  /** SPKI, DER, base64. */
  readonly publicKey: string;
  /** Signature over a text, base64url. */
  readonly sign: (text: string) => string;
}

function fingerprintOf(publicKey: string): string {
  return createHash('sha256').update(Buffer.from(publicKey, 'base64')).digest('hex');
}

export function signerOf(key: KeyObject): RecordSigner {
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' });
  const publicKey = spki.toString('base64');
  return {
    publicKey,
    fingerprint: fingerprintOf(publicKey),
    sign: (text) => sign(null, Buffer.from(text, 'utf8'), key).toString('base64url'),
  };
}

/**
 * Whether `signature` is that of the key with this fingerprint over `text`. What is no key or no
 * signature is false, as a wrong one is.
 */
export function isSigned(
  text: string,
  signature: string,
  publicKey: string,
  fingerprint: string,
): boolean {
  if (fingerprintOf(publicKey) !== fingerprint) return false;
  const bytes = Buffer.from(signature, 'base64url');
  // One spelling only: a byte that base64 would overlook counts as altered too.
  if (bytes.toString('base64url') !== signature) return false;
  const der = Buffer.from(publicKey, 'base64');
  if (der.toString('base64') !== publicKey) return false;
  const key = publicKeyOf(der);
  return key !== null && verify(null, Buffer.from(text, 'utf8'), key, bytes);
}

/** The Ed25519 key of these bytes; null where they are none. */
function publicKeyOf(der: Buffer): KeyObject | null {
  try {
    const key = createPublicKey({ key: der, type: 'spki', format: 'der' });
    return key.asymmetricKeyType === 'ed25519' ? key : null;
  } catch {
    return null;
  }
}

/**
 * The key of this installation that signs records: `<dataDir>/server/record-key.pem`, made at the
 * first start, readable by its user alone and never in the database, so that whoever can write to
 * the database still cannot sign. Written aside and linked into place, so that two servers that
 * start at once have one key.
 * @throws what the disk throws, and for a file that holds no key: the administrator must bring the
 * file back from the backup, or remove it, which begins a new key.
 */
export function recordSigner(dataDir: string): RecordSigner {
  const folder = join(dataDir, 'server');
  const file = join(folder, 'record-key.pem');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const aside = `${file}.${process.pid}`;
  const { privateKey } = generateKeyPairSync('ed25519');
  try {
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
    writeFileSync(aside, pem, { mode: 0o600, flag: 'wx' });
    linkSync(aside, file);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    rmSync(aside, { force: true });
  }
  return signerOf(createPrivateKey(readFileSync(file, 'utf8')));
}
