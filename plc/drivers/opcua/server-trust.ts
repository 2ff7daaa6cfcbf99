import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { OPCUACertificateManager } from 'node-opcua';

/**
 * The certificates of one connection, in a folder of its own: ours under `own`, those we trust
 * under `trusted/certs`, those refused under `rejected`. The first server met is trusted and
 * remembered, as SSH does; from then on, or if an engineer has put a certificate there before, any
 * other is refused.
 */
export function certificatesOf(folder: string): OPCUACertificateManager {
  const trusted = join(folder, 'trusted', 'certs');
  const knowsServer = existsSync(trusted) && readdirSync(trusted).length > 0;
  return new OPCUACertificateManager({
    rootFolder: folder,
    automaticallyAcceptUnknownCertificate: !knowsServer,
    disableFileWatchers: true,
  });
}

/** What an engineer has to do about an error of connecting. */
export function adviceFor(error: string, folder: string): string {
  if (/engineer|programmer/.test(error)) return 'someone must act';
  if (!/certificate|BadSecurityChecksFailed/i.test(error)) {
    return 'check power and network of the server';
  }
  return (
    'an engineer must compare the certificates: if the server was replaced, move its certificate ' +
    `from ${join(folder, 'rejected')} to ${join(folder, 'trusted', 'certs')}, ` +
    'and let the server trust ours'
  );
}
