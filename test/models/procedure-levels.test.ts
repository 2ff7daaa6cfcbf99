// Goal: Hold, Resume or Restart, Pause, Stop and Abort at each level of ISA-88: the order
// (procedure), the batch (unit procedure) and the phase, on the pilot mill's real machines; every
// state is reached, and every command in every state is taken or refused with a reason. A phase is
// begun again or skipped, a drug never.
import { beforeEach, describe, expect, test } from 'vitest';
import { buildMachines } from '../../plc/machines/index.ts';
import { pilot } from '../../plc/mill/mills/pilot.ts';
import type { ProcedureState } from '../../plc/model/isa88.ts';
import { PROCEDURE_STATES } from '../../plc/model/isa88.ts';
import type { Order } from '../../plc/model/order.ts';
import { afterCommand, PROCEDURE_COMMANDS } from '../../plc/model/procedure.ts';
import type { BatchRecord, DoseRecord, OrderRecord } from '../../plc/model/record.ts';
import type { LineStatus } from '../../plc/model/status.ts';
import { MachineBench } from '../support/machine-bench.ts';

const HOUR_MS = 3_600_000;
const ITEMS = [
  { material: 'MAIZE', pct: 62, drug: false },
  { material: 'SBM', pct: 33, drug: false },
  { material: 'SALT', pct: 1, drug: false },
  { material: 'SOY-OIL', pct: 4, drug: false },
];

function order(change: Partial<Order> = {}): Order {
  return {
    ...{ orderId: 'T-1', formulaCode: 'TEST', formulaVersion: 1, items: ITEMS },
    product: { vi: 'Thử', en: 'Test' },
    procedure: { id: 'mash', pelleted: false, dryMixS: 10, wetMixS: 10, conditionerC: null },
    ...{ orderKg: 200, batchKg: 100, line: 'LINE1', destination: 'FB901', packaging: 'bulk' },
    ...{ bagKg: 25, lot: 'L-1', kind: 'feed', presses: [], bagger: null, dueTimeMs: null },
    nature: { drugClass: 'none', species: 'broiler', withdrawal: false },
    customer: null,
    ...change,
  };
}

const SPECS = buildMachines(pilot);
let bench: MachineBench;
beforeEach(() => {
  bench = new MachineBench(pilot, SPECS, 3, 200);
  bench.runFor(2_000);
});

function start(change: Partial<Order> = {}): void {
  const one = order(change);
  expect(bench.command('LINE1', 'SUBMIT', { order: one })).toEqual({ accepted: true });
  expect(bench.command('LINE1', 'START', { orderId: one.orderId })).toEqual({ accepted: true });
}

const line = () => bench.documents.get('LINE1') as LineStatus;
const lineState = () => PROCEDURE_STATES[Number(bench.code('LINE1.State'))] ?? 'Idle';
const until = (is: () => boolean) => expect(bench.until(is, HOUR_MS)).toBe(true);
const reach = (state: ProcedureState) => until(() => lineState() === state);
const orderIs = () =>
  bench.records.filter((one): one is OrderRecord => one.kind === 'order').at(-1);
const doses = () => bench.records.filter((one): one is DoseRecord => one.kind === 'dose');

const batchOf = (number = 1) => line()?.batches.find((one) => one.number === number);
const batchState = (number = 1) => batchOf(number)?.state;
const phaseState = (unit: string) => batchOf()?.phases.find((one) => one.unit === unit)?.state;
const toBatch = (command: string, batchId = 'T-1/1') =>
  bench.command('LINE1', `BATCH_${command}`, { orderId: 'T-1', batchId });
const toPhase = (command: string, unit: string, more: object = {}) =>
  bench.command('LINE1', `PHASE_${command}`, { orderId: 'T-1', batchId: 'T-1/1', unit, ...more });

const OK = { accepted: true } as const;

