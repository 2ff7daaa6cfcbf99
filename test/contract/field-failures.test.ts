/**
 * Goal: the first five ways in which such systems fail in the field (DOMAIN 9), each brought about
 * on real sockets; where a library alone would fail, it is shown to fail first.
 */
import { connect } from 'node:net';
import modbusSerial from 'modbus-serial';
import { DataType, MonitoredItem } from 'node-opcua';
import { afterEach, describe, expect, it } from 'vitest';
import { createModbusDriver } from '../../plc/drivers/modbus/modbus-driver.ts';
import { createOpcUaDriver } from '../../plc/drivers/opcua/opcua-driver.ts';
import type { TagDefinition } from '../../plc/model/tag.ts';
import { countingClock } from '../support/driver-clock.ts';
import { contextOf } from '../support/driver-field.ts';
import { MODBUS_TAGS, modbusConnection, modbusField } from '../support/driver-modbus-field.ts';
import {
  OPCUA_NODES,
  OPCUA_OPTIONS,
  OPCUA_TAGS,
  opcUaConnection,
  opcUaTag,
} from '../support/driver-opcua-field.ts';
import type { OpcUaTestOptions } from '../support/driver-opcua-server.ts';
import { OpcUaTestServer } from '../support/driver-opcua-server.ts';
import { FreezingProxy } from '../support/driver-proxy.ts';
import { DriverRecorder } from '../support/driver-recorder.ts';
import { fieldTag, modbusAddress } from '../support/driver-tags.ts';
import { FieldRig } from '../support/field-rig.ts';
import { LateModbusServer, REGISTER_OFFSET } from '../support/modbus-late-server.ts';
import { OpcUaWire } from '../support/opcua-wire.ts';
import { until } from '../support/until.ts';

const TAGS = OPCUA_TAGS.map(({ name }) => name);
/** Ended after each test, the last first. */
const ends: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** An OPC UA server behind a line that can be disturbed and read. */
async function opcUaBehindProxy(options: OpcUaTestOptions = {}, nodes = OPCUA_NODES) {
  const server = new OpcUaTestServer(nodes, options);
  await server.start();
  ends.push(() => server.stop());
  const proxy = new FreezingProxy(server.port);
  const wire = new OpcUaWire();
  proxy.tapOf = wire.tapOf;
  await proxy.start();
  ends.push(() => proxy.stop());
  const url = `opc.tcp://127.0.0.1:${proxy.port}`;
  const connection = { ...opcUaConnection(url), security: 'none' } as const;
  return { server, proxy, wire, connection };
}

function rigOn(
  connection: ConstructorParameters<typeof FieldRig>[0],
  tags: readonly TagDefinition[],
): FieldRig {
  const rig = new FieldRig(connection, tags);
  ends.push(() => rig.stop());
  rig.start();
  return rig;
}

describe('OPC UA reconnects, then silence; a half-open connection that TCP does not notice', () => {
  it('a dead line is known within 5 s though the socket itself says nothing', async () => {
    const { server, proxy, connection } = await opcUaBehindProxy();
    const rig = rigOn(connection, OPCUA_TAGS);
    await rig.until(TAGS, 'good', 10_000);
    const bare = connect(proxy.port, '127.0.0.1');
    ends.push(() => bare.destroy());
    let said = '';
    for (const event of ['error', 'end', 'close', 'timeout', 'data']) {
      bare.on(event, () => {
        said = event;
      });
    }
    await until('a bare socket', () => !bare.connecting);
    proxy.isHalfOpen = true;
    bare.write('anybody there?');
    await rig.until(TAGS, 'not good');
    expect(said).toBe('');
    proxy.heal();
    server.set('Amps', 8);
    await rig.until(TAGS, 'good');
    await until('the value', () => isGood(rig, 'Amps', 8), { withinMs: 5_000 });
  });

  it('a session that opens and then never publishes is given up for another', async () => {
    const { server, proxy, wire, connection } = await opcUaBehindProxy({ itemsPerCallMax: 100 });
    const rig = rigOn(connection, OPCUA_TAGS);
    await rig.until(TAGS, 'good', 10_000);
    wire.silentFrom = (service, seen) =>
      service === 'PublishResponse' && (seen.get('CreateMonitoredItemsResponse') ?? 0) > 0;
    const before = proxy.connections;
    proxy.cut();
    await until('another session', () => proxy.connections > before);
    await rig.until(TAGS, 'not good');
    await until('a third session', () => proxy.connections > before + 2, { withinMs: 15_000 });
    expect(TAGS.filter((tag) => rig.value(tag).quality === 'good')).toEqual([]);
    wire.silentFrom = null;
    server.set('Amps', 9);
    await rig.until(TAGS, 'good', 10_000);
    await until('the value', () => isGood(rig, 'Amps', 9), { withinMs: 5_000 });
  });
});

function isGood(rig: FieldRig, tag: string, wanted: number): boolean {
  const value = rig.value(tag);
  return value.quality === 'good' && value.value === wanted;
}

