// Goal: a bagger drives the simulated mill by the rules of PackML (DOMAIN 7): suspended for what
// comes from outside, held for its own fault, each bag written down once.
import { beforeEach, describe, expect, it } from 'vitest';
import { buildControlMachines } from '../../plc/machines/index.ts';
import { pilot } from '../../plc/mill/mills/pilot.ts';
import { PACKML_STATES, ROUTE_STATES } from '../../plc/model/isa88.ts';
import type { BagRecord } from '../../plc/model/record.ts';
import { setFault } from '../../simulators/process/index.ts';
import { MachineBench } from '../support/machine-bench.ts';

let mill: MachineBench;
beforeEach(() => {
  mill = new MachineBench(pilot, buildControlMachines(pilot), 11, 200);
  // Refills would take the grinding route before the test does.
  for (const { id } of pilot.refills) mill.forced.set(`${id}.LevelPct`, 60);
  mill.runFor(2_000);
});

const route = (id: string) => ROUTE_STATES[Number(mill.code(`${id}.State`))];
const bagger = () => PACKML_STATES[Number(mill.code('BG1001.State'))];

describe('a bagger', () => {
  const job = { orderId: '2611-0001', lot: 'L1', source: 'FB901', bagKg: 25 };
  const bags = () => mill.records.filter((one): one is BagRecord => one.kind === 'bag');

  function begin(): void {
    mill.forced.set('BG1001.BagCount', 40);
    mill.forced.set('BG1001.TotalG', 1_000_000);
    for (let slot = 0; slot < 8; slot += 1) mill.forced.set(`BG1001.BagG${slot}`, 25_000);
    mill.runFor(1_000);
    const nature = { drugClass: 'none', species: 'broiler', withdrawal: false };
    mill.command('FB901', 'FILL', { lot: job.lot, nature }, { kind: 'machine', id: 'LINE1' });
    // The bags before this order are none of the test's.
    mill.records.length = 0;
    expect(mill.command('BG1001', 'START', job)).toEqual({ accepted: true });
    expect(mill.until(() => bagger() === 'Execute', 60_000)).toBe(true);
  }

  function make(count: number): void {
    mill.forced.set('BG1001.BagCount', 40 + count);
    mill.forced.set('BG1001.TotalG', 1_000_000 + count * 25_000);
  }

  it('writes each bag down once, also those made while the controller was away', () => {
    begin();
    make(1);
    mill.runFor(1_000);
    expect(bags()).toHaveLength(1);
    mill.restart();
    make(12);
    mill.runFor(2_000);
    expect(bags().map((one) => one.bagId)).toEqual(
      Array.from({ length: 12 }, (_, index) => `BG1001/${41 + index}`),
    );
    expect(bags().reduce((kg, one) => kg + one.netKg, 0)).toBeCloseTo(300, 6);
    expect(bags().every((one) => one.orderId === job.orderId)).toBe(true);
  });

  it('is suspended while its source is refilled, and goes on by itself', () => {
    begin();
    mill.forced.set('BG1001.Starved', true);
    expect(mill.until(() => bagger() === 'Suspended', 60_000)).toBe(true);
    mill.forced.set('BG1001.Starved', false);
    expect(mill.until(() => bagger() === 'Execute', 10_000)).toBe(true);
  });

  it('is held by its own fault until a person takes the hold off', () => {
    begin();
    setFault(mill.state, { device: 'BG1001', fault: 'machine-fault' });
    mill.runFor(1_000);
    expect(mill.outputs.get('BG1001.Enable')).toBe(false);
    expect(mill.until(() => bagger() === 'Held', 60_000)).toBe(true);
    expect(mill.command('BG1001', 'UNHOLD')).toMatchObject({ accepted: false });
  });

  it('completes when its source is empty and the end was asked for', () => {
    begin();
    mill.command('BG1001', 'COMPLETE');
    expect(mill.until(() => bagger() === 'Complete', 200_000)).toBe(true);
    expect(route('BAG')).toBe('Idle');
  });

  it('is suspended and not held while its route is busy with the job before', () => {
    begin();
    mill.command('BG1001', 'STOP');
    expect(mill.until(() => bagger() === 'Complete', 200_000)).toBe(true);
    const way = { source: 'FB901', destination: 'BG1001' };
    expect(mill.command('BAG', 'START', way)).toEqual({ accepted: true });
    expect(mill.until(() => route('BAG') === 'Running', 200_000)).toBe(true);
    expect(mill.command('BG1001', 'START', { ...job, orderId: '2611-0002' })).toEqual({
      accepted: true,
    });
    expect(mill.until(() => bagger() === 'Suspended', 10_000)).toBe(true);
    expect(mill.documents.get('BG1001')).toMatchObject({
      reasons: [{ code: 'route.busy', objects: { route: 'BAG' } }],
    });
    // Longer than an empty bin is believed: it is not taken for the end of the order.
    mill.command('BG1001', 'COMPLETE');
    mill.runFor(60_000);
    expect(bagger()).toBe('Suspended');
    mill.command('BAG', 'STOP');
    expect(mill.until(() => route('BAG') === 'Idle', 200_000)).toBe(true);
    mill.forced.set('BG1001.Starved', false);
    expect(mill.until(() => bagger() === 'Execute', 60_000)).toBe(true);
    expect(route('BAG')).toBe('Running');
  });

  it('gets in line again when it waited too long, and holds for what speaks against its job', () => {
    begin();
    const line = { kind: 'machine', id: 'BAG' } as const;
    mill.command('BG1001', 'EXPIRED', { reasons: [{ code: 'route.wait-over' }] }, line);
    expect(bagger()).toBe('Execute');
    expect(mill.context('BG1001')['routeWait']).toBe('turn');
    const full = { code: 'carry-over.forbidden', objects: {} };
    mill.command('BG1001', 'EXPIRED', { reasons: [full] }, line);
    expect(mill.until(() => bagger() === 'Held', 60_000)).toBe(true);
    expect(mill.documents.get('BG1001')).toMatchObject({ reasons: [full] });
  });

  it('comes back held and disabled after a restart', () => {
    begin();
    mill.restart();
    mill.runFor(10_000);
    expect(bagger()).toBe('Held');
    expect(mill.outputs.get('BG1001.Enable')).toBe(false);
    mill.command('BG1001', 'UNHOLD');
    expect(mill.until(() => bagger() === 'Execute', 60_000)).toBe(true);
  });
});