/** What a state takes and refuses of all commands is as the standard says, each with a reason. */
function expectMatrix(state: ProcedureState, prefix: string, args: object): void {
  for (const command of PROCEDURE_COMMANDS) {
    if (command === 'RESTART' && prefix !== '') continue;
    const type = command === 'RESTART' ? 'RESUME' : command;
    const answer = bench.wouldAnswer('LINE1', `${prefix}${type}`, { ...args });
    // A batch begins by itself, and is gone when it is over.
    const never = prefix !== '' && ['START', 'RESET'].includes(type);
    // An order that stops still makes what was begun, for minutes: it may be held as well.
    const heldToo = prefix === '' && state === 'Stopping' && type === 'HOLD';
    const takes = heldToo || (!never && afterCommand(state, type) !== null);
    expect([state, command, answer.accepted]).toEqual([state, command, takes]);
    if (!answer.accepted)
      expect(answer.reasons.length, `${command} in ${state}`).toBeGreaterThan(0);
  }
}

describe('Order (procedure)', () => {
  test('each state is reached, and takes or refuses every command with a reason', () => {
    const seen = new Set<ProcedureState>(['Idle']);
    const look = (state: ProcedureState, orderId = 'T-1') => {
      reach(state);
      seen.add(state);
      expectMatrix(state, '', { orderId });
    };
    const tell = (command: string, orderId = 'T-1') =>
      expect(bench.command('LINE1', command, { orderId })).toEqual(OK);
    start({ orderKg: 300 });
    look('Running');
    until(() => doses().length > 0);
    tell('PAUSE');
    look('Pausing');
    look('Paused');
    // It is paused between two batches: one is out, and no other was begun.
    expect(orderIs()).toMatchObject({ state: 'Paused', batchesDone: 1 });
    bench.runFor(60_000);
    expect(line()?.batches).toEqual([]);
    tell('RESUME');
    look('Running');
    until(() => batchState(2) === 'Running' && doses().length > 4);
    tell('HOLD');
    look('Holding');
    look('Held');
    tell('RESUME');
    look('Restarting');
    look('Running');
    tell('STOP');
    look('Stopping');
    look('Stopped');
    tell('RESET');
    expect([lineState(), line()?.orders]).toEqual(['Idle', []]);
    start({ orderId: 'T-2', orderKg: 100, lot: 'L-1' });
    look('Running', 'T-2');
    until(() => doses().some(({ batchId }) => batchId === 'T-2/1'));
    tell('ABORT', 'T-2');
    look('Aborting', 'T-2');
    look('Aborted', 'T-2');
    expect([...seen, 'Complete'].sort()).toEqual([...PROCEDURE_STATES].sort());
  }, 120_000);

  test('complete: ABORT is refused, and a waiting order does not begin because of it', () => {
    start({ orderKg: 100 });
    reach('Complete');
    expectMatrix('Complete', '', { orderId: 'T-1' });
    bench.command('LINE1', 'SUBMIT', { order: order({ orderId: 'T-2' }) });
    expect(bench.command('LINE1', 'ABORT', { orderId: 'T-1' })).toMatchObject({
      reasons: [{ code: 'command.not-in-state', objects: { state: 'Complete' } }],
    });
    bench.runFor(5_000);
    expect(lineState()).toBe('Complete');
  }, 60_000);

  test('aborted: a released order waits until a person releases it again', () => {
    start();
    bench.command('LINE1', 'SUBMIT', { order: order({ orderId: 'T-2' }) });
    bench.command('LINE1', 'START', { orderId: 'T-2' });
    until(() => doses().length > 0);
    bench.command('LINE1', 'ABORT', { orderId: 'T-1' });
    reach('Aborted');
    // Somebody has emptied the scales by hand.
    for (const scale of ['WS501', 'WS502', 'WS503']) {
      bench.forced.set(`${scale}.Net`, 0);
      bench.forced.set(`${scale}.Zero`, true);
    }
    bench.runFor(20_000);
    expect(lineState()).toBe('Aborted');
    const waiting = line()?.orders.find((one) => one.order.orderId === 'T-2');
    expect(waiting?.reasons).toMatchObject([{ code: 'order.after-abort' }]);
    expect(bench.command('LINE1', 'START', { orderId: 'T-2' })).toEqual(OK);
    reach('Running');
  }, 60_000);
});

