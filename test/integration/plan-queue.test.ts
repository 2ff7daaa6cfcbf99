// Goal: planned orders wait in the database in the order that people give them, go to their line
// when someone has released them and it has room, and neither get lost nor go twice.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { TagChange } from '../../plc/link/contract.ts';
import { orderSchema } from '../../plc/link/contract.ts';
import { pilot } from '../../plc/mill/mills/pilot.ts';
import { SCALE_STATES } from '../../plc/model/isa88.ts';
import { reason } from '../../plc/model/reason.ts';
import type { LineStatus, OrderProgress } from '../../plc/model/status.ts';
import type { PlanProposal, PlanView } from '../../server/contract/plan.ts';
import { planViewSchema } from '../../server/contract/plan.ts';
import { PeopleServerHouse } from '../support/people-server.ts';

let house: PeopleServerHouse;
let cookie: string;
let manager: string;
beforeAll(async () => {
  house = await PeopleServerHouse.open(['operator', 'manager']);
  cookie = await house.signIn('operator');
  manager = await house.signIn('manager');
});
afterAll(() => house.close());
beforeEach(async () => {
  await house.pool.query('delete from planned_order');
  house.controller.told.length = 0;
  house.controller.answer = () => ({ accepted: true });
  tellMill({});
  tellLine([]);
});

/** All bins half full and the finished ones empty, but for what the test says. */
function tellMill(levels: Readonly<Record<string, number>>): void {
  const nowMs = Date.UTC(2026, 10, 25);
  const changes = pilot.tags.flatMap(({ name }, index): TagChange[] => {
    const [id = '', role] = name.split('.');
    const device = pilot.deviceById.get(id);
    if (device?.type !== 'bin') return [];
    const isFinished = device.settings.kind === 'finished';
    const level = levels[id] ?? (isFinished ? 0 : 50);
    if (role === 'LevelPct') return [[index, 0, level, nowMs, nowMs]];
    if (role === 'Low') return [[index, 0, level === 0, nowMs, nowMs]];
    return [];
  });
  house.server.tags.apply({ sequence: 1, full: true, timeMs: nowMs, changes });
}

/** What the line tells of its own queue. */
function tellLine(orders: readonly OrderProgress[]): void {
  const status: LineStatus = {
    line: 'LINE1',
    state: 'Idle',
    batchNumber: null,
    batches: [],
    doses: [],
    scales: { WS501: SCALE_STATES[0] },
    mixer: 'Empty',
    orders,
    reasons: [],
  };
  house.server.board.setLink({ connected: true });
  house.server.board.setStatus({ kind: 'line', ...status });
}

const WISH = { formula: 'BROILER-FIN', orderKg: 1_500, packaging: 'bags', bagKg: 25 };
const call = (method: string, path: string, body?: unknown, who = cookie) =>
  house.call(method, path, { cookie: who, ...(body === undefined ? {} : { body }) });

async function add(wish: object = {}): Promise<string> {
  const answer = await call('POST', '/api/plan', { ...WISH, ...wish });
  expect(answer.status, answer.text).toBe(201);
  return answer.json<{ planId: string }>().planId;
}
const view = async (): Promise<PlanView> =>
  planViewSchema.parse((await call('GET', '/api/plan')).json());
async function release(upTo: string) {
  const { revision } = await view();
  return call('POST', '/api/plan/release', { revision, upTo });
}
const sent = () =>
  house.controller.told
    .filter(({ name }) => name === 'order.submit')
    .map(({ args }) => orderSchema.parse(args['order']));

test('an order is planned with what was left open, and is not sent before it is released', async () => {
  const planId = await add();
  const [one] = (await view()).orders;
  expect(one).toMatchObject({
    planId,
    state: 'planned',
    line: 'LINE1',
    press: 'PM701',
    bagger: 'BG1001',
    reasons: [],
  });
  expect(one?.stages.map(({ stage }) => stage)).toEqual(['dosing', 'pressing', 'bagging']);
  await house.server.dispatcher.tick();
  expect(house.controller.told).toEqual([]);
});

