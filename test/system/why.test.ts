// Goal: every refusal, hold and trip explains itself down to its root, with what to do in both
// languages, on the real controller in virtual time; and the record of a stop keeps the chain.
import { afterEach, describe, expect, it } from 'vitest';
import { pilot } from '../../plc/mill/mills/pilot.ts';
import type { DowntimeRecord } from '../../plc/model/record.ts';
import type { LineStatus, RouteStatus } from '../../plc/model/status.ts';
import type { Why } from '../../plc/why/facts.ts';
import { why } from '../../plc/why/why.ts';
import { setFault } from '../../simulators/process/index.ts';
import { finisherOrder } from '../support/finisher-order.ts';
import { VirtualMill } from '../support/virtual-mill.ts';

let mill: VirtualMill;

afterEach(async () => mill.stop());

function asked(id: string): Why {
  const { controller } = mill;
  const known = new Set(pilot.tags.map((one) => one.name));
  const value = (tag: string) => (known.has(tag) ? controller.value(tag) : undefined);
  const { documents, alarms } = controller;
  const answer = why({ mill: pilot, value, documents, alarms }, id);
  if (answer === null) throw new Error(`nothing is known of ${id}`);
  return answer;
}

const codes = ({ steps }: Why) => steps.flatMap((one) => one.reason?.code ?? []);
const roots = ({ steps }: Why) => steps.filter((one) => one.root);
const route = (id: string) =>
  mill.controller.documents.find(
    (one): one is RouteStatus & { kind: 'route' } => one.kind === 'route' && one.route === id,
  );
const lines = () =>
  mill.controller.documents.filter(
    (one): one is LineStatus & { kind: 'line' } => one.kind === 'line',
  );

function objectsOf({ steps }: Why): string[] {
  return steps.map((one) => one.object);
}

async function stops(unit: string): Promise<DowntimeRecord[]> {
  const records = await mill.records();
  return records.filter(
    (one): one is DowntimeRecord => one.kind === 'downtime' && one.unit === unit,
  );
}

async function startGrinding(): Promise<void> {
  const way = { source: 'SI201', destination: 'DB401' };
  expect(await mill.command('route.start', 'GRIND', way)).toEqual({ accepted: true });
  await mill.until('grinding', () => route('GRIND')?.state === 'Running');
}