describe('Batch (unit procedure)', () => {
  const look = (state: ProcedureState) => {
    until(() => batchState() === state);
    expectMatrix(state, 'BATCH_', { orderId: 'T-1', batchId: 'T-1/1' });
  };
  const records = () =>
    bench.records.filter((one): one is BatchRecord => one.kind === 'batch').map((one) => one.state);

  test('paused it begins no dose, held its units stand; the order and the next batch go on', () => {
    start();
    until(() => batchState() === 'Running');
    look('Running');
    expect(toBatch('PAUSE')).toEqual(OK);
    look('Pausing');
    look('Paused');
    const before = doses().length;
    bench.runFor(60_000);
    expect(doses()).toHaveLength(before);
    expect(lineState()).toBe('Running');
    expect(line()?.reasons).toMatchObject([{ code: 'batch.stands', objects: { user: 'lan' } }]);
    expect(toBatch('RESUME')).toEqual(OK);
    until(() => bench.outputs.get('DF402.Cmd') === true || bench.outputs.get('DF401.Cmd') === true);
    expect(toBatch('HOLD')).toEqual(OK);
    look('Holding');
    look('Held');
    expect(bench.outputs.get('DF401.Cmd')).not.toBe(true);
    bench.runFor(10_000);
    expect(lineState()).toBe('Running');
    expect(toBatch('RESUME')).toEqual(OK);
    look('Restarting');
    until(() => batchState() === 'Running');
    reach('Complete');
    expect(new Set(doses().map(({ doseId }) => doseId)).size).toBe(8);
    expect(records()).toEqual(expect.arrayContaining(['Paused', 'Held', 'Restarting', 'Complete']));
  }, 120_000);

  test('in the mixer it is held and goes on; it cannot be stopped there, with the reason', () => {
    start({ orderKg: 100 });
    until(() => bench.documents.get('LINE1') !== undefined && line().mixer === 'DryMixing');
    expect(toBatch('STOP')).toMatchObject({ reasons: [{ code: 'batch.in-mixer' }] });
    expect(toBatch('PAUSE')).toEqual(OK);
    until(() => batchState() === 'Paused');
    expect(line().mixer).toBe('Waiting');
    bench.runFor(30_000);
    expect(line().mixer).toBe('Waiting');
    expect(toBatch('HOLD')).toEqual(OK);
    until(() => batchState() === 'Held');
    expect(toBatch('RESUME')).toEqual(OK);
    reach('Complete');
  }, 60_000);

  test.each(['STOP', 'ABORT'] as const)(
    '%s ends it and holds the order, whose next one is made',
    (command) => {
      start({ orderKg: 300 });
      until(() => bench.outputs.get('DF401.Cmd') === true);
      bench.runFor(3_000);
      expect(toBatch(command)).toEqual(OK);
      const acting = command === 'STOP' ? 'Stopping' : 'Aborting';
      look(acting);
      reach('Held');
      expect(batchState()).toBeUndefined();
      expect(records().at(-1)).toBe(command === 'STOP' ? 'Stopped' : 'Aborted');
      expect(line().reasons).toMatchObject([{ code: 'batch.ended', objects: { user: 'lan' } }]);
      for (const other of ['HOLD', 'RESUME', 'PAUSE', 'STOP', 'ABORT']) {
        expect(toBatch(other)).toMatchObject({ reasons: [{ code: 'batch.unknown' }] });
      }
      expect(bench.command('WS501', 'DISCHARGE', {}, { kind: 'machine', id: 'BY-HAND' })).toEqual(
        OK,
      );
      for (const scale of ['WS502', 'WS503'])
        bench.command(
          scale,
          'DISCHARGE',
          {},
          {
            ...{ kind: 'machine', id: 'BY-HAND' },
          },
        );
      until(() => Object.values(line().scales).every((state) => state === 'Empty'));
      expect(bench.command('LINE1', 'RESUME', { orderId: 'T-1' })).toEqual(OK);
      until(() => batchState(2) === 'Running');
    },
    60_000,
  );
});

