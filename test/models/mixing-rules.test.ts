// Goal: DOMAIN 4 Mixing, step by step on the mixer's own machine: drugs and micro after half of the
// mains, dry, liquids, wet, and a discharge only when timers are done and hand-adds are done and
// the surge bin is empty and the route is reserved and runs.
import { beforeEach, describe, expect, test } from 'vitest';
import { mixerSpec } from '../../plc/machines/batching/mixer.machine.ts';
import type { MachineOutput } from '../../plc/machines/contract.ts';
import { GATE_STATES, MOTOR_STATES, ROUTE_STATES } from '../../plc/model/isa88.ts';
import { good } from '../../plc/model/tag.ts';
import { MachineWalk } from '../support/machine-walk.ts';

const SPEC = mixerSpec({
  ...{ id: 'MX1:unit', mixer: 'MX1', gate: 'GM1', surge: 'SB1', capacityKg: 6_600 },
  ...{ dischargeS: 15, routes: ['MASH'] },
});
const LINE = { kind: 'machine', id: 'LINE1' } as const;
const MIX = {
  ...{ batchId: 'O/1', dryScales: ['WS11', 'WS12', 'WS14'], liquidScales: ['WS16', 'FT13'] },
  ...{ lateScales: ['WS14'], mainKg: 4_000, dryMixS: 45, wetMixS: 60, route: 'MASH' },
};

let mixer: MachineWalk;
let told: MachineOutput[] = [];
beforeEach(() => {
  mixer = new MachineWalk({ spec: SPEC, values: {}, commands: [] }, 1);
  told = [];
  set('MX1.State', MOTOR_STATES.indexOf('Running'));
  set('GM1.State', GATE_STATES.indexOf('Closed'));
  set('SB1.Low', true);
  set('MASH.State', ROUTE_STATES.indexOf('Running'));
});

function set(role: string, value: boolean | number): void {
  mixer.inputs[role] = good(value, 0);
}

function send(type: string, args?: object): void {
  told.push(...mixer.send(type, args === undefined ? {} : { by: LINE, args }).outputs);
}

/** Time passes, looked at each 100 ms. */
function run(seconds: number): void {
  for (let at = 0; at < seconds * 10; at += 1) {
    mixer.nowMs += 100;
    send('SCAN');
  }
}

const asked = () =>
  told.flatMap((one) => (one.type === 'send' && one.command === 'DISCHARGE' ? [one.to] : []));
const isIn = (scale: string, kg: number) => send('DISCHARGED', { scale, kg });

/** Everything is in and mixed, but for what a test leaves out. */
function toWaiting(handAdd = false): void {
  send('MIX', { ...MIX, handAdd });
  run(0.2);
  for (const scale of ['WS11', 'WS12', 'WS14']) isIn(scale, 2_000);
  run(46);
  if (handAdd) return;
  for (const scale of MIX.liquidScales) isIn(scale, 60);
  run(61);
}

describe('Drug and micro enter after >= 50 % of the mains', () => {
  test('the late scale is asked as soon as half of the mains is in, and not before', () => {
    send('MIX', MIX);
    run(0.2);
    expect(asked()).toEqual(['WS11', 'WS12']);
    isIn('WS11', 1_999);
    expect(asked()).toEqual(['WS11', 'WS12']);
    isIn('WS12', 1);
    expect(asked()).toEqual(['WS11', 'WS12', 'WS14']);
  });

  test('where there are no mains it is asked with the others', () => {
    send('MIX', { ...MIX, mainKg: 0 });
    run(0.2);
    expect(asked()).toEqual(['WS11', 'WS12', 'WS14']);
  });
});

describe('Dry, liquids, wet', () => {
  test('liquids wait for the dry time; the wet time begins when the last of them is in', () => {
    send('MIX', MIX);
    run(0.2);
    for (const scale of ['WS11', 'WS12', 'WS14']) isIn(scale, 2_000);
    run(44);
    expect(mixer.state).toBe('DryMixing');
    expect(asked()).not.toContain('WS16');
    run(1.2);
    expect(mixer.state).toBe('WetMixing');
    expect(asked().slice(-2)).toEqual(['WS16', 'FT13']);
    isIn('WS16', 60);
    run(120);
    expect(mixer.state).toBe('WetMixing');
    isIn('FT13', 60);
    run(59);
    expect(mixer.state).toBe('WetMixing');
    run(1.2);
    expect(mixer.state).toBe('Waiting');
  });
});

describe('Discharge only when timers AND hand-adds AND surge empty AND route reserved', () => {
  const wayFree = () => send('WAY_FREE', { batchId: 'O/1' });

  test('all of it: the gate opens for 15 s, and the batch is out', () => {
    toWaiting();
    wayFree();
    expect(mixer.state).toBe('Discharging');
    set('GM1.State', GATE_STATES.indexOf('Open'));
    run(14);
    expect(told.some((one) => one.type === 'send' && one.command === 'MIXED')).toBe(false);
    run(2);
    set('GM1.State', GATE_STATES.indexOf('Closed'));
    run(0.2);
    expect(mixer.state).toBe('Empty');
    expect(told.some((one) => one.type === 'send' && one.command === 'MIXED')).toBe(true);
  });

  test.each([
    ['the surge bin is not empty', () => set('SB1.Low', false)],
    ['nobody knows whether it is empty', () => Reflect.deleteProperty(mixer.inputs, 'SB1.Low')],
    ['its route only starts', () => set('MASH.State', ROUTE_STATES.indexOf('Starting'))],
    ['its route is not reserved', () => set('MASH.State', ROUTE_STATES.indexOf('Idle'))],
  ])('not while %s', (_why, spoil) => {
    toWaiting();
    spoil();
    wayFree();
    run(10);
    expect(mixer.state).toBe('Waiting');
  });

  test('not before the timers are done', () => {
    send('MIX', MIX);
    run(0.2);
    for (const scale of ['WS11', 'WS12', 'WS14']) isIn(scale, 2_000);
    wayFree();
    expect(mixer.state).toBe('DryMixing');
  });

  test('not before the hand-adds are in: the dry mixing lasts until then', () => {
    toWaiting(true);
    run(100);
    wayFree();
    expect(mixer.state).toBe('DryMixing');
    send('HAND_ADDED', { batchId: 'O/1' });
    run(0.2);
    expect(mixer.state).toBe('WetMixing');
  });

  test('not for another batch than the one that is in it', () => {
    toWaiting();
    send('WAY_FREE', { batchId: 'O/2' });
    expect(mixer.state).toBe('Waiting');
  });
});
