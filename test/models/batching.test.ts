// Goal: a line with its real machines on the simulator's physics makes an order from its bins to
// the finished bin; hold, abort, stop and a restart in any moment leave it safe and lose or
// double no dose.
import { beforeEach, describe, expect, test } from 'vitest';
import { buildMachines } from '../../plc/machines/index.ts';
import { pilot } from '../../plc/mill/mills/pilot.ts';
import type { MixerPhase, ProcedureState } from '../../plc/model/isa88.ts';
import { MIXER_PHASES, PROCEDURE_STATES } from '../../plc/model/isa88.ts';
import { LOTS_ID } from '../../plc/model/lots.ts';
import type { Order } from '../../plc/model/order.ts';
import type { DoseRecord, MachineRecord } from '../../plc/model/record.ts';
import type { LineStatus } from '../../plc/model/status.ts';
import { clearFault, ledger, setFault } from '../../simulators/process/index.ts';
import { MachineBench } from '../support/machine-bench.ts';

const SEED = 3;
const HOUR_MS = 3_600_000;
const ITEMS = [
  { material: 'MAIZE', pct: 60, drug: false },
  { material: 'SBM', pct: 30, drug: false },
  { material: 'DCP', pct: 5.5, drug: false },
  { material: 'SALT', pct: 1, drug: false },
  { material: 'SOY-OIL', pct: 3.5, drug: false },
];

function order(change: Partial<Order> = {}): Order {
  return {
    orderId: 'T-1',
    formulaCode: 'TEST',
    formulaVersion: 1,
    product: { vi: 'Thử', en: 'Test' },
    items: ITEMS,
    procedure: { id: 'mash', pelleted: false, dryMixS: 10, wetMixS: 10, conditionerC: null },
    orderKg: 200,
    batchKg: 100,
    line: 'LINE1',
    destination: 'FB901',
    packaging: 'bulk',
    bagKg: 25,
    lot: 'L-1',
    kind: 'feed',
    nature: { drugClass: 'none', species: 'broiler', withdrawal: false },
    presses: [],
    bagger: null,
    dueTimeMs: null,
    customer: null,
    ...change,
  };
}

let bench: MachineBench;
beforeEach(() => {
  bench = new MachineBench(pilot, buildMachines(pilot), SEED, 200);
  bench.runFor(2_000);
});

function lineState(): ProcedureState | undefined {
  return PROCEDURE_STATES[Number(bench.code('LINE1.State'))];
}

function phase(): MixerPhase | undefined {
  return MIXER_PHASES[Number(bench.code('MX601.Phase'))];
}

function reach(...states: ProcedureState[]): ProcedureState | undefined {
  bench.until(() => states.includes(lineState() ?? 'Idle'), HOUR_MS);
  return lineState();
}

function start(change: Partial<Order> = {}): void {
  const one = order(change);
  expect(bench.command('LINE1', 'SUBMIT', { order: one })).toEqual({ accepted: true });
  expect(bench.command('LINE1', 'START', { orderId: one.orderId })).toEqual({ accepted: true });
}

function of<K extends MachineRecord['kind']>(kind: K): Extract<MachineRecord, { kind: K }>[] {
  return bench.records.filter(
    (one): one is Extract<MachineRecord, { kind: K }> => one.kind === kind,
  );
}

function toOrder(command: string, orderId = 'T-1') {
  return bench.command('LINE1', command, { orderId });
}

/** Every dose once, and together what left the bins, to the weigher's resolution. */
function expectDosesWhole(doses: readonly DoseRecord[], expected: number): void {
  expect(new Set(doses.map((one) => one.doseId)).size).toBe(doses.length);
  expect(doses).toHaveLength(expected);
  const { bins } = ledger(bench.state);
  for (const bin of new Set(doses.map((one) => one.bin))) {
    const own = doses.filter((one) => one.bin === bin);
    const sumKg = own.reduce((sum, one) => sum + one.actualKg, 0);
    expect(Math.abs(sumKg - (bins[bin]?.outKg ?? 0)), bin).toBeLessThan(0.06 * own.length);
  }
}

