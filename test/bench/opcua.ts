import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { root } from '../support/sources.ts';
import { until } from '../support/until.ts';
import type { Answer, Ask, Changes } from './opcua-field.ts';
import { FAST_TAGS, SLOW_TAGS } from './opcua-field.ts';
import { percentile, type Row } from './report.ts';

const ROUNDS = 3;
const WARM_UP_TICKS = 30;
const TICKS = 100;
const TAGS = SLOW_TAGS + FAST_TAGS;

type Role = 'driver' | 'bare';

function begin(...args: string[]): ChildProcess {
  return fork(join(root, 'test/bench/opcua-process.ts'), args);
}

async function hear(child: ChildProcess): Promise<Answer> {
  const [message] = await once(child, 'message');
  return message as Answer;
}

async function ask(child: ChildProcess, what: Ask): Promise<Changes> {
  const heard = hear(child);
  child.send(what);
  const answer = await heard;
  if (answer.is !== 'changes') throw new Error('a process of the benchmark answered out of turn');
  return answer;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = once(child, 'exit');
  // It then ends by itself and takes its certificates with it.
  if (child.connected) child.disconnect();
  await ended;
}

/** Lets the field change and waits until the client has every change, or says what is missing. */
async function run(server: ChildProcess, client: ChildProcess, ticks: number): Promise<Changes> {
  await ask(client, { ask: 'mark' });
  const made = await ask(server, { ask: 'run', ticks });
  let last = '';
  return until(
    'all changes',
    async () => {
      const got = await ask(client, { ask: 'tell' });
      last = `${got.changes} of ${made.changes} changes came, their sum ${got.sum} of ${made.sum}`;
      return got.changes >= made.changes && got.sum === made.sum ? got : null;
    },
    { everyMs: 200, withinMs: 15_000, last: () => last },
  );
}

/** CPU of one client, microseconds for each change. */
async function cost(server: ChildProcess, port: number, role: Role): Promise<number> {
  const client = begin(role, String(port));
  try {
    await until('the process', () => client.connected);
    await until('first values of all tags', async () => {
      const { changes } = await ask(client, { ask: 'tell' });
      return changes >= TAGS || null;
    });
    await run(server, client, WARM_UP_TICKS);
    const { changes, cpuSeconds } = await run(server, client, TICKS);
    return (cpuSeconds / changes) * 1e6;
  } finally {
    await end(client);
  }
}

/**
 * What a change costs our driver and a bare client of the same library, with the same subscription
 * on the same server, in turn; each only counts. Fails when a change does not arrive.
 */
export async function opcUaBench(): Promise<Row[]> {
  const server = begin('server');
  const costs: Record<Role, number[]> = { driver: [], bare: [] };
  try {
    const ready = await hear(server);
    if (ready.is !== 'ready') throw new Error('the server of the benchmark is not ready');
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const role of ['driver', 'bare'] as const) {
        costs[role].push(await cost(server, ready.port, role));
      }
    }
  } finally {
    await end(server);
  }
  const ratios = costs.driver.map((one, at) => one / (costs.bare[at] ?? one));
  const note = `${SLOW_TAGS} tags at 1 Hz, ${FAST_TAGS} at 10 Hz, all changes came`;
  return [
    { what: 'OPC UA, driver', value: percentile(costs.driver, 0.5), unit: 'us/change', note },
    { what: 'OPC UA, bare client', value: percentile(costs.bare, 0.5), unit: 'us/change', note },
    { what: 'OPC UA, driver / bare client', value: percentile(ratios, 0.5), unit: '' },
  ];
}
