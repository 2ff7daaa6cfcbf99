// Goal: the states of finished bins by DOMAIN 4 (Empty, Filling, Hold, Released, Emptying, Dirty):
// feed without drugs leaves at once, medicated feed waits for quality, a drug leaves its bin dirty.
import { beforeEach, describe, expect, it } from 'vitest';
import { buildControlMachines } from '../../plc/machines/index.ts';
import { pilot } from '../../plc/mill/mills/pilot.ts';
import { FINISHED_BIN_STATES } from '../../plc/model/finished-bin.ts';
import { PACKML_STATES } from '../../plc/model/isa88.ts';
import type { BinStateRecord } from '../../plc/model/record.ts';
import { MachineBench } from '../support/machine-bench.ts';

const PLAIN = { drugClass: 'none', species: 'broiler', withdrawal: false };
const DRUG = { drugClass: 'ionophore', species: 'broiler', withdrawal: false };
const PRODUCT = { vi: 'Gà thịt', en: 'Broiler' };
const LINE = { kind: 'machine', id: 'LINE1' } as const;

let mill: MachineBench;

const specs = buildControlMachines(pilot).filter(
  ({ id }) => /^(FB|BG|BAG|G90)/.test(id) || id === 'ES001',
);

beforeEach(() => {
  mill = new MachineBench(pilot, specs, 3, 200);
  level(0);
  mill.runFor(2_000);
});

const state = () => FINISHED_BIN_STATES[Number(mill.code('FB901.BinState'))];
const released = () => mill.code('FB901.Released');

function level(pct: number): void {
  mill.forced.set('FB901.LevelPct', pct);
  mill.forced.set('FB901.Low', pct < 1);
}

function fill(lot: string, nature: object, more = {}) {
  const args = { orderId: '2611-0001', lot, product: PRODUCT, nature, ...more };
  return mill.command('FB901', 'FILL', args, LINE);
}

function filled(lot: string, nature: object): void {
  expect(fill(lot, nature)).toEqual({ accepted: true });
  level(50);
  mill.runFor(1_000);
  mill.command('FB901', 'FILLED', {}, LINE);
}

function runEmpty(): void {
  level(20);
  mill.runFor(1_000);
  level(0);
  mill.runFor(61_000);
}

describe('a finished bin', () => {
  it('lets feed without drugs out while it still comes, and is released when it is filled', () => {
    expect(state()).toBe('Empty');
    fill('L1', PLAIN);
    expect(state()).toBe('Filling');
    expect(released()).toBe(true);
    level(50);
    mill.command('FB901', 'FILLED', {}, LINE);
    expect(state()).toBe('Released');
  });

  it('is Emptying while it is taken out, and Empty a minute after the last of it', () => {
    filled('L1', PLAIN);
    level(40);
    mill.runFor(1_000);
    expect(state()).toBe('Emptying');
    runEmpty();
    expect(state()).toBe('Empty');
  });

  it('keeps medicated feed on Hold until a person of quality releases it', () => {
    filled('L1', DRUG);
    expect(state()).toBe('Hold');
    expect(released()).toBe(false);
    const start = mill.command('BG1001', 'START', { source: 'FB901', bagKg: 25 });
    expect(start).toMatchObject({ accepted: false, reasons: [{ code: 'bin.not-released' }] });
    expect(mill.command('FB901', 'RELEASE', {}, LINE)).toMatchObject({ accepted: false });
    expect(mill.command('FB901', 'RELEASE')).toEqual({ accepted: true });
    expect(state()).toBe('Released');
    const changes = mill.records.filter((one): one is BinStateRecord => one.kind === 'bin-state');
    expect(changes.map((one) => [one.state, one.by])).toEqual([
      ['Filling', null],
      ['Hold', null],
      ['Released', 'lan'],
    ]);
  });

  it('holds what an order wants held, and what quality puts on hold', () => {
    fill('L1', PLAIN, { hold: true });
    expect(released()).toBe(false);
    mill.command('FB901', 'RELEASE');
    expect(released()).toBe(true);
    level(50);
    mill.command('FB901', 'FILLED', {}, LINE);
    mill.command('FB901', 'HOLD');
    expect(state()).toBe('Hold');
    expect(mill.documents.get('FB901')).toMatchObject({ reasons: [{ code: 'bin.held-by' }] });
  });

  it('is Dirty after a drug: refuses what the matrix forbids until it is cleaned', () => {
    filled('L1', DRUG);
    mill.command('FB901', 'RELEASE');
    runEmpty();
    expect(state()).toBe('Dirty');
    const next = { drugClass: 'none', species: 'layer', withdrawal: true };
    expect(fill('L2', next)).toMatchObject({ accepted: false, reasons: [{ code: 'bin.dirty' }] });
    expect(mill.command('FB901', 'CLEANED')).toEqual({ accepted: true });
    expect(state()).toBe('Empty');
    expect(fill('L2', next)).toEqual({ accepted: true });
  });

  it('is clean only once a person says so, and its level says that it is empty', () => {
    filled('L1', DRUG);
    mill.command('FB901', 'RELEASE');
    runEmpty();
    expect(mill.command('FB901', 'CLEANED', {}, LINE)).toMatchObject({ accepted: false });
    mill.lost.add('FB901.LevelPct');
    mill.runFor(400);
    expect(mill.command('FB901', 'CLEANED')).toMatchObject({ accepted: false });
    mill.lost.clear();
    mill.forced.set('FB901.LevelPct', 4);
    mill.runFor(400);
    expect(mill.command('FB901', 'CLEANED')).toMatchObject({
      accepted: false,
      reasons: [{ code: 'bin.not-empty' }],
    });
    expect(state()).toBe('Dirty');
    level(0);
    mill.runFor(400);
    expect(mill.command('FB901', 'CLEANED')).toEqual({ accepted: true });
    expect(state()).toBe('Empty');
  });

  it('no FILL over other content: refuses another lot while it holds one, takes more of the same', () => {
    filled('L1', PLAIN);
    expect(fill('L2', PLAIN)).toMatchObject({
      accepted: false,
      reasons: [{ code: 'bin.other-content' }],
    });
    expect(fill('L1', PLAIN)).toEqual({ accepted: true });
    expect(state()).toBe('Filling');
  });

  it('holds product that nobody announced', () => {
    level(10);
    mill.runFor(11_000);
    expect(state()).toBe('Hold');
    expect(released()).toBe(false);
  });

  it('keeps its state and its drug over a restart', () => {
    filled('L1', DRUG);
    mill.restart();
    mill.runFor(1_000);
    expect(state()).toBe('Hold');
    mill.command('FB901', 'RELEASE');
    runEmpty();
    expect(state()).toBe('Dirty');
  });

  it('stops its bagger when quality puts it on hold', () => {
    filled('L1', PLAIN);
    mill.command('BG1001', 'START', { source: 'FB901', lot: 'L1', bagKg: 25 });
    const bagger = () => PACKML_STATES[Number(mill.code('BG1001.State'))];
    expect(mill.until(() => bagger() === 'Execute', 60_000)).toBe(true);
    mill.command('FB901', 'HOLD');
    mill.runFor(400);
    expect(mill.outputs.get('BG1001.Enable')).toBe(false);
    expect(mill.until(() => bagger() === 'Held', 60_000)).toBe(true);
    expect(mill.command('BG1001', 'UNHOLD')).toMatchObject({ accepted: false });
  });
});
