// Goal: any process may be killed at any moment. The mill goes safe or goes on, running work comes
// back Held, and afterwards every dose, batch and bag is in the database exactly once.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RecordView } from '../../server/contract/records.ts';
import { expectAccountsAgree, type LedgerView, type OrderDetail } from '../support/accounts.ts';
import { Operator } from '../support/operator.ts';
import { submitBroilerFinisher, untilOrder, unusual } from '../support/orders.ts';
import { Stack } from '../support/stack.ts';
import { stepByStep } from '../support/steps.ts';
import { until } from '../support/until.ts';

// Half as fast as other runs: while the controller is dead a screw runs on for three real seconds.
const SPEED = 10;
const ORDER_WITHIN_MS = 420_000;

/** Output tags as the simulator's devices see them. */
interface FieldState {
  readonly outputs: Readonly<Record<string, number | boolean>>;
  readonly inputs: Readonly<Record<string, number | boolean>>;
}

describe('a mill whose processes are killed', () => {
  let stack: Stack;
  let orderId: string;
  let before: LedgerView;
  let operator: Operator;

  stepByStep();
  beforeAll(async () => {
    stack = await Stack.start(SPEED);
    before = await stack.simulator<LedgerView>('/ledger');
    orderId = await submitBroilerFinisher(stack);
    operator = new Operator(stack);
    operator.start();
  });
  afterAll(async () => {
    await operator?.stop();
    await stack?.stop();
  });

  /** Doses of the order in the database; none while it cannot be asked. */
  async function dosesStored(): Promise<number> {
    const order = await stack.call<OrderDetail>('GET', `/api/orders/${orderId}`);
    return order.status === 200 ? order.body.batches.flatMap(({ doses }) => doses).length : 0;
  }

  /** Entries of the order's batch record in the database; none while it cannot be asked. */
  async function entriesStored(): Promise<number> {
    const record = await stack.call<RecordView>('GET', `/api/orders/${orderId}/record`);
    return record.status === 200 ? record.body.entries.length : 0;
  }

  /** By now the mill may have dosed all of the order: pressing and packing are recorded as well. */
  async function moreEntriesThan(stored: number): Promise<void> {
    await until('more of the record', async () => (await entriesStored()) > stored, {
      withinMs: 120_000,
      everyMs: 500,
      last: async () =>
        `${await unusual(stack)}${operator.told()}\n--- server\n${stack.logTail('server')}`,
    });
  }

  test('a killed controller leaves the field safe, and comes back Held', async () => {
    await until('some doses', async () => (await dosesStored()) >= 4, { withinMs: 180_000 });
    await operator.stop();
    await stack.kill('plc');
    await until(
      'safe state by heartbeat',
      async () => {
        const { inputs } = await stack.simulator<FieldState>('/state');
        return ['PLCFIELD.Safe', 'PLCSCALES.Safe', 'PLCDRIVES.Safe', 'PLCBAG.Safe'].every(
          (tag) => inputs[tag] === true,
        );
      },
      { withinMs: 10_000 },
    );
    const { inputs, outputs } = await stack.simulator<FieldState>('/state');
    const energized = Object.entries(outputs).filter(
      ([tag, value]) =>
        /\.(Cmd|OpenCmd|Enable|DischargeCmd|SteamOpen)$/.test(tag) && value === true,
    );
    expect(energized).toEqual([]);
    expect(Object.keys(inputs).length).toBeGreaterThan(300);
    stack.launch('plc');
    await stack.ready();
    await untilOrder(stack, orderId, 'Held', 60_000);
  });

  test('it stays Held until an engineer resumes it', async () => {
    const stored = await dosesStored();
    await stack.command('order.resume', 'LINE1', { orderId });
    operator.start();
    await until('another dose', async () => (await dosesStored()) > stored, {
      withinMs: 120_000,
      last: async () => `${await unusual(stack)}${operator.told()}`,
    });
  });

  test('the mill goes on without its server, and the records follow', async () => {
    const stored = await entriesStored();
    expect(stored).toBeGreaterThan(0);
    await stack.kill('server');
    const ledger = await stack.simulator<LedgerView>('/ledger');
    await until(
      'the mill dosing without a server',
      async () => {
        const now = await stack.simulator<LedgerView>('/ledger');
        return Object.entries(now.bins).some(
          ([id, bin]) => bin.outKg > (ledger.bins[id]?.outKg ?? 0) + 1,
        );
      },
      { withinMs: 60_000 },
    );
    stack.launch('server');
    await stack.ready();
    await stack.signIn(stack.user, stack.password);
    await moreEntriesThan(stored);
  });

  test('a killed database comes back by itself, and the records follow', async () => {
    const stored = await entriesStored();
    expect(stored).toBeGreaterThan(0);
    const killed = stack.databasePid();
    stack.killDatabase();
    await until('another database process', () => {
      const pid = stack.databasePid();
      return pid !== null && pid !== killed;
    });
    await stack.ready();
    await moreEntriesThan(stored);
  });

  test('the order is finished; doses, bins, bags and losses agree', async () => {
    const order = await untilOrder(stack, orderId, 'Complete', ORDER_WITHIN_MS);
    expect(order.batches.map((batch) => batch.state)).toEqual(['Complete', 'Complete', 'Complete']);
    expect(order.batches.map((batch) => batch.doses.length)).toEqual([10, 10, 10]);
    await expectAccountsAgree(stack, order, before);
  });
});
