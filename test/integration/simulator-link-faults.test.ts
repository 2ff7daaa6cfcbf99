// Goal: what goes wrong between a controller and its devices can be made to go wrong on real
// sockets, and clients of every make see what they would see in a plant.
import { connect, type Socket } from 'node:net';
import {
  AttributeIds,
  BrowseDirection,
  type ClientSession,
  DataType,
  MessageSecurityMode,
  OPCUAClient,
  SecurityPolicy,
} from 'node-opcua';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { SimulatedField } from '../../simulators/field.ts';
import { FieldOnSockets } from '../support/field-on-sockets.ts';
import { until } from '../support/until.ts';

const NAMESPACE = 'urn:feed-mill:field';
const CURRENT_TIME = 'i=2258';
const START_TIME = 'i=2257';

let running: FieldOnSockets;
let field: SimulatedField;
const sockets: Socket[] = [];

beforeAll(async () => {
  running = await FieldOnSockets.start();
  field = running.field;
});

afterAll(() => running.stop());

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  field.core.clearFault({});
  await field.settled();
  await until('all servers up', () => [...field.servers.values()].every((one) => one.up));
});

async function fault(request: Parameters<SimulatedField['core']['setFault']>[0]): Promise<void> {
  field.core.setFault(request);
  await field.settled();
}

/** A Modbus client that only sends and collects, and never gives up. */
class RawModbus {
  readonly received: Buffer[] = [];
  closed = false;
  private readonly socket: Socket;

  constructor(port: number) {
    this.socket = connect(port, '127.0.0.1');
    sockets.push(this.socket);
    this.socket.on('data', (data) => this.received.push(data));
    this.socket.on('close', () => {
      this.closed = true;
    });
  }

  /** Reads two input registers of a unit, under this transaction number. */
  ask(transaction: number, unit = 1, register = 0): void {
    const frame = Buffer.from('000000000006000400000002', 'hex');
    frame.writeUInt16BE(transaction, 0);
    frame.writeUInt8(unit, 6);
    frame.writeUInt16BE(register, 8);
    this.socket.write(frame);
  }

  /** Transaction numbers of the answers so far, in the order in which they came. */
  get answered(): number[] {
    const all = Buffer.concat(this.received);
    const found: number[] = [];
    for (let at = 0; at + 6 <= all.length; at += 6 + all.readUInt16BE(at + 4)) {
      found.push(all.readUInt16BE(at));
    }
    return found;
  }

  get lastData(): Buffer {
    return Buffer.concat(this.received).subarray(-4);
  }
}

async function withSession<T>(use: (session: ClientSession, ns: number) => Promise<T>): Promise<T> {
  const client = OPCUAClient.create({
    securityMode: MessageSecurityMode.None,
    securityPolicy: SecurityPolicy.None,
    endpointMustExist: false,
    connectionStrategy: { maxRetry: 1 },
  });
  await client.connect(running.opcUrl);
  const session = await client.createSession();
  try {
    return await use(session, (await session.readNamespaceArray()).indexOf(NAMESPACE));
  } finally {
    await session.close();
    await client.disconnect();
  }
}

function readValue(session: ClientSession, nodeId: string) {
  return session.read({ nodeId, attributeId: AttributeIds.Value });
}

describe('a half-open link', () => {
  test('keeps a Modbus client connected and silent, takes new ones, and heals', async () => {
    const before = new RawModbus(running.ports.scales);
    before.ask(1);
    await until('the first answer', () => before.answered.length === 1);
    await fault({ fault: 'half-open', connection: 'scales' });
    const after = new RawModbus(running.ports.scales);
    before.ask(2);
    after.ask(3);
    // Its neighbour answers meanwhile: enough time has passed for these two.
    const drives = new RawModbus(running.ports.drives);
    for (let transaction = 1; transaction <= 20; transaction++) {
      drives.ask(transaction);
      await until('the neighbour', () => drives.answered.length === transaction, { everyMs: 10 });
    }
    expect([before.answered, after.answered]).toEqual([[1], []]);
    expect([before.closed, after.closed]).toEqual([false, false]);
    field.core.clearFault({ fault: 'half-open' });
    await until('their answers', () => before.answered.length + after.answered.length === 3);
    expect([before.answered, after.answered]).toEqual([[1, 2], [3]]);
  });

  test('leaves an OPC UA session without answers until it heals', async () => {
    await withSession(async (session, ns) => {
      const nodeId = `ns=${ns};s=SI201.LevelPct`;
      expect((await readValue(session, nodeId)).statusCode.isGood()).toBe(true);
      await fault({ fault: 'half-open', connection: 'field', forS: 1 });
      const startMs = performance.now();
      expect((await readValue(session, nodeId)).statusCode.isGood()).toBe(true);
      expect(performance.now() - startMs).toBeGreaterThan(800);
      expect(field.state.faults.all).toEqual([]);
    });
  });
});

