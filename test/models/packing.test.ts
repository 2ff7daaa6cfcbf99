// Goal: bags and pallets by the rules of DOMAIN 4 and 7: bagger and palletiser go through all 17
// states of PackML (ISA-TR88.00.02), Suspended for what comes from outside and Held for their own
// cause; a bag that is thrown out is written down with its reason, and a pallet with its bags.
import { beforeEach, describe, expect, it } from 'vitest';
import { buildControlMachines } from '../../plc/machines/index.ts';
import { PACKML_STATES } from '../../plc/model/isa88.ts';
import type { BagRecord, BagRejectRecord, PalletRecord } from '../../plc/model/record.ts';
import { blendOf } from '../../simulators/process/blend.ts';
import { clearFault, setFault } from '../../simulators/process/index.ts';
import { book, substanceOf } from '../../simulators/process/item.ts';
import { MachineBench } from '../support/machine-bench.ts';
import { packingPilot } from '../support/packing-pilot.ts';

const pilot = packingPilot();
const ALL = PACKML_STATES.filter((state) => state !== 'Undefined');
const JOB = { orderId: '2611-0001', lot: 'L1', source: 'FB901', bagKg: 25 };

let mill: MachineBench;
let seen: Map<string, Set<string>>;

beforeEach(() => {
  mill = new MachineBench(pilot, buildControlMachines(pilot), 11, 200);
  for (const { id } of pilot.refills) mill.forced.set(`${id}.LevelPct`, 60);
  seen = new Map();
  pass(2_000);
});

const stateOf = (id: string) => PACKML_STATES[Number(mill.code(`${id}.State`))] ?? 'Undefined';
const bags = () => mill.records.filter((one): one is BagRecord => one.kind === 'bag');
const rejects = () =>
  mill.records.filter((one): one is BagRejectRecord => one.kind === 'bag-reject');
const pallets = () => mill.records.filter((one): one is PalletRecord => one.kind === 'pallet');

function look(): void {
  for (const id of ['BG1001', 'PA1']) {
    seen.set(id, (seen.get(id) ?? new Set()).add(stateOf(id)));
  }
}

/** Lets time pass, scan by scan, and notes the states that bagger and palletiser show. */
function pass(ms: number): void {
  until(() => false, ms);
}

function until(isSo: () => boolean, limitMs: number): boolean {
  for (const endMs = mill.nowMs + limitMs; mill.nowMs < endMs && !isSo(); ) {
    mill.scan();
    look();
  }
  return isSo();
}

const become = (id: string, state: string, limitMs = 120_000) =>
  expect(
    until(() => stateOf(id) === state, limitMs),
    `${id} ${state}`,
  ).toBe(true);

function command(to: string, type: string, args: Readonly<Record<string, unknown>> = {}): void {
  expect(mill.command(to, type, args), `${to} ${type}`).toEqual({ accepted: true });
  look();
}

/** Product in the finished bin, and its order on the bagger. */
function begin(kg: number): void {
  const item = mill.state.byId.get('FB901');
  if (item === undefined) throw new Error('no FB901');
  const substance = substanceOf(mill.state, 'MASH', 'L1');
  book(mill.state.sources, 'test', substance, kg * 1e6);
  const store = item.state as { layers: unknown[]; inMg: number };
  store.layers.push(blendOf(substance, kg * 1e6));
  store.inMg += kg * 1e6;
  pass(1_000);
  const nature = { drugClass: 'none', species: 'broiler', withdrawal: false };
  mill.command('FB901', 'FILL', { lot: JOB.lot, nature }, { kind: 'machine', id: 'LINE1' });
  command('BG1001', 'START', JOB);
  become('BG1001', 'Execute');
}

