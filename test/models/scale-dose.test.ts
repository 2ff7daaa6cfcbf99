// Goal: a scale on the simulator's physics doses within tolerance whatever the scan, asks a
// person when it must, is off whenever its weight or feeder cannot be trusted, and after a
// restart neither loses nor doubles a dose.
import { beforeEach, describe, expect, test } from 'vitest';
import { buildMachines } from '../../plc/machines/index.ts';
import { pilot } from '../../plc/mill/mills/pilot.ts';
import type { ScaleState } from '../../plc/model/isa88.ts';
import { SCALE_STATES } from '../../plc/model/isa88.ts';
import type { DoseRecord } from '../../plc/model/record.ts';
import { clearFault, ledger, setFault } from '../../simulators/process/index.ts';
import { MachineBench } from '../support/machine-bench.ts';

const SEED = 7;
const LINE = { kind: 'machine', id: 'LINE1' } as const;
const needed = /^(WS5\d\d|DF4\d\d|MF4\d\d|LP421|G50[123]|ES001)$/;

function newBench(scanMs = 100): MachineBench {
  const specs = buildMachines(pilot).filter((spec) => needed.test(spec.id));
  const bench = new MachineBench(pilot, specs, SEED, scanMs);
  bench.runFor(3_000);
  return bench;
}

let bench: MachineBench;
let count = 0;
beforeEach(() => {
  bench = newBench();
  count = 0;
});

function stateOf(scale: string): ScaleState | undefined {
  return SCALE_STATES[Number(bench.code(`${scale}.State`))];
}

function doses(): DoseRecord[] {
  return bench.records.filter((one) => one.kind === 'dose');
}

function doseArgs(change: Record<string, unknown> = {}) {
  count += 1;
  return {
    doseId: `O/1/WS501/${count}`,
    batchId: 'O/1',
    bin: 'DB405',
    feeder: 'DF405',
    material: 'DCP',
    lot: 'DCP-2610-07',
    targetKg: 7.5,
    toleranceKg: 0.2,
    resumed: false,
    ...change,
  };
}

function dose(change: Record<string, unknown> = {}) {
  return bench.command('WS501', 'DOSE', doseArgs(change), LINE);
}

function reach(...states: ScaleState[]): ScaleState | undefined {
  bench.until(() => states.includes(stateOf('WS501') ?? 'Faulted'), 300_000);
  return stateOf('WS501');
}

function takenKg(bin: string): number {
  return ledger(bench.state).bins[bin]?.outKg ?? 0;
}

describe('the lot of a dose', () => {
  const lots = () => doses().map((one) => one.lot);
  const learntFrom = () =>
    Object.values(bench.context('WS501')['learnt'] as Record<string, { lot: string | null }>);

  test('is what the book says comes out of the bin, not what the order was planned with', () => {
    bench.forced.set('DB405.Lot', 'T261125-7');
    expect(dose()).toEqual({ accepted: true });
    // What comes out next while it is being weighed belongs to the dose after this one.
    bench.until(() => stateOf('WS501') === 'Filling', 60_000);
    bench.forced.set('DB405.Lot', 'T261125-8');
    expect(reach('Full')).toBe('Full');
    expect(dose()).toEqual({ accepted: true });
    expect(reach('Filling')).toBe('Filling');
    expect(reach('Full')).toBe('Full');
    expect(lots()).toEqual(['T261125-7', 'T261125-8']);
    expect(learntFrom().map((one) => one.lot)).toEqual(['T261125-8']);
  });

  test('is unknown where the book knows of none, and as planned while there is no book', () => {
    expect(dose()).toEqual({ accepted: true });
    expect(reach('Full')).toBe('Full');
    bench.forced.set('DB405.Lot', '');
    expect(dose()).toEqual({ accepted: true });
    expect(reach('Filling')).toBe('Filling');
    expect(reach('Full')).toBe('Full');
    expect(lots()).toEqual(['DCP-2610-07', null]);
  });
});

