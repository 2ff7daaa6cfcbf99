// Goal: the simulator as a process of its own: it says when it is ready, obeys its control port,
// explains what it refuses, keeps its mill over a restart, and names every bad key of its
// environment.
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

  test('a bad environment stops the start and names every bad key', async () => {
    const started = launch({ SIM_SPEED: '500', SIM_PORT: 'x' });
    await until('its end', () => started.exitCode !== null);
    expect(started.exitCode).toBe(1);
    expect(said).toContain('SIM_SPEED');
    expect(said).toContain('SIM_PORT');
  });
});