describe('Bagging in PackML, 17 states', () => {
  it('the bagger goes through each of them', () => {
    begin(700);
    mill.forced.set('BG1001.Starved', true);
    become('BG1001', 'Suspended');
    mill.forced.delete('BG1001.Starved');
    become('BG1001', 'Execute');
    setFault(mill.state, { device: 'BG1001', fault: 'machine-fault' });
    become('BG1001', 'Held');
    clearFault(mill.state, {});
    pass(400);
    command('BG1001', 'UNHOLD');
    become('BG1001', 'Execute');
    command('BG1001', 'HOLD');
    become('BG1001', 'Held');
    command('BG1001', 'STOP');
    become('BG1001', 'Stopped');
    command('BG1001', 'RESET');
    become('BG1001', 'Idle');
    command('BG1001', 'START', JOB);
    become('BG1001', 'Execute');
    command('BG1001', 'ABORT');
    become('BG1001', 'Aborted');
    command('BG1001', 'CLEAR');
    become('BG1001', 'Stopped');
    command('BG1001', 'START', JOB);
    become('BG1001', 'Execute', 300_000);
    command('BG1001', 'COMPLETE');
    become('BG1001', 'Complete', 1_200_000);
    expect([...(seen.get('BG1001') ?? [])].sort()).toEqual([...ALL].sort());
  });

  it('the palletiser goes through each of them', () => {
    begin(700);
    become('PA1', 'Execute');
    setFault(mill.state, { device: 'PA1', fault: 'no-pallets' });
    become('PA1', 'Suspended', 300_000);
    clearFault(mill.state, {});
    become('PA1', 'Execute');
    setFault(mill.state, { device: 'PA1', fault: 'machine-fault' });
    become('PA1', 'Held');
    clearFault(mill.state, {});
    pass(400);
    command('PA1', 'UNHOLD');
    become('PA1', 'Execute');
    command('PA1', 'STOP');
    become('PA1', 'Stopped');
    command('PA1', 'RESET');
    become('PA1', 'Idle');
    command('PA1', 'START');
    become('PA1', 'Execute');
    command('PA1', 'ABORT');
    become('PA1', 'Aborted');
    command('PA1', 'CLEAR');
    become('PA1', 'Stopped');
    command('PA1', 'START');
    become('PA1', 'Execute');
    command('BG1001', 'COMPLETE');
    become('BG1001', 'Complete', 1_800_000);
    become('PA1', 'Complete', 200_000);
    expect([...(seen.get('PA1') ?? [])].sort()).toEqual([...ALL].sort());
  });
});

describe('Suspended is starved or blocked from outside, Held is its own cause', () => {
  it('a palletiser without an empty pallet is suspended and goes on by itself', () => {
    begin(700);
    setFault(mill.state, { device: 'PA1', fault: 'no-pallets' });
    become('PA1', 'Suspended', 300_000);
    expect(mill.documents.get('PA1')).toMatchObject({
      reasons: [{ code: 'palletiser.no-pallet', objects: { device: 'PA1' } }],
    });
    become('BG1001', 'Suspended', 200_000);
    clearFault(mill.state, {});
    become('PA1', 'Execute');
    become('BG1001', 'Execute');
  });

  it('a full pallet that nobody takes away suspends it at once', () => {
    begin(500);
    become('PA1', 'Execute');
    setFault(mill.state, { device: 'PA1', fault: 'pallet-stays' });
    become('PA1', 'Suspended', 1_000);
    const reasons = [{ code: 'palletiser.blocked', objects: { device: 'PA1' } }];
    expect(mill.documents.get('PA1')).toMatchObject({ reasons });
  });

  it('its own fault holds it until a person takes the hold off, not before it is mended', () => {
    begin(500);
    become('PA1', 'Execute');
    setFault(mill.state, { device: 'PA1', fault: 'machine-fault' });
    become('PA1', 'Held');
    expect(mill.outputs.get('PA1.Enable')).toBe(false);
    const refusal = { accepted: false, reasons: [{ code: 'device.faulted' }] };
    expect(mill.command('PA1', 'UNHOLD')).toMatchObject(refusal);
    clearFault(mill.state, {});
    pass(10_000);
    expect(stateOf('PA1')).toBe('Held');
    command('PA1', 'UNHOLD');
    become('PA1', 'Execute');
    const stops = mill.records.filter((one) => one.kind === 'downtime' && one.unit === 'PA1');
    expect(stops).toMatchObject([{ endedTimeMs: null }, { endedTimeMs: expect.any(Number) }]);
  });

  it('after a restart it is held, and goes on when its bagger is told to', () => {
    begin(500);
    become('PA1', 'Execute');
    mill.restart();
    pass(20_000);
    expect([stateOf('BG1001'), stateOf('PA1')]).toEqual(['Held', 'Held']);
    expect(mill.outputs.get('PA1.Enable')).toBe(false);
    command('BG1001', 'UNHOLD');
    become('BG1001', 'Execute');
    become('PA1', 'Execute', 2_000);
  });
});

