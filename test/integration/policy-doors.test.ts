// Goal: every door of the system opens for exactly the roles that the policy table names, and for
// nobody without a session; a route without a door keeps the server from starting.
import express from 'express';
import type { Socket } from 'socket.io-client';
import { io } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { COMMAND_NAMES } from '../../plc/link/contract.ts';
import { assertEveryRouteHasDoor, DoorlessRouteError } from '../../server/api/door-check.ts';
import type { Door } from '../../server/auth/policy.ts';
import { DOORS, mayPeerSend, POLICY } from '../../server/auth/policy.ts';
import { ROLES } from '../../server/contract/rest.ts';
import { PeopleServerHouse } from '../support/people-server.ts';

interface OpenApi {
  readonly paths: Record<string, Record<string, { description: string }>>;
}

let house: PeopleServerHouse;
const cookies = new Map<string, string>();

beforeAll(async () => {
  house = await PeopleServerHouse.open(ROLES);
  for (const role of ROLES) cookies.set(role, await house.signIn(role));
});
afterAll(() => house.close());

/** Whether the policy lets a role through; written out here, not asked of `admission`. */
function expected(door: Door, role: string | null): boolean {
  const who = POLICY[door];
  if (who === 'anyone') return true;
  if (role === null || who === 'controller' || who === 'server') return false;
  return who === 'signed-in' || (who as readonly string[]).includes(role);
}

function samplePath(path: string): string {
  return path.replace(/\{\w+\}/g, 'khong-co');
}