describe('a scale', () => {
  test.each([100, 200])('doses within tolerance at a scan of %i ms', (scanMs) => {
    bench = newBench(scanMs);
    const targets = [
      { bin: 'DB401', feeder: 'DF401', targetKg: 60, toleranceKg: 0.3 },
      { bin: 'DB403', feeder: 'DF403', targetKg: 20, toleranceKg: 0.2 },
      { bin: 'DB406', feeder: 'DF406', targetKg: 6.25, toleranceKg: 0.2 },
    ];
    for (const target of [...targets, ...targets]) {
      expect(dose(target)).toEqual({ accepted: true });
      expect(reach('Full', 'Waiting')).toBe('Full');
    }
    expect(doses().map((one) => one.decision)).toEqual(Array(6).fill('in-tolerance'));
    for (const { bin, targetKg } of targets) {
      const weighed = doses().filter((one) => one.bin === bin);
      const sumKg = weighed.reduce((sum, one) => sum + one.actualKg, 0);
      // Half a division for each of the two doses is the most that the weigher can be wrong.
      expect(Math.abs(sumKg - takenKg(bin)), bin).toBeLessThan(0.1 + 0.0005 * targetKg);
    }
  });

  test('corrects a dose that is short by pulses, and asks after five', () => {
    expect(dose({ toleranceKg: 0.000_1 })).toEqual({ accepted: true });
    expect(reach('Jogging', 'Waiting', 'Full')).not.toBe('Full');
    expect(reach('Waiting')).toBe('Waiting');
    expect([...bench.raised]).toContain('WS501.DoseDeviation');
    bench.command('WS501', 'DECIDE', { decision: 'accept' });
    expect(stateOf('WS501')).toBe('Full');
    expect([...bench.raised]).toEqual([]);
    const [record] = doses();
    expect(record?.decision).toMatch(/^accepted-/);
    expect(record?.decidedBy).toBe('lan');
    expect(record?.jogs).toBeLessThanOrEqual(5);
  });

  test('has a drug out of tolerance released by two persons', () => {
    dose({ toleranceKg: 0.000_1, drug: true });
    expect(reach('Waiting')).toBe('Waiting');
    for (const second of [undefined, 'lan']) {
      const args = { decision: 'accept', ...(second === undefined ? {} : { second }) };
      expect(bench.command('WS501', 'DECIDE', args)).toMatchObject({
        reasons: [{ code: 'dose.second-person' }],
      });
    }
    expect(bench.command('WS501', 'DECIDE', { decision: 'accept', second: 'minh' })).toEqual({
      accepted: true,
    });
    expect(doses()[0]).toMatchObject({ decidedBy: 'lan', releasedBy: 'minh' });
  });

  test('asks a person when nothing flows, and goes on when told to', () => {
    setFault(bench.state, { device: 'DB405', fault: 'bridged' });
    dose();
    expect(reach('Waiting')).toBe('Waiting');
    expect([...bench.raised]).toEqual(['WS501.NoFlow']);
    expect(bench.outputs.get('DF405.Cmd')).toBe(false);
    clearFault(bench.state, { device: 'DB405', fault: 'bridged' });
    expect(bench.command('WS501', 'DECIDE', { decision: 'retry' })).toEqual({ accepted: true });
    expect(reach('Full', 'Waiting')).toBe('Full');
    expect(doses()).toHaveLength(1);
    expect(doses()[0]?.decision).toBe('in-tolerance');
  });

  test.each(['Net', 'Overload'])('stops its feeder in the scan in which %s is lost', (role) => {
    dose();
    bench.runFor(8_000);
    expect(bench.outputs.get('DF405.Cmd')).toBe(true);
    bench.lost.add(`WS501.${role}`);
    bench.scan();
    expect(bench.outputs.get('DF405.Cmd')).toBe(false);
    expect(stateOf('WS501')).toBe('Held');
    expect(bench.command('WS501', 'RESUME', {}, LINE)).toMatchObject({ accepted: false });
    bench.lost.clear();
    bench.runFor(3_000);
    expect(bench.command('WS501', 'RESUME', {}, LINE)).toEqual({ accepted: true });
    expect(reach('Full')).toBe('Full');
    expect(Math.abs((doses()[0]?.actualKg ?? 0) - takenKg('DB405'))).toBeLessThan(0.1);
  });

  test('weight invalid on overload: its feeder stops in the same scan, and it is held', () => {
    dose();
    bench.runFor(8_000);
    expect(bench.outputs.get('DF405.Cmd')).toBe(true);
    bench.forced.set('WS501.Overload', true);
    bench.scan();
    expect(bench.outputs.get('DF405.Cmd')).toBe(false);
    expect(stateOf('WS501')).toBe('Held');
    const refusal = { accepted: false, reasons: [{ code: 'scale.overload' }] };
    expect(bench.command('WS501', 'RESUME', {}, LINE)).toMatchObject(refusal);
  });

  test('is Faulted while it is idle and its weight cannot be trusted', () => {
    bench.lost.add('WS501.Net');
    bench.scan();
    expect(stateOf('WS501')).toBe('Faulted');
    expect(dose()).toMatchObject({ accepted: false, reasons: [{ code: 'scale.not-good' }] });
    bench.lost.clear();
    bench.scan();
    expect(stateOf('WS501')).toBe('Empty');
  });

  test('refuses to begin a batch on what somebody left on it', () => {
    bench.forced.set('WS501.Net', 3.2);
    bench.forced.set('WS501.Zero', false);
    bench.scan();
    expect(dose()).toMatchObject({
      accepted: false,
      reasons: [{ code: 'scale.not-empty', objects: { scale: 'WS501', netKg: 3.2 } }],
    });
  });

  test('refuses what it does not know, in every state, and says which state it is in', () => {
    expect(bench.command('WS501', 'DANCE')).toMatchObject({
      accepted: false,
      reasons: [{ code: 'command.not-in-state', objects: { state: 'Empty' } }],
    });
    dose();
    expect(bench.command('WS501', 'DANCE')).toMatchObject({
      accepted: false,
      reasons: [{ objects: { state: 'Filling' } }],
    });
    expect(bench.command('WS501', 'DOSE', { doseId: 'x' }, LINE)).toMatchObject({
      accepted: false,
    });
  });

  test('answers a dose that it has done from memory, without a second record', () => {
    dose();
    expect(reach('Full')).toBe('Full');
    count = 0;
    expect(dose()).toEqual({ accepted: true });
    expect(stateOf('WS501')).toBe('Full');
    expect(doses()).toHaveLength(1);
    expect(bench.sent.filter((one) => one.command === 'DOSED')).toHaveLength(2);
  });

  test('empties into the mixer and says so', () => {
    dose();
    reach('Full');
    bench.command('WS501', 'DISCHARGE', {}, LINE);
    expect(stateOf('WS501')).toBe('Discharging');
    expect(reach('Empty')).toBe('Empty');
    expect(bench.outputs.get('G501.OpenCmd')).toBe(false);
    const told = bench.sent.find((one) => one.command === 'DISCHARGED');
    expect(Number(told?.args['kg'])).toBeCloseTo(doses()[0]?.actualKg ?? 0, 0);
  });

  test('writes down what has arrived when the batch is aborted', () => {
    dose({ targetKg: 60 });
    bench.runFor(20_000);
    bench.command('WS501', 'ABORT', { user: 'minh' }, LINE);
    expect(reach('Full')).toBe('Full');
    expect(doses()[0]).toMatchObject({ decision: 'accepted-under', decidedBy: 'minh' });
    expect(Math.abs((doses()[0]?.actualKg ?? 0) - takenKg('DB405'))).toBeLessThan(0.1);
  });
});

