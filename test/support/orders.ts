import type { OrderDetail } from './accounts.ts';
import type { Operator } from './operator.ts';
import type { Stack } from './stack.ts';
import { until } from './until.ts';
import type { AlarmView, OrderView, TagView } from './views.ts';

/** Submits 1.5 t of broiler finisher for bags, to start at once; gives the order's number. */
export async function submitBroilerFinisher(stack: Stack): Promise<string> {
  const { status, body } = await stack.call<OrderView>('POST', '/api/orders', {
    formula: 'BROILER-FIN',
    orderKg: 1_500,
    batchKg: 500,
    line: 'LINE1',
    destination: 'FB901',
    packaging: 'bags',
    bagKg: 25,
    start: true,
  });
  if (status >= 300) throw new Error(`order refused: ${JSON.stringify(body)}`);
  return body.orderId;
}

/**
 * Waits until the order is in this state, with all its records in the database; when it does not
 * come about, what the operator did is told too.
 */
export async function untilOrder(
  stack: Stack,
  orderId: string,
  state: string,
  withinMs: number,
  operator: Operator | null = null,
): Promise<OrderDetail> {
  let seen = 'nothing';
  return until(
    `order ${orderId} ${state}`,
    async () => {
      const answer = await stack.call<OrderDetail>(
        'GET',
        `/api/orders/${encodeURIComponent(orderId)}`,
      );
      if (answer.status !== 200) return null;
      const { batches, ...order } = answer.body;
      seen = JSON.stringify({ ...order, doses: batches.flatMap((batch) => batch.doses).length });
      return order.state === state ? answer.body : null;
    },
    {
      withinMs,
      everyMs: 500,
      last: async () => `${seen}\n${await unusual(stack)}${operator?.told() ?? ''}`,
    },
  );
}

/** What is not normal in the mill now, for the message of a failed wait. */
export async function unusual(stack: Stack): Promise<string> {
  const tags = await stack.get<TagView[]>('/api/tags');
  const states = tags
    .filter(({ tag, value }) => /\.(State|Phase)$/.test(tag) && value !== 0)
    .map(({ tag, value, quality }) => `${tag}=${value} (${quality})`);
  const alarms = (await stack.get<AlarmView[]>('/api/alarms'))
    .filter(({ state }) => state.includes('Active'))
    .map(({ alarmId }) => alarmId);
  return `${states.join(' ')}\nactive alarms: ${alarms.join(' ')}`;
}

export async function tag(stack: Stack, name: string): Promise<TagView> {
  return stack.get<TagView>(`/api/tags/${encodeURIComponent(name)}`);
}