describe('Phase', () => {
  const look = (state: ProcedureState, unit = 'WS501') => {
    until(() => phaseState(unit) === state);
    expectMatrix(state, 'PHASE_', { orderId: 'T-1', batchId: 'T-1/1', unit });
  };

  test('each state is reached; the other scales go on; what was aborted is begun again', () => {
    start({ orderKg: 100 });
    until(() => bench.outputs.get('DF401.Cmd') === true);
    look('Running');
    expect(toPhase('HOLD', 'WS501')).toEqual(OK);
    look('Holding');
    look('Held');
    until(() => phaseState('WS503') === 'Complete' && phaseState('WS502') === 'Complete');
    expect(lineState()).toBe('Running');
    expect(bench.outputs.get('DF401.Cmd')).not.toBe(true);
    expect(toPhase('RESUME', 'WS501')).toEqual(OK);
    look('Restarting');
    look('Running');
    expect(toPhase('PAUSE', 'WS501')).toEqual(OK);
    look('Pausing');
    look('Paused');
    const paused = doses().length;
    bench.runFor(30_000);
    expect(doses()).toHaveLength(paused);
    expect(toPhase('RESUME', 'WS501')).toEqual(OK);
    until(() => bench.outputs.get('DF402.Cmd') === true);
    bench.runFor(2_000);
    expect(toPhase('ABORT', 'WS501')).toEqual(OK);
    look('Aborting');
    look('Aborted');
    expect(doses().at(-1)).toMatchObject({ decision: 'accepted-under', decidedBy: 'lan' });
    expect(toPhase('RESTART', 'WS501')).toEqual(OK);
    reach('Complete');
    const soy = doses().filter(({ material }) => material === 'SBM');
    expect(soy).toHaveLength(2);
    expect(Math.abs(soy.reduce((kg, one) => kg + one.actualKg, 0) - 33)).toBeLessThan(0.4);
  }, 120_000);

  test('stopped after its dose it is skipped with a signature, and the batch goes on without it', () => {
    start({ orderKg: 100 });
    until(() => bench.outputs.get('DF401.Cmd') === true);
    const skip = { reason: 'Hết khô dầu' };
    expect(toPhase('SKIP', 'WS501', skip)).toMatchObject({
      reasons: [{ code: 'phase.not-at-rest' }],
    });
    expect(toPhase('STOP', 'WS501')).toEqual(OK);
    look('Stopping');
    look('Stopped');
    expect(doses().map(({ material }) => material)).toContain('MAIZE');
    expect(toPhase('SKIP', 'WS501', {})).toMatchObject({
      reasons: [{ code: 'phase.skip-reason' }],
    });
    expect(toPhase('SKIP', 'WS501', skip)).toEqual(OK);
    expect(phaseState('WS501')).toBe('Complete');
    reach('Complete');
    expect(doses().map(({ material }) => material)).not.toContain('SBM');
  }, 60_000);

  test('a drug dose is never skipped; medicated feed needs two persons; mixing is never skipped', () => {
    const items = ITEMS.map((one) => ({ ...one, drug: one.material === 'SBM' }));
    const nature = { drugClass: 'ionophore', species: 'broiler', withdrawal: false } as const;
    start({ orderKg: 100, items, nature });
    until(() => bench.outputs.get('DF401.Cmd') === true);
    expect(toPhase('PAUSE', 'WS501')).toEqual(OK);
    until(() => phaseState('WS501') === 'Paused');
    const reason = 'Không cần';
    const codes = (more: object) => {
      const answer = toPhase('SKIP', 'WS501', { reason, ...more });
      return answer.accepted ? [] : answer.reasons.map(({ code }) => code);
    };
    expect(codes({})).toEqual(['phase.skip-drug', 'phase.skip-second']);
    expect(codes({ second: 'minh' })).toEqual(['phase.skip-drug']);
    expect(toPhase('SKIP', 'MX601', { reason })).toMatchObject({
      reasons: [{ code: 'phase.mixer-whole' }],
    });
    expect(toPhase('ABORT', 'MX601')).toMatchObject({ reasons: [{ code: 'phase.mixer-whole' }] });
    expect(toPhase('HOLD', 'DF401')).toMatchObject({ reasons: [{ code: 'phase.unknown' }] });
  }, 60_000);
});