describe('Why?', () => {
  it('a line that is held: mixer, its gate, the limit switch, down to the link that is lost', async () => {
    mill = await VirtualMill.start({ seed: 7 });
    const order = await finisherOrder();
    await mill.command('order.submit', order.line, { order });
    await mill.command('order.start', order.line, { orderId: order.orderId });
    const line = () => lines()[0];
    await mill.until('mixing', () => line()?.mixer === 'DryMixing', 1_800_000);
    mill.sever('field');
    await mill.until('hold', () => line()?.state === 'Held', 60_000);
    await mill.runFor(12_000);
    const answer = asked(order.line);
    expect(answer.steps[0]).toMatchObject({ object: order.line, depth: 0, reason: null });
    expect(codes(answer)).toContain('input.not-good');
    const root = roots(answer).find((one) => one.reason?.code === 'why.link-lost');
    expect(root?.reason?.objects).toEqual({ connection: 'field' });
    expect(root?.action?.vi).toMatch(/\S/);
    expect(root?.action?.en).toMatch(/\S/);
    const depths = answer.steps.map((one) => one.depth);
    expect(Math.max(...depths)).toBeGreaterThanOrEqual(3);
    // The order says the same as its line.
    expect(codes(asked(order.orderId))).toEqual(codes(answer));
    const [stop] = (await stops(order.line)).slice(-1);
    expect(stop?.reasons.map((one) => one.code)).toContain('why.link-lost');
    expect(stop?.endedTimeMs).toBeNull();
  }, 240_000);

  it('a route that tripped: the drive that stopped, its overload, and the first alarm', async () => {
    mill = await VirtualMill.start({ seed: 3 });
    await startGrinding();
    setFault(mill.field, { device: 'EL301', fault: 'trip' });
    await mill.until('trip', () => route('GRIND')?.state === 'Tripped');
    await mill.runFor(3_000);
    const answer = asked('GRIND');
    expect(answer.steps[1]).toMatchObject({
      object: 'GRIND',
      depth: 1,
      reason: { code: 'route.device-stopped', objects: { device: 'EL301' } },
    });
    expect(answer.steps[2]).toMatchObject({
      object: 'EL301',
      depth: 2,
      root: true,
      reason: { code: 'device.trip' },
    });
    expect(answer.steps[2]?.action?.vi).toContain('quá tải');
    expect(answer.firstOut?.alarmId).toBe('EL301.Tripped');
    const [stop] = await stops('GRIND');
    expect(stop?.reasons.map((one) => one.code)).toEqual(['route.device-stopped', 'device.trip']);
  });

  it('a stop that ended keeps in its record the causes that it began with', async () => {
    mill = await VirtualMill.start({ seed: 3 });
    await startGrinding();
    setFault(mill.field, { device: 'EL301', fault: 'trip' });
    await mill.until('trip', () => route('GRIND')?.state === 'Tripped');
    await mill.runFor(120_000);
    expect(await mill.command('route.reset', 'GRIND')).toEqual({ accepted: true });
    await mill.runFor(2_000);
    const [last] = (await stops('GRIND')).slice(-1);
    expect(last?.endedTimeMs).not.toBeNull();
    expect(last?.reasons.map((one) => one.code)).toEqual(['route.device-stopped', 'device.trip']);
  });

  it('a route that waits: who holds its device, and what that one is doing', async () => {
    mill = await VirtualMill.start({ seed: 3 });
    await mill.command('route.start', 'MIXTOFIN', { source: 'SB601', destination: 'FB901' });
    await mill.until('mash', () => route('MIXTOFIN')?.state === 'Running');
    await mill.command('route.start', 'MIXTOPRESS', { source: 'SB601', destination: 'PB701' });
    await mill.runFor(5_000);
    const answer = asked('MIXTOPRESS');
    expect(answer.steps[1]?.reason).toMatchObject({
      code: 'route.reserved',
      objects: { owner: 'MIXTOFIN' },
    });
    expect(roots(answer)[0]).toMatchObject({
      object: 'MIXTOFIN',
      reason: { code: 'why.route-runs', objects: { source: 'SB601', destination: 'FB901' } },
    });
  });

  it('a drive that may not start: the emergency stop that is pressed', async () => {
    mill = await VirtualMill.start({ seed: 3 });
    setFault(mill.field, { device: 'ES001', fault: 'e-stop' });
    await mill.runFor(2_000);
    const answer = asked('EL301');
    expect(roots(answer)).toMatchObject([
      { object: 'EL301', reason: { code: 'estop.pressed', objects: { device: 'ES001' } } },
    ]);
    await mill.command('device.mode', 'EL301', { mode: 'Manual' });
    expect(await mill.command('device.start', 'EL301')).toMatchObject({
      accepted: false,
      reasons: [{ code: 'estop.pressed' }],
    });
  });

  it('an order that waits: the order before it', async () => {
    mill = await VirtualMill.start({ seed: 7 });
    const first = await finisherOrder();
    const second = await finisherOrder('2611-0002');
    for (const order of [first, second]) {
      await mill.command('order.submit', order.line, { order });
    }
    await mill.command('order.start', first.line, { orderId: first.orderId });
    await mill.runFor(5_000);
    expect(codes(asked(second.orderId))).toContain('why.queued-behind');
  });

  it('a signal that is wrong alone, while its link is sound', async () => {
    mill = await VirtualMill.start({ seed: 3 });
    await mill.runFor(3_000);
    const tag = 'G601.OpenLS';
    const gate = {
      kind: 'device' as const,
      device: 'G601',
      owner: null,
      reasons: [{ code: 'input.not-good' as const, objects: { tag, quality: 'bad' } }],
    };
    const others = mill.controller.documents.filter((one) => one.kind === 'link');
    const facts = { mill: pilot, value: () => undefined, alarms: [] };
    const answer = why({ ...facts, documents: [...others, gate] }, 'G601');
    expect(answer?.steps.filter((one) => one.root)).toMatchObject([
      { reason: { code: 'why.signal', objects: { tag, connection: 'field' } } },
    ]);
  });

  it('nothing hinders what could start, and of what the mill does not have nothing is told', async () => {
    mill = await VirtualMill.start({ seed: 3 });
    expect(asked('GRIND').steps).toHaveLength(1);
    const facts = { mill: pilot, value: () => undefined, documents: [], alarms: [] };
    expect(why(facts, 'NOWHERE')).toBeNull();
  });

  it('tells each thing once and comes to an end where two machines wait for each other', () => {
    const waits = (id: string, owner: string) => ({
      kind: 'route' as const,
      route: id,
      state: 'Starting',
      source: null,
      destination: null,
      second: null,
      owner: null,
      product: null,
      queue: [],
      residues: [],
      reasons: [{ code: 'route.reserved' as const, objects: { owner, device: 'EL601' } }],
    });
    const documents: (RouteStatus & { kind: 'route' })[] = [
      waits('MIXTOFIN', 'MIXTOPRESS'),
      waits('MIXTOPRESS', 'MIXTOFIN'),
    ];
    const answer = why({ mill: pilot, value: () => undefined, documents, alarms: [] }, 'MIXTOFIN');
    expect(answer === null ? [] : objectsOf(answer)).toEqual([
      'MIXTOFIN',
      'MIXTOFIN',
      'MIXTOPRESS',
    ]);
  });
});