describe('bad or stale shown as good', () => {
  it('what the server doubts is doubted, and its value cannot be read as good', async () => {
    const { server, connection } = await opcUaBehindProxy();
    const rig = rigOn(connection, OPCUA_TAGS);
    await rig.until(TAGS, 'good', 10_000);
    server.set('Amps', 4);
    await until('the value', () => isGood(rig, 'Amps', 4));
    for (const [status, quality] of [
      ['UncertainLastUsableValue', 'uncertain'],
      ['BadSensorFailure', 'bad'],
    ] as const) {
      server.setStatus('Amps', status);
      await rig.until(['Amps'], quality);
      expect(rig.value('Amps')).not.toHaveProperty('value');
      expect(rig.value('Amps')).toHaveProperty('lastValue', 4);
      expect(rig.value('RunFb').quality).toBe('good');
    }
  });

  it.each(['OPC UA', 'Modbus'])(
    'tags of a hanging %s driver go stale by themselves',
    async (kind) => {
      const { rig, tags, proxy } = await hangableRig(kind);
      await rig.until(tags, 'good', 10_000);
      rig.driverHangs = true;
      proxy.isHalfOpen = true;
      await rig.until(tags, 'stale');
      for (const tag of tags) expect(rig.value(tag)).not.toHaveProperty('value');
    },
  );

  async function hangableRig(kind: string) {
    if (kind === 'OPC UA') {
      const { connection, proxy } = await opcUaBehindProxy();
      return { rig: rigOn(connection, OPCUA_TAGS), tags: TAGS, proxy };
    }
    const { server } = await modbusField();
    ends.push(() => server.stop());
    const proxy = new FreezingProxy(server.port);
    await proxy.start();
    ends.push(() => proxy.stop());
    const rig = rigOn(modbusConnection(proxy.port), MODBUS_TAGS);
    return { rig, tags: MODBUS_TAGS.map(({ name }) => name), proxy };
  }
});

describe('modbus-serial has no time-out of its own and takes late answers for others', () => {
  const SLOW = 7;
  const OTHER = 500;
  /** Transaction numbers of modbus-serial begin again after so many. */
  const TRANSACTIONS = 256;

  async function lateServer(late: number): Promise<LateModbusServer> {
    const server = new LateModbusServer(SLOW, late);
    await server.start();
    ends.push(() => server.stop());
    return server;
  }

  async function bareClient(port: number) {
    const client = new modbusSerial.default();
    await client.connectTCP('127.0.0.1', { port });
    ends.push(() => new Promise<void>((done) => client.close(() => done())));
    client.setID(1);
    return client;
  }

  function driverOf(port: number) {
    const told = new DriverRecorder();
    const tags = [
      fieldTag('Slow', 'uint16', 'input', modbusAddress({ register: SLOW })),
      fieldTag('Other', 'uint16', 'input', modbusAddress({ register: OTHER })),
    ];
    const connection = { ...modbusConnection(port), timeoutMs: 300 };
    // Ten times as fast as a field, to come round to the same transaction numbers soon.
    const context = { ...contextOf(connection, tags, told, countingClock()), speed: 10 };
    const driver = createModbusDriver(context, { random: () => 0.5 });
    ends.push(() => driver.stop());
    driver.start();
    return told;
  }

  it('waits for ever where the driver gives up in time', async () => {
    const server = await lateServer(Number.POSITIVE_INFINITY);
    const client = await bareClient(server.port);
    let bare = 'waits';
    const asked = client.readInputRegisters(SLOW, 1).then(
      () => 'answered',
      () => 'failed',
    );
    void asked.then((outcome) => {
      bare = outcome;
    });
    const told = driverOf(server.port);
    await until('an offline unit', () => told.lastHealth(1)?.online === false, { withinMs: 5_000 });
    await until('bad quality', () => told.qualityOf('Slow') !== 'good', { withinMs: 5_000 });
    expect(bare).toBe('waits');
  });

  it('shows the value of one register as that of another, and the driver never does', async () => {
    const server = await lateServer(1);
    const client = await bareClient(server.port);
    client.setTimeout(100);
    await expect(client.readInputRegisters(SLOW, 1)).rejects.toThrow();
    const bare: number[] = [];
    for (let i = 0; i < TRANSACTIONS; i++) {
      const { data } = await client.readInputRegisters(OTHER, 1);
      bare.push(...data);
    }
    expect(server.sentLate).toBe(1);
    expect(bare).toContain(SLOW + REGISTER_OFFSET);

    const strict = await lateServer(1);
    const told = driverOf(strict.port);
    const asked = () => strict.requests > 2 * TRANSACTIONS;
    await until('as many transactions', asked, { withinMs: 60_000 });
    const values = (tag: string) =>
      new Set(
        told.history.flatMap(({ tag: name, value }) =>
          name === tag && value.quality === 'good' ? [value.value] : [],
        ),
      );
    expect([...values('Other')]).toEqual([OTHER + REGISTER_OFFSET]);
    expect([...values('Slow')]).toEqual([SLOW + REGISTER_OFFSET]);
    expect(strict.connections).toBeGreaterThan(1);
    expect(strict.sentLate).toBe(0);
  });
});

