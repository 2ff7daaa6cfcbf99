/**
 * Goal: a mill is never connected with less protection than its definition asks for, a secret never
 * leaves its file unprotected or for the log, and people know when a certificate ends.
 */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MessageSecurityMode, OPCUACertificateManager, SecurityPolicy } from 'node-opcua';
import { afterEach, describe, expect, it } from 'vitest';
import { ownCertificate } from '../../plc/drivers/opcua/own-certificate.ts';
import type { OpcUaBenchOptions } from '../support/driver-opcua-bench.ts';
import { OpcUaBench } from '../support/driver-opcua-bench.ts';
import { TEST_PKI } from '../support/driver-opcua-server.ts';

const DAY_MS = 24 * 3_600_000;
const PROTECTED = {
  policies: [SecurityPolicy.None, SecurityPolicy.Aes128_Sha256_RsaOaep],
  modes: [MessageSecurityMode.None, MessageSecurityMode.SignAndEncrypt],
} as const;
const SECRET = 'bran-and-barley-77';
const user = { kind: 'user', userName: 'mill' } as const;

describe('the security of an OPC UA connection', () => {
  let bench: OpcUaBench;

  const begin = async (options: OpcUaBenchOptions): Promise<OpcUaBench> => {
    bench = new OpcUaBench(options);
    return bench.start();
  };
  const folderOf = (client: string): string => join(TEST_PKI, client, 'test');
  const writeSecret = (client: string, mode: number): void => {
    mkdirSync(folderOf(client), { recursive: true });
    rmSync(join(folderOf(client), 'password'), { force: true });
    writeFileSync(join(folderOf(client), 'password'), `${SECRET}\n`, { mode });
  };

  afterEach(() => bench.stop());

  it('is refused by us where the server offers none, and who must act is said', async () => {
    await begin({ connection: { security: 'strongest' } });
    await bench.soon('a refusal', () => bench.says('an engineer must enable Basic256Sha256'));
    expect(bench.told.lastHealth()).toMatchObject({ online: false });
    expect(bench.told.lastHealth()?.lastError).toContain('offers no protected connection');
    expect(bench.noneGood()).toBe(true);
  });

  it('is told to people where the mill does without', async () => {
    await begin({ connection: { security: 'none' } });
    await bench.soon('values', () => bench.allGood());
    expect(bench.told.lastHealth()).toMatchObject({ unprotected: true, certificateEndsMs: null });
  });

  it('tells when the first certificate ends', async () => {
    await begin({ ...PROTECTED, connection: { security: 'strongest' }, client: 'ends' });
    await bench.soon('values', () => bench.allGood(), 20_000);
    const { unprotected, certificateEndsMs } = bench.told.lastHealth() ?? {};
    expect(unprotected).toBe(false);
    expect(certificateEndsMs).toBeGreaterThan(Date.now() + 300 * DAY_MS);
    expect(certificateEndsMs).toBeLessThan(Date.now() + 5 * 366 * DAY_MS);
  });

  it('comes in with a user name, and the password stays out of the log', async () => {
    writeSecret('user', 0o600);
    await begin({
      ...PROTECTED,
      connection: { security: 'strongest', identity: user },
      client: 'user',
      users: { mill: SECRET },
    });
    await bench.soon('values', () => bench.allGood(), 20_000);
    expect(bench.says(SECRET)).toBe(false);
  });

  it('does not send a password that the server would take unprotected', async () => {
    writeSecret('plain', 0o600);
    let asked = 0;
    const users = new Proxy<Record<string, string>>({}, { get: () => String(++asked) });
    await begin({ connection: { identity: user }, client: 'plain', users });
    await bench.soon('a refusal or a look at the token', () => bench.told.healths.length > 0);
    const { lastError } = bench.told.lastHealth() ?? {};
    expect(lastError).toContain('does not take a user name with a protected password');
    expect(asked).toBe(0);
  });

  it.each([
    ['missing', null, 'an engineer must put the password of mill into'],
    ['readable by others', 0o644, 'others may read the password of mill'],
  ])('says where the password belongs when it is %s', async (what, mode, text) => {
    const client = `secret-${what.slice(0, 4)}`;
    if (mode !== null) writeSecret(client, mode);
    await begin({ ...PROTECTED, connection: { security: 'strongest', identity: user }, client });
    await bench.soon('a complaint', () => bench.says(text));
    expect(bench.says(join(folderOf(client), 'password'))).toBe(true);
    expect(bench.says(SECRET)).toBe(false);
  });

  it('shows a wrong password as such, again and again without harm', async () => {
    writeSecret('wrong', 0o600);
    await begin({
      ...PROTECTED,
      connection: { security: 'strongest', identity: user },
      client: 'wrong',
      users: { mill: 'another' },
    });
    const refused = () =>
      /BadUserAccessDenied|BadIdentity/.test(bench.told.lastHealth()?.lastError ?? '');
    await bench.soon('a refusal', refused, 20_000);
    expect(bench.noneGood()).toBe(true);
  });

  it('is refused by a server that does not trust us yet, and good when it does', async () => {
    const identity = 'careful-server';
    const connection = { security: 'strongest' } as const;
    await begin({ ...PROTECTED, connection, client: 'unknown', identity, isCareful: true });
    await bench.soon('advice', () => bench.says('let the server trust ours'), 20_000);
    expect(bench.noneGood()).toBe(true);
    const rejected = join(TEST_PKI, identity, 'rejected');
    const trusted = join(TEST_PKI, identity, 'trusted', 'certs');
    for (const file of readdirSync(rejected)) renameSync(join(rejected, file), join(trusted, file));
    await bench.soon('values', () => bench.allGood(), 10_000);
  });

  it('comes in with a user certificate', async () => {
    const client = 'certificate';
    const manager = new OPCUACertificateManager({ rootFolder: join(TEST_PKI, 'made-user') });
    const made = await ownCertificate(manager, Date.now());
    const folder = join(folderOf(client), 'user');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'own.pem'), readFileSync(made.file));
    writeFileSync(join(folder, 'private.pem'), readFileSync(manager.privateKey), { mode: 0o600 });
    await manager.dispose();
    const connection = { security: 'strongest', identity: { kind: 'certificate' } } as const;
    await begin({ ...PROTECTED, connection, client });
    await bench.soon('values', () => bench.allGood(), 20_000);
  });

  it('renews a certificate of our own making before it ends, and no other', async () => {
    await begin({});
    const manager = new OPCUACertificateManager({ rootFolder: join(TEST_PKI, 'renewal') });
    const first = await ownCertificate(manager, Date.now());
    expect(first.isNew).toBe(true);
    expect((await ownCertificate(manager, Date.now())).isNew).toBe(false);
    const late = first.endsMs - 10 * DAY_MS;
    const second = await ownCertificate(manager, late);
    expect(second.isNew).toBe(true);
    expect(second.endsMs).toBeGreaterThan(late + 4 * 365 * DAY_MS);
    await manager.createSelfSignedCertificate({
      applicationUri: 'urn:engineer',
      outputFile: second.file,
      subject: '/CN=Engineer',
      startDate: new Date(),
      validity: 5,
      dns: [],
    });
    expect((await ownCertificate(manager, Date.now())).isNew).toBe(false);
    await manager.dispose();
  });
});