describe('REST', () => {
  test('every route of the document opens for its roles only', async () => {
    const document = (await house.call('GET', '/api/openapi.json')).json<OpenApi>();
    const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { description }]) => ({ path, method, description })),
    );
    expect(operations.length).toBeGreaterThan(20);
    const wrong: string[] = [];
    for (const { path, method, description } of operations) {
      const door = /Door `([\w.-]+)`/.exec(description)?.[1] as Door;
      expect(DOORS).toContain(door);
      for (const role of [null, ...ROLES]) {
        // Signing out would end the session that the next doors need.
        if (door === 'session.close' && role !== null) continue;
        const cookie = role === null ? undefined : cookies.get(role);
        const { status, text } = await house.call(method.toUpperCase(), samplePath(path), {
          ...(cookie === undefined ? {} : { cookie }),
          ...(method === 'post' || method === 'patch' ? { body: {} } : {}),
        });
        const turnedAway = (status === 401 || status === 403) && !text.includes('wrong-password');
        if (turnedAway === expected(door, role)) wrong.push(`${method} ${path} ${role}: ${status}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  test('a route that no door guards keeps the app from starting', () => {
    const app = express();
    app.get('/api/secret', (_, response) => void response.end());
    app.use('/api/more', express.Router());
    const declared = [{ method: 'get', path: '/api/secret', door: 'mill.read' }] as const;
    expect(() => assertEveryRouteHasDoor(app, [], [])).toThrow(DoorlessRouteError);
    expect(() => assertEveryRouteHasDoor(app, declared, [])).toThrow(/middleware/);
  });
});

describe('commands', () => {
  const target = 'EL101';
  const sample = { moisturePct: 13, proteinPct: 8, mycotoxinPpb: 2, material: 'MAIZE' };
  const load = { plate: '51C12345', supplier: 'A', supplierLot: 'L', ticketKg: 100 };
  const intake: Record<string, unknown> = {
    'truck.book': { ...load, material: 'MAIZE' },
    'truck.arrive': { truckId: 'T' },
    'truck.sample': { truckId: 'T', ...sample },
    'truck.weigh': { truckId: 'T', bridge: 'WB1' },
    'truck.permit': { truckId: 'T', pit: 'PIT1' },
    'truck.cancel': { truckId: 'T', note: 'No load' },
    'truck.unload': { truckId: 'T' },
    'lot.quarantine': { lot: 'A', on: true, note: 'Mould' },
    'dump.start': { bin: 'DB401', label: '(10)A(240)MAIZE' },
    'dump.scan-lot': { label: '(10)A(240)MAIZE' },
    'dump.tipped': { sacks: 4 },
    'transfer.start': { source: 'SI201', destination: 'DB401', kg: 100 },
    'stock.receive': { bin: 'DB401', material: 'MAIZE', lot: 'L', kg: 1 },
    'stock.correct': { bin: 'DB401', kg: 1, note: 'Counted' },
  };
  const ofBatch = { orderId: '1', batchId: '1/1' };
  const ofPhase = { ...ofBatch, unit: 'WS501' };
  const parts: Record<string, unknown> = Object.fromEntries([
    ...['pause', 'resume', 'hold', 'stop', 'abort'].map((one) => [`batch.${one}`, ofBatch]),
    ...['pause', 'resume', 'hold', 'restart', 'stop', 'abort'].map((one) => [
      `phase.${one}`,
      ofPhase,
    ]),
    ['phase.skip', { ...ofPhase, reason: 'Out of stock' }],
  ]);
  const args: Record<string, unknown> = {
    'order.start': { orderId: '1' },
    'order.hold': { orderId: '1' },
    'order.resume': { orderId: '1' },
    'order.stop': { orderId: '1' },
    'order.abort': { orderId: '1' },
    'order.remove': { orderId: '1' },
    'order.pause': { orderId: '1' },
    'order.reset': { orderId: '1' },
    ...parts,
    'dose.decide': { scale: 'WS501', decision: 'accept' },
    'hand-add.scan': { label: '(10)A' },
    'device.position': { position: 1 },
    'device.mode': { mode: 'Manual' },
    'device.out-of-service': { on: true },
    'route.start': { source: 'SI201', destination: 'DB401' },
    'route.cancel': { destination: 'DB401' },
    'route.change': { destination: 'DB401' },
    'route.cleaned': { source: 'SI201', destination: 'DB401' },
    'load.start': {
      ...{ bin: 'FB901', lot: 'TP-1', truck: '51C-123.45', compartmentKg: 7_500 },
      ...{ last: null, cleaned: true },
    },
    ...intake,
    'alarm.acknowledge': { comment: '' },
  };

  test.each(COMMAND_NAMES)('%s reaches the controller from its roles only', async (name) => {
    for (const role of [null, ...ROLES]) {
      const before = house.controller.told.length;
      const cookie = role === null ? undefined : cookies.get(role);
      const { status } = await house.call('POST', '/api/commands', {
        ...(cookie === undefined ? {} : { cookie }),
        body: {
          ...{ commandId: crypto.randomUUID(), name, target, args: args[name] ?? {} },
          ...(name === 'phase.skip' ? { signature: { password: house.password } } : {}),
        },
      });
      const told = house.controller.told.length - before;
      expect([role, status === 200, told]).toEqual([
        role,
        expected(name, role),
        expected(name, role) ? 1 : 0,
      ]);
    }
  });
});

describe('the second person of a drug', () => {
  const decide = async (second: string) => {
    const before = house.controller.told.length;
    const answer = await house.call('POST', '/api/commands', {
      cookie: cookies.get('engineer') ?? '',
      body: {
        ...{ commandId: crypto.randomUUID(), name: 'dose.decide', target: 'WS501' },
        args: { scale: 'WS501', decision: 'accept', second },
      },
    });
    return { told: house.controller.told.length - before, text: answer.text };
  };

  test.each(['nobody', 'engineer', 'operator', 'manager'])(
    '%s may not release it: unknown, the same, or of another role',
    async (second) => {
      const { told, text } = await decide(second);
      expect(told).toBe(0);
      expect(text).toContain('dose.second-unfit');
    },
  );

  test('quality and administrator may', async () => {
    for (const second of ['quality', 'administrator']) {
      expect((await decide(second)).told, second).toBe(1);
    }
  });
});

describe('/live and /link', () => {
  function connect(namespace: string, cookie?: string): Socket {
    return io(`${house.url}${namespace}`, {
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
      ...(cookie === undefined ? {} : { extraHeaders: { cookie } }),
    });
  }

  function outcome(socket: Socket): Promise<string> {
    return new Promise((done) => {
      socket.once('connect', () => done('connected'));
      socket.once('connect_error', (error) => done(error.message));
    });
  }

  test('nobody connects to /live without a session', async () => {
    const socket = connect('/live');
    expect(await outcome(socket)).toBe('not-signed-in');
    socket.close();
  });

  test.each(ROLES)('%s is told and may ask what the table says', async (role) => {
    const socket = connect('/live', cookies.get(role));
    const told: string[] = [];
    socket.onAny((event: string) => told.push(event));
    expect(await outcome(socket)).toBe('connected');
    const answer = await socket.emitWithAck('subscribe', { tags: ['EL101.RunFb'] });
    expect(answer.ok).toBe(expected('live.subscribe', role));
    expect((await socket.emitWithAck('snapshot')).ok).toBe(expected('live.snapshot', role));
    const result = await socket.emitWithAck('command', {
      commandId: crypto.randomUUID(),
      name: 'order.hold',
      target: 'LINE1',
      args: { orderId: '1' },
    });
    expect(result.accepted).toBe(expected('live.command', role) && expected('order.hold', role));
    expect(told.includes('link')).toBe(expected('live.link', role));
    expect(told.includes('alarms')).toBe(expected('live.alarms', role));
    socket.close();
  });

  test('a person finds no /link here, and no door of it opens for a role', async () => {
    const socket = connect('/link', cookies.get('administrator'));
    expect(await outcome(socket)).toBe('Invalid namespace');
    socket.close();
    const link = DOORS.filter((door) => door.startsWith('link.'));
    expect(link.length).toBeGreaterThan(5);
    for (const door of link) {
      expect(ROLES.some((role) => expected(door, role))).toBe(false);
      expect(mayPeerSend('controller', door)).not.toBe(mayPeerSend('server', door));
    }
  });
});
