// Goal: carry-over by DOMAIN 4: a matrix of drug class and next feed says allowed, flush, clean or
// forbidden; a flush is 5-10 % of a mixer; what flushed is a lot that is stored and used only where
// its drug may be; a lot in quarantine is not used wherever it lies.
import { beforeEach, describe, expect, it } from 'vitest';
import { carryOver } from '../../plc/logic/carry-over.ts';
import { buildMachines } from '../../plc/machines/index.ts';
import { CARRY_OVER } from '../../plc/mill/mills/carry-over.ts';
import { reference } from '../../plc/mill/mills/reference.ts';
import type { CarryOverRule, FeedNature } from '../../plc/model/carry-over.ts';
import type { CommandResult } from '../../plc/model/command.ts';
import { LOTS_ID, storedNature } from '../../plc/model/lots.ts';
import type { Order } from '../../plc/model/order.ts';
import type { LineStatus, StatusDocument } from '../../plc/model/status.ts';
import { STOCK_ID } from '../../plc/model/stock.ts';
import { hatchedPilot } from '../support/hatched-pilot.ts';
import { MachineBench } from '../support/machine-bench.ts';

const MILL = hatchedPilot();
const LINE = { kind: 'machine', id: 'LINE1' } as const;
const feed = (drugClass: FeedNature['drugClass'], species: FeedNature['species']): FeedNature => ({
  drugClass,
  species,
  withdrawal: false,
});
const FLUSH: Order = {
  orderId: 'S-1',
  formulaCode: 'FLUSH-IONOPHORE',
  formulaVersion: 1,
  product: { vi: 'Đẩy sạch', en: 'Flush' },
  items: [{ material: 'MAIZE', pct: 100, drug: false }],
  procedure: { id: 'mash', pelleted: false, dryMixS: 10, wetMixS: 10, conditionerC: null },
  orderKg: 100,
  batchKg: 100,
  line: 'LINE1',
  destination: 'FB901',
  packaging: 'bulk',
  bagKg: 25,
  lot: 'FL-1',
  kind: 'flush',
  nature: feed('none', 'broiler'),
  presses: [],
  bagger: null,
  dueTimeMs: null,
  customer: null,
};

let mill: MachineBench;

function begin(): void {
  mill = new MachineBench(MILL, buildMachines(MILL), 3, 200);
  mill.runFor(1_000);
}

const codes = (answer: CommandResult) =>
  answer.accepted ? [] : answer.reasons.map(({ code }) => code);
const register = () => {
  const document = mill.documents.get(LOTS_ID) as StatusDocument | undefined;
  return document?.kind === 'lots' ? document : { lots: [], bins: {} };
};

describe('Carry-over: the matrix of drug class and next feed', () => {
  const cleaned: CarryOverRule = {
    ...{ after: 'anthelmintic', species: null, withdrawal: null, sameClass: false },
    verdict: { kind: 'clean' },
    why: { vi: 'Vệ sinh', en: 'Clean' },
  };
  const kind = (before: FeedNature, next: FeedNature) =>
    carryOver([cleaned, ...CARRY_OVER], before, next).verdict.kind;

  it.each([
    ['allowed after feed without a drug', feed('none', 'pig'), feed('none', 'layer'), 'allowed'],
    ['allowed for the same class', feed('ionophore', 'pig'), feed('ionophore', 'pig'), 'allowed'],
    ['a flush for another class', feed('antibiotic', 'pig'), feed('none', 'pig'), 'flush'],
    ['cleaning where the rule says so', feed('anthelmintic', 'pig'), feed('none', 'pig'), 'clean'],
    [
      'forbidden where traces are toxic',
      feed('ionophore', 'pig'),
      feed('none', 'duck'),
      'forbidden',
    ],
    ['forbidden for laying hens', feed('coccidiostat', 'pig'), feed('none', 'layer'), 'forbidden'],
  ] as const)('%s', (_what, before, next, verdict) => {
    expect(kind(before, next)).toBe(verdict);
  });

  it('a flush is 5-10 % of the capacity of each mixer of the reference mill', () => {
    const masses = reference.carryOver.flatMap(({ verdict }) =>
      verdict.kind === 'flush' ? [verdict.flushKg] : [],
    );
    const mixers = reference.devices.flatMap((one) =>
      one.type === 'mixer' ? [one.settings.capacityKg] : [],
    );
    expect(masses.length * mixers.length).toBeGreaterThan(0);
    for (const capacityKg of mixers) {
      for (const kg of masses) {
        expect(kg).toBeGreaterThanOrEqual(0.05 * capacityKg);
        expect(kg).toBeLessThanOrEqual(0.1 * capacityKg);
      }
    }
  });
});

