/**
 * Goal: the server believes a controller only when it is the right one, mends a gap by a fresh full
 * frame, acknowledges rows only when they are stored for good, and never calls a command done that
 * may not be.
 */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { LinkFrame } from '../../plc/link/contract.ts';
import { pilot } from '../../plc/mill/mills/pilot.ts';
import type { LinkPhase } from '../../server/link/link-client.ts';
import { LinkClient } from '../../server/link/link-client.ts';
import { linkKey } from '../../server/link/link-key.ts';
import type { RowStore } from '../../server/link/row-intake.ts';
import type { SpoolRows } from '../../server/records/record-store.ts';
import { ControllerEnd } from '../support/controller-end.ts';
import { KeptLog } from '../support/database.ts';
import { bagRecord, spoolRows } from '../support/records.ts';
import { until } from '../support/until.ts';

const KEY = 'key-of-this-installation-0123456789';

/** A store that keeps rows in memory and can be away, as a database can. */
class MemoryStore implements RowStore {
  readonly stored: SpoolRows[] = [];
  away = false;
  refused = 0;

  store(message: SpoolRows): Promise<number> {
    if (this.away) {
      this.refused += 1;
      return Promise.reject(new Error('database is away'));
    }
    this.stored.push(message);
    return Promise.resolve(message.rows.at(-1)?.sequence ?? 0);
  }
}

let controller: ControllerEnd;
let store: MemoryStore;
let client: LinkClient;
let frames: LinkFrame[];
let phases: LinkPhase[];

beforeEach(async () => {
  controller = new ControllerEnd(pilot, KEY);
  await controller.start();
  store = new MemoryStore();
  client = connectWith(KEY);
});
afterEach(async () => {
  client.stop();
  await controller.stop();
});

function connectWith(key: string): LinkClient {
  const log = new KeptLog();
  const made = new LinkClient({
    url: controller.url,
    key,
    mill: pilot,
    store,
    log,
    commandTimeoutMs: 300,
  });
  frames = [];
  phases = [];
  made.listen({
    frame: (frame) => frames.push(frame),
    state: ({ phase }) => phases.push(phase),
  });
  return made;
}

const connected = () =>
  until('a connected link', () => client.status.phase === 'connected', { everyMs: 10 });

const command = () => ({
  commandId: randomUUID(),
  name: 'device.stop' as const,
  target: 'EL101',
  args: {},
  user: 'lan',
  sentTimeMs: Date.now(),
});

test('a right hello and a full frame make the link, and frames arrive in order', async () => {
  client.start();
  await connected();
  controller.frame(2, false, [[3, 0, 4.5, 1_000, 1_001]]);
  await until('the second frame', () => frames.length === 2, { everyMs: 10 });
  expect(frames.map(({ sequence, full }) => [sequence, full])).toEqual([
    [1, true],
    [2, false],
  ]);
  expect(client.status.hello?.mill).toBe('pilot');
});

test('a gap in the frames brings a fresh connection and a full frame', async () => {
  client.start();
  await connected();
  controller.frame(5, false, [[3, 0, 4.5, 1_000, 1_001]]);
  await until('a second connection', () => controller.connections === 2, { everyMs: 10 });
  await connected();
  expect(frames.map(({ full }) => full)).toEqual([true, true]);
});

test('a controller that stops and comes back is found again', async () => {
  client.start();
  await connected();
  await controller.stop();
  await until('the loss to be seen', () => client.status.phase === 'connecting', { everyMs: 10 });
  expect(await client.command(command())).toEqual({
    accepted: false,
    reasons: [{ code: 'plc.unreachable', objects: {} }],
  });
  await controller.start();
  await connected();
  expect(phases).toEqual(['stopped', 'connecting', 'connected', 'connecting', 'connected']);
});

test('a controller of another mill, tag table or version is not believed', async () => {
  for (const wrong of [{ mill: 'other' }, { tagTableHash: 'f'.repeat(64) }, { version: 2 }]) {
    controller.hello = wrong;
    const other = connectWith(KEY);
    other.start();
    await until('the mismatch', () => other.status.phase === 'mismatch', { everyMs: 10 });
    expect(other.status.fault).toContain('start both with the same MILL and version');
    other.stop();
    expect(frames).toEqual([]);
  }
});

test('a wrong key is told apart from a controller that is away', async () => {
  const stranger = connectWith('another-key-of-another-installation');
  stranger.start();
  await until('the refusal', () => stranger.status.phase === 'refused', { everyMs: 10 });
  expect(stranger.status.fault).toContain('link.key');
  stranger.stop();
});

test('rows are acknowledged when they are stored', async () => {
  client.start();
  await connected();
  const message = spoolRows(randomUUID(), 7, [bagRecord(1), bagRecord(2)]);
  expect(await controller.rows(message)).toBe(8);
  expect(store.stored).toEqual([message]);
});

test('while the database is away rows are not acknowledged, live values go on, nothing is lost', async () => {
  store.away = true;
  client.start();
  await connected();
  const message = spoolRows(randomUUID(), 1, [bagRecord(1)]);
  const acknowledged = controller.rows(message);
  await until('some attempts', () => store.refused >= 2, { everyMs: 10 });
  controller.frame(2, false, [[3, 0, 4.5, 1_000, 1_001]]);
  await until('live values', () => frames.length === 2, { everyMs: 10 });
  store.away = false;
  expect(await acknowledged).toBe(1);
  expect(store.stored).toEqual([message]);
});

test('rows sent again while the first still wait are stored and acknowledged once', async () => {
  store.away = true;
  client.start();
  await connected();
  const message = spoolRows(randomUUID(), 1, [bagRecord(1)]);
  const first = controller.rows(message, 1_500).then(
    () => 'answered',
    () => 'no answer',
  );
  await until('an attempt', () => store.refused >= 1, { everyMs: 10 });
  const second = controller.rows(message);
  store.away = false;
  expect(await second).toBe(1);
  expect(await first).toBe('no answer');
  expect(store.stored).toHaveLength(1);
});

test('a command brings the answer of the controller', async () => {
  client.start();
  await connected();
  controller.onCommand = () => ({ accepted: true });
  expect(await client.command(command())).toEqual({ accepted: true });
  const refusal = { code: 'device.local' as const, objects: { device: 'EL101' } };
  controller.onCommand = () => ({ accepted: false, reasons: [refusal] });
  expect(await client.command(command())).toEqual({ accepted: false, reasons: [refusal] });
});

test('a command without an answer is refused, and says that it may have been carried out', async () => {
  client.start();
  await connected();
  const result = await client.command(command());
  expect(result.accepted ? [] : result.reasons.map(({ code }) => code)).toEqual([
    'plc.unreachable',
    'command.unconfirmed',
  ]);
});

test('the key of an installation is made once and read by its user alone', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'mill-key-'));
  try {
    const key = linkKey(dataDir);
    expect(key.length).toBeGreaterThanOrEqual(43);
    expect(linkKey(dataDir)).toBe(key);
    expect(statSync(join(dataDir, 'link.key')).mode & 0o777).toBe(0o600);
  } finally {
    rmSync(dataDir, { recursive: true });
  }
});
