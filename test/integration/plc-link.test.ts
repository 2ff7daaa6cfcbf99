/**
 * Goal: the link lets in only who has the key, begins with everything, and gives each row until it
 * is stored.
 */
import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { io, type Socket } from 'socket.io-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  alarmsSchema,
  commandResultSchema,
  frameSchema,
  helloSchema,
  type LinkRows,
  rowsSchema,
} from '../../plc/link/contract.ts';
import { LinkServer } from '../../plc/link/link-server.ts';
import { realClock } from '../../plc/runtime/clock.ts';
import { VirtualMill } from '../support/virtual-mill.ts';

const KEY = 'khoa-cua-nha-may-0123456789-0123456789';
const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
let mill: VirtualMill;
let http: Server;
let link: LinkServer;
const sockets: Socket[] = [];

beforeEach(async () => {
  mill = await VirtualMill.start();
  http = createServer();
  await new Promise<void>((done) => http.listen(0, '127.0.0.1', done));
  const { controller } = mill;
  link = new LinkServer({ http, controller, clock: realClock(), log, key: KEY, session: 's1' });
  link.start();
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.disconnect();
  await link.stop();
  http.close();
  await mill.stop();
});

function connect(key: string): Socket {
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/link`;
  const socket = io(url, { auth: { key }, transports: ['websocket'], forceNew: true });
  sockets.push(socket);
  return socket;
}

function next(socket: Socket, event: string): Promise<unknown> {
  return new Promise((done) => socket.once(event, done));
}

function command(target: string, name: string, args: object, ageMs = 0) {
  const sentTimeMs = mill.utcMs - ageMs;
  return { commandId: randomUUID(), name, target, args, user: 'lan', sentTimeMs };
}

async function ask(socket: Socket, message: object) {
  const answer = socket.timeout(5_000).emitWithAck('command', message);
  while (!(await Promise.race([answer.then(() => true), mill.runFor(100).then(() => false)]))) {}
  return commandResultSchema.parse(await answer);
}

describe('the link', () => {
  it('refuses whoever has another key', async () => {
    const error = (await next(connect(`${KEY}x`), 'connect_error')) as Error;
    expect(error.message).toBe('wrong key');
    expect(link.peers).toBe(0);
  });

  it('begins with who it is, all tags and alarms; then sends what changes', async () => {
    const socket = connect(KEY);
    const [hello, frame, alarms] = await Promise.all(
      ['hello', 'frame', 'alarms'].map((event) => next(socket, event)),
    );
    expect(helloSchema.parse(hello)).toMatchObject({ mill: 'pilot', session: 's1' });
    const full = frameSchema.parse(frame);
    expect(full).toMatchObject({ sequence: 1, full: true });
    expect(full.changes).toHaveLength(mill.controller.mill.tags.length);
    expect(alarmsSchema.parse(alarms)).toEqual([]);
    const second = next(socket, 'frame');
    await mill.runFor(1_000);
    expect(frameSchema.parse(await second)).toMatchObject({ sequence: 2, full: false });
  });

  it('answers each command once, whatever is wrong with it', async () => {
    const socket = connect(KEY);
    const manual = command('FN101', 'device.mode', { mode: 'Manual' });
    expect(await ask(socket, manual)).toEqual({ accepted: true });
    const start = command('FN101', 'device.start', {});
    expect(await ask(socket, start)).toEqual({ accepted: true });
    expect(await ask(socket, start)).toEqual({ accepted: true });
    await mill.until('a running fan', () => mill.last('FN101.RunFb') === true, 30_000);
    expect(mill.last('FN101.Starts')).toBe(1);
    const refusals = [
      await ask(socket, command('XX1', 'device.start', {})),
      await ask(socket, command('FN101', 'device.stop', {}, 11_000)),
      await ask(socket, command('FN101', 'device.stop', { now: true })),
      await ask(socket, { ...start, name: 'device.explode' }),
    ];
    const codes = refusals.map((one) => (one.accepted ? 'accepted' : one.reasons[0]?.code));
    const invalid = 'command.invalid';
    expect(codes).toEqual(['target.unknown', 'command.late', invalid, invalid]);
    expect(mill.output('FN101.Cmd')).toBe(true);
  });

  it('gives rows again to the next server until one says they are stored', async () => {
    const deaf = connect(KEY);
    const first = rowsSchema.parse(await next(deaf, 'rows'));
    const socket = connect(KEY);
    const stored: LinkRows['rows'] = [];
    socket.on('rows', (message: unknown, acknowledge: (ack: object) => void) => {
      stored.push(...rowsSchema.parse(message).rows);
      acknowledge({ storedSequence: stored.at(-1)?.sequence });
    });
    await next(socket, 'hello');
    deaf.disconnect();
    while (stored.length < first.rows.length) await mill.runFor(1_000);
    expect(stored.slice(0, first.rows.length)).toEqual(first.rows);
    await mill.until('an empty spool', () => mill.controller.persistence.fill.rows <= 1, 60_000);
    expect(stored.map((one) => one.sequence)).toEqual(stored.map((_, place) => place + 1));
  });
});
