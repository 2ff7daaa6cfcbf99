// Goal: a screen sees every value with its quality, in order and merged to its rate; it sees at
// once that the controller is gone, and is closed at once when its session ends.
import type { Socket } from 'socket.io-client';
import { io } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { TagChange } from '../../plc/link/contract.ts';
import { pilot } from '../../plc/mill/mills/pilot.ts';
import type { ClientToServer, LinkState, ServerToClient } from '../../server/contract/live.ts';
import type { LiveFrame } from '../../server/contract/live-frame.ts';
import { decodeLiveFrame } from '../../server/contract/live-frame.ts';
import { PeopleServerHouse } from '../support/people-server.ts';
import { until } from '../support/until.ts';

type Screen = Socket<ServerToClient, ClientToServer>;

let house: PeopleServerHouse;
const screens: Screen[] = [];
let frameNumber = 0;

beforeAll(async () => {
  house = await PeopleServerHouse.open(['operator']);
});
afterEach(() => {
  for (const screen of screens.splice(0)) screen.close();
});
afterAll(() => house.close());

function indexOf(name: string): number {
  return pilot.tags.findIndex((tag) => tag.name === name);
}

/** What the controller would send. */
function told(...changes: TagChange[]): void {
  frameNumber += 1;
  const timeMs = 1_790_000_000_000 + frameNumber;
  house.server.tags.apply({ sequence: frameNumber, full: false, timeMs, changes });
}

async function openScreen(origin?: string): Promise<Screen> {
  const cookie = await house.signIn('operator');
  const screen: Screen = io(`${house.url}/live`, {
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
    extraHeaders: { cookie, ...(origin === undefined ? {} : { origin }) },
  });
  screens.push(screen);
  return screen;
}

async function subscribed(tags: string[], ratePerS = 20) {
  const screen = await openScreen();
  const frames: LiveFrame[] = [];
  screen.on('frame', (frame) => frames.push(decodeLiveFrame(new Uint8Array(frame))));
  const answer = await screen.emitWithAck('subscribe', { tags, ratePerS });
  if (!answer.ok) throw new Error(answer.problem);
  const snapshot = decodeLiveFrame(new Uint8Array(answer.frame));
  return { screen, frames, snapshot, unknownTags: answer.unknownTags };
}

test('the first answer has every value, and names the tags that are none', async () => {
  told([indexOf('EL101.SpeedPct'), 0, 98.5, 1, 2], [indexOf('EL101.RunFb'), 0, true, 3, 4]);
  const { snapshot, unknownTags } = await subscribed([
    'EL101.SpeedPct',
    'KHONG.Co',
    'EL101.RunFb',
    'EL101.Trip',
  ]);
  expect(unknownTags).toEqual(['KHONG.Co']);
  expect(snapshot.sequence).toBe(1);
  expect(snapshot.changes).toEqual([
    { tag: 0, quality: 0, value: 98.5, sourceTimeMs: 1, receivedTimeMs: 2 },
    { tag: 1, quality: 3, value: null, sourceTimeMs: 0, receivedTimeMs: 0 },
    { tag: 2, quality: 0, value: true, sourceTimeMs: 3, receivedTimeMs: 4 },
    { tag: 3, quality: 3, value: null, sourceTimeMs: 0, receivedTimeMs: 0 },
  ]);
});

test('a screen hears only of its tags, merged to its rate, numbered without a gap', async () => {
  const { frames } = await subscribed(['EL101.SpeedPct', 'EL101.Amps'], 4);
  const startedMs = Date.now();
  for (let step = 0; step < 200; step++) {
    told([indexOf('EL101.SpeedPct'), 0, step, step, step], [indexOf('CC101.Amps'), 0, step, 0, 0]);
  }
  told([indexOf('EL101.Amps'), 1, 7, 0, 0]);
  await until('merged frame', () => frames.length >= 1);
  told([indexOf('EL101.SpeedPct'), 0, 1_000, 0, 0]);
  await until('next frame', () => frames.length >= 2);
  expect(frames.map(({ sequence }) => sequence)).toEqual([2, 3]);
  expect(frames[0]?.changes.map(({ tag, value, quality }) => [tag, value, quality])).toEqual([
    [0, 199, 0],
    [1, 7, 1],
  ]);
  expect(frames[1]?.changes.map(({ tag, value }) => [tag, value])).toEqual([[0, 1_000]]);
  expect(Date.now() - startedMs).toBeGreaterThan(240);
});

