import { z } from 'zod';
import type { CommandGate } from '../../commands/command-gate.ts';
import type { OrderDesk } from '../../commands/order-desk.ts';
import { commandRequestSchema } from '../../contract/live.ts';
import {
  batchViewSchema,
  listQuerySchema,
  newOrderAnswerSchema,
  newOrderSchema,
  orderDetailSchema,
  orderViewSchema,
} from '../../contract/rest.ts';
import type { RecordReader } from '../ports.ts';
import { ProblemError } from '../problem.ts';
import type { Route } from '../route.ts';
import { callerOf, route } from '../route.ts';

export interface OrderParts {
  readonly records: RecordReader;
  readonly desk: OrderDesk;
  readonly commands: CommandGate;
}

const idParams = z.strictObject({ id: z.string().min(1).max(64) });

function found<T>(one: T | null, id: string): T {
  if (one === null) throw new ProblemError('not-found', { detail: id });
  return one;
}

/** Orders, their batches, and commands to the mill. */
export function orderRoutes(parts: OrderParts): Route[] {
  return [
    listRoute(parts),
    createRoute(parts),
    orderRoute(parts),
    batchRoute(parts),
    commandRoute(parts),
  ];
}

function listRoute({ records }: OrderParts): Route {
  return route({
    method: 'get',
    path: '/api/orders',
    door: 'orders.read',
    tag: 'orders',
    summary: { vi: 'Các lệnh sản xuất', en: 'Orders' },
    query: listQuerySchema,
    response: z.array(orderViewSchema),
    handle: ({ query }) => records.orders(query),
  });
}

function createRoute({ desk }: OrderParts): Route {
  return route({
    method: 'post',
    path: '/api/orders',
    door: 'orders.create',
    tag: 'orders',
    summary: { vi: 'Lập lệnh sản xuất', en: 'Make an order' },
    status: 201,
    body: newOrderSchema,
    response: newOrderAnswerSchema,
    handle: async (call) => {
      const result = await desk.create(callerOf(call), call.body);
      if (!result.ok) throw new ProblemError('refused', { reasons: result.reasons });
      return result.answer;
    },
  });
}

function orderRoute({ records }: OrderParts): Route {
  return route({
    method: 'get',
    path: '/api/orders/:id',
    door: 'orders.read',
    tag: 'orders',
    summary: { vi: 'Lệnh sản xuất với các mẻ', en: 'An order with its batches' },
    params: idParams,
    response: orderDetailSchema,
    handle: async ({ params }) => found(await records.order(params.id), params.id),
  });
}

function batchRoute({ records }: OrderParts): Route {
  return route({
    method: 'get',
    path: '/api/batches/:id',
    door: 'batches.read',
    tag: 'orders',
    summary: { vi: 'Hồ sơ mẻ', en: 'A batch record' },
    params: idParams,
    response: batchViewSchema,
    handle: async ({ params }) => found(await records.batch(params.id), params.id),
  });
}

function commandRoute({ commands }: OrderParts): Route {
  return route({
    method: 'post',
    path: '/api/commands',
    door: 'commands.send',
    tag: 'commands',
    summary: { vi: 'Gửi lệnh tới nhà máy', en: 'Send a command to the mill' },
    body: commandRequestSchema,
    response: z.object({ accepted: z.literal(true) }),
    handle: async (call) => {
      const result = await commands.send(callerOf(call), call.body);
      if (!result.accepted) throw new ProblemError('refused', { reasons: result.reasons });
      return result;
    },
  });
}