describe('one item per request', () => {
  const COUNT = 250;
  const PER_CALL = 100;
  const names = Array.from({ length: COUNT }, (_, at) => `T${at}`);

  async function runningDriver(outputs: boolean) {
    const nodes = names.map((name) => ({
      name,
      dataType: DataType.Float,
      isWritable: outputs,
    }));
    const limits = { itemsPerCallMax: PER_CALL };
    const { wire, connection } = await opcUaBehindProxy(limits, nodes);
    const told = new DriverRecorder();
    const direction = outputs ? 'output' : 'input';
    const tags = names.map((name) => opcUaTag(name, 'float', direction));
    const context = contextOf(connection, tags, told, countingClock());
    const driver = createOpcUaDriver(context, OPCUA_OPTIONS);
    ends.push(() => driver.stop());
    driver.start();
    const allGood = () => names.every((name) => told.qualityOf(name) === 'good');
    await until('good values', allGood, { withinMs: 15_000 });
    return { wire, told, driver };
  }

  it('monitors 250 items with the three requests that the limit of 100 asks for', async () => {
    const { wire } = await runningDriver(false);
    expect(wire.count('CreateMonitoredItems')).toBe(Math.ceil(COUNT / PER_CALL));
  });

  it('writes and reads back 250 values with three requests each', async () => {
    const { wire, told, driver } = await runningDriver(true);
    const readsBefore = wire.count('Read');
    driver.write(names.map((tag, at) => ({ tag, value: at })));
    await until('all results', () => told.results.length >= COUNT, { withinMs: 10_000 });
    expect(told.results.every((result) => result.ok)).toBe(true);
    expect(wire.count('Write')).toBe(Math.ceil(COUNT / PER_CALL));
    expect(wire.count('Read') - readsBefore).toBeLessThanOrEqual(Math.ceil(COUNT / PER_CALL) + 1);
  });

  it('reads 100 Modbus registers with one request', async () => {
    const { server } = await modbusField();
    ends.push(() => server.stop());
    const unit = server.unit(1);
    for (let register = 0; register < 100; register++) unit.input.set(register, register);
    const tags = Array.from({ length: 100 }, (_, register) =>
      fieldTag(`R${register}`, 'uint16', 'input', modbusAddress({ register })),
    );
    const told = new DriverRecorder();
    const context = contextOf(modbusConnection(server.port), tags, told, countingClock());
    const driver = createModbusDriver(context, { random: () => 0.5 });
    ends.push(() => driver.stop());
    driver.start();
    await until('all values', () => tags.every((_, at) => told.isGood(`R${at}`, at)));
    expect(unit.requests).toBeLessThanOrEqual(2);
    const [requests, beganMs] = [unit.requests, performance.now()];
    await until('ten more reads', () => unit.requests >= requests + 10);
    // 100 ms is the scan class of the tags: ten requests are ten reads of all.
    expect(performance.now() - beganMs).toBeGreaterThan(800);
  });
});

describe('overflowed queues, lost events', () => {
  it('values that were thrown away are told, and a total that the PLC keeps is right', async () => {
    const nodes = [{ name: 'Bags', dataType: DataType.UInt32, isWritable: false }];
    const samplingMsMin = MonitoredItem.minimumSamplingInterval;
    MonitoredItem.minimumSamplingInterval = 10;
    ends.push(() => {
      MonitoredItem.minimumSamplingInterval = samplingMsMin;
    });
    const { server, proxy, connection } = await opcUaBehindProxy({}, nodes);
    const told = new DriverRecorder();
    const tags = [{ ...opcUaTag('Bags', 'uint32', 'input'), everyValue: true }];
    const driver = createOpcUaDriver(contextOf(connection, tags, told, countingClock()), {
      ...OPCUA_OPTIONS,
    });
    ends.push(() => driver.stop());
    driver.start();
    await until('a first value', () => told.isGood('Bags', 0), { withinMs: 10_000 });
    // So slow a line lets the server run out of publish requests, and its queues run over.
    proxy.delayMs = 2_000;
    let bags = 0;
    const bagger = setInterval(() => server.set('Bags', ++bags), 20);
    ends.push(() => clearInterval(bagger));
    const isTold = () =>
      told.lines.some((line) => line.includes('threw values away')) ||
      (told.lastHealth()?.overflows ?? 0) > 0;
    await until('word of the overflow', isTold, { withinMs: 20_000 });
    clearInterval(bagger);
    proxy.delayMs = 0;
    await until('the true total', () => told.isGood('Bags', bags), { withinMs: 10_000 });
    const counts = told.history.flatMap(({ value }) =>
      value.quality === 'good' ? [Number(value.value)] : [],
    );
    expect(counts).toEqual([...counts].sort((a, b) => a - b));
  });
});