test('a snapshot goes on in the same numbering, and unsubscribing ends the frames', async () => {
  const { screen, frames } = await subscribed(['EL101.SpeedPct']);
  const answer = await screen.emitWithAck('snapshot');
  expect(answer.ok && decodeLiveFrame(new Uint8Array(answer.frame)).sequence).toBe(2);
  screen.emit('unsubscribe');
  expect(await screen.emitWithAck('snapshot')).toEqual({ ok: false, problem: 'subscribe first' });
  const other = await subscribed(['EL101.SpeedPct'], 2);
  told([indexOf('EL101.SpeedPct'), 0, 5, 0, 0]);
  // Ten periods of the first screen pass until the other one gets its frame.
  await until('frame of the other screen', () => other.frames.length > 0);
  expect(frames).toEqual([]);
});

test('without the controller every good value is stale at once, the last one kept', async () => {
  told([indexOf('EL101.SpeedPct'), 0, 97, 10, 11], [indexOf('EL101.Amps'), 3, null, 12, 13]);
  const { frames } = await subscribed(['EL101.SpeedPct', 'EL101.Amps']);
  house.server.tags.loseAll();
  await until('stale frame', () => frames.length > 0);
  expect(frames[0]?.changes).toEqual([
    { tag: 0, quality: 2, value: 97, sourceTimeMs: 10, receivedTimeMs: 11 },
  ]);
});

test('alarms, documents and link state are told on connecting and at each change', async () => {
  const route = { kind: 'route', route: 'GRIND', state: 'Idle' } as const;
  const still = { source: null, destination: null, second: null, owner: null, product: null };
  const document = { ...route, ...still, queue: [], residues: [], reasons: [] };
  house.server.board.setStatus(document);
  const links: LinkState[] = [];
  const documents: unknown[] = [];
  let alarms = -1;
  const screen = await openScreen();
  screen.on('link', (state) => links.push(state));
  screen.on('status', (one) => documents.push(one));
  screen.on('alarms', (list) => {
    alarms = list.length;
  });
  await until('first word', () => links.length > 0 && documents.length > 0 && alarms === 0);
  expect(links[0]?.connected).toBe(false);
  house.server.board.setLink({ connected: true, speed: 20 });
  house.server.board.setStatus({ ...document, state: 'Running' });
  await until('changes', () => links.length === 2 && documents.length === 2);
  expect(links[1]).toMatchObject({ connected: true, speed: 20 });
  expect(documents[1]).toMatchObject({ route: 'GRIND', state: 'Running' });
});

test('a screen whose session is ended is told so and closed', async () => {
  const { screen } = await subscribed(['EL101.SpeedPct']);
  let ended = '';
  screen.on('ended', (why) => {
    ended = why;
  });
  await house.call('DELETE', '/api/users/operator/sessions', { cookie: house.admin });
  await until('closed', () => ended === 'session.ended' && screen.disconnected, {
    withinMs: 2_000,
  });
});

test('a page of another site gets no socket', async () => {
  const screen = await openScreen('http://evil.example');
  const failed = new Promise<string>((done) =>
    screen.once('connect_error', () => done('turned away')),
  );
  expect(await failed).toBe('turned away');
});

test.each([
  [{ tags: 'EL101.RunFb' }],
  [{ tags: ['x'.repeat(65)] }],
  [{ tags: [], ratePerS: 500 }],
  [{ tags: [], more: 1 }],
  [null],
])('a malformed subscription is answered with its fault: %j', async (request) => {
  const screen = await openScreen();
  const answer = await screen.emitWithAck('subscribe', request as never);
  expect(answer.ok).toBe(false);
});

test('a flood of commands is held back, and calls without an answer do no harm', async () => {
  const screen = await openScreen();
  const request = () => ({
    commandId: crypto.randomUUID(),
    name: 'order.hold',
    target: 'LINE1',
    args: { orderId: '1' },
  });
  const before = house.controller.told.length;
  const answers = await Promise.all(
    Array.from({ length: 120 }, () => screen.emitWithAck('command', request())),
  );
  const tooMany = answers.filter(
    (answer) => !answer.accepted && answer.reasons[0]?.code === 'command.too-many',
  );
  expect(tooMany.length).toBeGreaterThan(20);
  expect(house.controller.told.length - before).toBe(120 - tooMany.length);
  screen.emit('subscribe', { tags: [] }, undefined as never);
  screen.emit('command', 'nonsense' as never, undefined as never);
  const other = await openScreen();
  expect((await other.emitWithAck('subscribe', { tags: [] })).ok).toBe(true);
});
