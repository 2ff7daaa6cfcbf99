// Goal: the simulator as a process of its own: it says when it is ready, obeys its control port,
// explains what it refuses, keeps its mill over a restart, and names every bad key of its
// environment.
import type { ChildProcess } from 'node:child_process';
import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Ledger } from '../../simulators/process/index.ts';
import { freePorts } from '../support/ports.ts';
import { until } from '../support/until.ts';

const root = join(import.meta.dirname, '../..');
let folder = '';
let environment: Record<string, string> = {};
let control = '';
let child: ChildProcess | null = null;
let said = '';

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'simulator-'));
  const [opc, scales, drives, bagging, port] = await freePorts(5);
  control = `http://127.0.0.1:${port}`;
  environment = {
    MILL: 'pilot',
    DATA_DIR: folder,
    SIM_PORT: String(port),
    SIM_SPEED: '20',
    CONNECTION_FIELD: `opc.tcp://127.0.0.1:${opc}`,
    CONNECTION_SCALES: `127.0.0.1:${scales}`,
    CONNECTION_DRIVES: `127.0.0.1:${drives}`,
    CONNECTION_BAGGING: `127.0.0.1:${bagging}`,
  };
});

afterEach(async () => {
  await end('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

function launch(more: Record<string, string> = {}): ChildProcess {
  said = '';
  const started = spawn(process.execPath, ['simulators/main.ts'], {
    cwd: root,
    env: { PATH: process.env['PATH'], ...environment, ...more },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [started.stdout, started.stderr]) {
    stream?.on('data', (data: Buffer) => {
      said += data.toString('utf8');
    });
  }
  child = started;
  return started;
}

async function start(): Promise<void> {
  launch();
  await until('simulator ready', () => said.includes('simulator ready'), { last: () => said });
}

async function end(signal: NodeJS.Signals): Promise<void> {
  const ending = child;
  if (ending === null || ending.exitCode !== null || ending.signalCode !== null) return;
  const gone = new Promise<void>((resolve) => {
    ending.once('exit', () => resolve());
  });
  ending.kill(signal);
  await gone;
}

interface Reply {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

async function ask(path: string, body?: unknown, type = 'application/json'): Promise<Reply> {
  const answer = await fetch(`${control}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { 'content-type': type },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as Reply['body'] };
}

/** A scenario under way, as the control port tells of it. */
interface Running {
  readonly stepsLeft: number;
}

async function ledger(): Promise<Ledger> {
  return (await ask('/ledger')).body as unknown as Ledger;
}

async function pitKg(): Promise<number> {
  return (await ledger()).bins['PIT101']?.inKg ?? 0;
}

describe('the simulator process', () => {
  test('takes trucks, faults and outages, and keeps its mill over a restart', async () => {
    await start();
    expect(await ask('/trucks', { material: 'MAIZE', lot: 'XE-1', kg: 1_500 })).toMatchObject({
      status: 200,
    });
    await until('the truck tipped', async () => (await pitKg()) === 1_500);
    const fault = { device: 'PM701', fault: 'bias', role: 'ConditionerT', value: 20 };
    expect((await ask('/faults', fault)).status).toBe(200);
    await until('the biased temperature', async () => {
      const { inputs } = (await ask('/state')).body as { inputs: Record<string, unknown> };
      return inputs['PM701.ConditionerT'] === 48;
    });
    expect((await ask('/servers/scales/units/2', { up: false })).status).toBe(200);
    expect((await ask('/servers/bagging', { up: false })).status).toBe(200);
    expect((await ask('/state')).body['servers']).toContainEqual({
      connection: 'bagging',
      up: false,
      units: [{ id: 1, failure: null }],
    });
    await end('SIGTERM');
    await start();
    expect(await pitKg()).toBe(1_500);
    expect((await ledger()).balanceMg).toBe(0);
    // Outages last over the restart, like every other fault, until someone clears them.
    expect((await ask('/state')).body['servers']).toContainEqual({
      connection: 'bagging',
      up: false,
      units: [{ id: 1, failure: null }],
    });
    expect((await ask('/faults', { ...fault, active: false })).body['present']).toHaveLength(2);
    expect((await ask('/faults', { active: false })).body).toEqual({ present: [] });
  });

  test('killed without a word, it has its mill of a moment before, its faults and its links', async () => {
    await start();
    await ask('/trucks', { material: 'MAIZE', lot: 'XE-2', kg: 1_000 });
    await ask('/faults', { fault: 'unit-silent', connection: 'scales', unit: 1 });
    await until('the truck tipped', async () => (await pitKg()) === 1_000);
    const saved = join(folder, 'simulator.json');
    const tippedInFile = () =>
      existsSync(saved) && readFileSync(saved, 'utf8').includes('trucks":[]');
    await until('a save of it', tippedInFile);
    const { timeMs } = (await ask('/state')).body as { timeMs: number };
    await end('SIGKILL');
    await start();
    expect(await pitKg()).toBe(1_000);
    const after = (await ask('/state')).body as { timeMs: number; servers: unknown[] };
    // It saves every two seconds, which are forty of this process.
    expect(after.timeMs).toBeGreaterThan(timeMs - 3 * 40_000);
    expect(JSON.stringify(after.servers)).toContain('"failure":"silent"');
    expect((await ledger()).balanceMg).toBe(0);
  });

  test('a damaged file is not taken for a mill', async () => {
    await start();
    await end('SIGTERM');
    const path = join(folder, 'simulator.json');
    writeFileSync(path, readFileSync(path, 'utf8').replace('"timeMs":', '"timeMs":1'));
    await start();
    expect(said).toContain('damaged');
  });

  test('refuses with what must be mended', async () => {
    await start();
    const refusals: [string, unknown, number][] = [
      ['/trucks', { material: 'GOLD', lot: 'X', kg: 1 }, 409],
      ['/trucks', { material: 'MAIZE', lot: 'X', kg: -1 }, 400],
      ['/trucks', { material: 'MAIZE', lot: 'X', kg: 1, colour: 'red' }, 400],
      ['/faults', { device: 'XX1', fault: 'trip' }, 409],
      ['/faults', { device: 'EL101', fault: 'tired' }, 409],
      ['/servers/nothing', { up: true }, 404],
      ['/servers/field/units/1', { up: true }, 404],
      ['/nowhere', {}, 404],
    ];
    for (const [path, body, status] of refusals) {
      const reply = await ask(path, body);
      expect(reply, path).toMatchObject({ status });
      expect(String(reply.body['detail']).length).toBeGreaterThan(5);
    }
    const foreign = await ask('/trucks', { material: 'MAIZE', lot: 'X', kg: 1 }, 'text/plain');
    expect(foreign.status).toBe(415);
  });

  test('changes its speed while it runs, and says that the controller does not', async () => {
    await start();
    const timeMs = async () => Number((await ask('/state')).body['timeMs']);
    expect((await ask('/speed', { speed: 20 })).body).toEqual({ speed: 20 });
    const changed = await ask('/speed', { speed: 100 });
    expect(changed.body['warning']).toMatchObject({ en: expect.stringContaining('SIM_SPEED=100') });
    const before = await timeMs();
    const startMs = performance.now();
    await until('ten seconds of process', async () => (await timeMs()) >= before + 10_000);
    expect(performance.now() - startMs).toBeLessThan(5_000);
    expect((await ask('/speed', { speed: 101 })).status).toBe(400);
  });

  test('begins the scenario it is started with, and goes on with it after a restart', async () => {
    launch({ SIM_SCENARIO: 'network-trouble' });
    await until('simulator ready', () => said.includes('simulator ready'), { last: () => said });
    const left = async () =>
      ((await ask('/scenarios')).body['running'] as Running | null)?.stepsLeft;
    expect(await left()).toBe(7);
    await until('its first step', async () => ((await left()) ?? 7) < 7);
    await end('SIGTERM');
    await start();
    expect(await left()).toBeLessThan(7);
    expect((await ask('/scenarios', { name: 'bad-day', seed: 3 })).body['running']).toMatchObject({
      name: 'bad-day',
    });
    expect((await ask('/scenarios', { name: '../package' })).status).toBe(404);
    const wrong = await ask('/scenarios', { scenario: { mill: 'other', steps: [] } });
    expect(wrong.status).toBe(409);
    for (const part of ['text', 'steps']) expect(wrong.body['detail']).toContain(part);
    expect((await ask('/scenarios', { stop: true })).body).toEqual({ running: null });
  });

  test('a bad scenario stops the start and names what is wrong', async () => {
    const path = join(folder, 'mine.json');
    const step = { do: 'fault', atS: 1, fault: 'choke', device: 'EL101' };
    writeFileSync(
      path,
      JSON.stringify({ text: { vi: 'a', en: 'b' }, mill: 'pilot', steps: [step] }),
    );
    const started = launch({ SIM_SCENARIO: path });
    await until('its end', () => started.exitCode !== null);
    expect(said).toContain('a elevator cannot have the fault choke');
  });

  test('a bad environment stops the start and names every bad key', async () => {
    const started = launch({ SIM_SPEED: '500', SIM_PORT: 'x' });
    await until('its end', () => started.exitCode !== null);
    expect(started.exitCode).toBe(1);
    expect(said).toContain('SIM_SPEED');
    expect(said).toContain('SIM_PORT');
  });
});

describe('the command line of the simulator', () => {
  function sim(...words: string[]): Promise<{ code: number; text: string }> {
    return new Promise((resolve) => {
      const env = { PATH: process.env['PATH'], SIM_PORT: environment['SIM_PORT'] };
      const script = join(root, 'simulators/cli.ts');
      execFile(process.execPath, [script, ...words], { env }, (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : 1, text: stdout + stderr });
      });
    });
  }

  test('lists, sets and clears faults, runs scenarios, and explains what it cannot do', async () => {
    expect((await sim('state')).text).toContain('is the simulator running?');
    await start();
    expect((await sim('faults', 'kinds')).text).toContain('Kẹt, không di chuyển / It stays');
    const set = await sim(
      'faults',
      'set',
      'bias',
      'device=WS501',
      'role=Net',
      'value=2',
      'forS=600',
    );
    expect(set.code, set.text).toBe(0);
    expect((await sim('faults', 'list')).text).toContain('"device": "WS501"');
    expect(await sim('faults', 'clear')).toEqual({ code: 0, text: '[]\n' });
    const refused = await sim('faults', 'set', 'slow', 'connection=nowhere', 'skewS=1');
    expect(refused.code).toBe(1);
    for (const part of ['nowhere', 'skewS']) expect(refused.text).toContain(part);
    expect((await sim('scenario', 'run', 'press-choke', 'seed=2')).text).toContain(
      '"stepsLeft": 3',
    );
    expect((await sim('scenario', 'stop')).code).toBe(0);
    expect((await sim('truck', 'material=MAIZE', 'lot=0012', 'kg=100')).code).toBe(0);
    expect((await sim('unit', 'scales', '1', 'silent')).code).toBe(0);
    expect((await sim('speed', '10')).text).toContain('SIM_SPEED=10');
    expect((await sim('dance')).text).toContain('npm run sim');
  });
});