function isSafe(): boolean {
  const moving = pilot.devices.filter(
    (device) =>
      bench.outputs.get(`${device.id}.Cmd`) === true ||
      bench.outputs.get(`${device.id}.OpenCmd`) === true,
  );
  return moving.length === 0;
}

describe('an order', () => {
  test('is made in equal batches, the next one weighed while this one is mixed', () => {
    start();
    expect(bench.until(() => phase() === 'WetMixing', HOUR_MS)).toBe(true);
    const status = bench.documents.get('LINE1') as LineStatus;
    expect(status.batchNumber).toBe(2);
    expect(status.doses.some((dose) => dose.state === 'dosing')).toBe(true);
    expect(reach('Complete')).toBe('Complete');
    expectDosesWhole(of('dose'), 10);
    const batches = of('batch').filter((one) => one.state === 'Complete');
    expect(batches.map((one) => one.batchId)).toEqual(['T-1/1', 'T-1/2']);
    expect(of('phase').map((one) => one.phaseId)).toHaveLength(10);
    expect(new Set(of('phase').map((one) => one.phaseId)).size).toBe(10);
    const last = of('order').at(-1);
    expect(last).toMatchObject({ state: 'Complete', batchesDone: 2 });
    expect(last?.dosedKg).toBeCloseTo(
      of('dose').reduce((sum, one) => sum + one.actualKg, 0),
      6,
    );
    expect(ledger(bench.state).scales['WS501']?.contentKg).toBeLessThan(0.1);
  });

  test('has its drugs and micro enter the mixer after half of the mains', () => {
    const items = ITEMS.map((one) => ({ ...one, drug: one.material === 'SALT' }));
    start({ items, orderKg: 100 });
    expect(bench.until(() => phase() === 'DryMixing', HOUR_MS)).toBe(true);
    const place = (is: (one: (typeof bench.sent)[number]) => boolean) => bench.sent.findIndex(is);
    const mainsIn = place((one) => one.command === 'DISCHARGED' && one.args['scale'] === 'WS501');
    const micro = place((one) => one.command === 'DISCHARGE' && one.to === 'WS502');
    expect(mainsIn).toBeGreaterThan(-1);
    expect(micro).toBeGreaterThan(mainsIn);
  });

  test('is refused with every reason at once', () => {
    const items = [
      { material: 'GOLD', pct: 50, drug: false },
      { material: 'SILVER', pct: 49.9, drug: false },
      { material: 'MAIZE', pct: 0.1, drug: false },
    ];
    const result = bench.command('LINE1', 'SUBMIT', {
      order: order({ items, batchKg: 900, orderKg: 900, destination: 'FB999' }),
    });
    expect(result.accepted).toBe(false);
    const codes = result.accepted ? [] : result.reasons.map((one) => one.code);
    expect(codes).toContain('target.unknown');
    expect(codes).toContain('order.batch-size');
    expect(codes.filter((code) => code === 'bin.none-for-material')).toHaveLength(2);
    expect(codes).toContain('dose.below-minimum');
  });

  test('is known by its id, and the queue has an end', () => {
    for (let number = 0; number < 20; number++) {
      const one = order({ orderId: `Q-${number}` });
      expect(bench.command('LINE1', 'SUBMIT', { order: one }).accepted).toBe(true);
    }
    const again = bench.command('LINE1', 'SUBMIT', { order: order({ orderId: 'Q-3' }) });
    expect(again).toMatchObject({ reasons: [{ code: 'order.exists' }] });
    const more = bench.command('LINE1', 'SUBMIT', { order: order({ orderId: 'Q-20' }) });
    expect(more).toMatchObject({ reasons: [{ code: 'order.queue-full' }] });
    expect(toOrder('REMOVE', 'Q-3')).toEqual({ accepted: true });
    expect(toOrder('REMOVE', 'Q-99')).toMatchObject({ reasons: [{ code: 'order.unknown' }] });
    expect(toOrder('HOLD', 'Q-4')).toMatchObject({
      reasons: [{ code: 'command.not-in-state', objects: { state: 'Queued' } }],
    });
    expect(bench.command('LINE1', 'DANCE').accepted).toBe(false);
  });

  test('waits for a finished bin that holds another product', () => {
    bench.forced.set('FB901.Low', false);
    bench.scan();
    expect(bench.command('LINE1', 'SUBMIT', { order: order() })).toMatchObject({
      reasons: [{ code: 'bin.other-content' }],
    });
    bench.lost.add('FB901.Low');
    bench.scan();
    expect(bench.command('LINE1', 'SUBMIT', { order: order() })).toMatchObject({
      reasons: [{ code: 'input.not-good' }],
    });
  });

  test('that is stopped finishes what was begun and no more', () => {
    start({ orderKg: 400 });
    bench.until(() => phase() === 'DryMixing', HOUR_MS);
    expect(toOrder('STOP')).toEqual({ accepted: true });
    expect(lineState()).toBe('Stopping');
    expect(reach('Stopped')).toBe('Stopped');
    expect(of('order').at(-1)).toMatchObject({ state: 'Stopped', batchesDone: 2 });
    expectDosesWhole(of('dose'), 10);
  });
});

