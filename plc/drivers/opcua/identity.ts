import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { UserIdentityInfo } from 'node-opcua';
import { UserTokenType } from 'node-opcua';
import type { OpcUaIdentity } from '../../model/connection.ts';

/** Who we are to a server, and until when. */
export interface Credentials {
  readonly user: UserIdentityInfo;
  /** When the user's certificate ends to be valid, ms UTC; null without one. */
  readonly endsMs: number | null;
}

/** Permission bits of everyone but the owner. */
const OTHERS = 0o077;

/**
 * Reads the secret of a connection's identity from its folder of certificates: the file
 * `password`, or `user/own.pem` with `user/private.pem`.
 * @throws {Error} when it is missing or others may read it; the message names the file, never what
 * is in it.
 */
export async function credentialsOf(identity: OpcUaIdentity, folder: string): Promise<Credentials> {
  if (identity.kind === 'anonymous') {
    return { user: { type: UserTokenType.Anonymous }, endsMs: null };
  }
  if (identity.kind === 'user') {
    const { userName } = identity;
    const file = join(folder, 'password');
    const password = (await readSecret(file, `the password of ${userName}`)).trim();
    if (password === '') throw new Error(`an engineer must write a password into ${file}`);
    return { user: { type: UserTokenType.UserName, userName, password }, endsMs: null };
  }
  const certificateFile = join(folder, 'user', 'own.pem');
  const keyFile = join(folder, 'user', 'private.pem');
  const certificate = certificateFrom(await readOwn(certificateFile, 'the user certificate'));
  const privateKey = await readSecret(keyFile, 'the key of the user certificate');
  if (certificate === null || !isKeyOf(privateKey, certificate)) {
    throw new Error(
      'an engineer must put a certificate and its key, both PEM, into ' +
        `${certificateFile} and ${keyFile}`,
    );
  }
  return {
    user: { type: UserTokenType.Certificate, certificateData: certificate.raw, privateKey },
    endsMs: Date.parse(certificate.validTo),
  };
}

async function readSecret(file: string, what: string): Promise<string> {
  const text = await readOwn(file, what);
  const { mode } = await stat(file);
  // Windows keeps access in lists that Node does not tell.
  if (process.platform !== 'win32' && (mode & OTHERS) !== 0) {
    throw new Error(`others may read ${what}: an engineer must set ${file} to mode 600`);
  }
  return text;
}

async function readOwn(file: string, what: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new Error(`an engineer must put ${what} into ${file}, mode 600`, { cause });
  }
}

function certificateFrom(pem: string): X509Certificate | null {
  try {
    return new X509Certificate(pem);
  } catch {
    return null;
  }
}

function isKeyOf(pem: string, certificate: X509Certificate): boolean {
  try {
    return certificate.checkPrivateKey(createPrivateKey(pem));
  } catch {
    return false;
  }
}