test('the sequence that a person drags is kept, and two people do not drag against each other', async () => {
  const ids = [await add(), await add(), await add()];
  const { revision } = await view();
  const sequence = [ids[2], ids[0], ids[1]];
  const moved = await call('POST', '/api/plan/sequence', { revision, sequence });
  expect(moved.status, moved.text).toBe(200);
  expect((await view()).orders.map(({ planId }) => planId)).toEqual(sequence);
  const late = await call('POST', '/api/plan/sequence', { revision, sequence: ids });
  expect(late.json()['reasons']).toEqual([{ code: 'plan.changed', objects: {} }]);
});

test('released orders go to the line in their sequence, as far as its queue has room', async () => {
  const ids = [await add(), await add({ packaging: 'bulk', destination: 'FB902' })];
  expect((await release(ids[1] ?? '')).status).toBe(200);
  await house.server.dispatcher.tick();
  expect(sent().map(({ orderId }) => orderId)).toEqual(ids);
  expect(house.controller.told.map(({ name }) => name)).toEqual([
    'order.submit',
    'order.start',
    'order.submit',
    'order.start',
  ]);
  expect(house.controller.told.every(({ user }) => user === 'operator')).toBe(true);
  expect((await view()).orders).toEqual([]);
  await house.server.dispatcher.tick();
  expect(sent()).toHaveLength(2);
});

test('a line whose queue is full, or that has told nothing, gets nothing', async () => {
  const planId = await add();
  await release(planId);
  await house.server.dispatcher.tick();
  const [order] = sent();
  if (order === undefined) throw new Error('nothing was sent');
  const queued: OrderProgress = {
    ...{ order, state: 'Queued', batchesPlanned: 3, batchesDone: 0 },
    ...{ dosedKg: 0, bags: 0, baggedKg: 0, reasons: [] },
  };
  tellLine([queued, queued, queued, queued]);
  const next = await add();
  await release(next);
  await house.server.dispatcher.tick();
  expect(sent()).toHaveLength(1);
  tellLine([queued]);
  house.server.board.setLink({ connected: false });
  await house.server.dispatcher.tick();
  expect(sent()).toHaveLength(1);
  house.server.board.setLink({ connected: true });
  await house.server.dispatcher.tick();
  expect(sent().map(({ orderId }) => orderId)).toEqual([planId, next]);
});

test('a server that stopped between sending and writing it down sends once more, and starts nothing twice', async () => {
  const planId = await add();
  await release(planId);
  await house.server.dispatcher.tick();
  await house.pool.query(`update planned_order set state = 'released', sent = null`);
  await house.server.stop();
  await house.startServer();
  tellMill({});
  tellLine([]);
  house.controller.answer = ({ name }) =>
    name === 'order.submit'
      ? { accepted: false, reasons: [reason('order.exists', { order: planId })] }
      : {
          accepted: false,
          reasons: [
            reason('command.not-in-state', { object: planId, state: 'Running', command: 'START' }),
          ],
        };
  await house.server.dispatcher.tick();
  expect((await view()).orders).toEqual([]);
  await house.server.dispatcher.tick();
  expect(sent().map(({ orderId }) => orderId)).toEqual([planId, planId]);
});

test('an order that the line refuses comes back with why, and can be recalled', async () => {
  const planId = await add();
  await release(planId);
  const reasons = [reason('bin.other-content', { bin: 'FB901', content: 'DUCK-MEAT' })];
  house.controller.answer = () => ({ accepted: false, reasons });
  await house.server.dispatcher.tick();
  expect((await view()).orders[0]).toMatchObject({ planId, state: 'refused', reasons });
  expect((await call('POST', `/api/plan/${planId}/recall`)).status).toBe(200);
  expect((await view()).orders[0]).toMatchObject({ planId, state: 'planned', reasons: [] });
});

test('while the controller is away an order waits and is sent when it is back', async () => {
  const planId = await add();
  await release(planId);
  house.controller.answer = () => ({ accepted: false, reasons: [reason('plc.unreachable')] });
  await house.server.dispatcher.tick();
  expect((await view()).orders[0]?.state).toBe('released');
  house.controller.answer = () => ({ accepted: true });
  await house.server.dispatcher.tick();
  expect((await view()).orders).toEqual([]);
});

