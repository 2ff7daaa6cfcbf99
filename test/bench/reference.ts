import { setTimeout as pause } from 'node:timers/promises';
import { Operator } from '../support/operator.ts';
import { Stack } from '../support/stack.ts';
import { watchProcesses } from './processes.ts';
import type { Row } from './report.ts';

const WARM_UP_MS = 30_000;
const WATCH_MS = 60_000;

const ORDERS = [
  { formula: 'PIG-GROWER', line: 'LINE1', destination: 'FB101' },
  { formula: 'BROILER-FIN', line: 'LINE2', destination: 'FB301' },
] as const;

/** Both lines make feed, and a truck of maize is at each pit with its way to a silo running. */
async function fillWithWork(stack: Stack): Promise<void> {
  for (const order of ORDERS) {
    const { status, body } = await stack.call('POST', '/api/orders', {
      ...order,
      orderKg: 36_000,
      batchKg: 6_000,
      packaging: 'bags',
      bagKg: 25,
      start: true,
    });
    if (status >= 300) throw new Error(`order refused: ${JSON.stringify(body)}`);
  }
  for (const [pit, silo] of [
    ['PIT1', 'SI101'],
    ['PIT2', 'SI102'],
  ] as const) {
    await stack.simulator('/trucks', { material: 'MAIZE', lot: `BENCH-${pit}`, kg: 30_000, pit });
    await stack.command('route.start', `INTAKE${pit.slice(-1)}`, {
      source: pit,
      destination: silo,
    });
  }
}

/** The reference mill at the plant's speed: standing, then with lines and pits at work. */
export async function referenceBench(): Promise<Row[]> {
  const stack = await Stack.start(1, { mill: 'reference' });
  const operator = new Operator(stack);
  try {
    await pause(WARM_UP_MS);
    const idle = await watchProcesses(stack, 'reference, standing', () => pause(WATCH_MS));
    await fillWithWork(stack);
    operator.start();
    await pause(WARM_UP_MS);
    const running = await watchProcesses(stack, 'reference, running', () => pause(WATCH_MS));
    return [...idle, ...running];
  } finally {
    await operator.stop();
    await stack.stop();
  }
}