describe('a device that answers late', () => {
  test('slow: each answer takes its time, in order', async () => {
    await fault({ fault: 'slow', connection: 'scales', delayMs: 300, jitterMs: 100 });
    const client = new RawModbus(running.ports.scales);
    const startMs = performance.now();
    for (const transaction of [1, 2, 3]) client.ask(transaction);
    await until('three answers', () => client.answered.length === 3, { everyMs: 10 });
    expect(performance.now() - startMs).toBeGreaterThan(190);
    expect(client.answered).toEqual([1, 2, 3]);
  });

  test('slow: an OPC UA server behind a long line', async () => {
    await withSession(async (session, ns) => {
      await fault({ fault: 'slow', connection: 'field', delayMs: 200 });
      const startMs = performance.now();
      await readValue(session, `ns=${ns};s=SI201.LevelPct`);
      expect(performance.now() - startMs).toBeGreaterThan(380);
      field.core.clearFault({});
      await field.settled();
    });
  });

  test('late: one answer out of two comes after the next, under its old transaction', async () => {
    await fault({ fault: 'late-reply', connection: 'scales', unit: 1, every: 2, delayMs: 300 });
    const client = new RawModbus(running.ports.scales);
    for (const transaction of [11, 12, 13]) client.ask(transaction);
    await until('the late answer', () => client.answered.length === 3, { everyMs: 10 });
    expect(client.answered).toEqual([11, 13, 12]);
  });
});

describe('a unit whose words are swapped', () => {
  test('serves its weight in the other order until it is mended', async () => {
    const client = new RawModbus(running.ports.scales);
    await until('a weight that is not zero', () => field.image.read('WS501.Net') !== 0);
    client.ask(1);
    await until('an answer', () => client.answered.length === 1);
    // The weight stands still from here on, or it would be another one.
    field.core.setFault({ fault: 'frozen', device: 'WS501', role: 'Net' });
    client.ask(2);
    await until('a second answer', () => client.answered.length === 2);
    const still = client.lastData;
    await fault({ fault: 'word-swap', connection: 'scales', unit: 1, order: 'CDAB' });
    client.ask(3);
    await until('a third answer', () => client.answered.length === 3);
    expect(client.lastData).toEqual(Buffer.concat([still.subarray(2), still.subarray(0, 2)]));
    field.core.clearFault({ fault: 'word-swap' });
    await field.settled();
    client.ask(4);
    await until('a fourth answer', () => client.answered.length === 4);
    expect(client.lastData).toEqual(still);
  });
});

describe('a PLC that restarts', () => {
  test('is gone, and comes back with other indexes, order and start time, its outputs lost', async () => {
    const look = () =>
      withSession(async (session, ns) => {
        const browsed = await session.browse({
          nodeId: `ns=${ns};s=EL101`,
          browseDirection: BrowseDirection.Forward,
          resultMask: 63,
        });
        return {
          ns,
          startMs: ((await readValue(session, START_TIME)).value.value as Date).getTime(),
          names: (browsed.references ?? []).map((one) => one.browseName.name),
          command: (await readValue(session, `ns=${ns};s=EL101.Cmd`)).value.value as boolean,
        };
      });
    await withSession(async (session, ns) => {
      const write = (name: string, dataType: DataType, value: unknown) =>
        session.write({
          nodeId: `ns=${ns};s=${name}`,
          attributeId: AttributeIds.Value,
          value: { value: { dataType, value } },
        });
      await write('PLCFIELD.Beat', DataType.UInt16, 77);
      await write('EL101.Cmd', DataType.Boolean, true);
    });
    const before = await look();
    const restart = { connection: 'field', downS: 0.5, namespaceShift: 3, nodeOrder: 'reversed' };
    await fault({ fault: 'plc-restart', ...restart });
    expect(field.servers.get('field')?.up).toBe(false);
    await until('its return', () => field.servers.get('field')?.up === true);
    const after = await look();
    expect(after.ns).toBe(before.ns + 3);
    expect(after.startMs).toBeGreaterThan(before.startMs);
    expect(after.names).not.toEqual(before.names);
    expect([...after.names].sort()).toEqual([...before.names].sort());
    expect(after.command).toBe(false);
    expect(field.state.faults.all).toEqual([]);
    await fault({ fault: 'plc-restart', connection: 'field', downS: 0.1 });
    await until('its second return', () => field.servers.get('field')?.up === true);
    expect((await look()).ns).toBe(before.ns);
  });
});

describe('a PLC whose clock jumps', () => {
  test('stamps what changes, and tells the time, off by as much', async () => {
    await fault({ fault: 'clock-jump', connection: 'field', skewS: 90 });
    await withSession(async (session, ns) => {
      await session.write({
        nodeId: `ns=${ns};s=PLCFIELD.Beat`,
        attributeId: AttributeIds.Value,
        value: { value: { dataType: DataType.UInt16, value: 5 } },
      });
      await until('the safe state left', () => field.image.read('PLCFIELD.Safe') === false);
      const safe = await readValue(session, `ns=${ns};s=PLCFIELD.Safe`);
      const skewS = ((safe.sourceTimestamp?.getTime() ?? 0) - Date.now()) / 1000;
      expect(skewS).toBeGreaterThan(85);
      expect(skewS).toBeLessThan(91);
      const told = (await readValue(session, CURRENT_TIME)).value.value as Date;
      expect((told.getTime() - Date.now()) / 1000).toBeCloseTo(90, 0);
      field.core.clearFault({ fault: 'clock-jump' });
      await field.settled();
      const right = (await readValue(session, CURRENT_TIME)).value.value as Date;
      expect(Math.abs(right.getTime() - Date.now())).toBeLessThan(2_000);
    });
  });
});