test('an order that cannot be made is not released, with every reason', async () => {
  const planId = await add({ destination: 'FB901', orderKg: 900_000 });
  const refused = await release(planId);
  expect(refused.status).toBe(409);
  const codes = refused.json<{ reasons: { code: string }[] }>().reasons.map(({ code }) => code);
  expect(codes).toEqual(expect.arrayContaining(['plan.stock-missing', 'plan.no-room']));
  const unknown = await call('POST', '/api/plan', { ...WISH, formula: 'KHONG-CO', line: 'X' });
  expect(unknown.json()['reasons']).toEqual([
    { code: 'formula.unknown', objects: { formula: 'KHONG-CO' } },
  ]);
});

test('after medicated feed the flush is released with the order, before it, under a number of its own', async () => {
  const document = {
    ...{ orderId: '2611-9000', formulaCode: 'BROILER-STA', line: 'LINE1', kind: 'feed' },
    ...{ destination: 'FB902', presses: ['PM701'], bagger: null, orderKg: 1_500 },
    nature: { drugClass: 'coccidiostat', species: 'broiler', withdrawal: false },
  };
  await house.pool.query(
    `insert into orders values ('2611-9000', 'BROILER-STA', 1, 'x', 'x', 'Complete', 'LINE1',
       'FB902', 'bulk', 25, 'TP-2611-9000', 1500, 500, 3, 3, 1500, 0, 0, 'operator',
       now(), now(), now(), '[]', $1)`,
    [JSON.stringify(document)],
  );
  try {
    const ids = [await add({ packaging: 'bulk', destination: 'FB901' })];
    const seen = (await view()).orders;
    expect(seen.map(({ kind, flushFor }) => [kind, flushFor])).toEqual([
      ['flush', ids[0]],
      ['feed', null],
    ]);
    const released = await release(ids[0] ?? '');
    expect(released.status, released.text).toBe(200);
    await house.server.dispatcher.tick();
    const [flush, feed] = sent();
    expect(flush).toMatchObject({ kind: 'flush', orderKg: 480, formulaCode: 'FLUSH-COCCIDIOSTAT' });
    expect(flush?.lot).toBe(`TP-${flush?.orderId}`);
    expect(feed?.orderId).toBe(ids[0]);
    // A flush may lie where its drug lay, and leaves the other bin to the order.
    expect([flush?.destination, feed?.destination]).toEqual(['FB902', 'FB901']);
  } finally {
    await house.pool.query(`delete from orders where order_id = '2611-9000'`);
  }
});

test('a bin whose signals are not good is not planned into', async () => {
  house.server.tags.loseAll();
  const planId = await add({ destination: 'FB901' });
  const codes = (await view()).orders[0]?.reasons.map(({ code }) => code);
  expect(codes).toContain('plan.bin-unknown');
  expect((await release(planId)).status).toBe(409);
});

test('what if: an order is forecast behind the queue, and nothing is kept', async () => {
  await add();
  const [first] = (await view()).orders;
  const answer = await call('POST', '/api/plan/what-if', WISH, manager);
  const [one] = planViewSchema.parse(answer.json()).orders;
  expect(Date.parse(one?.stages[0]?.start ?? '')).toBeGreaterThanOrEqual(
    Date.parse(first?.stages[0]?.end ?? '') - 60_000,
  );
  expect((await view()).orders).toHaveLength(1);
});

test('a proposal is given for the queue, and taken out of it an order is gone', async () => {
  const ids = [await add(), await add({ formula: 'PIG-GROWER' })];
  const proposal = (await call('GET', '/api/plan/proposal')).json<PlanProposal>();
  expect([...proposal.sequence].sort()).toEqual([...ids].sort());
  expect(proposal.lines[0]).toMatchObject({ line: 'LINE1', exact: true });
  expect((await call('DELETE', `/api/plan/${ids[0]}`)).status).toBe(200);
  expect((await view()).orders.map(({ planId }) => planId)).toEqual([ids[1]]);
  expect((await call('DELETE', `/api/plan/${ids[0]}`)).status).toBe(409);
});

test('a manager sees the plan and changes nothing of it', async () => {
  expect((await call('GET', '/api/plan', undefined, manager)).status).toBe(200);
  expect((await call('POST', '/api/plan', WISH, manager)).status).toBe(403);
});
