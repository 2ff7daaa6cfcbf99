/**
 * Goal: the screen's live connection over real sockets: values by name, a gap mended by a
 * snapshot, and a
 * lost or silent line known at once, so that nothing old is shown as good.
 */
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { afterEach, describe, expect, it } from 'vitest';
import { LiveClient, type LiveListener } from '../../hmi/src/live/live-client.ts';
import type { ClientToServer, ServerToClient } from '../../server/contract/live.ts';
import { encodeLiveFrame, type LiveChange } from '../../server/contract/live-frame.ts';

type Namespace = ReturnType<Server<ClientToServer, ServerToClient>['of']>;

interface Mill {
  readonly url: string;
  readonly live: Namespace;
  readonly asked: string[];
  close(): Promise<void>;
}

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

function change(tag: number, value: number): LiveChange {
  return { tag, quality: 0, value, sourceTimeMs: 1, receivedTimeMs: 1 };
}

/** A server that answers as the contract says; `silent` lets it stop answering without closing. */
async function startMill(mute: { silent: boolean } = { silent: false }): Promise<Mill> {
  const http: HttpServer = createServer();
  const io = new Server<ClientToServer, ServerToClient>(http);
  const live = io.of('/live');
  const asked: string[] = [];
  live.on('connection', (socket) => {
    socket.on('subscribe', ({ tags }, answer) => {
      asked.push(`subscribe ${tags.join(',')}`);
      if (mute.silent) return;
      const changes = tags.map((_, index) => change(index, index));
      answer({
        ok: true,
        frame: encodeLiveFrame({ sequence: 1, timeMs: 5, changes }),
        unknownTags: [],
      });
    });
    socket.on('snapshot', (answer) => {
      asked.push('snapshot');
      if (mute.silent) return;
      const frame = encodeLiveFrame({ sequence: 9, timeMs: 6, changes: [change(0, 99)] });
      answer({ ok: true, frame, unknownTags: [] });
    });
    socket.on('command', ({ target }, answer) => {
      if (target === 'EL101') answer({ accepted: true });
    });
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const mill = {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    live,
    asked,
    close: () => io.close(),
  };
  open.push(mill);
  return mill;
}

function watch() {
  const values = new Map<string, unknown>();
  const seen = { connected: 0, lost: 0, refused: 0 };
  const listener: LiveListener = {
    values: (changes) => {
      for (const [tag, { value }] of changes) values.set(tag, value);
    },
    unknown: () => undefined,
    lost: () => {
      seen.lost += 1;
    },
    connected: () => {
      seen.connected += 1;
    },
    alarms: () => undefined,
    status: () => undefined,
    link: () => undefined,
    ended: () => undefined,
    refused: () => {
      seen.refused += 1;
    },
  };
  return { values, seen, listener };
}

function connect(mill: Mill, listener: LiveListener, answerMs = 4_000, quietMs = 60_000) {
  const client = new LiveClient(listener, { url: mill.url, answerMs, quietMs });
  open.push({ close: () => client.stop() });
  client.want(['A', 'B']);
  client.start();
  return client;
}

describe('the live connection of a screen', () => {
  it('shows the values of its subscription by name, and goes on with frames', async () => {
    const mill = await startMill();
    const { values, seen, listener } = watch();
    connect(mill, listener);
    await expect.poll(() => values.get('B')).toBe(1);
    mill.live.emit('frame', encodeLiveFrame({ sequence: 2, timeMs: 7, changes: [change(1, 42)] }));
    await expect.poll(() => values.get('B')).toBe(42);
    expect(seen.connected).toBe(1);
    expect(mill.asked).toEqual(['subscribe A,B']);
  });

  it('asks for a snapshot when a frame is missing', async () => {
    const mill = await startMill();
    const { values, listener } = watch();
    connect(mill, listener);
    await expect.poll(() => values.get('B')).toBe(1);
    mill.live.emit('frame', encodeLiveFrame({ sequence: 5, timeMs: 7, changes: [change(1, 7)] }));
    await expect.poll(() => values.get('A')).toBe(99);
    expect(mill.asked).toContain('snapshot');
  });

  it('subscribes anew when other tags are shown', async () => {
    const mill = await startMill();
    const { values, listener } = watch();
    const client = connect(mill, listener);
    await expect.poll(() => values.get('B')).toBe(1);
    client.want(['B', 'C']);
    await expect.poll(() => values.get('C')).toBe(1);
    expect(values.get('B')).toBe(0);
  });

  it('knows at once when the server goes away', async () => {
    const mill = await startMill();
    const { values, seen, listener } = watch();
    connect(mill, listener);
    await expect.poll(() => values.get('B')).toBe(1);
    mill.live.disconnectSockets(true);
    await expect.poll(() => seen.lost).toBeGreaterThan(0);
  });

  it('says that it was refused, and is there again as soon as it is let in', async () => {
    const mill = await startMill();
    const door = { open: false };
    mill.live.use((_, next) => next(door.open ? undefined : new Error('unavailable')));
    const { seen, listener } = watch();
    connect(mill, listener);
    await expect.poll(() => seen.refused).toBeGreaterThan(0);
    expect(seen.connected).toBe(0);
    door.open = true;
    await expect.poll(() => seen.connected, { timeout: 8_000 }).toBe(1);
  });

  it('takes an open line that does not answer for lost, and connects anew', async () => {
    const mute = { silent: false };
    const mill = await startMill(mute);
    const { values, seen, listener } = watch();
    connect(mill, listener, 200, 300);
    await expect.poll(() => values.get('B')).toBe(1);
    mute.silent = true;
    await expect.poll(() => seen.lost, { timeout: 5_000 }).toBeGreaterThan(0);
    mute.silent = false;
    const before = seen.connected;
    await expect.poll(() => seen.connected, { timeout: 10_000 }).toBeGreaterThan(before);
  });

  it('refuses a command without a connection, and gives the answer of one with', async () => {
    const mill = await startMill();
    const { values, listener } = watch();
    const client = connect(mill, listener);
    expect(await client.command('device.start', 'EL101')).toMatchObject({ accepted: false });
    await expect.poll(() => values.get('B')).toBe(1);
    expect(await client.command('device.start', 'EL101')).toEqual({ accepted: true });
  });
});
