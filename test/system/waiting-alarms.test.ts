// Goal: what stands until a person lets it go on is not forgotten: a route that tripped and a line
// that is held raise an alarm when nobody has seen to them for five minutes (ISA-18.2).
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CommandName } from '../../plc/link/contract.ts';
import type { RouteStatus } from '../../plc/model/status.ts';
import { clearFault, setFault } from '../../simulators/process/index.ts';
import { finisherOrder } from '../support/finisher-order.ts';
import { VirtualMill } from '../support/virtual-mill.ts';

const FORGOTTEN_MS = 300_000;
let mill: VirtualMill;

beforeEach(async () => {
  mill = await VirtualMill.start({ seed: 7, served: true });
});
afterEach(async () => mill.stop());

function isActive(alarmId: string): boolean {
  return mill.controller.alarms.some(
    (one) => one.alarmId === alarmId && one.state.includes('Active'),
  );
}

function stateOf(route: string): string | undefined {
  return mill
    .status('route')
    .find(
      (one): one is RouteStatus & { kind: 'route' } => one.kind === 'route' && one.route === route,
    )?.state;
}

async function command(name: CommandName, target: string, args = {}): Promise<void> {
  expect(await mill.command(name, target, args)).toEqual({ accepted: true });
}

describe('what waits for a person', () => {
  it('a route that nobody resets, though its device was', async () => {
    await command('route.start', 'GRIND', { source: 'SI201', destination: 'DB401' });
    await mill.until('grinding', () => stateOf('GRIND') === 'Running');
    setFault(mill.field, { device: 'EL301', fault: 'trip' });
    await mill.until('the trip', () => stateOf('GRIND') === 'Tripped');
    clearFault(mill.field, { device: 'EL301', fault: 'trip' });
    await mill.runFor(60_000);
    await command('device.reset', 'EL301');
    expect(isActive('GRIND.AwaitsReset')).toBe(false);
    await mill.runFor(FORGOTTEN_MS);
    expect(isActive('EL301.Fault')).toBe(false);
    expect(isActive('GRIND.AwaitsReset')).toBe(true);
    await command('route.reset', 'GRIND');
    await mill.runFor(1_000);
    expect(isActive('GRIND.AwaitsReset')).toBe(false);
  }, 120_000);

  it('an order that nobody resumes', async () => {
    const order = await finisherOrder();
    const { orderId, line } = order;
    await command('order.submit', line, { order });
    await command('order.start', line, { orderId });
    await mill.runFor(60_000);
    await command('order.hold', line, { orderId });
    await mill.runFor(FORGOTTEN_MS - 10_000);
    expect(isActive('LINE1.AwaitsResume')).toBe(false);
    await mill.runFor(60_000);
    expect(isActive('LINE1.AwaitsResume')).toBe(true);
    await command('order.resume', line, { orderId });
    await mill.runFor(10_000);
    expect(isActive('LINE1.AwaitsResume')).toBe(false);
  }, 120_000);
});