describe('after a restart of the controller', () => {
  const moments: [ScaleState, () => void][] = [
    ['Filling', () => bench.runFor(6_000)],
    ['Settling', () => reach('Settling')],
    [
      'Jogging',
      () => {
        reach('Jogging', 'Waiting');
      },
    ],
    ['Waiting', () => reach('Waiting')],
  ];

  test.each(moments)('a scale that was %s is Held and safe, and loses nothing', (state, go) => {
    dose(state === 'Filling' || state === 'Settling' ? {} : { toleranceKg: 0.000_1 });
    go();
    bench.restart();
    expect(stateOf('WS501')).toBe('Held');
    bench.runFor(5_000);
    expect(stateOf('WS501')).toBe('Held');
    expect(bench.outputs.get('DF405.Cmd')).toBe(false);
    expect(bench.command('WS501', 'RESUME', {}, LINE)).toEqual({ accepted: true });
    if (reach('Full', 'Waiting') === 'Waiting') {
      bench.command('WS501', 'DECIDE', { decision: 'accept' });
    }
    expect(stateOf('WS501')).toBe('Full');
    expect(doses()).toHaveLength(1);
    expect(Math.abs((doses()[0]?.actualKg ?? 0) - takenKg('DB405'))).toBeLessThan(0.1);
  });

  test('a scale that was emptying closes its gate and goes on when told to', () => {
    dose({ targetKg: 200, bin: 'DB401', feeder: 'DF401', toleranceKg: 1 });
    reach('Full');
    bench.command('WS501', 'DISCHARGE', {}, LINE);
    bench.runFor(4_000);
    bench.restart();
    expect(stateOf('WS501')).toBe('Held');
    bench.runFor(5_000);
    expect(bench.outputs.get('G501.OpenCmd')).toBe(false);
    bench.command('WS501', 'RESUME', {}, LINE);
    expect(reach('Empty')).toBe('Empty');
    expect(ledger(bench.state).scales['WS501']?.contentKg).toBeLessThan(0.5);
  });

  test('killed as the next dose began, a scale that was emptying keeps what has come for it', () => {
    dose({ targetKg: 40, bin: 'DB401', feeder: 'DF401', toleranceKg: 0.4 });
    reach('Full');
    bench.command('WS501', 'DISCHARGE', {}, LINE);
    bench.until(() => bench.context('WS501')['closing'] === true, 120_000);
    // The snapshot is of now; the scale went on, was empty, and its next dose had begun to flow.
    bench.restart();
    bench.forced.set('WS501.Net', 6.4);
    bench.forced.set('WS501.Zero', false);
    bench.scan();
    expect(bench.command('WS501', 'RESUME', {}, LINE)).toEqual({ accepted: true });
    expect(stateOf('WS501')).toBe('Empty');
    bench.runFor(5_000);
    expect(bench.outputs.get('G501.OpenCmd')).toBe(false);
    expect(bench.sent.filter((one) => one.command === 'DISCHARGED')).toHaveLength(1);
    expect(dose({ targetKg: 40 })).toEqual({ accepted: true });
    const { startNetKg } = bench.context('WS501')['dose'] as { startNetKg: number };
    expect(Math.abs(startNetKg)).toBeLessThan(0.5);
  });

  test.each([
    ['is being weighed', () => bench.runFor(6_000)],
    ['lies on it', () => reach('Full')],
  ])('what the mixer still asks for is in it already when the next batch %s', (_, go) => {
    dose({ batchId: 'O/2' });
    go();
    const state = stateOf('WS501');
    const answer = bench.command('WS501', 'DISCHARGE', { batchId: 'O/1' }, LINE);
    expect(answer).toEqual({ accepted: true });
    expect(stateOf('WS501')).toBe(state);
    const told = bench.sent.find((one) => one.command === 'DISCHARGED');
    expect(told?.args).toEqual({ scale: 'WS501', kg: 0 });
    expect(bench.outputs.get('G501.OpenCmd')).not.toBe(true);
    expect(reach('Full')).toBe('Full');
    bench.command('WS501', 'DISCHARGE', { batchId: 'O/2' }, LINE);
    expect(stateOf('WS501')).toBe('Discharging');
  });

  test('a dose of which the snapshot knew nothing yet counts from the empty scale', () => {
    dose();
    bench.runFor(15_000);
    const rest = { resumed: true };
    const fresh = newBench();
    // The scale of the new controller never heard of the dose; the product is on it all the same.
    fresh.forced.set('WS501.Net', 3.1);
    fresh.forced.set('WS501.Zero', false);
    fresh.scan();
    count = 0;
    expect(fresh.command('WS501', 'DOSE', doseArgs(rest), LINE)).toEqual({ accepted: true });
    expect((fresh.context('WS501')['dose'] as { startNetKg: number }).startNetKg).toBe(0);
  });
});