/** Moments in the life of a batch, and how they are recognized. */
const MOMENTS: [string, () => boolean][] = [
  ['the first dose', () => bench.outputs.get('DF401.Cmd') === true],
  ['the mixer filling', () => phase() === 'Filling'],
  ['dry mixing', () => phase() === 'DryMixing'],
  ['wet mixing', () => phase() === 'WetMixing'],
  ['the mixer discharging', () => phase() === 'Discharging'],
];

describe('held, aborted or restarted in mid-batch', () => {
  test.each(MOMENTS)('during %s: a hold stops it, a resume finishes it', (_name, there) => {
    start({ orderKg: 100 });
    expect(bench.until(there, HOUR_MS)).toBe(true);
    expect(toOrder('HOLD')).toEqual({ accepted: true });
    expect(reach('Held')).toBe('Held');
    const doses = of('dose').length;
    bench.runFor(30_000);
    expect(of('dose')).toHaveLength(doses);
    expect(bench.outputs.get('G601.OpenCmd')).toBe(false);
    expect(toOrder('RESUME')).toEqual({ accepted: true });
    expect(reach('Complete')).toBe('Complete');
    expectDosesWhole(of('dose'), 5);
    expect(of('downtime').map((one) => one.endedTimeMs === null)).toEqual([true, false]);
  });

  test.each(MOMENTS)('during %s: after a restart it is Held and safe', (_name, there) => {
    start();
    expect(bench.until(there, HOUR_MS)).toBe(true);
    bench.restart();
    expect(lineState()).toBe('Held');
    bench.runFor(20_000);
    expect(lineState()).toBe('Held');
    expect(isSafe()).toBe(true);
    expect((bench.documents.get('LINE1') as LineStatus).reasons).toEqual([
      { code: 'restart.held', objects: {} },
    ]);
    expect(toOrder('RESUME')).toEqual({ accepted: true });
    expect(reach('Complete', 'Held')).toBe('Complete');
    expectDosesWhole(of('dose'), 10);
    expect(of('order').at(-1)).toMatchObject({ state: 'Complete', batchesDone: 2 });
  });

  test.each(MOMENTS)('during %s: an abort ends it and moves nothing more', (_name, there) => {
    start();
    expect(bench.until(there, HOUR_MS)).toBe(true);
    expect(toOrder('ABORT')).toEqual({ accepted: true });
    expect(reach('Aborted')).toBe('Aborted');
    expect(of('order').at(-1)).toMatchObject({ state: 'Aborted' });
    const doses = of('dose').length;
    bench.runFor(30_000);
    expect(of('dose')).toHaveLength(doses);
    for (const gate of ['G501', 'G502', 'G503', 'G601']) {
      expect(bench.outputs.get(`${gate}.OpenCmd`), gate).toBe(false);
    }
    expect(bench.outputs.get('MX601.Cmd')).toBe(false);
  });

  test('a queue does not begin by itself after a restart', () => {
    bench.command('LINE1', 'SUBMIT', { order: order() });
    bench.forced.set('WS502.State', 5);
    toOrder('START');
    bench.runFor(2_000);
    bench.restart();
    bench.forced.clear();
    bench.runFor(10_000);
    expect(lineState()).toBe('Idle');
    toOrder('START');
    expect(reach('Running')).toBe('Running');
  });

  test('a mixer drive that trips holds the line with its reason', () => {
    start();
    bench.until(() => phase() === 'DryMixing', HOUR_MS);
    setFault(bench.state, { device: 'MX601', fault: 'trip' });
    expect(reach('Held')).toBe('Held');
    expect((bench.documents.get('LINE1') as LineStatus).reasons).toContainEqual({
      code: 'device.faulted',
      objects: { device: 'MX601' },
    });
  });
});