describe('A flush is a lot, stored and used only where safe', () => {
  beforeEach(() => {
    begin();
    expect(mill.command('LINE1', 'SUBMIT', { order: FLUSH })).toEqual({ accepted: true });
    mill.runFor(1_000);
  });

  it('has the class of the rests in it, wherever it lies', () => {
    expect(storedNature(FLUSH)).toMatchObject({ drugClass: 'ionophore' });
    expect(storedNature({ ...FLUSH, kind: 'feed' })).toEqual(FLUSH.nature);
    expect(register().lots).toMatchObject([{ lot: 'FL-1', nature: { drugClass: 'ionophore' } }]);
  });

  it('waits for quality in its finished bin', () => {
    const { orderId, lot, product } = FLUSH;
    const content = { orderId, lot, product, nature: storedNature(FLUSH) };
    expect(mill.command('FB901', 'FILL', content, LINE)).toEqual({ accepted: true });
    expect(mill.code('FB901.Released')).toBe(false);
  });

  it('is refused at a hatch for feed that its drug must not be in, and taken for its own class', () => {
    const dose = {
      ...{ doseId: 'H/1', batchId: 'H', bin: 'HA1', feeder: 'HA1', material: 'MAIZE' },
      ...{ targetKg: 2, toleranceKg: 0.02 },
    };
    const label = '(10)FL-1(17)301231(240)MAIZE';
    mill.command('HA1', 'DOSE', { ...dose, nature: feed('none', 'duck') }, LINE);
    expect(codes(mill.command('HA1', 'SCAN_LOT', { label }))).toEqual(['lot.drug']);
    mill.command('HA1', 'ABORT', {}, LINE);
    mill.command('HA1', 'DOSE', { ...dose, nature: feed('ionophore', 'broiler') }, LINE);
    expect(mill.command('HA1', 'SCAN_LOT', { label })).toEqual({ accepted: true });
  });

  it('is not filled into a bin for dosing', () => {
    const sack = { bin: 'DB401', material: 'MAIZE', lot: 'FL-1', kg: 100 };
    expect(codes(mill.command(STOCK_ID, 'RECEIVE', sack))).toEqual(['lot.drug']);
  });
});

describe('A lot in quarantine', () => {
  const quarantine = (on: boolean) =>
    mill.command(LOTS_ID, 'QUARANTINE', { lot: 'NGO-2611-01', on, note: 'mốc' });
  const plain: Order = {
    ...FLUSH,
    ...{ orderId: 'F-1', lot: 'TP-1', kind: 'feed', formulaCode: 'TEST' },
  };
  beforeEach(begin);

  it('is put there by a person of quality with a reason, and is known in every bin it lies in', () => {
    expect(codes(mill.command(LOTS_ID, 'QUARANTINE', { lot: 'NGO-2611-01', on: true }))).toEqual([
      'command.invalid',
    ]);
    expect(quarantine(true)).toEqual({ accepted: true });
    mill.runFor(1_000);
    const [lot] = register().lots;
    expect(lot).toMatchObject({ lot: 'NGO-2611-01', quarantinedBy: 'lan', note: 'mốc' });
    expect(lot?.bins).toEqual(expect.arrayContaining(['SI201', 'DB401']));
    expect(Object.keys(register().bins)).toEqual(expect.arrayContaining(['SI201', 'DB401']));
  });

  it('is not dosed: the order is held with the reason, until quality frees the lot', () => {
    quarantine(true);
    mill.command('LINE1', 'SUBMIT', { order: plain });
    mill.command('LINE1', 'START', { orderId: 'F-1' });
    const line = () => mill.documents.get('LINE1') as LineStatus;
    const why = () => line().reasons.map(({ code }) => code);
    expect(mill.until(() => why().includes('lot.quarantined'), 120_000)).toBe(true);
    mill.runFor(10_000);
    expect(line().doses).toEqual([]);
    quarantine(false);
    mill.runFor(1_000);
    expect(mill.until(() => line().state === 'Held', 120_000)).toBe(true);
    expect(mill.command('LINE1', 'RESUME', { orderId: 'F-1' })).toEqual({ accepted: true });
    expect(mill.until(() => line().doses.length > 0, 120_000)).toBe(true);
  });

  it('is not brought from storage to a dosing bin', () => {
    quarantine(true);
    mill.forced.set('DB401.LevelPct', 10);
    mill.runFor(40_000);
    expect(mill.documents.get('DB401:refill')).toMatchObject({
      reasons: [{ code: 'refill.no-source' }, { code: 'lot.quarantined' }],
    });
  });

  it('does not leave a finished bin', () => {
    const content = { orderId: 'F-1', lot: 'TP-1', product: plain.product, nature: plain.nature };
    mill.command('FB901', 'FILL', content, LINE);
    expect(mill.code('FB901.Released')).toBe(true);
    mill.command(LOTS_ID, 'QUARANTINE', { lot: 'TP-1', on: true, note: 'sai ẩm' });
    mill.runFor(1_000);
    expect(mill.code('FB901.Released')).toBe(false);
    expect(mill.documents.get('FB901')).toMatchObject({ reasons: [{ code: 'lot.quarantined' }] });
  });
});

describe('Two lines want one press', () => {
  it('it works for the first; the other one is told who has it, and gets it when it is free', () => {
    const specs = buildMachines(reference).filter(({ id }) => id === 'PM5:allocation');
    const bench = new MachineBench(reference, specs, 1, 200);
    const by = (id: string) => ({ kind: 'machine', id }) as const;
    const ask = (orderId: string, line: string) =>
      bench.command('PM5:allocation', 'ALLOCATE', { orderId }, by(line));
    expect(ask('A', 'LINE1')).toEqual({ accepted: true });
    expect(ask('B', 'LINE2')).toMatchObject({
      accepted: false,
      reasons: [{ code: 'unit.allocated', objects: { order: 'A' } }],
    });
    const free = (orderId: string) => bench.command('PM5:allocation', 'FREE', { orderId }, by('X'));
    free('B');
    expect(ask('B', 'LINE2')).toMatchObject({ accepted: false });
    expect(free('A')).toEqual({ accepted: true });
    expect(ask('B', 'LINE2')).toEqual({ accepted: true });
    const told = bench.sent.filter(({ command }) => command === 'ALLOCATED');
    expect(told.map(({ to, args }) => [to, args['orderId']])).toEqual([
      ['LINE1', 'A'],
      ['LINE2', 'B'],
    ]);
  });
});