describe('Palletiser 40 x 25 kg: each pallet is a record with its bags', () => {
  it('each bag is on one pallet, the rest of the order on one of its own', () => {
    begin(420);
    command('BG1001', 'COMPLETE');
    become('BG1001', 'Complete', 1_200_000);
    become('PA1', 'Complete', 200_000);
    pass(5_000);
    const stacked = bags().map((one) => one.bagId);
    expect(stacked.length).toBeGreaterThanOrEqual(15);
    expect(pallets().flatMap((one) => one.bagIds)).toEqual(stacked);
    expect(pallets().map((one) => one.bags)).toEqual([
      ...Array.from({ length: Math.floor(stacked.length / 5) }, () => 5),
      ...(stacked.length % 5 === 0 ? [] : [stacked.length % 5]),
    ]);
    const what = { orderId: JOB.orderId, lot: JOB.lot, palletiser: 'PA1', bagger: 'BG1001' };
    for (const one of pallets()) expect(one).toMatchObject(what);
    const kg = bags().reduce((sum, one) => sum + one.netKg, 0);
    expect(pallets().reduce((sum, one) => sum + (one.netKg ?? 0), 0)).toBeCloseTo(kg, 6);
    expect(mill.code('PA1.OrderPallets')).toBe(pallets().length);
  });

  it('a pallet is written down once, also when the controller was killed amid it', () => {
    begin(420);
    expect(until(() => pallets().length === 1, 300_000)).toBe(true);
    mill.restart();
    pass(10_000);
    command('BG1001', 'UNHOLD');
    become('BG1001', 'Execute');
    command('BG1001', 'COMPLETE');
    become('PA1', 'Complete', 1_200_000);
    pass(5_000);
    const ids = pallets().map((one) => one.palletId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(pallets().flatMap((one) => one.bagIds)).toEqual(bags().map((one) => one.bagId));
  });
});

describe('Metal detector and checkweigher reject', () => {
  it('a bag with metal is written down as rejected, holds the bagger, and is on no pallet', () => {
    begin(400);
    expect(until(() => bags().length === 2, 120_000)).toBe(true);
    pass(6_000);
    setFault(mill.state, { device: 'MD1', fault: 'metal' });
    expect(until(() => rejects().length === 1, 120_000)).toBe(true);
    clearFault(mill.state, {});
    expect(rejects()).toMatchObject([
      { rejectId: 'MD1/1', bagId: 'BG1001/3', cause: 'metal', device: 'MD1', lot: 'L1' },
    ]);
    expect(mill.code('BG1001.OrderMetal')).toBe(1);
    become('BG1001', 'Held');
    pass(10_000);
    command('BG1001', 'UNHOLD');
    become('BG1001', 'Execute');
    command('BG1001', 'COMPLETE');
    become('PA1', 'Complete', 1_800_000);
    pass(5_000);
    const on = pallets().flatMap((one) => one.bagIds);
    expect(on).not.toContain('BG1001/3');
    expect(on).toHaveLength(bags().length - 1);
  });

  it('a bag out of weight is rejected, and three in a row hold the bagger', () => {
    begin(700);
    const bagger = mill.state.byId.get('BG1001')?.state as { goalMg: number; phase: string };
    const light = () => {
      if (bagger.phase === 'filling') bagger.goalMg = 24_500_000;
      return stateOf('BG1001') === 'Held';
    };
    expect(until(light, 400_000)).toBe(true);
    expect(mill.documents.get('BG1001')).toMatchObject({
      reasons: [{ code: 'bagger.weights-off', objects: { device: 'CW1', count: 3 } }],
    });
    const bad = rejects();
    expect(bad.length).toBeGreaterThanOrEqual(3);
    expect(new Set(bad.map((one) => one.cause))).toEqual(new Set(['weight']));
    const kgOf = new Map(bags().map((one) => [one.bagId, one.netKg]));
    for (const one of bad) expect(kgOf.get(one.bagId ?? '')).toBeCloseTo(24.5, 1);
    expect(mill.code('BG1001.OrderRejects')).toBe(bad.length);
  });
});
