/**
 * Goal: what only OPC UA can do wrong: half-open connections, a server that comes back with other
 * namespace indexes, items that are refused, values of doubtful status, and servers that must be
 * trusted first.
 */
import { readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { MessageSecurityMode, SecurityPolicy } from 'node-opcua';
import { afterEach, describe, expect, it } from 'vitest';
import type { Driver } from '../../plc/drivers/driver.ts';
import { createOpcUaDriver } from '../../plc/drivers/opcua/opcua-driver.ts';
import type { OpcUaConnection } from '../../plc/model/connection.ts';
import type { TagDefinition } from '../../plc/model/tag.ts';
import { countingClock } from '../support/driver-clock.ts';
import { contextOf } from '../support/driver-field.ts';
import {
  OPCUA_NODES,
  OPCUA_OPTIONS,
  OPCUA_TAGS,
  opcUaConnection,
  opcUaTag,
} from '../support/driver-opcua-field.ts';
import type { OpcUaTestOptions } from '../support/driver-opcua-server.ts';
import { OpcUaTestServer, TEST_PKI } from '../support/driver-opcua-server.ts';
import { FreezingProxy } from '../support/driver-proxy.ts';
import { DriverRecorder } from '../support/driver-recorder.ts';
import { until } from '../support/until.ts';

describe('the OPC UA driver', () => {
  const clock = countingClock();
  let told = new DriverRecorder();
  let server: OpcUaTestServer;
  let proxy: FreezingProxy | null = null;
  let driver: Driver;

  const soon = (what: string, condition: () => boolean, withinMs = 5_000) =>
    until(what, condition, { withinMs, everyMs: 10, last: () => told.lines.join('\n') });
  const qualities = () => OPCUA_TAGS.map((tag) => told.qualityOf(tag.name));
  const allGood = () => qualities().every((quality) => quality === 'good');
  const allBad = () => qualities().every((quality) => quality === 'bad');

  async function begin(
    url?: (server: OpcUaTestServer) => Promise<string>,
    more: {
      tags?: readonly TagDefinition[];
      pkiFolder?: string;
      speed?: number;
      security?: OpcUaConnection['security'];
    } & OpcUaTestOptions = {},
  ): Promise<void> {
    told = new DriverRecorder();
    server = new OpcUaTestServer(OPCUA_NODES, more);
    await server.start();
    const { security = 'none' } = more;
    const endpointUrl = url === undefined ? server.url : await url(server);
    const connection = opcUaConnection(endpointUrl, { security });
    const tags = more.tags ?? OPCUA_TAGS;
    const context = { ...contextOf(connection, tags, told, clock), speed: more.speed ?? 1 };
    const pkiFolder = more.pkiFolder ?? OPCUA_OPTIONS.pkiFolder;
    driver = createOpcUaDriver(context, { ...OPCUA_OPTIONS, pkiFolder });
    driver.start();
  }

  async function throughProxy({ port }: OpcUaTestServer): Promise<string> {
    proxy = new FreezingProxy(port);
    await proxy.start();
    return `opc.tcp://127.0.0.1:${proxy.port}`;
  }

  afterEach(async () => {
    await driver.stop();
    expect(clock.pendingTimers).toBe(0);
    await proxy?.stop();
    proxy = null;
    await server.stop();
  });

  it('notices a half-open connection within 5 s, lets go of it and begins anew', async () => {
    await begin(throughProxy);
    await soon('first values', allGood);
    const line = proxy as FreezingProxy | null;
    if (line === null) throw new Error('no proxy');
    line.isFrozen = true;
    await soon('all bad', allBad);
    expect(told.lastHealth()).toMatchObject({ online: false });
    driver.write([{ tag: 'Cmd', value: true }]);
    expect(told.resultOf('Cmd')).toMatchObject({ ok: false });
    line.isFrozen = false;
    server.set('Amps', 8);
    await soon('all good', () => allGood() && told.isGood('Amps', 8));
    expect(server.values.get('Cmd')).toBe(false);
    expect(told.lastHealth()?.reconnects).toBeGreaterThan(0);
    await soon('no socket left over', () => line.openSockets <= 2);
  });

  it('keeps its watch in real time however fast the field runs', async () => {
    await begin(throughProxy, { speed: 20 });
    await soon('first values', allGood);
    const fromMs = clock.nowMs();
    const confirmed = () => told.confirmedMs.get('Amps') ?? 0;
    await soon('two keep-alives', () => confirmed() > fromMs + 1_000, 3_000);
    if (proxy !== null) proxy.isFrozen = true;
    await soon('all bad', allBad);
  });

  it('bears a connection that breaks for a moment without any bad value', async () => {
    await begin(throughProxy);
    await soon('first values', allGood);
    const fromMs = told.values.get('Amps')?.receivedTimeMs ?? 0;
    const oldEnough = () => (told.confirmedMs.get('Amps') ?? 0) > fromMs + 2_100;
    await soon('a session that has lasted', oldEnough);
    const connections = proxy?.connections ?? 0;
    const before = told.history.length;
    proxy?.cut();
    await soon('another connection', () => (proxy?.connections ?? 0) > connections);
    server.set('Amps', 6);
    await soon('a new value', () => told.isGood('Amps', 6));
    const since = told.history.slice(before);
    expect(since.filter((sample) => sample.value.quality !== 'good')).toEqual([]);
  });

  it('can be stopped while the server does not answer', async () => {
    await begin(throughProxy);
    await soon('first values', allGood);
    if (proxy !== null) proxy.isFrozen = true;
    await soon('all bad', allBad);
    const beganMs = performance.now();
    await driver.stop();
    expect(performance.now() - beganMs).toBeLessThan(3_000);
    await soon('no socket', () => proxy?.openSockets === 0);
  });

  it('finds its nodes again when their namespace has moved', async () => {
    await begin();
    await soon('first values', allGood);
    await server.stop();
    await soon('all bad', allBad);
    server.namespacesBefore.push('urn:test:other');
    server.set('Amps', 5);
    await server.start();
    await soon('good values', () => allGood() && told.isGood('Amps', 5));
  });

  it('makes tags without a node bad, says which, and delivers the others', async () => {
    const stranger = opcUaTag('Elsewhere', 'float', 'input');
    const tags = [
      opcUaTag('Nowhere', 'float', 'output'),
      {
        ...stranger,
        address: { ...stranger.address, kind: 'opcua', namespaceUri: 'urn:no' } as never,
      },
      ...OPCUA_TAGS,
    ];
    await begin(undefined, { tags });
    await soon('the others', allGood);
    expect(told.qualityOf('Nowhere')).toBe('bad');
    expect(told.qualityOf('Elsewhere')).toBe('bad');
    const line = told.lines.find((one) => one.includes('cannot be monitored')) ?? '';
    expect(line).toContain('BadNodeIdUnknown');
    expect(line).toContain('urn:no');
    driver.write([{ tag: 'Nowhere', value: 1 }]);
    await soon('the failed write', () => told.resultOf('Nowhere')?.ok === false);
  });

  it('makes a tag bad whose node holds another kind of value', async () => {
    await begin(undefined, { tags: [...OPCUA_TAGS.slice(1), opcUaTag('RunFb', 'float', 'input')] });
    await soon('the others', () => told.isGood('Amps', 0));
    await soon('the wrong one', () => told.values.has('RunFb'));
    expect(told.qualityOf('RunFb')).toBe('bad');
  });

  it('passes on what the server thinks of its own values', async () => {
    await begin();
    server.set('Amps', 4);
    await soon('a good value', () => told.isGood('Amps', 4));
    server.setStatus('Amps', 'UncertainLastUsableValue');
    await soon('an uncertain value', () => told.qualityOf('Amps') === 'uncertain');
    expect(told.lastValue('Amps')).toBe(4);
    server.setStatus('Amps', 'BadSensorFailure');
    await soon('a bad value', () => told.qualityOf('Amps') === 'bad');
    server.setStatus('Amps', 'Good');
    await soon('a good value again', () => told.isGood('Amps', 4));
  });

  it('refuses values that do not fit their tag, and sends only the newest', async () => {
    await begin();
    await soon('first values', allGood);
    driver.write([
      { tag: 'Locked', value: 70_000 },
      { tag: 'HzRef', value: 10 },
      { tag: 'HzRef', value: 0.1 },
    ]);
    await soon('two results', () => told.results.length >= 2);
    expect(told.resultOf('Locked')?.error).toContain('does not fit');
    expect(told.resultOf('HzRef')).toEqual({ tag: 'HzRef', value: 0.1, ok: true, error: null });
    expect(told.results).toHaveLength(2);
  });

  it('uses the strongest security offered, and remembers the server it met first', async () => {
    const pkiFolder = join(TEST_PKI, 'careful-client');
    const offer: OpcUaTestOptions & { security: OpcUaConnection['security'] } = {
      security: 'strongest',
      identity: 'first-server',
      policies: [
        SecurityPolicy.None,
        SecurityPolicy.Basic256Sha256,
        SecurityPolicy.Aes256_Sha256_RsaPss,
      ],
      modes: [
        MessageSecurityMode.None,
        MessageSecurityMode.Sign,
        MessageSecurityMode.SignAndEncrypt,
      ],
    };
    await begin(undefined, { ...offer, pkiFolder });
    await soon('good values', allGood, 20_000);
    expect(server.policies).toEqual([SecurityPolicy.Aes256_Sha256_RsaPss]);
    expect(server.modes).toEqual([MessageSecurityMode.SignAndEncrypt]);
    await driver.stop();
    await server.stop();

    await begin(undefined, { ...offer, identity: 'stranger', pkiFolder });
    await soon('a refusal', () => told.lastHealth()?.online === false, 20_000);
    expect(told.values.size > 0 && allBad()).toBe(true);
    expect(told.lines.join('\n')).toContain('an engineer must compare the certificates');
    const folder = join(pkiFolder, 'test');
    const [certificate] = readdirSync(join(folder, 'rejected'));
    if (certificate === undefined) throw new Error('no certificate to look at');
    renameSync(join(folder, 'rejected', certificate), join(folder, 'trusted/certs', certificate));
    await soon('good values', allGood, 10_000);
  });
});
