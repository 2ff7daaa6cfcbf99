// Goal: third-party clients can browse, read and command the simulated mill on real sockets, and
// each server and unit can be taken down and brought back while the rest runs on.
import { connect } from 'node:net';
import modbusSerial from 'modbus-serial';
import {
  AttributeIds,
  BrowseDirection,
  ClientMonitoredItem,
  ClientSubscription,
  DataType,
  MessageSecurityMode,
  OPCUAClient,
  SecurityPolicy,
  StatusCodes,
  TimestampsToReturn,
} from 'node-opcua';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pilot } from '../../plc/mill/mills/pilot.ts';
import type { SimulatedField } from '../../simulators/field.ts';
import { ModbusServer } from '../../simulators/servers/modbus-server.ts';
import { FieldOnSockets } from '../support/field-on-sockets.ts';
import { until } from '../support/until.ts';

type ModbusClient = InstanceType<typeof modbusSerial.default>;

let running: FieldOnSockets;
let field: SimulatedField;
let opcUrl = '';
let scalesPort = 0;
let drivesPort = 0;

beforeAll(async () => {
  running = await FieldOnSockets.start();
  field = running.field;
  opcUrl = running.opcUrl;
  scalesPort = running.ports.scales;
  drivesPort = running.ports.drives;
});

afterAll(() => running.stop());

function modbusOf(connection: string): ModbusServer {
  const server = field.servers.get(connection);
  if (!(server instanceof ModbusServer)) throw new Error(`${connection} is not Modbus`);
  return server;
}

async function withClient<T>(
  mode: MessageSecurityMode,
  policy: SecurityPolicy,
  use: (client: OPCUAClient) => Promise<T>,
): Promise<T> {
  const client = OPCUAClient.create({
    securityMode: mode,
    securityPolicy: policy,
    endpointMustExist: false,
    connectionStrategy: { maxRetry: 1 },
  });
  await client.connect(opcUrl);
  try {
    return await use(client);
  } finally {
    await client.disconnect();
  }
}

async function withModbus<T>(
  port: number,
  unit: number,
  use: (client: ModbusClient) => Promise<T>,
) {
  const client = new modbusSerial.default();
  await client.connectTCP('127.0.0.1', { port });
  client.setID(unit);
  client.setTimeout(400);
  try {
    return await use(client);
  } finally {
    await new Promise<void>((resolve) => client.close(() => resolve()));
  }
}

describe('the OPC UA server', () => {
  test('lists every tag of its connection under its device, with range and unit', async () => {
    await withClient(MessageSecurityMode.None, SecurityPolicy.None, async (client) => {
      const session = await client.createSession();
      const namespaces = await session.readNamespaceArray();
      const ns = namespaces.indexOf('urn:feed-mill:field');
      expect(ns).toBeGreaterThan(0);
      const tags = pilot.tags.filter((tag) => tag.address?.connection === 'field');
      const values = await session.read(
        tags.map((tag) => ({ nodeId: `ns=${ns};s=${tag.name}`, attributeId: AttributeIds.Value })),
      );
      const bad = tags.filter((_, index) => values[index]?.statusCode.isGood() !== true);
      expect(bad.map((tag) => tag.name)).toEqual([]);
      const browsed = await session.browse({
        nodeId: `ns=${ns};s=PM701`,
        browseDirection: BrowseDirection.Forward,
        resultMask: 63,
      });
      const names = (browsed.references ?? []).map((one) => one.browseName.name);
      expect(names).toContain('ConditionerT');
      const properties = await session.browse({
        nodeId: `ns=${ns};s=PM701.ConditionerT`,
        browseDirection: BrowseDirection.Forward,
        resultMask: 63,
      });
      const range = properties.references?.find((one) => one.browseName.name === 'EURange');
      const read = await session.read({ nodeId: range?.nodeId ?? '', attributeId: 13 });
      expect(read.value.value).toMatchObject({ low: 0, high: 120 });
      await session.close();
    });
  });

  test('a written command moves the mill, and a subscription tells of it', async () => {
    await withClient(MessageSecurityMode.None, SecurityPolicy.None, async (client) => {
      const session = await client.createSession();
      const ns = (await session.readNamespaceArray()).indexOf('urn:feed-mill:field');
      const subscription = ClientSubscription.create(session, {
        requestedPublishingInterval: 50,
        requestedLifetimeCount: 1_000,
        requestedMaxKeepAliveCount: 10,
        maxNotificationsPerPublish: 100,
        publishingEnabled: true,
        priority: 1,
      });
      const item = ClientMonitoredItem.create(
        subscription,
        { nodeId: `ns=${ns};s=EL101.RunFb`, attributeId: AttributeIds.Value },
        { samplingInterval: 50, queueSize: 10, discardOldest: true },
        TimestampsToReturn.Both,
      );
      const seen: unknown[] = [];
      item.on('changed', (value) => seen.push(value.value.value));
      const write = (name: string, dataType: DataType, value: unknown) =>
        session.write({
          nodeId: `ns=${ns};s=${name}`,
          attributeId: AttributeIds.Value,
          value: { value: { dataType, value } },
        });
      expect(await write('PLCFIELD.Beat', DataType.UInt16, 1)).toBe(StatusCodes.Good);
      await until('the safe state left', () => field.image.read('PLCFIELD.Safe') === false);
      expect(await write('EL101.Cmd', DataType.Boolean, true)).toBe(StatusCodes.Good);
      await until('RunFb told', () => seen.at(-1) === true);
      const back = await session.read({ nodeId: `ns=${ns};s=EL101.Cmd`, attributeId: 13 });
      expect(back.value.value).toBe(true);
      await until('the safe state', () => field.image.read('PLCFIELD.Safe') === true);
      await until('RunFb gone', () => seen.at(-1) === false);
      const cleared = await session.read({ nodeId: `ns=${ns};s=EL101.Cmd`, attributeId: 13 });
      expect(cleared.value.value).toBe(false);
      expect(await write('EL101.RunFb', DataType.Boolean, true)).toBe(StatusCodes.BadNotWritable);
      expect((await write('EL101.Cmd', DataType.Double, 1)).isGood()).toBe(false);
      await session.close();
    });
  });

  test('serves Basic256Sha256, signed and encrypted', async () => {
    const { SignAndEncrypt } = MessageSecurityMode;
    await withClient(SignAndEncrypt, SecurityPolicy.Basic256Sha256, async (client) => {
      const session = await client.createSession();
      const ns = (await session.readNamespaceArray()).indexOf('urn:feed-mill:field');
      const value = await session.read({ nodeId: `ns=${ns};s=SI201.LevelPct`, attributeId: 13 });
      expect(value.value.value).toBeCloseTo(66.7, 1);
      await session.close();
    });
  });

  test('goes away and comes back at the same place', async () => {
    const server = field.servers.get('field');
    await server?.stop();
    await server?.stop();
    const refused = withClient(MessageSecurityMode.None, SecurityPolicy.None, async () => true);
    await expect(refused).rejects.toThrow();
    await server?.start();
    await server?.start();
    const served = await withClient(
      MessageSecurityMode.None,
      SecurityPolicy.None,
      async (client) => {
        const session = await client.createSession();
        await session.close();
        return true;
      },
    );
    expect(served).toBe(true);
  });
});