describe('a dose whose bin gives nothing', () => {
  const status = () => bench.documents.get('LINE1') as LineStatus;
  const scale = () => status().scales['WS501'];
  const why = () => status().reasons.map(({ code }) => code);
  const atRest = () => bench.until(() => scale() === 'Waiting', HOUR_MS);

  /** The bin as a bin without product shows: nothing flows, its low switch is on. */
  function emptied(): void {
    setFault(bench.state, { device: 'DB402', fault: 'bridged', freePct: 0 });
    bench.forced.set('DB402.LevelPct', 0);
    bench.forced.set('DB402.Low', true);
  }

  function filled(pct: number): void {
    clearFault(bench.state, { device: 'DB402' });
    bench.forced.set('DB402.LevelPct', pct);
    bench.forced.set('DB402.Low', false);
  }

  test('goes on by itself when its empty bin holds again what it needs', () => {
    emptied();
    start();
    expect(atRest()).toBe(true);
    expect(why()).toEqual(['dose.bin-empty']);
    // Of a bin of 2 t this is 20 kg: less than the dose.
    filled(1);
    bench.runFor(30_000);
    expect(scale()).toBe('Waiting');
    filled(10);
    bench.runFor(10_000);
    expect(scale()).toBe('Filling');
    expect(reach('Complete')).toBe('Complete');
    expectDosesWhole(of('dose'), 10);
    expect(of('dose').every((one) => one.decidedBy === null)).toBe(true);
  });

  test('does not go on with a lot that must not be used', () => {
    emptied();
    start();
    expect(atRest()).toBe(true);
    const bin = pilot.deviceById.get('DB402')?.settings;
    const lot = bin !== undefined && 'lot' in bin ? bin.lot : null;
    const quarantine = (on: boolean) =>
      bench.command(LOTS_ID, 'QUARANTINE', { lot, on, note: 'mốc' });
    expect(quarantine(true)).toEqual({ accepted: true });
    filled(10);
    bench.runFor(60_000);
    expect(scale()).toBe('Waiting');
    expect(why()).toContain('lot.quarantined');
    expect(quarantine(false)).toEqual({ accepted: true });
    bench.runFor(10_000);
    expect(scale()).toBe('Filling');
  });

  test('asks a person when there was too much of it after all', () => {
    emptied();
    start();
    expect(atRest()).toBe(true);
    // Somebody helped out by hand, and with more than was missing.
    bench.forced.set('WS501.Net', 110);
    filled(10);
    bench.runFor(60_000);
    expect(scale()).toBe('Waiting');
    expect(why()).toEqual(['dose.over']);
    bench.forced.delete('WS501.Net');
  });

  test('waits for a person where its bin has product: that bridges', () => {
    setFault(bench.state, { device: 'DB402', fault: 'bridged', freePct: 0 });
    start();
    expect(atRest()).toBe(true);
    bench.runFor(60_000);
    expect(scale()).toBe('Waiting');
    expect(why()).toEqual(['dose.no-flow']);
  });
});
