// Goal: what cannot be trusted is shown so within five seconds and comes back by itself; a lost
// device and a process out of limits raise an alarm that is seen, acknowledged and kept exactly
// once.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tag } from '../support/orders.ts';
import { Stack } from '../support/stack.ts';
import { until } from '../support/until.ts';
import type { AlarmView } from '../support/views.ts';

const OUTAGE_MS = 20_000;

describe('links and alarms', () => {
  let stack: Stack;

  beforeAll(async () => {
    stack = await Stack.start(1);
  });
  afterAll(async () => {
    await stack?.stop();
  });

  async function quality(name: string): Promise<string> {
    return (await tag(stack, name)).quality;
  }

  async function occurrences(alarmId: string): Promise<AlarmView[]> {
    const list = await stack.get<AlarmView[]>('/api/alarms');
    return list.filter((alarm) => alarm.alarmId === alarmId);
  }

  async function outage(path: string, lost: string, untouched: string): Promise<void> {
    await until(`${lost} good at first`, async () => (await quality(lost)) === 'good');
    const downMs = Date.now();
    await stack.simulator(path, { up: false });
    await until(`${lost} not good`, async () => (await quality(lost)) !== 'good', {
      withinMs: 5_000,
    });
    expect(await quality(untouched)).toBe('good');
    await until('the end of the outage', () => Date.now() - downMs >= OUTAGE_MS, {
      withinMs: OUTAGE_MS + 1_000,
    });
    expect(await quality(lost)).not.toBe('good');
    await stack.simulator(path, { up: true });
    await until(`${lost} good again`, async () => (await quality(lost)) === 'good', {
      withinMs: 10_000,
    });
  }

  test('an OPC UA server that is away 20 s: not good within 5 s, then good without a restart', async () => {
    await outage('/servers/field', 'EL101.Amps', 'WS501.Net');
  });

  test('a Modbus unit that is away 20 s: only its tags are not good, then good again', async () => {
    await outage('/servers/scales/units/2', 'WS502.Net', 'WS501.Net');
    const [lost, ...more] = await until('the alarm of the lost unit', async () => {
      const list = await occurrences('LINK.scales.U2.Lost');
      return list.length > 0 && list[0]?.state === 'ReturnedUnacknowledged' ? list : null;
    });
    expect(more).toEqual([]);
    await stack.command('alarm.acknowledge', lost?.alarmId ?? '', { comment: 'cáp lỏng' });
    const normal = await until('the acknowledged alarm', async () => {
      const list = await occurrences('LINK.scales.U2.Lost');
      return list[0]?.state === 'Normal' ? list : null;
    });
    expect(normal).toHaveLength(1);
    expect(normal[0]).toMatchObject({ acknowledgedBy: 'admin', comment: 'cáp lỏng' });
  });

  test('a conditioner that is too hot raises one alarm, kept once with who acknowledged it', async () => {
    await stack.simulator('/faults', {
      device: 'PM701',
      fault: 'bias',
      role: 'ConditionerT',
      value: 120,
    });
    const [active] = await until('the active alarm', async () => {
      const list = await occurrences('PM701.ConditionerHot');
      return list.length > 0 ? list : null;
    });
    expect(active?.state).toBe('UnacknowledgedActive');
    await stack.command('alarm.acknowledge', active?.alarmId ?? '', { comment: 'giảm hơi' });
    await until(
      'acknowledged',
      async () => (await occurrences('PM701.ConditionerHot'))[0]?.state === 'AcknowledgedActive',
    );
    await stack.simulator('/faults', {
      device: 'PM701',
      fault: 'bias',
      role: 'ConditionerT',
      value: 0,
    });
    await until(
      'back to normal',
      async () => (await occurrences('PM701.ConditionerHot'))[0]?.state === 'Normal',
    );
    const kept = await occurrences('PM701.ConditionerHot');
    expect(kept).toHaveLength(1);
    expect(kept[0]).toMatchObject({ acknowledgedBy: 'admin', comment: 'giảm hơi' });
    expect(kept[0]?.returned).not.toBeNull();
  });
});