describe('the Modbus servers', () => {
  test('a screw commanded through its drive fills the scale of another server', async () => {
    await withModbus(drivesPort, 1, async (drives) => {
      await drives.writeRegister(100, 1);
      await until('the safe state left', () => field.image.read('PLCDRIVES.Safe') === false);
      await drives.writeRegisters(0, [1, 5_000]);
      expect((await drives.readHoldingRegisters(0, 2)).data).toEqual([1, 5_000]);
      await until('50 Hz', async () => (await drives.readInputRegisters(1, 1)).data[0] === 5_000);
    });
    await withModbus(scalesPort, 1, async (scales) => {
      await until('product on the scale', async () => {
        const { buffer } = await scales.readInputRegisters(0, 2);
        return buffer.readFloatBE(0) > 1;
      });
    });
  });

  test('a unit that is down says so, or says nothing; its neighbours go on', async () => {
    field.core.setFault({ fault: 'unit-exception', connection: 'scales', unit: 2 });
    await field.settled();
    await withModbus(scalesPort, 2, async (client) => {
      await expect(client.readInputRegisters(0, 3)).rejects.toMatchObject({ modbusCode: 11 });
      client.setID(1);
      expect((await client.readInputRegisters(0, 3)).data).toHaveLength(3);
      client.setID(9);
      await expect(client.readInputRegisters(0, 3)).rejects.toMatchObject({ modbusCode: 11 });
    });
    field.core.setFault({ fault: 'unit-silent', connection: 'scales', unit: 2 });
    await field.settled();
    await withModbus(scalesPort, 2, async (client) => {
      await expect(client.readInputRegisters(0, 3)).rejects.toMatchObject({ errno: 'ETIMEDOUT' });
    });
    field.core.clearFault({ connection: 'scales', unit: 2 });
    await field.settled();
    await withModbus(scalesPort, 2, async (client) => {
      expect((await client.readInputRegisters(0, 3)).data).toHaveLength(3);
    });
  });

  test('a server goes away with its clients and comes back at the same place', async () => {
    const scales = modbusOf('scales');
    await scales.stop();
    expect(scales.up).toBe(false);
    await expect(withModbus(scalesPort, 1, async () => true)).rejects.toThrow();
    await scales.start();
    await withModbus(scalesPort, 1, async (client) => {
      expect((await client.readInputRegisters(0, 1)).data).toHaveLength(1);
    });
  });

  /** Sends raw bytes; what comes back until `bytes` have come or the server hangs up. */
  function raw(hexParts: readonly string[], bytes: number): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = connect(scalesPort, '127.0.0.1');
      let back = Buffer.alloc(0);
      socket.setNoDelay(true);
      socket.on('connect', () => {
        for (const part of hexParts) socket.write(Buffer.from(part.replaceAll(' ', ''), 'hex'));
      });
      socket.on('data', (data) => {
        back = Buffer.concat([back, data]);
        if (back.length >= bytes) socket.destroy();
      });
      socket.on('error', reject);
      socket.on('close', () => resolve(back.toString('hex')));
    });
  }

  test('frames are found in any cut of the stream and answered in order', async () => {
    const request = (id: string) => `${id} 0000 0006 01 04 0064 0001`;
    const answer = (id: string) => new RegExp(`^${id}00000005010402000[01]`);
    const back = await raw(
      ['000a 00', '00 0006 01 04', '0064 0001', request('000b') + request('000c')],
      33,
    );
    expect(back.slice(0, 22)).toMatch(answer('000a'));
    expect(back.slice(22, 44)).toMatch(answer('000b'));
    expect(back.slice(44)).toMatch(answer('000c'));
  });

  test('another protocol is passed over; an impossible length ends the connection', async () => {
    const good = '0002 0000 0006 01 04 0064 0001';
    const back = await raw([`0001 0007 0006 01 04 0064 0001 ${good}`], 11);
    expect(back.startsWith('0002')).toBe(true);
    expect(await raw(['0001 0000 0001 01'], 1)).toBe('');
    expect(await raw(['0001 0000 ffff 01'], 1)).toBe('');
  });
});
