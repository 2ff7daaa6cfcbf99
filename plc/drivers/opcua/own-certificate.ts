import { X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, rename } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { OPCUACertificateManager } from 'node-opcua';
import { makeApplicationUrn } from 'node-opcua';

/** Our name in certificates and sessions. */
export const APPLICATION_NAME = 'FeedMillController';

const DAY_MS = 24 * 3_600_000;
/** Servers must be told to trust a new certificate, so it lasts; days. */
const LIFETIME_DAYS = 5 * 365;
/** A certificate of our own making is made anew this long before its end, days. */
const RENEW_BEFORE_DAYS = 30;

/** Our own certificate of a connection. */
export interface OwnCertificate {
  readonly file: string;
  readonly applicationUri: string;
  /** When it ends to be valid, ms UTC. */
  readonly endsMs: number;
  /** It was made now; servers that check it must be told. */
  readonly isNew: boolean;
}

/**
 * Makes our certificate when it is missing, and anew with the same key when it is one of our own
 * making and about to end. One that an engineer put there is left alone.
 */
export async function ownCertificate(
  manager: OPCUACertificateManager,
  nowMs: number,
): Promise<OwnCertificate> {
  await manager.initialize();
  const file = join(manager.rootDir, 'own', 'certs', 'client_certificate.pem');
  const applicationUri = makeApplicationUrn(hostname(), APPLICATION_NAME);
  const before = existsSync(file) ? new X509Certificate(await readFile(file)) : null;
  const isDue =
    before === null ||
    (isOurs(before) && Date.parse(before.validTo) - nowMs < RENEW_BEFORE_DAYS * DAY_MS);
  if (!isDue) {
    return { file, applicationUri, endsMs: Date.parse(before.validTo), isNew: false };
  }
  const fresh = `${file}.new`;
  await manager.createSelfSignedCertificate({
    applicationUri,
    dns: [hostname()],
    outputFile: fresh,
    subject: `/CN=${APPLICATION_NAME}@${hostname()}`,
    startDate: new Date(nowMs - DAY_MS),
    validity: LIFETIME_DAYS,
  });
  // Put in place at once, so that a power cut leaves either the old or the new one.
  await rename(fresh, file);
  const made = new X509Certificate(await readFile(file));
  return { file, applicationUri, endsMs: Date.parse(made.validTo), isNew: true };
}

function isOurs({ subject, issuer }: X509Certificate): boolean {
  return subject === issuer && subject.includes(`CN=${APPLICATION_NAME}`);
}
